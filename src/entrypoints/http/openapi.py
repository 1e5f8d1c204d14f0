"""The OpenAPI document: what FastAPI derives from the endpoints, and the contract's answers that all of them share."""

from typing import Any

from fastapi import FastAPI
from fastapi.openapi.utils import get_openapi

_PROBLEM = {
    "type": "object",
    "required": ["type", "title", "status", "detail", "instance", "code", "request_id"],
    "properties": {
        "type": {"type": "string"},
        "title": {"type": "string"},
        "status": {"type": "integer"},
        "detail": {"type": "string"},
        "instance": {"type": "string"},
        "code": {"type": "string", "description": "Stable; what programs match on"},
        "request_id": {"type": "string"},
        "errors": {
            "type": "array",
            "items": {
                "type": "object",
                "required": ["loc", "message", "type"],
                "properties": {
                    "loc": {"type": "array", "items": {"anyOf": [{"type": "string"}, {"type": "integer"}]}},
                    "message": {"type": "string"},
                    "type": {"type": "string"},
                },
            },
        },
    },
}
_MEANING = {
    400: "An OAuth2 error (RFC 6749)",
    401: "No valid credentials",
    402: "The wallet does not hold enough",
    403: "The scope, the role or the ownership is missing",
    404: "There is no such thing for you",
    409: "Not in the state that things are in",
    412: "If-Match no longer holds",
    413: "The body is too large",
    415: "The body is of another type",
    422: "Not the shape that is taken",
    503: "A part that this needs is away",
}
_OAUTH = {
    "type": "object",
    "required": ["error"],
    "properties": {"error": {"type": "string"}, "error_description": {"type": "string"}},
}
_KEY_HEADER = {
    "name": "Idempotency-Key",
    "in": "header",
    "required": False,
    "description": "The same key and body are answered the same, and done once",
    "schema": {"type": "string", "minLength": 1, "maxLength": 255},
}
KEYED = frozenset(
    ("create_item", "place_order", "pay_order", "cancel_order", "ship_order", "deliver_order", "deposit", "transfer")
)
"""The operations that take an `Idempotency-Key`."""


def describe(app: FastAPI) -> dict[str, Any]:
    """The document, made once."""
    if app.openapi_schema is None:
        document = get_openapi(
            title=app.title,
            version=app.version,
            summary="The backend of a small online business",
            routes=app.routes,
        )
        components = document["components"]
        components["schemas"]["Problem"] = _PROBLEM
        components["securitySchemes"]["ApiKey"] = {"type": "apiKey", "in": "header", "name": "X-API-Key"}
        for path, operations in document["paths"].items():
            for method, operation in operations.items():
                _complete(path, method, operation)
        app.openapi_schema = document
    return app.openapi_schema


def _complete(path: str, method: str, operation: dict[str, Any]) -> None:
    """What every operation shares by the rules rather than by its own declaration."""
    name, secured = operation["operationId"], operation.get("security", [])
    optional = any(not scopes for each in secured for scopes in each.values()) and method == "get"
    if secured:
        keys: list[Any] = [] if path.startswith("/api/v1/auth/") else [{"ApiKey": []}]
        operation["security"] = [*({} for _ in range(optional)), *secured, *keys]
    statuses = {503} if path.startswith("/api/") else set()
    statuses |= {401, 403} if secured else set()
    statuses |= {404} if "{" in path else set()
    statuses |= {413, 415, 422} if "requestBody" in operation else set()
    statuses |= {422} if "parameters" in operation else set()
    statuses |= {409} if (method in ("post", "put", "patch", "delete") and secured) or name == "register" else set()
    statuses |= {412} if method != "get" and "{" in path else set()
    answers = operation["responses"]
    answers.pop("422", None)
    for status in sorted(statuses):
        content = {"application/problem+json": {"schema": {"$ref": "#/components/schemas/Problem"}}}
        answers[str(status)] = {"description": _MEANING[status], "content": content}
    if name in ("get_token", "revoke_token"):
        answers["400"] = {"description": _MEANING[400], "content": {"application/json": {"schema": _OAUTH}}}
    if name in ("place_order", "pay_order", "transfer"):
        answers["402"] = {"description": _MEANING[402], "content": answers["409"]["content"]}
    if name in KEYED:
        operation.setdefault("parameters", []).append(_KEY_HEADER)
