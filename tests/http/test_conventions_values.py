"""Text, money, times and ids: one value domain, whatever the store."""

from typing import Any

import httpx
import pytest

from tests.http.client import API, Person, locations, offer, problem, unique

ITEMS, KEYS = f"{API}/items", f"{API}/auth/api-keys"


async def create(client: httpx.AsyncClient, person: Person, **members: Any) -> httpx.Response:
    body = {"name": unique(), "price": "1.00", **members}
    return await client.post(ITEMS, json=body, headers=person.headers)


async def reread(client: httpx.AsyncClient, person: Person, **members: Any) -> dict[str, Any]:
    """What is kept of these members."""
    made = await offer(client, person, **members)
    shown: dict[str, Any] = (await client.get(f"{ITEMS}/{made['id']}")).json()
    assert shown == made
    return shown


async def test_text_is_stripped_and_composed(client: httpx.AsyncClient, somebody: Person) -> None:
    kept = await reread(client, somebody, name=" \t\u00a0Cafe\u0301 \u2003\n", description=" a  b ")

    assert (kept["name"], kept["description"]) == ("Caf\u00e9", "a  b")


async def test_text_keeps_what_stores_take_for_something_else(client: httpx.AsyncClient, somebody: Person) -> None:
    text = "% _ \\ ' \" ; -- $set a.b {x} \u0001 \u2028 \ue000 \U0010ffff 😀 日本 ß İ ﬁ"

    kept = await reread(client, somebody, name=text, description=text, tags=["a.b", "$x", "%", "日本"])

    assert (kept["name"], kept["description"], kept["tags"]) == (text, text, ["a.b", "$x", "%", "日本"])


@pytest.mark.parametrize("members", [{"name": "a\0b"}, {"description": "\0"}, {"tags": ["a\0"]}])
async def test_nul_is_refused(memory: httpx.AsyncClient, member: Person, members: dict[str, Any]) -> None:
    response = await create(memory, member, **members)

    assert locations(response)[0][:2] == ["body", next(iter(members))]


@pytest.mark.parametrize("character", ["x", "é", "😀", "日"])
async def test_lengths_count_code_points(client: httpx.AsyncClient, somebody: Person, character: str) -> None:
    longest = await create(client, somebody, name=character * 200, description=character * 20_000)
    longer = await create(client, somebody, name=character * 201, description=character * 20_001)

    assert longest.status_code == 201
    assert locations(longer) == [["body", "name"], ["body", "description"]]


async def test_lengths_are_counted_after_stripping_and_composing(memory: httpx.AsyncClient, member: Person) -> None:
    fits = await create(memory, member, name="  " + "e\u0301" * 200 + "  ")
    blank = await create(memory, member, name=" \u2003 ")

    assert (fits.status_code, len(fits.json()["name"])) == (201, 200)
    assert locations(blank) == [["body", "name"]]


@pytest.mark.parametrize(
    ("sent", "kept"),
    [
        ("19.99", "19.99"), (19.99, "19.99"), (5, "5.00"), ("5", "5.00"), ("5.", "5.00"), (".5", "0.50"),
        ("007", "7.00"),
        (0.005, "0.01"), ("0.005", "0.01"), ("1.004999999999999999999", "1.00"), (1.005, "1.01"), ("2.675", "2.68"),
        (1e2, "100.00"), ("999999999999.99", "999999999999.99"), (999999999999.99, "999999999999.99"),
        ("0" * 50 + "1.50", "1.50"),
    ],
    ids=repr,
)  # fmt: skip
async def test_money_is_exact_and_rounded_half_up(
    client: httpx.AsyncClient, somebody: Person, sent: str | float, kept: str
) -> None:
    item = await reread(client, somebody, price=sent)

    assert item["price"] == item["final_price"] == kept


@pytest.mark.parametrize(
    "sent",
    [
        "", " ", ".", " 1", "1 ", "+1", "-1", "1e1", "1,00", "1_0", "1.0.0", "0x1", "NaN", "Infinity", "１", "١", "1\n",
        "€1", "1000000000000", "999999999999.995", 1000000000000, 999999999999.995, 1e13, 1e300, -1, -0.01, True, [],
        {}, None, 0, 0.004, "0.00", "0.0049",
    ],
    ids=repr,
)  # fmt: skip
async def test_what_is_no_price_is_refused(memory: httpx.AsyncClient, member: Person, sent: Any) -> None:
    response = await create(memory, member, price=sent)

    assert locations(response) == [["body", "price"]]


