"""Each condition with values and with null, and what is looked for taken to the letter."""

from collections.abc import Callable
from itertools import permutations
from typing import Any

import pytest

from adapters.persistence.accounts import USERS
from adapters.persistence.api_keys import API_KEYS
from adapters.persistence.catalogue import ITEMS
from adapters.persistence.events import EVENTS
from adapters.persistence.query import (
    AllOf,
    Among,
    AnyOf,
    Compare,
    Condition,
    Equal,
    HasAll,
    Key,
    Matches,
    begins,
)
from adapters.persistence.session import Store
from adapters.persistence.unit_of_work import StoredUnits
from domain.access import Role
from domain.accounts import User
from domain.events import Fact
from domain.money import Money
from tests.builders import FIRST, LAST, MS, NASTY, NOON, CountedIds, a_user, an_api_key, an_item, new_id
from tests.contracts.support import found, items_found, keep

HOWS: dict[Any, Callable[[Any, Any], bool]] = {
    "<": lambda one, other: one < other,
    "<=": lambda one, other: one <= other,
    ">": lambda one, other: one > other,
    ">=": lambda one, other: one >= other,
}

PEOPLE: list[User] = [
    a_user(username="a0", full_name=None, age=None, erased_at=None),
    a_user(username="a1", full_name="", age=13, erased_at=FIRST),
    a_user(username="a2", full_name="Ann", age=14, erased_at=NOON, role=Role.STAFF, is_active=False),
    a_user(username="a3", full_name="ann b", age=120, erased_at=NOON + MS),
    a_user(username="a4", full_name="Bob", age=None, erased_at=LAST, email_verified=True),
    a_user(username="a5", full_name=None, age=14, erased_at=None, is_active=False),
]


def which(condition: Callable[[User], bool]) -> list[str]:
    return sorted(user.id for user in PEOPLE if condition(user))


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("full_name", "Ann"), ("full_name", ""), ("full_name", "ann"), ("age", 14), ("age", 0), ("erased_at", NOON),
        ("is_active", False), ("is_active", True), ("email_verified", True), ("role", "staff"), ("username", "%"),
        ("full_name", None), ("age", None), ("erased_at", None), ("is_active", None),
    ],
)  # fmt: skip
async def test_equal_finds_the_value_and_null_only_where_it_is_asked_for(
    units: StoredUnits, started: Store, field: str, value: Any
) -> None:
    await keep(units, *PEOPLE)

    ids = await found(started, USERS, Equal(field, value))

    assert ids == which(lambda user: getattr(user, field) == value)


@pytest.mark.parametrize("how", HOWS)
@pytest.mark.parametrize(("field", "value"), [("full_name", "Ann"), ("age", 14), ("erased_at", NOON), ("age", 0)])
async def test_null_fulfils_no_comparison(units: StoredUnits, started: Store, how: Any, field: str, value: Any) -> None:
    await keep(units, *PEOPLE)

    ids = await found(started, USERS, Compare(field, how, value))

    def expected(user: User) -> bool:
        kept = getattr(user, field)
        return kept is not None and HOWS[how](kept, value)

    assert ids == which(expected)


@pytest.mark.parametrize(
    "values", [[], ["Ann"], ["Ann", "Bob", "Ann"], ["nobody"], ["", "Bob"], ["%", "_nn"], ["null"]]
)
async def test_among_finds_each_once_and_never_null(units: StoredUnits, started: Store, values: list[str]) -> None:
    await keep(units, *PEOPLE)

    ids = await found(started, USERS, Among("full_name", values))

    assert ids == which(lambda user: user.full_name in values)


async def test_among_takes_fifty_thousand_ids(units: StoredUnits, started: Store) -> None:
    await keep(units, *PEOPLE)
    others = CountedIds(series=9)
    ids = [others() for _ in range(50_000)]
    ids[7:7] = [PEOPLE[1].id, PEOPLE[4].id]

    assert await found(started, USERS, Among("id", ids)) == sorted([PEOPLE[1].id, PEOPLE[4].id])
    async with units.open() as unit:
        assert await unit.users.among([]) == []
        assert {user.id for user in await unit.users.among(ids)} == {PEOPLE[1].id, PEOPLE[4].id}  # type: ignore[arg-type]


