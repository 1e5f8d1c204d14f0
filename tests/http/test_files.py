"""Putting files in: what they are, by their bytes; what is kept of their names; lists, and taking them away."""

import hashlib
from typing import Any

import httpx
import pytest

from tests.http.client import API, Person, locations, problem
from tests.http.pictures import FILES, PDF, content, moving, named, picture, put, raw, stored

SHAPE = {
    "id", "created_at", "updated_at", "filename", "content_type", "size", "sha256", "width", "height", "is_public",
    "content_url",
}  # fmt: skip


async def test_what_was_put_in_is_described_and_comes_out_again(client: httpx.AsyncClient, somebody: Person) -> None:
    sent = [picture(), b"plain \xc3\xa9\n", PDF]

    response = await put(client, somebody, *sent, names=["a.png", "b.txt", "c.pdf"])

    files = response.json()
    assert (response.status_code, [file.keys() for file in files]) == (201, [SHAPE] * 3)
    assert [file["filename"] for file in files] == ["a.png", "b.txt", "c.pdf"]
    assert [file["content_type"] for file in files] == ["image/png", "text/plain", "application/pdf"]
    assert [(file["width"], file["height"]) for file in files] == [(30, 20), (None, None), (None, None)]
    assert [file["size"] for file in files] == [len(each) for each in sent]
    assert [file["sha256"] for file in files] == [hashlib.sha256(each).hexdigest() for each in sent]
    assert [await content(client, file, somebody) for file in files] == sent
    assert not any(file["is_public"] for file in files)
    for file in files:
        got = await client.get(f"{FILES}/{file['id']}", headers=somebody.headers)
        assert (got.json(), got.headers["etag"]) == (file, '"1"')


@pytest.mark.parametrize("format", ["PNG", "JPEG", "GIF", "WEBP"])
async def test_a_picture_is_what_its_bytes_say(client: httpx.AsyncClient, somebody: Person, format: str) -> None:
    file = await stored(client, somebody, picture(format, (7, 5)), names=["page.html"])

    assert (file["content_type"], file["width"], file["height"]) == (f"image/{format.lower()}", 7, 5)


@pytest.mark.parametrize("format", ["GIF", "WEBP", "PNG"])
async def test_a_picture_may_move(client: httpx.AsyncClient, somebody: Person, format: str) -> None:
    sent = moving(format)

    assert await content(client, await stored(client, somebody, sent), somebody) == sent


async def test_it_may_be_public_from_the_start_wherever_the_field_stands(
    client: httpx.AsyncClient, somebody: Person
) -> None:
    field, file = (named("is_public"), b"true"), (named("files", "x"), b"abc")

    for parts in ((field, file), (file, field)):
        headers, body = raw(*parts)
        response = await client.post(FILES, content=body, headers={**headers, **somebody.headers})

        assert [each["is_public"] for each in response.json()] == [True]
        assert (await client.get(response.json()[0]["content_url"])).content == b"abc"


@pytest.mark.parametrize(
    ("sent", "kept"),
    [
        ("../../etc/passwd", "passwd"),
        ("C:\\Users\\ada\\a.png", "a.png"),
        ("a/", "file"),
        ("..", "file"),
        (".", "file"),
        ("", "file"),
        (" \t ", "file"),
        ("x" * 5000, "x" * 255),
        ("a\0b\x1f\x7f\u0085c", "abc"),
        ("A\u030angstro\u0308m 日本 😀.txt", "Ångström 日本 😀.txt"),
        (".profile", ".profile"),
        ("%_'; -- $set", "%_'; -- $set"),
    ],
)
async def test_a_name_is_a_label(client: httpx.AsyncClient, somebody: Person, sent: str, kept: str) -> None:
    headers, body = raw((named("files", sent), b"abc"))
    response = await client.post(FILES, content=body, headers={**headers, **somebody.headers})

    assert [file["filename"] for file in response.json()] == [kept]
    path = f"{FILES}/{response.json()[0]['id']}"
    renamed = await client.patch(path, json={"filename": f"{sent}"}, headers=somebody.headers)
    assert renamed.json()["filename"] == kept


