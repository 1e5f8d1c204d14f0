"""The way of a fact after its commit: into the feed, to those who listen, and into the activity log."""

from application.events.activity import ListActivity, Record
from application.events.courier import Courier
from application.events.feed import Feed, InvalidEventId, Start
from application.events.listeners import BELIEVED, TakeSeat
from application.events.relay import Hook, Relay

__all__ = [
    "BELIEVED",
    "Courier",
    "Feed",
    "Hook",
    "InvalidEventId",
    "ListActivity",
    "Record",
    "Relay",
    "Start",
    "TakeSeat",
]
