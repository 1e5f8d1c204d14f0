"""`GET /stats`: exact counts and sums."""

import asyncio
from collections.abc import Awaitable, Callable
from decimal import Decimal
from typing import Any

import httpx

from domain.access import SCOPES, Role
from tests.http.client import API, Person, Served, limited, offer, problem, serving, sign_in, sign_up
from tests.http.trade import move, pay_in, placed

PATIENCE_S = 60
"""Figures may be so old."""

Difference = dict[str, dict[str, int | Decimal]]


async def figures(client: httpx.AsyncClient, staff: Person) -> dict[str, Any]:
    response = await client.get(f"{API}/stats", headers=staff.headers)
    assert response.status_code == 200, response.text
    found: dict[str, Any] = response.json()
    return found


async def fresh(client: httpx.AsyncClient, staff: Person) -> dict[str, Any]:
    """Figures that are counted from here on."""
    first = await figures(client, staff)
    async with asyncio.timeout(PATIENCE_S):
        while True:
            found = await figures(client, staff)
            if found["generated_at"] != first["generated_at"]:
                return found
            await asyncio.sleep(0.01)


def _number(value: int | str) -> int | Decimal:
    return Decimal(value) if isinstance(value, str) else value


async def difference(client: httpx.AsyncClient, staff: Person, work: Callable[[], Awaitable[object]]) -> Difference:
    """What the work changes, without what stays as it was."""
    before = await fresh(client, staff)
    await work()
    after = await fresh(client, staff)
    changed = {
        part: {
            name: _number(value) - _number(before[part][name])
            for name, value in after[part].items() if value != before[part][name]
        }
        for part in after if isinstance(after[part], dict)
    }  # fmt: skip
    return {part: names for part, names in changed.items() if names}


async def test_the_shape(client: httpx.AsyncClient, staff: Person) -> None:
    found = await figures(client, staff)

    assert set(found["users"]) == {"total", "active", "new_today"}
    assert set(found["items"]) == {"total", "public", "out_of_stock"}
    assert set(found["orders"]) == {"placed", "paid", "shipped", "delivered", "cancelled", "total"}
    assert set(found["revenue"]) == {"today", "last_30_days", "total"}
    assert set(found["wallets"]) == {"total"}
    assert set(found["posts"]) == {"draft", "published"}
    assert set(found["files"]) == {"total", "bytes"}
    assert isinstance(found["comments"], int)
    assert set(found["todos"]) == {"open", "done"}
    assert set(found["tasks"]) == {"queued", "running", "succeeded", "failed", "cancelled"}
    assert found["generated_at"].endswith("Z")
    assert all(isinstance(value, str) and value[-3] == "." for value in found["revenue"].values())


async def test_people_are_counted(client: httpx.AsyncClient, staff: Person, admin: Person) -> None:
    people: list[Person] = []

    async def join() -> None:
        people.append(await sign_up(client))

    async def deactivate() -> None:
        await client.patch(f"{API}/users/{people[0].id}", json={"is_active": False}, headers=admin.headers)

    assert await difference(client, staff, join) == {"users": {"total": 1, "active": 1, "new_today": 1}}
    assert await difference(client, staff, deactivate) == {"users": {"active": -1}}


async def test_items_are_counted(client: httpx.AsyncClient, staff: Person, somebody: Person) -> None:
    items: list[dict[str, Any]] = []

    async def offer_two() -> None:
        items.append(await offer(client, somebody, stock=1))
        items.append(await offer(client, somebody, is_public=False))

    async def delete() -> None:
        for item in items:
            await client.delete(f"{API}/items/{item['id']}", headers=somebody.headers)

    assert await difference(client, staff, offer_two) == {"items": {"total": 2, "public": 1, "out_of_stock": 1}}
    assert await difference(client, staff, delete) == {"items": {"total": -2, "public": -1, "out_of_stock": -1}}


async def test_orders_and_money_are_counted(client: httpx.AsyncClient, staff: Person, somebody: Person) -> None:
    item = await offer(client, staff, stock=50, price="7.25")
    orders: list[dict[str, Any]] = []

    async def deposit() -> None:
        await pay_in(client, staff, somebody, "100.00")

    async def place() -> None:
        orders.append(await placed(client, somebody, (item, 2)))

    async def pay() -> None:
        await move(client, somebody, orders[0], "pay")

    async def cancel() -> None:
        await move(client, somebody, orders[0], "cancel")

    async def buy_and_ship() -> None:
        bought = await placed(client, somebody, (item, 1), payment="wallet")
        await move(client, staff, bought, "ship")

    money = Decimal("14.50")
    assert await difference(client, staff, deposit) == {"wallets": {"total": Decimal("100.00")}}
    assert await difference(client, staff, place) == {"orders": {"placed": 1, "total": 1}}
    assert await difference(client, staff, pay) == {
        "orders": {"placed": -1, "paid": 1},
        "revenue": {"today": money, "last_30_days": money, "total": money},
        "wallets": {"total": -money},
    }
    assert await difference(client, staff, cancel) == {
        "orders": {"paid": -1, "cancelled": 1},
        "revenue": {"today": -money, "last_30_days": -money, "total": -money},
        "wallets": {"total": money},
    }
    one = Decimal("7.25")
    assert await difference(client, staff, buy_and_ship) == {
        "orders": {"shipped": 1, "total": 1},
        "revenue": {"today": one, "last_30_days": one, "total": one},
        "wallets": {"total": -one},
    }


async def test_posts_comments_todos_and_files_are_counted(client: httpx.AsyncClient, staff: Person) -> None:
    headers = staff.headers

    async def write() -> None:
        body = {"title": "Kettles", "content": "They whistle.", "status": "published"}
        post = (await client.post(f"{API}/posts", json=body, headers=headers)).json()
        await client.post(f"{API}/posts", json={**body, "status": "draft"}, headers=headers)
        await client.post(f"{API}/posts/{post['id']}/comments", json={"content": "Lovely"}, headers=headers)
        await client.post(f"{API}/todos", json={"title": "Boil"}, headers=headers)
        made = await client.post(f"{API}/files", files={"files": ("a.txt", b"five!")}, headers=headers)
        assert made.status_code == 201

    assert await difference(client, staff, write) == {
        "posts": {"draft": 1, "published": 1},
        "todos": {"open": 1},
        "files": {"total": 1, "bytes": 5},
    }
    assert (await fresh(client, staff))["comments"] >= 1


async def test_an_empty_shop_has_figures_too() -> None:
    async with serving() as served:
        tokens = await sign_in(served.client, "root")
        headers = {"Authorization": f"Bearer {tokens['access_token']}"}

        found = (await served.client.get(f"{API}/stats", headers=headers)).json()

    assert found["users"] == {"total": 1, "active": 1, "new_today": 1}
    assert found["revenue"] == {"today": "0.00", "last_30_days": "0.00", "total": "0.00"}
    assert found["orders"]["total"] == 0


async def test_staff_with_the_scope_read_it(served: Served, staff: Person, somebody: Person) -> None:
    client = served.client
    narrow = await limited(client, staff, *(SCOPES[Role.STAFF] - {"stats:read"}))

    problem(await client.get(f"{API}/stats"), 401, "unauthenticated")
    problem(await client.get(f"{API}/stats", headers=somebody.headers), 403, "insufficient_scope")
    problem(await client.get(f"{API}/stats", headers=narrow), 403, "insufficient_scope")
    assert (await client.head(f"{API}/stats", headers=staff.headers)).status_code == 200
