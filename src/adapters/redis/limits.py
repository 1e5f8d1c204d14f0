"""Counts that several processes share, in Redis: one script, one round trip, Redis's own clock."""

import time
from collections.abc import Awaitable, Callable
from typing import Any, cast

from redis.asyncio import Redis

from adapters.memory.limits import MemoryLimits
from adapters.redis.asking import Asking
from application.ports.limits import Limits, Policy, Verdict, Window, judged

PREFIX = "portico:limits:"

_TAKE = """
local told = redis.call('TIME')
local now = told[1] * 1000 + math.floor(told[2] / 1000)
local kept = redis.call('HMGET', KEYS[1], 'began', 'current', 'previous', 'last', 'before')
local window, quota = tonumber(ARGV[1]), tonumber(ARGV[2])
local began, current, previous = tonumber(kept[1]) or now, tonumber(kept[2]) or 0, tonumber(kept[3]) or 0
local last, before = tonumber(kept[4]) or 0, tonumber(kept[5]) or 0
local elapsed = math.max(0, now - began)
if elapsed >= 2 * window then
    began, current, previous, elapsed, last, before = now, 0, 0, 0, 0, 0
elseif elapsed >= window then
    began, current, previous, elapsed, last, before = began + window, 0, current, elapsed - window, 0, last
end
local left = elapsed < before and 1 - elapsed / before or 0
if current + 1 + previous * left <= quota then
    redis.call('HSET', KEYS[1], 'began', began, 'current', current + 1, 'previous', previous)
    redis.call('HSET', KEYS[1], 'last', elapsed, 'before', before)
    redis.call('PEXPIRE', KEYS[1], 2 * window)
end
return {elapsed, current, last, previous, before}
"""


class RedisLimits(Limits):
    """Where Redis is away, `local` counts. `said` hears of it, once each time that it begins."""

    def __init__(
        self,
        redis: Redis,
        local: MemoryLimits,
        said: Callable[[str], None],
        monotonic: Callable[[], float] = time.monotonic,
    ) -> None:
        self._local = local
        self._script: Any = redis.register_script(_TAKE)
        self._redis = redis
        self._asked = Asking(said, monotonic)

    async def take(self, policy: Policy, who: str) -> Verdict:
        arguments = [policy.window_s * 1000, policy.quota]
        found = await self._asked(lambda: self._script(keys=[_key(policy, who)], args=arguments))
        if found is None:
            return self._local.taken(policy, who)
        elapsed, current, last, previous, before = found
        return judged(policy, elapsed / 1000, Window(current, last / 1000), Window(previous, before / 1000))

    async def forget(self, policy: Policy, who: str) -> None:
        await self._local.forget(policy, who)
        await self._asked(lambda: cast(Awaitable[Any], self._redis.delete(_key(policy, who))))


def _key(policy: Policy, who: str) -> str:
    return f"{PREFIX}{policy.name}:{who}"
