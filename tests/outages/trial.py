"""One outage under load, and what is wrong with what the clients saw of it."""

import asyncio
import tempfile
import time
from collections import Counter
from dataclasses import dataclass, field
from pathlib import Path

import httpx

from tests.e2e.serving import Server
from tests.http.client import API, sign_up
from tests.outages.clients import KINDS, NEEDS_STORE, Asking, Told
from tests.outages.servers import Outage, running
from tests.stores import fresh_url

SLOWEST_S, BACK_S = 5.0, 2.0
"""What is promised: how long a refusal may take, and how soon after the return all is served."""

BEFORE_S, AFTER_S, TASK_S = 1.0, 3.0, 10.0
_LIMITS = {"RATE_LIMIT_ENABLED": "true", "RATE_LIMITS": ",".join(
    f"{name}=1000000" for name in ("account", "address", "sign-in", "registration"))}  # fmt: skip


@dataclass
class Seen:
    """`back_s` is, after the server's return, when the last kind of request was served for the first time, and
    `refused_s` when the last refusal came to a request that began after it."""

    away: str
    how: str
    forgets: bool
    while_away: list[Told] = field(default_factory=list)
    back_s: float = 0
    refused_s: float = 0
    kept: int = 0
    wrong: list[str] = field(default_factory=list)
    log: str = ""
    """The last lines of it."""

    def statuses(self, *kinds: str) -> Counter[int]:
        return Counter(told.status for told in self.while_away if told.kind in kinds)

    @property
    def slowest(self) -> float:
        return max((told.took for told in self.while_away), default=0)


async def outage(
    kind: str, how: str, *, seconds: float, each: int = 2, workers: int = 1, mongo: str | None = None
) -> Seen:
    """Raises `NotHere`. Redis is away from a Portico on SQLite, which counts limits and tells events by it."""
    async with running(kind, mongo) as away, fresh_url("sqlite") as beside:
        uses_redis = kind == "redis"
        settings = {"REDIS_URL": away.url, **_LIMITS} if uses_redis else {}
        with tempfile.TemporaryDirectory(prefix="portico_served_") as folder:
            server = Server(beside if uses_redis else away.url, workers, Path(folder), settings)
            await server.start()
            try:
                return await _lived_through(server, away, how, seconds, each)
            finally:
                await server.stop()


async def _lived_through(server: Server, away: Outage, how: str, seconds: float, each: int) -> Seen:
    seen = Seen(away.kind, how, forgets=away.kind == "mongodb" and how != "hang")
    limits = httpx.Limits(max_connections=None, max_keepalive_connections=None)
    async with httpx.AsyncClient(base_url=server.address, timeout=20, limits=limits) as client:
        asking = Asking(client, await sign_up(client))
        async with asyncio.TaskGroup() as group:
            group.create_task(asking.all_kinds(each))
            await asyncio.sleep(BEFORE_S)
            down, pid = time.perf_counter(), server.pid
            await away.leave(how)
            await asyncio.sleep(seconds)
            await away.come_back(how)
            up = time.perf_counter()
            await asyncio.sleep(AFTER_S)
            asking.over.set()
        seen.while_away = [told for told in asking.told if told.ended > down and told.began < up]
        _judge(seen, asking.told, down, up)
        if not server.lives or server.pid != pid:
            seen.wrong.append("the process of Portico did not live through it")
        if not seen.forgets:
            await _look_for(seen, asking)
            await _work(seen, asking)
    seen.log = server.said()
    return seen


def _judge(seen: Seen, told: list[Told], down: float, up: float) -> None:
    seen.wrong += [f"{each.kind}: {each.status} {each.body[:300]}" for each in told if each.status in (0, 500)]
    seen.wrong += [f"{each.kind}: 503 without Retry-After" for each in told
                   if each.status == 503 and not each.retry_after]  # fmt: skip
    seen.wrong += [f"{each.kind}: {each.status} after {each.took:.1f} s" for each in told
                   if each.status >= 500 and each.took > SLOWEST_S]  # fmt: skip
    for kind in KINDS:
        first = min((each.ended for each in told if each.kind == kind and each.ended > up and 0 < each.status < 500),
                    default=None)  # fmt: skip
        if first is None:
            seen.wrong.append(f"{kind}: never served again")
        else:
            seen.back_s = max(seen.back_s, first - up)
    late = [each.ended - up for each in told if each.status == 503 and each.began > up]
    seen.refused_s = max(late, default=0.0)
    seen.wrong += [f"served again after {at:.1f} s" for at in (seen.back_s, seen.refused_s) if at > BACK_S]
    needs = seen.statuses(*NEEDS_STORE)
    if seen.away == "redis":
        seen.wrong += [f"{many} answers of {status}" for status, many in needs.items() if status >= 400]
    elif not seen.statuses("ready")[503] or not needs[503]:
        seen.wrong.append("nobody noticed")
    if any(status != 200 for status in seen.statuses("info")):
        seen.wrong.append("/info was refused")


async def _look_for(seen: Seen, asking: Asking) -> None:
    """What was acknowledged is there, and no wish is granted twice."""
    there: Counter[str] = Counter()
    cursor: str | None = ""
    while cursor is not None:
        path = f"{API}/users/me/items?size=100&cursor={cursor}"
        page = (await asking.client.get(path, headers=asking.person.headers)).raise_for_status().json()
        there.update(item["name"] for item in page["items"])
        cursor = page["next_cursor"]
    lost = asking.made.keys() - there.keys()
    seen.wrong += [f"{name} was acknowledged and is not there" for name in lost]
    seen.wrong += [f"{name} is there {many} times" for name, many in there.items() if many > 1]
    seen.kept = len(asking.made) - len(lost)


async def _work(seen: Seen, asking: Asking) -> None:
    """What works in the background came through it too."""
    headers = asking.person.headers
    queued = await asking.client.post(f"{API}/predictions/tasks", json={"text": "a good day"}, headers=headers)
    where, ends = queued.headers.get("location", ""), time.perf_counter() + TASK_S
    while queued.status_code == 202 and time.perf_counter() < ends:
        if (await asking.client.get(where, headers=headers)).json().get("status") == "succeeded":
            return
        await asyncio.sleep(0.05)
    seen.wrong.append(f"a task is not done: {queued.status_code}")
