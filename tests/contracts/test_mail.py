"""Mailed tokens and inboxes on every store."""

from datetime import timedelta

import pytest

from adapters.persistence.unit_of_work import StoredUnits
from domain.access import UserId
from domain.errors import AlreadyExists, Conflict, NotFound
from domain.mail import MailedToken
from domain.paging import PageRequest
from tests.builders import MS, NASTY, NOON, FixedClock, new_id
from tests.builders.mail import a_mailed_token, a_notification
from tests.contracts.support import got, keep, page, paged, remove, save, together, until_done, walked


async def with_digest(units: StoredUnits, digest: str) -> MailedToken | None:
    async with units.open() as unit:
        return await unit.mailed_tokens.with_digest(digest)


async def test_a_token_is_found_by_its_whole_digest_alone(units: StoredUnits) -> None:
    tokens = [a_mailed_token(digest=f"x{word}") for word in (*NASTY, "ABC", "abc")]
    await keep(units, *tokens)

    for token in tokens:
        assert await with_digest(units, token.digest) == token
    for other in ("", "x", "xab", "xABc", "abc", f"{tokens[0].digest} "):
        assert await with_digest(units, other) is None


async def test_a_digest_is_there_once(units: StoredUnits) -> None:
    await keep(units, a_mailed_token(digest="same"))

    with pytest.raises(AlreadyExists) as taken:
        await keep(units, a_mailed_token(digest="same"))

    assert taken.value.field == "digest"


async def test_of_many_that_use_one_token_one_does(units: StoredUnits) -> None:
    token = a_mailed_token()
    await keep(units, token)

    async def used() -> bool:
        async with units.open() as unit:
            found = await unit.mailed_tokens.with_digest(token.digest)
            if found is None:
                return False
            unit.mailed_tokens.remove(found)
            return await unit.commit(True)

    outcomes = await together([until_done(used) for _ in range(10)])

    assert sorted(map(bool, outcomes)) == [False] * 9 + [True]
    assert not [outcome for outcome in outcomes if isinstance(outcome, BaseException)]


async def test_a_token_that_was_removed_meanwhile_cannot_be_used(units: StoredUnits) -> None:
    token = a_mailed_token()
    await keep(units, token)
    await remove(units, token)

    with pytest.raises(Conflict):
        await remove(units, token)


async def test_somebodys_tokens_are_theirs_alone(units: StoredUnits) -> None:
    me = UserId(new_id())
    mine = [a_mailed_token(user_id=me, created_at=NOON - number * MS) for number in range(3)]
    await keep(units, *mine, a_mailed_token())

    async with units.open() as unit:
        assert await unit.mailed_tokens.all_of(me) == mine
        assert await unit.mailed_tokens.all_of(UserId(new_id())) == []


async def test_tokens_are_swept_when_their_time_is_over(units: StoredUnits, clock: FixedClock) -> None:
    old, good = (
        a_mailed_token(expires_at=NOON + timedelta(hours=1)),
        a_mailed_token(expires_at=NOON + timedelta(days=1)),
    )
    await keep(units, old, good)
    clock.advance(hours=1)

    assert await units.housekeeping() == 1

    assert await got(units, good) == good
    with pytest.raises(NotFound):
        await got(units, old)


async def test_an_inbox_parts_by_what_was_read(units: StoredUnits) -> None:
    me = UserId(new_id())
    inbox = [a_notification(user_id=me, created_at=NOON + timedelta(minutes=n // 3)) for n in range(8)]
    await keep(units, *inbox, a_notification())
    await save(units, *(each.read(NOON) for each in inbox[::2]))
    expected = sorted(sorted(inbox, key=lambda each: each.id), key=lambda each: each.created_at, reverse=True)
    read = {each.id for each in inbox[::2]}

    for unread, ids in (
        (None, [each.id for each in expected]),
        (True, [each.id for each in expected if each.id not in read]),
        (False, [each.id for each in expected if each.id in read]),
    ):
        async with units.open() as unit:
            pages = await paged(lambda window, unread=unread: unit.notifications.of(me, window, unread=unread), 3)
            walk = await walked(lambda window, unread=unread: unit.notifications.of(me, window, unread=unread), 3)
            assert [each.id for each in pages] == [each.id for each in walk] == ids
            assert [each.id for each in await unit.notifications.all_of(me)] == [each.id for each in expected]


async def test_an_empty_inbox_has_no_pages(units: StoredUnits) -> None:
    await keep(units, a_notification())

    async with units.open() as unit:
        found = page(await unit.notifications.of(UserId(new_id()), PageRequest()))

    assert (found.items, found.total) == ([], 0)
