"""Lists of orders: whose, of which status, in pages and by cursor; and what a client need not be sent again."""

from typing import Any

import httpx
import pytest

from tests.http.client import Person, locations, offer, problem
from tests.http.trade import ORDERS, move, moved, placed


async def some(client: httpx.AsyncClient, person: Person, many: int = 1) -> list[dict[str, Any]]:
    """So many orders of theirs, oldest first."""
    gift = await offer(client, person, price="1.00", discount=100, stock=many)
    return [await placed(client, person, (gift, 1)) for _ in range(many)]


async def ids(client: httpx.AsyncClient, person: Person, query: str = "") -> set[str]:
    response = await client.get(f"{ORDERS}?size=100{query}", headers=person.headers)
    assert response.status_code == 200, response.text
    return {order["id"] for order in response.json()["items"]}


async def test_a_list_has_my_orders_alone_whole_and_newest_first(
    client: httpx.AsyncClient, somebody: Person, stranger: Person
) -> None:
    await some(client, stranger)
    mine = await some(client, somebody, 3)

    response = await client.get(ORDERS, headers=somebody.headers)

    page = response.json()
    assert page == {"items": page["items"], "total": 3, "page": 1, "size": 20, "pages": 1}
    assert sorted(page["items"], key=lambda order: order["id"]) == mine
    times = [order["created_at"] for order in page["items"]]
    assert times == sorted(times, reverse=True)
    assert "etag" not in response.headers


async def test_staff_find_everybodys(client: httpx.AsyncClient, somebody: Person, staff: Person) -> None:
    (theirs,) = await some(client, somebody)
    (own,) = await some(client, staff)

    response = await client.get(f"{ORDERS}?size=2", headers=staff.headers)

    assert {order["id"] for order in response.json()["items"]} >= {theirs["id"], own["id"]}


async def test_a_status_given_several_times_means_any_of_them(client: httpx.AsyncClient, somebody: Person) -> None:
    placed_one, paid, cancelled = await some(client, somebody, 3)
    await moved(client, somebody, paid, "pay")
    await moved(client, somebody, cancelled, "cancel")

    found = {
        query: await ids(client, somebody, query)
        for query in ("", "&status=placed", "&status=paid&status=cancelled", "&status=delivered")
    }

    assert found[""] == {placed_one["id"], paid["id"], cancelled["id"]}
    assert found["&status=placed"] == {placed_one["id"]}
    assert found["&status=paid&status=cancelled"] == {paid["id"], cancelled["id"]}
    assert found["&status=delivered"] == set()


@pytest.mark.parametrize("query", ["status=lost", "status=paid&status=", "status=PAID", "status=paid,placed"])
async def test_a_status_that_there_is_not_is_refused(client: httpx.AsyncClient, somebody: Person, query: str) -> None:
    response = await client.get(f"{ORDERS}?{query}", headers=somebody.headers)

    assert locations(response)[0][:2] == ["query", "status"]


async def test_a_walk_meets_every_order_once_while_others_are_added(
    client: httpx.AsyncClient, somebody: Person
) -> None:
    there = await some(client, somebody, 5)
    met, cursor = [], ""
    while cursor is not None:
        page = (await client.get(f"{ORDERS}?size=2&cursor={cursor}", headers=somebody.headers)).json()
        met += [order["id"] for order in page["items"]]
        cursor = page["next_cursor"]

        await some(client, somebody)

    assert len(met) == len(set(met))
    assert set(met) >= {order["id"] for order in there}


async def test_a_cursor_holds_for_its_filter_and_caller_alone(
    client: httpx.AsyncClient, somebody: Person, stranger: Person
) -> None:
    await some(client, somebody, 2)
    first = await client.get(f"{ORDERS}?size=1&cursor=&status=placed", headers=somebody.headers)
    cursor = first.json()["next_cursor"]
    other = ("B" if cursor[0] == "A" else "A") + cursor[1:]

    same = await client.get(f"{ORDERS}?size=5&cursor={cursor}&status=placed", headers=somebody.headers)
    filtered = await client.get(f"{ORDERS}?size=1&cursor={cursor}&status=paid", headers=somebody.headers)
    another = await client.get(f"{ORDERS}?size=1&cursor={cursor}&status=placed", headers=stranger.headers)
    altered = await client.get(f"{ORDERS}?cursor={other}&status=placed", headers=somebody.headers)

    assert len(same.json()["items"]) == 1
    for response in (filtered, another, altered):
        problem(response, 422, "invalid_cursor")


async def test_links_keep_every_status(client: httpx.AsyncClient, somebody: Person) -> None:
    await some(client, somebody, 2)

    response = await client.get(f"{ORDERS}?size=1&status=placed&status=paid", headers=somebody.headers)

    following = response.links["next"]["url"]
    assert following.startswith("http://portico.test/")
    assert httpx.URL(following).params.get_list("status") == ["placed", "paid"]
    assert httpx.URL(following).params["page"] == "2"


async def test_what_a_client_has_already_is_not_sent_again_until_it_changes(
    client: httpx.AsyncClient, somebody: Person
) -> None:
    (made,) = await some(client, somebody)
    path = f"{ORDERS}/{made['id']}"
    tag = (await client.get(path, headers=somebody.headers)).headers["etag"]
    known = {**somebody.headers, "If-None-Match": tag}

    same = await client.get(path, headers=known)
    head = await client.head(path, headers=somebody.headers)
    cancelled = await move(client, somebody, made, "cancel")
    changed = await client.get(path, headers=known)

    assert (same.status_code, same.content, same.headers["etag"]) == (304, b"", tag)
    assert (head.status_code, head.content, head.headers["etag"]) == (200, b"", tag)
    assert (changed.status_code, changed.headers["etag"]) == (200, cancelled.headers["etag"])
    assert changed.headers["etag"] != tag
