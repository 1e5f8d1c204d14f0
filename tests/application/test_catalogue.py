"""The catalogue: facts leave with the change, and say who could see the item when it happened."""

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain.access import Actor, Role
from domain.errors import InsufficientScope, NotFound, NotOwner, PreconditionFailed, Refusal
from tests.application.support import Worker, World

TEAPOT = {"name": "Teapot", "price": 2490}


def without(actor: Actor, scope: str) -> Actor:
    return Actor(actor.id, actor.role, actor.scopes - {scope})


async def test_each_change_is_told_with_who_could_see_it_before(world: World, worker: Worker) -> None:
    ada = await world.joined("ada")
    item = await worker.catalogue.offer(ada, TEAPOT)
    await worker.catalogue.revise(ada, item.id, {"is_public": False})
    await worker.catalogue.revise(ada, item.id, {"name": "Kettle"})
    await worker.catalogue.withdraw(ada, item.id)

    told = [(event.type, event.resource, event.public) for event in world.told()[1:]]
    assert told == [
        ("item.created", f"item:{item.id}", True),
        ("item.updated", f"item:{item.id}", True),
        ("item.updated", f"item:{item.id}", False),
        ("item.deleted", f"item:{item.id}", False),
    ]


async def test_what_changes_nothing_is_not_told(world: World, worker: Worker) -> None:
    ada = await world.joined("ada")
    item = await worker.catalogue.offer(ada, TEAPOT)
    world.clock.advance(seconds=1)

    assert await worker.catalogue.revise(ada, item.id, dict(TEAPOT)) == item
    assert [event.type for event in world.told()[1:]] == ["item.created"]


async def test_what_is_refused_is_not_told_and_changes_nothing(world: World, worker: Worker) -> None:
    ada, bob = await world.joined("ada"), await world.joined("bob")
    item = await worker.catalogue.offer(ada, TEAPOT)
    for who, expected, refusal in ((bob, None, NotOwner), (ada, frozenset({7}), PreconditionFailed)):
        with pytest.raises(refusal):
            await worker.catalogue.revise(who, item.id, {"name": "x"}, expected)
        with pytest.raises(refusal):
            await worker.catalogue.withdraw(who, item.id, expected)

    assert await worker.catalogue.read(None, item.id) == item
    assert [event.type for event in world.told()[2:]] == ["item.created"]


@given(
    public=st.booleans(),
    role=st.sampled_from(Role),
    is_owner=st.booleans(),
    signed_in=st.booleans(),
    has_scope=st.booleans(),
)
async def test_who_reads_what(public: bool, role: Role, is_owner: bool, signed_in: bool, has_scope: bool) -> None:
    world = World()
    worker, owner, other = world.worker(), await world.joined("owner", role), await world.joined("other", role)
    item = await worker.catalogue.offer(owner, {**TEAPOT, "is_public": public})
    actor = owner if is_owner else other
    if not has_scope:
        actor = without(actor, "items:read")

    expected: Any = item
    if not public:
        privileged = signed_in and (is_owner or role is not Role.CUSTOMER)
        if not privileged or (not has_scope and not is_owner):
            expected = NotFound
        elif not has_scope:
            expected = InsufficientScope
    try:
        found: Any = await worker.catalogue.read(actor if signed_in else None, item.id)
    except Refusal as refusal:
        found = type(refusal)

    assert found == expected