async def test_an_owner_that_is_null_is_found_as_null(units: StoredUnits, started: Store) -> None:
    owner = new_id()
    async with units.open() as unit:
        for some in (owner, None, owner, None):
            unit.tell(Fact(type="a.b", resource="x:1", owner_id=some))  # type: ignore[arg-type]
        await unit.commit(None)

    assert len(await found(started, EVENTS, Equal("owner_id", None))) == 2
    assert len(await found(started, EVENTS, Equal("owner_id", owner))) == 2
    assert len(await found(started, EVENTS, Among("owner_id", [owner, new_id()]))) == 2


async def test_instants_that_are_null_are_neither_past_nor_future(units: StoredUnits, started: Store) -> None:
    never, soon = an_api_key(expires_at=None), an_api_key(expires_at=NOON + MS)
    await keep(units, never, soon)

    assert await found(started, API_KEYS, Compare("expires_at", ">", NOON)) == [soon.id]
    assert await found(started, API_KEYS, Compare("expires_at", "<=", LAST)) == [soon.id]
    assert await found(started, API_KEYS, Equal("expires_at", None)) == [never.id]


TAGGED = [
    an_item(tags=()),
    an_item(tags=("a",)),
    an_item(tags=("a", "b")),
    an_item(tags=("b", "c", "a")),
    an_item(tags=("ab", "a,b", "%", "null", '"a"', "{a}", "a'b", "\\")),
]


@pytest.mark.parametrize(
    "values",
    [(), ("a",), ("b", "a"), ("a", "a"), ("a", "b", "c"), ("c", "x"), ("ab",), ("a,b",), ("%",), ("null",), ('"a"',),
     ("{a}", "a'b"), ("\\",), ("A",), ("",), ("_",)],
)  # fmt: skip
async def test_has_all_is_a_question_of_sets(units: StoredUnits, started: Store, values: tuple[str, ...]) -> None:
    await keep(units, *TAGGED)

    ids = await items_found(started, HasAll("tags", values))

    assert ids == [item.id for item in TAGGED if set(values) <= set(item.tags)]


WORDED = [
    an_item(name="Red apple", description="Sweet pie"),
    an_item(name="Apple", description=None),
    an_item(name="Pineapple apples", description="ape"),
    an_item(name="!!!", description=None),
    an_item(name="STRASSE 12", description="K 😀 日本"),
    an_item(name="or and not near", description="a b c"),
]
KEPT_WORDS = [
    {"red", "apple", "sweet", "pie"},
    {"apple"},
    {"pineapple", "apples", "ape"},
    set(),
    {"strasse", "12", "k", "日本"},
    {"or", "and", "not", "near", "a", "b", "c"},
]
SOUGHT = [
    ("apple",), ("app",), ("red", "app"), ("app", "red"), ("apple", "apple"), ("pie", "red"), ("pineapple", "a"),
    ("strasse",), ("1",), ("12",), ("123",), ("日",), ("k", "日本"), ("or",), ("and", "or"), ("not", "near"),
    ("near", "a", "b", "c"),
    ("zzz",),
    ("a", *["b"] * 60, "c"), ("x" * 100,),
]  # fmt: skip


@pytest.mark.parametrize("absent", [False, True])
async def test_matches_wants_all_words_the_last_by_its_beginning(
    units: StoredUnits, started: Store, absent: bool
) -> None:
    await keep(units, *WORDED)

    for words in SOUGHT:
        ids = await items_found(started, Matches("words", words, absent))

        def matching(kept: set[str], words: tuple[str, ...] = words) -> bool:
            return set(words[:-1]) <= kept and any(word.startswith(words[-1]) for word in kept)

        pairs = zip(WORDED, KEPT_WORDS, strict=True)
        assert ids == [item.id for item, kept in pairs if matching(kept) is not absent], words


async def test_a_name_matches_apart_from_a_description(units: StoredUnits, started: Store) -> None:
    await keep(units, *WORDED)

    assert await items_found(started, Matches("name_words", ("sweet",))) == []
    assert await items_found(started, Matches("name_words", ("red", "a"))) == [WORDED[0].id]
    both = Matches("words", ("a",)), Matches("name_words", ("a",), absent=True)
    assert await items_found(started, *both) == []


