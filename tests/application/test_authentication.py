"""Who is asking: believed for a second at most, and not a moment longer where the ending is one's own."""

from collections.abc import Awaitable, Callable
from datetime import timedelta

import pytest

from application.authentication import TOUCHED_EVERY
from application.sessions import Client
from application.standings import FRESH_S
from domain.access import Actor, Role
from domain.errors import TokenExpired, Unauthenticated
from tests.application.support import PASSWORD, Worker, World

ADMIN = Role.ADMIN


async def deactivate(worker: Worker, ada: Actor, admin: Actor, token: str) -> None:
    await worker.accounts.administer(admin, ada.id, {"is_active": False})


async def leave(worker: Worker, ada: Actor, admin: Actor, token: str) -> None:
    await worker.accounts.erase(ada)


async def end_the_session(worker: Worker, ada: Actor, admin: Actor, token: str) -> None:
    await worker.sessions.end(ada, (await worker.asks(token)).session_id or "")


async def revoke_the_token(worker: Worker, ada: Actor, admin: Actor, token: str) -> None:
    await worker.sessions.revoke(token)


async def change_the_password_elsewhere(worker: Worker, ada: Actor, admin: Actor, token: str) -> None:
    other = await worker.sessions.sign_in("ada", PASSWORD, None, Client())
    await worker.accounts.change_password(await worker.asks(other.access_token), PASSWORD, "battery staple 2")


ENDINGS: list[Callable[[Worker, Actor, Actor, str], Awaitable[None]]] = [
    deactivate, leave, end_the_session, revoke_the_token, change_the_password_elsewhere,
]  # fmt: skip


@pytest.mark.parametrize("end", ENDINGS)
async def test_an_ending_holds_at_once_here_and_within_a_second_elsewhere(
    world: World, end: Callable[[Worker, Actor, Actor, str], Awaitable[None]]
) -> None:
    here, elsewhere = world.worker(), world.worker()
    admin, ada = await world.joined("root", ADMIN), await world.joined("ada")
    token = (await world.signed_in("ada")).access_token
    await here.asks(token)
    await elsewhere.asks(token)

    await end(here, ada, admin, token)

    with pytest.raises(Unauthenticated):
        await here.asks(token)
    world.ticks.now += FRESH_S
    with pytest.raises(Unauthenticated):
        await elsewhere.asks(token)


async def test_a_role_that_was_taken_takes_its_scopes_at_once(world: World, worker: Worker) -> None:
    root, _ = await world.joined("root", ADMIN), await world.joined("other", ADMIN)
    token = (await world.signed_in("root")).access_token
    assert "admin" in (await worker.asks(token)).actor.scopes

    await worker.accounts.administer(root, root.id, {"role": Role.CUSTOMER})

    actor = (await worker.asks(token)).actor
    assert (actor.role, "admin" in actor.scopes, "items:read" in actor.scopes) == (Role.CUSTOMER, False, True)


async def test_a_role_that_was_given_does_not_widen_a_token(world: World, worker: Worker) -> None:
    root, ada = await world.joined("root", ADMIN), await world.joined("ada")
    token = (await world.signed_in("ada", "items:read")).access_token

    await worker.accounts.administer(root, ada.id, {"role": Role.STAFF})

    assert (await worker.asks(token)).actor.scopes == {"items:read"}


async def test_a_token_ends_by_itself(world: World, worker: Worker) -> None:
    await world.joined("ada")
    grant = await world.signed_in("ada")
    world.clock.advance(seconds=grant.expires_in)

    with pytest.raises(TokenExpired):
        await worker.asks(grant.access_token)


async def test_a_key_that_was_ended_stops_at_once(world: World, worker: Worker) -> None:
    ada = await world.joined("ada")
    kept, key = await worker.api_keys.make(ada, "ci", ["items:read"], None)
    assert (await worker.asks_by_key(key)).actor.scopes == {"items:read"}

    await worker.api_keys.end(ada, kept.id)

    with pytest.raises(Unauthenticated):
        await worker.asks_by_key(key)


async def test_a_key_ends_at_its_time_even_while_it_is_believed(world: World, worker: Worker) -> None:
    ada = await world.joined("ada")
    _, key = await worker.api_keys.make(ada, "ci", ["items:read"], world.clock() + timedelta(seconds=1))
    await worker.asks_by_key(key)
    world.clock.advance(seconds=1)

    with pytest.raises(Unauthenticated):
        await worker.asks_by_key(key)


async def test_that_a_key_was_used_is_written_down_once_a_minute(world: World, worker: Worker) -> None:
    ada = await world.joined("ada")
    kept, key = await worker.api_keys.make(ada, "ci", ["items:read"], None)
    versions = []
    for _ in range(4):
        await worker.asks_by_key(key)
        world.ticks.now += FRESH_S
        world.clock.now += TOUCHED_EVERY / 2
        async with worker.units.open() as unit:
            versions.append((await unit.api_keys.get(kept.id)).version)

    assert versions == [2, 2, 3, 3]
