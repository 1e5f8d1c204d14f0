"""Clients that remember what they were told, and repeat with its Idempotency-Key what they were not."""

import asyncio
from dataclasses import dataclass, field
from random import Random
from typing import Any

import httpx

from tests.e2e.market import Market
from tests.http.client import Person, unique
from tests.http.trade import ORDERS, WALLET, an_order


@dataclass
class Tally:
    """What all clients together were told."""

    answered: int = 0
    doubted: int = 0
    replayed: int = 0
    wrong: list[str] = field(default_factory=list)
    more: asyncio.Condition = field(default_factory=asyncio.Condition)

    async def reaches(self, answered: int) -> None:
        async with self.more:
            await self.more.wait_for(lambda: self.answered >= answered)


@dataclass
class Client:
    """One buyer; `state` is what they were told of each order, `sent` the entries of their transfers."""

    market: Market
    buyer: Person
    up: asyncio.Event
    done: asyncio.Event
    tally: Tally
    random: Random
    state: dict[str, str] = field(default_factory=dict)
    wished: dict[str, str] = field(default_factory=dict)
    sent: dict[str, str] = field(default_factory=dict)
    acknowledged: int = 0

    async def live(self) -> None:
        while not self.done.is_set():
            open_orders = [id for id, state in self.state.items() if state in ("placed", "paid")]
            match self.random.choices(("place", "move", "send"), (6, 3, 1))[0]:
                case "move" if open_orders:
                    await self._move(self.random.choice(open_orders))
                case "send":
                    await self._send()
                case _:
                    await self._place()

    async def _place(self) -> None:
        items = self.random.sample(self.market.items, self.random.randint(1, 3))
        note, payment = unique("wish"), self.random.choice(("wallet", "wallet", "later"))
        body = an_order(*((item, self.random.randint(1, 2)) for item in items), notes=note, payment=payment)
        made = await self._told(ORDERS, body)
        if made is not None:
            self.state[made["id"]] = made["status"]
            self.wished[note] = made["id"]

    async def _move(self, id: str) -> None:
        verb = "cancel" if self.state[id] == "paid" else self.random.choice(("pay", "cancel"))
        now = await self._told(f"{ORDERS}/{id}/{verb}", None)
        if now is not None:
            self.state[id] = now["status"]

    async def _send(self) -> None:
        other = self.random.choice([person for person in self.market.buyers if person is not self.buyer])
        note = unique("gift")
        entry = await self._told(f"{WALLET}/transfers", {"to": other.id, "amount": "0.05", "note": note})
        if entry is not None:
            self.sent[note] = entry["id"]

    async def _told(self, path: str, body: Any) -> dict[str, Any] | None:
        """What was answered in the end, to a request that is the same each time; None where it was refused."""
        key, doubted = unique("key"), False
        while True:
            await self.up.wait()
            try:
                headers = {**self.buyer.headers, "Idempotency-Key": key}
                response = await self.market.client.post(path, json=body, headers=headers)
            except httpx.TransportError:
                doubted = True
                await asyncio.sleep(0.005)
                continue
            if response.status_code != 503 and response.json().get("code") != "idempotency_in_flight":
                return await self._counted(response, doubted)
            await asyncio.sleep(0.005)

    async def _counted(self, response: httpx.Response, doubted: bool) -> dict[str, Any] | None:
        tally, made = self.tally, response.status_code in (200, 201)
        async with tally.more:
            tally.answered += 1
            tally.more.notify_all()
        tally.doubted += doubted
        tally.replayed += "idempotency-replayed" in response.headers
        self.acknowledged += made
        if not made and response.status_code not in (402, 409):
            tally.wrong.append(f"{response.request.url.path} answered {response.status_code}: {response.text}")
        return response.json() if made else None
