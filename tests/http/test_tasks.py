"""Tasks over HTTP: whose they are, how they are listed, and how they are cancelled, queued and running."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import httpx
import pytest
import pytest_asyncio

from application.ports.predictor import Predictor
from domain.errors import Unavailable
from domain.predictions import Model, ModelName
from entrypoints.http.app import create_app
from tests.http.client import Person, declared_by, lifespan, limited, locations, problem, settings_of, sign_up
from tests.http.work import GLAD, MODELS, PREDICTIONS, QUEUE, TASKS, done, queued, read, until
from tests.stores import fresh_url

ID = "01970000-0000-7000-8000-000000000001"


class Slow(Predictor):
    """Answers a text when it is let, so that what runs can be looked at."""

    def __init__(self) -> None:
        self.lets, self.away = asyncio.Semaphore(0), False
        self.asked = 0

    async def models(self) -> list[Model]:
        raise Unavailable

    async def shares(self, model: ModelName, text: str) -> dict[str, float]:
        self.asked += 1
        if self.away:
            raise Unavailable
        await self.lets.acquire()
        return {"positive": 0.75, "neutral": 0.25}

    async def close(self) -> None:
        """Nothing is held."""


@asynccontextmanager
async def slowly(url: str, **settings: object) -> AsyncIterator[tuple[httpx.AsyncClient, Slow]]:
    """An application whose predictor is slow."""
    edge, slow = create_app(settings_of(url, **settings)), Slow()
    edge._app.state.container.predictor.override(slow)
    transport = httpx.ASGITransport(edge)  # type: ignore[arg-type]
    hooks = {"response": [declared_by(edge)]}
    async with (
        lifespan(edge),
        httpx.AsyncClient(transport=transport, base_url="http://portico.test", event_hooks=hooks) as client,
    ):
        yield client, slow
        slow.lets = asyncio.Semaphore(1000)


@pytest_asyncio.fixture(loop_scope="session")
async def slow(store: str) -> AsyncIterator[tuple[httpx.AsyncClient, Slow]]:
    async with fresh_url(store) as url, slowly(url) as both:
        yield both


async def cancel(client: httpx.AsyncClient, person: Person, id: str, **headers: str) -> httpx.Response:
    return await client.delete(f"{TASKS}/{id}", headers={**person.headers, **headers})


async def test_a_task_is_its_owners_alone(client: httpx.AsyncClient, somebody: Person, admin: Person) -> None:
    task = await done(client, somebody)

    for other in (await sign_up(client), admin):
        problem(await client.get(f"{TASKS}/{task['task_id']}", headers=other.headers), 404, "not_found")
        problem(await cancel(client, other, task["task_id"]), 404, "not_found")
        ids = [each["task_id"] for each in (await client.get(TASKS, headers=other.headers)).json()["items"]]
        assert task["task_id"] not in ids
    assert await read(client, somebody, task["task_id"]) == task


async def test_who_has_a_task_as_it_is_is_spared_the_body(client: httpx.AsyncClient, somebody: Person) -> None:
    path = f"{TASKS}/{(await done(client, somebody))['task_id']}"
    tag = (await client.get(path, headers=somebody.headers)).headers["etag"]

    known = await client.get(path, headers={**somebody.headers, "If-None-Match": tag})

    assert (known.status_code, known.content, known.headers["etag"]) == (304, b"", tag)


async def test_tasks_are_listed_by_status_and_kind_newest_first(client: httpx.AsyncClient, somebody: Person) -> None:
    tasks = [await done(client, somebody) for _ in range(3)]

    async def listed(query: str) -> list[str]:
        response = await client.get(f"{TASKS}?{query}", headers=somebody.headers)
        assert response.status_code == 200, response.text
        return [task["task_id"] for task in response.json()["items"]]

    newest = [task["task_id"] for task in sorted(tasks, key=lambda t: t["created_at"], reverse=True)]
    assert await listed("") == await listed("kind=prediction&status=succeeded") == newest
    assert await listed("status=queued") == await listed("kind=other") == await listed("kind=%25") == []
    first = (await client.get(f"{TASKS}?cursor=&size=2", headers=somebody.headers)).json()
    assert [task["task_id"] for task in first["items"]] == newest[:2]
    assert await listed(f"cursor={first['next_cursor']}&size=2") == newest[2:]


async def test_bad_questions_are_refused(memory: httpx.AsyncClient, member: Person) -> None:
    narrow = await limited(memory, member, "items:read")

    for name, value in (("status", "late"), ("kind", "%00"), ("kind", "x" * 201)):
        refused = await memory.get(f"{TASKS}?{name}={value}", headers=member.headers)
        assert locations(refused) == [["query", name]]
    for id in (ID, "7", "x" * 300):
        problem(await memory.get(f"{TASKS}/{id}", headers=member.headers), 404, "not_found")
        problem(await memory.delete(f"{TASKS}/{id}", headers=member.headers), 404, "not_found")
    for path in (TASKS, f"{TASKS}/{ID}"):
        problem(await memory.get(path), 401, "unauthenticated")
        problem(await memory.get(path, headers=narrow), 403, "insufficient_scope")


async def test_a_task_that_is_over_cannot_be_cancelled(client: httpx.AsyncClient, somebody: Person) -> None:
    task = await done(client, somebody)

    refused = problem(await cancel(client, somebody, task["task_id"]), 409, "invalid_transition")

    assert (refused["state"], refused["allowed"]) == ("succeeded", [])
    assert await read(client, somebody, task["task_id"]) == task


async def test_a_queued_task_is_cancelled_and_stays_readable(
    slow: tuple[httpx.AsyncClient, Slow],
) -> None:
    client, _ = slow
    person = await sign_up(client)
    ids = [await queued(client, person) for _ in range(9)]
    async with asyncio.timeout(30):
        states = [(await read(client, person, id))["status"] for id in ids]
        while states.count("running") < 8:
            await asyncio.sleep(0.005)
            states = [(await read(client, person, id))["status"] for id in ids]
    waiting = ids[states.index("queued")]

    response = await cancel(client, person, waiting)

    task = await read(client, person, waiting)
    assert (response.status_code, response.content) == (204, b"")
    assert (task["status"], task["result"], task["error"], task["started_at"]) == ("cancelled", None, None, None)
    assert task["finished_at"] is not None
    problem(await cancel(client, person, waiting), 409, "invalid_transition")


async def test_a_running_batch_shows_its_progress_and_is_cancelled(slow: tuple[httpx.AsyncClient, Slow]) -> None:
    client, predictor = slow
    person = await sign_up(client)
    id = await queued(client, person, texts=[GLAD] * 100)
    running = await until(client, person, id, "running")
    assert (running["progress"], running["result"], running["finished_at"]) == (0, None, None)
    seen = [0.0]
    async with asyncio.timeout(30):
        while seen[-1] < 0.02:
            predictor.lets.release()
            await asyncio.sleep(0.02)
            seen.append((await read(client, person, id))["progress"])

    response = await cancel(client, person, id)
    asked = predictor.asked
    predictor.lets = asyncio.Semaphore(1000)
    other = await done(client, person)

    task = await read(client, person, id)
    assert response.status_code == 204
    assert seen == sorted(seen)
    assert (task["status"], task["result"]) == ("cancelled", None)
    assert other["status"] == "succeeded"
    assert predictor.asked < asked + 100


async def test_a_task_that_is_known_is_not_sent_again(client: httpx.AsyncClient, somebody: Person) -> None:
    url = f"{TASKS}/{(await done(client, somebody))['task_id']}"
    tag = (await client.get(url, headers=somebody.headers)).headers["etag"]

    again = await client.get(url, headers={**somebody.headers, "If-None-Match": tag})

    assert (again.status_code, again.content) == (304, b"")


async def test_cancelling_may_depend_on_the_version(slow: tuple[httpx.AsyncClient, Slow]) -> None:
    client, _ = slow
    person = await sign_up(client)
    id = await queued(client, person)
    await until(client, person, id, "running")

    problem(await cancel(client, person, id, **{"If-Match": '"1"'}), 412, "precondition_failed")
    tag = (await client.get(f"{TASKS}/{id}", headers=person.headers)).headers["etag"]

    assert (await cancel(client, person, id, **{"If-Match": tag})).status_code in (204, 412)


async def test_where_the_models_do_not_answer_it_is_said(slow: tuple[httpx.AsyncClient, Slow]) -> None:
    client, predictor = slow
    predictor.away = True
    person = await sign_up(client)

    response = await client.post(PREDICTIONS, json={"text": GLAD}, headers=person.headers)

    problem(response, 503, "unavailable")
    assert int(response.headers["retry-after"]) > 0
    problem(await client.get(MODELS), 503, "unavailable")
    task = await until(client, person, await queued(client, person), "failed")
    assert task["error"]["code"] == "attempts_exhausted"


async def test_without_workers_inline_a_task_stays_queued() -> None:
    async with slowly("memory://", workers_inline=False) as (client, _):
        person = await sign_up(client)
        id = await queued(client, person)
        for _ in range(20):
            await asyncio.sleep(0)
            task = await read(client, person, id)
            assert (task["status"], task["progress"], task["started_at"]) == ("queued", 0, None)
        response = await client.post(QUEUE, json={"text": GLAD}, headers=person.headers)
        assert response.status_code == 202


async def test_who_leaves_takes_their_tasks_along(client: httpx.AsyncClient, somebody: Person) -> None:
    task = await done(client, somebody)

    left = await client.delete("/api/v1/users/me", headers=somebody.headers)

    assert left.status_code == 204
    problem(await client.get(f"{TASKS}/{task['task_id']}", headers=somebody.headers), 401, "unauthenticated")


@pytest.mark.parametrize("method", ["POST", "PUT", "PATCH"])
async def test_a_task_is_changed_by_nobody(memory: httpx.AsyncClient, member: Person, method: str) -> None:
    response = await memory.request(method, f"{TASKS}/{ID}", json={}, headers=member.headers)

    problem(response, 405, "method_not_allowed")
    assert set(response.headers["allow"].split(", ")) == {"DELETE", "GET", "HEAD", "OPTIONS"}
