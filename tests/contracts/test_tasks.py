"""The questions that are asked of tasks, on every store."""

from datetime import timedelta

from adapters.persistence.session import Store
from adapters.persistence.unit_of_work import StoredUnits
from adapters.system.wake import ProcessWake
from domain.access import UserId
from domain.paging import PageRequest
from domain.tasks import Schedule, Task, TaskError, TaskStatus
from tests.builders import MS, NOON, CountedIds, FixedClock, a_task, new_id
from tests.contracts.support import KEPT, got, keep, page, paged, save, walked

SECOND = timedelta(seconds=1)


def names(tasks: object) -> list[str]:
    return [task.id for task in tasks]  # type: ignore[attr-defined]


async def test_due_are_those_of_the_kinds_whose_time_has_come_the_longest_due_first(units: StoredUnits) -> None:
    early, late = a_task(due_at=NOON - SECOND), a_task(due_at=NOON)
    future, other = a_task(due_at=NOON + MS), a_task(kind="other", due_at=NOON - SECOND)
    leased = a_task(due_at=NOON - 2 * SECOND).claimed("dead", NOON, NOON - MS)
    living = a_task().claimed("alive", NOON, NOON + SECOND)
    over = a_task().cancelled(NOON)
    await keep(units, late, early, future, other, leased, living, over)

    async with units.open() as unit:
        assert names(await unit.tasks.due(NOON, ["test"], 10)) == [early.id, leased.id, late.id]
        assert names(await unit.tasks.due(NOON, ["test", "other"], 2)) == sorted([early.id, other.id])
        assert await unit.tasks.due(NOON, [], 10) == []


async def test_taken_ones_are_held(units: StoredUnits) -> None:
    task = a_task()
    await keep(units, task)

    async with units.open() as unit:
        assert await unit.tasks.take(task.id, new_id(), task.id) == [task]
        unit.tasks.save(task.claimed("me", NOON, NOON + SECOND))
        await unit.commit(None)

    assert (await got(units, task)).leased_to == "me"


async def test_what_a_worker_runs_is_what_is_leased_to_it(units: StoredUnits) -> None:
    mine, other = a_task().claimed("me", NOON, NOON), a_task().claimed("other", NOON, NOON)
    done = a_task().claimed("me", NOON, NOON).succeeded(NOON, None)
    await keep(units, mine, other, done, a_task())

    async with units.open() as unit:
        assert await unit.tasks.leased_to("me") == [mine]


async def test_a_list_has_the_owners_alone_by_status_and_kind_newest_first(units: StoredUnits) -> None:
    owner, other = UserId(new_id()), UserId(new_id())
    mine = [a_task(owner_id=owner, kind=f"k{n % 2}", created_at=NOON + n * MS, at=NOON) for n in range(6)]
    mine[0] = mine[0].cancelled(NOON)
    await keep(units, *mine, a_task(owner_id=other), a_task())

    async def of(status: TaskStatus | None, kind: str | None) -> list[str]:
        async with units.open() as unit:
            return names(page(await unit.tasks.of(owner, status, kind, PageRequest())).items)

    newest = names(reversed(mine))
    assert await of(None, None) == newest
    assert await of(TaskStatus.CANCELLED, None) == [mine[0].id]
    assert await of(TaskStatus.QUEUED, "k0") == [mine[4].id, mine[2].id]
    assert await of(None, "k%") == []

    async def asked(window: object) -> object:
        async with units.open() as unit:
            return await unit.tasks.of(owner, None, None, window)  # type: ignore[arg-type]

    assert names(await walked(asked, 4)) == names(await paged(asked, 4)) == newest  # type: ignore[arg-type]
    async with units.open() as unit:
        assert sorted(names(await unit.tasks.all_of(owner))) == sorted(names(mine))


async def test_over_are_those_that_finished_by_then_oldest_first(units: StoredUnits) -> None:
    finished = [a_task().cancelled(NOON + n * SECOND) for n in (3, 1, 2)]
    await keep(units, *finished, a_task())

    async with units.open() as unit:
        assert names(await unit.tasks.over(NOON + 2 * SECOND, 10)) == names([finished[1], finished[2]])
        assert names(await unit.tasks.over(NOON + 3 * SECOND, 1)) == names([finished[1]])
        assert names(await unit.tasks.latest(TaskStatus.QUEUED, None, 10)) != []
        assert len(await unit.tasks.latest(None, None, 2)) == 2


async def test_what_was_empty_may_be_filled_and_the_other_way_round(units: StoredUnits) -> None:
    task = a_task(owner_id=UserId(new_id()))
    await keep(units, task)
    failed = task.claimed("me", NOON, NOON).failed(NOON, TaskError(code="a", detail="b"))
    await save(units, failed)

    revived = (await got(units, task)).revived(NOON)
    await save(units, revived)

    found: Task = await got(units, task)
    assert (found.error, found.finished_at, found.version) == (None, None, 3)


async def test_a_schedule_is_known_by_its_name(units: StoredUnits) -> None:
    async with units.open() as unit:
        unit.schedules.add(Schedule(id="orders.lapse", due_at=NOON))
        await unit.commit(None)
    async with units.open() as unit:
        found = await unit.schedules.get("orders.lapse")
        unit.schedules.save(found.turned(NOON + MS))
        await unit.commit(None)

    async with units.open() as unit:
        assert await unit.schedules.get("orders.lapse") == Schedule(id="orders.lapse", version=2, due_at=NOON + MS)


async def test_a_bell_rings_for_what_was_committed_and_for_nothing_else(started: Store) -> None:
    wake = ProcessWake()
    units = StoredUnits(started, FixedClock(), CountedIds(series=3), answers_kept=KEPT, events_kept=KEPT, wake=wake)
    tasks, events = wake.bell("tasks"), wake.bell("events")

    async with units.open() as unit:
        unit.tasks.add(a_task())
    before = await tasks.wait(0)
    await keep(units, a_task())

    assert (before, await tasks.wait(0), await tasks.wait(0), await events.wait(0)) == (False, True, False, False)
