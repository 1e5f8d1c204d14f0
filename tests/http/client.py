"""What tests over HTTP have in common: a running application, people with credentials, and the shape of a refusal."""

import asyncio
import itertools
import secrets
import tempfile
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass, field
from functools import cache
from http import HTTPStatus
from typing import Any

import httpx

from domain.access import ALL_SCOPES
from entrypoints.http.app import create_app
from entrypoints.http.edge import Edge
from entrypoints.settings import Settings

API = "/api/v1"
PASSWORD = "correct horse 1"
SECRET = "one key of the tests that signs whatever they need"
PROBLEM = {"type", "title", "status", "detail", "instance", "code", "request_id"}
ADMIN = {"admin_username": "root", "admin_email": "root@example.com", "admin_password": PASSWORD}

_number = itertools.count(1)


def unique(stem: str = "x") -> str:
    """A name that no other test has, of letters and digits."""
    return f"{stem}{next(_number)}{secrets.token_hex(4)}"


def settings_of(url: str = "memory://", **over: Any) -> Settings:
    given = {"secret_key": SECRET, "bcrypt_rounds": 4, "log_level": "ERROR", "rate_limit_enabled": False, **ADMIN}
    given["blob_url"] = "memory://"
    return Settings(_env_file=None, database_url=url, **(given | over))  # type: ignore[call-arg]


@dataclass(frozen=True)
class Served:
    """An application that has started, and a client that talks to it."""

    client: httpx.AsyncClient
    edge: Edge
    settings: Settings
    container: Any


@asynccontextmanager
async def serving(url: str = "memory://", **over: Any) -> AsyncIterator[Served]:
    """An application of one's own, started as a server does it, with settings of one's own."""
    async with AsyncExitStack() as stack:
        if "mail_dir" not in over:
            over["mail_dir"] = stack.enter_context(tempfile.TemporaryDirectory(prefix="portico_mail"))
        yield await stack.enter_async_context(_running(settings_of(url, **over)))


@asynccontextmanager
async def _running(settings: Settings) -> AsyncIterator[Served]:
    edge = create_app(settings)
    async with (
        lifespan(edge),
        httpx.AsyncClient(
            transport=httpx.ASGITransport(edge),  # type: ignore[arg-type]
            base_url="http://portico.test",
            event_hooks={"response": [declared_by(edge)]},
        ) as client,
    ):
        yield Served(client, edge, settings, edge._app.state.container)


@cache
def documented_paths() -> dict[str, Any]:
    """The same in every application, and slow to make."""
    paths: dict[str, Any] = create_app(settings_of()).document()["paths"]
    return paths


def declared_by(edge: Edge) -> Callable[[httpx.Response], Awaitable[None]]:
    """Holds every answer of every test to the OpenAPI document: its operation declares its status and type."""
    paths = documented_paths()

    async def declared(response: httpx.Response) -> None:
        found = edge._routes.find(response.request.url.path)
        method = response.request.method.lower().replace("head", "get")
        operation = paths.get(found[0].template, {}).get(method) if found else None
        status, type = response.status_code, response.headers.get("content-type")
        if operation is None or status == 500 or (status == 404 and edge._hosts):
            return
        name, answers = operation["operationId"], operation["responses"]
        assert str(status) in answers, f"{name} answers an undeclared {status}"
        assert type in answers[str(status)].get("content", {None: None}), f"{name} answers {status} as {type}"

    return declared


@asynccontextmanager
async def lifespan(app: Callable[..., Any]) -> AsyncIterator[None]:
    """Starts and stops an ASGI application in a task of its own, whoever enters and leaves."""
    said: asyncio.Queue[dict[str, Any]] = asyncio.Queue()
    heard: asyncio.Queue[dict[str, Any]] = asyncio.Queue()

    async def say(message: str) -> None:
        await said.put({"type": f"lifespan.{message}"})
        answer = await heard.get()
        assert answer["type"] == f"lifespan.{message}.complete", answer

    running = asyncio.create_task(app({"type": "lifespan", "state": {}}, said.get, heard.put))
    await say("startup")
    try:
        yield
    finally:
        await say("shutdown")
        await running


@dataclass(frozen=True)
class Person:
    """Somebody with an account, and the headers of one sign-in."""

    user: dict[str, Any]
    tokens: dict[str, Any]
    password: str = field(default=PASSWORD, repr=False)

    @property
    def id(self) -> str:
        return str(self.user["id"])

    @property
    def headers(self) -> dict[str, str]:
        return {"Authorization": f"Bearer {self.tokens['access_token']}"}


async def sign_up(client: httpx.AsyncClient, **over: Any) -> Person:
    """Somebody new, signed in."""
    name = unique("user")
    body = {"username": name, "email": f"{name}@example.com", "password": PASSWORD, **over}
    response = await client.post(f"{API}/auth/register", json=body)
    assert response.status_code == 201, response.text
    return Person(response.json(), await sign_in(client, body["username"], body["password"]), body["password"])


async def sign_in(client: httpx.AsyncClient, username: str, password: str = PASSWORD, **form: str) -> dict[str, Any]:
    """What `/auth/token` grants; `scope` may be given."""
    form = {"grant_type": "password", "username": username, "password": password, **form}
    response = await client.post(f"{API}/auth/token", data=form)
    assert response.status_code == 200, response.text
    granted: dict[str, Any] = response.json()
    return granted


async def limited(client: httpx.AsyncClient, person: Person, *scopes: str) -> dict[str, str]:
    """Headers of a sign-in of theirs that has these scopes alone."""
    granted = await sign_in(client, person.user["username"], person.password, scope=" ".join(scopes))
    return {"Authorization": f"Bearer {granted['access_token']}"}


async def api_key(client: httpx.AsyncClient, person: Person, *scopes: str) -> dict[str, str]:
    """Headers of a new key of theirs; without scopes, all that they may have."""
    body = {"name": unique("key"), "scopes": list(scopes or sorted(ALL_SCOPES))}
    response = await client.post(f"{API}/auth/api-keys", json=body, headers=person.headers)
    assert response.status_code == 201, response.text
    return {"X-API-Key": response.json()["key"]}


async def offer(client: httpx.AsyncClient, person: Person, **over: Any) -> dict[str, Any]:
    """A new item of theirs."""
    body = {"name": unique("item"), "price": "10.00", **over}
    response = await client.post(f"{API}/items", json=body, headers=person.headers)
    assert response.status_code == 201, response.text
    item: dict[str, Any] = response.json()
    return item


def problem(response: httpx.Response, status: int, code: str) -> dict[str, Any]:
    """The members of a refusal, after looking at all that every refusal has."""
    assert response.status_code == status, (response.status_code, response.text)
    assert response.headers["content-type"] == "application/problem+json"
    assert response.headers["cache-control"] == "no-store"
    body: dict[str, Any] = response.json()
    assert body["code"] == code, body
    assert body.keys() >= PROBLEM
    assert body["status"] == status
    assert body["title"] == HTTPStatus(status).phrase
    assert body["type"].endswith(code)
    assert body["instance"] == response.request.url.path
    assert body["request_id"] == response.headers["x-request-id"]
    assert isinstance(body["detail"], str)
    assert ("errors" in body) == (code == "validation_failed")
    for error in body.get("errors", ()):
        assert error.keys() == {"loc", "message", "type"}
        assert error["loc"][0] in ("body", "query", "path", "header")
    return body


def locations(response: httpx.Response) -> list[list[str | int]]:
    """Where a 422 says that the shape is wrong."""
    return [error["loc"] for error in problem(response, 422, "validation_failed")["errors"]]
