"""What is not taken: the documented answer, and nothing is kept of any of it."""

from typing import Any

import httpx
import pytest
import pytest_asyncio

from tests.http.client import Person, Served, locations, problem, serving, sign_up
from tests.http.pictures import FILES, PDF, bomb, moving, named, picture, put, raw, stored

HTML = b"<!DOCTYPE html><script>alert(1)</script>"


@pytest_asyncio.fixture(loop_scope="session")
async def nothing_kept(client: httpx.AsyncClient, somebody: Person, served: Served) -> Any:
    """Afterwards there is neither a row nor a blob nor a half of one."""

    async def blobs() -> list[str]:
        keeper = served.container.blobs()
        return [key async for key in keeper.older_than(served.container.clock()().replace(year=2990))]

    before = await blobs()
    yield
    assert await blobs() == before
    assert (await client.get(FILES, headers=somebody.headers)).json()["total"] == 0


@pytest.mark.parametrize(
    "sent",
    [
        HTML, b"  \r\n" + HTML, "\ufeff<html>".encode(), b"<?xml version='1.0'?><a/>", b"<svg/>", b"<!-- x -->",
        b"\0\1\2\3", b"text\0", b"text\x1b[31m", b"\xff\xfet\0e\0x\0t\0", b"caf\xe9", b"x" * 300_000 + b"\x07",
        b"x" * 262_143 + b"\xc3", b"MZ\x90\0", b"PK\3\4", b"\x7fELF", b"BM" + bytes(60), b"II*\0" + bytes(60),
    ],
)  # fmt: skip
@pytest.mark.usefixtures("nothing_kept")
async def test_other_types_are_refused_whatever_they_are_called(
    client: httpx.AsyncClient, somebody: Person, sent: bytes
) -> None:
    response = await put(client, somebody, picture(), sent, names=["a.png", "b.png"])

    assert problem(response, 415, "unsupported_type")["index"] == 1


async def test_a_polyglot_is_what_its_first_bytes_say_and_never_shown(
    client: httpx.AsyncClient, somebody: Person
) -> None:
    file = await stored(client, somebody, PDF + HTML, names=["page.html"])

    response = await client.get(file["content_url"], headers=somebody.headers)

    assert response.headers["content-type"] == "application/pdf"
    assert response.headers["content-disposition"].startswith("attachment;")
    assert response.headers["content-security-policy"] == "default-src 'none'; sandbox"
    assert response.headers["x-content-type-options"] == "nosniff"
    problem(await put(client, somebody, HTML + PDF), 415, "unsupported_type")


@pytest.mark.parametrize(
    "sent",
    [
        bomb(), bomb(6401, 6250), picture()[:-20], picture()[:-12],
        picture("JPEG")[:-2], picture("JPEG", (300, 300))[:900],
        picture("WEBP")[:-9], picture("GIF", (300, 300))[:-80], moving()[:-60], b"\x89PNG\r\n\x1a\n", b"\xff\xd8\xff",
        b"GIF89a<script>alert(1)</script>", b"RIFF\0\0\0\0WEBP", picture()[:40] + b"\0\0\0\0" + picture()[44:],
    ],
)  # fmt: skip
@pytest.mark.usefixtures("nothing_kept")
async def test_a_picture_that_is_none_to_its_end_is_broken(
    client: httpx.AsyncClient, somebody: Person, sent: bytes
) -> None:
    assert problem(await put(client, somebody, b"fine", sent), 422, "broken_image")["index"] == 1


async def test_as_many_pixels_as_are_allowed_are_taken() -> None:
    async with serving(max_image_pixels=600) as served:
        person = await sign_up(served.client)

        assert (await put(served.client, person, picture())).status_code == 201
        problem(await put(served.client, person, picture(size=(601, 1))), 422, "broken_image")


@pytest.mark.usefixtures("nothing_kept")
async def test_an_empty_file_and_too_many_or_none_are_refused(client: httpx.AsyncClient, somebody: Person) -> None:
    assert problem(await put(client, somebody, b"x", b""), 422, "empty_file")["index"] == 1
    assert problem(await put(client, somebody, *[b"x"] * 11), 422, "too_many_files")["index"] == 10
    headers, body = raw((named("is_public"), b"true"))
    response = await client.post(FILES, content=body, headers={**headers, **somebody.headers})
    problem(response, 422, "too_many_files")


