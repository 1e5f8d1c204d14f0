"""What only PostgreSQL has: settings of the server's, and parameters in its URL."""

import pytest

from adapters.sql.postgresql import PostgresqlStore
from tests.stores import fresh_url


@pytest.mark.server("postgresql")
async def test_where_commits_need_not_wait_for_the_disk_ours_do_all_the_same() -> None:
    async with fresh_url("postgresql") as url:
        store = PostgresqlStore(f"{url}?sslmode=prefer&synchronous_commit=off")
        await store.start()
        try:
            ((said,),) = await store.fetched("SHOW synchronous_commit")
        finally:
            await store.stop()

    assert said == "on"
