"""Logs: what happened, and nothing of what anybody sent."""

import io
import json
import secrets
import sys
from collections.abc import AsyncIterator
from typing import Any

import httpx
import pytest

from adapters.memory.store import MemoryStore
from adapters.persistence.accounts import USERS
from adapters.persistence.query import AnyOf, Compare, Equal, Query
from adapters.persistence.slow import watched
from adapters.persistence.unit_of_work import StoredUnits
from adapters.system.log import StructuredLog
from entrypoints.http.app import create_app
from entrypoints.settings import load_settings

CANARY = f"canary{secrets.token_hex(8)}1"

pytestmark = pytest.mark.parametrize("level", ["INFO", "DEBUG"])


class Output:
    """Standard output in the place of the process's own."""

    def __init__(self) -> None:
        self.buffer = io.BytesIO()

    def isatty(self) -> bool:
        return False

    def lines(self) -> list[str]:
        return self.buffer.getvalue().decode().splitlines()


@pytest.fixture
def output(monkeypatch: pytest.MonkeyPatch) -> Output:
    output = Output()
    monkeypatch.setattr(sys, "stdout", output)
    return output


@pytest.fixture
async def client(level: str, output: Output) -> AsyncIterator[httpx.AsyncClient]:
    """On memory, with logs as in production."""
    edge = create_app(load_settings(database_url="memory://", log_format="json", log_level=level, bcrypt_rounds=4))
    transport = httpx.ASGITransport(app=edge)  # type: ignore[arg-type]
    async with httpx.AsyncClient(transport=transport, base_url="http://portico/api/v1") as client:
        yield client


async def test_nothing_that_was_sent_gets_into_the_log(client: httpx.AsyncClient, output: Output) -> None:
    account = {"username": CANARY, "email": f"{CANARY}@example.com", "password": CANARY, "full_name": CANARY}
    await client.post("/auth/register", json={**account, "password": f"{CANARY} 2"})
    form = {"grant_type": "password", "username": CANARY, "password": f"{CANARY} 2"}
    tokens = (await client.post("/auth/token", data=form)).json()
    await client.post("/auth/token", data={**form, "password": CANARY})
    signed_in = {"Authorization": f"Bearer {tokens['access_token']}", "Idempotency-Key": CANARY, "User-Agent": CANARY}
    await client.get("/users/me", headers=signed_in)
    await client.get("/users/me", headers={"Authorization": f"Bearer {CANARY}"})
    await client.get("/items", headers={"X-API-Key": CANARY})
    await client.post("/items", json={"name": CANARY, "price": "1", "description": CANARY}, headers=signed_in)
    await client.post("/items", content=f'{{"{CANARY}"', headers={**signed_in, "Content-Type": "application/json"})
    await client.get(f"/{CANARY}/{CANARY}", params={"token": CANARY})
    await client.get("/items", params={"q": CANARY, "cursor": CANARY})
    key = await client.post("/auth/api-keys", json={"name": CANARY, "scopes": ["items:read"]}, headers=signed_in)

    said = "\n".join(output.lines())

    assert said.count('"request"') == 11
    for secret in (CANARY, tokens["access_token"], tokens["refresh_token"], key.json()["key"]):
        assert secret not in said


async def test_a_failure_is_told_by_its_type_and_place_and_not_by_its_words(
    client: httpx.AsyncClient, output: Output, monkeypatch: pytest.MonkeyPatch
) -> None:
    def broken(*_: object) -> None:
        raise LookupError(CANARY) from KeyError(CANARY)

    monkeypatch.setattr(StoredUnits, "open", broken)

    response = await client.get("/items", headers={"X-Request-ID": "seen-here"})

    failed = next(json.loads(line) for line in output.lines() if '"failed"' in line)
    assert (response.status_code, response.json()["code"]) == (500, "internal_error")
    assert CANARY not in response.text + str(failed)
    assert (failed["error"], failed["request_id"]) == ("LookupError", "seen-here")
    assert any("broken" in place for place in failed["at"])


async def test_a_request_is_one_line_that_names_the_route_and_not_the_path(
    client: httpx.AsyncClient, output: Output
) -> None:
    await client.get("/items/0197aaaa-0000-7000-8000-000000000000", headers={"X-Request-ID": "a"})

    (line,) = [line for line in map(json.loads, output.lines()) if line["event"] == "request"]
    assert (line["route"], line["status"], line["request_id"]) == ("/api/v1/items/{id}", 404, "a")
    assert "0197aaaa" not in str(line)


async def test_a_slow_question_is_told_by_its_fields_and_not_by_its_values(
    client: httpx.AsyncClient, output: Output
) -> None:
    slow = watched(MemoryStore(), 0, StructuredLog().slow)
    query = Query((Equal("username_key", CANARY), AnyOf((Compare("created_at", "<", CANARY), Equal("bio", CANARY)))))
    session = slow.session()

    await session.find(USERS, query)
    await session.get(USERS, CANARY)
    await session.close()

    found = [json.loads(line) for line in output.lines()]
    assert [each["asked"] for each in found] == ["find by bio created_at username_key", "get"]
    assert {each["of"] for each in found} == {"users"}
    assert {each["level"] for each in found} == {"warning"}
    assert CANARY not in str(found)


async def test_a_canary_in_every_field_of_every_operation_stays_out(client: httpx.AsyncClient, output: Output) -> None:
    account = {"username": f"a{CANARY}", "email": "a@example.com", "password": f"{CANARY} 2"}
    await client.post("/auth/register", json=account)
    form = {"grant_type": "password", "username": f"a{CANARY}", "password": f"{CANARY} 2"}
    token = (await client.post("/auth/token", data=form)).json()["access_token"]
    headers = {"Authorization": f"Bearer {token}", "User-Agent": CANARY, "Referer": f"http://x/{CANARY}"}
    document = client._transport.app.document()  # type: ignore[attr-defined]
    asked = 0

    for path, operations in document["paths"].items():
        for method, operation in operations.items():
            declared = operation.get("parameters", [])
            query = {each["name"]: CANARY for each in declared if each["in"] == "query"}
            sent = headers | {each["name"]: CANARY for each in declared if each["in"] == "header"}
            for kind, content in operation.get("requestBody", {}).get("content", {None: {}}).items():
                body = None if kind is None else _fields(document, content["schema"])
                given = {"data": body} if kind and "json" not in kind else {"json": body}
                url = f"http://portico{path.replace('{', CANARY + '{')}"
                await client.request(method, url, params=query, headers=sent, **given)  # type: ignore[arg-type]
                asked += 1

    said = "\n".join(output.lines())
    assert said.count('"request"') == asked + 2
    assert CANARY not in said
    assert token not in said


def _fields(document: dict[str, Any], schema: dict[str, Any]) -> dict[str, str]:
    """Each member of a body, with the canary in it."""
    if "$ref" in schema:
        schema = document["components"]["schemas"][schema["$ref"].rsplit("/", 1)[1]]
    return dict.fromkeys(schema.get("properties", {"x": None}), CANARY)
