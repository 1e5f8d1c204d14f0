"""How far an order may go, from where, and what cancelling it puts back."""

import httpx
import pytest

from tests.http.client import API, Person, offer, problem
from tests.http.trade import balance, entries, move, moved, pay_in, placed, read, stock

ALLOWED = {
    "placed": ["paid", "cancelled"],
    "paid": ["shipped", "cancelled"],
    "shipped": ["delivered"],
    "delivered": [],
    "cancelled": [],
}
WAY = {
    "placed": [],
    "paid": ["pay"],
    "shipped": ["pay", "ship"],
    "delivered": ["pay", "ship", "deliver"],
    "cancelled": ["cancel"],
}
BECOMES = {"pay": "paid", "ship": "shipped", "deliver": "delivered", "cancel": "cancelled"}


async def test_an_order_goes_from_placed_to_delivered(
    client: httpx.AsyncClient, somebody: Person, staff: Person
) -> None:
    item = await offer(client, somebody, price="3.00", stock=1)
    await pay_in(client, staff, somebody, "3.00")
    made = await placed(client, somebody, (item, 1))

    paid = await moved(client, somebody, made, "pay")
    shipped = await moved(client, staff, made, "ship")
    delivered = await moved(client, staff, made, "deliver")

    assert [order["status"] for order in (paid, shipped, delivered)] == ["paid", "shipped", "delivered"]
    times = [delivered[name] for name in ("created_at", "paid_at", "shipped_at", "delivered_at")]
    assert times == sorted(times)
    assert (paid["expires_at"], paid["payment"], paid["updated_at"]) == (None, "later", paid["paid_at"])
    assert delivered == await read(client, somebody, made)
    assert (await balance(client, somebody), await stock(client, item)) == ("0.00", 0)


async def test_what_is_put_back_is_no_more_than_can_be_counted(client: httpx.AsyncClient, somebody: Person) -> None:
    item = await offer(client, somebody, stock=5)
    made = await placed(client, somebody, (item, 2))
    most = {"stock": 2**53 - 1}
    await client.patch(f"{API}/items/{item['id']}", json=most, headers=somebody.headers)

    await moved(client, somebody, made, "cancel")

    assert await stock(client, item) == 2**53 - 1


@pytest.mark.parametrize("verb", BECOMES)
@pytest.mark.parametrize("state", ALLOWED)
async def test_only_what_is_allowed_from_a_state_is_done(
    client: httpx.AsyncClient, staff: Person, state: str, verb: str
) -> None:
    gift = await offer(client, staff, price="1.00", discount=100, stock=1)
    made = await placed(client, staff, (gift, 1))
    for step in WAY[state]:
        await moved(client, staff, made, step)

    response = await move(client, staff, made, verb)

    now = await read(client, staff, made)
    if BECOMES[verb] in ALLOWED[state]:
        assert (response.status_code, now["status"]) == (200, BECOMES[verb])
        assert response.json() == now
    else:
        refused = problem(response, 409, "invalid_transition")
        assert (refused["state"], sorted(refused["allowed"])) == (state, sorted(ALLOWED[state]))
        assert now["status"] == state


async def test_paying_needs_the_money_and_changes_nothing_without_it(
    client: httpx.AsyncClient, somebody: Person, staff: Person
) -> None:
    item = await offer(client, somebody, price="10.00", stock=1)
    made = await placed(client, somebody, (item, 1))
    await pay_in(client, staff, somebody, "6.50")

    response = await move(client, somebody, made, "pay")

    assert problem(response, 402, "insufficient_funds")["shortfall"] == "3.50"
    assert await read(client, somebody, made) == made
    assert await balance(client, somebody) == "6.50"


async def test_the_state_is_judged_before_the_money(client: httpx.AsyncClient, somebody: Person) -> None:
    item = await offer(client, somebody, price="10.00", stock=1)
    made = await placed(client, somebody, (item, 1))
    await moved(client, somebody, made, "cancel")

    response = await move(client, somebody, made, "pay")

    problem(response, 409, "invalid_transition")


