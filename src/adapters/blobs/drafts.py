"""Drafts in files without a name: the system takes them back when they are closed, also from a process that dies."""

import asyncio
import hashlib
import tempfile
from pathlib import Path
from typing import Any, BinaryIO, cast

from adapters.blobs.failing import unavailable
from application.ports.blobs import Draft, Drafts

GATHERED = 256 * 1024
"""Bytes that wait in memory for one write."""


class FileDraft(Draft):
    def __init__(self, file: BinaryIO) -> None:
        self._file, self._waiting = file, bytearray()
        self.written = self.size = 0
        self.sha256 = ""

    @property
    def file(self) -> BinaryIO:
        return self._file

    async def write(self, part: bytes) -> None:
        self._waiting += part
        self.written += len(part)
        if len(self._waiting) >= GATHERED:
            with unavailable():
                await asyncio.to_thread(self._flush)

    async def settle(self) -> None:
        with unavailable():
            await asyncio.to_thread(self._measure)

    def close(self) -> None:
        self._waiting.clear()
        self._file.close()

    def _flush(self) -> None:
        self._file.write(self._waiting)
        self._waiting.clear()

    def _measure(self) -> None:
        self._flush()
        self._file.flush()
        self.size = self._file.seek(0, 2)
        self._file.seek(0)
        self.sha256 = hashlib.file_digest(cast(Any, self._file), "sha256").hexdigest()


class FileDrafts(Drafts):
    """In that folder, which is made when it is first needed; where the system keeps such files without one."""

    def __init__(self, folder: Path | None = None) -> None:
        self._folder = folder

    def new(self) -> FileDraft:
        with unavailable():
            if self._folder is not None:
                self._folder.mkdir(parents=True, exist_ok=True)
            return FileDraft(cast(BinaryIO, tempfile.TemporaryFile(dir=self._folder)))
