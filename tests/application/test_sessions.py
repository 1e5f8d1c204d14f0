"""Signing in and staying so: tokens rotate, scopes only shrink, and a used token betrays its thief."""

from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain.access import ALL_SCOPES, SCOPES, Role
from domain.errors import Unauthenticated
from domain.paging import Page, PageRequest
from domain.sessions import InvalidGrant, InvalidScope
from tests.application.support import Worker, World


@given(st.lists(st.integers(0, 8), max_size=10))
async def test_only_the_newest_refresh_token_works_and_any_other_ends_the_sign_in(presented: list[int]) -> None:
    world = World()
    worker, _ = world.worker(), await world.joined("ada")
    grants, alive = [await world.signed_in("ada")], True
    for number in presented:
        which = number % len(grants)
        is_newest = which == len(grants) - 1
        try:
            grants.append(await worker.sessions.refresh(grants[which].refresh_token, None))
            assert alive
            assert is_newest
        except InvalidGrant:
            assert not (alive and is_newest)
            alive = False

    for grant in grants:
        if alive:
            assert await worker.asks(grant.access_token)
        else:
            with pytest.raises(Unauthenticated):
                await worker.asks(grant.access_token)


scopes = st.lists(st.sampled_from([*sorted(ALL_SCOPES), "no:such"]), max_size=6)


@given(st.sampled_from(Role), scopes, scopes, st.sampled_from(Role))
async def test_scopes_never_pass_the_role_nor_what_was_asked(
    role: Role, asked: list[str], again: list[str], later: Role
) -> None:
    world = World()
    worker, ada = world.worker(), await world.joined("ada", role)
    root = await world.joined("root", Role.ADMIN)
    try:
        grant = await world.signed_in("ada", *asked)
    except InvalidScope:
        assert asked
        assert not SCOPES[role].intersection(asked)
        return
    may = SCOPES[role] & set(asked) if asked else SCOPES[role]
    assert grant.scopes == may

    await worker.accounts.administer(root, ada.id, {"role": later})

    assert (await worker.asks(grant.access_token)).actor.scopes == may & SCOPES[later]
    may_now = SCOPES[later] & may if asked else SCOPES[later]  # what was cut away then does not come back
    expected = may_now & set(again) if again else may_now
    try:
        assert (await worker.sessions.refresh(grant.refresh_token, again or None)).scopes == expected
    except InvalidScope:
        assert again
        assert not expected


async def test_a_sign_in_lasts_as_long_as_it_is_used(world: World, worker: Worker) -> None:
    await world.joined("ada")
    grant = await world.signed_in("ada")
    for _ in range(3):
        world.clock.advance(days=29)
        grant = await worker.sessions.refresh(grant.refresh_token, None)
    world.clock.advance(days=30)

    with pytest.raises(InvalidGrant):
        await worker.sessions.refresh(grant.refresh_token, None)


async def test_an_access_token_never_outlives_its_sign_in(world: World, worker: Worker) -> None:
    world.settings = world.settings.model_copy(update={"access_token_minutes": 60 * 24 * 60})
    await world.joined("ada")

    grant = await world.signed_in("ada")

    assert timedelta(seconds=grant.expires_in) == timedelta(days=30)


async def test_sessions_that_are_over_are_not_listed(world: World, worker: Worker) -> None:
    ada = await world.joined("ada")
    await world.signed_in("ada")
    world.clock.advance(days=31)
    await world.signed_in("ada")

    listed = await worker.sessions.list(ada, PageRequest())

    assert isinstance(listed, Page)
    assert listed.total == 1


async def test_ended_tokens_are_remembered_until_they_would_have_ended(world: World, worker: Worker) -> None:
    await world.joined("ada")
    first = await world.signed_in("ada")
    await worker.sessions.revoke(first.access_token)
    world.clock.advance(minutes=31)
    second = await worker.sessions.refresh(first.refresh_token, None)

    await worker.sessions.revoke(second.access_token)

    who = await worker.asks((await worker.sessions.refresh(second.refresh_token, None)).access_token)
    async with worker.units.open() as unit:
        session = await unit.sessions.get(who.session_id or "")
    assert len(session.revoked) == 1


async def test_signing_in_is_told_and_failing_to_is_not(world: World, worker: Worker) -> None:
    ada = await world.joined("ada")
    await world.signed_in("ada")

    assert [(event.type, event.actor_id) for event in world.told()[1:]] == [("session.started", ada.id)]
