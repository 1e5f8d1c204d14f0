"""Each condition with values and with null, and what is looked for taken to the letter."""

from collections.abc import Callable
from itertools import islice, permutations
from typing import Any

import pytest

from adapters.persistence.accounts import USERS
from adapters.persistence.query import (
    AllOf,
    Among,
    AnyOf,
    Compare,
    Condition,
    Equal,
    HasAll,
    Matches,
    begins,
)
from adapters.persistence.session import Store
from adapters.persistence.unit_of_work import StoredUnits
from domain.access import Role
from domain.accounts import User
from domain.money import Money
from tests.builders import FIRST, LAST, MS, NASTY, NOON, CountedIds, a_user, an_item
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


VALUES: list[tuple[str, Any]] = [
    ("full_name", "Ann"), ("full_name", ""), ("full_name", "ann"), ("age", 14), ("age", 0), ("erased_at", NOON),
    ("is_active", False), ("is_active", True), ("email_verified", True), ("role", "staff"), ("username", "%"),
]  # fmt: skip


async def test_equal_finds_the_value_and_null_only_where_it_is_asked_for(units: StoredUnits, started: Store) -> None:
    await keep(units, *PEOPLE)
    nulls = [(field, None) for field in ("full_name", "age", "erased_at", "is_active")]

    for field, value in VALUES + nulls:
        ids = await found(started, USERS, Equal(field, value))

        assert ids == [user.id for user in PEOPLE if getattr(user, field) == value], (field, value)


async def test_null_fulfils_no_comparison(units: StoredUnits, started: Store) -> None:
    await keep(units, *PEOPLE)

    for field, value in VALUES:
        for how, holds in HOWS.items():
            ids = await found(started, USERS, Compare(field, how, value))

            kept = [(user.id, getattr(user, field)) for user in PEOPLE]
            assert ids == [id for id, had in kept if had is not None and holds(had, value)], (field, how, value)


async def test_among_finds_each_once_and_never_null(units: StoredUnits, started: Store) -> None:
    await keep(units, *PEOPLE)

    for values in ([], ["Ann"], ["Ann", "Bob", "Ann"], ["nobody"], ["", "Bob"], ["%", "_nn"], ["null"]):
        ids = await found(started, USERS, Among("full_name", values))

        assert ids == [user.id for user in PEOPLE if user.full_name in values], values


async def test_among_takes_fifty_thousand_ids(units: StoredUnits, started: Store) -> None:
    await keep(units, *PEOPLE)
    others = CountedIds(series=9)
    ids = [others() for _ in range(50_000)]
    ids[7:7] = [PEOPLE[1].id, PEOPLE[4].id]

    assert await found(started, USERS, Among("id", ids)) == sorted([PEOPLE[1].id, PEOPLE[4].id])
    async with units.open() as unit:
        assert await unit.users.among([]) == []
        assert {user.id for user in await unit.users.among(ids)} == {PEOPLE[1].id, PEOPLE[4].id}  # type: ignore[arg-type]


TAGGED = [
    an_item(tags=()),
    an_item(tags=("a",)),
    an_item(tags=("a", "b")),
    an_item(tags=("b", "c", "a")),
    an_item(tags=("ab", "a,b", "%", "null", '"a"', "{a}", "a'b", "\\")),
]


SETS: list[tuple[str, ...]] = [
    ("a",), ("b", "a"), ("a", "a"), ("a", "b", "c"), ("c", "x"), ("ab",), ("a,b",), ("%",), ("null",), ('"a"',),
    ("{a}", "a'b"), ("\\",), ("A",), ("",), ("_",),
]  # fmt: skip


async def test_has_all_is_a_question_of_sets(units: StoredUnits, started: Store) -> None:
    await keep(units, *TAGGED)

    for values in SETS:
        ids = await items_found(started, HasAll("tags", values))

        assert ids == [item.id for item in TAGGED if set(values) <= set(item.tags)], values


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


async def test_a_prefix_is_taken_to_the_letter(units: StoredUnits, started: Store) -> None:
    prefixes = ["", "a", "A", *NASTY, *(f"a{text}" for text in NASTY)]
    edges = ["ab", "a\U0010ffff\U0010ffff", "\U0010ffff\U0010ffffb", "\ud7ff"]
    names = [*edges, *prefixes, *(f"{text}x" for text in prefixes)]
    people = [a_user(full_name=name) for name in names]
    await keep(units, *people, a_user(full_name=None))

    for prefix in prefixes:
        expected = [user.id for user, name in zip(people, names, strict=True) if name.startswith(prefix)]
        assert await found(started, USERS, begins("full_name", prefix)) == expected, prefix


async def test_alternatives_find_each_once(units: StoredUnits, started: Store) -> None:
    await keep(units, *PEOPLE, *TAGGED)
    old, ann = Compare("age", ">=", 14), AllOf((Equal("is_active", False), Compare("full_name", ">", "")))

    ids = await found(started, USERS, AnyOf((old, ann, Equal("full_name", None), old)))

    assert ids == [user.id for user in PEOPLE if (user.age or 0) >= 14 or user.full_name is None]
    either = AnyOf((HasAll("tags", ("a",)), HasAll("tags", ("b",)), Equal("is_public", True)))
    assert await items_found(started, either) == [item.id for item in TAGGED]


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

    answers = {tuple(await items_found(started, *some)) for some in islice(permutations(where), 0, None, 7)}

    expected = [i.id for i in items if i.price == 200 and i.stock > 0 and "b" in i.tags and i.name == "red pot"]
    assert answers == {tuple(expected)}
    assert len(expected) == 2
