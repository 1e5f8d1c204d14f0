import pytest

from tests.application.support import Worker, World


@pytest.fixture
def world() -> World:
    return World()


@pytest.fixture
def worker(world: World) -> Worker:
    return world.worker()
