"""One trial: so many kills of one server under load, and what the store has then of what the clients were told."""

import asyncio
from collections import Counter
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from random import Random

from pymongo import AsyncMongoClient

from tests.crash.clients import Client, Tally
from tests.e2e.market import Books, Market, all_entries, connected, opened
from tests.e2e.serving import Server, served
from tests.stores import server_url

CLIENTS = 8
EACH = (5, 60)
"""How many answers there are between two kills."""


@dataclass
class Trial:
    """`doubted` are requests whose connection broke; `replayed` those of them that had been done before the kill."""

    kills: int
    acknowledged: int = 0
    found: int = 0
    doubted: int = 0
    replayed: int = 0
    lost: list[str] = field(default_factory=list)
    phantom: list[str] = field(default_factory=list)
    double: list[str] = field(default_factory=list)
    half: list[str] = field(default_factory=list)
    ready: list[float] = field(default_factory=list)

    @property
    def wrong(self) -> list[str]:
        return [*self.lost, *self.phantom, *self.double, *self.half]


async def trial(store: str, kills: int, seed: int = 1) -> Trial:
    async with (
        impatient(store),
        served(store, workers=1) as server,
        connected(server.address, CLIENTS) as client,
    ):
        market = await opened(client, buyers=CLIENTS, stocks=[100_000, *[200 * kills] * 4], money="100000.00")
        result, random = Trial(kills), Random(seed)
        clients = await _live_through(server, market, result, random)
        await _compare(market, clients, result)
        code, said = await server.run("ledger", "verify")
        result.half += [said] if code else []
        return result


@asynccontextmanager
async def impatient(store: str) -> AsyncIterator[None]:
    """MongoDB keeps for a minute what a killed process held in a transaction; meanwhile, for two seconds."""
    if store != "mongodb":
        yield
        return
    client: AsyncMongoClient[dict[str, object]]
    async with AsyncMongoClient(server_url(store)) as client:
        name = "transactionLifetimeLimitSeconds"
        before = (await client.admin.command("getParameter", 1, **{name: 1}))[name]
        await client.admin.command("setParameter", 1, **{name: 2})
        try:
            yield
        finally:
            await client.admin.command("setParameter", 1, **{name: before})


async def _live_through(server: Server, market: Market, result: Trial, random: Random) -> list[Client]:
    """All clients at work while the server is killed and started again; each has its last answer afterwards."""
    up, done, tally = asyncio.Event(), asyncio.Event(), Tally()
    clients = [Client(market, buyer, up, done, tally, Random(random.random())) for buyer in market.buyers]
    async with asyncio.TaskGroup() as group:
        for client in clients:
            group.create_task(client.live())
        for _ in range(result.kills):
            up.set()
            await tally.reaches(tally.answered + random.randint(*EACH))
            await asyncio.sleep(random.random() * 0.02)  # not always in the moment of an answer
            up.clear()
            await server.kill()
            result.ready.append(await server.start())
        done.set()
        up.set()
    result.doubted, result.replayed, result.half = tally.doubted, tally.replayed, tally.wrong
    return clients


async def _compare(market: Market, clients: list[Client], result: Trial) -> None:
    books = await market.audit()
    result.half += books.wrong
    result.acknowledged = sum(client.acknowledged for client in clients)
    wished = {note: id for client in clients for note, id in client.wished.items()}
    result.double += [f"{many} orders for {note}" for note, many in books.by_notes.items() if many > 1]
    result.phantom += [f"order for {note}, which nobody was told of" for note in books.by_notes.keys() - wished.keys()]
    for client in clients:
        _compare_orders(client, books, result)
        await _compare_transfers(market, client, result)
    result.found = result.acknowledged - len(result.lost)


def _compare_orders(client: Client, books: Books, result: Trial) -> None:
    for id, state in client.state.items():
        there = books.orders.get(id, {"status": "not there"})
        if there["status"] != state:
            result.lost.append(f"order {id} was said to be {state} and is {there['status']}")


async def _compare_transfers(market: Market, client: Client, result: Trial) -> None:
    out = [e for e in await all_entries(market, client.buyer) if e["kind"] == "transfer_out"]
    ids, notes = {entry["id"] for entry in out}, Counter(entry["note"] for entry in out)
    result.lost += [f"transfer {note} is not there" for note, id in client.sent.items() if id not in ids]
    result.double += [f"{many} transfers for {note}" for note, many in notes.items() if many > 1]
    result.phantom += [f"transfer {note}, which nobody was told of" for note in notes.keys() - client.sent.keys()]
