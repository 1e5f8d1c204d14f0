"""What a person who runs it looks at and sets bounds by: limits, figures, readiness."""

from collections.abc import Callable
from typing import Any

from dependency_injector import containers, providers

from adapters.memory.limits import MemoryLimits
from adapters.persistence.session import Store
from adapters.prometheus.meters import PrometheusMeters
from adapters.security.bcrypt import BcryptHasher
from application.limits import Guesses
from application.ports.blobs import Blobs
from application.ports.bus import Bus
from application.ports.limits import Limits
from application.ports.unit_of_work import Units
from application.readiness import OFF, Part, Readiness
from entrypoints.container.accounts import Accounts
from entrypoints.container.caching import public_reads
from entrypoints.container.files import Files
from entrypoints.container.ports import Ports
from entrypoints.http.limits import Gate
from entrypoints.settings import Settings


def _limits(redis: Any, log: Any) -> Limits:
    local = MemoryLimits()
    if redis is None:
        return local
    from adapters.redis.limits import RedisLimits

    return RedisLimits(redis, local, lambda error: log.said("limits_are_local", error=error))


def _gate(settings: Settings, limits: Limits, *ports: Any) -> Gate | None:
    return Gate(limits, settings.policies, *ports) if settings.rate_limit_enabled else None


def _guesses(settings: Settings, limits: Limits) -> Guesses:
    return Guesses(limits if settings.rate_limit_enabled else None)


def _meters(store: Store, hasher: BcryptHasher) -> PrometheusMeters:
    """Figures of what others have; a feature adds its own by `container.meters().gauge(...)` when it starts."""
    meters = PrometheusMeters()
    meters.gauge("store_connections_open", "Connections to the store", lambda: store.connections()[0])
    meters.gauge("store_connections_busy", "Connections to the store that are in use", lambda: store.connections()[1])
    meters.gauge("passwords_waiting", "Passwords that wait for a thread", hasher.waiting)
    return meters


def _store(units: Callable[[], Units]) -> Part:
    return Part(True, lambda: units().ping())


def _blobs(blobs: Blobs) -> Part:
    return Part(True, blobs.ping)


def _bus(bus: Bus, settings: Settings) -> Part:
    return Part(settings.redis_required, bus.state)


def _redis_part(redis: Any, settings: Settings) -> Part:
    if redis is None:
        return OFF
    from adapters.redis.client import pinged

    return Part(settings.redis_required, lambda: pinged(redis))


class Operations(containers.DeclarativeContainer):
    limits = providers.Singleton(_limits, Ports.redis, Ports.log)
    gate = providers.Singleton(_gate, Ports.settings, limits, Ports.tokens, Ports.keys, Accounts.authenticate_key)
    guesses = providers.Singleton(_guesses, Ports.settings, limits)
    meters = providers.Singleton(_meters, Ports.store, Ports.hasher)
    public_reads = providers.Singleton(public_reads, Ports.cache, meters.provider)
    readiness = providers.Singleton(
        Readiness,
        providers.Dict(
            store=providers.Callable(_store, Ports.units.provider),
            blobs=providers.Callable(_blobs, Files.blobs),
            bus=providers.Callable(_bus, Ports.bus, Ports.settings),
            cache=providers.Callable(_redis_part, Ports.redis, Ports.settings),
        ),
    )
