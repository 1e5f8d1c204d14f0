"""What is not done with money: for whom, to whom, how much; and that nothing has moved then."""

from typing import Any

import httpx
import pytest

from tests.http.client import API, Person, limited, locations, problem, sign_up, unique
from tests.http.trade import WALLET, balance, entries, pay_in

NOBODY = "01890000-0000-7000-8000-000000000000"


async def ask(client: httpx.AsyncClient, person: Person, what: str, body: Any, **header: str) -> httpx.Response:
    return await client.post(f"{WALLET}/{what}", json=body, headers={**person.headers, **header})


async def deactivated(client: httpx.AsyncClient, admin: Person) -> Person:
    person = await sign_up(client)
    response = await client.patch(f"{API}/users/{person.id}", json={"is_active": False}, headers=admin.headers)
    assert response.status_code == 200
    return person


async def erased(client: httpx.AsyncClient) -> Person:
    person = await sign_up(client)
    assert (await client.delete(f"{API}/users/me", headers=person.headers)).status_code == 204
    return person


@pytest.mark.parametrize(("what", "who"), [("deposits", "user_id"), ("transfers", "to")])
async def test_the_recipient_has_to_be_somebody_active(
    client: httpx.AsyncClient, admin: Person, what: str, who: str
) -> None:
    await pay_in(client, admin, admin, "5.00")
    before = await balance(client, admin)
    nobody = [NOBODY, (await deactivated(client, admin)).id, (await erased(client)).id]
    more = {"reference": unique("slip")} if what == "deposits" else {}

    refused = [await ask(client, admin, what, {who: id, "amount": "1.00", **more}) for id in nobody]

    for response in refused:
        problem(response, 404, "recipient_not_found")
    assert await balance(client, admin) == before


async def test_who_is_there_is_judged_before_the_money(client: httpx.AsyncClient, somebody: Person) -> None:
    response = await ask(client, somebody, "transfers", {"to": NOBODY, "amount": "1.00"})

    problem(response, 404, "recipient_not_found")


async def test_more_than_one_has_cannot_be_sent(
    client: httpx.AsyncClient, somebody: Person, stranger: Person, staff: Person
) -> None:
    await pay_in(client, staff, somebody, "2.00")

    response = await ask(client, somebody, "transfers", {"to": stranger.id, "amount": "2.01"})

    assert problem(response, 402, "insufficient_funds")["shortfall"] == "0.01"
    assert (await balance(client, somebody), await balance(client, stranger)) == ("2.00", "0.00")
    assert await entries(client, stranger) == []


async def test_nobody_sends_to_themselves(client: httpx.AsyncClient, somebody: Person) -> None:
    response = await ask(client, somebody, "transfers", {"to": somebody.id.upper(), "amount": "1.00"})

    assert locations(response) == [["body", "to"]]


async def test_a_wallet_holds_twelve_digits_and_no_more(
    client: httpx.AsyncClient, somebody: Person, stranger: Person, staff: Person
) -> None:
    await pay_in(client, staff, somebody, "999999999999.99")
    await pay_in(client, staff, stranger, "0.01")
    body = {"user_id": somebody.id, "amount": "0.01", "reference": unique("slip")}

    deposit = await ask(client, staff, "deposits", body)
    transfer = await ask(client, stranger, "transfers", {"to": somebody.id, "amount": "0.01"})

    problem(deposit, 422, "amount_too_large")
    problem(transfer, 422, "amount_too_large")
    assert (await balance(client, somebody), await balance(client, stranger)) == ("999999999999.99", "0.01")


async def test_a_reference_is_used_once_by_whomever_for_whomever(
    client: httpx.AsyncClient, somebody: Person, stranger: Person, staff: Person, admin: Person
) -> None:
    reference = f"{unique()} ü"
    await pay_in(client, staff, somebody, "1.00", reference=reference)

    response = await ask(
        client, admin, "deposits", {"user_id": stranger.id, "amount": "2.00", "reference": f" {reference}"}
    )
    other_case = await pay_in(client, staff, somebody, "1.00", reference=reference.upper())

    problem(response, 409, "reference_taken")
    assert other_case["amount"] == "1.00"
    assert (await balance(client, somebody), await balance(client, stranger)) == ("2.00", "0.00")


