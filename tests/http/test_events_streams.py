"""The stream itself: who may open one, how it is taken up again, what keeps it alive, and what ends it."""

import asyncio
from datetime import timedelta
from typing import Any
from uuid import uuid4

import httpx
import pytest

from application.ports.security import Token
from domain.access import SCOPES as ROLE_SCOPES
from domain.access import Role
from entrypoints.http import events, streams
from tests.http.client import API, Person, Served, api_key, limited, locations, offer, problem, serving, sign_up
from tests.http.listening import Listener, listening

EVENTS = f"{API}/events"
LONG_AGO = "01890000-0000-7000-8000-000000000000"


async def test_the_headers_suit_proxies_and_a_head_answers_them_alone(served: Served, somebody: Person) -> None:
    async with listening(served.edge, {**somebody.headers, "Accept-Encoding": "gzip"}) as listener:
        status, headers = await listener.head()

    head = await served.client.head(EVENTS, headers=somebody.headers)

    own = {"content-type": "text/event-stream", "cache-control": "no-store", "x-accel-buffering": "no"}
    for found in (headers, head.headers):
        assert {name: found[name] for name in own} == own
        assert not {"content-length", "content-encoding", "etag"} & set(found)
        assert found["x-request-id"]
    assert (status, head.status_code, head.content) == (200, 200, b"")


async def test_it_needs_signing_in_with_one_good_credential(memory: httpx.AsyncClient, member: Person) -> None:
    token = member.tokens["access_token"]

    problem(await memory.get(EVENTS), 401, "unauthenticated")
    problem(await memory.get(EVENTS, params={"token": "nonsense"}), 401, "unauthenticated")
    problem(await memory.get(EVENTS, params={"token": ""}), 401, "unauthenticated")
    problem(await memory.get(EVENTS, params={"token": token}, headers=member.headers), 401, "unauthenticated")
    problem(await memory.get(EVENTS, params={"token": [token, token]}), 401, "unauthenticated")
    problem(await memory.get(f"{API}/users/me", params={"token": token}), 401, "unauthenticated")


@pytest.mark.parametrize(
    ("topic", "scope"),
    [
        ("items", "items:read"),
        ("orders", "orders:read"),
        ("posts", "posts:read"),
        ("tasks", "predictions:run"),
        ("notifications", "profile:read"),
    ],
)
async def test_a_topic_needs_its_read_scope(memory: httpx.AsyncClient, member: Person, topic: str, scope: str) -> None:
    narrow = await limited(memory, member, *(ROLE_SCOPES[Role.CUSTOMER] - {scope}))
    only = await limited(memory, member, scope)

    refused = await memory.get(EVENTS, params={"topics": f"{topic},nonsense"}, headers=narrow)

    problem(refused, 403, "insufficient_scope")
    assert refused.headers["www-authenticate"] == f'Bearer error="insufficient_scope", scope="{scope}"'
    assert (await memory.head(EVENTS, params={"topics": topic}, headers=only)).status_code == 200


async def test_a_token_that_may_read_no_topic_is_refused(memory: httpx.AsyncClient, member: Person) -> None:
    narrow = await limited(memory, member, "items:write")

    problem(await memory.get(EVENTS, headers=narrow), 403, "insufficient_scope")


@pytest.mark.parametrize("topics", ["", "items,", "nonsense", "items,nonsense", "Items", "item.created"])
async def test_what_is_no_topic_is_refused(memory: httpx.AsyncClient, member: Person, topics: str) -> None:
    response = await memory.get(EVENTS, params={"topics": topics}, headers=member.headers)

    assert locations(response) == [["query", "topics"]]


