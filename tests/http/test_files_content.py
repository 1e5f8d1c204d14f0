"""The bytes of files: whole, in part, known already, at a width; and what is said beside them."""

import asyncio
from typing import Any

import httpx
import pytest

from tests.http.client import Person, Served, locations, problem
from tests.http.pictures import CAMERA, FILES, PDF, content, moving, opened, picture, share, stored, telling

ABC = b"abcdefghijklmnopqrstuvwxyz"


async def ask(client: httpx.AsyncClient, person: Person, file: dict[str, Any], **headers: str) -> httpx.Response:
    sent = {name.replace("_", "-"): value for name, value in headers.items()}
    return await client.get(file["content_url"], headers={**person.headers, **sent})


@pytest.mark.parametrize(
    ("range", "found"),
    [
        ("bytes=0-0", b"a"),
        ("bytes=2-5", b"cdef"),
        ("bytes=20-", b"uvwxyz"),
        ("bytes=-3", b"xyz"),
        ("bytes=-99", ABC),
        ("bytes=0-99", ABC),
        ("bytes=25-99999999999999999999999", b"z"),
        ("Bytes= 1-2 ", b"bc"),
    ],
)
async def test_one_range_is_answered(client: httpx.AsyncClient, somebody: Person, range: str, found: bytes) -> None:
    file = await stored(client, somebody, ABC)

    response = await ask(client, somebody, file, Range=range)

    first = ABC.index(found)
    assert (response.status_code, response.content) == (206, found)
    assert response.headers["content-range"] == f"bytes {first}-{first + len(found) - 1}/26"
    assert response.headers["content-length"] == str(len(found))


@pytest.mark.parametrize(
    "range",
    ["bytes=0-1,3-4", "bytes=5-2", "bytes=", "bytes=-", "bytes=a-b", "items=0-1", "bytes=1", "bytes=--1", "0-1"],
)
async def test_several_ranges_and_none_mean_the_whole(client: httpx.AsyncClient, somebody: Person, range: str) -> None:
    response = await ask(client, somebody, await stored(client, somebody, ABC), Range=range)

    assert (response.status_code, response.content) == (200, ABC)
    assert response.headers["accept-ranges"] == "bytes"


@pytest.mark.parametrize("range", ["bytes=26-", "bytes=26-30", "bytes=-0", "bytes=99999999999999999999999-"])
async def test_a_range_behind_the_end_is_refused(client: httpx.AsyncClient, somebody: Person, range: str) -> None:
    response = await ask(client, somebody, await stored(client, somebody, ABC), Range=range)

    problem(response, 416, "range_not_satisfiable")
    assert response.headers["content-range"] == "bytes */26"


async def test_a_range_holds_only_for_the_bytes_that_it_was_meant_for(
    client: httpx.AsyncClient, somebody: Person
) -> None:
    file = await stored(client, somebody, ABC)
    tag = (await ask(client, somebody, file)).headers["etag"]

    assert (await ask(client, somebody, file, Range="bytes=0-1", If_Range=tag)).status_code == 206
    for other in ('"other"', f"W/{tag}", "Wed, 21 Oct 2015 07:28:00 GMT"):
        assert (await ask(client, somebody, file, Range="bytes=0-1", If_Range=other)).status_code == 200


async def test_whoever_has_it_is_spared_it(client: httpx.AsyncClient, somebody: Person) -> None:
    file = await stored(client, somebody, ABC)
    tag = (await ask(client, somebody, file)).headers["etag"]

    for more in ({}, {"Range": "bytes=0-1"}, {"Range": "bytes=99-"}):
        known = await ask(client, somebody, file, If_None_Match=tag, **more)
        assert (known.status_code, known.content, known.headers["etag"]) == (304, b"", tag)
    assert (await ask(client, somebody, file, If_None_Match='"x"')).status_code == 200


async def test_head_says_what_get_would(client: httpx.AsyncClient, somebody: Person) -> None:
    file = await stored(client, somebody, ABC)

    got, head = [await client.request(how, file["content_url"], headers=somebody.headers) for how in ("GET", "HEAD")]

    assert (head.status_code, head.content) == (200, b"")
    for name in ("content-length", "content-type", "etag", "content-disposition", "accept-ranges"):
        assert head.headers[name] == got.headers[name]
    ranged = await client.head(file["content_url"], headers={**somebody.headers, "Range": "bytes=0-1"})
    assert (ranged.status_code, ranged.headers["content-length"]) == (200, "26")


@pytest.mark.parametrize(
    ("sent", "type", "how"),
    [
        (picture(), "image/png", "inline"),
        (b"text", "text/plain; charset=utf-8", "inline"),
        (PDF, "application/pdf", "attachment"),
    ],
)
async def test_what_is_said_beside_the_bytes(
    client: httpx.AsyncClient, somebody: Person, sent: bytes, type: str, how: str
) -> None:
    file = await stored(client, somebody, sent, names=["Grüße, 日本.x"])

    response = await ask(client, somebody, file)
    download = await client.get(file["content_url"], params={"download": "true"}, headers=somebody.headers)

    name = "filename=\"Gr__e_ __.x\"; filename*=UTF-8''Gr%C3%BC%C3%9Fe%2C%20%E6%97%A5%E6%9C%AC.x"
    assert response.headers["content-type"] == type
    assert response.headers["content-disposition"] == f"{how}; {name}"
    assert download.headers["content-disposition"] == f"attachment; {name}"
    assert response.headers["x-content-type-options"] == "nosniff"
    assert response.headers["content-security-policy"] == "default-src 'none'; sandbox"
    assert response.headers["cache-control"] == "no-store"


