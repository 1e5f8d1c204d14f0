"""Posts: written, changed, published and deleted."""

from typing import Any

import httpx
import pytest

from tests.http.client import API, Person, limited, locations, problem, unique
from tests.http.writing import POSTS, comment, listed, newest, read, write

TEXT = {"title": "A title", "content": "Some content."}
MEMBERS = {
    "id", "created_at", "updated_at", "title", "content", "tags", "status", "author", "comment_count", "published_at",
}  # fmt: skip


async def test_a_post_begins_as_a_draft_with_its_author_embedded(client: httpx.AsyncClient, somebody: Person) -> None:
    response = await client.post(POSTS, json={**TEXT, "tags": ["News", "NEWS", "ß"]}, headers=somebody.headers)

    post = response.json()
    assert response.status_code == 201
    assert response.headers["location"] == f"{POSTS}/{post['id']}"
    assert post.keys() == MEMBERS
    assert (post["status"], post["published_at"], post["comment_count"]) == ("draft", None, 0)
    assert post["tags"] == ["news", "ss"]
    assert post["author"] == {
        "id": somebody.id, "username": somebody.user["username"], "full_name": None, "avatar_url": None,
    }  # fmt: skip
    again = await client.get(f"{POSTS}/{post['id']}", headers=somebody.headers)
    assert again.json() == post
    assert again.headers["etag"] == response.headers["etag"]


async def test_a_post_may_be_made_published(client: httpx.AsyncClient, somebody: Person) -> None:
    post = await write(client, somebody)

    assert post["published_at"] == post["created_at"]
    assert await read(client, f"{POSTS}/{post['id']}") == post


async def test_publishing_dates_a_post_once(client: httpx.AsyncClient, somebody: Person) -> None:
    url = f"{POSTS}/{(await write(client, somebody, status='draft'))['id']}"

    answers = []
    for verb in ("publish", "publish", "unpublish", "unpublish", "publish"):
        response = await client.post(f"{url}/{verb}", headers=somebody.headers)
        assert response.status_code == 200
        answers.append(response.json())

    assert [each["status"] for each in answers] == ["published", "published", "draft", "draft", "published"]
    assert {each["published_at"] for each in answers} == {answers[0]["published_at"]}
    assert answers[0] == answers[1]
    assert answers[0]["published_at"] is not None


async def test_a_verb_takes_a_key_and_a_version(client: httpx.AsyncClient, somebody: Person) -> None:
    url = f"{POSTS}/{(await write(client, somebody, status='draft'))['id']}"
    tag = (await client.get(url, headers=somebody.headers)).headers["etag"]
    headers = {**somebody.headers, "If-Match": tag, "Idempotency-Key": "once"}

    first = await client.post(f"{url}/publish", headers=headers)
    again = await client.post(f"{url}/publish", headers=headers)

    assert again.headers["idempotency-replayed"] == "true"
    assert (again.content, again.headers["etag"]) == (first.content, first.headers["etag"])
    late = await client.post(f"{url}/unpublish", headers={**somebody.headers, "If-Match": tag})
    problem(late, 412, "precondition_failed")


async def test_a_put_replaces_all_of_it_and_a_patch_what_it_names(client: httpx.AsyncClient, somebody: Person) -> None:
    post = await write(client, somebody, tags=["a"])
    url = f"{POSTS}/{post['id']}"

    patched = (await client.patch(url, json={"title": "Changed"}, headers=somebody.headers)).json()
    untagged = (await client.patch(url, json={"tags": None}, headers=somebody.headers)).json()
    put = (await client.put(url, json={**TEXT, "status": "published"}, headers=somebody.headers)).json()
    withdrawn = (await client.put(url, json=TEXT, headers=somebody.headers)).json()

    kept = ("id", "created_at", "author", "published_at", "comment_count")
    for each in (patched, untagged, put, withdrawn):
        assert [each[name] for name in kept] == [post[name] for name in kept]
    assert (patched["title"], patched["content"], patched["tags"]) == ("Changed", post["content"], ["a"])
    assert untagged["tags"] == []
    assert (put["title"], put["content"], put["status"]) == ("A title", "Some content.", "published")
    assert withdrawn["status"] == "draft", "an option that is absent takes its default"