@pytest.mark.parametrize("prefix", [*NASTY, *(f"a{text}" for text in NASTY), "", "a", "A"])
async def test_a_prefix_is_taken_to_the_letter(units: StoredUnits, started: Store, prefix: str) -> None:
    names = ["", "a", "A", "ab", "a\U0010ffff\U0010ffff", "\U0010ffff\U0010ffffb", "\ud7ff", "\ue000", *NASTY]
    names += [f"{text}x" for text in NASTY] + [f"a{text}x" for text in NASTY]
    people = [a_user(full_name=name) for name in names] + [a_user(full_name=None)]
    await keep(units, *people)

    ids = await found(started, USERS, begins("full_name", prefix))

    named = [user for user in people if user.full_name is not None]
    assert ids == [user.id for user in named if user.full_name is not None and user.full_name.startswith(prefix)]


async def test_alternatives_find_each_once(units: StoredUnits, started: Store) -> None:
    await keep(units, *PEOPLE, *TAGGED)
    old, ann = Compare("age", ">=", 14), AllOf((Equal("is_active", False), Compare("full_name", ">", "")))

    ids = await found(started, USERS, AnyOf((old, ann, Equal("full_name", None), old)))

    assert ids == which(lambda user: (user.age or 0) >= 14 or user.full_name is None)
    either = AnyOf((HasAll("tags", ("a",)), HasAll("tags", ("b",)), Equal("is_public", True)))
    assert await items_found(started, either) == [item.id for item in TAGGED]


async def test_none_of_no_alternatives_is_fulfilled_and_all_of_no_conditions_are(
    units: StoredUnits, started: Store
) -> None:
    await keep(units, *PEOPLE)

    assert await found(started, USERS, AnyOf(())) == []
    assert await found(started, USERS, AllOf(())) == which(lambda _: True)
    assert await found(started, USERS, AnyOf((AllOf(()), Equal("age", 14)))) == which(lambda _: True)


async def test_conditions_answer_the_same_in_any_order(units: StoredUnits, started: Store) -> None:
    items = [
        an_item(stock=stock, price=Money(price), tags=tags, name=name, is_public=stock != 2)
        for stock in (0, 1, 2)
        for price in (100, 200, 300)
        for tags in ((), ("a",), ("a", "b"))
        for name in ("red pan", "red pot")
    ]
    await keep(units, *items)
    where: list[Condition] = [
        Compare("price", ">=", 200),
        Compare("price", "<=", 200),
        Compare("stock", ">", 0),
        HasAll("tags", ("b",)),
        Matches("words", ("red", "po")),
        AnyOf((Equal("is_public", True), Equal("stock", 2))),
    ]

    answers = {tuple(await items_found(started, *some)) for some in permutations(where)}

    expected = [i.id for i in items if i.price == 200 and i.stock > 0 and "b" in i.tags and i.name == "red pot"]
    assert answers == {tuple(expected)}
    assert len(expected) == 2


async def test_no_limit_is_all_and_a_limit_of_nothing_is_nothing(units: StoredUnits, started: Store) -> None:
    await keep(units, *PEOPLE)

    assert await found(started, USERS, limit=0) == []
    assert len(await found(started, USERS, limit=4, order=(Key("username", descending=True),))) == 4
    assert len(await found(started, USERS, limit=10**12)) == len(PEOPLE)


async def test_tags_are_counted_over_public_items_most_used_first_then_by_code_point(units: StoredUnits) -> None:
    for tags in (("b", "a"), ("a", "z"), ("b",), ("%", "é"), ("\ue000", "😀"), ("e", "f"), ()):
        await keep(units, an_item(tags=tags))
    await keep(units, an_item(tags=("a", "hidden"), is_public=False))

    async with units.open() as unit:
        counts = [(count.tag, count.count) for count in await unit.items.tag_counts()]

    assert counts == [("a", 2), ("b", 2), *((tag, 1) for tag in sorted(["z", "%", "é", "\ue000", "😀", "e", "f"]))]


async def test_of_no_items_no_tags_are_counted(units: StoredUnits) -> None:
    await keep(units, an_item(tags=()), an_item(tags=("x",), is_public=False))

    async with units.open() as unit:
        assert await unit.items.tag_counts() == []


async def test_what_is_not_a_field_is_refused(started: Store) -> None:
    if not hasattr(started, "rows"):
        return
    session = started.session()
    with pytest.raises(KeyError):
        await session.count(ITEMS, (Equal("nothing", 1),))
    await session.close()
