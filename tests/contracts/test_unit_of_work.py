from collections.abc import Callable
from typing import Any

import pytest

from adapters.persistence.session import Store
from adapters.persistence.unit_of_work import StoredUnits
from application.ports.unit_of_work import UnitOfWork
from domain.access import UserId
from domain.catalogue import Item, ItemFilter
from domain.errors import AlreadyExists, Conflict, NotFound, Refusal
from domain.events import Fact
from domain.paging import PageRequest
from tests.builders import NOON, a_session, a_user, an_api_key, an_item
from tests.contracts.support import events, got, keep, page, remove, save, seen

A_FACT = Fact(type="item.changed", resource="item:1", details={"list": [1]})


class Before:
    """Two items and a user that are there before a unit which does all kinds of writes and then fails."""

    def __init__(self) -> None:
        self.changed = an_item(name="Copper kettle", tags=("tea",), stock=3)
        self.removed = an_item(name="Copper pan", tags=("fry",), owner_id=self.changed.owner_id)
        self.user = a_user(username="ann", email="ann@example.com")
        self.stale = an_item(name="Old", owner_id=self.changed.owner_id)

    async def keep(self, units: StoredUnits) -> None:
        await keep(units, self.changed, self.removed, self.user, self.stale)
        await save(units, self.stale.revised(NOON, stock=1))

    def all_kinds_of_writes(self, unit: UnitOfWork) -> None:
        owner = self.changed.owner_id
        unit.items.save(self.changed.revised(NOON, name="Iron pot", tags=("cook",), stock=0))
        unit.items.remove(self.removed)
        unit.items.add(an_item(name="Copper spoon", tags=("eat",), owner_id=owner))
        unit.users.save(self.user.revised(NOON, username="zoe"))
        unit.sessions.add(a_session(user_id=self.user.id))
        unit.tell(A_FACT)

    async def is_as_it_was(self, units: StoredUnits, store: Store) -> None:
        assert await got(units, self.changed) == self.changed
        assert await got(units, self.removed) == self.removed
        assert await got(units, self.user) == self.user
        assert await events(store) == []
        async with units.open() as unit:
            assert page(await unit.items.owned_by(self.changed.owner_id, PageRequest())).total == 3
            assert {count.tag for count in await unit.items.tag_counts()} == {"tea", "fry"}
            assert await unit.sessions.all_of(self.user.id) == []
            assert await unit.users.known_as("ann") == self.user
            assert await unit.users.known_as("zoe") is None
        assert page(await seen(units, ItemFilter(words=("copper",)))).total == 2
        assert page(await seen(units, ItemFilter(words=("iron",)))).total == 0


async def test_a_unit_that_commits_does_all_of_its_writes(units: StoredUnits, started: Store) -> None:
    before = Before()
    await before.keep(units)

    async with units.open() as unit:
        before.all_kinds_of_writes(unit)
        assert await unit.commit("result") == "result"

    assert (await got(units, before.changed)).name == "Iron pot"
    assert (await got(units, before.user)).username == "zoe"
    with pytest.raises(NotFound):
        await got(units, before.removed)
    assert [event.type for event in await events(started)] == ["item.changed"]
    assert page(await seen(units, ItemFilter(words=("copper",)))).total == 1
    async with units.open() as unit:
        assert {count.tag for count in await unit.items.tag_counts()} == {"cook", "eat"}
        assert len(await unit.sessions.all_of(before.user.id)) == 1


@pytest.mark.parametrize("holds", [False, True])
async def test_leaving_without_commit_takes_everything_back(units: StoredUnits, started: Store, holds: bool) -> None:
    before = Before()
    await before.keep(units)

    async with units.open() as unit:
        if holds:
            await unit.items.hold(before.changed.id, before.removed.id)
        before.all_kinds_of_writes(unit)

    await before.is_as_it_was(units, started)


@pytest.mark.parametrize("holds", [False, True])
async def test_an_exception_takes_everything_back(units: StoredUnits, started: Store, holds: bool) -> None:
    before = Before()
    await before.keep(units)

    async def work() -> None:
        async with units.open() as unit:
            if holds:
                await unit.items.hold(before.changed.id, before.removed.id)
            before.all_kinds_of_writes(unit)
            raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        await work()

    await before.is_as_it_was(units, started)


def _taken_name(unit: UnitOfWork, before: Before) -> None:
    unit.users.add(a_user(username="bob"))


def _taken_id(unit: UnitOfWork, before: Before) -> None:
    unit.items.add(an_item(id=before.stale.id))


def _stale_save(unit: UnitOfWork, before: Before) -> None:
    unit.items.save(before.stale.revised(NOON, name="Newer"))


def _stale_removal(unit: UnitOfWork, before: Before) -> None:
    unit.items.remove(before.stale)


def _save_of_what_is_gone(unit: UnitOfWork, before: Before) -> None:
    unit.items.save(an_item(name="Never kept"))


def _removal_of_what_is_gone(unit: UnitOfWork, before: Before) -> None:
    unit.api_keys.remove(an_api_key())


REFUSED = {
    _taken_name: AlreadyExists,
    _taken_id: AlreadyExists,
    _stale_save: Conflict,
    _stale_removal: Conflict,
    _save_of_what_is_gone: Conflict,
    _removal_of_what_is_gone: Conflict,
}


