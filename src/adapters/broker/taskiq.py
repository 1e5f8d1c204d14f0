"""Tasks by taskiq over Redis Streams: two of them, one for what was just committed, one for what is handed again.

A message is acknowledged once its task is over or not to be run here, and both streams are cut to so many messages:
what Redis forgets is found in the store. So everything here may be lost, and a flushed Redis is set up anew.
"""

import asyncio
import secrets
from collections.abc import AsyncGenerator, Awaitable, Callable, Sequence
from contextlib import suppress
from typing import Any

from redis.asyncio import Redis
from redis.asyncio.retry import Retry
from redis.backoff import NoBackoff
from redis.exceptions import RedisError, ResponseError
from taskiq import AckableMessage, AcknowledgeType, BrokerMessage, SendTaskError
from taskiq.kicker import AsyncKicker
from taskiq.receiver import Receiver
from taskiq_redis import RedisStreamBroker

from adapters.redis.client import opened, pinged
from application.ports.broker import Broker, Received
from application.ports.observer import Notices
from domain.errors import Unavailable

TASK, GROUP = "portico.run", "portico"
KEPT = 20_000
"""Messages of a stream, acknowledged ones included: a few megabytes."""

FETCHED = 8
"""Messages in one round trip. Those that wait behind a long task are handed again, to a process with a hand free."""

FEW, MANY = 100, 1_000
"""Handed again at a time: while others wait, which may be the same ones; and where none does."""

BLOCK_MS, TIMEOUT_S, CONNECTIONS = 1_000, 3.0, 32
ENDS_WITHIN_S = 11.0
DEAD_MS = 24 * 3600 * 1000
PAUSES_S = (0.1, 0.2, 0.5, 1.0)
_AWAY = (RedisError, OSError, asyncio.TimeoutError)


class _Stream(RedisStreamBroker):
    """With one client in place of one for each command, which costs a third of what a task does.

    It does not ask for what others had fetched when they died, as their leases say when that is due, and it ends by
    itself: a cancellation alone may be swallowed on its way through the client.
    """

    def __init__(self, url: str, **how: Any) -> None:
        super().__init__(url, **how)
        self.redis = Redis(connection_pool=self.connection_pool)
        self.ends = False

    async def kick(self, message: BrokerMessage) -> None:
        stream = message.labels.get("queue_name") or self.queue_name
        await self.redis.xadd(stream, {b"data": message.message}, maxlen=self.maxlen, approximate=self.approximate)

    async def listen(self) -> AsyncGenerator[AckableMessage, None]:
        streams: dict[Any, Any] = {self.queue_name: ">", **self.additional_streams}
        while not self.ends:
            fetched: Any = await self.redis.xreadgroup(
                self.consumer_group_name, self.consumer_name, streams, count=self.count, block=self.block
            )
            for stream, messages in fetched or ():
                for id, message in messages:
                    yield AckableMessage(data=message[b"data"], ack=self._acknowledging(stream, id))

    def _acknowledging(self, stream: bytes, id: bytes) -> Callable[[], Awaitable[None]]:
        async def acknowledge() -> None:
            with suppress(*_AWAY):  # one that Redis does not hear is no failure: the row is over
                await self.redis.xack(stream, self.consumer_group_name, id)

        return acknowledge


