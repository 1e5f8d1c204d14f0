"""Search gives the same ids in the same order on every store, and an entry follows its thing."""

from collections.abc import Sequence
from random import Random
from typing import Any

import pytest

from adapters.memory.store import MemoryStore
from adapters.persistence.search import SEARCH
from adapters.persistence.session import Store
from adapters.persistence.unit_of_work import StoredUnits
from domain import text
from domain.access import UserId
from domain.errors import Conflict
from domain.journal import PostStatus
from domain.paging import PageRequest
from domain.search import Kind, SearchFilter
from tests.builders import MS, NASTY, NOON, CountedIds, FixedClock, a_post, a_user, an_item
from tests.contracts.support import KEPT, found, keep, page, paged, remove, save, walked

QUERIES = 200
WORDS = (
    "red", "Reddish", "REDDER", "straße", "STRASSE", "strass", "kettle", "\u212aettle", "ket", "ﬁne", "fine", "100",
    "1", "日本", "日", "é", "e\u0301t", "\u0130", "i", "a", "σας", "ΣΑΣ", "and", "or", "NEAR", "Ⅷ", "𝔫",
    "\u3316", *NASTY,
)  # fmt: skip
_ids = CountedIds(series=3)
PEOPLE = [a_user(id=_ids()) for _ in range(3)]


def phrase(dice: Random, most: int) -> str:
    return dice.choice((" ", "-", "_")).join(dice.choices(WORDS, k=dice.randint(1, most)))


def things(dice: Random) -> list[Any]:
    """Of all kinds, many at the same moment, with ids in an order of their own."""
    ids, made = CountedIds(series=4), []
    numbers = [ids() for _ in range(120)]
    dice.shuffle(numbers)
    for id in numbers:
        at, owner = NOON + dice.randint(0, 6) * MS, dice.choice(PEOPLE).id
        given: dict[str, Any] = {"id": id, "created_at": at}
        match dice.choice(tuple(Kind)):
            case Kind.ITEM:
                description = dice.choice((None, phrase(dice, 6)))
                given |= {"name": phrase(dice, 2), "description": description, "is_public": dice.random() < 0.7}
                made.append(an_item(owner_id=owner, **given))
            case Kind.POST:
                given |= {"title": phrase(dice, 2), "content": phrase(dice, 6)}
                made.append(a_post(author_id=owner, status=dice.choice(tuple(PostStatus)), **given))
            case Kind.USER:
                made.append(a_user(full_name=phrase(dice, 3), is_active=dice.random() < 0.7, **given))
    return made


def query(dice: Random) -> tuple[UserId | None, SearchFilter]:
    words = text.words(phrase(dice, 3))
    if words:
        words = (*words[:-1], words[-1][: dice.randint(1, 4)])
    kinds = tuple(Kind) if dice.random() < 0.5 else tuple(dice.choices(tuple(Kind), k=dice.randint(1, 2)))
    own = tuple(dice.choices((Kind.ITEM, Kind.POST), k=dice.randint(0, 2)))
    return dice.choice((None, *(person.id for person in PEOPLE))), SearchFilter(words=words, kinds=kinds, own=own)


async def asked(units: StoredUnits, who: UserId | None, wanted: SearchFilter) -> Sequence[str]:
    async with units.open() as unit:
        listing = page(await unit.search.seen_by(who, wanted, PageRequest(size=500)))
    assert listing.total == len(listing.items)
    return [entry.id for entry in listing.items]


async def test_the_same_200_queries_find_the_same_in_the_same_order_as_in_memory(units: StoredUnits) -> None:
    dice = Random(20260301)
    yardstick = StoredUnits(MemoryStore(), FixedClock(), CountedIds(), answers_kept=KEPT, events_kept=KEPT)
    made = things(dice)
    for each in (units, yardstick):
        await keep(each, *PEOPLE, *made)

    lengths = []
    for _ in range(QUERIES):
        who, wanted = query(dice)
        expected = await asked(yardstick, who, wanted)

        async def ask(window: Any, who: Any = who, wanted: Any = wanted) -> Any:
            async with units.open() as unit:
                return await unit.search.seen_by(who, wanted, window)

        assert await asked(units, who, wanted) == expected, wanted
        size = dice.randint(1, 7)
        assert [entry.id for entry in await paged(ask, size)] == expected, wanted
        assert [entry.id for entry in await walked(ask, size)] == expected, wanted
        lengths.append(len(expected))
    assert sum(length > 1 for length in lengths) > QUERIES / 3


async def test_an_entry_follows_its_thing(units: StoredUnits, started: Store) -> None:
    item, post, user = (
        an_item(name="red kettle"),
        a_post(title="red post", status=PostStatus.PUBLISHED),
        a_user(full_name="Red"),
    )
    await keep(units, item, post, user)
    assert len(await found(started, SEARCH)) == 3
    everything = SearchFilter(words=("red",))
    assert set(await asked(units, None, everything)) == {item.id, post.id, user.id}

    renamed = item.revised(NOON, name="blue kettle")
    await save(units, renamed, post.revised(NOON, status=PostStatus.DRAFT), user.erased(NOON))

    assert await asked(units, None, everything) == []
    assert await asked(units, None, SearchFilter(words=("blue", "ket"))) == [item.id]
    assert await asked(units, post.author_id, SearchFilter(words=("red",), own=(Kind.POST,))) == [post.id]
    async with units.open() as unit:
        unit.items.remove(await unit.items.get(item.id))
        unit.posts.remove(await unit.posts.get(post.id))
        await unit.commit(None)
    assert await found(started, SEARCH) == [user.id]


async def test_a_change_that_is_not_made_leaves_the_entry_as_it_was(units: StoredUnits) -> None:
    item = an_item(name="red")
    await keep(units, item)
    await save(units, item.revised(NOON, stock=1))

    with pytest.raises(Conflict):
        await save(units, item.revised(NOON, name="blue"))

    assert await asked(units, None, SearchFilter(words=("red",))) == [item.id]
    assert await asked(units, None, SearchFilter(words=("blue",))) == []


async def test_of_several_changes_in_one_unit_the_last_is_found(units: StoredUnits, started: Store) -> None:
    item, fleeting = an_item(name="red"), an_item(name="red")
    async with units.open() as unit:
        added = unit.items.add(item)
        unit.items.remove(unit.items.add(fleeting))
        changed = unit.items.save(added.revised(NOON, name="blue"))
        unit.items.save(changed.revised(NOON, name="red"))
        await unit.commit(None)

    assert await found(started, SEARCH) == [item.id]
    assert await asked(units, None, SearchFilter(words=("red",))) == [item.id]
    async with units.open() as unit:
        read = await unit.items.get(item.id)
        unit.items.save(unit.items.save(read.revised(NOON, name="blue")).revised(NOON, name="red"))
        await unit.commit(None)
    assert await asked(units, None, SearchFilter(words=("red",))) == [item.id]
    await remove(units, await _got(units, item.id))
    assert await found(started, SEARCH) == []


async def _got(units: StoredUnits, id: str) -> Any:
    async with units.open() as unit:
        return await unit.items.get(id)
