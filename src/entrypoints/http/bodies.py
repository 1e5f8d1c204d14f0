"""Bodies: bounded while they are read, of the type that the endpoint takes, and JSON that every store can keep."""

import hashlib
import json
from decimal import Decimal
from typing import Any

import orjson
from starlette.requests import ClientDisconnect, Request

from entrypoints.http.problems import BodyTooLarge, InvalidJson, UnsupportedMediaType

JSON = frozenset({"application/json"})
MERGE_PATCH = frozenset({"application/json", "application/merge-patch+json"})
FORM = frozenset({"application/x-www-form-urlencoded"})
MULTIPART = "multipart/form-data"


async def read_body(request: Request, types: frozenset[str], limit: int) -> bytes:
    """The body, of one of `types`; without any, the call takes none. Raises `BodyTooLarge`, `UnsupportedMediaType`."""
    sent = request.scope["sent"]
    length = sent.get(b"content-length")
    if length is None and b"transfer-encoding" not in sent:
        body = b""
    else:
        if length is not None and int(length) > limit:
            raise BodyTooLarge(limit=limit)
        body = await _bounded(request, limit) if length != b"0" else b""
    if not types:
        if body:
            raise UnsupportedMediaType("This call takes no body.")
        return body
    _require_type(request.headers.get("content-type"), request.headers.get("content-encoding"), types)
    return body


def require_multipart(request: Request, limit: int) -> None:
    """What can be told before a byte of the body is read. Raises `BodyTooLarge`, `UnsupportedMediaType`."""
    length = request.headers.get("content-length")
    if length is not None and int(length) > limit:
        raise BodyTooLarge(limit=limit)
    essence = request.headers.get("content-type", "").partition(";")[0].strip().lower()
    if essence != MULTIPART or "content-encoding" in request.headers:
        raise UnsupportedMediaType(f"The body has to be {MULTIPART}.")


def _require_type(content_type: str | None, encoding: str | None, types: frozenset[str]) -> None:
    essence, *parameters = (content_type or "").lower().split(";")
    named = [parameter.partition("=") for parameter in parameters]
    charsets = {value.strip().strip('"') for name, _, value in named if name.strip() == "charset"}
    if essence.strip() not in types or encoding is not None or not charsets <= {"utf-8", "utf8"}:
        raise UnsupportedMediaType(f"The body has to be {' or '.join(sorted(types))} in UTF-8.")


async def _bounded(request: Request, limit: int) -> bytes:
    parts, size = [], 0
    try:
        async for part in request.stream():
            size += len(part)
            if size > limit:
                raise BodyTooLarge(limit=limit)
            parts.append(part)
    except ClientDisconnect as gone:
        raise InvalidJson("The body was cut short.") from gone
    return b"".join(parts)


def parse_json(body: bytes) -> Any:
    """Strict JSON: UTF-8 without a mark, no NaN, infinity, lone surrogate or doubled member; numbers stay exact.

    orjson refuses all of that but doubled members and exactness, which the standard library is asked for.
    """
    try:
        orjson.loads(body)
        return json.loads(body, parse_float=Decimal, object_pairs_hook=_members)
    except (ValueError, ArithmeticError, RecursionError) as error:
        raise InvalidJson() from error


def fingerprint(value: Any) -> str:
    """The same for the same JSON value, however it is written."""
    canonical = json.dumps(value, sort_keys=True, ensure_ascii=True, separators=(",", ":"), default=_number)
    return hashlib.sha256(canonical.encode()).hexdigest()


def _members(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    members = dict(pairs)
    if len(members) != len(pairs):
        raise ValueError("a member is there twice")
    return members


def _number(value: Any) -> Any:
    """`1.0`, `1.00` and `1e0` are one number, and so is `1`."""
    if isinstance(value, Decimal):
        normal = value.normalize()
        return int(normal) if normal == normal.to_integral_value() and normal.adjusted() < 20 else str(normal)
    raise TypeError
