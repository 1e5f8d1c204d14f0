"""Who may place, read and move orders, and what the others are told."""

import httpx
import pytest

from tests.http.client import Person, api_key, limited, offer, problem
from tests.http.trade import ORDERS, an_order, balance, entries, move, moved, order, pay_in, placed, read, stock

VERBS = ("pay", "cancel", "ship", "deliver")
NOWHERE = f"{ORDERS}/01890000-0000-7000-8000-000000000000"
CALLS = [("POST", ""), ("GET", ""), ("GET", "/x"), *(("POST", f"/x/{verb}") for verb in VERBS)]


@pytest.mark.parametrize(("method", "path"), CALLS)
async def test_who_is_not_signed_in_is_asked_to(memory: httpx.AsyncClient, method: str, path: str) -> None:
    body = {"json": {}} if (method, path) == ("POST", "") else {}

    response = await memory.request(method, ORDERS + path, **body)

    problem(response, 401, "unauthenticated")
    assert response.headers["www-authenticate"] == "Bearer"


@pytest.mark.parametrize(("method", "path"), CALLS)
async def test_a_token_without_the_scope_is_told_which_one(
    client: httpx.AsyncClient, somebody: Person, method: str, path: str
) -> None:
    needed, other = ("orders:read", "orders:write") if method == "GET" else ("orders:write", "orders:read")
    headers = await limited(client, somebody, other, "wallet:write")
    body = {"json": {}} if (method, path) == ("POST", "") else {}

    response = await client.request(method, ORDERS + path, headers=headers, **body)

    problem(response, 403, "insufficient_scope")
    assert f'scope="{needed}"' in response.headers["www-authenticate"]


async def test_a_key_with_the_scope_may_place(client: httpx.AsyncClient, somebody: Person) -> None:
    headers = await api_key(client, somebody, "orders:write")
    item = await offer(client, somebody, stock=1)

    response = await client.post(ORDERS, json=an_order((item, 1)), headers=headers)

    assert (response.status_code, response.json()["user_id"]) == (201, somebody.id)


@pytest.mark.parametrize("verb", ["", *(f"/{verb}" for verb in VERBS)])
async def test_anothers_order_is_not_there(
    client: httpx.AsyncClient, somebody: Person, stranger: Person, verb: str
) -> None:
    made = await placed(client, somebody, (await offer(client, somebody, stock=1), 1))
    method = "POST" if verb else "GET"

    response = await client.request(method, f"{ORDERS}/{made['id']}{verb}", headers=stranger.headers)

    problem(response, 404, "not_found")
    assert await read(client, somebody, made) == made


@pytest.mark.parametrize("path", [NOWHERE, f"{ORDERS}/17", f"{ORDERS}/kettle", f"{ORDERS}/%00"])
@pytest.mark.parametrize("verb", ["", *(f"/{verb}" for verb in VERBS)])
async def test_what_was_never_made_or_has_no_id_is_not_there(
    client: httpx.AsyncClient, staff: Person, path: str, verb: str
) -> None:
    response = await client.request("POST" if verb else "GET", path + verb, headers=staff.headers)

    problem(response, 404, "not_found")


@pytest.mark.parametrize("verb", ["ship", "deliver"])
@pytest.mark.parametrize("state", ["placed", "cancelled"])
async def test_a_customer_may_not_ship_or_deliver_an_own_order_whatever_its_state(
    client: httpx.AsyncClient, somebody: Person, verb: str, state: str
) -> None:
    made = await placed(client, somebody, (await offer(client, somebody, stock=1), 1))
    if state == "cancelled":
        await moved(client, somebody, made, "cancel")

    response = await move(client, somebody, made, verb)

    problem(response, 403, "forbidden")


async def test_staff_see_but_do_not_pay_anothers_order(
    client: httpx.AsyncClient, somebody: Person, staff: Person
) -> None:
    made = await placed(client, somebody, (await offer(client, somebody, price="1.00", stock=1), 1))
    await pay_in(client, staff, staff, "5.00")

    response = await move(client, staff, made, "pay")

    problem(response, 403, "not_owner")
    assert await read(client, staff, made) == made
    assert await balance(client, staff) == "5.00"


async def test_staff_cancel_anothers_order_and_the_money_goes_to_its_buyer(
    client: httpx.AsyncClient, somebody: Person, staff: Person
) -> None:
    item = await offer(client, somebody, price="2.00", stock=1)
    await pay_in(client, staff, somebody, "2.00")
    made = await placed(client, somebody, (item, 1), payment="wallet")

    cancelled = await moved(client, staff, made, "cancel")

    assert (cancelled["cancel_reason"], cancelled["user_id"]) == ("staff", somebody.id)
    assert (await balance(client, somebody), await balance(client, staff)) == ("2.00", "0.00")
    assert (await entries(client, staff), await stock(client, item)) == ([], 1)


async def test_staff_place_and_pay_for_themselves(client: httpx.AsyncClient, staff: Person) -> None:
    item = await offer(client, staff, price="2.00", stock=1)
    await pay_in(client, staff, staff, "2.00")

    made = await placed(client, staff, (item, 1), payment="wallet")

    assert (made["user_id"], made["status"]) == (staff.id, "paid")


async def test_the_shape_is_judged_before_the_items_and_the_scope_before_the_shape(
    client: httpx.AsyncClient, somebody: Person
) -> None:
    headers = await limited(client, somebody, "orders:read")

    shape = await order(client, somebody, ("01890000-0000-7000-8000-000000000000", 0))
    scope = await client.post(ORDERS, json={}, headers=headers)
    medium = await client.post(ORDERS, content="{}", headers={**headers, "Content-Type": "text/plain"})

    problem(shape, 422, "validation_failed")
    problem(scope, 403, "insufficient_scope")
    problem(medium, 415, "unsupported_media_type")