async def test_a_reference_that_was_refused_is_free(client: httpx.AsyncClient, somebody: Person, staff: Person) -> None:
    body = {"user_id": NOBODY, "amount": "1.00", "reference": unique("slip")}
    problem(await ask(client, staff, "deposits", body), 404, "recipient_not_found")

    response = await ask(client, staff, "deposits", {**body, "user_id": somebody.id})

    assert response.status_code == 201


async def test_deposits_are_for_staff(client: httpx.AsyncClient, somebody: Person) -> None:
    scopeless = await limited(client, somebody, "wallet:read")
    body = {"user_id": somebody.id, "amount": "1.00", "reference": unique("slip")}

    role = await ask(client, somebody, "deposits", body)
    scope = await client.post(f"{WALLET}/deposits", json={}, headers=scopeless)

    problem(role, 403, "forbidden")
    problem(scope, 403, "insufficient_scope")
    assert await balance(client, somebody) == "0.00"


@pytest.mark.parametrize(
    ("method", "path", "scope"),
    [("GET", "", "wallet:read"), ("GET", "/entries", "wallet:read"), ("POST", "/transfers", "wallet:write")],
)
async def test_each_call_needs_its_scope(
    client: httpx.AsyncClient, somebody: Person, method: str, path: str, scope: str
) -> None:
    other = {"wallet:read": "wallet:write", "wallet:write": "wallet:read"}[scope]
    headers = await limited(client, somebody, other, "orders:write")
    body = {"json": {}} if method == "POST" else {}

    without = await client.request(method, WALLET + path, headers=headers, **body)
    anonymous = await client.request(method, WALLET + path, **body)

    problem(without, 403, "insufficient_scope")
    assert f'scope="{scope}"' in without.headers["www-authenticate"]
    problem(anonymous, 401, "unauthenticated")


AMOUNTS = ["0", "0.00", "0.004", "-1", "+1", " 1", "1e2", "1,00", "1000000000000", "", ".", None, True, -1, 0, [], 1e13]


@pytest.mark.parametrize("amount", AMOUNTS, ids=repr)
async def test_an_amount_is_money_above_nothing(memory: httpx.AsyncClient, amount: Any) -> None:
    person = await sign_up(memory)

    response = await ask(memory, person, "transfers", {"to": NOBODY, "amount": amount})

    assert locations(response) == [["body", "amount"]]


async def test_what_else_has_a_wrong_shape_is_said_where_it_is(memory: httpx.AsyncClient) -> None:
    person = await sign_up(memory)
    body = {"to": NOBODY, "amount": "1.00"}

    for over, where in (({"to": "me"}, "to"), ({"note": "x" * 501}, "note"), ({"from": NOBODY}, "from")):
        assert locations(await ask(memory, person, "transfers", {**body, **over})) == [["body", where]]


@pytest.mark.parametrize("reference", ["", " ", "x" * 101, None, 7, "a\0"])
async def test_a_reference_has_one_to_a_hundred_characters(
    client: httpx.AsyncClient, somebody: Person, staff: Person, reference: Any
) -> None:
    body = {"user_id": somebody.id, "amount": "1.00", "reference": reference}

    response = await ask(client, staff, "deposits", body)

    assert locations(response) == [["body", "reference"]]


async def test_a_movement_with_a_key_is_done_once(
    client: httpx.AsyncClient, somebody: Person, stranger: Person, staff: Person
) -> None:
    deposit = {"user_id": somebody.id, "amount": "5.00", "reference": unique("slip")}
    transfer, key = {"to": stranger.id, "amount": "2.00"}, {"Idempotency-Key": unique("key")}

    for what, person, body in (("deposits", staff, deposit), ("transfers", somebody, transfer)):
        first, again = [await ask(client, person, what, body, **key) for _ in range(2)]
        assert (first.status_code, again.status_code, first.content) == (201, 201, again.content)
        assert again.headers["idempotency-replayed"] == "true"

    assert (await balance(client, somebody), await balance(client, stranger)) == ("3.00", "2.00")
