"""Which adapter keeps which port."""

from datetime import timedelta
from typing import Any

from dependency_injector import containers, providers

from adapters.bus.local import LocalBus
from adapters.persistence.session import Store
from adapters.persistence.slow import watched
from adapters.persistence.unit_of_work import StoredUnits
from adapters.security.api_keys import RandomKeys
from adapters.security.bcrypt import BcryptHasher
from adapters.security.common_passwords import common_passwords
from adapters.security.jose import JoseTokens
from adapters.security.keys import SigningKey, private_key, public_keys, secret_key
from adapters.system.clock import SystemClock
from adapters.system.ids import Uuid7Ids
from adapters.system.log import StructuredLog
from adapters.system.origin import TaskOrigins
from adapters.system.wake import ProcessWake
from application.observed import observed
from application.ports.bus import Bus
from application.ports.observer import Notices, Observer
from entrypoints.container.caching import answer_cache
from entrypoints.settings import Settings
from entrypoints.stores import open_store
from entrypoints.traces import open_traces

ANSWERS_KEPT = timedelta(hours=24)


def _signing_keys(settings: Settings) -> list[SigningKey]:
    """The first one signs, the others are still accepted. Raises `BadKey`."""
    if settings.jwt_private_key is not None:
        accepted = [private_key(settings.jwt_private_key.get_secret_value())]
    else:
        accepted = [secret_key(settings.secret)]
    if settings.secret_key_old is not None:
        accepted.append(secret_key(settings.secret_key_old.get_secret_value()))
    return accepted + public_keys(settings.jwt_old_public_keys)


def _is_alone(settings: Settings) -> bool:
    """Whether no other process can have the same store."""
    return settings.database_url.startswith("memory:")


def _events_kept(settings: Settings) -> timedelta:
    """The activity log's; the feed looks back no further than `event_keep_hours`."""
    return max(timedelta(days=settings.activity_keep_days), timedelta(hours=settings.event_keep_hours))


def _bus(settings: Settings, log: Notices) -> Bus:
    if settings.redis_url is None:
        return LocalBus()
    from adapters.bus.redis import RedisBus

    return RedisBus(settings.redis_url, log)


def _redis(settings: Settings) -> Any:
    """A client, or None without REDIS_URL; nothing is connected yet."""
    if settings.redis_url is None:
        return None
    from adapters.redis.client import opened

    return opened(settings.redis_url)


def _watched(store: Store, settings: Settings, log: StructuredLog) -> Store:
    if settings.slow_query_ms == 0:
        return store
    return watched(store, settings.slow_query_ms / 1000, log.slow)


def _observer(log: StructuredLog, traces: Any) -> Observer:
    return log if traces is None else traces.observing(log)


class Ports(containers.DeclarativeContainer):
    """Everything is made once, when it is first asked for; nothing is connected before the application starts."""

    settings = providers.Dependency(instance_of=Settings)

    alone = providers.Callable(_is_alone, settings)
    clock = providers.Singleton(SystemClock)
    ids = providers.Singleton(Uuid7Ids)
    log = providers.Singleton(StructuredLog)
    traces = providers.Singleton(open_traces, settings.provided.otel_exporter_otlp_endpoint)
    observer = providers.Singleton(_observer, log, traces)
    wake = providers.Singleton(ProcessWake)
    origins = providers.Singleton(TaskOrigins)
    hasher = providers.Singleton(BcryptHasher, settings.provided.bcrypt_rounds)
    tokens = providers.Singleton(JoseTokens, providers.Callable(_signing_keys, settings), clock)
    keys = providers.Singleton(RandomKeys)
    common = providers.Callable(common_passwords)

    store = providers.Singleton(
        open_store, settings.provided.database_url, allow_standalone=settings.provided.mongo_allow_standalone
    )
    bus = providers.Singleton(_bus, settings, log)
    redis = providers.Singleton(_redis, settings)
    cache = providers.Singleton(answer_cache, settings, redis, log, alone)
    units = providers.Singleton(
        StoredUnits,
        providers.Singleton(_watched, store, settings, log),
        clock,
        ids,
        answers_kept=ANSWERS_KEPT,
        events_kept=providers.Callable(_events_kept, settings),
        wake=wake,
        origins=origins,
        cache=cache,
    )


def use_case(kind: Any, *ports: Any, **settings: Any) -> Any:
    """A use case, given its ports in the order of its fields, and observed; or one that is made elsewhere, observed."""
    made = kind if isinstance(kind, providers.Provider) else providers.Singleton(kind, *ports, **settings)
    return providers.Singleton(observed, made, Ports.observer)
