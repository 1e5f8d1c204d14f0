"""Logs: what happened, and nothing of what anybody sent."""

import io
import json
import secrets
import sys
from collections.abc import AsyncIterator

import httpx
import pytest

from adapters.persistence.unit_of_work import StoredUnits
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
