"""The questions that the business asks: who sees what, and two owners in every list."""

from itertools import permutations
from typing import Any

from adapters.persistence.unit_of_work import StoredUnits
from domain import text
from domain.access import Role, UserId
from domain.accounts import User, UserFilter, keep_an_admin
from domain.catalogue import Item, ItemFilter
from domain.money import Money
from domain.paging import Page, PageRequest, Stretch, Walk
from tests.builders import MS, NASTY, NOON, a_session, a_user, an_api_key, an_item, new_id
from tests.contracts.support import got, keep, page, save, seen, together, until_done

MINE, YOURS = UserId(new_id()), UserId(new_id())


def ids(entities: Any) -> list[str]:
    return [entity.id for entity in entities]


async def people(units: StoredUnits, **wanted: Any) -> list[User]:
    async with units.open() as unit:
        listing = page(await unit.users.matching(UserFilter(**wanted), PageRequest(size=200)))
        assert listing.total == len(listing.items)
        return sorted(listing.items, key=lambda user: user.id)


async def listed(units: StoredUnits, of: UserId | None = None, **wanted: Any) -> list[Item]:
    listing = page(await seen(units, ItemFilter(**wanted), PageRequest(size=500), of=of))
    assert listing.total == len(listing.items)
    return sorted(listing.items, key=lambda item: item.id)


async def test_one_sees_what_is_public_and_ones_own(units: StoredUnits) -> None:
    items = [an_item(owner_id=owner, is_public=public) for owner in (MINE, YOURS) for public in (True, False)]
    await keep(units, *items)
    mine, my_secret, yours, your_secret = items

    assert await listed(units) == [mine, yours]
    assert await listed(units, MINE) == [mine, my_secret, yours]
    assert await listed(units, YOURS) == [mine, yours, your_secret]
    assert await listed(units, MINE, owner=YOURS) == [yours]
    assert await listed(units, MINE, owner=MINE) == [mine, my_secret]
    assert await listed(units, owner=MINE) == [mine]


async def test_each_owner_has_their_own_lists(units: StoredUnits) -> None:
    mine, yours = [an_item(owner_id=MINE) for _ in range(2)], [an_item(owner_id=YOURS) for _ in range(3)]
    logins = [a_session(user_id=MINE), a_session(user_id=YOURS)]
    keys = [an_api_key(user_id=MINE), an_api_key(user_id=YOURS)]
    await keep(units, *mine, *yours, *logins, *keys)

    async with units.open() as unit:
        assert ids(page(await unit.items.owned_by(MINE, PageRequest())).items) == ids(mine)
        assert page(await unit.items.owned_by(YOURS, PageRequest())).total == 3
        assert await unit.items.all_of(YOURS) == yours
        assert page(await unit.sessions.of(MINE, PageRequest(), at=NOON)).items == logins[:1]
        assert await unit.sessions.all_of(YOURS) == logins[1:]
        assert page(await unit.api_keys.of(MINE, PageRequest())).items == keys[:1]
        assert await unit.api_keys.all_of(YOURS) == keys[1:]
        assert await unit.api_keys.all_of(UserId(new_id())) == []


async def test_each_filter_leaves_out_what_it_says(units: StoredUnits) -> None:
    cheap = an_item(price=Money(1000), discount=50, stock=0, tags=("a",), name="Tin pot", owner_id=MINE)
    middle = an_item(price=Money(600), stock=1, tags=("a", "b"), name="Iron pot", description="tin lid")
    dear = an_item(price=Money(700), stock=2**53 - 1, tags=(), name="Pan")
    await keep(units, cheap, middle, dear)

    assert await listed(units, min_price=Money(500), max_price=Money(500)) == [cheap]
    assert await listed(units, min_price=Money(501)) == [middle, dear]
    assert await listed(units, max_price=Money(600)) == [cheap, middle]
    assert await listed(units, min_price=Money(601), max_price=Money(600)) == []
    assert await listed(units, in_stock=True) == [middle, dear]
    assert await listed(units, in_stock=False) == [cheap]
    assert await listed(units, tags=("a",)) == [cheap, middle]
    assert await listed(units, tags=("b", "a")) == [middle]
    assert await listed(units, words=("tin",)) == [cheap, middle]
    assert await listed(units, words=("pot", "t")) == [cheap, middle]
    assert await listed(units, owner=MINE) == [cheap]
    assert await listed(units) == [cheap, middle, dear]


async def test_filters_answer_the_same_in_any_combination(units: StoredUnits) -> None:
    owners = (MINE, YOURS)
    items = [
        an_item(owner_id=owner, price=Money(price), stock=stock, tags=tags, name=name, is_public=price != 200)
        for owner in owners
        for price in (100, 200)
        for stock in (0, 5)
        for tags in (("x",), ("x", "y"))
        for name in ("tin pot", "pan")
    ]
    await keep(units, *items)
    choices: dict[str, Any] = {
        "owner": MINE,
        "min_price": Money(150),
        "in_stock": True,
        "tags": ("y",),
        "words": ("pot",),
    }

    for names in (order for size in range(6) for order in permutations(choices, size)):
        if list(names) != sorted(names):
            continue
        wanted = {name: choices[name] for name in names}
        expected = [item for item in items if (item.is_public or item.owner_id == MINE) and _fits(item, wanted)]
        assert await listed(units, MINE, **wanted) == expected, names


