"""Comments: oldest first, counted exactly, on what is published."""

import asyncio

import httpx
import pytest

from tests.http.client import API, Person, locations, problem, sign_up
from tests.http.writing import POSTS, comment, read, unjudged, write


async def test_a_comment_shows_who_said_what(client: httpx.AsyncClient, somebody: Person, stranger: Person) -> None:
    post = await write(client, somebody)

    url = f"{POSTS}/{post['id']}/comments"
    response = await client.post(url, json={"content": " Lovely! "}, headers=stranger.headers)

    said = response.json()
    assert response.status_code == 201
    assert "location" not in response.headers
    assert said.keys() == {"id", "created_at", "post_id", "content", "author", "sentiment"}
    assert (said["post_id"], said["content"], said["sentiment"]) == (post["id"], "Lovely!", None)
    assert said["author"] == {
        "id": stranger.id, "username": stranger.user["username"], "full_name": None, "avatar_url": None,
    }  # fmt: skip


async def test_comments_are_listed_oldest_first_in_pages_and_walks(client: httpx.AsyncClient, somebody: Person) -> None:
    post = await write(client, somebody)
    url = f"{POSTS}/{post['id']}/comments"
    made = [await comment(client, somebody, post, str(number)) for number in range(5)]

    pages = [await read(client, url, size=2, page=number) for number in (1, 2, 3)]
    walked, cursor = [], ""
    while cursor is not None:
        part = await read(client, url, size=2, cursor=cursor)
        walked += part["items"]
        cursor = part["next_cursor"]

    oldest = sorted(made, key=lambda each: (each["created_at"], each["id"]))
    paged = [each for page in pages for each in page["items"]]
    assert [unjudged(each) for each in paged] == [unjudged(each) for each in walked] == oldest
    assert {page["total"] for page in pages} == {5}


async def test_a_post_is_shown_with_its_comments_where_it_is_asked_for(
    client: httpx.AsyncClient, somebody: Person, stranger: Person
) -> None:
    post = await write(client, somebody)
    url = f"{POSTS}/{post['id']}"
    said = [await comment(client, stranger, post, "one"), await comment(client, somebody, post, "two")]

    whole = await read(client, url, expand="comments")

    assert sorted(map(unjudged, whole.pop("comments")), key=str) == sorted(said, key=str)
    assert whole == await read(client, url)
    assert (whole["comment_count"], whole["updated_at"]) == (2, post["updated_at"])
    assert locations(await client.get(url, params={"expand": "author"})) == [["query", "expand"]]


async def test_a_post_shows_its_hundred_oldest_comments_at_most(memory: httpx.AsyncClient, member: Person) -> None:
    post = await write(memory, member)
    for number in range(102):
        await comment(memory, member, post, str(number))

    whole = await read(memory, f"{POSTS}/{post['id']}", expand="comments")

    assert [each["content"] for each in whole["comments"]] == [str(number) for number in range(100)]
    assert whole["comment_count"] == 102


async def test_a_draft_cannot_be_commented_on(client: httpx.AsyncClient, somebody: Person, stranger: Person) -> None:
    post = await write(client, somebody, status="draft")
    url = f"{POSTS}/{post['id']}/comments"

    problem(await client.post(url, json={"content": "x"}, headers=somebody.headers), 409, "not_published")
    problem(await client.post(url, json={"content": "x"}, headers=stranger.headers), 404, "not_found")
    problem(await client.post(url, json={"content": "x"}), 401, "unauthenticated")
    assert (await read(client, f"{POSTS}/{post['id']}", somebody))["comment_count"] == 0


@pytest.mark.parametrize("content", ["", "  ", "x" * 5001, None, 1])
async def test_a_comment_has_1_to_5000_characters(memory: httpx.AsyncClient, member: Person, content: object) -> None:
    post = await write(memory, member)
    url = f"{POSTS}/{post['id']}/comments"

    response = await memory.post(url, json={"content": content}, headers=member.headers)

    assert locations(response) == [["body", "content"]]
    assert (await comment(memory, member, post, "y" * 5000))["content"] == "y" * 5000


async def test_a_repeated_comment_is_made_once(client: httpx.AsyncClient, somebody: Person) -> None:
    post = await write(client, somebody)
    headers = {**somebody.headers, "Idempotency-Key": "same"}
    url = f"{POSTS}/{post['id']}/comments"

    first, again = [await client.post(url, json={"content": "x"}, headers=headers) for _ in range(2)]

    assert (again.content, again.headers["idempotency-replayed"]) == (first.content, "true")
    assert (await read(client, f"{POSTS}/{post['id']}"))["comment_count"] == 1


async def test_the_count_is_exact_while_many_comment_delete_and_publish(
    client: httpx.AsyncClient, somebody: Person, stranger: Person
) -> None:
    post = await write(client, somebody)
    url = f"{POSTS}/{post['id']}"
    early = [await comment(client, stranger, post, f"early {number}") for number in range(8)]

    await asyncio.gather(
        *(client.post(f"{url}/comments", json={"content": "late"}, headers=stranger.headers) for _ in range(12)),
        *(client.delete(f"{API}/comments/{each['id']}", headers=somebody.headers) for each in early),
        *(client.post(f"{url}/{verb}", headers=somebody.headers) for verb in ("unpublish", "publish") * 2),
    )

    await client.post(f"{url}/publish", headers=somebody.headers)
    kept = await read(client, f"{url}/comments", size=100)
    assert (await read(client, url))["comment_count"] == kept["total"] == len(kept["items"])


async def test_what_was_published_stays_when_its_author_leaves_and_drafts_go(
    client: httpx.AsyncClient, stranger: Person
) -> None:
    leaver = await sign_up(client, full_name="Ada Lovelace")
    post, draft = await write(client, leaver), await write(client, leaver, status="draft")
    said = await comment(client, leaver, await write(client, stranger), "I was here")
    export = await read(client, f"{API}/users/me/export", leaver)
    assert {each["id"] for each in export["posts"]} == {draft["id"], post["id"]}
    assert [unjudged(each) for each in export["comments"]] == [said]

    assert (await client.delete(f"{API}/users/me", headers=leaver.headers)).status_code == 204

    nobody = {"id": leaver.id, "username": "deleted", "full_name": None, "avatar_url": None}
    assert await read(client, f"{POSTS}/{post['id']}") == {**post, "author": nobody}
    (kept,) = (await read(client, f"{POSTS}/{said['post_id']}/comments"))["items"]
    assert unjudged(kept) == {**said, "author": nobody}
    assert await read(client, POSTS, author=leaver.id) == {
        "items": [{**post, "author": nobody}], "total": 1, "page": 1, "size": 20, "pages": 1,
    }  # fmt: skip


async def test_a_comment_gets_its_sentiment_in_the_background(client: httpx.AsyncClient, somebody: Person) -> None:
    post = await write(client, somebody)
    url = f"{POSTS}/{post['id']}/comments"
    for content in ("I love it!", "Awful and broken.", "It is blue."):
        await comment(client, somebody, post, content)

    async with asyncio.timeout(30):
        found = [None]
        while None in found:
            await asyncio.sleep(0)  # on memory, reading alone lets nobody else run
            found = [each["sentiment"] for each in (await read(client, url))["items"]]

    assert found == ["positive", "negative", "neutral"]
