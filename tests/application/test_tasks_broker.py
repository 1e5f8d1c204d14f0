"""Tasks with a broker between: it carries ids, and rows decide."""

import asyncio
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from datetime import timedelta
from typing import Any

import pytest

from application.tasks.handler import Progress
from application.tasks.running import Pace
from domain.errors import Unavailable
from domain.tasks import Task, TaskStatus
from tests.application.carrier import Carrier
from tests.application.house import KIND, PACE, Does, House, Work, an_owner
from tests.application.support import acting
from tests.builders import new_id

QUEUED, RUNNING, SUCCEEDED = TaskStatus.QUEUED, TaskStatus.RUNNING, TaskStatus.SUCCEEDED
FAILED, CANCELLED = TaskStatus.FAILED, TaskStatus.CANCELLED


@pytest.fixture
def carrier() -> Carrier:
    return Carrier()


async def double(task: Task, report: Progress) -> Mapping[str, Any]:
    return {"n": 2 * task.payload["n"]}


async def for_ever(task: Task, report: Progress) -> None:
    await asyncio.Event().wait()


@asynccontextmanager
async def working(house: House, carrier: Carrier, work: Work, pace: Pace = PACE) -> AsyncIterator[Any]:
    """A process that hands over and receives."""
    container = house.process(pace, **{KIND: Does(work)})
    container.broker.override(carrier)
    await container.hand_over().start()
    await container.dispatcher().start()
    try:
        yield container
    finally:
        await container.dispatcher().stop()
        await container.hand_over().stop()


async def committed(house: House, container: Any, **over: Any) -> Task:
    """A task that the process of `container` queues."""
    given: dict[str, Any] = {"id": new_id(), "kind": KIND, "payload": {"n": 1}, "at": house.clock()}
    async with container.units().open() as unit:
        return await unit.commit(unit.tasks.add(Task.queued(**given | over)))  # type: ignore[no-any-return]


async def test_what_is_committed_is_handed_over_and_run(house: House, carrier: Carrier) -> None:
    async with working(house, carrier, double, Pace(look_every_s=600)) as container:
        task = await committed(house, container, owner_id=an_owner())
        done = await house.until(task, SUCCEEDED)

    assert (done.result, done.attempts, carrier.handed) == ({"n": 2}, 1, [task.id])
    assert await house.told(task) == ["task.started", "task.succeeded"]


async def test_with_a_broker_nobody_looks_in_the_store(house: House, carrier: Carrier) -> None:
    task = await house.queued(payload={"n": 1})  # another process committed it, and it was lost on the way

    async with working(house, carrier, double) as container:
        other = await committed(house, container)
        await house.until(other, SUCCEEDED)

        assert (await house.now(task)).status is QUEUED


async def test_what_was_lost_is_handed_again(house: House, carrier: Carrier) -> None:
    async with working(house, carrier, double, Pace(look_every_s=600)) as container:
        carrier.loses = True
        task = await committed(house, container)
        house.clock.advance(seconds=1)
        carrier.loses = False
        again = await container.hand_again()()
        await house.until(task, SUCCEEDED)

    assert (again, carrier.repeated) == (1, [task.id])


async def test_what_was_just_committed_or_is_leased_is_not_handed_again(house: House, carrier: Carrier) -> None:
    async with working(house, carrier, for_ever) as container:
        running = await committed(house, container)
        await house.until(running, RUNNING)
        house.clock.advance(seconds=5)
        await house.queued()

        assert await container.hand_again()() == 0


async def test_no_more_is_handed_again_than_there_is_room_for(house: House, carrier: Carrier) -> None:
    for _ in range(5):
        await house.queued(payload={"n": 1})
    house.clock.advance(seconds=1)
    carrier.loses = True

    async with working(house, carrier, double) as container:
        found = []
        for carrier.wants in (0, 3):
            found.append(await container.hand_again()())
        carrier.away = True
        found.append(await container.hand_again()())

    assert found == [0, 3, 0]


