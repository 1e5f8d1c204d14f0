"""Offering an item: its shape, its defaults, its limits, and what it costs."""

from decimal import ROUND_HALF_UP, Decimal
from typing import Any

import httpx
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.http.client import API, Person, limited, locations, offer, problem, sign_up, unique

ITEMS = f"{API}/items"
LARGEST = "999999999999.99"


async def create(client: httpx.AsyncClient, person: Person, **body: Any) -> httpx.Response:
    return await client.post(ITEMS, json={"name": "Teapot", "price": "24.90", **body}, headers=person.headers)


async def send(client: httpx.AsyncClient, person: Person, body: str) -> httpx.Response:
    """As it stands."""
    headers = {**person.headers, "Content-Type": "application/json"}
    return await client.post(ITEMS, content=body.encode(), headers=headers)


async def test_an_item_needs_a_name_and_a_price_and_the_rest_has_defaults(
    client: httpx.AsyncClient, somebody: Person
) -> None:
    response = await create(client, somebody)

    item = response.json()
    assert response.status_code == 201
    assert item == {
        "id": item["id"], "created_at": item["created_at"], "updated_at": item["created_at"], "owner_id": somebody.id,
        "name": "Teapot", "description": None, "price": "24.90", "tax": "0.00", "discount": 0, "final_price": "24.90",
        "price_with_tax": "24.90", "stock": 0, "tags": [], "is_public": True, "images": [],
    }  # fmt: skip
    assert response.headers["location"] == f"{ITEMS}/{item['id']}"
    assert response.headers["etag"]


async def test_what_was_answered_is_what_is_read(client: httpx.AsyncClient, somebody: Person) -> None:
    full = {
        "name": "Kännchen ☕", "description": "two\nlines", "price": 12.5, "tax": "1", "discount": 10, "stock": 3,
        "tags": ["Rot", "grün"], "is_public": True,
    }  # fmt: skip
    made = await create(client, somebody, **full)

    read = await client.get(f"{API}{made.headers['location'].removeprefix(API)}")

    assert read.json() == made.json()
    assert read.headers["etag"] == made.headers["etag"]
    assert (read.json()["price"], read.json()["tags"]) == ("12.50", ["rot", "grün"])


@pytest.mark.parametrize(
    ("over", "final", "with_tax"),
    [
        ({"price": "10.00", "discount": 0}, "10.00", "10.00"),
        ({"price": "0.01", "discount": 50}, "0.01", "0.01"),
        ({"price": "0.01", "discount": 51}, "0.00", "0.00"),
        ({"price": "0.05", "discount": 10}, "0.05", "0.05"),
        ({"price": "9.99", "discount": 50}, "5.00", "5.00"),
        ({"price": "1.15", "discount": 50}, "0.58", "0.58"),
        ({"price": "1.05", "discount": 50, "tax": "0.25"}, "0.53", "0.78"),
        ({"price": "19.99", "discount": 100, "tax": "3"}, "0.00", "3.00"),
        ({"price": "0.005"}, "0.01", "0.01"),
        ({"price": 1.005}, "1.01", "1.01"),
        ({"price": 2.675, "tax": 0.125}, "2.68", "2.81"),
        ({"price": "1.994999"}, "1.99", "1.99"),
        ({"price": LARGEST}, LARGEST, LARGEST),
    ],
    ids=str,
)
async def test_prices_are_rounded_half_up(
    client: httpx.AsyncClient, somebody: Person, over: dict[str, Any], final: str, with_tax: str
) -> None:
    item = await offer(client, somebody, **over)

    assert (item["final_price"], item["price_with_tax"]) == (final, with_tax)


@given(st.integers(1, 10**14 - 1), st.integers(0, 100))
@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=25)
async def test_a_final_price_is_what_decimals_make_of_it(memory: httpx.AsyncClient, cents: int, discount: int) -> None:
    price = Decimal(cents) / 100
    person = await sign_up(memory)

    item = await offer(memory, person, price=str(price), discount=discount)

    exact = (price * (100 - discount) / 100).quantize(Decimal("0.01"), ROUND_HALF_UP)
    assert Decimal(item["final_price"]) == exact


@pytest.mark.parametrize("price", ["1", "1.", ".5", "007", '"1"', '"1."', '".5"', '"007.10"', "1e2", "1E-2", "100e-1"])
async def test_money_is_digits_with_a_point_or_a_json_number(memory: httpx.AsyncClient, price: str) -> None:
    person = await sign_up(memory)
    json_number = price in ("1", "1e2", "1E-2", "100e-1")

    response = await send(memory, person, f'{{"name": "a", "price": {price}}}')

    if json_number or price.startswith('"'):
        assert response.status_code == 201, response.text
    else:
        problem(response, 422, "invalid_json")


