"""With the cache on nobody can tell: what is read is what would be read without it, and nothing private is kept."""

import asyncio
import random
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager, suppress
from typing import Any

import httpx
import pytest

from adapters.memory.cache import MemoryCache
from domain.errors import NotFound
from entrypoints.http.caching import PublicReads
from tests.http.client import API, Person, Served, offer, serving, sign_up, unique
from tests.http.test_metrics import figures
from tests.http.trade import an_order
from tests.http.writing import comment, write
from tests.stores import fresh_url

ITEMS, POSTS = f"{API}/items", f"{API}/posts"
OWN = {"x-request-id", "server-timing", "x-process-time", "date"}
"""What each answer has of its own."""

NOWHERE = "redis://127.0.0.1:1/0"
SEEDS = range(2)
STEPS = 40


@asynccontextmanager
async def cached(store: str = "memory", **over: Any) -> AsyncIterator[Served]:
    """An application of one's own that keeps its answers for a minute, and judges no comment by itself."""
    async with fresh_url(store) as url, serving(url, **{"cache_ttl_s": 60, "workers_inline": False, **over}) as served:
        yield served


def told(response: httpx.Response) -> tuple[int, list[tuple[bytes, bytes]], bytes]:
    """All of an answer but what is its own: bytes and headers, in their order."""
    headers = [pair for pair in response.headers.raw if pair[0].decode().lower() not in OWN]
    body = b"" if response.status_code >= 400 else response.content
    return response.status_code, headers if body else [], body


async def with_and_without(served: Served, asked: Callable[[], Awaitable[httpx.Response]]) -> Any:
    """The answers with the cache, twice, and without it."""
    reads: PublicReads = served.container.public_reads()
    answers, caching = [told(await asked()), told(await asked())], reads._caching
    assert caching is not None
    reads._caching = None
    try:
        return [*answers, told(await asked())]
    finally:
        reads._caching = caching


def kept(served: Served) -> list[bytes]:
    cache: MemoryCache = served.container.cache()
    return [value for _, _, value in cache._kept.values()]


class World:
    """People who change things, and everything that anybody may ask about them."""

    def __init__(self, served: Served, people: list[Person], dice: random.Random) -> None:
        self.served, self.client, self.people, self.dice = served, served.client, people, dice
        self.items: list[dict[str, Any]] = []
        self.posts: list[dict[str, Any]] = []
        self.comments: list[dict[str, Any]] = []

    async def change(self) -> None:
        """One thing, by somebody; a refusal is as good as a success."""
        who, dice = self.dice.choice(self.people), self.dice
        item, post = (dice.choice(things) if things else None for things in (self.items, self.posts))
        step = dice.randrange(10)
        if step == 0 or item is None:
            self.items.append(await offer(self.client, who, stock=9, tags=[dice.choice("abc")], is_public=step > 4))
        elif step == 1 or post is None:
            self.posts.append(await write(self.client, who, status=dice.choice(["draft", "published"])))
        elif step == 2:
            change = dice.choice([{"is_public": dice.random() < 0.5}, {"price": str(dice.randrange(1, 99))}])
            await self.do("PATCH", f"{ITEMS}/{item['id']}", self.owner(item["owner_id"]), change)
        elif step == 3:
            await self.do("POST", f"{API}/orders", who, an_order((item, 1)))
        elif step == 4:
            await self.do("DELETE", f"{ITEMS}/{item['id']}", who)
        elif step == 5:
            verb = dice.choice(["publish", "unpublish"])
            await self.do("POST", f"{POSTS}/{post['id']}/{verb}", self.owner(post["author"]["id"]))
        elif step == 6:
            made = await self.do("POST", f"{POSTS}/{post['id']}/comments", who, {"content": "Lovely!"})
            self.comments += [made.json()] if made.status_code == 201 else []
        elif step == 7 and self.comments:
            await self.do("DELETE", f"{API}/comments/{dice.choice(self.comments)['id']}", who)
        elif step == 8 and self.comments:
            await self.judge(dice.choice(self.comments)["id"])
        else:
            await self.do("PATCH", f"{API}/users/me", who, {"full_name": unique("name")})

    async def do(self, method: str, path: str, who: Person, body: Any = None) -> httpx.Response:
        return await self.client.request(method, path, json=body, headers=who.headers)

    async def judge(self, id: str) -> None:
        with suppress(NotFound):  # gone, with or without its post
            await self.served.container.judge_comment()(id, self.dice.choice(["positive", "negative"]))

    def owner(self, id: str) -> Person:
        return next(person for person in self.people if person.id == id)

    def question(self) -> Callable[[], Awaitable[httpx.Response]]:
        """By anybody, signed in or not."""
        dice = self.dice
        paths = [ITEMS, f"{ITEMS}?cursor=&size=2", f"{ITEMS}?sort_by=-price&size=3", f"{API}/tags", POSTS]
        paths += [f"{ITEMS}/{item['id']}" for item in dice.sample(self.items, min(3, len(self.items)))]
        for post in dice.sample(self.posts, min(3, len(self.posts))):
            one = f"{POSTS}/{post['id']}"
            paths += [one, f"{one}?expand=comments", f"{one}/comments"]
        path, who = dice.choice(paths), dice.choice([None, None, *self.people])
        headers = dice.choice([{}, {"Accept-Encoding": "gzip"}, {"If-None-Match": '"1"'}])
        headers |= who.headers if who else {}
        method = dice.choice(["GET", "GET", "GET", "HEAD"])
        return lambda: self.client.request(method, path, headers=headers)


