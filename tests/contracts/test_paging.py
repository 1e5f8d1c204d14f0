"""Pages and walks: one order, no element twice, none lost."""

from collections.abc import Awaitable, Callable
from datetime import timedelta
from itertools import pairwise
from typing import Any

import pytest

from adapters.persistence.unit_of_work import StoredUnits
from domain import text
from domain.access import UserId
from domain.accounts import UserFilter
from domain.catalogue import Item, ItemFilter, ItemOrder
from domain.money import Money
from domain.paging import Listing, Page, PageRequest, Stretch, Walk, Window
from tests.builders import FIRST, GREATEST, LAST, MS, NASTY, NOON, a_session, a_user, an_api_key, an_item, new_id
from tests.contracts.support import keep, page, paged, remove, save, seen, stretch, walked

Ask = Callable[[Any], Awaitable[Listing[Item]]]
OWNER = UserId(new_id())
NAMES = (
    "b",
    "A",
    "a",
    "a",
    "Z",
    "é",
    "E\u0301x",
    "z",
    "ß",
    "ss",
    "\u0130",
    "😀",
    "\uffff",
    "Ä",
    "ä",
    "_",
    "1",
    "10",
    "2",
    "~",
)

SORTED: dict[ItemOrder, Callable[[Item], Any]] = {
    ItemOrder.NAME: lambda item: text.folded(item.name),
    ItemOrder.PRICE: lambda item: item.price,
    ItemOrder.DATE: lambda item: item.created_at,
}
ORDERS = [(by, descending) for by in ItemOrder for descending in (False, True)]


def expected(items: list[Item], by: ItemOrder, descending: bool) -> list[str]:
    by_id = sorted(items, key=lambda item: item.id)
    return ids(sorted(by_id, key=SORTED[by], reverse=descending))


def ids(items: Any) -> list[str]:
    return [item.id for item in items]


def asking(units: StoredUnits, by: ItemOrder | None, descending: bool = False, **wanted: Any) -> Ask:
    async def ask(window: Window) -> Listing[Item]:
        return await seen(units, ItemFilter(**wanted), window, by=by, descending=descending)

    return ask


def many() -> list[Item]:
    """Few prices, few instants and names that are the same to whoever sorts: ties everywhere."""
    return [
        an_item(name=name, price=Money(100 + number % 3), created_at=NOON + (number % 4) * MS)
        for number, name in enumerate(NAMES)
    ]


@pytest.mark.parametrize(("by", "descending"), ORDERS)
async def test_an_order_is_that_of_the_key_then_of_the_id(units: StoredUnits, by: ItemOrder, descending: bool) -> None:
    items = many()
    await keep(units, *reversed(items))
    ask = asking(units, by, descending)

    assert ids(await paged(ask, 100)) == expected(items, by, descending)
    assert ids(await paged(ask, 3)) == expected(items, by, descending)
    for size in (1, 3, len(items) - 1, len(items), len(items) + 1):
        assert ids(await walked(ask, size)) == expected(items, by, descending), size


async def test_names_are_in_order_of_code_points_whatever_they_are(units: StoredUnits) -> None:
    items = [an_item(name=name) for name in (*NASTY, "\ud7ff", "\U00010000", "a" * 200, "A" * 199, "zz")]
    await keep(units, *items)

    for descending in (False, True):
        ask = asking(units, ItemOrder.NAME, descending)
        assert ids(await paged(ask, 7)) == expected(items, ItemOrder.NAME, descending)
        assert ids(await walked(ask, 2)) == expected(items, ItemOrder.NAME, descending)


async def test_instants_and_prices_sort_from_one_end_to_the_other(units: StoredUnits) -> None:
    instants = (FIRST, FIRST + MS, NOON - MS, NOON, NOON + timedelta(days=1), LAST - MS, LAST)
    items = [an_item(created_at=at, price=Money(10 ** (2 * n + 1))) for n, at in enumerate(instants)]
    await keep(units, *items)

    assert ids(await walked(asking(units, ItemOrder.DATE), 2)) == ids(items)
    assert ids(await walked(asking(units, ItemOrder.PRICE, True), 2)) == ids(items)[::-1]
    assert ids(await walked(asking(units, None), 1)) == ids(items)[::-1]


