"""Scopes and roles: each operation of the document with what it asks for, and with all that is too little."""

from typing import Any

import httpx
import pytest
import pytest_asyncio

from domain.access import SCOPES, Role
from tests.http.client import ADMIN, API, Person, Served, api_key, limited, problem, sign_in, sign_up
from tests.http.conftest import Servers

ID = "019a1b2c-3d4e-7f50-8a6b-7c8d9e0f1a2b"
ANYBODY = """
POST /auth/register
POST /auth/token
POST /auth/revoke
POST /auth/password/forgot
POST /auth/password/reset
POST /auth/email/verify
GET /models
GET /models/{name}
GET /info
GET /search
GET /items
GET /items/{id}
GET /tags
GET /posts
GET /posts/{id}
GET /posts/{id}/comments
GET /files/{id}
GET /files/{id}/content
GET /events
"""
"""Public, or what is asked for depends on the thing; `/events` has tests of its own."""

ASKED = """
POST /auth/password profile:write token
POST /auth/api-keys profile:write token
GET /auth/api-keys profile:read token
DELETE /auth/api-keys/{id} profile:write token
GET /auth/sessions profile:read token
DELETE /auth/sessions/{id} profile:write token
GET /users/me profile:read
GET /users/me/export profile:read
PATCH /users/me profile:write
DELETE /users/me profile:write token
PUT /users/me/profile profile:write
GET /notifications profile:read
POST /notifications/{id}/read profile:write
GET /users/{id} -
GET /users/batch -
GET /users users:read staff
PATCH /users/{id} users:write admin
GET /users/me/items items:read
POST /items items:write
PUT /items/{id} items:write
PATCH /items/{id} items:write
DELETE /items/{id} items:write
POST /items/{id}/images items:write
DELETE /items/{id}/images/{image_id} items:write
GET /orders orders:read
GET /orders/{id} orders:read
POST /orders orders:write
POST /orders/{id}/pay orders:write
POST /orders/{id}/cancel orders:write
POST /orders/{id}/ship orders:write
POST /orders/{id}/deliver orders:write
GET /wallet wallet:read
GET /wallet/entries wallet:read
POST /wallet/transfers wallet:write
POST /wallet/deposits wallet:write staff
POST /posts posts:write
PUT /posts/{id} posts:write
PATCH /posts/{id} posts:write
DELETE /posts/{id} posts:write
POST /posts/{id}/publish posts:write
POST /posts/{id}/unpublish posts:write
POST /posts/{id}/comments posts:write
DELETE /comments/{id} posts:write
POST /todos todos:write
GET /todos todos:read
GET /todos/{id} todos:read
PUT /todos/{id} todos:write
PATCH /todos/{id} todos:write
DELETE /todos/{id} todos:write
POST /todos/{id}/complete todos:write
POST /todos/{id}/reopen todos:write
POST /files files:write
GET /files files:read
PATCH /files/{id} files:write
DELETE /files/{id} files:write
POST /rooms rooms:write
GET /rooms rooms:read
GET /rooms/{id} rooms:read
DELETE /rooms/{id} rooms:write
POST /rooms/{id}/members rooms:write
GET /rooms/{id}/members rooms:read
DELETE /rooms/{id}/members/{user_id} rooms:write
GET /rooms/{id}/messages rooms:read
POST /rooms/{id}/messages rooms:write
POST /predictions predictions:run
POST /predictions/tasks predictions:run
GET /tasks predictions:run
GET /tasks/{id} predictions:run
DELETE /tasks/{id} predictions:run
POST /webhooks webhooks:write
GET /webhooks webhooks:read
DELETE /webhooks/{id} webhooks:write
GET /webhooks/{id}/deliveries webhooks:read
POST /webhooks/deliveries/{id}/redeliver webhooks:write
POST /notifications notifications:write staff
GET /stats stats:read staff
GET /activity admin admin
"""
"""Method, path, scope, and the role or kind of credential that is wanted besides."""

CASES = [(*line.split(), "")[:4] for line in ASKED.split("\n") if line]
FORMS = ("/files", "/items/{id}/images", "/users/me/profile")


