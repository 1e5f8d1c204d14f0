"""Tasks while they run: what becomes of them, who runs them, and what is told."""

import asyncio
from collections.abc import Mapping
from datetime import timedelta
from typing import Any

import pytest

from application.tasks.handler import Progress
from application.tasks.running import Pace
from domain.errors import Invalid, Unavailable
from domain.tasks import InvalidTransition, Task, TaskStatus
from tests.application.house import PATIENCE_S, House, an_owner
from tests.application.support import acting

QUEUED, RUNNING, SUCCEEDED = TaskStatus.QUEUED, TaskStatus.RUNNING, TaskStatus.SUCCEEDED
FAILED, CANCELLED = TaskStatus.FAILED, TaskStatus.CANCELLED


async def double(task: Task, report: Progress) -> Mapping[str, Any]:
    return {"n": 2 * task.payload["n"]}


async def for_ever(task: Task, report: Progress) -> None:
    await asyncio.Event().wait()


async def test_a_task_is_run_and_keeps_what_its_handler_answers(house: House) -> None:
    owner = an_owner()
    task = await house.queued(payload={"n": 21}, owner_id=owner)

    async with house.working(double):
        done = await house.until(task, SUCCEEDED)

    assert (done.result, done.progress, done.attempts, done.error) == ({"n": 42}, 1.0, 1, None)
    assert (done.due_at, done.leased_to, done.started_at, done.finished_at) == (None, None, *[house.clock()] * 2)
    assert await house.told(task) == ["task.started", "task.succeeded"]


async def test_work_of_the_house_is_not_told_of(house: House) -> None:
    task = await house.queued(payload={"n": 1})

    async with house.working(double):
        await house.until(task, SUCCEEDED)

    assert await house.told(task) == []


async def test_a_task_waits_for_its_time_and_for_who_knows_its_kind(house: House) -> None:
    later = await house.queued(payload={"n": 1}, due_at=house.clock() + timedelta(seconds=1))
    unknown = await house.queued(kind="of.another.version")
    now = await house.queued(payload={"n": 1})

    async with house.working(double):
        await house.until(now, SUCCEEDED)
        assert {(await house.now(task)).status for task in (later, unknown)} == {QUEUED}
        house.clock.advance(seconds=1)
        await house.until(later, SUCCEEDED)

    assert (await house.now(unknown)).attempts == 0


async def test_what_fails_is_tried_three_times_and_then_has_failed(house: House) -> None:
    async def unreachable(task: Task, report: Progress) -> None:
        raise Unavailable("The mail server does not answer.")

    task = await house.queued(owner_id=an_owner())

    async with house.working(unreachable):
        for attempts in (1, 2):
            now = await house.when(task, lambda task: task.attempts == attempts and task.status is QUEUED)  # noqa: B023
            assert now.due_at is not None
            pause = (now.due_at - house.clock()).total_seconds()
            assert 2 ** (attempts - 1) / 2 <= pause <= 2 ** (attempts - 1)
            house.clock.advance(seconds=2)
        failed = await house.until(task, FAILED)

    assert failed.error is not None
    assert (failed.attempts, failed.error.code) == (3, "attempts_exhausted")
    assert failed.error.detail == "It was tried 3 times. The last time: The mail server does not answer."
    assert await house.told(task) == ["task.started", "task.failed"]


async def test_an_error_that_is_no_refusal_is_logged_and_not_shown(house: House) -> None:
    async def wrong(task: Task, report: Progress) -> None:
        raise KeyError("password=hunter2")

    task = await house.queued()

    async with house.working(wrong, Pace(max_attempts=1, look_every_s=0.01)):
        failed = await house.until(task, FAILED)

    assert failed.error is not None
    assert (failed.error.code, "hunter2" in failed.error.detail) == ("attempts_exhausted", False)
    assert house.log.failures == ["KeyError"]


async def test_a_refusal_that_another_time_would_not_change_is_final(house: House) -> None:
    async def refuses(task: Task, report: Progress) -> None:
        raise Invalid("There is no such address.")

    task = await house.queued()

    async with house.working(refuses):
        failed = await house.until(task, FAILED)

    assert failed.error is not None
    assert (failed.attempts, failed.error.code) == (1, "validation_failed")
    assert failed.error.detail == "There is no such address."


