"""What repositories of rooms promise, on every store."""

import asyncio
from dataclasses import replace
from datetime import timedelta

import pytest

from adapters.persistence.unit_of_work import StoredUnits
from domain.access import UserId
from domain.errors import AlreadyExists, Conflict
from domain.paging import PageRequest, Walk
from domain.repository import held
from domain.rooms import RoomId
from tests.builders import MS, NOON, new_id
from tests.builders.rooms import a_count, a_member, a_message, a_presence, a_room
from tests.contracts.support import keep, page, paged, together, until_done, walked


async def test_a_room_is_open_to_all_or_to_its_members(units: StoredUnits) -> None:
    me, other = UserId(new_id()), UserId(new_id())
    rooms = [a_room(is_private=bool(n % 2), created_at=NOON + n * MS) for n in range(6)]
    members = [
        a_member(room_id=room.id, user_id=user, in_private=room.is_private, joined_at=NOON + n * MS)
        for n, (room, user) in enumerate([(rooms[1], me), (rooms[2], me), (rooms[3], other)])
    ]
    await keep(units, *rooms, *members)

    async with units.open() as unit:
        mine = [rooms[n] for n in (4, 2, 1, 0)]
        assert list(page(await unit.rooms.open_to(me, PageRequest(size=10))).items) == mine
        assert await walked(lambda window: unit.rooms.open_to(me, window), 3) == mine
        assert await paged(lambda window: unit.rooms.open_to(me, window), 1) == mine
        assert page(await unit.rooms.open_to(UserId(new_id()), PageRequest(size=10))).total == 3
        assert list(await unit.rooms.joined_by(me)) == [rooms[2], rooms[1]]
        assert list(await unit.rooms.joined_by(UserId(new_id()))) == []


async def test_members_are_found_by_their_place(units: StoredUnits) -> None:
    room, me = RoomId(new_id()), UserId(new_id())
    members = [a_member(room_id=room, joined_at=NOON + n * MS) for n in range(4)]
    mine = a_member(room_id=room, user_id=me, joined_at=NOON + 9 * MS)
    elsewhere = a_member(user_id=me)
    await keep(units, *members, mine, elsewhere)

    async with units.open() as unit:
        assert await unit.members.find(room, me) == mine
        assert await unit.members.find(room, elsewhere.id) is None
        assert set(await unit.members.at([mine.place, members[0].place, "x y"])) == {mine, members[0]}
        assert list(await unit.members.at([])) == []
        assert list(await unit.members.all_in(room)) == [mine, *members[::-1]]
        assert list(await unit.members.all_of(me)) == [mine, elsewhere]
        assert await walked(lambda window: unit.members.of(room, window), 2) == [mine, *members[::-1]]


async def test_somebody_is_in_a_room_once(units: StoredUnits) -> None:
    member = a_member()
    await keep(units, member)

    with pytest.raises(AlreadyExists) as taken:
        await keep(units, replace(member, id=new_id()))

    assert taken.value.field == "place"


async def test_history_is_newest_first_and_reading_on_oldest_first(units: StoredUnits) -> None:
    room = RoomId(new_id())
    messages = [a_message(room_id=room, sequence=n) for n in range(1, 12)]
    await keep(units, *messages, a_message(sequence=3))

    async with units.open() as unit:
        assert await walked(lambda window: unit.messages.of(room, window), 3) == messages[::-1]
        assert list(await unit.messages.behind(room, 0, 4)) == messages[:4]
        assert list(await unit.messages.behind(room, 9, 100)) == messages[9:]
        assert list(await unit.messages.behind(room, 11, 100)) == []
        assert len(await unit.messages.any_in(room, 5)) == 5
        assert list((await unit.messages.of(RoomId(new_id()), Walk(5))).items) == []


async def test_what_a_sender_sends_twice_is_kept_once(units: StoredUnits) -> None:
    first = a_message(client_id="c")
    await keep(units, first)

    with pytest.raises(AlreadyExists) as taken:
        await keep(units, replace(first, id=new_id(), sequence=2))

    assert taken.value.field == "client_key"
    await keep(
        units,
        replace(first, id=new_id(), room_id=RoomId(new_id())),
        replace(first, id=new_id(), author_id=UserId(new_id())),
        replace(first, id=new_id(), client_id=None),
        replace(first, id=new_id(), client_id=None),
    )
    async with units.open() as unit:
        assert await unit.messages.said_once(first.room_id, first.author_id, "c") == first
        assert await unit.messages.said_once(first.room_id, first.author_id, "C") is None


async def test_what_was_said_in_rooms_that_are_gone_is_not_found_by_author(units: StoredUnits) -> None:
    room, me = a_room(), UserId(new_id())
    there = [a_message(room_id=room.id, author_id=me, sequence=n, created_at=NOON + n * MS) for n in (1, 2)]
    await keep(units, room, *there, a_message(author_id=me), a_message(room_id=room.id))

    async with units.open() as unit:
        assert list(await unit.messages.all_by(me)) == there[::-1]


async def test_twenty_who_count_at_once_get_twenty_numbers(units: StoredUnits) -> None:
    count = a_count()
    await keep(units, count)

    async def number() -> int:
        async with units.open() as unit:
            following = unit.counts.save((await held(unit.counts, count.id)).following())
            unit.messages.add(a_message(room_id=count.id, sequence=following.last))
            return await unit.commit(following.last)

    numbers = await together([until_done(number) for _ in range(20)])

    assert sorted(number for number in numbers if isinstance(number, int)) == list(range(1, 21))
    async with units.open() as unit:
        assert [each.sequence for each in await unit.messages.behind(count.id, 0, 50)] == list(range(1, 21))


async def test_counts_and_presences_are_found_by_room(units: StoredUnits) -> None:
    counts = [a_count(last=n, closed=n == 2) for n in range(3)]
    rooms = [count.id for count in counts]
    here = a_presence(room_id=rooms[0], expires_at=NOON + MS)
    late = a_presence(room_id=rooms[1], expires_at=NOON)
    await keep(units, *counts, here, late)

    async with units.open() as unit:
        assert {count.id for count in await unit.counts.among([*rooms, new_id()])} == set(rooms)
        assert list(await unit.counts.closed(10)) == [counts[2]]
        assert list(await unit.presences.among(rooms, at=NOON)) == [here]
        assert list(await unit.presences.among([], at=NOON)) == []
        assert list(await unit.presences.lapsed(NOON, 10)) == [late]
        assert list(await unit.presences.lapsed(NOON + timedelta(seconds=1), 10)) == [late, here]


async def test_sessions_are_found_by_id(units: StoredUnits) -> None:
    from tests.builders import a_session

    sessions = [a_session() for _ in range(3)]
    await keep(units, *sessions)

    async with units.open() as unit:
        found = await unit.sessions.among([sessions[0].id, sessions[2].id, new_id()])
    assert {session.id for session in found} == {sessions[0].id, sessions[2].id}


async def test_who_counts_from_what_is_no_longer_so_is_told(units: StoredUnits) -> None:
    count = a_count()
    await keep(units, count)
    async with units.open() as late, units.open() as early:
        read = [await unit.counts.get(count.id) for unit in (late, early)]
        early.counts.save(read[1].following())
        await early.commit(None)
        late.counts.save(read[0].following())

        with pytest.raises(Conflict):
            async with asyncio.timeout(10):
                await late.commit(None)
