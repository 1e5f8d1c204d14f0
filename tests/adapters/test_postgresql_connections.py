import asyncio
from collections.abc import AsyncIterator

import pytest

from adapters.sql.postgresql_connections import Connections
from domain.errors import Unavailable
from tests.stores import fresh_url

pytestmark = pytest.mark.server("postgresql")


@pytest.fixture
async def pool() -> AsyncIterator[Connections]:
    async with fresh_url("postgresql") as url:
        pool = Connections(url, 2)
        pool.open()
        yield pool
        await pool.close()


async def test_one_is_opened_when_it_is_needed_and_used_again(pool: Connections) -> None:
    assert pool.counts() == (0, 0)
    first, _ = await pool.take()
    assert pool.counts() == (1, 1)
    pool.give_back(first)

    again, _ = await pool.take()

    assert again is first
    assert await again.fetchval("SELECT 1") == 1
    pool.give_back(again)
    assert pool.counts() == (1, 0)


async def test_there_are_no_more_than_may_be(pool: Connections) -> None:
    one, other = (await pool.take())[0], (await pool.take())[0]
    waiting = asyncio.create_task(pool.take())
    await asyncio.sleep(0)

    assert not waiting.done()
    pool.give_back(one)
    assert (await waiting)[0] is one
    pool.give_back(one)
    pool.give_back(other)


async def test_one_that_the_server_has_closed_is_replaced(pool: Connections) -> None:
    one, _ = await pool.take()
    pool.give_back(one)
    one.terminate()

    other, _ = await pool.take()

    assert await other.fetchval("SELECT 1") == 1
    pool.give_back(other)
    assert pool.counts() == (1, 0)


async def test_one_in_the_middle_of_a_transaction_is_not_handed_on(pool: Connections) -> None:
    one, _ = await pool.take()
    await one.execute("BEGIN")
    pool.give_back(one)

    other, _ = await pool.take()

    assert one.is_closed()
    assert other is not one
    pool.give_back(other)


async def test_where_none_can_be_opened_nobody_loses_a_place() -> None:
    pool = Connections("postgresql://nobody@127.0.0.1:1/nothing", 1)
    pool.open()
    for _ in range(3):
        with pytest.raises(ConnectionRefusedError):
            await pool.take()

    assert pool.counts() == (0, 0)


async def test_after_the_close_there_is_none_and_what_is_given_back_is_closed(pool: Connections) -> None:
    busy, _ = await pool.take()
    await pool.close()

    with pytest.raises(Unavailable):
        await pool.take()
    pool.give_back(busy)

    assert busy.is_closed()
    assert pool.counts() == (0, 0)
