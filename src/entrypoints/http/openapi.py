"""The OpenAPI document: what FastAPI derives from the endpoints, and the contract's answers that all of them share."""

from typing import Any

from fastapi import FastAPI
from fastapi.openapi.utils import get_openapi
from fastapi.routing import APIRoute
from fastapi.security.base import SecurityBase

from entrypoints.http.conditional import if_match, if_match_beside
from entrypoints.http.idempotency import once
from entrypoints.http.limits import kind_of

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
    416: "The range begins behind the end",
    422: "Not the shape that is taken",
    429: "Too often; `Retry-After` says when again",
    503: "A part that this needs is away",
}
_OAUTH = {
    "type": "object",
    "required": ["error"],
    "properties": {"error": {"type": "string"}, "error_description": {"type": "string"}},
}


def _header(name: str, description: str, **schema: Any) -> dict[str, Any]:
    return {
        "name": name,
        "in": "header",
        "required": False,
        "description": description,
        "schema": {"type": "string", **schema},
    }


_KEY = _header(
    "Idempotency-Key", "The same key and body are answered the same, and done once", minLength=1, maxLength=255
)
_IF_MATCH = _header("If-Match", "Only where this is still its `ETag`; `*` is any")
_IF_NONE_MATCH = _header("If-None-Match", "Not again where this is still its `ETag`")
_ALSO = {
    "deposit": {404},
    "get_file_content": {416},
    "get_metrics": {401},
    "get_model": {422},
    "get_readiness": {503},
    "listen_to_events": {429},
    "notify": {404},
    "pay_order": {402},
    "place_order": {402},
    "transfer": {402, 404},
}
"""What an operation answers by its own rules."""


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
        schemas = components["schemas"]
        for unused in ("HTTPValidationError", "ValidationError"):
            schemas.pop(unused, None)
        schemas["Problem"] = _PROBLEM
        components["securitySchemes"]["ApiKey"] = {"type": "apiKey", "in": "header", "name": "X-API-Key"}
        routes = {route.operation_id: route for route in app.routes if isinstance(route, APIRoute)}
        for path, operations in document["paths"].items():
            for method, operation in operations.items():
                route = routes[operation["operationId"]]
                uses = [each.call for each in route.dependant.dependencies]
                _complete(path, method, operation, uses, schemas)
                if kind_of(route, method.upper()) is not None:
                    operation["responses"]["429"] = _problem(_MEANING[429])
        app.openapi_schema = document
    return app.openapi_schema


def _complete(path: str, method: str, operation: dict[str, Any], uses: list[Any], schemas: dict[str, Any]) -> None:
    """What an operation has by the rules rather than by its own declaration."""
    name, answers = operation["operationId"], operation["responses"]
    parameters, content = operation.setdefault("parameters", []), operation.get("requestBody", {}).get("content", {})
    access = next((use for use in uses if isinstance(use, SecurityBase)), None)
    statuses = {413, 415} | _ALSO.get(name, set()) | ({503} if path.startswith("/api/") else set())
    if any(parameter["in"] == "query" for parameter in parameters) or content.keys() & {
        "application/json",
        "multipart/form-data",
    }:
        statuses |= {422}
    if "{" in path:
        statuses |= {404}
    if access is not None:
        operation["security"] = _ways_in(access, operation["security"])
        statuses |= {401, 403} if method == "get" else {401, 403, 409}
    if if_match in uses or if_match_beside in uses:
        parameters.append(_IF_MATCH)
        statuses |= {412, 422}
    if once in uses:
        parameters.append(_KEY)
        statuses |= {409, 422}
    if method == "get" and _has_versions(answers, schemas):
        parameters.append(_IF_NONE_MATCH)
        answers["304"] = {"description": "Not modified"}
    if method == "patch" and "application/json" in content:
        content["application/merge-patch+json"] = content["application/json"]
    answers.pop("422", None)
    for status in sorted(statuses):
        answers[str(status)] = _problem(_MEANING[status])
    if "application/x-www-form-urlencoded" in content:
        answers["400"] = {"description": _MEANING[400], "content": {"application/json": {"schema": _OAUTH}}}
    if name == "get_readiness":
        answers["503"]["content"] = answers["200"]["content"]


def _ways_in(access: Any, declared: list[Any]) -> list[Any]:
    """By token, by key where keys are taken, without where anybody may."""
    return [*([{}] if access.anybody else []), *declared, *([] if access.tokens_only else [{"ApiKey": []}])]


_PASSING = ("text/plain; version=", "text/event-stream")
"""Figures and events, of which there is no version to have already."""


def _has_versions(answers: dict[str, Any], schemas: dict[str, Any]) -> bool:
    """Whether one resource is answered that can change: those have `updated_at`, and rooms and tasks."""
    content = answers["200"]["content"]
    if "application/json" not in content:
        return not any(kind.startswith(_PASSING) for kind in content)  # bytes have a tag of their own
    schema = content["application/json"]["schema"]
    names = [each["$ref"].rsplit("/", 1)[1] for each in schema.get("anyOf", [schema]) if "$ref" in each]
    return any(name in ("RoomOut", "TaskOut") or "updated_at" in schemas[name].get("properties", {}) for name in names)


def _problem(meaning: str) -> dict[str, Any]:
    content = {"application/problem+json": {"schema": {"$ref": "#/components/schemas/Problem"}}}
    return {"description": meaning, "content": content}
