"""Questions to the store that take long, told by what was asked: the collection and the fields, never a value."""

import time
from collections.abc import Awaitable, Callable, Sequence
from typing import Any, cast

from adapters.persistence.mapping import Collection
from adapters.persistence.query import Query
from adapters.persistence.session import Store, StoreSession, Write

Slow = Callable[[str, str, float], None]
"""Hears what was asked, of which collections, and how many seconds it took."""

ASKED = sorted(StoreSession.__abstractmethods__ - {"close"})


def watched(store: Store, at_least_s: float, slow: Slow) -> Store:
    """The store, whose sessions now tell of what took `at_least_s` or longer."""
    return cast(Store, _WatchedStore(store, at_least_s, slow))


class _WatchedStore:
    def __init__(self, store: Store, at_least_s: float, slow: Slow) -> None:
        self._store, self._at_least_s, self._slow = store, at_least_s, slow

    def __getattr__(self, name: str) -> Any:
        return getattr(self._store, name)

    def session(self) -> "_WatchedSession":
        return _WatchedSession(self._store.session(), self._at_least_s, self._slow)


class _WatchedSession:
    __slots__ = ("_session", "at_least_s", "close", "slow")

    def __init__(self, session: StoreSession, at_least_s: float, slow: Slow) -> None:
        self._session, self.at_least_s, self.slow = session, at_least_s, slow
        self.close = session.close

    def __getattr__(self, name: str) -> Any:
        return getattr(self._session, name)


def _timed(name: str) -> Callable[..., Awaitable[Any]]:
    async def asked(self: _WatchedSession, *what: Any, **more: Any) -> Any:
        began = time.perf_counter()
        answer = await getattr(self._session, name)(*what, **more)
        seconds = time.perf_counter() - began
        if seconds >= self.at_least_s:
            self.slow(_described(name, what), _collections(what), seconds)
        return answer

    return asked


for _name in ASKED:
    setattr(_WatchedSession, _name, _timed(_name))


def _described(name: str, what: Sequence[Any]) -> str:
    where = [each.where if isinstance(each, Query) else each for each in what[1:] if isinstance(each, Query | tuple)]
    fields = sorted(set().union(*(_fields(conditions) for conditions in where)))
    return f"{name} by {' '.join(fields)}" if fields else name


def _fields(conditions: Sequence[Any]) -> set[str]:
    """The names that the conditions are about, those within others included."""
    found: set[str] = set()
    for condition in conditions:
        if (name := getattr(condition, "field", None)) is not None:
            found.add(name)
        found |= _fields(getattr(condition, "conditions", ()))
    return found


def _collections(what: Sequence[Any]) -> str:
    if what and isinstance(what[0], Collection):
        return what[0].name
    writes = [each for part in what if isinstance(part, list | tuple) for each in part if isinstance(each, Write)]
    return " ".join(sorted({write.collection.name for write in writes}))
