"""The outbox: facts, kept in the commit that made them true."""

from adapters.persistence.mapping import Collection
from domain.events import Event

EVENTS = Collection("events", Event)
