import asyncio

import pytest

from adapters.system.gate import Gate

SOON = 0.02
LONG = 30.0


async def waiting(gate: Gate) -> asyncio.Task[float]:
    task = asyncio.create_task(gate.enter())
    await asyncio.sleep(0)
    return task


async def test_there_are_so_many_places_and_no_more() -> None:
    gate = Gate(2, LONG)
    assert [await gate.enter(), await gate.enter()] == [0.0, 0.0]

    third = await waiting(gate)

    assert not third.done()
    gate.leave()
    assert await third >= 0


async def test_who_came_first_gets_in_first() -> None:
    gate = Gate(1, LONG)
    await gate.enter()
    first, second = await waiting(gate), await waiting(gate)

    gate.leave()

    await first
    assert not second.done()
    gate.leave()
    await second


async def test_who_waits_for_too_long_is_refused_and_takes_no_place() -> None:
    gate = Gate(1, SOON)
    await gate.enter()
    waits = [await waiting(gate) for _ in range(3)]

    refused = await asyncio.gather(*waits, return_exceptions=True)

    assert [type(each) for each in refused] == [TimeoutError] * 3
    gate.leave()
    assert await gate.enter() == 0.0


async def test_those_who_come_later_are_refused_in_their_turn() -> None:
    gate = Gate(1, SOON)
    await gate.enter()
    first = await waiting(gate)
    with pytest.raises(TimeoutError):
        await first

    with pytest.raises(TimeoutError):
        await gate.enter()


async def test_who_gives_up_takes_no_place() -> None:
    gate = Gate(1, LONG)
    await gate.enter()
    first, second = await waiting(gate), await waiting(gate)

    first.cancel()
    gate.leave()

    await second
    gate.leave()
    assert await gate.enter() == 0.0


async def test_who_gives_up_as_they_get_in_gives_the_place_on() -> None:
    gate = Gate(1, LONG)
    await gate.enter()
    first, second = await waiting(gate), await waiting(gate)

    gate.leave()
    first.cancel()

    await second
    with pytest.raises(asyncio.CancelledError):
        await first
