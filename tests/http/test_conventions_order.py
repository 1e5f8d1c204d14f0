"""Of several faults, which one is told: 405, 413/415, 401, 403, 422, 404, 403 (not the owner), 412, 409."""

from typing import Any

import httpx
import pytest

from tests.http.client import API, Person, limited, offer, problem, serving, unique

NOBODY = "019a1b2c-3d4e-7f50-8a6b-7c8d9e0f1a2b"
BAD = {"Authorization": "Bearer x"}
LARGE = b"x" * (1024 * 1024 + 1)
FORM = {"Content-Type": "application/x-www-form-urlencoded"}


def item(id: str = NOBODY) -> str:
    return f"{API}/items/{id}"


async def test_a_wrong_method_comes_before_everything(memory: httpx.AsyncClient) -> None:
    response = await memory.post(item("nonsense"), content=LARGE, headers={**BAD, **FORM})

    problem(response, 405, "method_not_allowed")


async def test_an_unknown_path_is_not_found_whatever_comes_with_it(memory: httpx.AsyncClient) -> None:
    response = await memory.post(f"{API}/nothing", content=LARGE, headers={**BAD, **FORM})

    problem(response, 404, "not_found")


@pytest.mark.parametrize("method", ["PUT", "PATCH"])
async def test_the_size_and_the_type_of_a_body_come_before_the_credentials(
    memory: httpx.AsyncClient, method: str
) -> None:
    large = await memory.request(method, item(), content=LARGE, headers={**BAD, "Content-Type": "application/json"})
    typed = await memory.request(method, item(), content=b"a=b", headers={**BAD, **FORM})

    problem(large, 413, "body_too_large")
    problem(typed, 415, "unsupported_media_type")


async def test_the_credentials_come_before_the_shape(memory: httpx.AsyncClient) -> None:
    for headers in ({}, BAD):
        response = await memory.put(item("nonsense"), json={"price": "x"}, headers=headers)
        listed = await memory.get(f"{API}/users/me/items", params={"size": "x"}, headers=headers)

        problem(response, 401, "unauthenticated")
        problem(listed, 401, "unauthenticated")


async def test_the_scope_comes_before_the_shape(client: httpx.AsyncClient, somebody: Person) -> None:
    headers = await limited(client, somebody, "profile:read")

    for given in ({"json": {"price": "x"}}, {"content": b"{", "headers": {"Content-Type": "application/json"}}):
        sent: dict[str, Any] = {**given, "headers": {**headers, **given.get("headers", {})}}  # type: ignore[dict-item]
        problem(await client.put(item("nonsense"), **sent), 403, "insufficient_scope")


async def test_the_role_comes_before_the_shape(client: httpx.AsyncClient, admin: Person, staff: Person) -> None:
    by_staff = await client.patch(f"{API}/users/nonsense", json={"role": "king"}, headers=staff.headers)
    by_admin = await client.patch(f"{API}/users/nonsense", json={"role": "king"}, headers=admin.headers)

    problem(by_staff, 403, "insufficient_scope")
    problem(by_admin, 422, "validation_failed")


async def test_the_shape_comes_before_what_is_not_there(client: httpx.AsyncClient, somebody: Person) -> None:
    for id in (NOBODY, "nonsense"):
        shapeless = await client.put(item(id), json={"price": "x"}, headers=somebody.headers)
        broken = await client.patch(
            item(id), content=b"{", headers={**somebody.headers, "Content-Type": "application/json"}
        )
        tagged = await client.delete(item(id), headers={**somebody.headers, "If-Match": "no tag"})
        well = await client.patch(item(id), json={}, headers={**somebody.headers, "If-Match": '"99"'})

        problem(shapeless, 422, "validation_failed")
        problem(broken, 422, "invalid_json")
        problem(tagged, 422, "validation_failed")
        problem(well, 404, "not_found")


async def test_a_bad_idempotency_key_comes_before_what_is_not_there(
    client: httpx.AsyncClient, somebody: Person
) -> None:
    for id in (NOBODY, "nonsense"):
        response = await client.post(
            f"{API}/orders/{id}/pay", headers={**somebody.headers, "Idempotency-Key": "not visible"}
        )

        problem(response, 422, "invalid_idempotency_key")


async def test_what_is_not_there_comes_before_the_owner_and_the_owner_before_the_version(
    client: httpx.AsyncClient, somebody: Person, stranger: Person
) -> None:
    public, private = [await offer(client, somebody, is_public=each) for each in (True, False)]
    stale = {"If-Match": '"99"'}

    for method, body in (("PUT", {"name": "x", "price": 1}), ("PATCH", {}), ("DELETE", None)):
        hidden = await client.request(method, item(private["id"]), json=body, headers={**stranger.headers, **stale})
        others = await client.request(method, item(public["id"]), json=body, headers={**stranger.headers, **stale})
        own = await client.request(method, item(public["id"]), json=body, headers={**somebody.headers, **stale})

        problem(hidden, 404, "not_found")
        problem(others, 403, "not_owner")
        problem(own, 412, "precondition_failed")


async def test_the_version_comes_before_the_state(
    client: httpx.AsyncClient, somebody: Person, stranger: Person
) -> None:
    item_id = (await offer(client, stranger, stock=1))["id"]
    order = {"lines": [{"item_id": item_id, "quantity": 1}], "shipping_address": {"street": "1", "city": "x"}}
    made = (await client.post(f"{API}/orders", json=order, headers=somebody.headers)).json()
    cancel = f"{API}/orders/{made['id']}/cancel"
    await client.post(cancel, headers=somebody.headers)

    stale = await client.post(cancel, headers={**somebody.headers, "If-Match": '"99"'})
    current = await client.post(cancel, headers={**somebody.headers, "If-Match": "*"})

    problem(stale, 412, "precondition_failed")
    problem(current, 409, "invalid_transition")


async def test_a_wrong_host_is_not_found_before_all(memory: httpx.AsyncClient) -> None:
    async with serving(trusted_hosts="shop.example") as strict:
        response = await strict.client.request("DELETE", f"{API}/items", headers=BAD)

    problem(response, 404, "not_found")


async def test_a_taken_name_comes_after_its_shape(client: httpx.AsyncClient, somebody: Person) -> None:
    taken = {"username": somebody.user["username"], "email": f"{unique()}@example.com", "password": "short"}

    weak = await client.post(f"{API}/auth/register", json=taken)
    strong = await client.post(f"{API}/auth/register", json={**taken, "password": "correct horse 1"})

    problem(weak, 422, "validation_failed")
    problem(strong, 409, "username_taken")
