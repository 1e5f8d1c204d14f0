"""What is done again and again: once in a period, however many processes there are."""

import asyncio
from datetime import timedelta
from typing import Any

import pytest

from application.tasks.schedules import Job, Scheduler
from domain.errors import Unavailable
from tests.application.house import House

EVERY = timedelta(seconds=15)


def a_scheduler(house: House, *jobs: Job) -> Scheduler:
    return Scheduler(house.units, house.clock, jobs, house.log.said, house.log.failed)


async def test_of_many_processes_one_does_a_job_in_each_period(house: House) -> None:
    done = 0

    async def count() -> None:
        nonlocal done
        done += 1

    job = Job("count", EVERY, count)
    schedulers = [a_scheduler(house) for _ in range(8)]

    counts = []
    for _ in range(3):
        await asyncio.gather(*[scheduler.turn(job) for scheduler in schedulers])
        counts.append(done)
        house.clock.advance(seconds=15)

    assert counts == [1, 2, 3]


async def test_who_comes_too_early_hears_when_to_look_again(house: House) -> None:
    async def nothing() -> None:
        """Done at once."""

    job, scheduler = Job("nothing", EVERY, nothing), a_scheduler(house)

    rests = [await scheduler.turn(job)]
    house.clock.advance(seconds=4)
    rests.append(await scheduler.turn(job))

    assert rests == [EVERY, timedelta(seconds=11)]


async def test_jobs_do_not_wait_for_each_other_and_a_failure_is_made_up(house: House) -> None:
    done = [asyncio.Event() for _ in range(3)]

    async def fails() -> None:
        done[0].set()
        raise Unavailable

    async def breaks() -> None:
        done[1].set()
        raise ZeroDivisionError

    async def works() -> None:
        done[2].set()

    every: Any = timedelta(milliseconds=1)
    scheduler = a_scheduler(house, Job("a", every, fails), Job("b", every, breaks), Job("c", every, works))

    await scheduler.start()
    async with asyncio.timeout(20):
        await asyncio.gather(*[each.wait() for each in done])
    await scheduler.stop()
    with pytest.raises(Unavailable):
        await scheduler.turn(Job("d", EVERY, fails))
    with pytest.raises(ZeroDivisionError):
        await scheduler.turn(Job("e", EVERY, breaks))

    assert {"job_failed", "ZeroDivisionError"} <= set(house.log.failures)


async def test_the_house_has_jobs_for_what_has_to_be_done_again_and_again(house: House) -> None:
    names = {job.name for job in house.container.jobs()}

    assert {"housekeeping", "orders.lapse", "tasks.purge"} <= names
