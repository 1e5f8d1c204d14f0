"""What was read about people: how long it is believed, and who reads it again."""

from dataclasses import replace
from typing import Any

import pytest

from application.standings import BUSY_S, FRESH_S, RENEWED_S, Standing, Standings, standing_of
from domain.access import Role, UserId
from domain.errors import Unauthenticated
from tests.application.support import Ticks, Worker, World
from tests.builders import NOON, a_session, a_user


def a_standing(of: str, at: float = 100.0) -> Standing:
    return Standing(UserId(of), Role.CUSTOMER, None, frozenset(), None, at)


def test_what_was_read_is_believed_for_a_second() -> None:
    ticks = Ticks()
    standings = Standings(ticks)
    standings.put("s", a_standing("ada"), as_of=0)

    ticks.now += FRESH_S - 0.001
    assert standings.get("s") is not None
    ticks.now += 0.001
    assert standings.get("s") is None


def test_dropping_one_person_leaves_the_others() -> None:
    standings = Standings(Ticks())
    for credential, of in (("s1", "ada"), ("s2", "ada"), ("s3", "bob")):
        standings.put(credential, a_standing(of), as_of=0)

    standings.drop(UserId("ada"))

    assert [standings.get(credential) is None for credential in ("s1", "s2", "s3")] == [True, True, False]


def test_what_was_read_before_an_ending_is_not_kept_after_it() -> None:
    standings = Standings(Ticks())
    as_of = standings.dropped
    standings.drop(UserId("ada"))

    standings.put("s", a_standing("ada"), as_of=as_of)

    assert standings.get("s") is None


def test_no_more_is_kept_than_fits(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("application.standings.MOST", 10)
    standings = Standings(Ticks())

    for number in range(100):
        standings.put(f"s{number}", a_standing(f"u{number}"), as_of=0)

    assert sum(standings.get(f"s{number}") is not None for number in range(100)) <= 10
    assert standings.get("s99") is not None


async def busy(world: World, worker: Worker, username: str = "ada") -> tuple[str, str]:
    """Somebody's token that was just used, and its session."""
    await world.joined(username)
    token = (await world.signed_in(username)).access_token
    return token, (await worker.asks(token)).session_id or ""


async def renewed(worker: Worker) -> None:
    await worker.container.renew_standings()()


async def test_a_busy_session_is_read_again_before_its_second_is_over(world: World, worker: Worker) -> None:
    sessions = [(await busy(world, worker, f"u{number}"))[1] for number in range(5)]
    world.ticks.now += RENEWED_S
    await renewed(worker)

    world.ticks.now += FRESH_S - 0.001

    assert all(worker.standings.get(session) for session in sessions)


async def test_a_session_that_nobody_asks_for_any_more_is_left_alone(world: World, worker: Worker) -> None:
    _, session = await busy(world, worker)
    world.ticks.now += BUSY_S

    await renewed(worker)

    assert worker.standings.get(session) is None


async def test_what_ended_elsewhere_is_not_renewed(world: World, worker: Worker) -> None:
    token, session = await busy(world, worker)
    other = world.worker()
    actor = (await other.asks(token)).actor
    await other.sessions.end(actor, session)
    world.ticks.now += RENEWED_S
    await renewed(worker)

    world.ticks.now += FRESH_S - RENEWED_S

    with pytest.raises(Unauthenticated):
        await worker.asks(token)


def test_a_session_gives_nobody_else_and_nobody_who_left_a_standing() -> None:
    user = a_user()
    session = a_session(user_id=user.id)
    after = session.expires_at

    assert standing_of(session, user, at=NOON, read_at=0) is not None
    assert standing_of(session, replace(user, is_active=False), at=NOON, read_at=0) is None
    assert standing_of(session, a_user(), at=NOON, read_at=0) is None
    assert standing_of(session, None, at=NOON, read_at=0) is None
    assert standing_of(session, user, at=after, read_at=0) is None


async def test_a_token_revoked_elsewhere_is_refused_from_the_renewal_on(world: World, worker: Worker) -> None:
    token, _ = await busy(world, worker)
    await world.worker().sessions.revoke(token)
    await renewed(worker)

    with pytest.raises(Unauthenticated):
        await worker.asks(token)


async def test_an_ending_is_not_overtaken_by_a_renewal(
    world: World, worker: Worker, monkeypatch: pytest.MonkeyPatch
) -> None:
    token, session = await busy(world, worker)
    actor = (await worker.asks(token)).actor
    find: Any = type(world.store.session()).find
    ending = iter([lambda: worker.sessions.end(actor, session)])

    async def found(*asked: Any) -> Any:
        read = await find(*asked)
        if end := next(ending, None):
            await end()
        return read

    monkeypatch.setattr(type(world.store.session()), "find", found)
    await renewed(worker)

    with pytest.raises(Unauthenticated):
        await worker.asks(token)
