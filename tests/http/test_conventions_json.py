"""What counts as a JSON body. It is decided before any store is asked, so one store is enough."""

from typing import Any

import httpx
import pytest

from tests.http.client import API, Person, locations, problem, unique

ITEMS = f"{API}/items"


async def post(client: httpx.AsyncClient, person: Person, body: bytes) -> httpx.Response:
    return await client.post(ITEMS, content=body, headers={**person.headers, "Content-Type": "application/json"})


def item(price: str = "1", **members: str) -> bytes:
    """An item whose members are written as they are given."""
    more = "".join(f', "{name}": {value}' for name, value in members.items())
    return f'{{"name": "{unique()}", "price": {price}{more}}}'.encode()


@pytest.mark.parametrize(
    "body",
    [
        pytest.param(b"", id="nothing"),
        pytest.param(b" \n", id="space"),
        pytest.param(b"{", id="unfinished"),
        pytest.param(b"{} {}", id="two values"),
        pytest.param(b"{'name': 'x'}", id="single quotes"),
        pytest.param(b'{"name": "x",}', id="trailing comma"),
        pytest.param(b'{"name": "x" /* y */}', id="comment"),
        pytest.param(b'{"name": "a\nb", "price": 1}', id="control character"),
        pytest.param(item("01"), id="leading zero"),
        pytest.param(item("+1"), id="plus sign"),
        pytest.param(item(".5"), id="no digit before the point"),
        pytest.param(item("NaN"), id="NaN"),
        pytest.param(item("Infinity"), id="infinity"),
        pytest.param(item("-Infinity"), id="negative infinity"),
        pytest.param(item("1e400"), id="a number beyond doubles"),
        pytest.param(item("-1e400"), id="a negative number beyond doubles"),
        pytest.param(item("1" * 5000), id="an integer beyond doubles"),
        pytest.param(b"\xef\xbb\xbf" + item(), id="byte order mark"),
        pytest.param(item().decode().encode("utf-16"), id="UTF-16"),
        pytest.param(item().decode().encode("utf-32-le"), id="UTF-32"),
        pytest.param(b'{"name": "\xff", "price": 1}', id="a byte that is not UTF-8"),
        pytest.param(b'{"name": "\xc0\x80", "price": 1}', id="an overlong NUL"),
        pytest.param(b'{"name": "\xed\xa0\x80", "price": 1}', id="a surrogate in UTF-8"),
        pytest.param(rb'{"name": "\ud800", "price": 1}', id="a lone high surrogate"),
        pytest.param(rb'{"name": "\udc00x", "price": 1}', id="a lone low surrogate"),
        pytest.param(rb'{"\ud800": 1}', id="a lone surrogate in a name"),
        pytest.param(b'{"name": "x", "price": 1, "name": "y"}', id="a doubled member"),
        pytest.param(rb'{"name": "x", "price": 1, "n\u0061me": "x"}', id="a member doubled by an escape"),
        pytest.param(b'{"name": "x", "price": 1, "tags": [{"a": 1, "a": 1}]}', id="a member doubled in the depth"),
        pytest.param(b"[" * 10_000 + b"]" * 10_000, id="10,000 arrays deep"),
        pytest.param(b'{"a":' * 10_000 + b"1" + b"}" * 10_000, id="10,000 objects deep"),
        pytest.param(b"[" * 900_000, id="900,000 arrays begun"),
    ],
)
async def test_what_is_not_json_that_can_be_kept_is_invalid_json(
    memory: httpx.AsyncClient, member: Person, body: bytes
) -> None:
    response = await post(memory, member, body)

    problem(response, 422, "invalid_json")


@pytest.mark.parametrize("depth", [10, 200, 900, 1000, 1023, 1024, 1025, 2000])
async def test_a_deep_body_is_refused_and_never_breaks_the_server(
    memory: httpx.AsyncClient, member: Person, depth: int
) -> None:
    response = await post(memory, member, item(tags="[" * depth + "]" * depth))

    assert response.status_code == 422


@pytest.mark.parametrize("body", [b"[]", b'"x"', b"null", b"1", b"true", b"1.5"])
async def test_json_that_is_no_object_is_a_wrong_shape(memory: httpx.AsyncClient, member: Person, body: bytes) -> None:
    response = await post(memory, member, body)

    assert locations(response) == [["body"]]


async def test_an_unknown_member_is_refused(memory: httpx.AsyncClient, member: Person) -> None:
    response = await post(memory, member, item(owner_id='"somebody"'))

    assert locations(response) == [["body", "owner_id"]]


async def test_every_fault_is_told_at_once(memory: httpx.AsyncClient, member: Person) -> None:
    response = await post(memory, member, b'{"price": "x", "stock": -1, "tags": ["a", 1], "colour": "red"}')

    assert {tuple(loc) for loc in locations(response)} == {
        ("body", "name"),
        ("body", "price"),
        ("body", "stock"),
        ("body", "tags", 1),
        ("body", "colour"),
    }


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("stock", '"3"'), ("stock", "true"), ("stock", "3.0"), ("stock", "3e0"), ("stock", "[3]"), ("stock", "null"),
        ("discount", "1.5"), ("discount", '""'), ("is_public", '"true"'), ("is_public", "1"), ("is_public", "0.0"),
        ("description", "1"), ("description", "[]"), ("description", "false"), ("tags", '"a"'), ("tags", '{"a": 1}'),
    ],
)  # fmt: skip
async def test_nothing_is_coerced(memory: httpx.AsyncClient, member: Person, name: str, value: str) -> None:
    response = await post(memory, member, item(**{name: value}))

    assert locations(response) == [["body", name]]


@pytest.mark.parametrize("stock", [2**53, -(2**53), 2**63, 2**64, 10**30, -1])
async def test_an_integer_that_no_double_holds_is_refused(
    memory: httpx.AsyncClient, member: Person, stock: int
) -> None:
    response = await post(memory, member, item(stock=str(stock)))

    assert locations(response) == [["body", "stock"]]


async def test_the_greatest_integer_comes_back_exactly(client: httpx.AsyncClient, somebody: Person) -> None:
    made = await post(client, somebody, item(stock=str(2**53 - 1)))

    read = await client.get(made.headers["location"])

    assert read.json()["stock"] == 2**53 - 1


async def test_space_and_escapes_in_json_are_only_a_way_of_writing(memory: httpx.AsyncClient, member: Person) -> None:
    response = await post(memory, member, b'\r\n\t { "n\\u0061me" : "\\ud83d\\ude00" , "price" : 1.50e1 } ')

    shown: dict[str, Any] = response.json()
    assert (response.status_code, shown["name"], shown["price"]) == (201, "😀", "15.00")
