"""Orders over HTTP."""

from typing import Annotated, Self

from fastapi import APIRouter, Depends, Query
from pydantic import AfterValidator, Field, WithJsonSchema, model_validator
from starlette.requests import Request
from starlette.responses import Response

from application.orders import Orders
from application.preconditions import Versions
from domain.access import Actor
from domain.catalogue import ItemId
from domain.countries import COUNTRIES
from domain.errors import Invalid
from domain.orders import Address, OrderStatus, Payment
from entrypoints.http.access import signed_in
from entrypoints.http.conditional import if_match
from entrypoints.http.idempotency import Once
from entrypoints.http.paging import Paging
from entrypoints.http.problems import BadShape
from entrypoints.http.replies import Listed, listed, made, shown
from entrypoints.http.route import Route
from entrypoints.http.schema import (
    Id,
    In,
    MoneyOut,
    Name,
    Out,
    ShortText,
    TimeOut,
    accepting,
    example,
    string,
)

router = APIRouter(prefix="/api/v1/orders", tags=["Orders and wallet"], route_class=Route)


async def _orders(request: Request) -> Orders:
    orders: Orders = request.app.state.container.orders()
    return orders


Uses = Annotated[Orders, Depends(_orders)]
Reader = Annotated[Actor, signed_in("orders:read")]
Writer = Annotated[Actor, signed_in("orders:write")]
Expected = Annotated[Versions, Depends(if_match)]


def _country(value: str) -> str:
    if value not in COUNTRIES:
        raise Invalid("must be a country's two letters (ISO 3166-1)")
    return value


Country = Annotated[
    str, AfterValidator(accepting(_country)), WithJsonSchema({"type": "string", "pattern": "^[A-Z]{2}$"})
]


class NewLine(In):
    item_id: Id
    quantity: Annotated[int, Field(ge=1, le=1000)]


class NewAddress(In):
    street: string(1, 500)  # type: ignore[valid-type]
    city: Name
    postal_code: string(1, 20) | None = None  # type: ignore[valid-type]
    country: Country = "US"


class NewOrder(
    In,
    json_schema_extra=example(
        lines=[{"item_id": "019a1b2c-3d4e-7f50-8a6b-7c8d9e0f1a2b", "quantity": 2}],
        shipping_address={"street": "1 Main St", "city": "Springfield"},
        payment="wallet",
    ),
):
    lines: Annotated[list[NewLine], Field(min_length=1, max_length=100)]
    shipping_address: NewAddress
    notes: ShortText | None = None
    payment: Annotated[Payment, Field(strict=False)] = Payment.LATER

    @model_validator(mode="after")
    def _each_once(self) -> Self:
        seen: set[str] = set()
        for number, line in enumerate(self.lines):
            if line.item_id in seen:
                where = ["body", "lines", number, "item_id"]
                raise BadShape([{"loc": where, "message": "must not be there twice", "type": "value_error"}])
            seen.add(line.item_id)
        return self


class AddressOut(Out):
    street: str
    city: str
    postal_code: str | None
    country: str


class LineOut(Out):
    item_id: str
    name: str
    quantity: int
    unit_price: MoneyOut
    discount: int
    unit_final_price: MoneyOut
    unit_tax: MoneyOut
    total: MoneyOut


class OrderOut(Out):
    of_one_version = True

    id: str
    created_at: TimeOut
    updated_at: TimeOut
    user_id: str
    status: OrderStatus
    lines: list[LineOut]
    subtotal: MoneyOut
    discount_total: MoneyOut
    tax_total: MoneyOut
    total: MoneyOut
    currency: str
    shipping_address: AddressOut
    notes: str | None
    payment: Payment
    cancel_reason: str | None
    paid_at: TimeOut | None
    shipped_at: TimeOut | None
    delivered_at: TimeOut | None
    cancelled_at: TimeOut | None
    expires_at: TimeOut | None


class OrdersQuery(Paging):
    status: list[OrderStatus] = Field(default=[])


@router.post("", operation_id="place_order", summary="Order", status_code=201, response_model=OrderOut)
async def place_order(body: NewOrder, actor: Writer, uses: Uses, once: Once) -> Response:
    wanted = {ItemId(line.item_id): line.quantity for line in body.lines}
    address = Address(**dict(body.shipping_address))
    return await once(
        actor,
        lambda operation: uses.place(actor, wanted, address, body.notes, body.payment, operation),
        lambda order: made(OrderOut, order, location=f"/api/v1/orders/{order.id}"),
    )


@router.get("", operation_id="list_orders", summary="My orders; all for staff", response_model=Listed[OrderOut])
async def list_orders(request: Request, actor: Reader, uses: Uses, query: Annotated[OrdersQuery, Query()]) -> Response:
    return listed(request, OrderOut, await uses.list(actor, query.status, query.window(request)), query)


@router.get("/{id}", operation_id="get_order", summary="One order", response_model=OrderOut)
async def get_order(id: Id, actor: Reader, uses: Uses) -> Response:
    return shown(OrderOut, await uses.read(actor, id))


@router.post("/{id}/pay", operation_id="pay_order", summary="Pay from my wallet", response_model=OrderOut)
async def pay_order(id: Id, actor: Writer, uses: Uses, expected: Expected, once: Once) -> Response:
    return await once(actor, lambda operation: uses.pay(actor, id, expected, operation), _shown)


@router.post("/{id}/cancel", operation_id="cancel_order", summary="Cancel", response_model=OrderOut)
async def cancel_order(id: Id, actor: Writer, uses: Uses, expected: Expected, once: Once) -> Response:
    return await once(actor, lambda operation: uses.cancel(actor, id, expected, operation), _shown)


@router.post("/{id}/ship", operation_id="ship_order", summary="It was sent", response_model=OrderOut)
async def ship_order(id: Id, actor: Writer, uses: Uses, expected: Expected, once: Once) -> Response:
    return await once(actor, lambda operation: uses.ship(actor, id, expected, operation), _shown)


@router.post("/{id}/deliver", operation_id="deliver_order", summary="It has arrived", response_model=OrderOut)
async def deliver_order(id: Id, actor: Writer, uses: Uses, expected: Expected, once: Once) -> Response:
    return await once(actor, lambda operation: uses.deliver(actor, id, expected, operation), _shown)


def _shown(order: object) -> Response:
    return shown(OrderOut, order)
