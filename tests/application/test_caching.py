"""Reading by way of the cache: who loads, who waits, and what of a load that a change has overtaken."""

import asyncio
from collections import Counter

import pytest

from adapters.memory.cache import MemoryCache
from application.caching import Caching, Counts
from domain.errors import NotFound

ABOUT = ("items",)


class Source:
    """Something that is loaded when the test says so."""

    def __init__(self, value: bytes = b"one") -> None:
        self.value, self.loads, self.may = value, 0, asyncio.Event()

    async def __call__(self) -> bytes:
        self.loads += 1
        value = self.value
        await self.may.wait()
        return value


@pytest.fixture
def counted() -> Counter[str]:
    return Counter()


@pytest.fixture
def caching(counted: Counter[str]) -> Caching:
    def count(name: str) -> None:
        counted[name] += 1

    return Caching(MemoryCache(60), Counts(lambda: count("hit"), lambda: count("miss"), lambda: count("load")))


async def begun(caching: Caching, source: Source) -> "asyncio.Task[bytes]":
    """A read that is under way."""
    loads = source.loads
    task = asyncio.ensure_future(caching("a", ABOUT, source))
    for _ in range(10):
        if source.loads > loads:
            break
        await asyncio.sleep(0)
    return task


async def test_a_stampede_is_one_load(caching: Caching, counted: Counter[str]) -> None:
    source = Source()
    tasks = [asyncio.ensure_future(caching("a", ABOUT, source)) for _ in range(100)]
    await asyncio.sleep(0)
    source.may.set()

    assert await asyncio.gather(*tasks) == [b"one"] * 100
    assert await caching("a", ABOUT, source) == b"one"
    assert source.loads == 1
    assert counted == {"miss": 100, "load": 1, "hit": 1}


async def test_who_comes_after_a_change_is_not_told_what_was_read_before_it(caching: Caching) -> None:
    source = Source(b"old")
    early = await begun(caching, source)
    source.value = b"new"
    await caching.cache.forget(ABOUT)
    late = await begun(caching, source)
    source.may.set()

    assert (await early, await late) == (b"old", b"new")
    assert await caching("a", ABOUT, source) == b"new"
    assert source.loads == 2


async def test_a_refusal_reaches_all_who_wait_and_is_not_kept(caching: Caching) -> None:
    loads = 0

    async def refused() -> bytes:
        nonlocal loads
        loads += 1
        await asyncio.sleep(0)
        raise NotFound()

    told = await asyncio.gather(*(caching("a", ABOUT, refused) for _ in range(5)), return_exceptions=True)
    with pytest.raises(NotFound):
        await caching("a", ABOUT, refused)

    assert [type(each) for each in told] == [NotFound] * 5
    assert loads == 2


async def test_whoever_goes_away_takes_nothing_from_those_who_wait(caching: Caching) -> None:
    source = Source()
    first, second = await begun(caching, source), await begun(caching, source)
    first.cancel()
    await asyncio.sleep(0)
    source.may.set()

    assert await second == b"one"
    assert first.cancelled()
    assert source.loads == 1
