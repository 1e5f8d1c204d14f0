"""What a cache promises, wherever it keeps things."""

import asyncio
import secrets
import time
from collections.abc import AsyncIterator, Awaitable, Callable
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from redis.exceptions import ConnectionError as Away

from adapters.memory.cache import BESIDE, MemoryCache
from adapters.memory.changes import Changes
from adapters.redis.cache import LONGEST_LOAD_S, RedisCache
from adapters.redis.client import opened
from application.ports.cache import LARGEST, Cache, existing, one, touched

NOWHERE = "redis://127.0.0.1:1/0"
ABOUT = ("items",)

Making = Callable[[float], Cache]


@pytest.fixture(params=["memory", pytest.param("redis", marks=pytest.mark.server("redis"))])
async def making(request: pytest.FixtureRequest) -> AsyncIterator[Making]:
    """Makes one whose things live for so many seconds."""
    if request.param == "memory":
        yield MemoryCache
        return
    redis, scope = opened(request.getfixturevalue("redis_url")), secrets.token_hex(8)
    yield lambda ttl_s: RedisCache(redis, ttl_s, scope, lambda error: None)
    await redis.aclose()


@pytest.fixture
def cache(making: Making) -> Cache:
    return making(60)


async def keep(cache: Cache, key: str, value: bytes, *about: str) -> None:
    await cache.put(key, value, (await cache.get(key, about)).state)


async def found(cache: Cache, key: str, *about: str) -> bytes | None:
    return (await cache.get(key, about)).value


async def test_what_was_put_is_found_under_its_key_alone(cache: Cache) -> None:
    await keep(cache, "a", b"one\ntwo \x00\xff", *ABOUT)

    assert await found(cache, "a", *ABOUT) == b"one\ntwo \x00\xff"
    assert await found(cache, "b", *ABOUT) is None


async def test_what_is_about_something_that_changed_is_not_found(cache: Cache) -> None:
    await keep(cache, "both", b"1", "items", one("users", "1"))
    await keep(cache, "other", b"2", one("users", "2"))
    await cache.forget([one("users", "1")])

    assert await found(cache, "both", "items", one("users", "1")) is None
    assert await found(cache, "other", one("users", "2")) == b"2"


async def test_what_was_read_before_a_change_is_not_found_though_it_is_put_after_it(cache: Cache) -> None:
    before = await cache.get("a", ABOUT)
    await cache.forget(ABOUT)
    await cache.put("a", b"stale", before.state)

    assert await found(cache, "a", *ABOUT) is None
    await keep(cache, "a", b"fresh", *ABOUT)
    assert await found(cache, "a", *ABOUT) == b"fresh"


async def test_the_state_is_the_same_until_something_changes(cache: Cache) -> None:
    states = [(await cache.get("a", ABOUT)).state for _ in range(3)]
    await cache.forget(["posts"])
    states.append((await cache.get("b", ABOUT)).state)
    await cache.forget(ABOUT)

    assert len(set(states)) == 1
    assert (await cache.get("a", ABOUT)).state not in states


async def test_it_is_kept_no_longer_than_was_said(making: Making) -> None:
    cache = making(0.05)
    await keep(cache, "a", b"1", *ABOUT)

    async with asyncio.timeout(5):
        while await found(cache, "a", *ABOUT) is not None:  # noqa: ASYNC110
            await asyncio.sleep(0.01)


async def test_what_is_too_long_is_not_kept(cache: Cache) -> None:
    await keep(cache, "a", b"x" * LARGEST, *ABOUT)
    await keep(cache, "b", b"x" * (LARGEST + 1), *ABOUT)

    assert await found(cache, "a", *ABOUT) is not None
    assert await found(cache, "b", *ABOUT) is None


def test_a_new_thing_changes_nothing_that_is_about_those_there_already() -> None:
    assert existing("users") not in touched("users", "1", is_new=True)
    assert set(touched("users", "1", is_new=False)) == {"users", existing("users"), one("users", "1")}


async def test_memory_is_bounded_and_the_oldest_goes_first() -> None:
    cache = MemoryCache(60, most=3 * (BESIDE + 10))
    for name in ("a", "b", "c", "a", "d"):
        await keep(cache, name, b"x" * 10, *ABOUT)

    kept = [name for name in "abcd" if await found(cache, name, *ABOUT)]

    assert kept == ["a", "c", "d"]


