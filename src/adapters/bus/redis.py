"""The bus over Redis: publish and subscribe, one channel of Redis for all of ours.

Its own process hears at once, without Redis. While Redis is away what is published waits, so much of it; whoever was
cut off is told None when it is back, and asks the store. Every worker hears every channel: a worker that does not
listen drops the message after reading its name, which costs less than subscribing and leaving as sockets come and go.
"""

import asyncio
import secrets
from collections import deque
from contextlib import suppress

from redis.asyncio import Redis
from redis.exceptions import RedisError

from adapters.bus.local import Listeners
from application.ports.bus import Bus, BusState, Heard, Subscription
from application.ports.observer import Notices

MOST_WAITING = 10_000
AT_ONCE = 200
SILENT_S = 1.0
"""A server that says nothing for so long is asked whether it is there."""

TIMEOUT_S = 2.0
PAUSES_S = (0.1, 0.2, 0.5, 1.0)
_AWAY = (RedisError, OSError, asyncio.TimeoutError)
_MISSED = b""
"""Published by a worker that could not keep all that waited: who hears it asks the store."""


class RedisBus(Bus):
    """`url` as redis-py takes it. What another worker sends comes as `<worker> <channel> <payload>`."""

    def __init__(self, url: str, notices: Notices, *, prefix: str = "portico") -> None:
        self._url, self._notices = url, notices
        self._topic = f"{prefix}:bus"
        self._worker = secrets.token_hex(8).encode()
        self._listeners = Listeners()
        self._waiting: deque[bytes] = deque()
        self._dropped: set[str] = set()
        self._news = asyncio.Event()
        self._connected = False
        self._tasks: list[asyncio.Task[None]] = []

    def publish(self, channel: str, payload: bytes) -> None:
        self._listeners.tell(channel, payload)
        if len(self._waiting) >= MOST_WAITING:
            self._dropped.add(channel)
            return
        self._waiting.append(self._packed(channel, payload))
        self._news.set()

    def subscribe(self, channel: str, heard: Heard) -> Subscription:
        return self._listeners.add(channel, heard)

    @property
    def reaches_others(self) -> bool:
        return self._connected

    async def state(self) -> BusState:
        return "ok" if self._connected else "down"

    async def start(self) -> None:
        self._tasks = [asyncio.create_task(self._hear()), asyncio.create_task(self._send())]

    async def stop(self) -> None:
        for task in self._tasks:
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)

    def _client(self) -> Redis:
        return Redis.from_url(
            self._url, socket_timeout=TIMEOUT_S, socket_connect_timeout=TIMEOUT_S, retry_on_timeout=False, retry=None
        )

    async def _hear(self) -> None:
        failures = 0
        while True:
            client = self._client()
            try:
                async with client.pubsub() as pubsub:
                    await pubsub.subscribe(self._topic)
                    failures = 0
                    await self._listen(pubsub)
            except _AWAY as error:
                if self._connected or failures == 0:
                    self._notices.said("bus_away", error=type(error).__name__)
                self._connected = False
                await asyncio.sleep(PAUSES_S[min(failures, len(PAUSES_S) - 1)])
                failures += 1
            finally:
                with suppress(*_AWAY):
                    await client.aclose()

    async def _listen(self, pubsub: object) -> None:
        """Until the connection fails, which it raises."""
        unanswered = False
        while True:
            message = await pubsub.get_message(ignore_subscribe_messages=False, timeout=SILENT_S)  # type: ignore[attr-defined]
            if message is None:
                if unanswered:
                    raise TimeoutError
                unanswered = True
                await pubsub.ping()  # type: ignore[attr-defined]
                continue
            unanswered = False
            if message["type"] == "subscribe":
                self._connected = True
                self._listeners.tell_all()
            elif message["type"] == "message":
                self._take(message["data"])

    def _take(self, data: bytes) -> None:
        worker, _, rest = data.partition(b" ")
        if worker != self._worker:
            channel, _, payload = rest.partition(b" ")
            self._listeners.tell(channel.decode(), payload or None)

    async def _send(self) -> None:
        failures = 0
        client = self._client()
        try:
            while True:
                await self._news.wait()
                batch = list(self._waiting)[:AT_ONCE]
                try:
                    pipeline = client.pipeline(transaction=False)
                    for packed in batch:
                        pipeline.publish(self._topic, packed)
                    await pipeline.execute()
                    failures = 0
                except _AWAY:
                    await asyncio.sleep(PAUSES_S[min(failures, len(PAUSES_S) - 1)])
                    failures += 1
                    continue  # sent again, perhaps twice: listeners go by what the store counts
                self._sent(len(batch))
        finally:
            with suppress(*_AWAY):
                await client.aclose()

    def _sent(self, count: int) -> None:
        for _ in range(count):
            self._waiting.popleft()
        if len(self._waiting) < MOST_WAITING // 2:
            for channel in self._dropped:
                self._waiting.append(self._packed(channel, _MISSED))
            self._dropped.clear()
        if not self._waiting:
            self._news.clear()

    def _packed(self, channel: str, payload: bytes) -> bytes:
        return b"%b %b %b" % (self._worker, channel.encode(), payload)
