"""The shape of an order's body, and where it says that it is wrong: decided before any store is asked."""

from collections.abc import Iterator
from typing import Any

import httpx
import pytest
import pytest_asyncio

from tests.http.client import Person, locations, sign_up
from tests.http.trade import ORDERS, an_order

SOME = "01890000-0000-7000-8000-00000000000a"
OTHER = "01890000-0000-7000-8000-00000000000b"


@pytest_asyncio.fixture(loop_scope="session")
async def buyer(memory: httpx.AsyncClient) -> Person:
    return await sign_up(memory)


def _line(**over: Any) -> dict[str, Any]:
    return {"item_id": SOME, "quantity": 1, **over}


def _wrong() -> Iterator[tuple[dict[str, Any], list[str | int]]]:
    """What is sent in place of what is right, and where the error is."""
    lines: list[str | int] = ["body", "lines"]
    address: list[str | int] = ["body", "shipping_address"]
    for value in ([], None, "x", [_line(item_id=f"01890000-0000-7000-8000-{n:012}") for n in range(101)]):
        yield {"lines": value}, lines
    for many in (0, -1, 1001, 10**30, "1", True, 1.5, 1.0, None):
        yield {"lines": [_line(item_id=OTHER), _line(quantity=many)]}, [*lines, 1, "quantity"]
    yield {"lines": [{"item_id": SOME}]}, [*lines, 0, "quantity"]
    yield {"lines": [{"quantity": 1}]}, [*lines, 0, "item_id"]
    yield {"lines": [_line(item_id="kettle")]}, [*lines, 0, "item_id"]
    yield {"lines": [_line(price="0.01")]}, [*lines, 0, "price"]
    for value in (None, "1 Main St", []):
        yield {"shipping_address": value}, address
    for part, longest in (("street", 500), ("city", 200)):
        for text in ("", " ", "x" * (longest + 1), "a\0b", 1, None):
            yield {"shipping_address": {"street": "x", "city": "x", part: text}}, [*address, part]
    yield {"shipping_address": {"city": "x"}}, [*address, "street"]
    yield {"shipping_address": {"street": "x", "city": "x", "planet": "x"}}, [*address, "planet"]
    for country in ("XX", "USA", "us", "", "ZZ", "EU", "U S", 1, None):
        yield {"shipping_address": {"street": "x", "city": "x", "country": country}}, [*address, "country"]
    yield {"notes": "x" * 501}, ["body", "notes"]
    for payment in ("card", "WALLET", "", None, 1):
        yield {"payment": payment}, ["body", "payment"]
    yield {"total": "0.01"}, ["body", "total"]
    yield {"user_id": SOME}, ["body", "user_id"]


@pytest.mark.parametrize(("over", "where"), list(_wrong()))
async def test_a_wrong_shape_is_said_where_it_is(
    memory: httpx.AsyncClient, over: dict[str, Any], where: list[str | int], buyer: Person
) -> None:
    response = await memory.post(ORDERS, json=an_order((SOME, 1), **over), headers=buyer.headers)

    assert where in locations(response)


@pytest.mark.parametrize("missing", ["lines", "shipping_address"])
async def test_what_is_needed_and_left_out_is_named(memory: httpx.AsyncClient, missing: str, buyer: Person) -> None:
    body = an_order((SOME, 1))
    del body[missing]

    response = await memory.post(ORDERS, json=body, headers=buyer.headers)

    assert locations(response) == [["body", missing]]


async def test_an_item_in_two_lines_is_refused_at_the_second(memory: httpx.AsyncClient, buyer: Person) -> None:
    body = an_order((SOME, 1), (OTHER, 1), (SOME.upper(), 2))

    response = await memory.post(ORDERS, json=body, headers=buyer.headers)

    (where,) = locations(response)
    assert where[:3] == ["body", "lines", 2]