@given(st.lists(st.one_of(st.sets(st.sampled_from("abcdef"), min_size=1), st.just(set())), max_size=40))
def test_a_bounded_memory_of_changes_never_misses_one(steps: list[set[str]]) -> None:
    """An empty step looks at all names; what it saw of a name may be seen again only where it has not changed since."""
    changes, seen, last = Changes(most=2), dict[str, tuple[int, int]](), dict.fromkeys("abcdef", 0)
    for number, step in enumerate(steps, 1):
        if step:
            changes.note(step)
            last.update(dict.fromkeys(step, number))
        for name in "abcdef":
            state, at = changes.latest([name]), number
            if name in seen and seen[name][0] == state:
                assert last[name] <= seen[name][1]
            seen[name] = state, at


async def test_where_redis_is_away_nothing_is_found_nobody_waits_and_it_is_said_once() -> None:
    said: list[str] = []
    redis = opened(NOWHERE)
    cache, began = RedisCache(redis, 60, "x", said.append), time.monotonic()
    for _ in range(50):
        await keep(cache, "a", b"1", *ABOUT)
        await cache.forget(ABOUT)

    assert await found(cache, "a", *ABOUT) is None
    assert time.monotonic() - began < 1
    assert len(said) == 1
    await redis.aclose()


async def test_where_redis_is_away_the_state_tells_of_this_process_s_changes() -> None:
    redis = opened(NOWHERE)
    cache = RedisCache(redis, 60, "x", lambda error: None)
    states = [(await cache.get("a", ABOUT)).state for _ in range(2)]
    await cache.forget(ABOUT)

    assert states[0] == states[1] != (await cache.get("a", ABOUT)).state
    await redis.aclose()


@pytest.mark.server("redis")
async def test_a_change_by_one_process_is_known_to_the_others_at_once(redis_url: str) -> None:
    redis, scope = opened(redis_url), secrets.token_hex(8)
    one, other = (RedisCache(redis, 60, scope, lambda error: None) for _ in range(2))
    await keep(one, "a", b"1", *ABOUT)
    before = await found(other, "a", *ABOUT)
    await other.forget(ABOUT)

    assert before == b"1"
    assert await found(one, "a", *ABOUT) is None
    await redis.aclose()


@pytest.mark.server("redis")
async def test_those_of_another_scope_share_nothing(redis_url: str) -> None:
    redis = opened(redis_url)
    one, other = (RedisCache(redis, 60, secrets.token_hex(8), lambda error: None) for _ in range(2))
    await keep(one, "a", b"1", *ABOUT)

    assert await found(other, "a", *ABOUT) is None
    await redis.aclose()


class Mute:
    """A Redis that can be read, and cannot be told of changes."""

    def __init__(self, redis: Any) -> None:
        self.mget: Callable[..., Awaitable[Any]] = redis.mget
        self.set: Callable[..., Awaitable[Any]] = redis.set
        self.failing = True
        self._redis = redis

    def pipeline(self, transaction: bool) -> Any:
        if self.failing:
            raise Away
        return self._redis.pipeline(transaction=transaction)


@pytest.mark.server("redis")
async def test_who_could_not_tell_of_a_change_finds_nothing_of_before_it(redis_url: str) -> None:
    now, redis, ttl_s = 0.0, opened(redis_url), 60
    mute: Any = Mute(redis)
    cache = RedisCache(mute, ttl_s, secrets.token_hex(8), lambda error: None, lambda: now)
    await keep(cache, "a", b"stale", *ABOUT)
    told = []
    await cache.forget(ABOUT)
    mute.failing = False
    for now in (0.5, 1.5, 1.0 + ttl_s):  # noqa: B007 - the clock
        told.append(await found(cache, "a", *ABOUT))
        await keep(cache, "b", b"of meanwhile", *ABOUT)
        told.append(await found(cache, "b", *ABOUT))
    now = ttl_s + LONGEST_LOAD_S + 1
    await keep(cache, "b", b"fresh", *ABOUT)

    assert told == [None] * 6
    assert await found(cache, "b", *ABOUT) == b"fresh"
    await redis.aclose()
