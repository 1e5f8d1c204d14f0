"""All changes of a unit as one PostgreSQL statement, or as few: one round trip each, and one is atomic by itself.

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


def together(changes: Sequence[Change]) -> list[list[Any]] | None:
    """The statements, each with its arguments; None where the changes have to be done one after the other."""
    if len(changes) > 1 and any(change.ordered for change in changes):
        return None
    return [_as_one(changes[start : start + MOST]) for start in range(0, len(changes), MOST)]


def _as_one(changes: Sequence[Change]) -> list[Any]:
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
