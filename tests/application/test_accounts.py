"""Accounts: what is told of them, what stays of who left, and that an admin always stays."""

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain.access import Role
from domain.accounts import EmailTaken, LastAdmin, UsernameTaken, WrongPassword
from domain.errors import AlreadyExists, Invalid, NotFound, PreconditionFailed
from tests.application.support import PASSWORD, Worker, World, acting

SECRET = "Ada-the-first-programmer"


async def test_joining_and_changing_are_told_without_anything_personal(world: World, worker: Worker) -> None:
    ada = await world.joined("ada")
    await worker.accounts.revise(ada, {"full_name": SECRET, "bio": SECRET})

    assert [event.type for event in world.told()] == ["user.registered", "user.updated"]
    assert all(event.actor_id == event.owner_id == ada.id for event in world.told())
    assert SECRET not in str(world.told())
    assert world.told()[1].details == {"fields": ["bio", "full_name"]}


async def test_what_changes_nothing_is_not_told_and_keeps_the_version(world: World, worker: Worker) -> None:
    ada = await world.joined("ada")
    before = await world.user(ada.id)

    after = await worker.accounts.revise(ada, {"bio": None})

    assert after == before
    assert [event.type for event in world.told()] == ["user.registered"]


async def test_a_refused_change_leaves_nothing_behind(world: World, worker: Worker) -> None:
    ada = await world.joined("ada")
    before = await world.user(ada.id)

    with pytest.raises(PreconditionFailed):
        await worker.accounts.revise(ada, {"bio": SECRET}, frozenset({before.version + 1}))
    with pytest.raises(Invalid):
        await worker.accounts.revise(ada, {"bio": SECRET, "age": 200})

    assert await world.user(ada.id) == before
    assert len(world.told()) == 1


async def test_a_name_and_an_address_are_taken_in_any_case(world: World, worker: Worker) -> None:
    await world.joined("ada")
    register = worker.accounts.register

    with pytest.raises(UsernameTaken):
        await register(username="ADA", email="other@example.com", password=PASSWORD)
    with pytest.raises(EmailTaken):
        await register(username="other", email="ADA@example.com", password=PASSWORD)

    assert [event.type for event in world.told()] == ["user.registered"]


async def test_an_address_is_unique_when_it_is_changed_too(world: World, worker: Worker) -> None:
    ada, _ = await world.user((await world.joined("ada")).id), await world.joined("bob")

    async with worker.units.open() as unit:
        unit.users.save(ada.revised(world.clock(), email="BOB@example.com"))
        with pytest.raises(AlreadyExists) as refused:
            await unit.commit(None)

    assert refused.value.field == "email_key"
    assert await world.user(ada.id) == ada


async def test_a_wrong_current_password_ends_nothing(world: World, worker: Worker) -> None:
    await world.joined("ada")
    who = await worker.asks((await world.signed_in("ada")).access_token)
    other = await world.signed_in("ada")

    with pytest.raises(WrongPassword):
        await worker.accounts.change_password(who, "wrong horse 1", "battery staple 2")

    assert await worker.asks(other.access_token)


async def test_nothing_personal_stays_of_who_left(world: World, worker: Worker) -> None:
    ada = await world.joined("ada_lovelace")
    await worker.accounts.revise(ada, {"full_name": SECRET, "bio": SECRET, "age": 36})
    await world.signed_in("ada_lovelace")
    await worker.api_keys.make(ada, SECRET, ["items:read"], None)
    await worker.catalogue.offer(ada, {"name": SECRET, "price": 100})
    assert SECRET in str(world.store.rows)

    await worker.accounts.erase(ada)

    kept = str(world.store.rows).lower()
    for personal in (SECRET, "ada_lovelace", "example.com", PASSWORD, "192.0.2.1"):
        assert personal.lower() not in kept


async def test_who_left_is_told_once_with_what_they_withdrew(world: World, worker: Worker) -> None:
    ada = await world.joined("ada")
    item = await worker.catalogue.offer(ada, {"name": "Teapot", "price": 100})

    await worker.accounts.erase(ada)

    told = [(event.type, event.resource) for event in world.told()[2:]]
    assert told == [("item.deleted", f"item:{item.id}"), ("user.deactivated", f"user:{ada.id}")]
    with pytest.raises(NotFound):
        await worker.catalogue.read(ada, item.id)


async def test_what_an_admin_did_is_told_as_theirs(world: World, worker: Worker) -> None:
    root, ada = await world.joined("root", Role.ADMIN), await world.joined("ada")

    await worker.accounts.administer(root, ada.id, {"role": Role.STAFF})
    await worker.accounts.administer(root, ada.id, {"is_active": False})
    await worker.accounts.administer(root, ada.id, {"is_active": False, "role": Role.STAFF})

    told = [(event.type, event.actor_id, event.owner_id) for event in world.told()[2:]]
    assert told == [("user.role_changed", root.id, ada.id), ("user.deactivated", root.id, ada.id)]


steps = st.lists(
    st.tuples(
        st.sampled_from(["demote", "deactivate", "leave", "promote", "activate"]), st.integers(0, 2), st.integers(0, 2)
    ),
    max_size=15,
)


@given(steps)
async def test_whatever_admins_do_one_stays(does: list[tuple[str, int, int]]) -> None:
    world = World()
    worker = world.worker()
    people = [await world.joined(f"admin{number}", Role.ADMIN) for number in range(3)]
    changes: dict[str, dict[str, Any]] = {
        "demote": {"role": Role.CUSTOMER}, "promote": {"role": Role.ADMIN},
        "deactivate": {"is_active": False}, "activate": {"is_active": True},
    }  # fmt: skip
    for what, by, on in does:
        actor, target = (acting(people[each].id, Role.ADMIN) for each in (by, on))
        try:
            if what == "leave":
                await worker.accounts.erase(target)
            else:
                await worker.accounts.administer(actor, target.id, changes[what])
        except LastAdmin:
            active = [user for person in people if (user := await world.user(person.id)).is_active_admin]
            assert [user.id for user in active] == [target.id]
        except NotFound:
            assert (await world.user(target.id)).erased_at is not None

    assert any([(await world.user(person.id)).is_active_admin for person in people])


async def test_the_first_admin_is_appointed_once(world: World, worker: Worker) -> None:
    appoint = worker.container.appoint_admin()
    named = {"username": "root", "email": "root@example.com", "password": PASSWORD}

    assert [await appoint(**named), await appoint(**named)] == [True, False]
