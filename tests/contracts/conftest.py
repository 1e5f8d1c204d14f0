import asyncio
from collections.abc import AsyncIterator, Iterator
from contextlib import AsyncExitStack, asynccontextmanager

import asyncpg
import pytest

from adapters.persistence.session import Store
from adapters.persistence.unit_of_work import StoredUnits
from adapters.sql.tables import metadata
from entrypoints.stores import open_store
from tests.builders import CountedIds, FixedClock
from tests.contracts.support import KEPT
from tests.stores import fresh_url


@pytest.fixture(scope="session")
def postgresql_url() -> Iterator[str]:
    """One database with its tables for all tests here, as making one costs more than most tests do."""
    stack = AsyncExitStack()
    with asyncio.Runner() as runner:
        url = runner.run(stack.enter_async_context(fresh_url("postgresql")))
        store = open_store(url)
        runner.run(store.start())
        runner.run(store.stop())
        yield url
        runner.run(stack.aclose())


@pytest.fixture
def shared_url(store: str, request: pytest.FixtureRequest) -> str | None:
    return str(request.getfixturevalue("postgresql_url")) if store == "postgresql" else None


@pytest.fixture
async def started(store: str, shared_url: str | None) -> AsyncIterator[Store]:
    """An empty store that is this test's own."""
    async with _emptied(shared_url) if shared_url else fresh_url(store) as url:
        opened = open_store(url)
        await opened.start()
        yield opened
        await opened.stop()


@asynccontextmanager
async def _emptied(url: str) -> AsyncIterator[str]:
    connection = await asyncpg.connect(url)
    await connection.execute(f"TRUNCATE {', '.join(metadata.tables)}")
    await connection.close()
    yield url


@pytest.fixture
def clock() -> FixedClock:
    return FixedClock()


@pytest.fixture
def units(started: Store, clock: FixedClock) -> StoredUnits:
    return StoredUnits(started, clock, CountedIds(series=1), answers_kept=KEPT, events_kept=KEPT)


@pytest.fixture
def no_errors_behind_our_back(caplog: pytest.LogCaptureFixture) -> Iterator[None]:
    """No task or callback that nobody waits for has failed."""
    yield
    said = [record.getMessage() for record in caplog.get_records("call") if record.name == "asyncio"]
    assert [message for message in said if "exception" in message.lower()] == []