class TaskiqBroker(Broker):
    """One for each event loop, not connected yet. Raises `ValueError` for what is no URL of Redis."""

    def __init__(self, url: str, notices: Notices, *, prefix: str = "portico") -> None:
        self._notices = notices
        self._first, self._again = f"{prefix}:tasks", f"{prefix}:tasks:again"
        self._consumer = secrets.token_hex(8)
        self._redis = opened(url)
        self._stream = _Stream(
            url,
            queue_name=self._first,
            additional_streams={self._again: ">"},
            consumer_group_name=GROUP,
            consumer_name=self._consumer,
            consumer_id="0",  # what came before anybody received is received too
            xread_block=BLOCK_MS,
            xread_count=FETCHED,
            maxlen=KEPT,
            max_connection_pool_size=CONNECTIONS,
            socket_timeout=TIMEOUT_S,
            socket_connect_timeout=TIMEOUT_S,
            retry=Retry(NoBackoff(), 0),
        )
        self._is_here = False
        self._finish = asyncio.Event()
        self._listening: asyncio.Task[None] | None = None

    @property
    def is_here(self) -> bool:
        return self._is_here

    async def hand(self, ids: Sequence[str]) -> None:
        await self._sent(self._first, ids)

    async def hand_again(self, ids: Sequence[str]) -> None:
        await self._sent(self._again, ids)

    async def _sent(self, stream: str, ids: Sequence[str]) -> None:
        for start in range(0, len(ids), CONNECTIONS):
            some = ids[start : start + CONNECTIONS]
            found = await asyncio.gather(*(self._kick(stream, id) for id in some), return_exceptions=True)
            for error in found:
                if isinstance(error, SendTaskError):
                    raise Unavailable from error
                if isinstance(error, BaseException):
                    raise error

    async def _kick(self, stream: str, id: str) -> None:
        kicker: AsyncKicker[Any, None] = AsyncKicker(TASK, self._stream, {"queue_name": stream})
        await kicker.with_task_id(id).kiq(id)

    async def room(self) -> int:
        try:
            if await self._waits(self._again):
                return 0
            return FEW if await self._waits(self._first) else MANY
        except _AWAY as error:
            raise Unavailable from error

    async def _waits(self, stream: str) -> bool:
        """Whether it has what no process has fetched."""
        try:
            groups: list[dict[str, Any]] = await self._redis.xinfo_groups(stream)
        except ResponseError:  # there is no such stream
            return False
        fetched = next((each["last-delivered-id"] for each in groups if each["name"] == GROUP.encode()), b"0-0")
        return bool(await self._redis.xrange(stream, min=b"(" + fetched, count=1))

    async def receive(self, received: Received, at_once: int) -> None:
        async def run(id: str) -> None:
            await received(id)

        self._stream.register_task(run, task_name=TASK)
        receiver = Receiver(
            self._stream,
            max_async_tasks=at_once,
            run_startup=False,
            ack_type=AcknowledgeType.WHEN_EXECUTED,
            wait_tasks_timeout=ENDS_WITHIN_S,
        )
        self._listening = asyncio.create_task(self._listen(receiver))

    async def _listen(self, receiver: Receiver) -> None:
        failures = 0
        while not self._finish.is_set():
            try:
                await self._stream.startup()
                await self._forget_the_dead()
                self._is_here, failures = True, 0
                await receiver.listen(self._finish)
            except Exception as error:  # noqa: BLE001 - whatever taskiq makes of it, it is tried again
                if failures == 0:
                    self._notices.said("broker_away", error=_cause(error))
                self._is_here = False
                await asyncio.sleep(PAUSES_S[min(failures, len(PAUSES_S) - 1)])
                failures += 1

    async def _forget_the_dead(self) -> None:
        """Who lives asks every second; what the others had fetched is in the store."""
        for stream in (self._first, self._again):
            for each in await self._stream.redis.xinfo_consumers(stream, GROUP):
                if each["idle"] > DEAD_MS:
                    await self._stream.redis.xgroup_delconsumer(stream, GROUP, each["name"])

    async def deafen(self) -> None:
        self._stream.ends = True
        self._finish.set()
        if self._listening is not None:
            await asyncio.wait([self._listening], timeout=ENDS_WITHIN_S)
            self._listening.cancel()
            await asyncio.gather(self._listening, return_exceptions=True)
        self._is_here = False

    async def ping(self) -> None:
        await pinged(self._redis)

    async def close(self) -> None:
        if self._listening is not None:
            with suppress(*_AWAY):
                for stream in (self._first, self._again):
                    await self._redis.xgroup_delconsumer(stream, GROUP, self._consumer)
        with suppress(*_AWAY):
            await self._stream.shutdown()
        with suppress(*_AWAY):
            await self._redis.aclose()


def _cause(error: BaseException) -> str:
    """The name of the first error in a group of them."""
    while isinstance(error, BaseExceptionGroup):
        error = error.exceptions[0]
    return type(error).__name__
