"""Refusals as problem details (RFC 9457). Nothing of the inside is shown: no trace, statement, driver text or path."""

from http import HTTPStatus
from typing import Any

import orjson
from pydantic import ValidationError
from starlette.responses import Response

from domain.errors import (
    AlreadyExists,
    Conflict,
    Forbidden,
    InsufficientScope,
    Invalid,
    NotFound,
    PreconditionFailed,
    Refusal,
    Rejected,
    TooMany,
    Unauthenticated,
    Unavailable,
)
from domain.files import FileTooLarge, UnsupportedType
from domain.wallets import InsufficientFunds

MEDIA_TYPE = "application/problem+json"
RETRY_AFTER_S = 2
MOST_LISTED = 100

_STATUS: dict[type[Refusal], int] = {
    InsufficientFunds: 402,
    FileTooLarge: 413,
    UnsupportedType: 415,
    Invalid: 422,
    Unauthenticated: 401,
    Forbidden: 403,
    NotFound: 404,
    AlreadyExists: 409,
    Conflict: 409,
    Rejected: 409,
    PreconditionFailed: 412,
    TooMany: 429,
    Unavailable: 503,
}


class HttpRefusal(Refusal):
    """A refusal that only HTTP knows."""

    status = 422

    def __init__(self, detail: str | None = None, *, headers: dict[str, str] | None = None, **members: Any) -> None:
        super().__init__(detail, **members)
        self.headers = headers or {}


class InvalidJson(HttpRefusal):
    code = "invalid_json"
    detail = "The body is not JSON that can be kept."


class InvalidCursor(HttpRefusal):
    code = "invalid_cursor"
    detail = "The cursor is not one that this list gave to you for these filters."


class InvalidIdempotencyKey(HttpRefusal):
    code = "invalid_idempotency_key"
    detail = "An Idempotency-Key has 1-255 visible ASCII characters."


class IdempotencyKeyReused(HttpRefusal):
    code = "idempotency_key_reused"
    detail = "This Idempotency-Key was used with another body."


class IdempotencyInFlight(HttpRefusal):
    status, code = 409, "idempotency_in_flight"
    detail = "The first request with this Idempotency-Key is still being worked on."


class MethodNotAllowed(HttpRefusal):
    status, code = 405, "method_not_allowed"
    detail = "This path does not take this method."


class BodyTooLarge(HttpRefusal):
    status, code = 413, "body_too_large"
    detail = "The body is larger than is taken here."


class UnsupportedMediaType(HttpRefusal):
    status, code = 415, "unsupported_media_type"
    detail = "The body is not of a type that is taken here."


class BadShape(HttpRefusal):
    """What was sent does not fit the schema; `errors` says where."""

    code = "validation_failed"
    detail = "What was sent does not have the shape that is taken here."

    def __init__(self, errors: list[dict[str, Any]]) -> None:
        super().__init__(errors=errors)


def listed(error: ValidationError, *where: str) -> list[dict[str, Any]]:
    """pydantic's errors in the contract's form, below `where`; one for all where they are too many to be of use."""
    if error.error_count() > MOST_LISTED:
        return [{"loc": [*where], "message": f"has {error.error_count()} faults", "type": "too_many_faults"}]
    return [
        {"loc": [*where, *each["loc"]], "message": each["msg"], "type": each["type"]}
        for each in error.errors(include_url=False, include_context=False, include_input=False)
    ]


def status_of(refusal: Refusal) -> int:
    if isinstance(refusal, HttpRefusal):
        return refusal.status
    return next(_STATUS[kind] for kind in type(refusal).__mro__ if kind in _STATUS)


def problem(refusal: Refusal, *, instance: str, request_id: str) -> Response:
    status = status_of(refusal)
    members = dict(refusal.members)
    if isinstance(refusal, Invalid) and refusal.field is not None:
        members["errors"] = [{"loc": ["body", refusal.field], "message": str(refusal), "type": "value_error"}]
    elif isinstance(refusal, Invalid) and refusal.code == Invalid.code:
        members.setdefault("errors", [])
    return _response(status, refusal.code, str(refusal), instance, request_id, members, _headers(refusal))


def internal_error(*, instance: str, request_id: str) -> Response:
    detail = "Something went wrong in here. It was written down under this request id."
    return _response(500, "internal_error", detail, instance, request_id, {}, {})


def _headers(refusal: Refusal) -> dict[str, str]:
    if isinstance(refusal, HttpRefusal):
        return refusal.headers
    if isinstance(refusal, InsufficientScope):
        return {"WWW-Authenticate": f'Bearer error="insufficient_scope", scope="{" ".join(refusal.scopes)}"'}
    if isinstance(refusal, Unauthenticated):
        return {"WWW-Authenticate": "Bearer"}
    if isinstance(refusal, TooMany):
        return {"Retry-After": str(refusal.retry_after_s)}
    if isinstance(refusal, Unavailable):
        return {"Retry-After": str(RETRY_AFTER_S)}
    return {}


def _response(
    status: int,
    code: str,
    detail: str,
    instance: str,
    request_id: str,
    members: dict[str, Any],
    headers: dict[str, str],
) -> Response:
    body = {
        "type": f"urn:portico:problem:{code}",
        "title": HTTPStatus(status).phrase,
        "status": status,
        "detail": detail,
        "instance": instance,
        "code": code,
        "request_id": request_id,
        **members,
    }
    return Response(orjson.dumps(body), status, headers, MEDIA_TYPE)