@pytest.mark.parametrize(
    "price",
    ['"1e2"', '"+1"', '"-1"', '" 1"', '"1 "', '""', '"."', '"1,50"', '"1.5.0"', '"1_000"', '"١"', '"NaN"', "true",
     "null", "[]", "{}", "0", '"0.00"', "0.004", "-1", '"1000000000000"', "1e12", "999999999999.995", "1e308"],
)  # fmt: skip
async def test_what_is_no_price_is_refused(memory: httpx.AsyncClient, price: str) -> None:
    person = await sign_up(memory)

    assert locations(await send(memory, person, f'{{"name": "a", "price": {price}}}')) == [["body", "price"]]


@pytest.mark.parametrize(
    "number", ["NaN", "Infinity", "-Infinity", "1e400", "1e-99999999999999999999", "01", "1_0", "0x1"]
)
async def test_what_is_no_number_is_no_json(memory: httpx.AsyncClient, number: str) -> None:
    person = await sign_up(memory)

    problem(await send(memory, person, f'{{"name": "a", "price": 1, "tax": {number}}}'), 422, "invalid_json")


async def test_a_member_that_is_there_twice_is_no_json(memory: httpx.AsyncClient) -> None:
    person = await sign_up(memory)

    problem(await send(memory, person, '{"name": "a", "price": 1, "price": 2}'), 422, "invalid_json")


@pytest.mark.parametrize(
    ("over", "at"),
    [
        ({"name": None}, ["name"]),
        ({"name": ""}, ["name"]),
        ({"name": " \t "}, ["name"]),
        ({"name": "a" * 201}, ["name"]),
        ({"name": "a\0"}, ["name"]),
        ({"name": 7}, ["name"]),
        ({"description": "a" * 20_001}, ["description"]),
        ({"tax": "-0.01"}, ["tax"]),
        ({"tax": "x"}, ["tax"]),
        ({"discount": -1}, ["discount"]),
        ({"discount": 101}, ["discount"]),
        ({"discount": 1.5}, ["discount"]),
        ({"discount": "5"}, ["discount"]),
        ({"discount": True}, ["discount"]),
        ({"stock": -1}, ["stock"]),
        ({"stock": 2**53}, ["stock"]),
        ({"stock": 1.0}, ["stock"]),
        ({"stock": "1"}, ["stock"]),
        ({"is_public": 1}, ["is_public"]),
        ({"is_public": "true"}, ["is_public"]),
        ({"tags": ["a"] * 3 + [""]}, ["tags"]),
        ({"tags": ["a" * 51]}, ["tags"]),
        ({"tags": [f"t{n}" for n in range(21)]}, ["tags"]),
        ({"tags": "a"}, ["tags"]),
        ({"tags": [1]}, ["tags", 0]),
        ({"owner_id": "0197aaaa-0000-7000-8000-000000000000"}, ["owner_id"]),
        ({"id": "0197aaaa-0000-7000-8000-000000000000"}, ["id"]),
        ({"final_price": "1.00"}, ["final_price"]),
        ({"images": []}, ["images"]),
        ({"version": 9}, ["version"]),
    ],
    ids=lambda each: str(each)[:50],
)
async def test_what_does_not_fit_is_refused(memory: httpx.AsyncClient, over: dict[str, Any], at: list[Any]) -> None:
    person = await sign_up(memory)

    assert locations(await create(memory, person, **over)) == [["body", *at]]


async def test_the_limits_are_inside(client: httpx.AsyncClient, somebody: Person) -> None:
    limits = {
        "name": "😀" * 200, "description": "ä" * 20_000, "stock": 2**53 - 1, "discount": 100, "price": LARGEST,
        "tags": [f"{number:050d}" for number in range(20)],
    }  # fmt: skip

    item = await offer(client, somebody, **limits)

    assert {name: item[name] for name in limits} == limits


async def test_a_sum_past_twelve_digits_is_too_large(client: httpx.AsyncClient, somebody: Person) -> None:
    problem(await create(client, somebody, price=LARGEST, tax="0.01"), 422, "amount_too_large")
    assert (await create(client, somebody, price=LARGEST, tax="0.01", discount=1)).status_code == 201


async def test_only_who_may_write_items_offers_one(client: httpx.AsyncClient, somebody: Person) -> None:
    body = {"name": unique("a"), "price": 1}

    problem(await client.post(ITEMS, json=body), 401, "unauthenticated")
    reader = await limited(client, somebody, "items:read")
    problem(await client.post(ITEMS, json=body, headers=reader), 403, "insufficient_scope")
    assert (await client.get(ITEMS, params={"owner": somebody.id})).json()["total"] == 0
