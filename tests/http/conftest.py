"""One application for each store, for all tests over HTTP: a test makes what it needs, under names of its own."""

from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import AsyncExitStack
from pathlib import Path
from tempfile import TemporaryDirectory

import httpx
import pytest
import pytest_asyncio

from tests.http.client import ADMIN, API, Person, Served, serving, sign_in, sign_up
from tests.stores import fresh_url

HERE = Path(__file__).parent
Servers = Callable[[str], Awaitable[Served]]


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """The applications live as long as the run does, and so does the loop that they and the tests are on."""
    for item in items:
        if HERE in item.path.parents and pytest_asyncio.is_async_test(item):
            item.add_marker(pytest.mark.asyncio(loop_scope="session"), append=False)


@pytest_asyncio.fixture(scope="session", loop_scope="session")
async def servers() -> AsyncIterator[Servers]:
    async with AsyncExitStack() as stack:
        started: dict[str, Served] = {}

        async def server(store: str) -> Served:
            if store not in started:
                kind, _, cached = store.partition(" ")
                url = await stack.enter_async_context(fresh_url(kind))
                folder = stack.enter_context(TemporaryDirectory(prefix="portico_blobs_"))
                over = {"blob_url": "memory://" if kind == "memory" else f"file://{folder}"}
                ttl_s = 60 if cached else 0
                started[store] = await stack.enter_async_context(serving(url, cache_ttl_s=ttl_s, **over))
            return started[store]

        yield server


@pytest_asyncio.fixture(loop_scope="session")
async def served(store: str, servers: Servers) -> Served:
    """The application on that store, shared with all other tests."""
    return await servers(store)


@pytest.fixture
def client(served: Served) -> httpx.AsyncClient:
    """Talks to the application; once on each store."""
    return served.client


@pytest_asyncio.fixture(loop_scope="session")
async def memory(servers: Servers) -> httpx.AsyncClient:
    """Talks to the application on one store only: for what is decided before any store is asked."""
    return (await servers("memory")).client


@pytest_asyncio.fixture(loop_scope="session")
async def member(memory: httpx.AsyncClient) -> Person:
    """A customer there."""
    return await sign_up(memory)


@pytest.fixture(scope="session")
def admins() -> dict[httpx.AsyncClient, Person]:
    """The admin of each application, once they are signed in."""
    return {}


@pytest_asyncio.fixture(loop_scope="session")
async def admin(client: httpx.AsyncClient, admins: dict[httpx.AsyncClient, Person]) -> Person:
    """Whom the settings named; signed in once, so not to be changed."""
    if client not in admins:
        tokens = await sign_in(client, ADMIN["admin_username"], ADMIN["admin_password"])
        headers = {"Authorization": f"Bearer {tokens['access_token']}"}
        admins[client] = Person((await client.get(f"{API}/users/me", headers=headers)).json(), tokens)
    return admins[client]


@pytest_asyncio.fixture(loop_scope="session")
async def somebody(client: httpx.AsyncClient) -> Person:
    """A customer."""
    return await sign_up(client)


@pytest_asyncio.fixture(loop_scope="session")
async def stranger(client: httpx.AsyncClient) -> Person:
    """Another customer."""
    return await sign_up(client)


@pytest_asyncio.fixture(loop_scope="session")
async def staff(client: httpx.AsyncClient, admin: Person) -> Person:
    """Somebody whom the admin made staff."""
    person = await sign_up(client)
    response = await client.patch(f"{API}/users/{person.id}", json={"role": "staff"}, headers=admin.headers)
    assert response.status_code == 200, response.text
    return Person(response.json(), await sign_in(client, person.user["username"]))
