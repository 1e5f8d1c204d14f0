"""Bodies over 1 KiB are gzipped for those who take it."""

import gzip

import httpx
import pytest

from tests.http.client import API, Person, offer, problem, unique

SMALL, LONG = "x" * 100, "y" * 2000


async def raw(
    client: httpx.AsyncClient, path: str, method: str = "GET", **headers: str
) -> tuple[httpx.Response, bytes]:
    """The answer, and its body as it came."""
    request = client.build_request(method, path, headers=headers)
    response = await client.send(request, stream=True)
    return response, b"".join([part async for part in response.aiter_raw()])


async def item(client: httpx.AsyncClient, person: Person, description: str) -> str:
    return f"{API}/items/{(await offer(client, person, description=description))['id']}"


@pytest.mark.parametrize(
    "accepted", ["gzip", "deflate, gzip", "gzip;q=0.5", "GZIP", "*", "br;q=1, *;q=0.1", "gzip ; q=1", "identity, gzip"]
)
async def test_a_long_body_is_gzipped(client: httpx.AsyncClient, somebody: Person, accepted: str) -> None:
    path = await item(client, somebody, LONG)

    response, body = await raw(client, path, **{"Accept-Encoding": accepted})

    assert response.headers["content-encoding"] == "gzip"
    assert response.headers["vary"] == "Accept-Encoding"
    assert response.headers["content-length"] == str(len(body))
    assert LONG.encode() in gzip.decompress(body)


@pytest.mark.parametrize(
    "accepted", ["", "identity", "br", "gzip;q=0", "*;q=0", "gzip;q=0.000, *", "gzip;q=x", "gzipped"]
)
async def test_nobody_gets_what_they_do_not_take(client: httpx.AsyncClient, somebody: Person, accepted: str) -> None:
    path = await item(client, somebody, LONG)

    response, body = await raw(client, path, **{"Accept-Encoding": accepted})

    assert "content-encoding" not in response.headers
    assert response.headers["vary"] == "Accept-Encoding"
    assert LONG.encode() in body


async def test_a_short_body_stays_as_it_is(client: httpx.AsyncClient, somebody: Person) -> None:
    path = await item(client, somebody, SMALL)

    response, body = await raw(client, path, **{"Accept-Encoding": "gzip"})

    assert "content-encoding" not in response.headers
    assert SMALL.encode() in body


async def test_1024_bytes_are_short_and_one_more_is_long(memory: httpx.AsyncClient, member: Person) -> None:
    async def of_length(length: int) -> str:
        made = await offer(memory, member, name=unique().ljust(40, "x"), description="x" * length)
        return f"{API}/items/{made['id']}"

    empty = len((await raw(memory, await of_length(1)))[1]) - 1

    for size, zipped in ((1024, False), (1025, True)):
        response, body = await raw(memory, await of_length(size - empty), **{"Accept-Encoding": "gzip"})

        plain = gzip.decompress(body) if zipped else body
        assert (len(plain), "content-encoding" in response.headers) == (size, zipped)


async def test_head_has_the_headers_of_the_gzipped_form(client: httpx.AsyncClient, somebody: Person) -> None:
    path = await item(client, somebody, LONG)

    got, body = await raw(client, path, **{"Accept-Encoding": "gzip"})
    head, nothing = await raw(client, path, "HEAD", **{"Accept-Encoding": "gzip"})

    assert nothing == b""
    assert len(body) == int(head.headers["content-length"])
    assert {name: head.headers[name] for name in ("etag", "vary", "content-encoding")} == {
        name: got.headers[name] for name in ("etag", "vary", "content-encoding")
    }


async def test_a_long_refusal_is_gzipped_too(memory: httpx.AsyncClient, member: Person) -> None:
    body = {f"unknown_{number}": 1 for number in range(50)}

    response = await memory.post(f"{API}/items", json=body, headers=member.headers)

    assert response.headers["content-encoding"] == "gzip"
    assert len(problem(response, 422, "validation_failed")["errors"]) == 52


async def test_a_list_is_gzipped(client: httpx.AsyncClient, somebody: Person) -> None:
    await item(client, somebody, LONG)

    response = await client.get(f"{API}/users/me/items", headers=somebody.headers)

    assert response.headers["content-encoding"] == "gzip"
    assert response.json()["items"][0]["description"] == LONG


async def test_a_gzipped_form_has_a_tag_of_its_own_that_is_understood(
    client: httpx.AsyncClient, somebody: Person
) -> None:
    path = await item(client, somebody, LONG)
    plain, _ = await raw(client, path, **{"Accept-Encoding": "identity"})
    zipped, _ = await raw(client, path, **{"Accept-Encoding": "gzip"})
    tag = zipped.headers["etag"]

    known = await client.get(path, headers={"Accept-Encoding": "gzip", "If-None-Match": tag})
    changed = await client.patch(path, json={"name": "y"}, headers={**somebody.headers, "If-Match": tag})

    assert tag == f'{plain.headers["etag"][:-1]}-gzip"'
    assert (known.status_code, known.headers["etag"], known.headers["vary"]) == (304, tag, "Accept-Encoding")
    assert changed.status_code == 200
