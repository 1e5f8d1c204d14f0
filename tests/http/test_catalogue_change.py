"""Changing and withdrawing an item."""

import asyncio
from typing import Any

import httpx
import pytest

from tests.http.client import API, Person, locations, offer, problem

ITEMS = f"{API}/items"
FULL = {
    "name": "Teapot", "description": "Holds a litre", "price": "24.90", "tax": "4.73", "discount": 10, "stock": 12,
    "tags": ["red", "round"], "is_public": False,
}  # fmt: skip
DEFAULTS = {"description": None, "tax": "0.00", "discount": 0, "stock": 0, "tags": [], "is_public": True}


async def change(
    client: httpx.AsyncClient, person: Person, item: dict[str, Any], body: Any, method: str = "PATCH", **headers: str
) -> httpx.Response:
    url = f"{ITEMS}/{item['id']}"
    return await client.request(method, url, json=body, headers={**person.headers, **headers})


async def test_a_put_replaces_all_but_the_id_the_owner_and_the_beginning(
    client: httpx.AsyncClient, somebody: Person
) -> None:
    item = await offer(client, somebody, **FULL)

    response = await change(client, somebody, item, {"name": "Kettle", "price": "5"}, "PUT")

    replaced = response.json()
    same = {name: item[name] for name in ("id", "owner_id", "created_at", "images")}
    assert replaced == {
        **same, **DEFAULTS, "name": "Kettle", "price": "5.00", "final_price": "5.00", "price_with_tax": "5.00",
        "updated_at": replaced["updated_at"],
    }  # fmt: skip
    assert (await client.get(f"{ITEMS}/{item['id']}")).json() == replaced


@pytest.mark.parametrize("missing", ["name", "price"])
async def test_a_put_needs_what_an_offer_needs(client: httpx.AsyncClient, somebody: Person, missing: str) -> None:
    item = await offer(client, somebody)

    response = await change(client, somebody, item, {k: v for k, v in FULL.items() if k != missing}, "PUT")

    assert locations(response) == [["body", missing]]


async def test_a_put_of_the_same_keeps_the_version(client: httpx.AsyncClient, somebody: Person) -> None:
    item = await offer(client, somebody, **FULL)
    first = await change(client, somebody, item, FULL, "PUT")

    again = await change(client, somebody, item, {**FULL, "price": 24.9, "tags": ["RED", "round", "red"]}, "PUT")

    assert first.json() == again.json() == item
    assert first.headers["etag"] == again.headers["etag"]


async def test_a_patch_changes_what_was_sent(client: httpx.AsyncClient, somebody: Person) -> None:
    item = await offer(client, somebody, **FULL)

    patched = (await change(client, somebody, item, {"price": "10", "stock": 3})).json()

    assert {k: v for k, v in patched.items() if item[k] != v}.keys() <= {
        "price", "stock", "final_price", "price_with_tax", "updated_at",
    }  # fmt: skip
    assert (patched["price"], patched["final_price"], patched["stock"]) == ("10.00", "9.00", 3)


async def test_a_merge_patch_is_taken_under_its_own_type(client: httpx.AsyncClient, somebody: Person) -> None:
    item = await offer(client, somebody)

    kind = {"Content-Type": "application/merge-patch+json"}
    response = await client.patch(
        f"{ITEMS}/{item['id']}", content=b'{"name": "Kettle"}', headers={**somebody.headers, **kind}
    )

    assert response.json()["name"] == "Kettle"


async def test_null_takes_an_optional_field_to_its_default(client: httpx.AsyncClient, somebody: Person) -> None:
    item = await offer(client, somebody, **FULL)

    patched = (await change(client, somebody, item, dict.fromkeys(DEFAULTS))).json()

    assert {name: patched[name] for name in DEFAULTS} == DEFAULTS
    assert (patched["name"], patched["price"]) == (FULL["name"], FULL["price"])


@pytest.mark.parametrize("name", ["name", "price"])
async def test_null_is_refused_for_what_is_needed(client: httpx.AsyncClient, somebody: Person, name: str) -> None:
    item = await offer(client, somebody)

    assert locations(await change(client, somebody, item, {name: None})) == [["body", name]]


