"""The catalogue over HTTP."""

from typing import Annotated, Any

from fastapi import APIRouter, Depends, Query
from pydantic import AfterValidator, Field, WithJsonSchema
from starlette.requests import Request
from starlette.responses import Response

from application.catalogue import Catalogue
from application.ports.cache import one
from application.preconditions import Versions
from domain import text
from domain.access import Actor, UserId
from domain.catalogue import ItemFilter, ItemOrder, tags
from domain.money import Money
from entrypoints.http.access import Anyone, signed_in
from entrypoints.http.caching import Public
from entrypoints.http.conditional import if_match
from entrypoints.http.idempotency import Once
from entrypoints.http.paging import Flag, Paging
from entrypoints.http.replies import Listed, gone, listed, made, several, shown
from entrypoints.http.route import Route
from entrypoints.http.schema import (
    Id,
    In,
    LongText,
    MoneyIn,
    MoneyOut,
    Name,
    Out,
    TimeOut,
    Whole,
    accepting,
    example,
    patch_of,
    string,
)

router = APIRouter(prefix="/api/v1", tags=["Catalogue"], route_class=Route)


async def _catalogue(request: Request) -> Catalogue:
    catalogue: Catalogue = request.app.state.container.catalogue()
    return catalogue


Uses = Annotated[Catalogue, Depends(_catalogue)]
Writer = Annotated[Actor, signed_in("items:write")]
Expected = Annotated[Versions, Depends(if_match)]
Tags = Annotated[
    list[str],
    AfterValidator(accepting(tags)),
    WithJsonSchema({"type": "array", "items": {"type": "string", "minLength": 1, "maxLength": 50}, "maxItems": 20}),
]
Price = Annotated[MoneyIn, Field(gt=0)]

_EXAMPLE = example(name="Teapot", description="Holds a litre", price="24.90", tax="4.73", stock=12)


class NewItem(In, json_schema_extra=_EXAMPLE):
    name: Name
    description: LongText | None = None
    price: Price
    tax: MoneyIn = 0
    discount: Annotated[int, Field(ge=0, le=100)] = 0
    stock: Annotated[Whole, Field(ge=0)] = 0
    tags: Tags = ()  # type: ignore[assignment]
    is_public: bool = True

    def details(self) -> dict[str, Any]:
        return dict(self)


ItemPatch = patch_of(NewItem)


class ImageOut(Out):
    id: str
    created_at: TimeOut
    url: str
    content_type: str
    width: int
    height: int
    size: int


class ItemOut(Out):
    of_one_version = True

    id: str
    created_at: TimeOut
    updated_at: TimeOut
    owner_id: str
    name: str
    description: str | None
    price: MoneyOut
    tax: MoneyOut
    discount: int
    final_price: MoneyOut
    price_with_tax: MoneyOut
    stock: int
    tags: list[str]
    is_public: bool
    images: list[ImageOut]


class TagOut(Out):
    tag: str
    count: int


class ItemsQuery(Paging):
    q: string(3, 50) | None = None  # type: ignore[valid-type]
    tags: Tags = ()  # type: ignore[assignment]
    min_price: MoneyIn | None = None
    max_price: MoneyIn | None = None
    owner: Id | None = None
    in_stock: Flag | None = None
    sort_by: Annotated[str, Field(pattern=r"^-?(name|price|date)$")] | None = None

    def wanted(self) -> ItemFilter:
        return ItemFilter(
            words=None if self.q is None else text.words(self.q),
            tags=tuple(self.tags),
            min_price=None if self.min_price is None else Money(self.min_price),
            max_price=None if self.max_price is None else Money(self.max_price),
            owner=None if self.owner is None else UserId(self.owner),
            in_stock=self.in_stock,
        )

    def order(self) -> tuple[ItemOrder | None, bool]:
        if self.sort_by is None:
            return None, False
        return ItemOrder(self.sort_by.removeprefix("-")), self.sort_by.startswith("-")


@router.post("/items", operation_id="create_item", summary="Offer an item", status_code=201, response_model=ItemOut)
async def create_item(
    body: NewItem,
    actor: Writer,
    uses: Uses,
    once: Once,
) -> Response:
    return await once(
        actor,
        lambda operation: uses.offer(actor, body.details(), operation),
        lambda item: made(ItemOut, item, location=f"/api/v1/items/{item.id}"),
    )


@router.get("/items", operation_id="list_items", summary="Find items", response_model=Listed[ItemOut])
async def list_items(
    request: Request, actor: Anyone, uses: Uses, public: Public, query: Annotated[ItemsQuery, Query()]
) -> Response:
    window = query.window(request)

    async def answer(actor: Actor | None) -> Response:
        return listed(request, ItemOut, await uses.list(actor, query.wanted(), window, *query.order()), query)

    return await public.listing(request, ("items",), actor, answer)


@router.get("/items/{id}", operation_id="get_item", summary="One item", response_model=ItemOut)
async def get_item(id: Id, actor: Anyone, uses: Uses, public: Public) -> Response:
    async def answer(actor: Actor | None) -> Response:
        return shown(ItemOut, await uses.read(actor, id))

    return await public.thing(f"item:{id}", (one("items", id),), actor, answer)


@router.put("/items/{id}", operation_id="replace_item", summary="Replace an item", response_model=ItemOut)
async def replace_item(id: Id, body: NewItem, actor: Writer, uses: Uses, expected: Expected) -> Response:
    return shown(ItemOut, await uses.revise(actor, id, body.details(), expected))


@router.patch("/items/{id}", operation_id="patch_item", summary="Change an item", response_model=ItemOut)
async def patch_item(id: Id, body: ItemPatch, actor: Writer, uses: Uses, expected: Expected) -> Response:  # type: ignore[valid-type]
    return shown(ItemOut, await uses.revise(actor, id, body.changes(), expected))  # type: ignore[attr-defined]


@router.delete("/items/{id}", operation_id="delete_item", summary="Withdraw an item", status_code=204)
async def delete_item(id: Id, actor: Writer, uses: Uses, expected: Expected) -> Response:
    await uses.withdraw(actor, id, expected)
    return gone()


@router.get("/users/me/items", operation_id="list_my_items", summary="My items", response_model=Listed[ItemOut])
async def list_my_items(
    request: Request, actor: Annotated[Actor, signed_in("items:read")], uses: Uses, query: Annotated[Paging, Query()]
) -> Response:
    return listed(request, ItemOut, await uses.list_own(actor, query.window(request)), query)


@router.get("/tags", operation_id="list_tags", summary="Tags of public items", response_model=list[TagOut])
async def list_tags(actor: Anyone, uses: Uses, public: Public) -> Response:
    async def answer(_: Actor | None) -> Response:
        return several(TagOut, await uses.count_tags())

    return await public.thing("tags", ("items",), actor, answer)