async def test_cancelling_what_is_placed_puts_the_stock_back(client: httpx.AsyncClient, somebody: Person) -> None:
    one, other = await offer(client, somebody, stock=5), await offer(client, somebody, stock=5)
    made = await placed(client, somebody, (one, 2), (other, 5))

    cancelled = await moved(client, somebody, made, "cancel")

    assert (cancelled["status"], cancelled["cancel_reason"], cancelled["expires_at"]) == ("cancelled", "customer", None)
    assert cancelled["cancelled_at"] == cancelled["updated_at"] >= made["created_at"]
    assert (await stock(client, one), await stock(client, other)) == (5, 5)
    assert await entries(client, somebody) == []


@pytest.mark.parametrize("payment", ["wallet", "later"])
async def test_cancelling_what_is_paid_puts_the_money_back_too(
    client: httpx.AsyncClient, somebody: Person, staff: Person, payment: str
) -> None:
    item = await offer(client, somebody, price="4.00", stock=3)
    await pay_in(client, staff, somebody, "9.00")
    made = await placed(client, somebody, (item, 2), payment=payment)
    if payment == "later":
        await moved(client, somebody, made, "pay")

    await moved(client, somebody, made, "cancel")

    assert (await balance(client, somebody), await stock(client, item)) == ("9.00", 3)
    (refund,) = await entries(client, somebody, "refund")
    assert (refund["amount"], refund["balance_after"], refund["order_id"]) == ("8.00", "9.00", made["id"])


async def test_what_was_paid_is_put_back_whatever_it_costs_by_now(
    client: httpx.AsyncClient, somebody: Person, staff: Person
) -> None:
    item = await offer(client, somebody, price="4.00", stock=1)
    await pay_in(client, staff, somebody, "4.00")
    made = await placed(client, somebody, (item, 1), payment="wallet")
    await client.patch(f"{API}/items/{item['id']}", json={"price": "99.00", "stock": 7}, headers=somebody.headers)

    await moved(client, somebody, made, "cancel")

    assert (await balance(client, somebody), await stock(client, item)) == ("4.00", 8)


async def test_an_order_of_a_deleted_item_stays_readable_and_can_be_cancelled(
    client: httpx.AsyncClient, somebody: Person, staff: Person
) -> None:
    gone, there = [await offer(client, somebody, price="2.00", stock=2) for _ in range(2)]
    await pay_in(client, staff, somebody, "4.00")
    made = await placed(client, somebody, (gone, 1), (there, 1), payment="wallet")
    await client.delete(f"{API}/items/{gone['id']}", headers=somebody.headers)
    assert await read(client, somebody, made) == made

    cancelled = await moved(client, somebody, made, "cancel")

    assert [line["name"] for line in cancelled["lines"]] == [gone["name"], there["name"]]
    assert (await balance(client, somebody), await stock(client, there)) == ("4.00", 2)
    problem(await client.get(f"{API}/items/{gone['id']}"), 404, "not_found")


async def test_a_refund_that_the_wallet_cannot_hold_changes_nothing(
    client: httpx.AsyncClient, somebody: Person, staff: Person
) -> None:
    item = await offer(client, somebody, price="2.00", stock=1)
    await pay_in(client, staff, somebody, "2.00")
    made = await placed(client, somebody, (item, 1), payment="wallet")
    await pay_in(client, staff, somebody, "999999999999.99")

    response = await move(client, somebody, made, "cancel")

    problem(response, 422, "amount_too_large")
    assert (await read(client, somebody, made), await stock(client, item)) == (made, 0)


async def test_a_stale_version_is_refused_before_the_state_is_judged(
    client: httpx.AsyncClient, somebody: Person
) -> None:
    item = await offer(client, somebody, stock=1)
    made = await placed(client, somebody, (item, 1))
    cancelled = await move(client, somebody, made, "cancel", **{"If-Match": '"1"'})

    stale = await move(client, somebody, made, "cancel", **{"If-Match": '"1"'})
    current = await move(client, somebody, made, "cancel", **{"If-Match": cancelled.headers["etag"]})

    problem(stale, 412, "precondition_failed")
    problem(current, 409, "invalid_transition")


async def test_a_transition_takes_no_body(client: httpx.AsyncClient, somebody: Person) -> None:
    made = await placed(client, somebody, (await offer(client, somebody, stock=1), 1))
    path = f"{API}/orders/{made['id']}/cancel"

    response = await client.post(path, json={"reason": "no"}, headers=somebody.headers)
    empty = await client.post(path, content=b"", headers={**somebody.headers, "Content-Type": "text/plain"})

    problem(response, 415, "unsupported_media_type")
    assert empty.status_code == 200