@pytest.mark.parametrize(
    ("changes", "at"),
    [
        ({"price": 0}, ["price"]),
        ({"tax": -1}, ["tax"]),
        ({"discount": 101}, ["discount"]),
        ({"stock": -1}, ["stock"]),
        ({"tags": [""]}, ["tags"]),
        ({"owner_id": "0197aaaa-0000-7000-8000-000000000000"}, ["owner_id"]),
        ({"nonsense": 1}, ["nonsense"]),
        ([], []),
        ("name", []),
    ],
    ids=str,
)
async def test_what_does_not_fit_changes_nothing(
    client: httpx.AsyncClient, somebody: Person, changes: Any, at: list[str]
) -> None:
    item = await offer(client, somebody)

    assert locations(await change(client, somebody, item, changes)) == [["body", *at]]

    assert (await client.get(f"{ITEMS}/{item['id']}")).json() == item


async def test_a_sum_past_twelve_digits_is_too_large(client: httpx.AsyncClient, somebody: Person) -> None:
    item = await offer(client, somebody, price="999999999999.99")

    problem(await change(client, somebody, item, {"tax": "0.01"}), 422, "amount_too_large")


@pytest.mark.parametrize(
    "changes", [{}, {"name": "Teapot"}, {"tags": ["RED", "Round"]}, {"price": 24.9, "tax": "4.73"}], ids=str
)
async def test_what_changes_nothing_keeps_the_version_and_the_time(
    client: httpx.AsyncClient, somebody: Person, changes: dict[str, Any]
) -> None:
    item = await offer(client, somebody, **FULL)
    tag = (await client.get(f"{ITEMS}/{item['id']}", headers=somebody.headers)).headers["etag"]

    response = await change(client, somebody, item, changes, **{"If-Match": tag})

    assert (response.status_code, response.headers["etag"], response.json()) == (200, tag, item)


@pytest.mark.parametrize("method", ["PUT", "PATCH", "DELETE"])
async def test_a_version_that_is_gone_is_not_changed(client: httpx.AsyncClient, somebody: Person, method: str) -> None:
    item = await offer(client, somebody)
    tag = (await change(client, somebody, item, {})).headers["etag"]
    await change(client, somebody, item, {"name": "newer"})

    body = {} if method == "DELETE" else {"json": {"name": "older", "price": 1}}
    for stale in (tag, f'{tag}, "999"', f"W/{tag}", '"nonsense"'):
        headers = {**somebody.headers, "If-Match": stale}
        response = await client.request(method, f"{ITEMS}/{item['id']}", headers=headers, **body)  # type: ignore[arg-type]
        problem(response, 412, "precondition_failed")

    assert (await client.get(f"{ITEMS}/{item['id']}")).json()["name"] == "newer"


async def test_of_fifty_changes_of_one_version_one_is_made(client: httpx.AsyncClient, somebody: Person) -> None:
    item = await offer(client, somebody)
    tag = (await client.get(f"{ITEMS}/{item['id']}")).headers["etag"]

    responses = await asyncio.gather(
        *(change(client, somebody, item, {"stock": number + 1}, **{"If-Match": tag}) for number in range(50))
    )

    (won,) = [response for response in responses if response.status_code == 200]
    for response in responses:
        if response is not won:
            problem(response, 412, "precondition_failed")
    assert (await client.get(f"{ITEMS}/{item['id']}")).json() == won.json()


async def test_of_fifty_changes_without_a_version_none_is_lost_silently(
    client: httpx.AsyncClient, somebody: Person
) -> None:
    item = await offer(client, somebody)

    responses = await asyncio.gather(*(change(client, somebody, item, {"stock": number + 1}) for number in range(50)))

    made = [response for response in responses if response.status_code == 200]
    assert {response.status_code for response in responses} <= {200, 409}
    assert len({response.headers["etag"] for response in made}) == len(made)
    assert (await client.get(f"{ITEMS}/{item['id']}")).json()["stock"] in [each.json()["stock"] for each in made]


async def test_an_item_is_withdrawn_once(client: httpx.AsyncClient, somebody: Person, staff: Person) -> None:
    item = await offer(client, somebody)
    url = f"{ITEMS}/{item['id']}"

    response = await client.delete(url, headers=somebody.headers)

    assert (response.status_code, response.content) == (204, b"")
    for person in (somebody, staff):
        problem(await client.delete(url, headers=person.headers), 404, "not_found")
        problem(await client.get(url, headers=person.headers), 404, "not_found")
        problem(await change(client, person, item, {"name": "x"}), 404, "not_found")
    assert (await client.get(ITEMS, params={"owner": somebody.id})).json()["items"] == []


async def test_of_ten_withdrawals_at_once_one_is_made(client: httpx.AsyncClient, somebody: Person) -> None:
    item = await offer(client, somebody)

    responses = await asyncio.gather(
        *(client.delete(f"{ITEMS}/{item['id']}", headers=somebody.headers) for _ in range(10))
    )

    assert sorted(response.status_code for response in responses) == [204] + [404] * 9