async def test_what_a_client_escapes_in_a_name_is_read_as_it_was(memory: httpx.AsyncClient, member: Person) -> None:
    """HTML, 4.10.21.8; a per cent sign is not escaped, so nothing else is."""
    headers, body = raw((named("files", "a %22b%22%0D%0A 100%20%2F.txt"), b"abc"))

    response = await memory.post(FILES, content=body, headers={**headers, **member.headers})

    assert [file["filename"] for file in response.json()] == ['a "b" 100%20%2F.txt']


async def test_a_file_without_a_name_has_one(memory: httpx.AsyncClient, member: Person) -> None:
    headers, body = raw((named("files"), b"abc"))

    response = await memory.post(FILES, content=body, headers={**headers, **member.headers})

    assert [file["filename"] for file in response.json()] == ["file"]


async def test_ten_files_are_taken_and_listed_newest_first(client: httpx.AsyncClient, somebody: Person) -> None:
    first = await stored(client, somebody, b"first")
    made = (await put(client, somebody, *[b"%d" % number for number in range(10)])).json()

    listing = (await client.get(FILES, params={"size": 6}, headers=somebody.headers)).json()
    walk = (await client.get(FILES, params={"cursor": "", "size": 100}, headers=somebody.headers)).json()

    assert (listing["total"], listing["pages"], len(listing["items"])) == (11, 2, 6)
    assert [file["id"] for file in walk["items"]] == [*(file["id"] for file in made), first["id"]]
    assert listing["items"] == walk["items"][:6]


async def test_a_list_is_ones_own(client: httpx.AsyncClient, somebody: Person, stranger: Person) -> None:
    await stored(client, stranger, data={"is_public": "true"})

    assert (await client.get(FILES, headers=somebody.headers)).json()["total"] == 0


async def test_a_file_is_renamed_and_shared_and_taken_back(client: httpx.AsyncClient, somebody: Person) -> None:
    file = await stored(client, somebody)
    path = f"{FILES}/{file['id']}"

    async def patch(**changes: Any) -> httpx.Response:
        return await client.patch(path, json=changes, headers=somebody.headers)

    renamed = await patch(filename="notes.txt")
    shared = await patch(is_public=True)
    same = await patch(is_public=True, filename="notes.txt")
    private = await patch(is_public=None)

    assert renamed.json() == {**file, "filename": "notes.txt", "updated_at": renamed.json()["updated_at"]}
    assert [r.headers["etag"] for r in (renamed, shared, same, private)] == ['"2"', '"3"', '"3"', '"4"']
    assert [r.json()["is_public"] for r in (shared, private)] == [True, False]
    assert locations(await patch(filename=None)) == [["body", "filename"]]
    assert locations(await patch(content_type="text/html")) == [["body", "content_type"]]
    assert locations(await patch(is_public="true")) == [["body", "is_public"]]


async def test_versions_count(client: httpx.AsyncClient, somebody: Person) -> None:
    file = await stored(client, somebody)
    path, stale = f"{FILES}/{file['id']}", {**somebody.headers, "If-Match": '"9"'}

    problem(await client.patch(path, json={"filename": "x"}, headers=stale), 412, "precondition_failed")
    problem(await client.delete(path, headers=stale), 412, "precondition_failed")
    known = await client.get(path, headers={**somebody.headers, "If-None-Match": '"1"'})
    assert known.status_code == 304


async def test_a_file_is_taken_away_with_its_bytes(client: httpx.AsyncClient, somebody: Person) -> None:
    file = await stored(client, somebody)
    path = f"{FILES}/{file['id']}"

    assert (await client.delete(path, headers=somebody.headers)).status_code == 204

    problem(await client.delete(path, headers=somebody.headers), 404, "not_found")
    problem(await client.get(path, headers=somebody.headers), 404, "not_found")
    problem(await client.get(file["content_url"], headers=somebody.headers), 404, "not_found")
    assert (await client.get(FILES, headers=somebody.headers)).json()["total"] == 0


async def test_an_export_has_them(client: httpx.AsyncClient, somebody: Person) -> None:
    file = await stored(client, somebody)

    exported = (await client.get(f"{API}/users/me/export", headers=somebody.headers)).json()

    assert exported["files"] == [file]