def _fits(item: Item, wanted: dict[str, Any]) -> bool:
    checks = {
        "owner": item.owner_id == MINE,
        "min_price": item.price >= 150,
        "in_stock": item.stock > 0,
        "tags": "y" in item.tags,
        "words": "pot" in item.name,
    }
    return all(checks[name] for name in wanted)


async def test_no_words_find_nothing(units: StoredUnits) -> None:
    await keep(units, an_item())

    assert await seen(units, ItemFilter(words=())) == Page([], 0, 1, 100)
    assert await seen(units, ItemFilter(words=()), Walk(5)) == Stretch([], None)


async def test_a_search_is_taken_to_the_letter(units: StoredUnits) -> None:
    texts = [*NASTY, "a", "b", "a b", "or", "near", "name x", "nothing", "a or b", "a near b"]
    items = [an_item(name=value, description=None) for value in texts]
    await keep(units, *items)

    def matching(item: Item, words: tuple[str, ...]) -> bool:
        kept = text.words(item.name)
        return bool(words) and set(words[:-1]) <= set(kept) and any(word.startswith(words[-1]) for word in kept)

    operators = ["a* OR b", "a NEAR b", "name:x", "-a", "!a", "a & b | c", "a:*", "^a", "<->", "a--b", 'a" "b', "NOT a"]
    for q in [*NASTY, *operators]:
        words = text.words(q)
        assert await listed(units, words=words) == [item for item in items if matching(item, words)], q


async def test_a_tag_is_taken_to_the_letter(units: StoredUnits) -> None:
    items = [an_item(tags=tags) for tag in NASTY for tags in ((tag,), (f"{tag}x", f"x{tag}"))]
    await keep(units, *items)

    for tag in NASTY:
        assert await listed(units, tags=(tag,)) == [item for item in items if tag in item.tags], tag


async def test_people_are_found_by_the_beginning_of_what_they_are_called(units: StoredUnits) -> None:
    names = list({text.unique_key(name): name for name in [*NASTY, "Ann", "ann_b", "Straße", "x%"]}.values())
    users = [a_user(username=name, email=f"{number}@x.y") for number, name in enumerate(names)]
    users += [a_user(username=f"n{number}", full_name=f"{name} x") for number, name in enumerate(names)]
    users += [a_user(username=f"m{number}", email=f"{name}@x.y") for number, name in enumerate(names)]
    await keep(units, *users)

    def begins(user: User, key: str) -> bool:
        called = (user.username, user.email, user.full_name or "")
        return any(text.unique_key(name).startswith(key) for name in called)

    for q in [*NASTY, "ann", "ANN", "STRASSE", "straß", "i\u0307", "K", "fi", "e", "ann@"]:
        assert await people(units, q=q) == [user for user in users if begins(user, text.unique_key(q))], q


async def test_people_are_filtered_by_role_and_standing(units: StoredUnits) -> None:
    users = [a_user(role=role, is_active=active, full_name="Q") for role in Role for active in (True, False)]
    gone = a_user(full_name="Quentin")
    await keep(units, *users, gone)
    await save(units, gone.erased(NOON))

    assert await people(units, role=Role.STAFF) == users[2:4]
    assert await people(units, is_active=True) == users[::2]
    assert await people(units, role=Role.ADMIN, is_active=False) == users[5:]
    assert await people(units, role=Role.CUSTOMER, is_active=False, q="q") == users[1:2]
    assert await people(units, q="deleted") == []
    assert len(await people(units)) == 7


async def test_somebody_is_known_by_name_or_address_to_the_letter(units: StoredUnits) -> None:
    ann, percent = a_user(username="Ann", email="ann@Example.com"), a_user(username="a%", email="%@x.y")
    await keep(units, ann, percent)

    async with units.open() as unit:
        for login in ("ann", "ANN", "Ａnn", "ann@example.com", "ANN@EXAMPLE.COM"):
            assert await unit.users.known_as(login) == ann
        assert await unit.users.known_as("%@x.y") == percent
        for login in ("", "%", "an", "ann ", "_nn", "a_", "%@example.com", "@", "ann@example.com\n"):
            assert await unit.users.known_as(login) is None


async def test_of_all_active_admins_one_stays_whoever_leaves_at_the_same_time(units: StoredUnits) -> None:
    admins = [a_user(role=Role.ADMIN) for _ in range(5)]
    others = [a_user(role=Role.ADMIN, is_active=False), a_user(role=Role.STAFF)]
    await keep(units, *admins, *others)

    async def demote(admin: User) -> None:
        async with units.open() as unit:
            held = await unit.users.held_admins()
            leaving = next((one for one in held if one.id == admin.id), admin)
            keep_an_admin(held, leaving)
            unit.users.save(leaving.revised(NOON + MS, role=Role.STAFF))
            await unit.commit(None)

    outcomes = await together([until_done(lambda admin=admin: demote(admin)) for admin in admins])  # type: ignore[misc]

    staying = [admin for admin, outcome in zip(admins, outcomes, strict=True) if outcome is not None]
    assert len(staying) == 1
    async with units.open() as unit:
        assert ids(await unit.users.held_admins()) == ids(staying)
    assert await got(units, others[0]) == others[0]