@pytest.mark.parametrize("seed", SEEDS)
async def test_whatever_is_changed_the_next_read_is_as_without_the_cache(store: str, seed: int) -> None:
    await _changing_and_reading(store, seed)


@pytest.mark.server("redis")
@pytest.mark.parametrize("seed", SEEDS)
async def test_so_it_is_where_redis_keeps_the_answers(redis_url: str, seed: int) -> None:
    await _changing_and_reading("sqlite", seed, redis_url=redis_url)


async def _changing_and_reading(store: str, seed: int, **over: Any) -> None:
    """Others read all the time, so that changes overtake loads that are under way."""
    async with cached(store, **over) as served:
        people = [await sign_up(served.client) for _ in range(3)]
        world = World(served, people, random.Random(seed))
        crowd = World(served, people, random.Random(seed))
        crowd.items, crowd.posts = world.items, world.posts

        done = asyncio.Event()

        async def read_on() -> None:
            while not done.is_set():
                await crowd.question()()
                await asyncio.sleep(0)

        readers = [asyncio.create_task(read_on()) for _ in range(3)]
        try:
            for number in range(STEPS):
                await world.change()
                for _ in range(4):
                    first, second, without = await with_and_without(served, world.question())
                    assert first == without, (seed, number)
                    assert second == without, (seed, number)
        finally:
            done.set()
            await asyncio.gather(*readers)
        assert await figures(served.client, "cache_hits_total") > STEPS


@pytest.mark.parametrize("more", [{}, {"Accept-Encoding": "gzip"}, {"If-None-Match": '"1"'}, {"If-None-Match": "*"}])
@pytest.mark.parametrize("method", ["GET", "HEAD"])
async def test_answers_are_the_same_bytes_with_it_and_without(method: str, more: dict[str, str]) -> None:
    async with cached() as served:
        person = await sign_up(served.client)
        item = await offer(served.client, person, description="long " * 300, tags=["a"])
        post = await write(served.client, person)
        await comment(served.client, person, post, "Lovely!")
        await offer(served.client, person)
        one, said = f"{POSTS}/{post['id']}", f"{POSTS}/{post['id']}/comments"
        pages = [f"{ITEMS}?size=1&other=kept", f"{ITEMS}?cursor=&size=1", f"{ITEMS}?page=2&page=1", f"{ITEMS}?page=9"]
        wrong = [f"{ITEMS}/x", f"{ITEMS}?page=0", f"{ITEMS}?cursor=x", f"{POSTS}/{item['id']}", f"{said}?cursor=x"]
        paths = [ITEMS, f"{ITEMS}/{item['id']}", f"{API}/tags", POSTS, one, f"{one}?expand=comments", said, *pages]
        asked = [(path, headers) for path in [*paths, *wrong] for headers in (more, more | person.headers)]
        alike = [await with_and_without(served, _asking(served, method, *each)) for each in asked]

        assert [len({repr(each) for each in answers}) for answers in alike] == [1] * len(alike)
        assert await figures(served.client, "cache_hits_total") > 0


def _asking(served: Served, method: str, path: str, headers: dict[str, str]) -> Callable[[], Awaitable[httpx.Response]]:
    return lambda: served.client.request(method, path, headers=headers)


async def test_nothing_private_is_ever_kept() -> None:
    async with cached() as served:
        client, canary = served.client, unique("canary")
        person, stranger = await sign_up(client), await sign_up(client)
        item = await offer(client, person, name=canary, is_public=False)
        post = await write(client, person, title=canary, status="draft")
        paths = [ITEMS, POSTS, f"{API}/tags", f"{ITEMS}/{item['id']}", f"{POSTS}/{post['id']}"]
        paths += [f"{paths[-1]}?expand=comments", f"{paths[-1]}/comments", f"{API}/users/me/items"]
        seen = {}
        for path in paths * 2:
            for who, headers in (("owner", person.headers), ("stranger", stranger.headers), ("nobody", {})):
                seen[who, path] = canary in (await client.get(path, headers=headers)).text

        assert {path for (who, path), there in seen.items() if there and who != "owner"} == set()
        assert seen["owner", ITEMS]
        assert kept(served)
        assert not any(canary.encode() in value for value in kept(served))


