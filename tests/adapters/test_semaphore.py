import asyncio

import pytest

from adapters.system.semaphore import Semaphore

SOON = 0.02
LONG = 30.0


async def waiting(places: Semaphore) -> asyncio.Task[float]:
    task = asyncio.create_task(places.acquire())
    await asyncio.sleep(0)
    return task


async def test_there_are_so_many_places_and_no_more() -> None:
    places = Semaphore(2, LONG)
    assert [await places.acquire(), await places.acquire()] == [0.0, 0.0]

    third = await waiting(places)

    assert not third.done()
    places.release()
    assert await third >= 0


async def test_who_came_first_gets_in_first() -> None:
    places = Semaphore(1, LONG)
    await places.acquire()
    first, second = await waiting(places), await waiting(places)

    places.release()

    await first
    assert not second.done()
    places.release()
    await second


async def test_who_waits_for_too_long_is_refused_and_takes_no_place() -> None:
    places = Semaphore(1, SOON)
    await places.acquire()
    waits = [await waiting(places) for _ in range(3)]

    refused = await asyncio.gather(*waits, return_exceptions=True)

    assert [type(each) for each in refused] == [TimeoutError] * 3
    places.release()
    assert await places.acquire() == 0.0


async def test_those_who_come_later_are_refused_in_their_turn() -> None:
    places = Semaphore(1, SOON)
    await places.acquire()
    first = await waiting(places)
    with pytest.raises(TimeoutError):
        await first

    with pytest.raises(TimeoutError):
        await places.acquire()


async def test_who_gives_up_takes_no_place() -> None:
    places = Semaphore(1, LONG)
    await places.acquire()
    first, second = await waiting(places), await waiting(places)

    first.cancel()
    places.release()

    await second
    places.release()
    assert await places.acquire() == 0.0


async def test_who_gives_up_as_they_get_in_gives_the_place_on() -> None:
    places = Semaphore(1, LONG)
    await places.acquire()
    first, second = await waiting(places), await waiting(places)

    places.release()
    first.cancel()

    await second
    with pytest.raises(asyncio.CancelledError):
        await first
