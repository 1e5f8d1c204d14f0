"""An event as somebody may have it, in the one form of the feed and of webhooks."""

from abc import abstractmethod
from typing import Protocol

from domain.access import Actor
from domain.events import Event


class Showing(Protocol):
    @abstractmethod
    async def __call__(self, event: Event, actor: Actor) -> bytes | None:
        """`{"id", "type", "occurred_at", "actor_id", "data"}` as JSON in one line; None where it is not for them.

        `data` is the resource as they may read it now, or `{"id"}` where it is gone or was withdrawn from them.
        """
