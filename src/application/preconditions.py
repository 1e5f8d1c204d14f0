"""`If-Match`: the versions that a change may start from."""

from domain.errors import PreconditionFailed

Versions = frozenset[int] | None
"""None where any version will do."""


def require_version(version: int, expected: Versions) -> None:
    """Raises `PreconditionFailed` where it is none of those expected."""
    if expected is not None and version not in expected:
        raise PreconditionFailed()
