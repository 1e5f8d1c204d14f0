"""Passwords by bcrypt, in threads of their own: one costs as much as thousands of other requests."""

import asyncio
import base64
import hashlib
import hmac
import os
import unicodedata
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from functools import cached_property
from typing import TypeVar

import bcrypt

from application.ports.security import PasswordHasher

T = TypeVar("T")

_CONTEXT = b"portico password v1"
"""Not a secret: with one, a lost or rotated secret would lock everybody out (docs/decisions/0003)."""


class BcryptHasher(PasswordHasher):
    """`rounds` is bcrypt's cost, a power of 2. It stops at 72 bytes, so it is given a digest of fixed length."""

    def __init__(self, rounds: int = 12, threads: int | None = None) -> None:
        self._rounds = rounds
        self._threads = ThreadPoolExecutor(threads or max(1, (os.cpu_count() or 2) - 1), "bcrypt")

    async def hash(self, password: str) -> str:
        return await self._run(self._hash, password)

    async def verify(self, password: str, hash: str | None) -> bool:
        right = await self._run(self._check, password, hash or self._nobody)
        return right and hash is not None

    def waiting(self) -> int:
        """How many passwords wait for a thread."""
        return self._threads._work_queue.qsize()

    def close(self) -> None:
        self._threads.shutdown(wait=False, cancel_futures=True)

    async def _run(self, job: Callable[..., T], *arguments: str) -> T:
        return await asyncio.get_running_loop().run_in_executor(self._threads, job, *arguments)

    def _hash(self, password: str) -> str:
        return bcrypt.hashpw(_digest(password), bcrypt.gensalt(self._rounds)).decode()

    def _check(self, password: str, hash: str) -> bool:
        return bcrypt.checkpw(_digest(password), hash.encode())

    @cached_property
    def _nobody(self) -> str:
        """What is compared where there is no account, in the time of one."""
        return self._hash("nobody's password")


def _digest(password: str) -> bytes:
    """The same for all normal forms of a password; without NUL, which bcrypt would stop at."""
    normal = unicodedata.normalize("NFC", password).encode()
    return base64.b64encode(hmac.digest(_CONTEXT, normal, hashlib.sha256))
