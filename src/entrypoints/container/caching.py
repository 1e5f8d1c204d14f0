"""Where public answers are kept, if anywhere."""

import hashlib
from collections.abc import Callable
from importlib.metadata import version
from typing import Any

from adapters.memory.cache import MemoryCache
from adapters.system.log import StructuredLog
from application.caching import Caching, Counts
from application.ports.cache import Cache
from application.ports.meters import Meters
from entrypoints.http.caching import PublicReads
from entrypoints.settings import Settings


def answer_cache(settings: Settings, redis: Any, log: StructuredLog, alone: bool) -> Cache | None:
    """A store that no other process can have leaves nothing to share."""
    if not settings.cache_ttl_s:
        return None
    if redis is None or alone:
        return MemoryCache(settings.cache_ttl_s)
    from adapters.redis.cache import RedisCache

    return RedisCache(
        redis, settings.cache_ttl_s, _scope(settings), lambda error: log.said("cache_is_away", error=error)
    )


def _scope(settings: Settings) -> str:
    """Another store, another secret that signs cursors, or another version of Portico: another answer."""
    parts = (settings.database_url, settings.secret, version("portico"))
    return hashlib.sha256("\n".join(parts).encode()).hexdigest()[:16]


def public_reads(cache: Cache | None, meters: Callable[[], Meters]) -> PublicReads:
    return PublicReads(None if cache is None else Caching(cache, Counts.of(meters())))
