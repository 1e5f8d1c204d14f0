"""The route class: FastAPI says what an endpoint takes, this reads it, in the contract's order of checks.

Body bounds and type (413, 415), then dependencies (401, 403), then the shape (422), then a malformed id in the path
(404). It takes endpoints with path parameters, one query model, one JSON body and flat dependencies that take the
request; what is declared otherwise is refused when the application is made. A test holds it to the stock machinery.
"""

from collections.abc import Awaitable, Callable, Coroutine
from typing import Any, get_origin

from fastapi.routing import APIRoute
from pydantic import BaseModel, TypeAdapter, ValidationError
from starlette.requests import Request
from starlette.responses import Response

from domain.errors import NotFound
from entrypoints.http.bodies import (
    JSON,
    MERGE_PATCH,
    MULTIPART,
    fingerprint,
    parse_json,
    read_body,
    require_multipart,
)
from entrypoints.http.problems import BadShape, listed

Dependency = Callable[[Request], Awaitable[Any]]


class Route(APIRoute):
    def get_route_handler(self) -> Callable[[Request], Coroutine[Any, Any, Response]]:
        """An endpoint whose body is described by hand reads it itself."""
        declared = self.dependant
        _require_simple(self)
        own_body = (self.openapi_extra or {}).get("requestBody", {}).get("content", {})
        uploads = MULTIPART in own_body
        endpoint: Callable[..., Awaitable[Response]] = self.endpoint
        requests = declared.request_param_name
        dependencies = [(str(each.name), each.call) for each in declared.dependencies]
        path = [(param.name, param._type_adapter.validate_python) for param in declared.path_params]
        query = [(param.name, _Query(param.field_info.annotation)) for param in declared.query_params]
        body = _Body(self) if declared.body_params else None
        types = body.types if body else frozenset[str]()

        async def handle(request: Request) -> Response:
            if uploads:
                require_multipart(request, request.app.state.max_upload_body)
            raw = b"" if own_body else await read_body(request, types, request.app.state.max_body_bytes)
            given: dict[str, Any] = {requests: request} if requests else {}
            for name, dependency in dependencies:
                given[name] = await dependency(request)  # type: ignore[misc]
            errors: list[dict[str, Any]] = []
            for name, model in query:
                given[name] = model.read(request, errors)
            if body is not None:
                given[body.name] = body.read(request, raw, errors)
            if errors:
                raise BadShape(errors)
            for name, validate in path:
                try:
                    given[name] = validate(request.path_params[name])
                except ValidationError:
                    raise NotFound() from None
            return await endpoint(**given)

        return handle


class _Query:
    """A model of query parameters: lists take all values of a name, the others the last; unknown names are ignored."""

    def __init__(self, model: Any) -> None:
        self._validate = TypeAdapter(model).validate_python
        fields = model.model_fields.items()
        self._names = [(name, get_origin(field.annotation) is list) for name, field in fields]

    def read(self, request: Request, errors: list[dict[str, Any]]) -> Any:
        sent: dict[str, Any] = {}
        if request.scope["query_string"]:
            values = request.query_params
            sent = {
                name: values.getlist(name) if many else values[name] for name, many in self._names if name in values
            }
        try:
            return self._validate(sent)
        except ValidationError as error:
            errors += listed(error, "query")


class _Body:
    """A JSON body; `scope["fingerprint"]` is there for those who ask whether two are the same."""

    def __init__(self, route: APIRoute) -> None:
        (param,) = route.dependant.body_params
        self.name = param.name
        self.types = MERGE_PATCH if route.methods == {"PATCH"} else JSON
        self._validate = param._type_adapter.validate_python

    def read(self, request: Request, raw: bytes, errors: list[dict[str, Any]]) -> Any:
        value = parse_json(raw)
        request.scope["fingerprint"] = lambda: fingerprint(value)
        try:
            return self._validate(value)
        except ValidationError as error:
            errors += listed(error, "body")


def _require_simple(route: APIRoute) -> None:
    declared = route.dependant
    nested = any(each.dependencies or each.path_params or each.query_params or each.header_params or each.cookie_params
                 or each.body_params or not each.request_param_name for each in declared.dependencies)  # fmt: skip
    models = all(isinstance(p.field_info.annotation, type) and issubclass(p.field_info.annotation, BaseModel)
                 for p in declared.query_params)  # fmt: skip
    if nested or not models or declared.header_params or declared.cookie_params or len(declared.body_params) > 1:
        raise TypeError(f"{route.path} declares more than {Route.__name__} reads")
