"""Uniqueness comes from the store's keys, never from looking first; the refusal names the same field on every path."""

from dataclasses import replace

import pytest

from adapters.persistence.unit_of_work import StoredUnits
from domain.accounts import User
from domain.errors import AlreadyExists
from domain.events import Fact
from tests.builders import NOON, a_session, a_user, an_api_key, an_item
from tests.contracts.support import got, keep, remove, save, together, until_done

SAME = [
    ("ann", "ANN"),
    ("Straße", "STRASSE"),
    ("ſam", "SAM"),
    ("\u0130x", "i\u0307X"),
    ("\u212aim", "kIM"),
    ("ﬁn", "FIN"),
    ("Ａnn", "ann"),
    ("ΣΑΣ", "σας"),
    ("É", "e\u0301"),
]
DIFFERENT = [("ı", "i"), ("é", "e"), ("a_b", "aXb"), ("a%", "a%b"), ("a", "a "), ("a.b", "ab"), ("ss", "s"), ("o", "0")]
FIELDS = ["username", "email"]
WANTED = {"username": "Ann", "email": "Ann@x.y"}


async def refused(work: object) -> tuple[str, str]:
    with pytest.raises(AlreadyExists) as refusal:
        await work  # type: ignore[misc]
    return refusal.value.collection, refusal.value.field


@pytest.mark.parametrize("field", FIELDS)
async def test_a_value_is_taken_without_regard_to_case_on_create(units: StoredUnits, field: str) -> None:
    for one, other in SAME:
        first = a_user(**{field: one})
        await keep(units, first)

        assert await refused(keep(units, a_user(**{field: other}))) == ("users", f"{field}_key")

        await remove(units, first)


@pytest.mark.parametrize("field", FIELDS)
async def test_a_value_is_taken_without_regard_to_case_on_update(units: StoredUnits, field: str) -> None:
    changing = a_user()
    await keep(units, changing)
    for one, other in SAME:
        first = a_user(**{field: one})
        await keep(units, first)

        assert await refused(save(units, changing.revised(NOON, **{field: other}))) == ("users", f"{field}_key")

        await remove(units, first)
    assert await got(units, changing) == changing


@pytest.mark.parametrize("field", FIELDS)
async def test_values_that_differ_in_more_than_case_are_two(units: StoredUnits, field: str) -> None:
    for one, other in DIFFERENT:
        first, second = a_user(**{field: one}), a_user(**{field: other})
        await keep(units, first, second)

        assert [await got(units, first), await got(units, second)] == [first, second]

        await remove(units, first, second)


@pytest.mark.parametrize("field", FIELDS)
async def test_who_has_a_value_may_write_it_otherwise(units: StoredUnits, field: str) -> None:
    user = a_user(**{field: "Ann"})
    await keep(units, user)

    await save(units, user.revised(NOON, **{field: "ANN"}))

    assert getattr(await got(units, user), field) == "ANN"


async def test_where_both_are_taken_the_username_is_named(units: StoredUnits) -> None:
    """By one person or by two, whoever came first."""
    both = a_user(username="ann", email="ann@x.y")
    await keep(units, a_user(email="other@x.y"), a_user(username="other"), both)
    changing = a_user()
    await keep(units, changing)

    for name, address in (("ann", "ann@x.y"), ("other", "ann@x.y"), ("ann", "other@x.y")):
        assert await refused(keep(units, a_user(username=name, email=address))) == ("users", "username_key")
        change = changing.revised(NOON, username=name, email=address)
        assert await refused(save(units, change)) == ("users", "username_key")


async def test_many_may_be_without_a_value(units: StoredUnits) -> None:
    people = [a_user() for _ in range(4)]
    await keep(units, *people)

    await save(units, *(person.erased(NOON) for person in people))

    assert [(await got(units, person)).username for person in people] == ["deleted"] * 4


async def test_erasing_frees_the_values(units: StoredUnits) -> None:
    leaving = a_user(username="ann", email="ann@x.y")
    await keep(units, leaving)
    await save(units, leaving.erased(NOON))
    coming = a_user(username="Ann", email="ANN@x.y")

    await keep(units, coming)

    async with units.open() as unit:
        assert await unit.users.known_as("ANN") == coming
        assert await unit.users.known_as("Ann@X.Y") == coming
        assert await unit.users.known_as("deleted") is None
        assert await unit.users.known_as("") is None