async def test_it_is_taken_up_again_behind_the_last_event(served: Served, somebody: Person) -> None:
    async with listening(served.edge, somebody.headers) as listener:
        for _ in range(3):
            await offer(served.client, somebody)
        first = await listener.events(3)
    missed = [(await offer(served.client, somebody))["id"] for _ in range(3)]

    for query in ({"after": first[0].id}, {"last_event_id": first[0].id}, {"last_event_id": first[0].id.upper()}):
        async with listening(served.edge, somebody.headers, **query) as listener:
            again = await listener.until("item.created", missed[-1])

        assert [said.text for said in again[:2]] == [said.text for said in first[1:]]
        assert [said.thing["id"] for said in again if said.data["actor_id"] == somebody.id][2:] == missed


async def test_the_header_counts_where_both_are_given(served: Served, somebody: Person) -> None:
    async with listening(served.edge, somebody.headers) as listener:
        await offer(served.client, somebody)
        await offer(served.client, somebody)
        first, second = await listener.events(2)

    async with listening(served.edge, somebody.headers, after=first.id, last_event_id=str(uuid4())) as listener:
        assert (await listener.event()).id == second.id


async def test_who_was_away_for_too_long_is_told_so_first(served: Served, somebody: Person) -> None:
    listener = Listener(served.edge, {**somebody.headers, "Last-Event-ID": LONG_AGO}, {})
    retry, reset = await listener.next(), await listener.next()
    item = await offer(served.client, somebody)
    following = await listener.event()
    listener.leave()
    await listener.task

    assert retry is not None
    assert reset is not None
    assert (retry.text, reset.text) == ("retry: 2000", 'event: reset\ndata: {"reason":"expired"}')
    assert following.thing["id"] == item["id"]


async def test_an_event_that_the_log_still_has_may_be_too_old_for_the_feed() -> None:
    async with serving(event_keep_hours=1) as served:
        person = await sign_up(served.client)
        async with listening(served.edge, person.headers) as listener:
            await offer(served.client, person)
            last = (await listener.event()).id
        clock = served.container.clock()
        served.container.feed()._clock = lambda: clock() + timedelta(hours=1)

        late = Listener(served.edge, {**person.headers, "Last-Event-ID": last}, {})
        said = [await late.next(), await late.next()]
        late.leave()
        await late.task

    assert [each.text.partition("\n")[0] for each in said if each] == ["retry: 2000", "event: reset"]


async def test_five_streams_a_person_and_no_more(served: Served, somebody: Person, stranger: Person) -> None:
    open_ones = [Listener(served.edge, somebody.headers, {}) for _ in range(5)]
    assert [(await each.head())[0] for each in open_ones] == [200] * 5

    refused = await served.client.get(EVENTS, headers=somebody.headers)
    key = await api_key(served.client, somebody)

    problem(refused, 429, "too_many_streams")
    assert int(refused.headers["retry-after"]) > 0
    problem(await served.client.get(EVENTS, params={"topics": "x"}, headers=key), 429, "too_many_streams")
    async with listening(served.edge, stranger.headers):
        pass
    open_ones[0].leave()
    await open_ones[0].task
    async with listening(served.edge, somebody.headers):
        pass
    for each in open_ones:
        each.leave()
        await each.task
    assert served.container.streams()._open == {}


async def _sign_out(served: Served, person: Person) -> None:
    form = {"token": person.tokens["access_token"]}
    assert (await served.client.post(f"{API}/auth/revoke", data=form)).status_code == 200


async def _leave(served: Served, person: Person) -> None:
    assert (await served.client.delete(f"{API}/users/me", headers=person.headers)).status_code == 204


@pytest.mark.parametrize("end", [_sign_out, _leave])
async def test_it_ends_with_the_token(served: Served, end: Any) -> None:
    person = await sign_up(served.client)
    async with listening(served.edge, person.headers) as listener:
        await end(served, person)

        async with asyncio.timeout(5):
            await listener.end()


async def test_it_ends_with_the_account_and_with_the_key(served: Served, admin: Person) -> None:
    person = await sign_up(served.client)
    key = await api_key(served.client, person)
    async with listening(served.edge, person.headers) as by_token, listening(served.edge, key) as by_key:
        change = {"is_active": False}
        await served.client.patch(f"{API}/users/{person.id}", json=change, headers=admin.headers)

        async with asyncio.timeout(5):
            await by_token.end()
            await by_key.end()


