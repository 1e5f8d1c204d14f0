"""The route index: which handler a path and a method mean."""

import pytest
from fastapi import APIRouter
from fastapi.routing import APIRoute
from starlette.requests import Request
from starlette.responses import Response

from entrypoints.http.dispatch import RouteIndex
from entrypoints.http.route import Route
from tests.http.client import settings_of

PATHS = ("/a", "/a/me", "/a/{id}", "/a/{id}/b", "/a/me/{x}", "/a/me/b", "/{any}/c/d", "/a/{id}/{name}", "/")


def index(*declared: str) -> RouteIndex:
    """Routes for GET on each path; `POST /x` names another method."""
    router = APIRouter(route_class=Route)

    async def answer(request: Request) -> Response:
        return Response(request.scope["template"])

    for each in declared:
        method, _, path = each.rpartition(" ")
        router.add_api_route(path, answer, methods=[method or "GET"])
    return RouteIndex(router.routes)


@pytest.mark.parametrize("declared", [PATHS, PATHS[::-1]], ids=["in order", "reversed"])
@pytest.mark.parametrize(
    ("path", "template", "parameters"),
    [
        ("/", "/", {}),
        ("/a", "/a", {}),
        ("/a/me", "/a/me", {}),
        ("/a/1", "/a/{id}", {"id": "1"}),
        ("/a/ME", "/a/{id}", {"id": "ME"}),
        ("/a/{id}", "/a/{id}", {"id": "{id}"}),
        ("/a/1/b", "/a/{id}/b", {"id": "1"}),
        ("/a/me/b", "/a/me/b", {}),
        ("/a/me/1", "/a/me/{x}", {"x": "1"}),
        ("/a/1/2", "/a/{id}/{name}", {"id": "1", "name": "2"}),
        ("/z/c/d", "/{any}/c/d", {"any": "z"}),
    ],
)
def test_a_path_finds_its_template_fixed_segments_first(
    declared: tuple[str, ...], path: str, template: str, parameters: dict[str, str]
) -> None:
    found = index(*declared).find(path)

    assert found is not None
    assert (found[0].template, found[1]) == (template, parameters)


@pytest.mark.parametrize("path", ["", "a", "/a/", "/a//b", "//", "/b", "/a/1/b/", "/a/1/2/3", "/A", "/z/c/e"])
def test_a_path_that_is_not_there_finds_nothing(path: str) -> None:
    assert index(*PATHS).find(path) is None


def test_the_methods_of_one_path_are_one_place() -> None:
    routes = index("/a/{id}", "DELETE /a/{id}", "POST /b", "PATCH /a/{id}")

    assert routes.find("/a/1")[0].allow == "DELETE, GET, HEAD, OPTIONS, PATCH"  # type: ignore[index]
    assert routes.find("/b")[0].allow == "OPTIONS, POST"  # type: ignore[index]


def test_every_route_of_the_application_is_found_by_its_own_path() -> None:
    from entrypoints.http.app import create_app

    edge = create_app(settings_of())
    routes = [route for route in edge._app.routes if isinstance(route, APIRoute)]

    for route in routes:
        found = edge._routes.find(route.path)
        assert found is not None
        assert found[0].template == route.path
        assert set(route.methods) <= set(found[0].handlers)
    assert len(routes) > 30
