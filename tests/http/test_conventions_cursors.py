"""Lists as walks: cursors belong to their list, filters, sort and caller, and cannot be made by anybody else."""

import base64
from dataclasses import dataclass
from typing import Any

import httpx
import pytest
import pytest_asyncio

from tests.http.client import API, Person, api_key, offer, problem

ITEMS, MINE = f"{API}/items", f"{API}/users/me/items"


@dataclass(frozen=True)
class Seller(Person):
    """Somebody with five items of one price; `oldest` and `newest` are their names in order."""

    oldest: tuple[str, ...] = ()
    newest: tuple[str, ...] = ()


@pytest_asyncio.fixture(loop_scope="session")
async def seller(client: httpx.AsyncClient, somebody: Person) -> Seller:
    """The order is by time, and in one millisecond by ascending id both ways."""
    items = [await offer(client, somebody, name=str(number), tags=["walked"]) for number in range(5)]
    by_id = sorted(items, key=lambda item: item["id"])
    newest = sorted(by_id, key=lambda item: item["created_at"], reverse=True)
    return Seller(somebody.user, somebody.tokens, oldest=named(by_id), newest=named(newest))


def named(items: list[dict[str, Any]]) -> tuple[str, ...]:
    return tuple(item["name"] for item in items)


async def walk(client: httpx.AsyncClient, person: Person, cursor: str = "", size: int = 2) -> httpx.Response:
    return await client.get(MINE, params={"cursor": cursor, "size": size}, headers=person.headers)


def names(*responses: httpx.Response) -> tuple[str, ...]:
    return tuple(name for response in responses for name in named(response.json()["items"]))


async def test_a_walk_meets_everything_once(client: httpx.AsyncClient, seller: Seller) -> None:
    first = await walk(client, seller)
    second = await walk(client, seller, first.json()["next_cursor"])
    third = await walk(client, seller, second.json()["next_cursor"])

    assert [names(each) for each in (first, second, third)] == [
        seller.newest[:2],
        seller.newest[2:4],
        seller.newest[4:],
    ]
    assert first.json().keys() == {"items", "next_cursor"}
    assert third.json()["next_cursor"] is None
    assert "link" not in third.headers


async def test_a_walk_that_ends_with_a_full_stretch_says_so(client: httpx.AsyncClient, seller: Seller) -> None:
    whole = await walk(client, seller, size=5)

    assert (len(whole.json()["items"]), whole.json()["next_cursor"]) == (5, None)


async def test_an_empty_walk_ends_at_once(client: httpx.AsyncClient, stranger: Person) -> None:
    response = await walk(client, stranger)

    assert response.json() == {"items": [], "next_cursor": None}


async def test_the_link_is_the_next_cursor(client: httpx.AsyncClient, seller: Seller) -> None:
    first = await walk(client, seller)

    linked = await client.get(first.links["next"]["url"], headers=seller.headers)

    assert set(first.links) == {"next"}
    assert linked.json() == (await walk(client, seller, first.json()["next_cursor"])).json()


async def test_the_size_may_change_on_the_way(client: httpx.AsyncClient, seller: Seller) -> None:
    first = await walk(client, seller, size=1)

    rest = await walk(client, seller, first.json()["next_cursor"], size=100)

    assert names(first, rest) == seller.newest


async def test_what_is_added_or_taken_away_meanwhile_moves_nothing(client: httpx.AsyncClient, seller: Seller) -> None:
    first = await walk(client, seller)
    await offer(client, seller, name="new")
    for item in first.json()["items"]:
        await client.delete(f"{ITEMS}/{item['id']}", headers=seller.headers)

    rest = await walk(client, seller, first.json()["next_cursor"], size=100)

    assert names(rest) == seller.newest[2:]


async def test_equal_keys_are_walked_once_each(client: httpx.AsyncClient, seller: Seller) -> None:
    for sort in ("price", "-price"):
        found: tuple[str, ...] = ()
        url = f"{ITEMS}?owner={seller.id}&sort_by={sort}&size=2&cursor="
        while url:
            response = await client.get(url)
            found += names(response)
            url = response.links.get("next", {}).get("url", "")

        assert found == seller.oldest


async def test_a_key_walks_on_where_its_owner_began(client: httpx.AsyncClient, seller: Seller) -> None:
    first = await walk(client, seller)
    key = await api_key(client, seller, "items:read")

    response = await client.get(MINE, params={"cursor": first.json()["next_cursor"]}, headers=key)

    assert names(response) == seller.newest[2:]


async def test_any_altered_character_makes_a_cursor_invalid(client: httpx.AsyncClient, seller: Seller) -> None:
    cursor = (await walk(client, seller)).json()["next_cursor"]
    others = [cursor[:at] + ("A" if cursor[at] != "A" else "B") + cursor[at + 1 :] for at in range(len(cursor))]
    last = [cursor[:-1] + each for each in "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_"]

    for altered in {*others, *last} - {cursor}:
        problem(await walk(client, seller, altered), 422, "invalid_cursor")


@pytest.mark.parametrize("change", ["{}=", "{}==", "{}A", " {}", "{} ", "{}\n", "A{}", "{}{}", "{}.", "{}%00", "{}é"])
async def test_anything_added_makes_a_cursor_invalid(client: httpx.AsyncClient, seller: Seller, change: str) -> None:
    cursor = (await walk(client, seller)).json()["next_cursor"]

    response = await walk(client, seller, change.replace("{}", cursor))

    problem(response, 422, "invalid_cursor")


@pytest.mark.parametrize(
    "cursor", ["x", "null", "0", "é", "\0", "A" * 22, "A" * 10_000, base64.b64encode(b"[1]").decode()]
)
async def test_what_was_never_given_is_an_invalid_cursor(memory: httpx.AsyncClient, cursor: str) -> None:
    response = await memory.get(ITEMS, params={"cursor": cursor})

    problem(response, 422, "invalid_cursor")


async def test_a_cursor_is_invalid_for_another_list_filter_sort_or_caller(
    client: httpx.AsyncClient, seller: Seller, stranger: Person
) -> None:
    given = {"owner": seller.id, "size": "2", "sort_by": "name"}
    cursor = (await client.get(ITEMS, params={**given, "cursor": ""})).json()["next_cursor"]

    for path, changed, headers in (
        (ITEMS, {"sort_by": "-name"}, {}),
        (ITEMS, {"sort_by": "price"}, {}),
        (ITEMS, {"tags": "walked"}, {}),
        (ITEMS, {"in_stock": "false"}, {}),
        (ITEMS, {"min_price": "1"}, {}),
        (ITEMS, {"owner": stranger.id}, {}),
        (ITEMS, {}, stranger.headers),
        (ITEMS, {}, seller.headers),
        (MINE, {}, seller.headers),
        (f"{API}/auth/sessions", {}, seller.headers),
    ):
        response = await client.get(path, params={**given, **changed, "cursor": cursor}, headers=headers)

        problem(response, 422, "invalid_cursor")
    assert (await client.get(ITEMS, params={**given, "cursor": cursor})).status_code == 200


@pytest.mark.parametrize("path", ["/auth/sessions", "/auth/api-keys", "/wallet/entries"])
async def test_a_cursor_is_invalid_for_another_list_of_the_same_person(
    client: httpx.AsyncClient, seller: Seller, path: str
) -> None:
    cursor = (await walk(client, seller)).json()["next_cursor"]

    response = await client.get(f"{API}{path}", params={"cursor": cursor, "size": "2"}, headers=seller.headers)

    problem(response, 422, "invalid_cursor")
