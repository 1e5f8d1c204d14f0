"""How long `GET /health/live` takes while predictions keep the pool busy, and while they do not."""

import asyncio
import time

import httpx

from tests.e2e.serving import served
from tests.http.client import API, sign_up

CLIENTS = 8
LONG = ("What a lovely teapot, though the lid is not very good. " * 180)[:10_000]


async def busy(store: str, rounds: int = 3, each: int = 1000) -> tuple[list[float], list[float], float]:
    """Seconds of both, sorted; and predictions a second meanwhile."""
    idle: list[float] = []
    loaded: list[float] = []
    done = lasted = 0.0
    async with served(store, workers=1) as server, httpx.AsyncClient(base_url=server.address, timeout=60) as client:
        person = await sign_up(client)

        async def predict() -> None:
            nonlocal done
            async with httpx.AsyncClient(base_url=server.address, timeout=60, headers=person.headers) as own:
                while True:
                    (await own.post(f"{API}/predictions", json={"text": LONG})).raise_for_status()
                    done += 1

        await client.post(f"{API}/predictions", json={"text": LONG}, headers=person.headers)
        for _ in range(rounds):
            idle += await _asked(client, each)
            load, began = [asyncio.create_task(predict()) for _ in range(CLIENTS)], time.perf_counter()
            loaded += await _asked(client, each)
            lasted += time.perf_counter() - began
            for one in load:
                one.cancel()
            await asyncio.gather(*load, return_exceptions=True)
    return sorted(idle), sorted(loaded), done / lasted


async def _asked(client: httpx.AsyncClient, times: int) -> list[float]:
    found = []
    for _ in range(times):
        began = time.perf_counter()
        (await client.get("/health/live")).raise_for_status()
        found.append(time.perf_counter() - began)
    return found
