"""What tests of tasks and predictions over HTTP have in common."""

import asyncio
from typing import Any

import httpx

from tests.http.client import API, Person

TASKS, PREDICTIONS, MODELS = f"{API}/tasks", f"{API}/predictions", f"{API}/models"
QUEUE = f"{PREDICTIONS}/tasks"
GLAD = "What a lovely teapot, I love it!"
PATIENCE_S = 30.0

TASK = {
    *("task_id", "kind", "status", "progress", "result", "error", "created_at", "started_at", "finished_at"),
}
PREDICTION = {"prediction", "confidence", "scores", "model", "processing_time_ms"}


async def queued(client: httpx.AsyncClient, person: Person, **over: Any) -> str:
    """The id of a new task of theirs."""
    response = await client.post(QUEUE, json=over or {"text": GLAD}, headers=person.headers)
    assert response.status_code == 202, response.text
    return str(response.json()["task_id"])


async def read(client: httpx.AsyncClient, person: Person, id: str) -> dict[str, Any]:
    response = await client.get(f"{TASKS}/{id}", headers=person.headers)
    assert response.status_code == 200, response.text
    task: dict[str, Any] = response.json()
    assert task.keys() == TASK
    return task


async def until(client: httpx.AsyncClient, person: Person, id: str, *statuses: str) -> dict[str, Any]:
    async with asyncio.timeout(PATIENCE_S):
        while True:
            task = await read(client, person, id)
            if task["status"] in statuses:
                return task
            await asyncio.sleep(0.005)


async def done(client: httpx.AsyncClient, person: Person, **over: Any) -> dict[str, Any]:
    """A new task of theirs when it is over."""
    return await until(client, person, await queued(client, person, **over), "succeeded", "failed", "cancelled")
