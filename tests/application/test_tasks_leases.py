"""Who runs a task: one process at a time, another one where that died, and nobody without having it on a lease."""

import asyncio
from collections.abc import Mapping
from contextlib import suppress
from typing import Any

import pytest

from application.tasks.handler import Progress
from application.tasks.leases import LeaseLost
from application.tasks.running import Pace
from domain.errors import Conflict
from domain.tasks import Task, TaskStatus
from tests.application.house import KIND, PACE, PATIENCE_S, House, an_owner

QUEUED, RUNNING, SUCCEEDED = TaskStatus.QUEUED, TaskStatus.RUNNING, TaskStatus.SUCCEEDED
FAILED, CANCELLED = TaskStatus.FAILED, TaskStatus.CANCELLED


async def double(task: Task, report: Progress) -> Mapping[str, Any]:
    return {"n": 2 * task.payload["n"]}


async def for_ever(task: Task, report: Progress) -> None:
    await asyncio.Event().wait()


async def test_a_task_whose_process_died_is_taken_up_when_its_lease_is_over_and_not_before(house: House) -> None:
    task = await house.queued(payload={"n": 1})
    (dead,) = (await house.process(PACE).leases().claim([KIND], 1, ())).tasks

    async with house.working(double):
        house.clock.advance(seconds=19.9)
        other = await house.queued(payload={"n": 1})
        await house.until(other, SUCCEEDED)
        assert await house.now(task) == dead
        house.clock.advance(seconds=0.1)
        done = await house.until(task, SUCCEEDED)

    assert done.attempts == 2


async def test_a_task_whose_processes_died_three_times_has_failed(house: House) -> None:
    task = await house.queued(owner_id=an_owner())
    for _ in range(3):
        assert (await house.process(PACE).leases().claim([KIND], 1, ())).tasks
        house.clock.advance(seconds=20)

    async with house.working(double):
        failed = await house.until(task, FAILED)

    assert failed.error is not None
    assert (failed.error.code, failed.attempts) == ("attempts_exhausted", 3)
    assert await house.told(task) == ["task.started", "task.failed"]


async def test_of_many_processes_one_takes_a_task(house: House) -> None:
    tasks = [await house.queued() for _ in range(30)]
    leases = [house.process().leases() for _ in range(4)]

    async def takes(lease: Any) -> list[str]:
        taken: list[str] = []
        async with asyncio.timeout(PATIENCE_S):
            while (await _unclaimed(house)) > 0:
                with suppress(Conflict):
                    taken += [task.id for task in (await lease.claim([KIND], 5, ())).tasks]
        return taken

    taken = await asyncio.gather(*[takes(lease) for lease in leases])

    assert sorted(id for some in taken for id in some) == sorted(task.id for task in tasks)


async def _unclaimed(house: House) -> int:
    async with house.units.open() as unit:
        return len(await unit.tasks.latest(QUEUED, None, 100))


async def test_who_has_lost_a_task_changes_nothing_of_it(house: House) -> None:
    task = await house.queued(owner_id=an_owner())
    slow, other = house.process(PACE).leases(), house.process(PACE).leases()
    (mine,) = (await slow.claim([KIND], 1, ())).tasks
    house.clock.advance(seconds=20)
    (theirs,) = (await other.claim([KIND], 1, ())).tasks

    with pytest.raises(LeaseLost):
        await slow.change(mine, lambda task: task.succeeded(house.clock(), {"n": 1}), "succeeded")

    assert await house.now(task) == theirs
    assert await house.told(task) == ["task.started"]


async def test_a_lease_is_renewed_for_as_long_as_its_process_lives(house: House) -> None:
    task = await house.queued()

    async with house.working(for_ever):
        first = now = await house.until(task, RUNNING)
        for _ in range(5):
            before = now.due_at
            house.clock.advance(seconds=15)
            now = await house.when(task, lambda task: task.due_at != before)  # noqa: B023

    assert (now.attempts, now.leased_to) == (1, first.leased_to)


async def test_who_stops_hands_back_what_is_not_done(house: House) -> None:
    task = await house.queued()
    async with house.working(for_ever):
        await house.until(task, RUNNING)

    back = await house.now(task)

    assert (back.status, back.attempts, back.leased_to) == (QUEUED, 0, None)
    assert back.due_at == house.clock()


async def test_who_stops_ends_what_takes_no_time(house: House) -> None:
    began = asyncio.Event()

    async def short(task: Task, report: Progress) -> Mapping[str, Any]:
        began.set()
        await asyncio.sleep(0.01)
        return {"done": True}

    task = await house.queued()
    async with house.working(short, Pace(stops_within_s=10)):
        await began.wait()

    assert (await house.now(task)).result == {"done": True}


async def test_a_commit_in_this_process_wakes_it_at_once(house: House) -> None:
    async with house.working(double, Pace(look_every_s=600)) as container:
        async with container.units().open() as unit:
            task = unit.tasks.add(
                Task.queued(id=house.container.ids()(), kind=KIND, payload={"n": 1}, at=house.clock())
            )
            await unit.commit(None)

        done = await house.until(task, SUCCEEDED)

    assert done.result == {"n": 2}


async def test_no_more_run_at_once_than_may(house: House) -> None:
    running = most = 0

    async def counted(task: Task, report: Progress) -> None:
        nonlocal running, most
        running += 1
        most = max(most, running)
        await asyncio.sleep(0.01)
        running -= 1

    tasks = [await house.queued() for _ in range(12)]
    async with house.working(counted):
        for task in tasks:
            await house.until(task, SUCCEEDED)

    assert most == PACE.at_once
