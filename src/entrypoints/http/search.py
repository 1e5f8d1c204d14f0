"""Search over HTTP: one list of items, posts and people, told apart by `type`."""

from typing import Annotated, Any, Literal

from fastapi import APIRouter, Depends, Query
from pydantic import BeforeValidator, Field
from starlette.requests import Request
from starlette.responses import Response

from application.search import Find, Hit
from domain import text
from domain.paging import mapped
from domain.search import Kind
from entrypoints.http.access import Anyone
from entrypoints.http.paging import Paging
from entrypoints.http.people import Beside, PersonOut
from entrypoints.http.replies import Listed, listed
from entrypoints.http.route import Route
from entrypoints.http.schema import MoneyOut, Out, TimeOut, string

router = APIRouter(prefix="/api/v1", tags=["Journal"], route_class=Route)

EXCERPT = 200


async def _find(request: Request) -> Find:
    find: Find = request.app.state.container.find()
    return find


class ItemHitOut(Out):
    type: Literal["item"]
    id: str
    name: str
    description: str | None
    price: MoneyOut
    final_price: MoneyOut
    tags: list[str]
    owner: PersonOut


class PostHitOut(Out):
    type: Literal["post"]
    id: str
    title: str
    excerpt: str
    tags: list[str]
    author: PersonOut
    published_at: TimeOut | None


class UserHitOut(Out):
    type: Literal["user"]
    id: str
    username: str
    full_name: str | None
    avatar_url: str | None


HitOut = Annotated[ItemHitOut | PostHitOut | UserHitOut, Field(discriminator="type")]
SHAPES: dict[str, type[Out]] = {Kind.ITEM: ItemHitOut, Kind.POST: PostHitOut, Kind.USER: UserHitOut}


def _parted(values: Any) -> Any:
    """Named apart or with commas between them."""
    return [name.strip() for value in values for name in value.split(",")]


class SearchQuery(Paging):
    q: string(1, 200)  # type: ignore[valid-type]
    types: Annotated[list[Literal["item", "post", "user"]], BeforeValidator(_parted)] = Field(
        default=["item", "post", "user"], description="Several with commas between them"
    )


@router.get("/search", operation_id="search", summary="Find whatever it is", response_model=Listed[HitOut])
async def search(
    request: Request, actor: Anyone, find: Annotated[Find, Depends(_find)], query: Annotated[SearchQuery, Query()]
) -> Response:
    found = await find(
        actor, text.words(query.q), tuple(kind for kind in Kind if kind in query.types), query.window(request)
    )
    return listed(request, SHAPES, mapped(found, _shown), query)


def _shown(hit: Hit) -> Beside:
    thing, person = hit.found.thing, hit.found.person
    members = {"excerpt": thing.content[:EXCERPT]} if hit.kind is Kind.POST else {}
    return Beside(thing, type=hit.kind.value, owner=person, author=person, **members)
