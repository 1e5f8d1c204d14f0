"""The OpenAPI document says what the server does. That no test sees a status it lacks, `client.declared_by` checks."""

import re
from collections.abc import Iterator
from typing import Any

import httpx
import pytest
import pytest_asyncio
from fastapi.routing import APIRoute

from tests.http.client import Served, problem, serving

SECTIONS = {
    "Accounts", "Catalogue", "Orders and wallet", "Journal", "To-dos", "Files", "Rooms and events", "Administration",
    "Notifications, webhooks, administration",
}  # fmt: skip
Operation = dict[str, Any]


@pytest_asyncio.fixture(loop_scope="session")
async def document(memory: httpx.AsyncClient) -> dict[str, Any]:
    response = await memory.get("/openapi.json")
    assert (response.status_code, response.headers["content-type"]) == (200, "application/json")
    shown: dict[str, Any] = response.json()
    return shown


def operations(document: dict[str, Any]) -> Iterator[tuple[str, str, Operation]]:
    for path, methods in document["paths"].items():
        for method, operation in methods.items():
            yield method, path, operation


def references(part: Any) -> Iterator[str]:
    if isinstance(part, dict):
        if isinstance(part.get("$ref"), str):
            yield part["$ref"]
        for each in part.values():
            yield from references(each)
    elif isinstance(part, list):
        for each in part:
            yield from references(each)


async def test_every_route_is_an_operation_and_every_operation_a_route(
    memory: httpx.AsyncClient, servers: Any, document: dict[str, Any]
) -> None:
    served: Served = await servers("memory")

    routes = {
        (method.lower(), route.path)
        for route in served.edge._app.routes
        if isinstance(route, APIRoute) and route.include_in_schema
        for method in route.methods
    }

    assert {(method, path) for method, path, _ in operations(document)} == routes


async def test_every_operation_has_a_name_of_its_own_in_snake_case(document: dict[str, Any]) -> None:
    names = [operation["operationId"] for _, _, operation in operations(document)]

    assert len(names) == len(set(names))
    assert [name for name in names if not re.fullmatch(r"[a-z]+(_[a-z]+)*", name)] == []


async def test_every_operation_is_in_one_section_and_says_what_it_does(document: dict[str, Any]) -> None:
    for _, _, operation in operations(document):
        assert len(operation["tags"]) == 1
        assert set(operation["tags"]) <= SECTIONS
        assert operation["summary"]


async def test_every_body_has_an_example(document: dict[str, Any]) -> None:
    schemas = document["components"]["schemas"]

    for _, _, operation in operations(document):
        for content in operation.get("requestBody", {}).get("content", {}).values():
            schema = schemas[content["schema"]["$ref"].rsplit("/", 1)[1]] if "$ref" in content["schema"] else content
            assert schema.get("example"), operation["operationId"]


async def test_every_reference_leads_somewhere_and_every_schema_is_used(document: dict[str, Any]) -> None:
    used = set(references(document))

    assert used == {f"#/components/schemas/{name}" for name in document["components"]["schemas"]}


async def test_every_path_parameter_is_declared(document: dict[str, Any]) -> None:
    for _, path, operation in operations(document):
        declared = {each["name"] for each in operation.get("parameters", []) if each["in"] == "path"}

        assert declared == set(re.findall(r"{(\w+)}", path)), path


async def test_every_secured_operation_names_its_scopes_and_ways_in(document: dict[str, Any]) -> None:
    security = {operation["operationId"]: operation.get("security") for _, _, operation in operations(document)}

    assert security["create_item"] == [{"OAuth2": ["items:write"]}, {"ApiKey": []}]
    assert security["list_items"] == [{}, {"OAuth2": []}, {"ApiKey": []}]
    assert security["get_user"] == [{"OAuth2": []}, {"ApiKey": []}]
    assert security["delete_me"] == security["change_password"] == [{"OAuth2": ["profile:write"]}]
    assert security["get_token"] is None
    known = set(document["components"]["securitySchemes"]["OAuth2"]["flows"]["password"]["scopes"])
    for ways in security.values():
        assert {scope for way in ways or [] for scope in way.get("OAuth2", [])} <= known


async def test_the_conditional_and_keyed_headers_are_declared_where_they_count(document: dict[str, Any]) -> None:
    declared = {
        operation["operationId"]: {each["name"] for each in operation.get("parameters", []) if each["in"] == "header"}
        for _, _, operation in operations(document)
    }

    assert declared["get_item"] == {"If-None-Match"}
    assert declared["patch_me"] == declared["delete_item"] == {"If-Match"}
    assert declared["create_item"] == declared["transfer"] == {"Idempotency-Key"}
    assert declared["pay_order"] == {"If-Match", "Idempotency-Key"}
    assert declared["list_items"] == declared["register"] == declared["make_api_key"] == set()


async def test_a_patch_is_declared_as_a_merge_patch_too(document: dict[str, Any]) -> None:
    for method, _, operation in operations(document):
        if method == "patch":
            assert set(operation["requestBody"]["content"]) == {"application/json", "application/merge-patch+json"}


async def test_every_refusal_is_a_problem(document: dict[str, Any]) -> None:
    for _, _, operation in operations(document):
        for status, answer in operation["responses"].items():
            if status.startswith("4") and status != "400":
                assert answer["content"] == {
                    "application/problem+json": {"schema": {"$ref": "#/components/schemas/Problem"}}
                }


@pytest.mark.parametrize("settings", [{"docs_enabled": False}, {"environment": "production", "bcrypt_rounds": 10}])
async def test_the_document_may_be_hidden(settings: dict[str, Any]) -> None:
    async with serving(**settings, secret_key="r4nd0m-and-long-enough-for-pr0duction-9x7q") as served:
        response = await served.client.get("/openapi.json")

    problem(response, 404, "not_found")