async def test_it_ends_when_the_token_expires(memory: httpx.AsyncClient) -> None:
    async with serving() as served:
        person = await sign_up(served.client)
        container = served.container
        token, at = container.tokens().read(person.tokens["access_token"], "access"), container.clock()()
        short = {name: getattr(token, name) for name in ("id", "kind", "user_id", "session_id", "scopes")}
        text = container.tokens().write(Token(**short, issued_at=at, expires_at=at + timedelta(seconds=1)))
        async with listening(served.edge, {}, token=text) as listener:
            async with asyncio.timeout(5):
                await listener.end()


async def test_who_loses_a_role_sees_no_more_than_others(served: Served, admin: Person, somebody: Person) -> None:
    person = await sign_up(served.client)
    await served.client.patch(f"{API}/users/{person.id}", json={"role": "staff"}, headers=admin.headers)
    async with listening(served.edge, person.headers, topics="items") as listener:
        seen = await offer(served.client, somebody, is_public=False)
        assert (await listener.until("item.created", seen["id"]))[-1].thing == seen
        await served.client.patch(f"{API}/users/{person.id}", json={"role": "customer"}, headers=admin.headers)

        await offer(served.client, somebody, is_public=False)
        public = await offer(served.client, somebody)

        assert [said.thing["id"] for said in await listener.until("item.created", public["id"])] == [public["id"]]


async def test_a_comment_comes_when_nothing_else_does(
    memory: httpx.AsyncClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert events.HEARTBEAT_S == 15
    monkeypatch.setattr(events, "HEARTBEAT_S", 0.05)
    async with serving() as served:
        person = await sign_up(served.client)
        async with listening(served.edge, person.headers) as listener:
            said = [await listener.next() for _ in range(3)]

    assert [each.text for each in said if each] == [":"] * 3


async def test_when_the_server_stops_everybody_is_told_to_come_back() -> None:
    async with serving() as served:
        person = await sign_up(served.client)
        async with listening(served.edge, person.headers) as listener:
            served.edge.closing()

            said = await listener.end()

    assert said[-1].text.split("\n")[-1] == "retry: 1000"


async def test_who_takes_nothing_is_let_go_and_holds_nobody_up(
    memory: httpx.AsyncClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(streams, "STUCK_S", 0.2)
    async with serving() as served:
        person = await sign_up(served.client)
        slow, quick = Listener(served.edge, person.headers, {}), Listener(served.edge, person.headers, {})
        await slow.head()
        await quick.head()
        slow.blocked = asyncio.Event()

        items = [(await offer(served.client, person))["id"] for _ in range(20)]

        assert [said.thing["id"] for said in await quick.events(20)] == items
        async with asyncio.timeout(5):
            await slow.task
        quick.leave()
        await quick.task


async def test_who_is_slow_misses_nothing(memory: httpx.AsyncClient, monkeypatch: pytest.MonkeyPatch) -> None:
    """What is at hand is bounded; what is further behind is read from the store."""
    from application.events import feed

    monkeypatch.setattr(feed, "RECENT", 3)
    monkeypatch.setattr(feed, "PART", 2)
    async with serving() as served:
        person = await sign_up(served.client)
        slow = Listener(served.edge, person.headers, {})
        await slow.head()
        slow.blocked = asyncio.Event()

        items = [(await offer(served.client, person))["id"] for _ in range(20)]
        slow.blocked.set()

        assert [said.thing["id"] for said in await slow.events(20)] == items
        assert len(served.container.feed()._recent) <= 3
        slow.leave()
        await slow.task


async def test_nothing_is_kept_where_nobody_listens(memory: httpx.AsyncClient) -> None:
    async with serving() as served:
        person = await sign_up(served.client)
        async with listening(served.edge, person.headers) as listener:
            await offer(served.client, person)
            await listener.event()

        assert not served.container.feed().is_listened_to
        assert served.container.feed()._recent == []
        assert served.container.streams()._open == {}