async def test_a_file_has_a_bound_and_so_has_a_request() -> None:
    async with serving(max_upload_bytes=1000) as served:
        client, person = served.client, await sign_up(served.client)

        assert (await put(client, person, *[b"x" * 1000] * 10)).status_code == 201
        refused = problem(await put(client, person, b"x", b"x" * 1001), 413, "file_too_large")
        assert (refused["limit"], refused["index"]) == (1000, 1)
        problem(await put(client, person, b"x" * 2_000_000), 413, "body_too_large")


async def test_types_may_be_fewer() -> None:
    async with serving(upload_types="image/png, application/pdf") as served:
        person = await sign_up(served.client)

        assert (await put(served.client, person, picture(), PDF)).status_code == 201
        problem(await put(served.client, person, picture("GIF")), 415, "unsupported_type")
        problem(await put(served.client, person, b"text"), 415, "unsupported_type")


MALFORMED = {
    "no end": raw((named("files", "x"), b"abc"), end=False),
    "no end of a head": ({"Content-Type": "multipart/form-data; boundary=b"}, b"--b\r\nContent-Dispo"),
    "nothing": ({"Content-Type": "multipart/form-data; boundary=b"}, b""),
    "no boundary": ({"Content-Type": "multipart/form-data"}, b"--b--\r\n"),
    "a long boundary": ({"Content-Type": f"multipart/form-data; boundary={'b' * 300}"}, b"--b--\r\n"),
    "another boundary": ({"Content-Type": "multipart/form-data; boundary=c"}, raw((named("files"), b"a"))[1]),
    "no name": raw(('Content-Disposition: form-data; filename="x"', b"abc")),
    "an empty name": raw((named("", "x"), b"abc")),
    "no disposition": raw(("Content-Type: text/plain", b"abc")),
    "another disposition": raw(('Content-Disposition: attachment; name="files"', b"abc")),
    "a line end in a name": raw((named("files", "a\r\nb: c\r\n\r\n"), b"abc"), (named("files", "x\r\ny"), b"abc")),
    "many heads": raw((named("files", "x") + "\r\nX-Y: z" * 30, b"abc")),
    "a huge head": raw((named("files", "x" * 70_000), b"abc")),
}


@pytest.mark.parametrize("case", MALFORMED)
@pytest.mark.usefixtures("nothing_kept")
async def test_a_form_that_cannot_be_read_is_refused(client: httpx.AsyncClient, somebody: Person, case: str) -> None:
    headers, body = MALFORMED[case]

    response = await client.post(FILES, content=body, headers={**headers, **somebody.headers})

    assert locations(response) == [["body"]]


@pytest.mark.parametrize(
    ("parts", "at"),
    [
        ([(named("other"), b"x")], "other"),
        ([(named("other", "x"), b"x")], "other"),
        ([(named("is_public"), b"yes"), (named("files", "x"), b"x")], "is_public"),
        ([(named("is_public"), b"\xff"), (named("files", "x"), b"x")], "is_public"),
        ([(named("is_public"), b"true"), (named("is_public"), b"true"), (named("files", "x"), b"x")], "is_public"),
        ([(named("is_public", "x"), b"true"), (named("files", "x"), b"x")], "is_public"),
    ],
)
async def test_what_the_form_does_not_take_is_refused(
    memory: httpx.AsyncClient, member: Person, parts: Any, at: str
) -> None:
    headers, body = raw(*parts)

    assert locations(await memory.post(FILES, content=body, headers={**headers, **member.headers})) == [["body", at]]


async def test_another_type_of_body_is_refused_before_anything_else(memory: httpx.AsyncClient, member: Person) -> None:
    for headers in ({}, {"Content-Type": "application/json"}, {"Content-Type": "multipart/mixed; boundary=b"}):
        response = await memory.post(FILES, content=b"x", headers=headers)
        problem(response, 415, "unsupported_media_type")
    zipped = {**raw()[0], "Content-Encoding": "gzip", **member.headers}
    problem(await memory.post(FILES, content=b"x", headers=zipped), 415, "unsupported_media_type")
    huge = {**raw()[0], "Content-Length": str(200 * 1024 * 1024)}
    problem(await memory.post(FILES, content=b"x", headers=huge), 413, "body_too_large")
    problem(await memory.post(FILES, content=b"x", headers=raw()[0]), 401, "unauthenticated")
