"""Exactly once, and what goes when its time is over."""

from datetime import timedelta
from typing import Any

import pytest

from adapters.persistence.session import Store
from adapters.persistence.unit_of_work import SWEEP, StoredUnits
from application.ports.unit_of_work import Answer, Operation
from domain.catalogue import Item
from domain.errors import AlreadyExists, NotFound
from domain.events import Fact
from domain.paging import PageRequest
from tests.builders import MS, NOON, FixedClock, a_session, a_user, an_api_key, an_item
from tests.contracts.support import KEPT, events, got, keep, page, together


def operation(id: str = "ann POST /items key-1") -> Operation:
    return Operation(id, "body", lambda result: Answer(201, {"ETag": "1"}, str(result)))


async def done(units: StoredUnits, item: Item, asked: Operation) -> Any:
    async with units.open(asked) as unit:
        unit.items.add(item)
        return await unit.commit(f"made {item.id}")


async def test_the_answer_is_kept_in_the_commit_of_the_work(units: StoredUnits) -> None:
    item = an_item()
    await done(units, item, operation())

    answer = await units.answered(operation().id)

    assert answer is not None
    assert (answer.status, answer.headers, answer.body) == (201, {"ETag": "1"}, f"made {item.id}")
    assert answer.created_at == NOON
    assert await got(units, item) == item


async def test_work_that_fails_keeps_no_answer(units: StoredUnits) -> None:
    item = an_item()
    await keep(units, item)

    with pytest.raises(AlreadyExists):
        await done(units, item, operation())
    async with units.open(operation()) as unit:
        unit.items.add(an_item())

    assert await units.answered(operation().id) is None


async def test_an_answer_to_nothing_done_is_kept_too(units: StoredUnits) -> None:
    async with units.open(operation()) as unit:
        await unit.commit("nothing")

    answer = await units.answered(operation().id)

    assert answer is not None
    assert answer.body == "nothing"


async def test_an_operation_is_done_once(units: StoredUnits) -> None:
    first, second = an_item(), an_item()
    await done(units, first, operation())

    with pytest.raises(AlreadyExists) as refused:
        await done(units, second, operation())

    assert (refused.value.collection, refused.value.field) == ("answers", "id")
    with pytest.raises(NotFound):
        await got(units, second)


async def test_of_many_at_the_same_time_one_is_done(units: StoredUnits) -> None:
    items = [an_item(owner_id=a_user().id) for _ in range(30)]

    outcomes = await together([done(units, item, operation()) for item in items])

    winners = [item for item, outcome in zip(items, outcomes, strict=True) if isinstance(outcome, str)]
    refusals = [outcome for outcome in outcomes if isinstance(outcome, AlreadyExists)]
    assert (len(winners), len(refusals)) == (1, 29)
    assert {refusal.collection for refusal in refusals} == {"answers"}
    async with units.open() as unit:
        assert [len(await unit.items.all_of(item.owner_id)) for item in items].count(1) == 1


async def test_operations_that_differ_in_case_or_blanks_are_two(units: StoredUnits) -> None:
    for id in ("a", "A", "a ", " a", "%", "a%", "_", "ß", "ss"):
        await done(units, an_item(), operation(id))

    assert await units.answered("b") is None


async def test_an_answer_is_given_for_as_long_as_it_is_kept(units: StoredUnits, clock: FixedClock) -> None:
    await done(units, an_item(), operation())

    clock.now = NOON + KEPT - MS
    assert await units.answered(operation().id) is not None
    clock.now = NOON + KEPT
    assert await units.answered(operation().id) is None


async def test_the_key_of_an_answer_that_has_expired_is_free(units: StoredUnits, clock: FixedClock) -> None:
    await done(units, an_item(), operation())
    clock.now = NOON + KEPT

    assert await units.answered(operation().id) is None
    await done(units, an_item(), operation())

    answer = await units.answered(operation().id)
    assert answer is not None
    assert answer.created_at == NOON + KEPT


async def test_housekeeping_takes_what_has_expired_and_no_more(
    units: StoredUnits, started: Store, clock: FixedClock
) -> None:
    await done(units, an_item(), operation("old"))
    async with units.open() as unit:
        unit.tell(Fact(type="old.fact", resource="x:1"))
        await unit.commit(None)
    over = a_session(expires_at=NOON + KEPT)
    going_on = a_session(expires_at=NOON + KEPT + MS)
    key = an_api_key(expires_at=NOON + MS)
    await keep(units, over, going_on, key, a_user())
    clock.advance(milliseconds=1)
    await done(units, an_item(), operation("new"))
    async with units.open() as unit:
        unit.tell(Fact(type="new.fact", resource="x:1"))
        await unit.commit(None)
    clock.now = NOON + KEPT

    swept = await units.housekeeping()

    assert swept == 3
    assert [event.type for event in await events(started)] == ["new.fact"]
    assert await got(units, going_on) == going_on
    assert await got(units, key) == key
    with pytest.raises(NotFound):
        await got(units, over)
    assert (await units.answered("old"), (await units.answered("new") or over).id) == (None, "new")
    assert await units.housekeeping() == 0


async def test_housekeeping_takes_more_than_fits_into_one_unit(
    units: StoredUnits, started: Store, clock: FixedClock
) -> None:
    async with units.open() as unit:
        for number in range(SWEEP + 1):
            unit.tell(Fact(type="a.b", resource=f"x:{number}"))
        await unit.commit(None)
    clock.advance(days=2)

    swept = await units.housekeeping()

    assert swept == SWEEP + 1
    assert await events(started) == []


async def test_housekeeping_of_several_at_once_is_harmless(
    units: StoredUnits, started: Store, clock: FixedClock
) -> None:
    for _ in range(5):
        async with units.open() as unit:
            unit.tell(Fact(type="a.b", resource="x:1"))
            await unit.commit(None)
    clock.advance(days=2)

    outcomes = await together([units.housekeeping() for _ in range(4)])

    assert [outcome for outcome in outcomes if isinstance(outcome, BaseException)] == []
    assert await events(started) == []


async def test_a_session_that_has_expired_is_gone_before_it_is_removed(units: StoredUnits) -> None:
    login = a_session(expires_at=NOON)
    await keep(units, login)

    async with units.open() as unit:
        assert page(await unit.sessions.of(login.user_id, PageRequest(), at=NOON - MS)).total == 1
        assert page(await unit.sessions.of(login.user_id, PageRequest(), at=NOON)).total == 0
        assert page(await unit.sessions.of(login.user_id, PageRequest(), at=NOON + timedelta(days=1))).items == []
        assert await unit.sessions.all_of(login.user_id) == [login]
