"""All changes of a unit as one PostgreSQL statement: one round trip, and atomic without a transaction of its own.

Each change becomes a common table expression. One that is guarded and hits nothing makes the statement divide by zero,
so that everything is taken back; the adapter reads that as a conflict.
"""

import re
from collections.abc import Sequence
from functools import lru_cache
from typing import Any

from adapters.sql.session import Change

MOST = 24
"""Past so many changes the statement would be planned longer than the round trips take that it saves."""

_PARAMETER = re.compile(r"\$(\d+)")


def as_one(changes: Sequence[Change]) -> list[Any] | None:
    """The statement and its arguments; None where the changes have to be done one after the other."""
    if len(changes) > MOST or (len(changes) > 1 and any(change.ordered for change in changes)):
        return None
    text = _combined(tuple((change.text, len(change.arguments), change.guarded) for change in changes))
    return [text, *(argument for change in changes for argument in change.arguments)]


@lru_cache(maxsize=1024)
def _combined(parts: tuple[tuple[str, int, bool], ...]) -> str:
    expressions, guards, offset = [], [], 0
    for number, (text, size, guarded) in enumerate(parts):
        renumbered = _PARAMETER.sub(lambda found, by=offset: f"${int(found[1]) + by}", text)  # type: ignore[misc]
        expressions.append(f"c{number} AS ({renumbered} RETURNING 1)")
        if guarded:
            guards.append(f"1 / (SELECT count(*) FROM c{number})")  # noqa: S608 - a name of ours
        offset += size
    return f"WITH {', '.join(expressions)} SELECT {', '.join(guards) or '1'}"
