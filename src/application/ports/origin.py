"""Where a piece of work comes from: what the activity log says beside who did it."""

from abc import abstractmethod
from dataclasses import dataclass
from typing import Protocol


@dataclass(frozen=True, slots=True)
class Origin:
    """The client's address and the request's id; both None where nobody asked."""

    ip: str | None = None
    request_id: str | None = None


class Origins(Protocol):
    @abstractmethod
    def __call__(self) -> Origin:
        """Of what is being done right now."""

    @abstractmethod
    def enter(self, origin: Origin) -> None:
        """Whatever this task does from here on comes from there."""