async def test_money_is_rounded_before_its_limits_are_checked(memory: httpx.AsyncClient, member: Person) -> None:
    response = await create(memory, member, price="0.005", tax="0.004")

    assert (response.status_code, response.json()["price"], response.json()["tax"]) == (201, "0.01", "0.00")


async def test_a_sum_past_twelve_digits_is_too_large(memory: httpx.AsyncClient, member: Person) -> None:
    response = await create(memory, member, price="999999999999.99", tax="0.01")

    problem(response, 422, "amount_too_large")


@pytest.mark.parametrize(
    ("sent", "kept"),
    [
        ("2999-12-31T23:59:59.999Z", "2999-12-31T23:59:59.999Z"),
        ("2100-02-28t12:00:00z", "2100-02-28T12:00:00.000Z"),
        ("2100-01-01T00:30:00+01:00", "2099-12-31T23:30:00.000Z"),
        ("2100-01-01T00:00:00.1239999Z", "2100-01-01T00:00:00.123Z"),
        ("2100-01-01T00:00:00.9999999999Z", "2100-01-01T00:00:00.999Z"),
    ],
)
async def test_times_are_utc_with_milliseconds(
    client: httpx.AsyncClient, somebody: Person, sent: str, kept: str
) -> None:
    body = {"name": "k", "scopes": ["items:read"], "expires_at": sent}

    response = await client.post(KEYS, json=body, headers=somebody.headers)

    listed = (await client.get(KEYS, headers=somebody.headers)).json()["items"]
    assert response.json()["expires_at"] == kept == listed[0]["expires_at"]


@pytest.mark.parametrize(
    "sent",
    [
        "2100-01-01T00:00:00", "2100-01-01", "2100-01-01T00:00Z", "2100-02-30T00:00:00Z", "2100-01-01T24:00:00Z",
        "2100-01-01T00:00:60Z", "2100-01-01T00:00:00+24:00", "2100-01-01T00:00:00.Z", "3000-01-01T00:00:00Z",
        "2999-12-31T23:59:59-00:01", "1969-12-31T23:59:59Z", "1970-01-01T00:00:00+00:01", "9999-12-31T23:59:59-01:00",
        "+2100-01-01T00:00:00Z", " 2100-01-01T00:00:00Z", "tomorrow", "", 4102444800, 4102444800.5, True, [],
    ],
    ids=repr,
)  # fmt: skip
async def test_what_is_no_time_is_refused(memory: httpx.AsyncClient, member: Person, sent: Any) -> None:
    body = {"name": "k", "scopes": ["items:read"], "expires_at": sent}

    response = await memory.post(KEYS, json=body, headers=member.headers)

    assert locations(response) == [["body", "expires_at"]]


async def test_ids_are_uuids_that_ascend(client: httpx.AsyncClient, somebody: Person) -> None:
    ids = [(await offer(client, somebody))["id"] for _ in range(3)]

    assert ids == sorted(ids)
    assert {each[14] for each in ids} == {"7"}


async def test_an_id_may_be_written_in_capitals(client: httpx.AsyncClient, somebody: Person) -> None:
    item = await offer(client, somebody)

    response = await client.get(f"{ITEMS}/{item['id'].upper()}")

    assert response.json() == item


@pytest.mark.parametrize(
    "id", ["1", "x" * 36, "null", "0197-0000", "%00", "..%2f..", "%F0%9F%98%80", "{id}", "*", "a" * 5000]
)
async def test_a_malformed_id_in_a_path_is_not_found(client: httpx.AsyncClient, somebody: Person, id: str) -> None:
    for method, body in (("GET", None), ("PUT", {"name": "x", "price": 1}), ("PATCH", {}), ("DELETE", None)):
        response = await client.request(method, f"{ITEMS}/{id}", json=body, headers=somebody.headers)

        problem(response, 404, "not_found")


async def test_a_malformed_id_in_a_query_is_a_wrong_shape(client: httpx.AsyncClient, somebody: Person) -> None:
    owner = await client.get(ITEMS, params={"owner": "1"})
    batch = await client.get(f"{API}/users/batch", params={"ids": [somebody.id, "1"]}, headers=somebody.headers)

    assert locations(owner) == [["query", "owner"]]
    assert locations(batch) == [["query", "ids", 1]]
