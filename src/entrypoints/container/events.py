"""The feed, the activity log, and who hears of what was told."""

from datetime import timedelta

from dependency_injector import containers, providers

from application import events
from application.rooms import Report
from application.stats import ReadStats
from entrypoints.container.ports import Ports, use_case
from entrypoints.http.kinds import kinds
from entrypoints.http.seats import Streams
from entrypoints.http.showing import SchemaShowing
from entrypoints.settings import Settings


def _followed_for(settings: Settings) -> timedelta:
    return timedelta(hours=settings.event_keep_hours)


class Events(containers.DeclarativeContainer):
    hooks = providers.List()
    """What is done with each event once, in the commit that gives it its place in the feed."""

    relay = use_case(events.Relay, Ports.units, hooks)
    feed = providers.Singleton(
        events.Feed, Ports.units, Ports.clock, relay, providers.Callable(_followed_for, Ports.settings)
    )
    courier = providers.Singleton(events.Courier, relay, feed, hooks, Ports.wake, Ports.bus, Ports.ids)
    showing = providers.Singleton(
        SchemaShowing, Ports.units, providers.Callable(kinds, Ports.settings.provided.currency)
    )
    streams = providers.Singleton(
        Streams,
        take=use_case(events.TakeSeat, Ports.units, Ports.clock),
        report=use_case(Report, Ports.units, Ports.clock, believed=events.BELIEVED),
        new_id=Ports.ids,
        alone=Ports.alone,
    )
    list_activity = use_case(events.ListActivity, Ports.units)
    read_stats = use_case(ReadStats, Ports.units, Ports.clock)
