"""Limits promise the same wherever they count; a clock that the test moves, and Redis by its own."""

import asyncio
import secrets
from collections.abc import AsyncIterator, Awaitable, Callable

import pytest

from adapters.memory.limits import MOST, MemoryLimits
from adapters.redis.client import opened
from adapters.redis.limits import RedisLimits
from application.limits import GUESSES, POLICIES, Guesses
from application.ports.limits import Limits, Policy, Window, judged
from domain.errors import TooMany

NOWHERE = "redis://127.0.0.1:1/0"


@pytest.fixture(params=["memory", pytest.param("redis", marks=pytest.mark.server("redis"))])
async def limits(request: pytest.FixtureRequest) -> AsyncIterator[Limits]:
    if request.param == "memory":
        yield MemoryLimits()
        return
    redis = opened(request.getfixturevalue("redis_url"))
    yield RedisLimits(redis, MemoryLimits(), lambda error: None)
    await redis.aclose()


def fresh(quota: int, window_s: int = 60) -> Policy:
    return Policy(secrets.token_hex(8), quota, window_s)


async def test_as_many_as_the_quota_are_let_pass_and_no_more(limits: Limits) -> None:
    policy = fresh(5)

    told = [await limits.take(policy, "a") for _ in range(7)]

    assert [each.allowed for each in told] == [True] * 5 + [False] * 2
    assert [each.remaining for each in told] == [4, 3, 2, 1, 0, 0, 0]
    assert all(0 < each.reset_s <= 60 for each in told)


async def test_one_is_not_limited_by_what_another_asks(limits: Limits) -> None:
    policy, other = fresh(1), fresh(1)
    await limits.take(policy, "a")

    assert (await limits.take(policy, "b")).allowed
    assert (await limits.take(other, "a")).allowed
    assert not (await limits.take(policy, "a")).allowed


async def test_what_is_forgotten_is_as_if_it_had_not_been_asked(limits: Limits) -> None:
    policy = fresh(1)
    await limits.take(policy, "a")
    await limits.forget(policy, "a")

    assert (await limits.take(policy, "a")).allowed


async def test_after_the_wait_that_was_told_there_is_room_for_one(limits: Limits) -> None:
    policy = fresh(2, window_s=1)
    while (told := await limits.take(policy, "a")).allowed:
        pass

    await until(lambda: _allowed(limits, policy), told.reset_s + 1)


async def _allowed(limits: Limits, policy: Policy) -> bool:
    return (await limits.take(policy, "a")).allowed


async def until(holds: Callable[[], Awaitable[bool]], seconds: float) -> None:
    async with asyncio.timeout(seconds):
        while not await holds():  # noqa: ASYNC110
            await asyncio.sleep(0.02)


@pytest.mark.parametrize("quota", [1, 2, 10, 600])
def test_the_wait_that_is_told_is_enough_and_not_much_too_long(quota: int) -> None:
    policy = Policy("x", quota, 600)
    for elapsed in (0.0, 1.0, 300.0, 599.0):
        for asked, before in ((quota, 0), (quota, quota), (0, quota), (quota // 2, quota)):
            current = Window(asked, elapsed / 2)
            for last in (0.0, 200.0, 599.0):
                previous = Window(before, last)
                told = judged(policy, elapsed, current, previous)
                if not told.allowed:
                    assert told.reset_s <= policy.window_s
                    assert _later(policy, elapsed + told.reset_s, current, previous)
                    assert told.reset_s <= 2 or not _later(policy, elapsed + told.reset_s - 2, current, previous)


def _later(policy: Policy, elapsed: float, current: Window, previous: Window) -> bool:
    if elapsed >= policy.window_s:
        current, previous, elapsed = Window(0, 0.0), current, elapsed - policy.window_s
    return elapsed >= policy.window_s or judged(policy, elapsed, current, previous).allowed


async def test_the_window_slides() -> None:
    """A burst at the end of one window leaves no room for another at the beginning of the next."""
    now = 0.0
    limits, policy = MemoryLimits(lambda: now), Policy("x", 10)
    await limits.take(policy, "a")
    now = 59.0
    burst = [(await limits.take(policy, "a")).allowed for _ in range(10)]
    now = 61.0
    again = [(await limits.take(policy, "a")).allowed for _ in range(10)]
    now = 180.0

    assert sum(burst) == 9
    assert sum(again) == 0
    assert (await limits.take(policy, "a")).remaining == 9


async def test_who_was_still_for_a_window_may_ask_as_often_as_ever() -> None:
    now = 0.0
    limits, policy = MemoryLimits(lambda: now), Policy("x", 5)
    first = [await limits.take(policy, "a") for _ in range(6)]
    now = 60.0

    again = [await limits.take(policy, "a") for _ in range(6)]

    assert first[-1].reset_s == 60
    assert [each.allowed for each in again] == [True] * 5 + [False]


async def test_a_flood_of_addresses_takes_no_more_than_so_much_memory() -> None:
    limits, policy = MemoryLimits(), fresh(1)
    for number in range(MOST + 10):
        limits.taken(policy, str(number))

    assert len(limits._kept[policy.name]) == MOST
    assert not limits.taken(policy, str(MOST)).allowed
    assert limits.taken(policy, "0").allowed


async def test_where_redis_is_away_this_process_counts_and_says_so_once() -> None:
    said: list[str] = []
    redis = opened(NOWHERE)
    limits, policy = RedisLimits(redis, MemoryLimits(), said.append), fresh(2)

    told = [(await limits.take(policy, "a")).allowed for _ in range(3)]
    await limits.forget(policy, "a")

    assert told == [True, True, False]
    assert (await limits.take(policy, "a")).allowed
    assert len(said) == 1
    await redis.aclose()


@pytest.mark.server("redis")
async def test_processes_that_share_redis_share_the_counts(redis_url: str) -> None:
    clients = [opened(redis_url) for _ in range(2)]
    one, two = (RedisLimits(client, MemoryLimits(), lambda error: None) for client in clients)
    policy = fresh(3)

    told = [(await each.take(policy, "a")).allowed for each in (one, two, one, two)]

    assert told == [True, True, True, False]
    for client in clients:
        await client.aclose()


async def test_the_more_wrong_passwords_the_longer_the_wait() -> None:
    now = 0.0
    guesses, waits = Guesses(MemoryLimits(lambda: now)), []
    while now < 6 * 3600:
        try:
            await guesses.count("ada")
            now += 1
        except TooMany as refused:
            waits.append(refused.retry_after_s)
            now += refused.retry_after_s

    assert waits[0] <= 70
    assert max(waits) > 600
    assert len(waits) < 400


async def test_a_right_password_ends_the_count() -> None:
    guesses = Guesses(MemoryLimits())
    for _ in range(100):
        await guesses.count("ada")
        await guesses.forget("ada")


def test_the_usual_limits_are_the_promised_ones() -> None:
    quotas = {name: (policy.quota, policy.window_s) for name, policy in POLICIES.items()}

    assert {name: quota for name, quota in quotas.items() if name != "recovery"} == {
        "account": (600, 60),
        "address": (120, 60),
        "sign-in": (10, 60),
        "registration": (5, 60),
        "uploads": (30, 60),
    }
    assert GUESSES[0].quota == 10
