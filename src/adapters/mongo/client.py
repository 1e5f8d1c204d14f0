"""The door to the driver: how it is opened, how long it may take, and what its errors mean to us."""

import os
from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

import pymongo
from pymongo.errors import ConfigurationError, PyMongoError

from adapters.persistence.session import Duplicate
from domain.errors import Conflict, Unavailable

if TYPE_CHECKING:
    from motor.motor_asyncio import AsyncIOMotorClient, AsyncIOMotorClientSession, AsyncIOMotorDatabase

    Client = AsyncIOMotorClient[dict[str, Any]]
    Database = AsyncIOMotorDatabase[dict[str, Any]]
    DriverSession = AsyncIOMotorClientSession

PATIENCE_S = 3.5
"""How long anything may wait for the server."""

FAREWELL_S = 1.0
"""How long taking back what failed may last beyond that: of all of it a client hears within five seconds."""

THREADS = 32
"""Motor waits on threads: for a majority, or for another's transaction. Its own default is five for each core."""

_DUPLICATE_KEY = 11000


class MetAnother(Conflict):
    """The transaction as a whole was refused, and has left nothing behind: it may be done again."""


def opened(url: str) -> "Client":
    """A client, in the running loop. What is promised of its writes is said here, whatever the URL says."""
    os.environ.setdefault("MOTOR_MAX_WORKERS", str(THREADS))  # motor reads it when it is imported, and only then
    from motor.motor_asyncio import AsyncIOMotorClient

    try:
        return AsyncIOMotorClient(
            url,
            appname="portico",
            tz_aware=True,
            readPreference="primary",
            w="majority",
            journal=True,
            retryReads=True,
            retryWrites=True,
            serverSelectionTimeoutMS=3000,
            connectTimeoutMS=2000,
            timeoutMS=int(PATIENCE_S * 1000),
        )
    except ConfigurationError as error:
        raise ValueError(f"this is no MongoDB URL: {error}") from None


@contextmanager
def translated() -> Iterator[None]:
    """The driver's errors in our words."""
    try:
        yield
    except PyMongoError as error:
        raise _meaning(error) from error
    except OSError as error:
        raise Unavailable from error


@contextmanager
def patient() -> Iterator[None]:
    """All that is asked within has one deadline, which counts the wait for a thread as well."""
    with pymongo.timeout(PATIENCE_S), translated():
        yield


def _meaning(error: PyMongoError) -> Exception:
    if _DUPLICATE_KEY in _codes(error):
        return Duplicate()
    if error.has_error_label("TransientTransactionError") and not error.timeout:
        return MetAnother()
    return Unavailable()


def _codes(error: PyMongoError) -> set[int]:
    """An `OperationFailure` has a code; that of a bulk has one for each write that failed."""
    details = getattr(error, "details", None) or {}
    return {getattr(error, "code", None) or 0, *(failed["code"] for failed in details.get("writeErrors", ()))}
