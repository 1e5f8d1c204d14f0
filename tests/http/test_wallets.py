"""The wallet: what it holds, what went in and out of it, and to whom."""

import httpx

from tests.http.client import Person, offer, problem, unique
from tests.http.trade import WALLET, balance, entries, moved, pay_in, placed

ENTRY = {
    "id", "created_at", "kind", "amount", "balance_after", "counterparty_id", "order_id", "reference", "note",
}  # fmt: skip


async def transfer(client: httpx.AsyncClient, person: Person, to: Person, amount: str, **over: str) -> httpx.Response:
    body = {"to": to.id, "amount": amount, **over}
    return await client.post(f"{WALLET}/transfers", json=body, headers=person.headers)


async def test_a_new_wallet_is_empty_and_has_no_version(client: httpx.AsyncClient, somebody: Person) -> None:
    response = await client.get(WALLET, headers=somebody.headers)

    assert response.json() == {"user_id": somebody.id, "balance": "0.00", "currency": "EUR"}
    assert "etag" not in response.headers
    assert response.headers["cache-control"] == "no-store"
    assert await entries(client, somebody) == []


async def test_a_deposit_answers_the_recipients_entry(
    client: httpx.AsyncClient, somebody: Person, staff: Person
) -> None:
    body = {"user_id": somebody.id, "amount": "12.345", "reference": f" {unique('slip')} "}

    response = await client.post(f"{WALLET}/deposits", json=body, headers=staff.headers)

    entry = response.json()
    assert response.status_code == 201
    assert "location" not in response.headers
    assert entry.keys() == ENTRY
    assert (entry["kind"], entry["amount"], entry["balance_after"]) == ("deposit", "12.35", "12.35")
    assert (entry["reference"], entry["counterparty_id"], entry["order_id"]) == (body["reference"].strip(), None, None)
    assert await entries(client, somebody) == [entry]
    assert (await balance(client, somebody), await entries(client, staff)) == ("12.35", [])


async def test_an_amount_may_be_a_number(client: httpx.AsyncClient, somebody: Person, staff: Person) -> None:
    headers = {**staff.headers, "Content-Type": "application/json"}
    text = '{"user_id": "%s", "amount": %s, "reference": "%s"}'

    for number in ("0.1", "2e-1", "1", "0.005"):
        content = text % (somebody.id, number, unique("slip"))
        assert (await client.post(f"{WALLET}/deposits", content=content, headers=headers)).status_code == 201

    assert await balance(client, somebody) == "1.31"


async def test_staff_may_pay_in_for_themselves(client: httpx.AsyncClient, staff: Person) -> None:
    await pay_in(client, staff, staff, "1.00")

    assert await balance(client, staff) == "1.00"


async def test_a_transfer_answers_the_callers_entry_and_each_has_their_own(
    client: httpx.AsyncClient, somebody: Person, stranger: Person, staff: Person
) -> None:
    await pay_in(client, staff, somebody, "10.00")

    response = await transfer(client, somebody, stranger, "3.99", note=" Lunch ")

    left = response.json()
    (arrived,) = await entries(client, stranger)
    assert (response.status_code, left.keys(), arrived.keys()) == (201, ENTRY, ENTRY)
    assert (left["kind"], left["amount"], left["balance_after"]) == ("transfer_out", "-3.99", "6.01")
    assert (arrived["kind"], arrived["amount"], arrived["balance_after"]) == ("transfer_in", "3.99", "3.99")
    assert (left["counterparty_id"], arrived["counterparty_id"]) == (stranger.id, somebody.id)
    assert (left["note"], arrived["note"], left["reference"], left["order_id"]) == ("Lunch", "Lunch", None, None)
    assert left in await entries(client, somebody)
    assert (await balance(client, somebody), await balance(client, stranger)) == ("6.01", "3.99")


async def test_all_of_it_may_be_sent_and_sent_back(
    client: httpx.AsyncClient, somebody: Person, stranger: Person, staff: Person
) -> None:
    await pay_in(client, staff, somebody, "999999999999.99")

    there = await transfer(client, somebody, stranger, "999999999999.99")
    back = await transfer(client, stranger, somebody, "999999999999.99")

    assert (there.status_code, back.status_code) == (201, 201)
    assert (await balance(client, somebody), await balance(client, stranger)) == ("999999999999.99", "0.00")


async def test_the_entries_sum_to_the_balance_and_each_says_what_it_was_then(
    client: httpx.AsyncClient, somebody: Person, stranger: Person, staff: Person
) -> None:
    item = await offer(client, stranger, price="2.50", discount=50, tax="0.01", stock=5)  # 1.26 each
    await pay_in(client, staff, somebody, "10.00")
    made = await placed(client, somebody, (item, 3), payment="wallet")
    await placed(client, somebody, (item, 1), payment="wallet")
    await moved(client, somebody, made, "cancel")
    await transfer(client, somebody, stranger, "0.01")

    found = sorted(await entries(client, somebody), key=lambda entry: entry["id"])

    cents = [int(entry["amount"].replace(".", "")) for entry in found]
    assert [entry["kind"] for entry in found] == ["deposit", "payment", "payment", "refund", "transfer_out"]
    assert cents == [1000, -378, -126, 378, -1]
    assert [int(entry["balance_after"].replace(".", "")) for entry in found] == [sum(cents[: n + 1]) for n in range(5)]
    assert await balance(client, somebody) == found[-1]["balance_after"] == "8.73"


async def test_entries_come_in_pages_and_by_cursor(
    client: httpx.AsyncClient, somebody: Person, stranger: Person, staff: Person
) -> None:
    made = [await pay_in(client, staff, somebody, "1.00") for _ in range(5)]
    headers, path, met, cursor = somebody.headers, f"{WALLET}/entries", [], ""

    page = await client.get(f"{path}?page=2&size=2", headers=headers)
    while cursor is not None:
        part = (await client.get(f"{path}?size=2&cursor={cursor}", headers=headers)).json()
        met, cursor = [*met, *part["items"]], part["next_cursor"]
    altered = await client.get(f"{path}?cursor=AAAA", headers=headers)

    assert {name: page.json()[name] for name in ("total", "page", "size", "pages")} == {
        "total": 5, "page": 2, "size": 2, "pages": 3,
    }  # fmt: skip
    assert set(page.links) == {"first", "prev", "next", "last"}
    assert sorted(met, key=lambda entry: entry["id"]) == made
    assert met[2:4] == page.json()["items"]
    problem(altered, 422, "invalid_cursor")
