"""One range of bytes (RFC 9110, 14): which it is, or that it begins behind the end."""

import re

from starlette.requests import Request

from entrypoints.http.problems import HttpRefusal

_RANGE = re.compile(r"bytes=\s*(\d*)-(\d*)\s*", re.IGNORECASE | re.ASCII)
_DIGITS = 18


class RangeNotSatisfiable(HttpRefusal):
    status, code = 416, "range_not_satisfiable"
    detail = "The range begins behind the end."


def range_of(request: Request, size: int, etag: str) -> tuple[int, int] | None:
    """The first byte and how many; None for the whole. Raises `RangeNotSatisfiable`.

    Several ranges, one that cannot be read, and one whose `If-Range` is not this `etag` mean the whole.
    """
    sent = request.headers.getlist("range")
    if request.method != "GET" or len(sent) != 1 or not size:
        return None
    if request.headers.get("if-range", etag) != etag:
        return None
    found = _RANGE.fullmatch(sent[0])
    if found is None or found[0].count("-") != 1 or not (found[1] or found[2]):
        return None
    first, last = (_number(digits) for digits in found.groups())
    if first is None:
        wanted = min(last or 0, size)
        if not wanted:
            raise _beyond(size)
        return size - wanted, wanted
    if last is not None and last < first:
        return None
    if first >= size:
        raise _beyond(size)
    last = size - 1 if last is None else min(last, size - 1)
    return first, last - first + 1


def _number(digits: str) -> int | None:
    """More digits than any size has are as good as that many nines."""
    if not digits:
        return None
    digits = digits.lstrip("0") or "0"
    return int(digits) if len(digits) <= _DIGITS else 10**_DIGITS


def _beyond(size: int) -> RangeNotSatisfiable:
    return RangeNotSatisfiable(headers={"Content-Range": f"bytes */{size}"})
