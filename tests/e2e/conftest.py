"""One server for all tests of what is below and round HTTP: they keep nothing, so memory will do."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest
import pytest_asyncio

from tests.e2e.serving import Server, served
from tests.e2e.wire import TIMEOUT_S, Wire, wired

SHARED = {Path(__file__).with_name(name) for name in ("test_below_http.py", "test_slow_clients.py", "test_bodies.py",
    "test_rooms_doors.py", "test_rooms_frames.py")}  # fmt: skip


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """The server lives as long as the run does, and so does the loop that it and its tests are on."""
    for item in items:
        if item.path in SHARED and pytest_asyncio.is_async_test(item):
            item.add_marker(pytest.mark.asyncio(loop_scope="session"), append=False)


@pytest_asyncio.fixture(scope="session", loop_scope="session")
async def server() -> AsyncIterator[Server]:
    async with served("memory", REQUEST_TIMEOUT_S=str(TIMEOUT_S)) as server:
        yield server


@pytest_asyncio.fixture(loop_scope="session")
async def wire(server: Server) -> AsyncIterator[Wire]:
    """A connection of one's own to it."""
    async with wired(server.port) as wire:
        yield wire
