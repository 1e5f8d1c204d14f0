"""The relay: every fact gets its place in the feed once, without gaps, behind all that was placed before."""

import asyncio
from collections.abc import Sequence
from random import Random

import pytest

from adapters.persistence.session import Store
from adapters.persistence.unit_of_work import StoredUnits
from application.events import Relay, relay
from application.ports.unit_of_work import UnitOfWork
from domain.errors import AlreadyExists, Conflict, Refusal
from domain.events import FEED, ActivityFilter, Counter, Event, Fact
from domain.paging import PageRequest
from tests.builders import CountedIds, FixedClock, new_id
from tests.contracts.support import KEPT, PATIENCE_S, events, page, paged, together, until_done, walked


async def tell(units: StoredUnits, *types: str, resource: str = "item:1") -> None:
    async with units.open() as unit:
        for type in types:
            unit.tell(Fact(type=type, resource=resource))
        await unit.commit(None)


async def feed(units: StoredUnits, behind: int = 0, limit: int = 10_000) -> list[Event]:
    async with units.open() as unit:
        return list(await unit.events.following(behind, limit))


async def last_place(units: StoredUnits) -> int:
    async with units.open() as unit:
        return (await unit.counters.get(FEED)).value


async def drained(relay: Relay) -> list[Event]:
    """What this relay placed until nothing waited; a relay that meets another one tries again, as the courier does."""
    placed: list[Event] = []
    async with asyncio.timeout(PATIENCE_S):
        while True:
            try:
                found = await relay()
            except (AlreadyExists, Conflict):
                continue
            if not found:
                return placed
            placed += found


async def test_facts_are_placed_in_the_order_of_their_ids_and_once(units: StoredUnits) -> None:
    await tell(units, "a", "b")
    await tell(units, "c")

    placed = await Relay(units)()

    assert [(event.type, event.sequence, event.version) for event in placed] == [("a", 1, 2), ("b", 2, 2), ("c", 3, 2)]
    assert await feed(units) == list(placed)
    assert await last_place(units) == 3
    assert await Relay(units)() == []


async def test_what_is_committed_later_comes_behind_whatever_its_id_is(started: Store, clock: FixedClock) -> None:
    """A unit may make its ids first and commit last; whoever read on from the last id would miss it."""
    early, late = (
        StoredUnits(started, clock, CountedIds(series), answers_kept=KEPT, events_kept=KEPT) for series in (1, 2)
    )
    await tell(late, "committed first")
    await Relay(late)()
    await tell(early, "committed second")
    await Relay(early)()

    placed = await feed(late)

    assert [event.type for event in placed] == ["committed first", "committed second"]
    assert placed[0].id > placed[1].id
    assert await feed(late, behind=1) == placed[1:]


async def test_a_relay_takes_no_more_than_a_batch(units: StoredUnits, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(relay, "BATCH", 2)
    await tell(units, *"abcde")

    sizes = [len(await Relay(units)()) for _ in range(4)]

    assert sizes == [2, 2, 1, 0]
    assert [event.type for event in await feed(units)] == list("abcde")


async def test_relays_at_once_place_everything_once_and_without_gaps(
    units: StoredUnits, started: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(relay, "BATCH", 3)
    writers = [until_done(lambda n=n: tell(units, f"fact.{n}", f"more.{n}")) for n in range(20)]  # type: ignore[misc]

    placed = await together([*writers, *(drained(Relay(units)) for _ in range(4))])
    await drained(Relay(units))

    assert not [outcome for outcome in placed if isinstance(outcome, BaseException)]
    kept = await feed(units)
    assert [event.sequence for event in kept] == list(range(1, 41))
    assert {event.id for event in kept} == {event.id for event in await events(started)}
    assert await last_place(units) == 40
    by_relays = [event.id for outcome in placed if isinstance(outcome, list) for event in outcome]
    assert len(by_relays) == len(set(by_relays))


async def test_what_a_hook_adds_is_committed_with_the_places_or_not_at_all(units: StoredUnits) -> None:
    refuses = [True]

    async def hook(unit: UnitOfWork, placed: Sequence[Event]) -> None:
        for event in placed:
            unit.counters.add(Counter(id=f"of {event.type}", value=event.sequence or 0))
        if refuses.pop():
            raise Refusal("no")
        refuses.append(False)

    await tell(units, "a", "b")
    with pytest.raises(Refusal):
        await Relay(units, [hook])()
    assert await feed(units) == []

    refuses.append(False)
    await Relay(units, [hook])()

    async with units.open() as unit:
        assert [(await unit.counters.get(f"of {type}")).value for type in "ab"] == [1, 2]
    assert len(await feed(units)) == 2


async def test_hooks_hear_of_every_fact_once_while_relays_race(units: StoredUnits) -> None:
    async def hook(unit: UnitOfWork, placed: Sequence[Event]) -> None:
        for event in placed:
            unit.counters.add(Counter(id=event.id))

    await tell(units, *(f"fact.{n}" for n in range(30)))

    outcomes = await together([drained(Relay(units, [hook])) for _ in range(5)])

    assert sum(len(outcome) for outcome in outcomes if isinstance(outcome, list)) == 30
    async with units.open() as unit:
        assert len(await unit.counters.hold(*[event.id for event in await feed(units)])) == 30


async def test_the_log_is_searched_by_who_what_and_which(units: StoredUnits, clock: FixedClock) -> None:
    ada, bob = new_id(), new_id()
    told = []
    for actor, type, resource in (
        (ada, "item.created", "item:1"),
        (bob, "item.created", "item:12"),
        (ada, "item.updated", "item:1"),
        (None, "order.lapsed", "order:1"),
        (ada, "order.placed", "order:1"),
        (ada, "item.deleted", "items:1"),
    ):
        clock.advance(seconds=Random(resource).choice((0, 1)))
        async with units.open() as unit:
            unit.tell(Fact(type=type, resource=resource), actor=actor)  # type: ignore[arg-type]
            await unit.commit(None)
        told.append((actor, type, resource))

    async def found(**wanted: object) -> list[tuple[object, ...]]:
        async def ask(window: object) -> object:
            async with units.open() as unit:
                return await unit.events.matching(ActivityFilter(**wanted), window)  # type: ignore[arg-type]

        paged_ones = await paged(ask, 2)  # type: ignore[arg-type]
        assert await walked(ask, 2) == paged_ones  # type: ignore[arg-type]
        assert page(await ask(PageRequest(size=100))).items == paged_ones  # type: ignore[arg-type]
        instants = [event.occurred_at for event in paged_ones]
        assert instants == sorted(instants, reverse=True)
        return sorted((event.actor_id, event.type, event.resource) for event in paged_ones if event.actor_id)

    whole = sorted((actor, *rest) for actor, *rest in told if actor is not None)
    assert await found() == whole
    assert await found(actor=ada) == [each for each in whole if each[0] == ada]
    assert await found(action="item.created") == [each for each in whole if each[1] == "item.created"]
    assert await found(resource="item") == [each for each in whole if str(each[2]).startswith("item:")]
    assert await found(resource="item:1") == [each for each in whole if each[2] == "item:1"]
    assert await found(actor=bob, action="item.created", resource="item:12") == [(bob, "item.created", "item:12")]
    assert await found(actor=bob, resource="item:1") == []
