"""The corners of conditions: null in columns of every kind, conditions of nothing, limits and counts of tags."""

from adapters.persistence.accounts import USERS
from adapters.persistence.api_keys import API_KEYS
from adapters.persistence.events import EVENTS
from adapters.persistence.query import AllOf, Among, AnyOf, Compare, Equal, HasAll, Key, Matches
from adapters.persistence.session import Store
from adapters.persistence.unit_of_work import StoredUnits
from domain.access import UserId
from domain.events import Fact
from tests.builders import LAST, MS, NOON, a_user, an_api_key, an_item, new_id
from tests.contracts.support import found, items_found, keep


async def test_an_owner_that_is_null_is_found_as_null(units: StoredUnits, started: Store) -> None:
    owner = UserId(new_id())
    async with units.open() as unit:
        for some in (owner, None, owner, None):
            unit.tell(Fact(type="a.b", resource="x:1", owner_id=some))
        await unit.commit(None)

    assert len(await found(started, EVENTS, Equal("owner_id", None))) == 2
    assert len(await found(started, EVENTS, Equal("owner_id", owner))) == 2
    assert len(await found(started, EVENTS, Among("owner_id", [owner, new_id()]))) == 2


async def test_an_instant_that_is_null_is_neither_past_nor_future(units: StoredUnits, started: Store) -> None:
    never, soon = an_api_key(expires_at=None), an_api_key(expires_at=NOON + MS)
    await keep(units, never, soon)

    assert await found(started, API_KEYS, Compare("expires_at", ">", NOON)) == [soon.id]
    assert await found(started, API_KEYS, Compare("expires_at", "<=", LAST)) == [soon.id]
    assert await found(started, API_KEYS, Equal("expires_at", None)) == [never.id]


async def test_all_have_all_of_nothing(units: StoredUnits, started: Store) -> None:
    items = [an_item(tags=()), an_item(tags=("a",)), an_item(tags=("a", "b"))]
    await keep(units, *items)

    assert await items_found(started, HasAll("tags", ())) == [item.id for item in items]


async def test_none_of_no_alternatives_is_fulfilled_and_all_of_no_conditions_are(
    units: StoredUnits, started: Store
) -> None:
    people = [a_user(age=14), a_user(age=None)]
    await keep(units, *people)
    all_of_them = [user.id for user in people]

    assert await found(started, USERS, AnyOf(())) == []
    assert await found(started, USERS, AllOf(())) == all_of_them
    assert await found(started, USERS, AnyOf((AllOf(()), Equal("age", 14)))) == all_of_them


async def test_a_name_matches_apart_from_a_description(units: StoredUnits, started: Store) -> None:
    item, bare = an_item(name="Red apple", description="Sweet pie"), an_item(name="!!!")
    await keep(units, item, bare)

    assert await items_found(started, Matches("name_words", ("sweet",))) == []
    assert await items_found(started, Matches("name_words", ("red", "a"))) == [item.id]
    assert await items_found(started, Matches("words", ("a",), absent=True)) == [bare.id]
    assert await items_found(started, Matches("words", ("s",)), Matches("name_words", ("s",), absent=True)) == [item.id]


async def test_no_limit_is_all_and_a_limit_of_nothing_is_nothing(units: StoredUnits, started: Store) -> None:
    people = [a_user() for _ in range(5)]
    await keep(units, *people)
    downwards = (Key("username_key", descending=True),)

    assert await found(started, USERS, limit=0) == []
    assert len(await found(started, USERS, limit=4, order=downwards)) == 4
    assert len(await found(started, USERS, limit=10**12)) == 5


async def test_tags_are_counted_over_public_items_most_used_first_then_by_code_point(units: StoredUnits) -> None:
    for tags in (("b", "a"), ("a", "z"), ("b",), ("%", "é"), ("\ue000", "😀"), ("e", "f"), ()):
        await keep(units, an_item(tags=tags))
    await keep(units, an_item(tags=("a", "hidden"), is_public=False))

    async with units.open() as unit:
        counts = [(count.tag, count.count) for count in await unit.items.tag_counts()]

    assert counts == [("a", 2), ("b", 2), *((tag, 1) for tag in sorted(["z", "%", "é", "\ue000", "😀", "e", "f"]))]


async def test_of_no_public_items_no_tags_are_counted(units: StoredUnits) -> None:
    await keep(units, an_item(tags=()), an_item(tags=("x",), is_public=False))

    async with units.open() as unit:
        assert await unit.items.tag_counts() == []