async def test_without_an_order_the_newest_come_first(units: StoredUnits) -> None:
    items = many()
    await keep(units, *items)

    newest = expected(items, ItemOrder.DATE, descending=True)
    assert ids(await paged(asking(units, None), 6)) == newest
    assert ids(await walked(asking(units, None), 6)) == newest


async def test_a_page_tells_the_whole_and_past_the_end_is_an_empty_one(units: StoredUnits) -> None:
    items = many()
    await keep(units, *items)
    ask = asking(units, None)

    first, last, beyond = [page(await ask(PageRequest(number, 8))) for number in (1, 3, 4)]

    assert [(one.total, len(one.items), one.pages) for one in (first, last, beyond)] == [
        (20, 8, 3),
        (20, 4, 3),
        (20, 0, 3),
    ]
    assert page(await ask(PageRequest(GREATEST, 100))) == Page([], 20, GREATEST, 100)
    assert page(await ask(PageRequest(2, 20))).items == []


async def test_an_empty_list_has_no_pages_and_ends_at_once(units: StoredUnits) -> None:
    await keep(units, an_item())
    ask = asking(units, None, owner=OWNER)

    assert await ask(PageRequest()) == Page([], 0, 1, 20)
    assert page(await ask(PageRequest())).pages == 0
    assert await ask(Walk()) == Stretch([], None)


async def test_a_walk_that_ends_with_a_full_stretch_says_so(units: StoredUnits) -> None:
    await keep(units, *(an_item() for _ in range(4)))
    ask = asking(units, None)

    first = stretch(await ask(Walk(2)))
    second = stretch(await ask(Walk(2, first.next)))

    assert first.next is not None
    assert second.next is None


async def test_the_size_may_change_within_a_walk(units: StoredUnits) -> None:
    items = many()
    await keep(units, *items)
    ask, walk, size, after = asking(units, ItemOrder.PRICE), [], 1, None
    while True:
        part = stretch(await ask(Walk(size, after)))
        walk += ids(part.items)
        assert len(walk) < 1000, "the walk does not end"
        size, after = size + 1, part.next
        if after is None:
            break

    assert walk == expected(items, ItemOrder.PRICE, descending=False)


@pytest.mark.parametrize(("by", "descending"), [*ORDERS, (None, False)])
async def test_while_others_come_and_go_whoever_stays_is_seen_once(
    units: StoredUnits, by: ItemOrder | None, descending: bool
) -> None:
    staying, going = many(), many()
    await keep(units, *staying, *going)
    ask, walk, after = asking(units, by, descending), [], None
    while True:
        part = stretch(await ask(Walk(3, after)))
        walk += ids(part.items)
        assert len(walk) < 1000, "the walk does not end"
        after = part.next
        if after is None:
            break
        if going:
            await remove(units, going.pop(), going.pop(0))
        await keep(units, *many()[:2])

    stayed = [id for id in walk if id in ids(staying)]
    assert stayed == expected(staying, by or ItemOrder.DATE, descending or by is None)
    assert len(walk) == len(set(walk))


async def test_a_walk_goes_on_where_the_last_one_seen_was_removed(units: StoredUnits) -> None:
    items = [an_item(name="same") for _ in range(6)]
    await keep(units, *items)
    ask = asking(units, ItemOrder.NAME)
    part = stretch(await ask(Walk(3)))
    await remove(units, items[2])

    assert ids(stretch(await ask(Walk(3, part.next))).items) == ids(items[3:])


def ranked() -> tuple[list[Item], list[Item]]:
    """Those that are named so and those that are described so, newer ones among both, with ties."""
    named = [an_item(name=f"Tin pot {n}", created_at=NOON + (n % 3) * MS) for n in range(7)]
    described = [an_item(name=f"Pan {n}", description="tin pots", created_at=NOON + (n % 4) * MS) for n in range(8)]
    return named, described


