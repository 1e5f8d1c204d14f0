import json
from dataclasses import MISSING, fields, replace
from datetime import timedelta
from random import Random
from typing import Any

import pytest

from adapters.persistence.session import Store
from adapters.persistence.unit_of_work import StoredUnits
from application.ports.unit_of_work import Answer, Operation
from domain.accounts import UserFilter
from domain.catalogue import ItemFilter
from domain.events import Fact
from domain.paging import PageRequest
from tests.builders import (
    FIRST,
    GREATEST,
    LAST,
    MS,
    NASTY,
    NOON,
    FixedClock,
    a_comment,
    a_counter,
    a_file,
    a_full_api_key,
    a_full_comment,
    a_full_counter,
    a_full_event,
    a_full_file,
    a_full_item,
    a_full_post,
    a_full_session,
    a_full_task,
    a_full_todo,
    a_full_user,
    a_post,
    a_session,
    a_task,
    a_todo,
    a_user,
    an_api_key,
    an_event,
    an_item,
    new_id,
)
from tests.builders.mail import a_full_mailed_token, a_full_notification, a_mailed_token, a_notification
from tests.builders.rooms import (
    a_count,
    a_full_count,
    a_full_member,
    a_full_message,
    a_full_presence,
    a_full_room,
    a_member,
    a_message,
    a_presence,
    a_room,
)
from tests.builders.webhooks import a_delivery, a_full_delivery, a_full_webhook, a_webhook
from tests.contracts.support import events, got, keep, kinds, page, repository, save, seen

ROOMS_FULL = (a_full_room, a_full_member, a_full_message, a_full_count, a_full_presence)
ROOMS = (a_room, a_member, a_message, a_count, a_presence)
FULL = (
    a_full_user,
    a_full_item,
    a_full_session,
    a_full_api_key,
    a_full_todo,
    a_full_task,
    a_full_post,
    a_full_comment,
    a_full_file,
    a_full_webhook,
    a_full_delivery,
    a_full_event,
    a_full_counter,
    a_full_mailed_token,
    a_full_notification,
    *ROOMS_FULL,
)
MINIMAL = (
    a_user,
    an_item,
    a_session,
    an_api_key,
    a_todo,
    a_task,
    a_post,
    a_comment,
    a_file,
    a_webhook,
    a_delivery,
    an_event,
    a_counter,
    a_mailed_token,
    a_notification,
    *ROOMS,
)


@pytest.mark.parametrize("build", [*FULL, *MINIMAL])
async def test_what_is_got_equals_what_was_put(units: StoredUnits, build: Any) -> None:
    put = build()
    await keep(units, put)

    found = await got(units, put)

    assert found == put
    assert kinds(found) == kinds(put)
    async with units.open() as unit:
        assert await repository(unit, type(put)).hold(put.id) == [put]


@pytest.mark.parametrize("build", FULL)
def test_the_full_sample_leaves_no_field_at_its_default(build: Any) -> None:
    sample = build()

    defaults = [f.name for f in fields(sample) if f.default is not MISSING and getattr(sample, f.name) == f.default]

    assert defaults == []


@pytest.mark.parametrize(("full", "minimal"), list(zip(FULL, MINIMAL, strict=True)))
async def test_a_change_of_every_field_is_kept_in_both_directions(units: StoredUnits, full: Any, minimal: Any) -> None:
    first, second = full(version=1), minimal(version=1)
    await keep(units, first, second)
    filled = full(id=second.id, version=1)
    emptied = minimal(id=first.id, version=1)

    await save(units, filled, emptied)

    assert await got(units, second) == replace(filled, version=2)
    assert await got(units, first) == replace(emptied, version=2)


async def test_listings_answer_whole_entities_too(units: StoredUnits) -> None:
    user, item = a_full_user(), a_full_item(owner_id=new_id())
    login, key = a_full_session(user_id=user.id), a_full_api_key(user_id=user.id)
    await keep(units, user, item, login, key)

    async with units.open() as unit:
        assert page(await unit.users.matching(UserFilter(), PageRequest())).items == [user]
        assert page(await unit.items.owned_by(item.owner_id, PageRequest())).items == [item]
        assert await unit.items.all_of(item.owner_id) == [item]
        assert page(await unit.sessions.of(user.id, PageRequest(), at=NOON)).items == [login]
        assert await unit.sessions.all_of(user.id) == [login]
        assert page(await unit.api_keys.of(user.id, PageRequest())).items == [key]
        assert await unit.api_keys.with_digest(key.digest) == key


