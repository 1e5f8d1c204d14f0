"""Blobs in a folder. What has a name there is whole: it is written under another one, flushed, and then renamed."""

import asyncio
import math
import os
import secrets
import shutil
from collections.abc import AsyncIterator
from contextlib import suppress
from datetime import datetime
from pathlib import Path
from typing import BinaryIO

from adapters.blobs.failing import unavailable
from application.ports.blobs import Blobs, Draft, Reading
from domain.errors import NotFound

PART = 256 * 1024
_HALF = "half."
"""How the names of those begin that are still being written."""


class DiskReading(Reading):
    def __init__(self, file: BinaryIO, length: int | None) -> None:
        self._file, self._left = file, length

    async def __anext__(self) -> bytes:
        wanted = PART if self._left is None else min(PART, self._left)
        with unavailable():
            part = await asyncio.to_thread(self._file.read, wanted) if wanted else b""
        if not part:
            await self.aclose()
            raise StopAsyncIteration
        if self._left is not None:
            self._left -= len(part)
        return part

    async def aclose(self) -> None:
        self._file.close()


class DiskBlobs(Blobs):
    """Names are keys, and folders the last two characters of an id, which are chance in a UUIDv7."""

    def __init__(self, root: Path) -> None:
        self._root = root

    async def start(self) -> None:
        """The folder is made when something is put into it."""

    async def stop(self) -> None:
        """Nothing is held."""

    async def put(self, key: str, draft: Draft) -> None:
        with unavailable():
            await asyncio.to_thread(self._put, self._path(key), draft.file)

    async def open(self, key: str, first: int = 0, length: int | None = None) -> Reading:
        with unavailable():
            return DiskReading(await asyncio.to_thread(self._open, self._path(key), first), length)

    async def size(self, key: str) -> int:
        with unavailable():
            return await asyncio.to_thread(self._size, self._path(key))

    async def remove(self, key: str) -> None:
        with unavailable():
            await asyncio.to_thread(self._remove, key)

    async def older_than(self, moment: datetime) -> AsyncIterator[str]:
        """Folder by folder, so that the names of one are all that is in memory."""
        with unavailable():
            folders = await asyncio.to_thread(self._folders)
        for folder in folders:
            with unavailable():
                keys = await asyncio.to_thread(_older_than, folder, moment.timestamp())
            for key in keys:
                yield key

    async def ping(self) -> None:
        with unavailable():
            await asyncio.to_thread(self._look)

    def _path(self, key: str) -> Path:
        if key.startswith(_HALF):
            return self._root / key
        return self._root / key.partition(".")[0][-2:] / key

    def _put(self, path: Path, content: BinaryIO) -> None:
        self._root.mkdir(parents=True, exist_ok=True)
        half = self._root / f"{_HALF}{secrets.token_hex(16)}"
        try:
            with half.open("xb") as file:
                content.seek(0)
                shutil.copyfileobj(content, file, PART)
                file.flush()
                os.fsync(file.fileno())
            if not path.parent.is_dir():
                path.parent.mkdir(exist_ok=True)
                _flush_folder(self._root)
            half.replace(path)
            _flush_folder(path.parent)
        except BaseException:
            with suppress(OSError):
                half.unlink(missing_ok=True)
            raise

    def _open(self, path: Path, first: int) -> BinaryIO:
        try:
            file = path.open("rb", buffering=0)
        except FileNotFoundError:
            raise NotFound() from None
        file.seek(first)
        return file

    def _size(self, path: Path) -> int:
        try:
            return path.stat().st_size
        except FileNotFoundError:
            raise NotFound() from None

    def _remove(self, key: str) -> None:
        path = self._path(key)
        for each in (path, *path.parent.glob(f"{key}.*")):
            each.unlink(missing_ok=True)

    def _folders(self) -> list[Path]:
        return [self._root, *(path for path in self._root.iterdir() if path.is_dir())] if self._root.is_dir() else []

    def _look(self) -> None:
        self._root.mkdir(parents=True, exist_ok=True)
        if not os.access(self._root, os.R_OK | os.W_OK | os.X_OK):
            raise PermissionError(f"{self._root} cannot be written")


def _older_than(folder: Path, moment: float) -> list[str]:
    with os.scandir(folder) as entries:
        return [entry.name for entry in entries if entry.is_file() and _changed_at(entry) < moment]


def _changed_at(entry: "os.DirEntry[str]") -> float:
    try:
        return entry.stat().st_mtime
    except FileNotFoundError:  # it has just been renamed or removed
        return math.inf


def _flush_folder(path: Path) -> None:
    """Makes the names in it durable."""
    folder = os.open(path, os.O_RDONLY | os.O_DIRECTORY)
    try:
        os.fsync(folder)
    finally:
        os.close(folder)
