import os
from collections.abc import AsyncIterator

import pytest
from hypothesis import settings

from tests.stores import (
    CACHED,
    PUBLIC_READS,
    SERVERS,
    available_stores,
    fresh_url,
    missing_servers,
    server_url,
    silent_servers,
)

# A run of CI speaks about the change, so its examples are the same each time; elsewhere they are new each time.
settings.register_profile("fast", deadline=None, max_examples=30, print_blob=True)
settings.register_profile("ci", deadline=None, max_examples=100, print_blob=True, derandomize=True)
settings.load_profile(os.environ.get("HYPOTHESIS_PROFILE") or ("ci" if os.environ.get("CI") else "fast"))


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption(
        "--all-stores",
        action="store_true",
        default=os.environ.get("CI") == "true",
        help="fail where a server is missing, instead of leaving out its tests (the default where CI=true)",
    )


def pytest_sessionstart(session: pytest.Session) -> None:
    if session.config.getoption("all_stores") and missing_servers():
        from tests.containers import docker_answers, start_containers

        if not docker_answers():
            names = ", ".join(SERVERS[server] for server in missing_servers())
            raise pytest.UsageError(f"every store is to be tested, but nothing names {names}, and no Docker answers")
        session.config.add_cleanup(start_containers().close)
    if silent := silent_servers():
        raise pytest.UsageError(f"no answer from the server that {' or '.join(silent)} names")


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    if "store" in metafunc.fixturenames:
        path = metafunc.definition.path
        keeps = path.parent.name == "http" and path.name.startswith(PUBLIC_READS)
        metafunc.parametrize("store", [*available_stores(), *(CACHED if keeps else ())], indirect=True)


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    missing = set(missing_servers())
    left_out = [item for item in items if any(mark.args[0] in missing for mark in item.iter_markers("server"))]
    if left_out:
        config.hook.pytest_deselected(items=left_out)
        items[:] = [item for item in items if item not in left_out]


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    if missing := missing_servers():
        how = " ".join(f"{SERVERS[server]}=..." for server in missing)
        terminalreporter.write_line(
            f"NOT TESTED: {', '.join(missing)}. Set {how}, or with Docker: make test-all", red=True, bold=True
        )


@pytest.fixture
def store(request: pytest.FixtureRequest) -> str:
    """The name of a store; a test that asks for it runs once on each that is there."""
    return str(request.param)


@pytest.fixture
async def database_url(store: str) -> AsyncIterator[str]:
    """The URL of a database on that store which is this test's own."""
    async with fresh_url(store) as url:
        yield url


@pytest.fixture
def redis_url() -> str:
    """For tests marked `server("redis")`. The server is shared: use keys of one's own."""
    return server_url("redis")