async def test_an_id_that_comes_often_is_run_once(house: House, carrier: Carrier) -> None:
    handler, go = Does(double), asyncio.Event()

    async def slowly(task: Task, report: Progress) -> Mapping[str, Any]:
        await go.wait()
        return await handler(task, report) or {}

    async with working(house, carrier, slowly) as container:
        task = await committed(house, container)
        await house.until(task, RUNNING)
        for _ in range(3):
            carrier.bring(task.id)
        carrier.bring("nobody")
        go.set()
        done = await house.until(task, SUCCEEDED)
        carrier.bring(task.id)

    assert (handler.ran, done.attempts, (await house.now(task)).version) == ([task.id], 1, done.version)


async def test_of_two_processes_that_hear_of_a_task_one_runs_it(house: House, carrier: Carrier) -> None:
    other, handler = Carrier(), Does(double)
    async with working(house, carrier, handler) as container, working(house, other, handler):
        tasks = [await committed(house, container, payload={"n": n}) for n in range(20)]
        for task in tasks:
            other.bring(task.id)
        for task in tasks:
            await house.until(task, SUCCEEDED)

    assert sorted(handler.ran) == sorted(task.id for task in tasks)


async def test_an_id_before_its_time_or_of_an_unknown_kind_is_dropped(house: House, carrier: Carrier) -> None:
    async with working(house, carrier, double) as container:
        later = await committed(house, container, due_at=house.clock() + timedelta(seconds=10))
        unknown = await committed(house, container, kind="of.another.version")
        now = await committed(house, container)
        await house.until(now, SUCCEEDED)
        before = [await house.now(task) for task in (later, unknown)]
        house.clock.advance(seconds=11)
        again = await container.hand_again()()
        await house.until(later, SUCCEEDED)

    assert [(task.status, task.attempts) for task in before] == [(QUEUED, 0)] * 2
    assert (again, carrier.repeated) == (1, [later.id])


async def test_a_retry_is_handed_again_when_it_is_due_and_fails_after_its_attempts(
    house: House, carrier: Carrier
) -> None:
    async def unreachable(task: Task, report: Progress) -> None:
        raise Unavailable("The mail server does not answer.")

    async with working(house, carrier, unreachable) as container:
        task = await committed(house, container)
        for attempts in (1, 2):
            await house.when(task, lambda now: now.attempts == attempts and now.status is QUEUED)  # noqa: B023
            await carrier.idle()  # an id that comes while its run ends is dropped, and comes with the next turn
            house.clock.advance(seconds=4)
            await container.hand_again()()
        failed = await house.until(task, FAILED)

    assert (failed.attempts, failed.error and failed.error.code) == (3, "attempts_exhausted")


async def test_what_is_overdue_is_taken_without_being_told(house: House, carrier: Carrier) -> None:
    carrier.loses = True

    async with working(house, carrier, double, Pace(look_every_s=0.01, overdue_s=0.05)) as container:
        task = await committed(house, container)
        house.clock.advance(seconds=1)
        await house.until(task, SUCCEEDED)


async def test_while_the_broker_is_away_tasks_are_found_by_looking(house: House, carrier: Carrier) -> None:
    carrier.away = True

    async with working(house, carrier, double) as container:
        task = await committed(house, container)
        await house.until(task, SUCCEEDED)
        carrier.away = False
        other = await committed(house, container)
        await house.until(other, SUCCEEDED)

    assert carrier.handed == [other.id]


async def test_a_received_task_that_is_cancelled_is_ended(house: House, carrier: Carrier) -> None:
    owner = an_owner()
    async with working(house, carrier, for_ever) as container:
        task = await committed(house, container, owner_id=owner)
        await house.until(task, RUNNING)
        await house.container.tasks().cancel(acting(owner), task.id)
        await carrier.idle()

    assert (await house.now(task)).status is CANCELLED


async def test_who_stops_hands_back_what_was_received(house: House, carrier: Carrier) -> None:
    async with working(house, carrier, for_ever) as container:
        task = await committed(house, container)
        await house.until(task, RUNNING)

    back = await house.now(task)
    assert (back.status, back.attempts, back.leased_to, back.due_at) == (QUEUED, 0, None, house.clock())
