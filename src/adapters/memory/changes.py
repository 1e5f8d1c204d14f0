from collections.abc import Collection

MOST = 20_000


class Changes:
    """When each name last changed in this process, by a count of changes. Bounded: of the names that changed longest
    ago it knows no more than the time by which all of them had, and takes that for theirs.
    """

    __slots__ = ("_forgotten", "_last", "_most", "_number")

    def __init__(self, most: int = MOST) -> None:
        self._last: dict[str, int] = {}
        self._number = self._forgotten = 0
        self._most = most

    def note(self, names: Collection[str]) -> None:
        self._number += 1
        for name in names:
            self._last.pop(name, None)
            self._last[name] = self._number
        while len(self._last) > self._most:
            self._forgotten = self._last.pop(next(iter(self._last)))

    def latest(self, names: Collection[str]) -> int:
        """The last change of any of them; two answers that are equal say that nothing has changed between."""
        last, forgotten = self._last, self._forgotten
        return max([last.get(name, forgotten) for name in names])
