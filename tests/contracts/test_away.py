"""A store that is away or slow says `Unavailable` within five seconds, and is back without a restart."""

import asyncio
import sqlite3
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from pathlib import Path
from urllib.parse import urlsplit

import pytest

from adapters.persistence.session import Store
from adapters.persistence.unit_of_work import StoredUnits
from domain.catalogue import Item
from domain.errors import Unavailable
from entrypoints.stores import open_store
from tests.builders import CountedIds, FixedClock, an_item
from tests.contracts.support import KEPT, got, keep
from tests.stores import fresh_url

WITHIN_S = 5.0


class Gate:
    """Stands between a store and its server, and can be shut; or nothing passes it though it stands open."""

    def __init__(self, host: str, port: int) -> None:
        self._host, self._port = host, port
        self._server: asyncio.Server | None = None
        self._open: set[asyncio.StreamWriter] = set()
        self._clients: set[asyncio.StreamWriter] = set()
        self.passes = asyncio.Event()
        self.passes.set()
        self.port = 0

    async def lift(self) -> None:
        self._server = await asyncio.start_server(self._pass, "127.0.0.1", self.port)
        self.port = self._server.sockets[0].getsockname()[1]

    async def shut(self) -> None:
        assert self._server is not None
        self._server.close()
        self.passes.set()
        for writer in self._open:
            writer.transport.abort()
        await asyncio.sleep(0)

    def say(self, message: bytes) -> None:
        """As if the server had said it, to all that are connected."""
        for writer in self._clients:
            writer.write(message)

    async def _pass(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        with suppress(OSError):
            there_reader, there = await asyncio.open_connection(self._host, self._port)
            self._open |= {writer, there}
            self._clients.add(writer)
            await asyncio.gather(self._copy(reader, there), self._copy(there_reader, writer))
            self._open -= {writer, there}
            self._clients.discard(writer)

    async def _copy(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        with suppress(OSError):
            while data := await reader.read(65536):
                await self.passes.wait()
                writer.write(data)
                await writer.drain()
        writer.close()


@asynccontextmanager
async def behind_a_gate(server: str) -> AsyncIterator[tuple[Store, Gate]]:
    async with fresh_url(server) as url:
        there = urlsplit(url)
        gate = Gate(str(there.hostname), there.port or 0)
        await gate.lift()
        who = f"{there.username}@" if there.username else ""
        query = "directConnection=true" if server == "mongodb" else there.query
        store = open_store(there._replace(netloc=f"{who}127.0.0.1:{gate.port}", query=query).geturl())
        await store.start()
        try:
            yield store, gate
        finally:
            await store.stop()
            await gate.shut()


def units_on(store: Store) -> StoredUnits:
    return StoredUnits(store, FixedClock(), CountedIds(series=1), answers_kept=KEPT, events_kept=KEPT)


async def refuses(units: StoredUnits, kept: Item) -> None:
    """Each kind of work, all at once, on whatever connections were open."""
    async with asyncio.timeout(WITHIN_S):
        reads = [units.ping(), got(units, kept), _held(units, kept)]
        works = [*reads, keep(units, an_item()), keep(units, an_item(), an_item())]
        outcomes = await asyncio.gather(*works, return_exceptions=True)
    assert [type(outcome) for outcome in outcomes] == [Unavailable] * len(works)


async def _held(units: StoredUnits, item: Item) -> None:
    async with units.open() as unit:
        await unit.items.hold(item.id)


@pytest.mark.parametrize(
    "server", [pytest.param(name, marks=pytest.mark.server(name)) for name in ("postgresql", "mongodb")]
)
async def test_a_server_that_goes_away_is_unavailable_and_comes_back_without_a_restart(server: str) -> None:
    item = an_item()
    async with behind_a_gate(server) as (store, gate):
        units = units_on(store)
        await keep(units, item)
        await gate.shut()

        await refuses(units, item)

        await gate.lift()
        async with asyncio.timeout(WITHIN_S):
            await keep(units, an_item())
            assert await got(units, item) == item


@pytest.mark.parametrize(
    "server", [pytest.param(name, marks=pytest.mark.server(name)) for name in ("postgresql", "mongodb")]
)
async def test_a_server_that_says_nothing_is_unavailable_and_comes_back_without_a_restart(server: str) -> None:
    """More is asked at once than there are connections to ask it on."""
    item = an_item()
    async with behind_a_gate(server) as (store, gate):
        units = units_on(store)
        await keep(units, item)
        gate.passes.clear()

        await asyncio.gather(*(refuses(units, item) for _ in range(4)))

        gate.passes.set()
        async with asyncio.timeout(WITHIN_S):
            await keep(units, an_item())
            assert await got(units, item) == item


@pytest.mark.server("postgresql")
async def test_a_server_that_falls_silent_while_something_is_held_is_unavailable() -> None:
    item = an_item()
    async with behind_a_gate("postgresql") as (store, gate):
        units = units_on(store)
        await keep(units, item)
        async with asyncio.timeout(WITHIN_S):
            with pytest.raises(Unavailable):  # noqa: PT012 - to leave the unit is a part of it
                async with units.open() as unit:
                    held = (await unit.items.hold(item.id))[0]
                    gate.passes.clear()
                    unit.items.save(held.revised(held.created_at, stock=5))
                    await unit.commit(None)
        gate.passes.set()

        assert await got(units, item) == item


@pytest.mark.parametrize(
    "server", [pytest.param(name, marks=pytest.mark.server(name)) for name in ("postgresql", "mongodb")]
)
async def test_a_server_that_goes_away_before_commit_is_unavailable(server: str) -> None:
    item = an_item()
    async with behind_a_gate(server) as (store, gate):
        units = units_on(store)
        await keep(units, item)
        async with asyncio.timeout(2 * WITHIN_S), units.open() as unit:
            read = await unit.items.get(item.id)
            await gate.shut()
            unit.items.save(read.revised(read.created_at, stock=5))
            unit.items.add(an_item())
            with pytest.raises(Unavailable):
                await unit.commit(None)
        await gate.lift()

        assert await got(units, item) == item


@pytest.mark.server("postgresql")
async def test_a_server_that_says_farewell_is_unavailable_before_it_hangs_up() -> None:
    """What it says first puts the driver out of step, and the end of the connection comes a moment later."""
    said = b"SFATAL\0VFATAL\0C57P01\0Mterminating connection due to administrator command\0\0"
    item = an_item()
    async with behind_a_gate("postgresql") as (store, gate):
        units = units_on(store)
        await keep(units, item)
        gate.say(b"E" + (len(said) + 4).to_bytes(4) + said)
        for _ in range(20):  # turns of the loop, in which it arrives
            await asyncio.sleep(0)
        async with asyncio.timeout(WITHIN_S):
            with pytest.raises(Unavailable):
                await got(units, item)

            assert await got(units, item) == item


@pytest.mark.server("postgresql")
async def test_a_server_that_goes_away_while_something_is_held_is_unavailable() -> None:
    """MongoDB keeps what was held for a minute, and says the same as before of the rest."""
    item = an_item()
    async with behind_a_gate("postgresql") as (store, gate):
        units = units_on(store)
        await keep(units, item)
        async with asyncio.timeout(2 * WITHIN_S), units.open() as unit:
            held = (await unit.items.hold(item.id))[0]
            await gate.shut()
            unit.items.save(held.revised(held.created_at, stock=5))
            with pytest.raises(Unavailable):
                await unit.commit(None)
        await gate.lift()

        assert await got(units, item) == item


@pytest.mark.parametrize("url", ["postgresql://portico@127.0.0.1:9/portico", "mongodb://127.0.0.1:9/portico"])
async def test_a_server_that_is_not_there_at_the_start_is_unavailable(url: str) -> None:
    store = open_store(url)

    with pytest.raises(Unavailable):
        async with asyncio.timeout(WITHIN_S):
            await store.start()
    await store.stop()


async def test_a_database_that_another_process_writes_to_for_too_long_is_unavailable(tmp_path: Path) -> None:
    store = open_store(f"sqlite:///{tmp_path}/portico.db")
    await store.start()
    units, item = units_on(store), an_item()
    other = sqlite3.connect(tmp_path / "portico.db", isolation_level=None)
    other.execute("BEGIN IMMEDIATE")

    with pytest.raises(Unavailable):
        async with asyncio.timeout(WITHIN_S):
            await keep(units, item)
    other.execute("COMMIT")
    other.close()

    await keep(units, item)
    assert await got(units, item) == item
    await store.stop()


async def test_a_database_whose_folder_cannot_be_made_is_unavailable(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("no folder")
    store = open_store(f"sqlite:///{tmp_path}/file/portico.db")

    with pytest.raises(Unavailable):
        await store.start()
