"""What a disk says when it cannot."""

from collections.abc import Iterator
from contextlib import contextmanager

from domain.errors import Unavailable


@contextmanager
def unavailable() -> Iterator[None]:
    """A full disk, or one that is not there, is a part that does not answer."""
    try:
        yield
    except OSError as error:
        raise Unavailable() from error
