"""Counts on SQLite: asking whether anything was committed is never taken for a question that goes on too long."""

from adapters.persistence.query import Equal
from adapters.persistence.tasks import TASKS
from adapters.sql.sqlite import INLINE_STEPS
from entrypoints.stores import open_store
from tests.stores import fresh_url


async def test_a_count_may_be_asked_for_any_number_of_times_in_a_row() -> None:
    async with fresh_url("sqlite") as url:
        store = open_store(url)
        await store.start()
        session = store.session()
        try:
            found = {await session.count(TASKS, (Equal("status", "queued"),)) for _ in range(INLINE_STEPS)}
        finally:
            await session.close()
            await store.stop()

    assert found == {0}
