"""What goes wrong between here and PostgreSQL, and what it means."""

import asyncpg

from adapters.persistence.session import Duplicate
from domain.errors import Conflict, Unavailable

_MET_ANOTHER = (
    asyncpg.SerializationError,
    asyncpg.DeadlockDetectedError,
    asyncpg.LockNotAvailableError,
    asyncpg.DivisionByZeroError,
)
OUT_OF_STEP = (asyncpg.InternalClientError, TimeoutError)
"""After these nobody knows what a connection is in the middle of: a server that stops says so before it hangs up, and
one that is silent may say anything later. The driver would wait for it; the connection is given up."""
_AWAY = (
    asyncpg.PostgresConnectionError,
    asyncpg.CannotConnectNowError,
    asyncpg.OperatorInterventionError,
    asyncpg.InsufficientResourcesError,
    asyncpg.InterfaceError,
    asyncpg.ReadOnlySQLTransactionError,
    *OUT_OF_STEP,
    OSError,
)

ERRORS = (asyncpg.UniqueViolationError, *_MET_ANOTHER, *_AWAY)


def translated(error: Exception) -> Exception:
    """The driver's errors in our words."""
    if isinstance(error, asyncpg.UniqueViolationError):
        return Duplicate()
    return Conflict() if isinstance(error, _MET_ANOTHER) else Unavailable()
