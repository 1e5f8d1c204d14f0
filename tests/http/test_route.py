"""The lean route class, held to the stock one: the same endpoints are described, fed and refused alike by both.

Where the contract wants something else (strict JSON, a malformed id in a path, the order of checks) they differ on
purpose; that is tested in `test_conventions_*`.
"""

import json
from collections.abc import AsyncIterator
from typing import Any, NamedTuple

import httpx
import pytest
import pytest_asyncio
from fastapi import FastAPI
from fastapi.routing import APIRoute
from starlette.requests import Request

from domain.errors import Refusal
from entrypoints.http.dispatch import RouteIndex
from entrypoints.http.problems import problem
from entrypoints.http.route import Route
from tests.http.things import endpoints

ID = "019a1b2c-3d4e-7f50-8a6b-7c8d9e0f1a2b"
JSON = {"Content-Type": "application/json"}


class Both(NamedTuple):
    lean: httpx.AsyncClient
    stock: httpx.AsyncClient


def application(route_class: type[APIRoute]) -> FastAPI:
    app = FastAPI()
    app.router.routes.extend(endpoints(route_class).routes)
    app.state.max_body_bytes = 1000
    return app


def answering(app: FastAPI) -> Any:
    """The handlers of lean routes with no more round them than they need."""
    routes = RouteIndex(app.routes)

    async def answer(scope: Any, receive: Any, send: Any) -> None:
        found = routes.find(scope["path"])
        assert found is not None
        place, parameters = found
        request = Request({**scope, "app": app, "path_params": parameters, "sent": dict(scope["headers"])}, receive)
        try:
            response = await place.handlers[request.method](request)
        except Refusal as refusal:
            response = problem(refusal, instance="", request_id="")
        await response(scope, receive, send)

    return answer


@pytest_asyncio.fixture(loop_scope="session")
async def both() -> AsyncIterator[Both]:
    transports = [httpx.ASGITransport(each) for each in (answering(application(Route)), application(APIRoute))]
    lean, stock = [httpx.AsyncClient(transport=each, base_url="http://portico.test") for each in transports]
    async with lean, stock:
        yield Both(lean, stock)


def test_both_are_described_alike() -> None:
    lean, stock = [application(each).openapi()["paths"] for each in (Route, APIRoute)]

    assert lean == stock


@pytest.mark.parametrize(
    ("method", "path", "body"),
    [
        ("GET", f"/things/{ID}", None),
        ("GET", f"/things/{ID.upper()}?unknown=1", None),
        ("GET", "/things", None),
        ("GET", "/things?page=2&size=3&flag=true&sort_by=-name&unknown=x", None),
        ("GET", "/things?page=1&page=2&flag=true&flag=false", None),
        ("GET", f"/things?ids={ID}&ids={ID.upper()}&cursor=", None),
        ("GET", "/things?cursor=%C3%A9+%20%2B%ff&size=7", None),
        ("POST", "/things", {"name": " x "}),
        (
            "POST",
            "/things",
            {"name": "x", "number": 9, "flag": True, "inner": {"many": [1, 2], "at": "2026-01-01T00:00:00Z"}},
        ),
        ("POST", "/things", {"name": "x", "number": None, "inner": None}),
        ("PUT", f"/things/{ID}?size=5", {"name": "x"}),
        ("PATCH", f"/things/{ID}", {}),
        ("PATCH", f"/things/{ID}", {"number": None, "flag": True}),
        ("DELETE", f"/things/{ID}", None),
    ],
)
async def test_both_give_the_endpoint_the_same(both: Both, method: str, path: str, body: Any) -> None:
    lean, stock = [await each.request(method, path, json=body, headers={"X-Test": "it"}) for each in both]

    assert lean.status_code == stock.status_code < 300, stock.text
    assert lean.content == stock.content


@pytest.mark.parametrize(
    ("method", "path", "body"),
    [
        ("GET", "/things?page=0", None),
        ("GET", "/things?page=x&size=101&flag=1&sort_by=age&ids=1", None),
        ("GET", "/things?page=&size=", None),
        ("GET", "/things?page=1&cursor=", None),
        ("GET", f"/things?ids={ID}&ids=2&ids=3", None),
        ("GET", f"/things?ids={ID}&ids={ID}&ids={ID}", None),
        ("GET", "/things?size=1000000000000000000000000000000", None),
        ("POST", "/things", {}),
        ("POST", "/things", {"name": "bad"}),
        ("POST", "/things", {"name": "", "number": 0, "flag": 1}),
        ("POST", "/things", {"name": 1, "number": "1", "unknown": 1, "Name": "x"}),
        ("POST", "/things", {"name": "x", "number": True, "inner": {"many": [0, -1, "2"], "at": "now", "x": 1}}),
        ("POST", "/things", {"name": "x", "inner": {"many": [1, 2, 3, 4]}}),
        ("PUT", f"/things/{ID}?page=0&flag=x", {"name": 1, "more": 2}),
        ("PATCH", f"/things/{ID}", {"name": None, "flag": None, "number": "1"}),
    ],
)
async def test_both_refuse_the_same_at_the_same_places(both: Both, method: str, path: str, body: Any) -> None:
    lean, stock = [await each.request(method, path, json=body) for each in both]

    assert (lean.status_code, stock.status_code) == (422, 422)
    expected = [(each["loc"], each["type"], each["msg"]) for each in stock.json()["detail"]]
    assert [(each["loc"], each["type"], each["message"]) for each in lean.json()["errors"]] == expected


@pytest.mark.parametrize(
    "body", [[], "x", 1, True, None, {"name": "x", "inner": []}, {"name": "x", "inner": 1.5}], ids=repr
)
async def test_both_refuse_what_is_no_object_at_the_same_place(both: Both, body: Any) -> None:
    """By another name: the stock one would also take what has attributes, which JSON never does."""
    lean, stock = [await each.post("/things", content=json.dumps(body), headers=JSON) for each in both]

    assert (lean.status_code, stock.status_code) == (422, 422)
    assert [each["loc"] for each in lean.json()["errors"]] == [each["loc"] for each in stock.json()["detail"]]


async def test_the_lean_one_looks_at_the_body_before_the_dependencies_and_at_the_path_last(both: Both) -> None:
    large = await both.lean.put("/things/x?page=0", json={"name": "x" * 1000})
    shapeless = await both.lean.put("/things/x?page=0", json={"name": "x"})
    strange = await both.lean.put("/things/x", json={"name": "x"})

    assert [each.status_code for each in (large, shapeless, strange)] == [413, 422, 404]
