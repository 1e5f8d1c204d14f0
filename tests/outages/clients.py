"""Clients that go on asking, and remember when they asked, what they were told, and what was acknowledged."""

import asyncio
import time
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field

import httpx

from tests.http.client import API, Person, unique

PATIENCE_S = 20.0
PAUSE_S = 0.01
"""Between two questions of one client, so that what is measured is not how the machine bears the load."""

NEEDS_STORE = ("list", "read", "write", "sign-in")
KINDS = (*NEEDS_STORE, "info", "ready")


@dataclass(frozen=True)
class Told:
    """One answer; times are those of `time.perf_counter`. `status` is 0 where the connection broke or nothing came."""

    kind: str
    began: float
    ended: float
    status: int
    retry_after: bool
    body: str

    @property
    def took(self) -> float:
        return self.ended - self.began


@dataclass
class Asking:
    """`wishes` are the names of items that were asked for; `made` those of them that were acknowledged, with ids."""

    client: httpx.AsyncClient
    person: Person
    told: list[Told] = field(default_factory=list)
    wishes: list[str] = field(default_factory=list)
    made: dict[str, str] = field(default_factory=dict)
    over: asyncio.Event = field(default_factory=asyncio.Event)

    async def all_kinds(self, each: int) -> None:
        """Of each kind so many clients, until it is `over`."""
        ask: dict[str, Callable[[], Awaitable[object]]] = {
            "list": lambda: self._asked("list", "GET", f"{API}/items?size=20"),
            "read": lambda: self._asked("read", "GET", f"{API}/users/me", headers=self.person.headers),
            "write": self._wish,
            "sign-in": self._sign_in,
            "info": lambda: self._asked("info", "GET", f"{API}/info"),
            "ready": lambda: self._asked("ready", "GET", "/health/ready"),
        }
        async with asyncio.TaskGroup() as group:
            for kind in KINDS:
                for _ in range(each if kind in NEEDS_STORE else 1):
                    group.create_task(self._again_and_again(ask[kind]))

    async def _again_and_again(self, ask: Callable[[], Awaitable[object]]) -> None:
        while not self.over.is_set():
            await ask()
            await asyncio.sleep(PAUSE_S)

    async def _wish(self) -> None:
        """The same wish with the same key, until it is granted or it is over."""
        name, key = unique("wish"), unique("key")
        self.wishes.append(name)
        while not self.over.is_set():
            headers = {**self.person.headers, "Idempotency-Key": key}
            response = await self._asked("write", "POST", f"{API}/items", headers, {"name": name, "price": "1.00"})
            if response is not None and response.status_code == 201:
                self.made[name] = response.json()["id"]
                return
            await asyncio.sleep(PAUSE_S)

    async def _sign_in(self) -> None:
        form = {"grant_type": "password", "username": self.person.user["username"], "password": self.person.password}
        await self._asked("sign-in", "POST", f"{API}/auth/token", form=form)

    async def _asked(
        self,
        kind: str,
        method: str,
        path: str,
        headers: dict[str, str] | None = None,
        body: dict[str, str] | None = None,
        form: dict[str, str] | None = None,
    ) -> httpx.Response | None:
        began, response = time.perf_counter(), None
        try:
            response = await self.client.request(method, path, headers=headers, json=body, data=form)
        except httpx.TransportError as error:
            said = type(error).__name__
        else:
            said = response.text if response.status_code >= 500 else ""
        status = response.status_code if response is not None else 0
        retry_after = response is not None and "retry-after" in response.headers
        self.told.append(Told(kind, began, time.perf_counter(), status, retry_after, said))
        return response
