"""Orders that are refused: why, in which order of reasons, and that nothing has changed then."""

from typing import Any

import httpx
import pytest

from tests.http.client import API, Person, offer, problem
from tests.http.trade import ORDERS, balance, entries, order, pay_in, placed, stock

NOBODY = "01890000-0000-7000-8000-000000000000"


async def test_an_item_that_is_unknown_deleted_or_anothers_private_one_is_unavailable(
    client: httpx.AsyncClient, somebody: Person, stranger: Person
) -> None:
    there, gone, hidden = [await offer(client, stranger, stock=5, is_public=public) for public in (True, True, False)]
    await client.delete(f"{API}/items/{gone['id']}", headers=stranger.headers)

    response = await order(client, somebody, (hidden, 1), (there, 1), (gone, 1), (NOBODY, 1))

    lines = problem(response, 409, "item_unavailable")["lines"]
    assert [line["item_id"] for line in lines] == [hidden["id"], gone["id"], NOBODY]
    assert await stock(client, there) == 5


async def test_even_staff_cannot_order_anothers_private_item(
    client: httpx.AsyncClient, staff: Person, stranger: Person
) -> None:
    hidden = await offer(client, stranger, stock=5, is_public=False)

    response = await order(client, staff, (hidden, 1))

    problem(response, 409, "item_unavailable")


async def test_what_is_short_is_named_with_what_there_is(client: httpx.AsyncClient, somebody: Person) -> None:
    enough, short, none = [await offer(client, somebody, stock=many) for many in (5, 2, 0)]

    response = await order(client, somebody, (none, 1), (enough, 5), (short, 3))

    assert problem(response, 409, "out_of_stock")["lines"] == [
        {"item_id": none["id"], "requested": 1, "available": 0},
        {"item_id": short["id"], "requested": 3, "available": 2},
    ]
    assert [await stock(client, item) for item in (enough, short, none)] == [5, 2, 0]


async def test_the_last_ones_can_be_had_and_then_no_more(client: httpx.AsyncClient, somebody: Person) -> None:
    item = await offer(client, somebody, stock=2)
    await placed(client, somebody, (item, 2))

    response = await order(client, somebody, (item, 1))

    (line,) = problem(response, 409, "out_of_stock")["lines"]
    assert line["available"] == 0


@pytest.mark.parametrize(("held", "shortfall"), [(None, "10.00"), ("9.99", "0.01"), ("0.01", "9.99")])
async def test_a_wallet_that_holds_too_little_changes_nothing(
    client: httpx.AsyncClient, somebody: Person, staff: Person, held: str | None, shortfall: str
) -> None:
    item = await offer(client, somebody, price="5.00", stock=2)
    if held:
        await pay_in(client, staff, somebody, held)

    response = await order(client, somebody, (item, 2), payment="wallet")

    assert problem(response, 402, "insufficient_funds")["shortfall"] == shortfall
    assert await stock(client, item) == 2
    assert await balance(client, somebody) == (held or "0.00")
    assert await entries(client, somebody, "payment") == []
    assert (await client.get(ORDERS, headers=somebody.headers)).json()["total"] == 0


async def test_availability_is_judged_before_stock_and_stock_before_money(
    client: httpx.AsyncClient, somebody: Person
) -> None:
    dear, none = await offer(client, somebody, price="5.00", stock=1), await offer(client, somebody, stock=0)

    everything = await order(client, somebody, (dear, 2), (NOBODY, 1), payment="wallet")
    both = await order(client, somebody, (none, 1), (dear, 1), payment="wallet")
    money = await order(client, somebody, (dear, 1), payment="wallet")

    assert problem(everything, 409, "item_unavailable")["lines"] == [{"item_id": NOBODY}]
    problem(both, 409, "out_of_stock")
    problem(money, 402, "insufficient_funds")


@pytest.mark.parametrize(
    ("price", "over", "quantity"),
    [
        ("999999999999.99", {}, 2),
        ("999999999999.99", {"discount": 100}, 2),  # the total is nothing, and the subtotal is a sum as well
        ("1.00", {"tax": "999999999998.99"}, 2),
    ],
)
async def test_a_sum_past_twelve_digits_is_too_large(
    client: httpx.AsyncClient, somebody: Person, price: str, over: dict[str, Any], quantity: int
) -> None:
    item = await offer(client, somebody, price=price, stock=5, **over)

    response = await order(client, somebody, (item, quantity))

    problem(response, 422, "amount_too_large")
    assert await stock(client, item) == 5


async def test_the_sum_of_lines_may_be_too_large_where_no_line_is(client: httpx.AsyncClient, somebody: Person) -> None:
    most, cent = [await offer(client, somebody, price=price, stock=2) for price in ("999999999999.99", "0.01")]
    await placed(client, somebody, (most, 1))

    response = await order(client, somebody, (cent, 1), (most, 1))

    problem(response, 422, "amount_too_large")
    assert (await stock(client, cent), await stock(client, most)) == (2, 1)
