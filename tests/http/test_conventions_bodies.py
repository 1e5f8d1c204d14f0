"""What body a call takes: its type (415), its size (413), and none where it takes none."""

from collections.abc import AsyncIterator, Mapping

import httpx
import pytest

from tests.http.client import API, Person, locations, problem, serving, sign_up, unique

ITEMS, LIMIT = f"{API}/items", 1024 * 1024
ITEM = b'{"name": "x", "price": 1}'


async def chunks(*parts: bytes) -> AsyncIterator[bytes]:
    for part in parts:
        yield part


async def post(
    client: httpx.AsyncClient, person: Person, headers: Mapping[str, str], body: bytes | AsyncIterator[bytes] = ITEM
) -> httpx.Response:
    return await client.post(ITEMS, content=body, headers={**person.headers, **headers})


@pytest.mark.parametrize(
    "type",
    [
        "application/json", "Application/JSON", "application/json; charset=utf-8", 'application/json;charset="UTF-8"',
        "application/json ; charset=utf8", "application/json;", "application/json; profile=x; charset=utf-8",
    ],
)  # fmt: skip
async def test_json_in_utf_8_is_taken(memory: httpx.AsyncClient, member: Person, type: str) -> None:
    response = await post(memory, member, {"Content-Type": type})

    assert response.status_code == 201


@pytest.mark.parametrize(
    "type",
    [
        "", "text/json", "text/plain", "application/jsonp", "application/x-www-form-urlencoded", "multipart/form-data",
        "application/merge-patch+json", "application/problem+json", "application/vnd.api+json", "*/*", "application/*",
        "json", "application/json; charset=latin-1", "application/json; charset=utf-16", "application/json; charset=",
        "application/json; profile=x; charset=latin-1", "application/json, text/plain",
    ],
)  # fmt: skip
async def test_any_other_type_is_refused(memory: httpx.AsyncClient, member: Person, type: str) -> None:
    response = await post(memory, member, {"Content-Type": type})

    problem(response, 415, "unsupported_media_type")


async def test_a_body_without_a_type_is_refused(memory: httpx.AsyncClient, member: Person) -> None:
    response = await post(memory, member, {})

    problem(response, 415, "unsupported_media_type")


@pytest.mark.parametrize("encoding", ["gzip", "deflate", "br", "identity", "x"])
async def test_a_body_with_a_content_encoding_is_refused(
    memory: httpx.AsyncClient, member: Person, encoding: str
) -> None:
    response = await post(memory, member, {"Content-Type": "application/json", "Content-Encoding": encoding})

    problem(response, 415, "unsupported_media_type")


@pytest.mark.parametrize("type", ["application/json", "application/merge-patch+json; charset=utf-8"])
async def test_a_patch_is_json_or_a_merge_patch(memory: httpx.AsyncClient, member: Person, type: str) -> None:
    headers = {**member.headers, "Content-Type": type}

    response = await memory.patch(f"{API}/users/me", content=b'{"bio": "x"}', headers=headers)

    assert response.json()["bio"] == "x"


@pytest.mark.parametrize("type", ["application/json-patch+json", "text/plain", "application/json; charset=ascii"])
async def test_a_patch_of_another_type_is_refused(memory: httpx.AsyncClient, member: Person, type: str) -> None:
    headers = {**member.headers, "Content-Type": type}

    response = await memory.patch(f"{API}/users/me", content=b"[]", headers=headers)

    problem(response, 415, "unsupported_media_type")


@pytest.mark.parametrize("path", ["/auth/token", "/auth/revoke"])
@pytest.mark.parametrize("type", ["application/json", "multipart/form-data; boundary=x", ""])
async def test_a_form_of_another_type_is_refused(memory: httpx.AsyncClient, path: str, type: str) -> None:
    response = await memory.post(f"{API}{path}", content=b"token=x", headers={"Content-Type": type})

    problem(response, 415, "unsupported_media_type")


