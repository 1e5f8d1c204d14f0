"""Who sees and who changes which post and which comment."""

from typing import Any

import httpx
import pytest

from tests.http.client import API, Person, limited, problem, unique
from tests.http.writing import POSTS, comment, listed, read, unjudged, write

COMMENTS = f"{API}/comments"
WAYS: list[tuple[str, str, dict[str, Any]]] = [
    ("PUT", "", {"json": {"title": "x", "content": "y", "status": "published"}}),
    ("PATCH", "", {"json": {"title": "x"}}),
    ("DELETE", "", {}),
    ("POST", "/publish", {}),
    ("POST", "/unpublish", {}),
]


@pytest.fixture(params=WAYS, ids=["PUT", "PATCH", "DELETE", "publish", "unpublish"])
def way(request: pytest.FixtureRequest) -> tuple[str, str, dict[str, Any]]:
    """A way of changing a post."""
    found: tuple[str, str, dict[str, Any]] = request.param
    return found


async def test_a_draft_is_its_authors_alone(
    client: httpx.AsyncClient, somebody: Person, stranger: Person, staff: Person
) -> None:
    url = f"{POSTS}/{(await write(client, somebody, status='draft'))['id']}"

    for path in (url, f"{url}/comments"):
        problem(await client.get(path), 404, "not_found")
        for person in (stranger, staff):
            problem(await client.get(path, headers=person.headers), 404, "not_found")
        narrow = await limited(client, somebody, "posts:write")
        problem(await client.get(path, headers=narrow), 403, "insufficient_scope")
        assert (await client.get(path, headers=somebody.headers)).status_code == 200


async def test_anothers_draft_cannot_be_changed_and_does_not_show(
    client: httpx.AsyncClient, somebody: Person, stranger: Person, staff: Person, way: tuple[str, str, dict[str, Any]]
) -> None:
    post = await write(client, somebody, status="draft")
    method, verb, body = way

    for person in (stranger, staff):
        response = await client.request(method, f"{POSTS}/{post['id']}{verb}", headers=person.headers, **body)
        problem(response, 404, "not_found")
    assert await read(client, f"{POSTS}/{post['id']}", somebody) == post


async def test_anothers_post_is_changed_by_staff_alone(
    client: httpx.AsyncClient, somebody: Person, stranger: Person, staff: Person, way: tuple[str, str, dict[str, Any]]
) -> None:
    url = f"{POSTS}/{(await write(client, somebody))['id']}"
    method, verb, body = way

    problem(await client.request(method, f"{url}{verb}", **body), 401, "unauthenticated")
    problem(await client.request(method, f"{url}{verb}", headers=stranger.headers, **body), 403, "not_owner")
    narrow = await limited(client, somebody, "posts:read")
    problem(await client.request(method, f"{url}{verb}", headers=narrow, **body), 403, "insufficient_scope")
    assert (await client.request(method, f"{url}{verb}", headers=staff.headers, **body)).status_code in (200, 204)


async def test_an_unpublished_post_is_hidden_with_its_comments_and_keeps_them(
    client: httpx.AsyncClient, somebody: Person, stranger: Person
) -> None:
    mark = unique("w")
    post = await write(client, somebody, title=mark)
    url = f"{POSTS}/{post['id']}"
    said = await comment(client, stranger, post, "still here")

    await client.post(f"{url}/unpublish", headers=somebody.headers)

    for path in (url, f"{url}/comments"):
        problem(await client.get(path, headers=stranger.headers), 404, "not_found")
    problem(await client.delete(f"{COMMENTS}/{said['id']}", headers=stranger.headers), 404, "not_found")
    assert await listed(client, stranger, q=mark) == []
    await client.post(f"{url}/publish", headers=somebody.headers)
    assert [unjudged(each) for each in (await read(client, f"{url}/comments"))["items"]] == [said]
    assert (await read(client, url))["comment_count"] == 1


@pytest.mark.parametrize("who", ["the author", "the post's author", "staff"])
async def test_a_comment_is_deleted_by_its_author_the_posts_or_staff(
    client: httpx.AsyncClient, somebody: Person, stranger: Person, staff: Person, admin: Person, who: str
) -> None:
    post = await write(client, somebody)
    said = await comment(client, stranger, post, "unwise")
    url = f"{COMMENTS}/{said['id']}"
    person = {"the author": stranger, "the post's author": somebody, "staff": staff}[who]

    problem(await client.delete(url), 401, "unauthenticated")
    narrow = await limited(client, person, "posts:read")
    problem(await client.delete(url, headers=narrow), 403, "insufficient_scope")
    assert (await client.delete(url, headers=person.headers)).status_code == 204

    problem(await client.delete(url, headers=person.headers), 404, "not_found")
    assert (await read(client, f"{POSTS}/{post['id']}"))["comment_count"] == 0


async def test_a_comment_of_another_on_anothers_post_stays(
    client: httpx.AsyncClient, somebody: Person, stranger: Person
) -> None:
    post = await write(client, somebody)
    said = await comment(client, somebody, post, "mine")

    problem(await client.delete(f"{COMMENTS}/{said['id']}", headers=stranger.headers), 403, "not_owner")
    assert [unjudged(each) for each in (await read(client, f"{POSTS}/{post['id']}/comments"))["items"]] == [said]


@pytest.mark.parametrize("id", ["x", "0", "00000000-0000-0000-0000-000000000000"])
async def test_what_there_is_not_is_not_found(memory: httpx.AsyncClient, member: Person, id: str) -> None:
    headers, text = member.headers, {"title": "x", "content": "y"}

    for response in [
        await memory.get(f"{POSTS}/{id}"),
        await memory.get(f"{POSTS}/{id}/comments"),
        await memory.put(f"{POSTS}/{id}", json=text, headers=headers),
        await memory.patch(f"{POSTS}/{id}", json={}, headers=headers),
        await memory.post(f"{POSTS}/{id}/publish", headers=headers),
        await memory.post(f"{POSTS}/{id}/comments", json={"content": "x"}, headers=headers),
        await memory.delete(f"{POSTS}/{id}", headers=headers),
        await memory.delete(f"{COMMENTS}/{id}", headers=headers),
    ]:
        problem(response, 404, "not_found")
