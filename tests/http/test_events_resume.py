"""Whoever comes and goes hears the same as whoever stays, in the same order, each once."""

import asyncio
from typing import Any
from uuid import uuid4

import httpx
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from uuid_utils import uuid7

from tests.http.client import API, Person, Served, offer, problem, sign_up
from tests.http.listening import Listener, Said

STEPS = st.lists(
    st.sampled_from(["offer", "offer hidden", "change", "hide", "show", "delete", "cut", "cut in the middle"]),
    min_size=1,
    max_size=25,
)


class Wanderer:
    """Listens with interruptions, and goes on behind the last event that they got."""

    def __init__(self, served: Served, headers: dict[str, str], first: Said) -> None:
        self._served, self._headers, self.heard = served, headers, [first]
        self._connect()

    def _connect(self) -> None:
        after = {"Last-Event-ID": self.heard[-1].id}
        self._listener = Listener(self._served.edge, {**self._headers, **after}, {"topics": "items"})

    async def cut(self, after_events: int) -> None:
        """Perhaps in the middle of what there is to hear."""
        for _ in range(after_events):
            try:
                async with asyncio.timeout(0.05):
                    self.heard.append(await self._listener.event())
            except TimeoutError:
                break
        await self.close()
        self._connect()

    async def close(self) -> None:
        self._listener.leave()
        await self._listener.task

    async def rest(self, last: str) -> None:
        while self.heard[-1].id != last:
            self.heard.append(await self._listener.event())


def ids(heard: list[Said], *, of: set[str] | None = None, but: frozenset[str] = frozenset()) -> list[str]:
    """Of the events that are in `of` and of none of the items `but`."""
    return [said.id for said in heard if (of is None or said.id in of) and said.thing["id"] not in but]


async def _do(served: Served, owner: Any, items: list[dict[str, Any]], step: str) -> None:
    if step.startswith("offer") or not items:
        items.append(await offer(served.client, owner, is_public=step != "offer hidden"))
        return
    path = f"{API}/items/{items[-1]['id']}"
    if step == "delete":
        await served.client.delete(path, headers=owner.headers)
        items.pop()
    else:
        changes: dict[str, Any] = {"hide": {"is_public": False}, "show": {"is_public": True}}.get(step, {"stock": 7})
        await served.client.patch(path, json=changes, headers=owner.headers)


@pytest.mark.parametrize("whose", ["owner", "stranger"])
async def test_interruptions_lose_and_repeat_nothing(served: Served, whose: str) -> None:
    owner, stranger = await sign_up(served.client), await sign_up(served.client)
    headers = (owner if whose == "owner" else stranger).headers

    async def hears_the_same(steps: list[str]) -> None:
        steady = Listener(served.edge, headers, {"topics": "items"})
        await steady.head()
        items = [await offer(served.client, owner)]
        heard = (await steady.until("item.created", items[0]["id"]))[-1:]
        wanderer = Wanderer(served, headers, heard[0])
        hidden: set[str] = set()
        for number, step in enumerate(steps):
            if step.startswith("cut"):
                await wanderer.cut(number % 3 if step == "cut in the middle" else 0)
                continue
            await _do(served, owner, items, step)
            if "hid" in step and items:
                hidden.add(items[-1]["id"])
        end = await offer(served.client, owner)
        heard += await steady.until("item.created", end["id"])
        await wanderer.rest(heard[-1].id)
        await wanderer.close()
        steady.leave()
        await steady.task

        late = Listener(served.edge, headers, {"topics": "items", "last_event_id": heard[0].id})
        again = heard[:1] + await late.until("item.created", end["id"])
        late.leave()
        await late.task

        # What was hidden for a while is told to strangers or not, by what it is when it comes to them.
        uneven = frozenset() if whose == "owner" else frozenset(hidden)
        for other in (wanderer.heard, again):
            assert len(set(ids(other))) == len(other)
            assert ids(other, but=uneven) == ids(heard, but=uneven)
            assert ids(other, of=set(ids(heard))) == ids(heard, of=set(ids(other)))

    loop = asyncio.get_running_loop()

    @settings(max_examples=6, deadline=None, suppress_health_check=list(HealthCheck))
    @given(STEPS)
    def examples(steps: list[str]) -> None:
        asyncio.run_coroutine_threadsafe(hears_the_same(steps), loop).result(60)

    await asyncio.to_thread(examples)


BAD = ("x", "1", "0", "01890000-0000-7000-8000-00000000000g")


@pytest.mark.parametrize("id", [*BAD, *(pytest.param(str(new()), id=new.__name__) for new in (uuid4, uuid7))])
async def test_an_id_that_was_never_given_is_refused(client: httpx.AsyncClient, somebody: Person, id: str) -> None:
    for where in ({"headers": {**somebody.headers, "Last-Event-ID": id}}, {"params": {"last_event_id": id}}):
        response = await client.get(f"{API}/events", **{"headers": somebody.headers, **where})  # type: ignore[arg-type]

        problem(response, 422, "invalid_event_id")
