"""Lists of items: filters, orders and windows."""

import itertools
from typing import Any

import httpx
import pytest

from tests.http.client import API, Person, locations, offer, unique

ITEMS = f"{API}/items"


async def names(client: httpx.AsyncClient, owner: Person, **params: Any) -> list[str]:
    """Of this person's public items, with these filters, in the order answered."""
    response = await client.get(ITEMS, params={"owner": owner.id, "size": 100, **params})
    assert response.status_code == 200, response.text
    return [item["name"] for item in response.json()["items"]]


async def test_prices_are_final_and_their_limits_inside(client: httpx.AsyncClient, somebody: Person) -> None:
    await offer(client, somebody, name="five", price="10.00", discount=50)
    await offer(client, somebody, name="ten", price="10.00", tax="90.00")
    await offer(client, somebody, name="twenty", price="20")

    async def between(**limits: str) -> list[str]:
        return await names(client, somebody, sort_by="price", **limits)

    assert set(await between(min_price="5", max_price="5.00")) == {"five"}
    assert await between(min_price="5.01", max_price="10") == ["ten"]
    assert await between(min_price="10.01") == ["twenty"]
    assert set(await between(max_price="10")) == {"five", "ten"}
    assert await between(min_price="20.004") == ["twenty"]
    assert await between(min_price="30", max_price="10") == []


async def test_in_stock_means_some_and_out_of_stock_none(client: httpx.AsyncClient, somebody: Person) -> None:
    for stock in (0, 1, 5):
        await offer(client, somebody, name=f"{stock}", stock=stock)

    assert sorted(await names(client, somebody, in_stock="true")) == ["1", "5"]
    assert await names(client, somebody, in_stock="false") == ["0"]


async def test_filters_mean_the_same_in_any_order(client: httpx.AsyncClient, somebody: Person) -> None:
    mark = unique("f")
    await offer(client, somebody, name=f"{mark} right", price="10", stock=1, tags=["a", "b"])
    for over in ({"price": "9"}, {"price": "11"}, {"stock": 0}, {"tags": ["a"]}, {"name": "wrong"}):
        await offer(
            client, somebody, **{"name": f"{mark} wrong", "price": "10", "stock": 1, "tags": ["a", "b"], **over}
        )
    filters = [
        ("q", mark), ("min_price", "10"), ("max_price", "10"), ("in_stock", "true"), ("tags", "a"), ("tags", "b"),
        ("owner", somebody.id),
    ]  # fmt: skip

    for number, order in enumerate(itertools.permutations(filters)):
        if number % 500 == 0:
            response = await client.get(ITEMS, params=list(order))
            assert [item["name"] for item in response.json()["items"]] == [f"{mark} right"]


async def test_an_owner_without_items_has_none(client: httpx.AsyncClient, somebody: Person, stranger: Person) -> None:
    await offer(client, stranger)

    assert await names(client, somebody) == []


async def test_without_an_order_the_newest_come_first(client: httpx.AsyncClient, somebody: Person) -> None:
    made = [await offer(client, somebody) for _ in range(5)]

    newest = sorted(sorted(made, key=lambda item: item["id"]), key=lambda item: item["created_at"], reverse=True)
    assert await names(client, somebody) == [item["name"] for item in newest]
    assert await names(client, somebody, sort_by="-date") == [item["name"] for item in newest]


async def test_names_are_sorted_by_the_code_points_of_their_folded_form(
    client: httpx.AsyncClient, somebody: Person
) -> None:
    sorted_names = ["0", "A2", "a_", "äa", "b", "Zebra", "ß" * 2, "äb", "Éclair", "Ω", "東", "\ue000", "😀"]
    for name in reversed(sorted_names):
        await offer(client, somebody, name=name)

    expected = sorted(sorted_names, key=str.casefold)
    assert await names(client, somebody, sort_by="name") == expected
    assert await names(client, somebody, sort_by="-name") == expected[::-1]


@pytest.mark.parametrize("sort_by", ["name", "-name", "price", "-price", "date", "-date"])
async def test_ties_go_by_ascending_id_and_no_walk_loses_or_doubles_one(
    client: httpx.AsyncClient, somebody: Person, sort_by: str
) -> None:
    made = [
        await offer(client, somebody, name=name, price=price)
        for name, price in itertools.product(("same", "SAME", "other"), ("1", "2", "1"))
    ]
    key = {"name": lambda i: i["name"].casefold(), "price": lambda i: i["price"], "date": lambda i: i["created_at"]}
    by_id = sorted(made, key=lambda item: item["id"])
    expected = sorted(by_id, key=key[sort_by.lstrip("-")], reverse=sort_by.startswith("-"))

    for size in (1, 2, 4, 100):
        walked: list[str] = []
        cursor: str | None = ""
        while cursor is not None:
            params = {"owner": somebody.id, "sort_by": sort_by, "size": size, "cursor": cursor}
            body = (await client.get(ITEMS, params=params)).json()
            walked += [item["id"] for item in body["items"]]
            cursor = body["next_cursor"]
        assert walked == [item["id"] for item in expected]


async def test_a_walk_shows_each_survivor_once_while_items_come_and_go(
    client: httpx.AsyncClient, somebody: Person
) -> None:
    survivors = [await offer(client, somebody, name=f"s{number}") for number in range(6)]
    doomed = [await offer(client, somebody, name=f"t{number}") for number in range(3)]
    params: dict[str, Any] = {"owner": somebody.id, "sort_by": "name", "size": 2, "cursor": ""}

    seen: list[str] = []
    while params["cursor"] is not None:
        body = (await client.get(ITEMS, params=params)).json()
        seen += [item["id"] for item in body["items"]]
        params["cursor"] = body["next_cursor"]
        if doomed:
            await client.delete(f"{ITEMS}/{doomed.pop()['id']}", headers=somebody.headers)
            await offer(client, somebody, name="a new one before all")

    assert seen[: len(survivors)] == [item["id"] for item in survivors]
    assert len(seen) == len(set(seen))


async def test_a_page_past_the_end_is_empty_and_leads_back(client: httpx.AsyncClient, somebody: Person) -> None:
    for _ in range(3):
        await offer(client, somebody)

    response = await client.get(ITEMS, params={"owner": somebody.id, "size": 2, "page": 9})

    body = response.json()
    assert (body["items"], body["total"], body["pages"], body["page"]) == ([], 3, 2, 9)
    assert 'page=2>; rel="prev"' in response.headers["link"]


@pytest.mark.parametrize(
    "params",
    [
        {"min_price": "x"}, {"min_price": "-1"}, {"max_price": "1e2"}, {"max_price": ""}, {"owner": "nonsense"},
        {"owner": ""}, {"in_stock": "1"}, {"in_stock": "True"}, {"sort_by": "stock"}, {"sort_by": "--name"},
        {"sort_by": ""}, {"sort_by": "Name"}, {"sort_by": "+name"}, {"tags": ""}, {"tags": "a" * 51}, {"q": "ab"},
        {"page": 0}, {"size": 101}, {"size": "1.0"}, {"page": "１"},
    ],
    ids=str,
)  # fmt: skip
async def test_a_known_parameter_with_a_bad_value_is_refused(memory: httpx.AsyncClient, params: dict[str, Any]) -> None:
    assert [loc[:2] for loc in locations(await memory.get(ITEMS, params=params))] == [["query", *params]]


async def test_an_unknown_parameter_is_ignored(client: httpx.AsyncClient, somebody: Person) -> None:
    item = await offer(client, somebody)

    assert await names(client, somebody, colour="red", is_public="false") == [item["name"]]