async def test_a_new_name_frees_the_old_one(units: StoredUnits) -> None:
    first = a_user(username="ann")
    await keep(units, first)
    await save(units, first.revised(NOON, username="bob"))

    assert await refused(keep(units, a_user(username="BOB"))) == ("users", "username_key")
    await keep(units, a_user(username="ann"))


async def test_removing_frees_the_values(units: StoredUnits) -> None:
    first = a_user(username="ann")
    await keep(units, first)
    await remove(units, first)

    await keep(units, a_user(username="ANN"))


async def test_a_value_given_free_in_a_unit_can_be_taken_later_in_it(units: StoredUnits) -> None:
    first = a_user(username="ann")
    await keep(units, first)
    second = a_user(username="ann")
    async with units.open() as unit:
        unit.users.save(first.revised(NOON, username="bob"))
        unit.users.add(second)
        await unit.commit(None)

    third = a_user(username="ann")
    async with units.open() as unit:
        unit.users.remove(second)
        unit.users.add(third)
        unit.tell(Fact(type="a.b", resource="x:1"))
        await unit.commit(None)

    async with units.open() as unit:
        assert await unit.users.known_as("ann") == third
        assert (await unit.users.get(first.id)).username == "bob"


async def test_a_value_is_not_free_before_it_is_given_free(units: StoredUnits) -> None:
    first, second = a_user(username="ann"), a_user(username="bob")
    await keep(units, first, second)

    async with units.open() as unit:
        unit.users.save(second.revised(NOON, username="ann"))
        unit.users.save(first.revised(NOON, username="bob"))
        assert await refused(unit.commit(None)) == ("users", "username_key")

    assert [await got(units, first), await got(units, second)] == [first, second]


async def test_an_id_is_taken_once(units: StoredUnits) -> None:
    item, user = an_item(), a_user()
    await keep(units, item, user)

    assert await refused(keep(units, an_item(id=item.id))) == ("items", "id")
    assert await refused(keep(units, a_user(id=user.id))) == ("users", "id")
    await keep(units, a_session(id=user.id))
    assert await got(units, item) == item


async def test_a_digest_is_taken_once(units: StoredUnits) -> None:
    first, second = an_api_key(digest="abc"), an_api_key(digest="ABC")
    await keep(units, first, second)

    assert await refused(keep(units, an_api_key(digest="abc"))) == ("api_keys", "digest")
    assert await refused(save(units, replace(second, digest="abc"))) == ("api_keys", "digest")
    async with units.open() as unit:
        assert await unit.api_keys.with_digest("abc") == first
        assert await unit.api_keys.with_digest("ABC") == second


@pytest.mark.parametrize("field", FIELDS)
@pytest.mark.parametrize("alone", [True, False])
async def test_of_many_that_take_a_value_on_create_one_wins(units: StoredUnits, field: str, alone: bool) -> None:
    wanted = WANTED[field]
    people = [a_user(**{field: wanted if number % 2 else wanted.upper()}) for number in range(50)]

    async def register(user: User) -> None:
        async with units.open() as unit:
            unit.users.add(user)
            if not alone:
                unit.tell(Fact(type="user.registered", resource=f"user:{user.id}"))
            await unit.commit(None)

    outcomes = await together([register(user) for user in people])

    await one_won(units, people, outcomes, field)


@pytest.mark.parametrize("field", FIELDS)
@pytest.mark.parametrize("holds", [True, False])
async def test_of_many_that_take_a_value_on_update_one_wins(units: StoredUnits, field: str, holds: bool) -> None:
    people = [a_user() for _ in range(50)]
    await keep(units, *people)

    async def rename(user: User) -> None:
        async with units.open() as unit:
            read = (await unit.users.hold(user.id))[0] if holds else await unit.users.get(user.id)
            unit.users.save(read.revised(NOON, **{field: WANTED[field]}))
            unit.tell(Fact(type="user.changed", resource=f"user:{user.id}"))
            await unit.commit(None)

    outcomes = await together([until_done(lambda user=user: rename(user)) for user in people])  # type: ignore[misc]

    await one_won(units, people, outcomes, field)


async def one_won(units: StoredUnits, people: list[User], outcomes: list[BaseException | None], field: str) -> None:
    winners = [user for user, outcome in zip(people, outcomes, strict=True) if outcome is None]
    refusals = [(type(outcome), getattr(outcome, "field", None)) for outcome in outcomes if outcome is not None]
    assert refusals == [(AlreadyExists, f"{field}_key")] * 49
    async with units.open() as unit:
        known = await unit.users.known_as(WANTED[field])
        assert known is not None
        assert [known.id] == [winner.id for winner in winners]
