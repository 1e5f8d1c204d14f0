"""The client: bounded in connections and patience, and without retries of its own, which would hold up a request."""

from redis.asyncio import BlockingConnectionPool, Redis
from redis.asyncio.retry import Retry
from redis.backoff import NoBackoff
from redis.exceptions import RedisError

from domain.errors import Unavailable

PATIENCE_S = 0.25
CONNECTIONS = 32


def opened(url: str) -> Redis:
    """Not connected yet. Raises `ValueError` for what is no URL of Redis."""
    pool = BlockingConnectionPool.from_url(
        url,
        max_connections=CONNECTIONS,
        timeout=PATIENCE_S,
        socket_timeout=PATIENCE_S,
        socket_connect_timeout=PATIENCE_S,
        retry=Retry(NoBackoff(), 0),
    )
    return Redis.from_pool(pool)


async def pinged(redis: Redis) -> None:
    """Raises `Unavailable` where it does not answer."""
    try:
        await redis.ping()
    except (RedisError, OSError) as error:
        raise Unavailable from error
