from typing import Generic, TypeVar

K = TypeVar("K")
V = TypeVar("V")


class Bounded(Generic[K, V]):
    """A memory of at most so many things: the oldest goes first. For what is found again wherever it came from."""

    __slots__ = ("_kept", "_most", "drop", "get")

    def __init__(self, most: int) -> None:
        self._kept: dict[K, V] = {}
        self._most = most
        self.get = self._kept.get
        self.drop = self._kept.pop

    def put(self, key: K, value: V) -> None:
        if len(self._kept) >= self._most:
            del self._kept[next(iter(self._kept))]
        self._kept[key] = value
