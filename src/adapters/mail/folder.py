"""Mail as files, for where there is no server: one `.eml` each."""

import asyncio
import os
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from email.headerregistry import Address
from pathlib import Path

from adapters.mail.message import message
from application.ports.mail import Letter, Mailer
from domain.errors import Unavailable


class FolderMailer(Mailer):
    """A letter that is sent again takes the place of its first copy. What is half written has another name."""

    def __init__(self, folder: Path, sender: Address) -> None:
        self._folder, self._sender = folder, sender

    async def send(self, letter: Letter) -> None:
        await self._written(letter, f"{letter.id}.eml")

    async def pretend(self, letter: Letter) -> None:
        await self._written(letter, None)

    async def ping(self) -> str:
        try:
            await asyncio.to_thread(self._require_writable)
        except OSError as error:
            raise Unavailable(f"MAIL_DIR cannot be written to: {error.strerror}") from error
        return f"files in {self._folder}"

    async def _written(self, letter: Letter, name: str | None) -> None:
        content = message(letter, self._sender).as_bytes()
        try:
            await asyncio.to_thread(self._write, name, content)
        except OSError as error:
            raise Unavailable() from error

    def _write(self, name: str | None, content: bytes) -> None:
        self._folder.mkdir(parents=True, exist_ok=True)
        with self._draft() as draft:
            with draft.open("wb") as file:
                file.write(content)
                file.flush()
                os.fsync(file.fileno())
            if name is not None:
                draft.replace(self._folder / name)

    def _require_writable(self) -> None:
        self._folder.mkdir(parents=True, exist_ok=True)
        with self._draft():
            pass

    @contextmanager
    def _draft(self) -> Iterator[Path]:
        """For its owner alone, as a link is as good as a password for an hour; gone if it is still there."""
        descriptor, path = tempfile.mkstemp(dir=self._folder, prefix=".")
        os.close(descriptor)
        try:
            yield Path(path)
        finally:
            Path(path).unlink(missing_ok=True)