@pytest.mark.parametrize("method", ["GET", "HEAD", "DELETE", "POST"])
async def test_bytes_where_none_are_taken_are_refused(memory: httpx.AsyncClient, member: Person, method: str) -> None:
    path = f"{API}/orders/019a1b2c-3d4e-7f50-8a6b-7c8d9e0f1a2b/pay" if method == "POST" else f"{ITEMS}/x"

    for body in (b"{}", chunks(b"{", b"}")):
        headers = {**member.headers, "Content-Type": "application/json"}
        response = await memory.request(method, path, content=body, headers=headers)

        assert response.status_code == 415


@pytest.mark.parametrize("headers", [{}, {"Content-Type": "text/plain"}, {"Content-Encoding": "gzip"}])
async def test_an_empty_body_where_none_is_taken_is_ignored(
    memory: httpx.AsyncClient, member: Person, headers: Mapping[str, str]
) -> None:
    for body in (b"", chunks(), chunks(b"")):
        response = await memory.request("GET", f"{API}/users/me", content=body, headers={**member.headers, **headers})

        assert response.status_code == 200


async def test_an_empty_json_body_is_invalid_json(memory: httpx.AsyncClient, member: Person) -> None:
    for body in (b"", chunks()):
        response = await post(memory, member, {"Content-Type": "application/json"}, body)

        problem(response, 422, "invalid_json")


def padded(size: int) -> bytes:
    """An item whose JSON has so many bytes."""
    return b'{"name": "' + unique().encode() + b'", "price": 1}'.ljust(size)


@pytest.mark.parametrize("pieces", [1, 7], ids=["whole", "chunked"])
async def test_a_body_of_the_limit_is_taken_and_a_byte_more_is_too_large(
    memory: httpx.AsyncClient, member: Person, pieces: int
) -> None:
    json = {"Content-Type": "application/json"}
    for size, status in ((LIMIT, 201), (LIMIT + 1, 413)):
        body = (b'{"name": "' + unique().encode() + b'", "price": 1}').ljust(size)
        parts = [body[at : at + size // pieces] for at in range(0, size, size // pieces)]

        response = await post(memory, member, json, body if pieces == 1 else chunks(*parts))

        assert response.status_code == status, response.text
    assert problem(response, 413, "body_too_large")["limit"] == LIMIT


async def test_an_endless_body_is_refused_at_the_limit(memory: httpx.AsyncClient, member: Person) -> None:
    taken = 0

    async def endless() -> AsyncIterator[bytes]:
        nonlocal taken
        while True:
            taken += 65536
            yield b" " * 65536

    response = await post(memory, member, {"Content-Type": "application/json"}, endless())

    problem(response, 413, "body_too_large")
    assert taken <= LIMIT + 2 * 65536


async def test_the_limit_is_a_setting() -> None:
    async with serving(max_body_bytes=200) as small:
        person = await sign_up(small.client)

        large = await post(small.client, person, {"Content-Type": "application/json"}, ITEM.ljust(201))
        fits = await post(small.client, person, {"Content-Type": "application/json"}, ITEM.ljust(200))

    assert problem(large, 413, "body_too_large")["limit"] == 200
    assert fits.status_code == 201


async def test_a_large_form_is_too_large_and_its_strange_parts_are_ignored(memory: httpx.AsyncClient) -> None:
    headers = {"Content-Type": "application/x-www-form-urlencoded"}

    large = await memory.post(f"{API}/auth/revoke", content=b"token=" + b"x" * LIMIT, headers=headers)
    strange = await memory.post(f"{API}/auth/revoke", content=b"token=x&client_id=a&client_id=b&x&=&", headers=headers)

    problem(large, 413, "body_too_large")
    assert strange.status_code == 200


async def test_an_enormous_body_of_small_faults_is_answered_in_bounds(
    memory: httpx.AsyncClient, member: Person
) -> None:
    body = b'{"name": "x", "price": 1, "tags": [' + b",".join([b"1"] * 400_000) + b"]}"

    response = await post(memory, member, {"Content-Type": "application/json"}, body)

    assert locations(response) == [["body"]]