async def test_names_rank_before_descriptions_then_the_newest(units: StoredUnits) -> None:
    named, described = ranked()
    others = [an_item(name="Tin"), an_item(name="Pot", description=None)]
    await keep(units, *described, *named, *others)
    ask = asking(units, None, words=("tin", "po"))
    newest = [id for some in (named, described) for id in expected(some, ItemOrder.DATE, descending=True)]

    for size in (1, 2, 3, 6, 7, 8, 14, 15, 16):
        assert ids(await paged(ask, size)) == newest, size
        assert ids(await walked(ask, size)) == newest, size
    assert page(await ask(PageRequest(1, 4))).total == 15
    assert page(await ask(PageRequest(9, 4))) == Page([], 15, 9, 4)


async def test_an_order_that_is_asked_for_beats_rank(units: StoredUnits) -> None:
    named, described = ranked()
    await keep(units, *described, *named)
    ask = asking(units, ItemOrder.NAME, words=("tin",))

    assert ids(await walked(ask, 4)) == expected(named + described, ItemOrder.NAME, descending=False)
    assert ids(await paged(ask, 4)) == expected(named + described, ItemOrder.NAME, descending=False)


async def test_while_ranked_ones_come_and_go_whoever_stays_is_seen_once(units: StoredUnits) -> None:
    named, described = ranked()
    more = [*ranked()[0], *ranked()[1]]
    await keep(units, *named, *described, *more)
    ask, walk, after = asking(units, None, words=("tin",)), [], None
    while True:
        part = stretch(await ask(Walk(2, after)))
        walk += ids(part.items)
        assert len(walk) < 1000, "the walk does not end"
        after = part.next
        if after is None:
            break
        if more:
            await remove(units, more.pop())
        await keep(units, an_item(name="Tin", created_at=NOON + MS), an_item(description="tin"))

    newest = [id for some in (named, described) for id in expected(some, ItemOrder.DATE, descending=True)]
    assert [id for id in walk if id in ids(named + described)] == newest
    assert len(walk) == len(set(walk))


async def test_what_is_changed_in_mid_walk_is_seen_as_it_is_then(units: StoredUnits) -> None:
    items = [an_item(name=f"n{n}") for n in range(4)]
    await keep(units, *items)
    ask = asking(units, ItemOrder.NAME)
    part = stretch(await ask(Walk(2)))
    await save(units, items[3].revised(NOON, stock=7))

    rest = stretch(await ask(Walk(2, part.next))).items

    assert [item.stock for item in rest] == [0, 7]


async def test_every_list_of_somebodys_is_newest_first_then_by_id(units: StoredUnits) -> None:
    made = [NOON + (n % 3) * MS for n in range(8)]
    items = [an_item(owner_id=OWNER, created_at=at) for at in made]
    logins = [a_session(user_id=OWNER, created_at=at) for at in made]
    keys = [an_api_key(user_id=OWNER, created_at=at) for at in made]
    users = [a_user(created_at=at, full_name="Same") for at in made]
    await keep(units, *items, *logins, *keys, *users)

    async with units.open() as unit:
        asks: list[tuple[list[Any], Callable[[Any], Any]]] = [
            (items, lambda window: unit.items.owned_by(OWNER, window)),
            (logins, lambda window: unit.sessions.of(OWNER, window, at=NOON)),
            (keys, lambda window: unit.api_keys.of(OWNER, window)),
            (users, lambda window: unit.users.matching(UserFilter(q="same"), window)),
        ]
        for entities, ask in asks:
            newest = expected(entities, ItemOrder.DATE, descending=True)
            assert ids(await paged(ask, 3)) == newest
            assert ids(await walked(ask, 3)) == newest
            assert ids(page(await ask(PageRequest(1, 100))).items) == newest


async def test_ties_do_not_depend_on_when_something_was_kept_or_changed(units: StoredUnits) -> None:
    items = [an_item(name="same") for _ in range(8)]
    for item in (items[5], items[2], items[7], items[0], *items[3:5], items[1], items[6]):
        await keep(units, item)
    for item in (items[4], items[1]):
        await save(units, item.revised(NOON, stock=3))
    await remove(units, items[3])
    await keep(units, items[3])

    for by in ItemOrder:
        for descending in (False, True):
            found = ids(await paged(asking(units, by, descending), 3))
            assert found == ids(items)
            assert all(one < other for one, other in pairwise(found))