async def test_a_patch_of_nothing_keeps_the_version(client: httpx.AsyncClient, somebody: Person) -> None:
    post = await write(client, somebody)
    url = f"{POSTS}/{post['id']}"
    tag = (await client.get(url)).headers["etag"]

    same = await client.patch(url, json={"title": post["title"], "status": "published"}, headers=somebody.headers)

    assert (same.status_code, same.headers["etag"], same.json()) == (200, tag, post)


async def test_of_two_writers_the_later_one_hears_of_it(client: httpx.AsyncClient, somebody: Person) -> None:
    url = f"{POSTS}/{(await write(client, somebody))['id']}"
    tag = (await client.get(url)).headers["etag"]
    headers = {**somebody.headers, "If-Match": tag}

    assert (await client.patch(url, json={"title": "First"}, headers=headers)).status_code == 200
    problem(await client.patch(url, json={"title": "Second"}, headers=headers), 412, "precondition_failed")
    problem(await client.delete(url, headers=headers), 412, "precondition_failed")
    assert (await client.get(url, headers={"If-None-Match": tag})).status_code == 200


async def test_a_tag_tells_of_the_author_and_of_the_comments_shown_too(
    client: httpx.AsyncClient, somebody: Person, stranger: Person
) -> None:
    post = await write(client, somebody)
    url = f"{POSTS}/{post['id']}"
    await comment(client, stranger, post, "first")
    plain = (await client.get(url)).headers["etag"]
    expanded = (await client.get(url, params={"expand": "comments"})).headers["etag"]
    assert (await client.get(url, headers={"If-None-Match": plain})).status_code == 304

    await client.patch(f"{API}/users/me", json={"full_name": "Somebody Else"}, headers=stranger.headers)

    known = {"If-None-Match": expanded}
    assert (await client.get(url, params={"expand": "comments"}, headers=known)).status_code == 200
    assert (await client.get(url, headers={"If-None-Match": plain})).status_code == 304
    await client.patch(f"{API}/users/me", json={"full_name": "Somebody"}, headers=somebody.headers)
    changed = await client.get(url, headers={"If-None-Match": plain})
    assert (changed.status_code, changed.json()["author"]["full_name"]) == (200, "Somebody")
    written = await client.patch(url, json={"title": "x"}, headers={**somebody.headers, "If-Match": plain})
    assert written.status_code == 200, "whoever writes is not stopped by what is not the post's own"


async def test_a_deleted_post_is_gone_with_its_comments(client: httpx.AsyncClient, somebody: Person) -> None:
    post = await write(client, somebody)
    url = f"{POSTS}/{post['id']}"
    said = await comment(client, somebody, post, "soon gone")

    assert (await client.delete(url, headers=somebody.headers)).status_code == 204

    for path in (url, f"{url}/comments"):
        problem(await client.get(path), 404, "not_found")
    problem(await client.delete(url, headers=somebody.headers), 404, "not_found")
    problem(await client.delete(f"{API}/comments/{said['id']}", headers=somebody.headers), 404, "not_found")
    assert (await read(client, f"{API}/users/me/export", somebody))["comments"] == []


@pytest.mark.parametrize(
    ("body", "where"),
    [
        ({"title": ""}, "title"), ({"title": " "}, "title"), ({"title": "x" * 201}, "title"),
        ({"content": ""}, "content"), ({"content": "x" * 100_001}, "content"), ({"content": 1}, "content"),
        ({"tags": [""]}, "tags"), ({"tags": [str(n) for n in range(21)]}, "tags"), ({"tags": "a"}, "tags"),
        ({"status": "hidden"}, "status"), ({"status": 1}, "status"), ({"author": "x"}, "author"),
        ({"comment_count": 1}, "comment_count"), ({"published_at": "2026-01-01T00:00:00Z"}, "published_at"),
    ],
    ids=str,
)  # fmt: skip
async def test_what_is_not_of_the_shape_is_refused(
    memory: httpx.AsyncClient, member: Person, body: dict[str, Any], where: str
) -> None:
    response = await memory.post(POSTS, json={**TEXT, **body}, headers=member.headers)

    assert [loc[:2] for loc in locations(response)] == [["body", where]]


