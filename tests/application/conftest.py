from collections.abc import AsyncIterator

import pytest

from tests.application.house import House, opened
from tests.application.support import Worker, World


@pytest.fixture
def world() -> World:
    return World()


@pytest.fixture
def worker(world: World) -> Worker:
    return world.worker()


@pytest.fixture
async def house(database_url: str) -> AsyncIterator[House]:
    """Tasks on a store; a test that asks for it runs once on each that is there."""
    async with opened(database_url) as house:
        yield house