async def test_text_is_kept_to_the_code_point(units: StoredUnits) -> None:
    texts = [*NASTY, "".join(NASTY), "\ud7ff\ue000", "a\u0300\u0301", "x" * 20_000, "😀" * 20_000, " inner  blanks "]
    put = [an_item(name=value[:200], description=value) for value in texts]
    await keep(units, *put)

    found = [await got(units, item) for item in put]

    assert found == put


async def test_names_are_kept_even_where_their_keys_are_eighteen_times_as_long(units: StoredUnits) -> None:
    """An index of a store may have a limit of its own."""
    name = "".join(Random(1).choices("\ufdfa\ufdfb\u3316\u3315\u3317\u3300", k=200))
    user, item = a_user(full_name=name), an_item(name=name, description=name * 100)
    await keep(units, user, item)

    found = await got(units, user), await got(units, item)

    assert found == (user, item)


@pytest.mark.parametrize("at", [FIRST, FIRST + MS, NOON + 999 * MS, LAST - MS, LAST])
async def test_instants_are_kept_to_the_millisecond(units: StoredUnits, at: Any) -> None:
    item = an_item(created_at=at, updated_at=at)
    login = a_session(created_at=FIRST, last_used_at=at, expires_at=at)
    await keep(units, item, login)

    assert await got(units, item) == item
    assert await got(units, login) == login
    assert (await got(units, item)).created_at.utcoffset() == timedelta(0)


async def test_the_greatest_integers_are_kept(units: StoredUnits) -> None:
    item = an_item(stock=GREATEST, price=10**14 - 1, version=GREATEST - 1)
    await keep(units, item)
    await save(units, item.revised(NOON, stock=GREATEST - 1))

    found = await got(units, item)

    assert (found.stock, found.price, found.version) == (GREATEST - 1, 10**14 - 1, GREATEST)


async def test_a_null_list_and_an_empty_one_stay_apart(units: StoredUnits) -> None:
    none, empty = a_session(scopes=None), a_session(scopes=())
    await keep(units, none, empty)

    assert (await got(units, none)).scopes is None
    assert (await got(units, empty)).scopes == ()


async def test_empty_text_and_null_stay_apart(units: StoredUnits) -> None:
    empty, none = an_item(description=""), an_item(description=None)
    await keep(units, empty, none)

    assert (await got(units, empty)).description == ""
    assert (await got(units, none)).description is None


async def test_a_fact_is_kept_with_its_details(units: StoredUnits, started: Store, clock: FixedClock) -> None:
    inner = [1, [2, {"x": "😀 \u2028 'q'"}], []]
    details = {"a.b": 1, "$set": True, "": None, "list": inner, "max": GREATEST, "min": -GREATEST}
    actor, owner = new_id(), new_id()
    async with units.open() as unit:
        unit.tell(Fact(type="a.b", resource="item:%", owner_id=owner, public=True, details=details), actor=actor)
        unit.tell(Fact(type="c.d", resource="x:1"))
        await unit.commit(None)

    full, bare = await events(started)

    assert (full.type, full.resource, full.actor_id, full.owner_id) == ("a.b", "item:%", actor, owner)
    assert (full.public, full.occurred_at, full.version) == (True, clock(), 1)
    assert json.dumps(full.details, sort_keys=True) == json.dumps(details, sort_keys=True)
    assert (bare.actor_id, bare.owner_id, bare.public, bare.details) == (None, None, False, {})


async def test_an_answer_is_kept_to_the_letter(units: StoredUnits) -> None:
    answer = Answer(201, {"Location": "/x", "$weird.name": "ü"}, '{"b":1,"a":[1.50,null,"\\u0000😀"]}')
    operation = Operation("who POST /x.$% 'key'", "fingerprint", lambda _: answer)
    async with units.open(operation) as unit:
        await unit.commit(None)

    kept = await units.answered(operation.id)

    assert kept is not None
    assert (kept.id, kept.fingerprint) == (operation.id, "fingerprint")
    assert (kept.status, kept.headers, kept.body) == (answer.status, answer.headers, answer.body)


async def test_what_is_found_of_an_item_is_what_was_last_kept_of_it(units: StoredUnits) -> None:
    item = an_item(name="Copper kettle", tags=("tea",))
    await keep(units, item)
    await save(units, item.revised(NOON, name="Iron pan", tags=("fry",)))

    gone = [ItemFilter(words=("copper",)), ItemFilter(tags=("tea",))]
    there = [ItemFilter(words=("iron", "p")), ItemFilter(tags=("fry",))]
    assert [page(await seen(units, wanted)).total for wanted in gone] == [0, 0]
    assert [page(await seen(units, wanted)).total for wanted in there] == [1, 1]
