"""What tests of orders and wallets over HTTP have in common: placing, paying in, and looking at what is left."""

from typing import Any

import httpx

from tests.http.client import API, Person, unique

ORDERS, WALLET = f"{API}/orders", f"{API}/wallet"
HOME = {"street": "1 Main St", "city": "Springfield"}

STAYS = ("content-type", "location", "etag", "cache-control")

Line = tuple[dict[str, Any] | str, int]
"""An item, or the id of one, and how many."""


def an_order(*lines: Line, **over: Any) -> dict[str, Any]:
    """The body of `POST /orders`."""
    wanted = [{"item_id": item if isinstance(item, str) else item["id"], "quantity": many} for item, many in lines]
    return {"lines": wanted, "shipping_address": HOME, **over}


async def order(client: httpx.AsyncClient, person: Person, *lines: Line, **over: Any) -> httpx.Response:
    """What is answered to the wish."""
    return await client.post(ORDERS, json=an_order(*lines, **over), headers=person.headers)


async def placed(client: httpx.AsyncClient, person: Person, *lines: Line, **over: Any) -> dict[str, Any]:
    """A new order of theirs."""
    response = await order(client, person, *lines, **over)
    assert response.status_code == 201, response.text
    made: dict[str, Any] = response.json()
    return made


async def move(
    client: httpx.AsyncClient, person: Person, made: dict[str, Any], verb: str, **header: str
) -> httpx.Response:
    """What is answered to `pay`, `cancel`, `ship` or `deliver`."""
    return await client.post(f"{ORDERS}/{made['id']}/{verb}", headers={**person.headers, **header})


async def moved(client: httpx.AsyncClient, person: Person, made: dict[str, Any], verb: str) -> dict[str, Any]:
    response = await move(client, person, made, verb)
    assert response.status_code == 200, response.text
    now: dict[str, Any] = response.json()
    return now


async def read(client: httpx.AsyncClient, person: Person, made: dict[str, Any]) -> dict[str, Any]:
    """The order as it is now."""
    response = await client.get(f"{ORDERS}/{made['id']}", headers=person.headers)
    assert response.status_code == 200, response.text
    now: dict[str, Any] = response.json()
    return now


async def pay_in(client: httpx.AsyncClient, staff: Person, person: Person, amount: str, **over: Any) -> dict[str, Any]:
    """A deposit."""
    body = {"user_id": person.id, "amount": amount, "reference": unique("slip"), **over}
    response = await client.post(f"{WALLET}/deposits", json=body, headers=staff.headers)
    assert response.status_code == 201, response.text
    entry: dict[str, Any] = response.json()
    return entry


async def balance(client: httpx.AsyncClient, person: Person) -> str:
    response = await client.get(WALLET, headers=person.headers)
    assert response.status_code == 200, response.text
    return str(response.json()["balance"])


async def entries(client: httpx.AsyncClient, person: Person, *kinds: str) -> list[dict[str, Any]]:
    """Theirs, of these kinds or of all, newest first: those of one millisecond in either order."""
    response = await client.get(f"{WALLET}/entries?size=100", headers=person.headers)
    assert response.status_code == 200, response.text
    return [entry for entry in response.json()["items"] if not kinds or entry["kind"] in kinds]


async def stock(client: httpx.AsyncClient, item: dict[str, Any]) -> int:
    response = await client.get(f"{API}/items/{item['id']}")
    assert response.status_code == 200, response.text
    return int(response.json()["stock"])


async def order_once(client: httpx.AsyncClient, person: Person, body: Any, key: str) -> httpx.Response:
    """What is answered to the wish with this Idempotency-Key."""
    return await client.post(ORDERS, json=body, headers={**person.headers, "Idempotency-Key": key})


def same_answer(first: httpx.Response, again: httpx.Response) -> None:
    """The second one is the first one once more, and says so."""
    assert (again.status_code, again.content) == (first.status_code, first.content)
    assert [again.headers.get(name) for name in STAYS] == [first.headers.get(name) for name in STAYS]
    assert ("idempotency-replayed" in first.headers, again.headers["idempotency-replayed"]) == (False, "true")
    assert first.headers["x-request-id"] != again.headers["x-request-id"]