async def test_what_is_public_may_be_kept_by_others_whoever_asks(client: httpx.AsyncClient, somebody: Person) -> None:
    file = await stored(client, somebody, ABC, data={"is_public": "true"})

    for headers in ({}, somebody.headers):
        response = await client.get(file["content_url"], headers=headers)
        known = await client.get(file["content_url"], headers={**headers, "If-None-Match": response.headers["etag"]})
        assert [r.headers["cache-control"] for r in (response, known)] == ["public, max-age=300"] * 2
        assert [r.status_code for r in (response, known)] == [200, 304]


@pytest.mark.parametrize("format", ["PNG", "JPEG", "GIF", "WEBP"])
async def test_a_picture_is_answered_at_a_width_which_is_made_once(
    served: Served, somebody: Person, format: str
) -> None:
    client, file = served.client, await stored(served.client, somebody, picture(format, (60, 40)))

    first = await client.get(file["content_url"], params={"width": 15}, headers=somebody.headers)
    again = await client.get(file["content_url"], params={"width": 15}, headers=somebody.headers)

    assert first.headers["content-type"] == f"image/{format.lower()}"
    assert (opened(first.content).format, opened(first.content).size) == (format, (15, 10))
    assert first.content == again.content
    assert first.headers["etag"] != (await ask(client, somebody, file)).headers["etag"]
    part = await client.get(
        file["content_url"], params={"width": 15}, headers={**somebody.headers, "Range": "bytes=1-3"}
    )
    assert (part.status_code, part.content) == (206, first.content[1:4])
    await client.delete(f"/api/v1/files/{file['id']}", headers=somebody.headers)
    keys = [key async for key in served.container.blobs().older_than(served.container.clock()().replace(year=2990))]
    assert not [key for key in keys if "." in key]


async def test_a_picture_never_becomes_larger(client: httpx.AsyncClient, somebody: Person) -> None:
    sent = picture()
    file = await stored(client, somebody, sent)

    assert await content(client, file, somebody, width=4096) == sent
    assert await content(client, file, somebody, width=30) == sent
    assert opened(await content(client, file, somebody, width=1)).size == (1, 1)


async def test_of_a_moving_picture_a_width_is_the_first_frame(client: httpx.AsyncClient, somebody: Person) -> None:
    file = await stored(client, somebody, moving())

    for width, size in ((15, (15, 10)), (30, (30, 20)), (100, (30, 20))):
        image = opened(await content(client, file, somebody, width=width))
        assert (image.size, getattr(image, "n_frames", 1)) == (size, 1)
        assert image.convert("RGB").getpixel((1, 1)) == (255, 0, 0)


async def test_only_pictures_have_a_width_and_only_some(client: httpx.AsyncClient, somebody: Person) -> None:
    text, image = await stored(client, somebody), await stored(client, somebody, picture())

    async def at(file: dict[str, Any], width: str) -> httpx.Response:
        return await client.get(file["content_url"], params={"width": width}, headers=somebody.headers)

    problem(await at(text, "10"), 422, "not_an_image")
    for width in ("0", "4097", "-1", "x", "1.5", ""):
        assert locations(await at(image, width)) == [["query", "width"]]
    bad = await client.get(image["content_url"], params={"download": "yes"}, headers=somebody.headers)
    assert locations(bad) == [["query", "download"]]


@pytest.mark.parametrize("format", ["JPEG", "PNG", "WEBP"])
async def test_what_a_camera_tells_goes_when_a_picture_is_published(
    client: httpx.AsyncClient, somebody: Person, format: str
) -> None:
    sent = telling(format)
    assert CAMERA.encode() in sent
    file = await stored(client, somebody, sent)
    assert await content(client, file, somebody) == sent

    shared = await share(client, somebody, file)
    at_once = await stored(client, somebody, sent, data={"is_public": "true"})

    for shown in (shared, at_once):
        seen = await content(client, shown)
        assert CAMERA.encode() not in seen
        assert dict(opened(seen).getexif()) == {}
        assert opened(seen).tobytes() == opened(sent).tobytes()
        assert (shown["size"], shown["width"], shown["height"]) == (len(seen), 30, 20)
    assert shared["sha256"] == at_once["sha256"] != file["sha256"]


async def test_a_picture_that_says_how_to_hold_it_is_turned_before_it_is_published(
    client: httpx.AsyncClient, somebody: Person
) -> None:
    file = await stored(client, somebody, telling("JPEG", orientation=6), data={"is_public": "true"})

    image = opened(await content(client, file))
    assert image.size == (file["width"], file["height"]) == (20, 30)
    red, _, blue = image.convert("RGB").getpixel((10, 2))  # type: ignore[misc]
    assert red > blue


async def test_a_picture_is_as_wide_as_it_is_held_and_so_are_smaller_ones(
    client: httpx.AsyncClient, somebody: Person
) -> None:
    file = await stored(client, somebody, telling("JPEG", orientation=6))

    assert (file["width"], file["height"]) == (20, 30)
    small = await client.get(f"{file['content_url']}?width=10", headers=somebody.headers)
    assert opened(small.content).size == (10, 15)


async def test_what_is_read_while_it_is_shared_is_found(client: httpx.AsyncClient, somebody: Person) -> None:
    """What a camera wrote is taken out of it then, so that its bytes are others."""
    file = await stored(client, somebody, telling())
    asked = [f"{file['content_url']}?width={width}" for width in range(1, 9)] + [file["content_url"]] * 8

    shared, *read = await asyncio.gather(
        client.patch(f"{FILES}/{file['id']}", json={"is_public": True}, headers=somebody.headers),
        *(client.get(url, headers=somebody.headers) for url in asked),
    )

    assert [response.status_code for response in (shared, *read)] == [200] * 17