@pytest.mark.parametrize("holds", [False, True])
@pytest.mark.parametrize(("fail", "refusal"), REFUSED.items())
async def test_a_write_that_is_refused_takes_those_before_it_back(
    units: StoredUnits, started: Store, fail: Callable[..., Any], refusal: type[Refusal], holds: bool
) -> None:
    before = Before()
    await before.keep(units)
    await keep(units, a_user(username="Bob"))

    async with units.open() as unit:
        if holds:
            await unit.items.hold(before.changed.id, before.removed.id)
        before.all_kinds_of_writes(unit)
        fail(unit, before)
        with pytest.raises(refusal):
            await unit.commit(None)

    await before.is_as_it_was(units, started)


@pytest.mark.parametrize(("fail", "refusal"), REFUSED.items())
async def test_a_write_that_is_refused_takes_those_behind_it_back(
    units: StoredUnits, started: Store, fail: Callable[..., Any], refusal: type[Refusal]
) -> None:
    before = Before()
    await before.keep(units)
    await keep(units, a_user(username="Bob"))

    async with units.open() as unit:
        fail(unit, before)
        before.all_kinds_of_writes(unit)
        with pytest.raises(refusal):
            await unit.commit(None)

    await before.is_as_it_was(units, started)


async def test_a_unit_does_not_see_its_own_pending_writes(units: StoredUnits) -> None:
    before = Before()
    await before.keep(units)

    async with units.open() as unit:
        before.all_kinds_of_writes(unit)
        assert await unit.items.get(before.changed.id) == before.changed
        assert await unit.items.get(before.removed.id) == before.removed
        assert await unit.users.known_as("ann") == before.user
        assert await unit.users.known_as("zoe") is None
        assert {count.tag for count in await unit.items.tag_counts()} == {"tea", "fry"}
        listed = page(await unit.items.owned_by(before.changed.owner_id, PageRequest()))
        assert (listed.total, len(listed.items)) == (3, 3)


@pytest.mark.parametrize("holds", [False, True])
async def test_others_do_not_see_pending_writes_either(units: StoredUnits, started: Store, holds: bool) -> None:
    before = Before()
    await before.keep(units)

    async with units.open() as unit:
        if holds:
            await unit.items.hold(before.changed.id, before.removed.id)
        before.all_kinds_of_writes(unit)
        await before.is_as_it_was(units, started)


async def test_what_was_committed_is_there_for_whoever_comes_next(units: StoredUnits) -> None:
    for stock in range(20):
        item = an_item(stock=stock)
        await keep(units, item)
        assert (await got(units, item)).stock == stock
        assert page(await seen(units, ItemFilter(owner=item.owner_id))).total == 1


async def test_what_was_committed_stays_when_the_unit_fails_afterwards(units: StoredUnits) -> None:
    item = an_item()

    async def work() -> None:
        async with units.open() as unit:
            unit.items.add(item)
            await unit.commit(None)
            raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        await work()

    assert await got(units, item) == item


async def test_what_is_not_there_is_not_found(units: StoredUnits) -> None:
    async with units.open() as unit:
        for repository in (unit.users, unit.items, unit.sessions, unit.api_keys):
            with pytest.raises(NotFound):
                await repository.get(an_item().id)
            assert await repository.hold(an_item().id) == []
            assert await repository.hold() == []


async def test_an_id_of_another_shape_is_one_that_nothing_has(units: StoredUnits) -> None:
    """And a pattern in it is no pattern."""
    item = an_item()
    await keep(units, item, a_user(), a_session(user_id=item.owner_id), an_api_key(user_id=item.owner_id))

    for id in ("", "%", "_", "*", ".", "'", "null", "0", "x" * 1000, "😀", "{0}", item.id[:-1] + "%"):
        async with units.open() as unit:
            with pytest.raises(NotFound):
                await unit.items.get(id)
        async with units.open() as unit:
            assert await unit.users.among([UserId(id)]) == []
            assert page(await unit.items.owned_by(UserId(id), PageRequest())).items == []
            assert page(await unit.sessions.of(UserId(id), PageRequest(), at=NOON)).items == []
            assert await unit.api_keys.all_of(UserId(id)) == []
            assert await unit.items.hold(id) == []


async def test_an_id_is_compared_to_the_letter(units: StoredUnits) -> None:
    item = an_item(id="01970000-abcd-7000-8000-00000000abcd")
    await keep(units, item)

    for other in (item.id.upper(), item.id.replace("-", ""), f"{{{item.id}}}", f" {item.id}"):
        async with units.open() as unit:
            with pytest.raises(NotFound):
                await unit.items.get(other)


async def test_what_was_handed_out_is_a_copy(units: StoredUnits, started: Store) -> None:
    details: dict[str, Any] = {"list": [1], "inner": {"a": 1}}
    async with units.open() as unit:
        unit.tell(Fact(type="a.b", resource="x:1", details=details))
        details["list"].append("between telling and commit")
        await unit.commit(None)
    details["inner"]["a"] = "after it"

    first = (await events(started))[0].details
    first["list"].append("by a reader")
    first["inner"]["b"] = "by a reader"

    assert (await events(started))[0].details == {"list": [1], "inner": {"a": 1}}


async def test_a_listing_is_a_copy(units: StoredUnits) -> None:
    owner = an_item().owner_id
    put: list[Item] = [an_item(owner_id=owner), an_item(owner_id=owner)]
    await keep(units, *put)

    async with units.open() as unit:
        listed = list(await unit.items.all_of(owner))
        listed.clear()

        assert len(await unit.items.all_of(owner)) == 2


async def test_removing_twice_is_a_conflict_or_not_found(units: StoredUnits) -> None:
    """Whoever read it is told that it was removed since; whoever reads it now, that it is not there."""
    item = an_item()
    await keep(units, item)
    await remove(units, item)

    with pytest.raises(Conflict):
        await remove(units, item)
    with pytest.raises(NotFound):
        await got(units, item)
