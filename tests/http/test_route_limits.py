"""What the lean route class would not read is refused when the application is made, not when a request comes."""

from typing import Annotated, Any

import pytest
from fastapi import APIRouter, Cookie, Depends, Header
from starlette.requests import Request
from starlette.responses import Response

from entrypoints.http.route import Route
from entrypoints.http.schema import In


class Body(In):
    name: str


async def depended(request: Request) -> str:
    return request.method


async def of_header(x_one: Annotated[str, Header()] = "") -> Response:
    return Response(x_one)


async def of_cookie(one: Annotated[str, Cookie()] = "") -> Response:
    return Response(one)


async def of_plain_query(one: str = "") -> Response:
    return Response(one)


async def of_two_bodies(one: Body, two: Body) -> Response:
    return Response(f"{one}{two}")


async def of_nested(one: Annotated[None, Depends(of_header)]) -> Response:
    return Response(f"{one}")


async def outer(one: Annotated[str, Depends(depended)]) -> str:
    return one


async def of_dependency_of_dependency(one: Annotated[str, Depends(outer)]) -> Response:
    return Response(one)


async def of_nothing() -> str:
    return ""


async def of_a_dependency_that_takes_nothing(one: Annotated[str, Depends(of_nothing)]) -> Response:
    return Response(one)


@pytest.mark.parametrize(
    "endpoint",
    [
        of_header,
        of_cookie,
        of_plain_query,
        of_two_bodies,
        of_nested,
        of_dependency_of_dependency,
        of_a_dependency_that_takes_nothing,
    ],
)
def test_what_it_would_not_read_is_refused_when_the_application_is_made(endpoint: Any) -> None:
    router = APIRouter(route_class=Route)

    with pytest.raises(TypeError, match="declares more than"):
        router.add_api_route("/x", endpoint, methods=["POST"])