async def test_what_becomes_private_is_gone_for_others_with_the_answer_to_the_change() -> None:
    async with cached() as served:
        client, person = served.client, await sign_up(served.client)
        item, post = await offer(client, person, tags=["t"]), await write(client, person)
        paths = [f"{ITEMS}/{item['id']}", f"{POSTS}/{post['id']}", f"{POSTS}/{post['id']}/comments"]
        before = [(await client.get(path)).status_code for path in paths]
        await client.patch(paths[0], json={"is_public": False}, headers=person.headers)
        await client.post(f"{paths[1]}/unpublish", headers=person.headers)

        assert before == [200] * 3
        assert [(await client.get(path)).status_code for path in paths] == [404] * 3
        assert (await client.get(ITEMS)).json()["items"] == (await client.get(f"{API}/tags")).json() == []
        assert (await client.get(paths[0], headers=person.headers)).status_code == 200


async def test_what_is_shown_of_others_and_by_other_means_is_as_it_is_now() -> None:
    async with cached() as served:
        client, person = served.client, await sign_up(served.client)
        item, post = await offer(client, person, stock=5), await write(client, person)
        said = await comment(client, person, post, "Lovely!")
        one = f"{POSTS}/{post['id']}"
        paths = [one, POSTS, f"{one}?expand=comments", f"{one}/comments"]
        for path in (*paths, ITEMS, f"{ITEMS}/{item['id']}"):
            await client.get(path)
        await client.patch(f"{API}/users/me", json={"full_name": "Ada King"}, headers=person.headers)
        named = ["Ada King" in (await client.get(path)).text for path in paths]
        await served.container.judge_comment()(said["id"], "positive")
        judged = ["positive" in (await client.get(path)).text for path in paths[2:]]
        await client.post(f"{API}/orders", json=an_order((item, 2)), headers=person.headers)
        left = [(await client.get(ITEMS)).json()["items"][0], (await client.get(f"{ITEMS}/{item['id']}")).json()]

        assert named == [True] * 4
        assert judged == [True] * 2
        assert [each["stock"] for each in left] == [3, 3]


async def test_another_host_is_led_on_to_its_own_pages() -> None:
    async with cached() as served:
        for host in ("one.test", "two.test", "one.test"):
            links = (await served.client.get(ITEMS, headers={"Host": host})).headers["link"]
            assert f"//{host}/" in links


async def test_many_who_ask_at_once_are_one_load() -> None:
    async with cached() as served:
        item = await offer(served.client, await sign_up(served.client))
        answers = await asyncio.gather(*(served.client.get(f"{ITEMS}/{item['id']}") for _ in range(50)))
        await served.client.get(f"{ITEMS}/{item['id']}")

        assert {response.content for response in answers} == {answers[0].content}
        assert await figures(served.client, "cache_loads_total") == 1
        assert await figures(served.client, "cache_hits_total") >= 1


async def test_by_default_nothing_is_kept() -> None:
    async with serving() as served:
        assert served.container.cache() is None
        assert "cache_hits" not in (await served.client.get("/metrics")).text


@pytest.mark.server("redis")
async def test_workers_that_share_redis_see_each_other_s_changes_at_once(redis_url: str) -> None:
    over = {"redis_url": redis_url, "cache_ttl_s": 60}
    async with fresh_url("sqlite") as url, serving(url, **over) as one, serving(url, **over) as other:
        person = await sign_up(one.client)
        item = await offer(one.client, person)
        path = f"{ITEMS}/{item['id']}"
        for number in range(1, 4):
            before = [(await each.client.get(path)).content for each in (one, other, one)]
            changed = await other.client.patch(path, json={"stock": number}, headers=person.headers)
            after = [(await each.client.get(path)).json()["stock"] for each in (one, other)]

            assert changed.status_code == 200
            assert len(set(before)) == 1
            assert after == [number] * 2
        assert await figures(other.client, "cache_hits_total") > 0


async def test_where_redis_is_away_the_store_is_read_and_readiness_names_it() -> None:
    async with fresh_url("sqlite") as url, serving(url, redis_url=NOWHERE, cache_ttl_s=60) as served:
        person = await sign_up(served.client)
        item = await offer(served.client, person)
        path = f"{ITEMS}/{item['id']}"
        async with asyncio.timeout(5):
            for number in range(10):
                await served.client.patch(path, json={"stock": number}, headers=person.headers)
                assert (await served.client.get(path)).json()["stock"] == number
        ready = await served.client.get("/health/ready")

        assert ready.status_code == 200
        assert ready.json()["parts"]["cache"] == {"status": "down", "needed": False, "latency_ms": None}
