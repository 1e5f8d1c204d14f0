"""What becomes of money and orders when their owner leaves, and what they are told of them before."""

import httpx

from tests.http.client import API, Person, offer, problem
from tests.http.trade import ORDERS, WALLET, balance, entries, move, pay_in, placed, read, stock

ME = f"{API}/users/me"


async def leave(client: httpx.AsyncClient, person: Person) -> httpx.Response:
    return await client.delete(ME, headers=person.headers)


async def test_nobody_leaves_money_behind(client: httpx.AsyncClient, somebody: Person, staff: Person) -> None:
    item = await offer(client, staff, stock=5)
    await pay_in(client, staff, somebody, "0.01")
    made = await placed(client, somebody, (item, 1))

    response = await leave(client, somebody)

    problem(response, 409, "wallet_not_empty")
    assert (await client.get(ME, headers=somebody.headers)).status_code == 200
    assert (await read(client, somebody, made), await stock(client, item)) == (made, 4)


async def test_who_has_sent_it_all_on_may_leave(
    client: httpx.AsyncClient, somebody: Person, stranger: Person, staff: Person
) -> None:
    await pay_in(client, staff, somebody, "0.01")
    body = {"to": stranger.id, "amount": "0.01"}
    await client.post(f"{WALLET}/transfers", json=body, headers=somebody.headers)

    response = await leave(client, somebody)

    assert response.status_code == 204
    assert await balance(client, stranger) == "0.01"


async def test_all_that_was_placed_is_cancelled_and_all_its_stock_comes_back(
    client: httpx.AsyncClient, somebody: Person, staff: Person
) -> None:
    one, other = await offer(client, staff, stock=10), await offer(client, staff, stock=10)
    made = [
        await placed(client, somebody, (one, 1), (other, 2)),
        await placed(client, somebody, (one, 3)),
        await placed(client, somebody, (other, 1), (one, 4)),
    ]

    response = await leave(client, somebody)

    assert response.status_code == 204
    assert (await stock(client, one), await stock(client, other)) == (10, 10)
    now = [await read(client, staff, order) for order in made]
    assert {(order["status"], order["user_id"], order["expires_at"]) for order in now} == {
        ("cancelled", somebody.id, None)
    }


async def test_what_was_paid_goes_on(client: httpx.AsyncClient, somebody: Person, staff: Person) -> None:
    item = await offer(client, staff, price="2.00", stock=5)
    await pay_in(client, staff, somebody, "2.00")
    made = await placed(client, somebody, (item, 1), payment="wallet")
    response = await leave(client, somebody)

    shipped = await move(client, staff, made, "ship")

    assert (response.status_code, shipped.status_code) == (204, 200)
    assert (shipped.json()["status"], shipped.json()["user_id"]) == ("shipped", somebody.id)
    assert await stock(client, item) == 4


async def test_an_own_item_that_one_has_ordered_oneself_does_not_keep_one(
    client: httpx.AsyncClient, somebody: Person, stranger: Person
) -> None:
    item = await offer(client, somebody, stock=5)
    theirs = await placed(client, stranger, (item, 1))
    await placed(client, somebody, (item, 2))

    response = await leave(client, somebody)

    assert response.status_code == 204
    problem(await client.get(f"{API}/items/{item['id']}"), 404, "not_found")
    assert (await move(client, stranger, theirs, "cancel")).json()["status"] == "cancelled"


async def test_the_credentials_of_who_left_open_nothing_more(client: httpx.AsyncClient, somebody: Person) -> None:
    await leave(client, somebody)

    for path in (WALLET, f"{WALLET}/entries", ORDERS):
        problem(await client.get(path, headers=somebody.headers), 401, "unauthenticated")


async def test_the_export_has_orders_wallet_and_entries_as_they_are_read_one_by_one(
    client: httpx.AsyncClient, somebody: Person, stranger: Person, staff: Person
) -> None:
    item = await offer(client, somebody, price="2.00", stock=5)
    await pay_in(client, staff, somebody, "9.00")
    await pay_in(client, staff, stranger, "9.00")
    made = [await placed(client, somebody, (item, 1), payment=how) for how in ("wallet", "later")]
    await placed(client, stranger, (item, 1), payment="wallet")

    held = (await client.get(f"{ME}/export", headers=somebody.headers)).json()

    assert sorted(held["orders"], key=lambda order: order["id"]) == made
    assert held["wallet"] == {
        "user_id": somebody.id,
        "balance": "7.00",
        "currency": "EUR",
        "entries": await entries(client, somebody),
    }
