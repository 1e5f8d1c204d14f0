"""Methods: HEAD wherever there is GET, 405 with `Allow`, OPTIONS; on every path that there is."""

import httpx
import pytest

from tests.http.client import API, Person, Served, offer, problem

ID = "019a1b2c-3d4e-7f50-8a6b-7c8d9e0f1a2b"
METHODS = ("GET", "POST", "PUT", "PATCH", "DELETE")
OWN = ("x-request-id", "server-timing", "x-process-time")


def paths(served: Served) -> dict[str, set[str]]:
    """Each path of the document, filled in, with its methods."""
    document = served.edge.document()["paths"]
    return {path.replace("{id}", ID): {method.upper() for method in each} for path, each in document.items()}


@pytest.mark.parametrize("path", [f"{API}/items", f"{API}/tags", f"{API}/users/me", "/health", "/openapi.json"])
async def test_head_answers_what_get_would_without_its_body(
    client: httpx.AsyncClient, somebody: Person, path: str
) -> None:
    await offer(client, somebody)

    got, head = [await client.request(method, path, headers=somebody.headers) for method in ("GET", "HEAD")]

    assert (head.status_code, head.content) == (200, b"")
    assert head.headers.keys() == got.headers.keys()
    for name in got.headers.keys() - {*OWN, "content-length"}:
        assert head.headers[name] == got.headers[name]


async def test_head_says_how_long_the_body_would_be(client: httpx.AsyncClient, somebody: Person) -> None:
    item = await offer(client, somebody)

    got, head = [await client.request(method, f"{API}/items/{item['id']}") for method in ("GET", "HEAD")]

    assert head.headers["content-length"] == got.headers["content-length"] == str(len(got.content))
    assert head.headers["etag"] == got.headers["etag"]


async def test_head_is_refused_as_get_is(memory: httpx.AsyncClient) -> None:
    for path, status in ((f"{API}/users/me", 401), (f"{API}/items/{ID}", 404), (f"{API}/items?size=0", 422)):
        response = await memory.head(path)

        assert (response.status_code, response.content) == (status, b"")
        assert response.headers["content-type"] == "application/problem+json"


async def test_a_method_that_a_path_does_not_take_is_405_with_those_that_it_takes(served: Served) -> None:
    for path, taken in paths(served).items():
        allowed = taken | {"OPTIONS"} | ({"HEAD"} if "GET" in taken else set())
        for method in {*METHODS, "HEAD", "TRACE", "PROPFIND"} - allowed:
            response = await served.client.request(method, path)

            assert response.status_code == 405, (method, path)
            assert set(response.headers["allow"].split(", ")) == allowed
            if method != "HEAD":
                problem(response, 405, "method_not_allowed")


async def test_options_on_a_path_that_there_is_says_what_it_takes(served: Served) -> None:
    for path, taken in paths(served).items():
        response = await served.client.options(path)

        assert (response.status_code, response.content) == (204, b"")
        assert taken | {"OPTIONS"} <= set(response.headers["allow"].split(", "))
        assert "content-length" not in response.headers


async def test_options_needs_no_credentials_and_minds_no_bad_ones(memory: httpx.AsyncClient) -> None:
    response = await memory.options(f"{API}/users/me", headers={"Authorization": "Bearer x"})

    assert response.status_code == 204


@pytest.mark.parametrize(
    "path",
    [
        "/", "/api", "/api/v1", "/api/v1/", "/api/v2/items", f"{API}/items/", f"{API}//items", f"{API}/Items",
        "/Health", f"{API}/items/{ID}/", f"{API}/items/{ID}/x", f"{API}/items;x", f"{API}/users/me/", "/%00",
        "//", "/../etc/passwd", "/items", "/%ff", "/" + "a/" * 500,
        "/" + "a" * 5000, f"{API}/{{id}}",
    ],
)  # fmt: skip
async def test_any_other_path_is_not_found(memory: httpx.AsyncClient, path: str) -> None:
    for method in ("GET", "POST", "OPTIONS"):
        response = await memory.request(method, httpx.URL("http://portico.test").copy_with(raw_path=path.encode()))

        problem(response, 404, "not_found")