async def test_a_running_task_that_is_cancelled_is_ended(house: House) -> None:
    owner, ended = an_owner(), asyncio.Event()

    async def until_cancelled(task: Task, report: Progress) -> None:
        try:
            await asyncio.Event().wait()
        finally:
            ended.set()

    task = await house.queued(owner_id=owner)

    async with house.working(until_cancelled):
        await house.until(task, RUNNING)
        await house.container.tasks().cancel(acting(owner), task.id)
        async with asyncio.timeout(PATIENCE_S):
            await ended.wait()
        other = await house.queued()
        await house.until(other, RUNNING)

    now = await house.now(task)
    assert (now.status, now.result, now.error, now.finished_at) == (CANCELLED, None, None, house.clock())
    assert await house.told(task) == ["task.started", "task.cancelled"]


async def test_a_result_that_comes_after_the_cancelling_is_not_kept(house: House) -> None:
    owner, go = an_owner(), asyncio.Event()

    async def stubborn(task: Task, report: Progress) -> Mapping[str, Any]:
        await house.container.tasks().cancel(acting(owner), task.id)
        go.set()
        return {"late": True}

    task = await house.queued(owner_id=owner)

    async with house.working(stubborn, Pace(look_every_s=600)), asyncio.timeout(PATIENCE_S):
        await go.wait()

    now = await house.now(task)
    assert (now.status, now.result) == (CANCELLED, None)
    assert await house.told(task) == ["task.started", "task.cancelled"]


async def test_a_task_that_is_over_cannot_be_cancelled(house: House) -> None:
    owner = an_owner()
    task = await house.queued(payload={"n": 1}, owner_id=owner)
    async with house.working(double):
        await house.until(task, SUCCEEDED)

    with pytest.raises(InvalidTransition) as refused:
        await house.container.tasks().cancel(acting(owner), task.id)

    assert (refused.value.code, refused.value.members) == (
        "invalid_transition",
        {"state": "succeeded", "allowed": []},
    )


async def test_progress_is_kept_and_told_and_never_goes_back(house: House) -> None:
    go = asyncio.Event()

    async def halfway(task: Task, report: Progress) -> None:
        for progress in (0.25, 0.5, 0.1, 7.0):
            await report(progress)
        await go.wait()

    task = await house.queued(owner_id=an_owner())

    async with house.working(halfway):
        now = await house.when(task, lambda task: task.progress > 0.9)
        go.set()
        await house.until(task, SUCCEEDED)

    assert (now.status, now.progress) == (RUNNING, 0.999)
    assert await house.told(task) == ["task.started", *["task.progressed"] * 4, "task.succeeded"]


async def test_progress_is_told_at_most_once_a_second(house: House) -> None:
    async def busy(task: Task, report: Progress) -> None:
        for number in range(100):
            await report(number / 100)

    task = await house.queued(owner_id=an_owner())

    async with house.working(busy, Pace(look_every_s=0.01)):
        await house.until(task, SUCCEEDED)

    assert await house.told(task) == ["task.started", "task.succeeded"]


async def test_a_failed_task_can_be_tried_again_from_the_beginning(house: House) -> None:
    async def refuses(task: Task, report: Progress) -> None:
        raise Invalid("no")

    task = await house.queued(payload={"n": 4})
    async with house.working(refuses):
        await house.until(task, FAILED)

    await house.container.retry_task()(task.id)
    async with house.working(double):
        done = await house.until(task, SUCCEEDED)

    assert (done.result, done.attempts, done.error) == ({"n": 8}, 1, None)
    with pytest.raises(InvalidTransition):
        await house.container.retry_task()(task.id)


async def test_what_has_been_over_for_long_is_taken_away(house: House) -> None:
    old, unfinished = await house.queued(payload={"n": 1}), await house.queued(kind="another")
    async with house.working(double):
        await house.until(old, SUCCEEDED)
        house.clock.advance(hours=168)
        young = await house.queued(payload={"n": 1})
        await house.until(young, SUCCEEDED)

    purged = await house.container.purge_tasks()()

    async with house.units.open() as unit:
        left = {task.id for task in await unit.tasks.latest(None, None, 10)}
    assert (purged, left) == (1, {unfinished.id, young.id})


async def test_who_leaves_takes_their_tasks_along(house: House) -> None:
    from application.tasks.reading import leave

    owner = an_owner()
    mine, other = await house.queued(owner_id=owner), await house.queued(owner_id=an_owner())

    async with house.units.open() as unit:
        await leave(unit, owner)
        await unit.commit(None)

    async with house.units.open() as unit:
        assert [task.id for task in await unit.tasks.latest(None, None, 10)] == [other.id]
        assert await unit.tasks.all_of(mine.owner_id or owner) == []
