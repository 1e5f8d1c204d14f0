"""Blobs in this process's memory, for trying things out: they end with it."""

from collections.abc import AsyncIterator
from datetime import UTC, datetime

from application.ports.blobs import Blobs, Draft, Reading
from domain.errors import NotFound

PART = 256 * 1024


class MemoryReading(Reading):
    def __init__(self, content: bytes) -> None:
        self._content = content

    async def __anext__(self) -> bytes:
        part, self._content = self._content[:PART], self._content[PART:]
        if not part:
            raise StopAsyncIteration
        return part

    async def aclose(self) -> None:
        self._content = b""


class MemoryBlobs(Blobs):
    def __init__(self) -> None:
        self._kept: dict[str, tuple[datetime, bytes]] = {}

    async def start(self) -> None:
        """Nothing has to be prepared."""

    async def stop(self) -> None:
        self._kept.clear()

    async def put(self, key: str, draft: Draft) -> None:
        draft.file.seek(0)
        self._kept[key] = (datetime.now(UTC), draft.file.read())

    async def open(self, key: str, first: int = 0, length: int | None = None) -> Reading:
        content = self._of(key)
        return MemoryReading(content[first : None if length is None else first + length])

    async def size(self, key: str) -> int:
        return len(self._of(key))

    async def remove(self, key: str) -> None:
        for each in [each for each in self._kept if each == key or each.startswith(f"{key}.")]:
            del self._kept[each]

    async def older_than(self, moment: datetime) -> AsyncIterator[str]:
        for key in [key for key, (put, _) in self._kept.items() if put < moment]:
            yield key

    async def ping(self) -> None:
        """It is always there."""

    def _of(self, key: str) -> bytes:
        try:
            return self._kept[key][1]
        except KeyError:
            raise NotFound() from None
