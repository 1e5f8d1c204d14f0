"""What carries tasks between processes: each id to one of those that receive, and afresh where it forgot all."""

import asyncio
import secrets
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import AsyncExitStack, asynccontextmanager

import pytest
from redis.asyncio import Redis

from adapters.broker.taskiq import FEW, MANY, TaskiqBroker
from domain.errors import Unavailable
from tests.contracts.support import PATIENCE_S

pytestmark = pytest.mark.server("redis")


class Said:
    def __init__(self) -> None:
        self.events: list[str] = []

    def said(self, event: str, **what: object) -> None:
        self.events.append(event)


class Process:
    """Remembers what it received, and is done with it at once or when `go` is set."""

    def __init__(self, broker: TaskiqBroker) -> None:
        self.broker, self.go = broker, asyncio.Event()
        self.received: list[str] = []
        self.running = self.most = 0

    async def does(self, id: str) -> None:
        self.received.append(id)
        self.running += 1
        self.most = max(self.most, self.running)
        await self.go.wait()
        self.running -= 1


Make = Callable[..., TaskiqBroker]


@pytest.fixture
async def prefix(redis_url: str) -> AsyncIterator[str]:
    prefix = f"test:{secrets.token_hex(6)}"
    yield prefix
    await _forget(redis_url, prefix)


async def _forget(url: str, prefix: str) -> None:
    async with Redis.from_url(url) as redis:
        await redis.delete(f"{prefix}:tasks", f"{prefix}:tasks:again")


@pytest.fixture
async def make(redis_url: str, prefix: str) -> AsyncIterator[Make]:
    async with AsyncExitStack() as stack:

        def make(url: str = redis_url, said: Said | None = None) -> TaskiqBroker:
            broker = TaskiqBroker(url, said or Said(), prefix=prefix)
            stack.push_async_callback(broker.close)
            return broker

        yield make


@asynccontextmanager
async def receiving(broker: TaskiqBroker, at_once: int = 4, *, stays: bool = False) -> AsyncIterator[Process]:
    process = Process(broker)
    if not stays:
        process.go.set()
    await broker.receive(process.does, at_once)
    await _until(lambda: broker.is_here)
    try:
        yield process
    finally:
        process.go.set()
        await broker.deafen()


async def _until(fulfilled: Callable[[], bool]) -> None:
    async with asyncio.timeout(PATIENCE_S):
        while not fulfilled():  # noqa: ASYNC110 - what Redis does rings no bell here
            await asyncio.sleep(0.005)


async def _until_answered(question: Callable[[], Awaitable[object]], answer: object) -> None:
    async with asyncio.timeout(PATIENCE_S):
        while await question() != answer:  # noqa: ASYNC110 - as above
            await asyncio.sleep(0.005)


async def test_each_id_comes_to_one_of_those_that_receive(make: Make) -> None:
    ids = [str(number) for number in range(100)]
    async with receiving(make()) as one, receiving(make()) as other:
        await make().hand(ids[:70])
        await make().hand_again(ids[70:])
        await _until(lambda: len(one.received) + len(other.received) >= 100)

    assert sorted(one.received + other.received) == sorted(ids)


async def test_what_was_handed_before_anybody_received_comes_too(make: Make) -> None:
    await make().hand(["a", "b"])

    async with receiving(make()) as process:
        await _until(lambda: len(process.received) == 2)


async def test_no_more_are_under_way_than_may(make: Make) -> None:
    async with receiving(make(), 3, stays=True) as process:
        await process.broker.hand([str(number) for number in range(12)])
        await _until(lambda: process.running == 3)
        process.go.set()
        await _until(lambda: len(process.received) == 12)

    assert process.most == 3


async def test_repeats_do_not_pile_up(make: Make) -> None:
    broker = make()
    found = [await broker.room()]
    await broker.hand(["a"])
    found.append(await broker.room())
    await broker.hand_again(["b"])
    found.append(await broker.room())

    async with receiving(make()):
        await _until_answered(broker.room, MANY)

    assert found == [MANY, FEW, 0]


async def test_where_all_was_forgotten_it_starts_afresh(make: Make, redis_url: str, prefix: str) -> None:
    said = Said()
    async with receiving(make(said=said)) as process:
        await process.broker.hand(["a"])
        await _until(lambda: process.received == ["a"])
        await _forget(redis_url, prefix)
        await _until(lambda: said.events != [])
        await process.broker.hand(["b"])
        await _until(lambda: process.received == ["a", "b"])

    assert said.events == ["broker_away"]


async def test_who_stops_receives_nothing_more_and_ends_what_came(make: Make) -> None:
    one = make()
    async with receiving(one, stays=True) as process:
        await one.hand(["a"])
        await _until(lambda: process.running == 1)
        stopping = asyncio.create_task(one.deafen())
        await asyncio.sleep(0)
        process.go.set()
        await stopping
        await one.hand(["b"])

    assert (process.received, process.running, one.is_here) == (["a"], 0, False)
    async with receiving(make()) as other:
        await _until(lambda: other.received == ["b"])


async def test_what_is_over_is_acknowledged(make: Make, redis_url: str, prefix: str) -> None:
    async with receiving(make(), stays=True) as process, Redis.from_url(redis_url) as redis:
        await process.broker.hand(["a"])
        await _until(lambda: process.running == 1)

        async def pending() -> int:
            return int((await redis.xpending(f"{prefix}:tasks", "portico"))["pending"])

        before = await pending()
        process.go.set()
        await _until_answered(pending, 0)

    assert before == 1


async def test_those_that_died_long_ago_are_forgotten(
    make: Make, redis_url: str, prefix: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("adapters.broker.taskiq.DEAD_MS", -1)

    async def consumers() -> set[bytes]:
        async with Redis.from_url(redis_url) as redis:
            return {each["name"] for each in await redis.xinfo_consumers(f"{prefix}:tasks", "portico")}

    async with receiving(make()) as process:
        await process.broker.hand(["a"])
        await _until(lambda: process.received == ["a"])
    before = await consumers()
    async with receiving(make()) as process:
        await process.broker.hand(["b"])
        await _until(lambda: process.received == ["b"])
        now = await consumers()

    assert (len(before), len(now), before & now) == (1, 1, set())


@pytest.mark.parametrize(
    "asked",
    [lambda broker: broker.hand(["a"]), lambda b: b.hand_again(["a"]), lambda b: b.room(), lambda b: b.ping()],
    ids=["hand", "hand_again", "room", "ping"],
)
async def test_where_it_is_away_that_is_said(make: Make, asked: Callable[[TaskiqBroker], Awaitable[object]]) -> None:
    with pytest.raises(Unavailable):
        await asked(make("redis://127.0.0.1:1/0"))


async def test_while_it_is_away_whoever_works_is_told_once(make: Make) -> None:
    said = Said()
    broker = make("redis://127.0.0.1:1/0", said)
    await broker.receive(Process(broker).does, 4)
    await _until(lambda: said.events != [])

    assert (broker.is_here, said.events) == (False, ["broker_away"])
    await broker.deafen()