async def test_the_longest_post_is_kept_and_found(client: httpx.AsyncClient, somebody: Person) -> None:
    mark, content = unique("w"), "".join(f"{n:04d}" + "\u3316" * 16 + " " for n in range(4_760))
    assert len(content) <= 100_000

    post = await write(client, somebody, title=mark, content=content, tags=[str(n) for n in range(20)])

    assert post["content"] == content.strip()
    assert await listed(client, q=f"{mark} 0001\u3316") == [mark]


async def test_lists_filter_by_author_tags_and_status(
    client: httpx.AsyncClient, somebody: Person, stranger: Person
) -> None:
    tag = unique("t")
    one = await write(client, somebody, title="one", tags=[tag, "red"])
    two = await write(client, somebody, title="two", tags=[tag], status="draft")
    three = await write(client, stranger, title="three", tags=[tag, "red"])
    await write(client, stranger, title="four", tags=[tag], status="draft")

    assert await listed(client, tags=tag) == newest(one, three)
    assert await listed(client, somebody, tags=tag) == newest(one, two, three)
    assert await listed(client, somebody, tags=[tag.upper(), "red"]) == newest(one, three)
    assert await listed(client, somebody, tags=tag, author=stranger.id) == ["three"]
    assert await listed(client, somebody, tags=tag, author=somebody.id, status="published") == ["one"]
    assert await listed(client, somebody, tags=tag, status="draft") == ["two"]
    assert await listed(client, somebody, tags=tag, status="draft", author=stranger.id) == []
    assert await listed(client, status="draft") == []
    assert await listed(client, tags=f"{tag},red") == []


async def test_drafts_of_ones_own_are_listed_with_the_scope_alone(client: httpx.AsyncClient, somebody: Person) -> None:
    tag = unique("t")
    await write(client, somebody, title="hidden", tags=[tag], status="draft")
    narrow = await limited(client, somebody, "posts:write")

    found = [
        await client.get(POSTS, params={"tags": tag, **more}, headers=narrow) for more in ({}, {"status": "draft"})
    ]

    assert [each.json()["items"] for each in found] == [[], []]


async def test_a_title_comes_before_the_content(client: httpx.AsyncClient, somebody: Person) -> None:
    mark = unique("w")
    one = await write(client, somebody, title=f"{mark} 1")
    await write(client, somebody, title="2", content=f"about {mark}s")
    three = await write(client, somebody, title=f"3 {mark}", content="x")
    await write(client, somebody, title=f"{mark} hidden", status="draft")

    assert await listed(client, q=mark.upper()) == [*newest(one, three), "2"]
    assert await listed(client, q=f"about {mark}") == ["2"]
    assert await listed(client, q="!?") == []


@pytest.mark.parametrize(
    "params",
    [{"author": "me"}, {"status": "hidden"}, {"status": ""}, {"tags": ""}, {"q": ""}, {"q": "x" * 201}, {"page": 0}],
    ids=str,
)
async def test_a_filter_that_cannot_be_is_refused(memory: httpx.AsyncClient, params: dict[str, Any]) -> None:
    locations(await memory.get(POSTS, params=params))


async def test_a_walk_meets_every_post_once(client: httpx.AsyncClient, somebody: Person) -> None:
    tag = unique("t")
    posts = [await write(client, somebody, title=str(number), tags=[tag]) for number in range(5)]
    seen: list[str] = []
    cursor: str | None = ""
    while cursor is not None:
        body = await read(client, POSTS, tags=tag, size=2, cursor=cursor)
        seen += [post["title"] for post in body["items"]]
        cursor = body["next_cursor"]

    assert seen == newest(*posts)
