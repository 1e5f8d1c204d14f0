from contextvars import ContextVar

from application.ports.origin import Origin, Origins

NOWHERE = Origin()

_here: ContextVar[Origin] = ContextVar("origin", default=NOWHERE)


class TaskOrigins(Origins):
    """A task's own, and of the tasks that it starts."""

    def __call__(self) -> Origin:
        return _here.get()

    def enter(self, origin: Origin) -> None:
        _here.set(origin)