@pytest_asyncio.fixture(loop_scope="session", scope="module")
async def keyholders(servers: Servers) -> dict[str, Person]:
    """One of each role, on memory."""
    client = (await servers("memory")).client
    tokens = await sign_in(client, ADMIN["admin_username"], ADMIN["admin_password"])
    headers = {"Authorization": f"Bearer {tokens['access_token']}"}
    admin = Person((await client.get(f"{API}/users/me", headers=headers)).json(), tokens)
    customer, staff = [await sign_up(client) for _ in range(2)]
    await client.patch(f"{API}/users/{staff.id}", json={"role": "staff"}, headers=admin.headers)
    again = Person(staff.user, await sign_in(client, staff.user["username"]))
    return {"customer": customer, "staff": again, "admin": admin}


def _sent(method: str, path: str) -> dict[str, Any]:
    """Nothing that anybody takes: who may, is told that the shape is wrong or that it is not there."""
    url = API + path.replace("{id}", ID).replace("{image_id}", ID).replace("{user_id}", ID)
    if method == "GET" or path.endswith(("/pay", "/cancel", "/ship", "/deliver", "/publish", "/unpublish", "/read")):
        return {"method": method, "url": url}
    if path.endswith(("/complete", "/reopen", "/redeliver")) or method == "DELETE":
        return {"method": method, "url": url}
    if method in ("POST", "PUT") and path in FORMS:
        return {"method": method, "url": url, "files": {"nothing": b"x"}}
    return {"method": method, "url": url, "json": {"nothing": 1}}


def test_the_table_has_every_operation(served: Served) -> None:
    documented = {
        f"{method.upper()} {path.removeprefix(API)}"
        for path, methods in served.edge.document()["paths"].items()
        for method in methods
        if path.startswith(API)
    }

    assert documented == {*ANYBODY.split("\n"), *(f"{method} {path}" for method, path, *_ in CASES)} - {""}


@pytest.mark.parametrize(("method", "path", "scope", "besides"), CASES)
async def test_who_has_too_little_is_told_what_is_missing(
    memory: httpx.AsyncClient, keyholders: dict[str, Person], method: str, path: str, scope: str, besides: str
) -> None:
    sent, admin = _sent(method, path), keyholders["admin"]
    problem(await memory.request(**sent), 401, "unauthenticated")
    key = await memory.request(**sent, headers=await api_key(memory, admin))
    if besides == "token":
        problem(key, 403, "forbidden")
    else:
        assert key.status_code in (200, 404, 422), key.text
    if scope == "-":
        return
    others = await limited(memory, admin, *SCOPES[Role.ADMIN] - {scope})
    without = await memory.request(**sent, headers=others)
    problem(without, 403, "insufficient_scope")
    assert without.headers["www-authenticate"] == f'Bearer error="insufficient_scope", scope="{scope}"'
    if besides in ("staff", "admin"):
        code = "forbidden" if scope in SCOPES[Role.CUSTOMER] else "insufficient_scope"
        problem(await memory.request(**sent, headers=keyholders["customer"].headers), 403, code)


@pytest.mark.parametrize(("method", "path", "scope", "besides"), [case for case in CASES if case[1] != "/users/me"])
async def test_one_scope_does(
    memory: httpx.AsyncClient, keyholders: dict[str, Person], method: str, path: str, scope: str, besides: str
) -> None:
    who = keyholders[besides if besides in keyholders else "customer"]
    headers = await limited(memory, who, "rooms:read" if scope == "-" else scope)

    response = await memory.request(**_sent(method, path), headers=headers)

    assert response.status_code in (200, 404, 422), (response.status_code, response.text)


@pytest.mark.parametrize("path", [line.partition(" ")[2] for line in ANYBODY.split("\n") if line.startswith("GET")])
async def test_a_bad_credential_is_refused_where_none_is_needed(memory: httpx.AsyncClient, path: str) -> None:
    url = API + path.replace("{id}", ID).replace("{name}", "sentiment")

    for headers in ({"Authorization": "Bearer x"}, {"X-API-Key": "x"}):
        problem(await memory.get(url, headers=headers), 401, "unauthenticated")
