"""Writing in the journal, as tests over HTTP do it."""

from typing import Any

import httpx

from tests.http.client import API, Person, unique

POSTS = f"{API}/posts"


async def write(client: httpx.AsyncClient, person: Person, **over: Any) -> dict[str, Any]:
    """A post of theirs, published unless it is said to be a draft."""
    body = {"title": unique("post"), "content": "Words.", "status": "published", **over}
    response = await client.post(POSTS, json=body, headers=person.headers)
    assert response.status_code == 201, response.text
    post: dict[str, Any] = response.json()
    return post


async def comment(client: httpx.AsyncClient, person: Person, post: dict[str, Any], content: str) -> dict[str, Any]:
    response = await client.post(f"{POSTS}/{post['id']}/comments", json={"content": content}, headers=person.headers)
    assert response.status_code == 201, response.text
    made: dict[str, Any] = response.json()
    return made


def unjudged(comment: dict[str, Any]) -> dict[str, Any]:
    """As it was when it was made: a task judges it at some moment."""
    return {**comment, "sentiment": None}


async def read(client: httpx.AsyncClient, url: str, person: Person | None = None, **params: Any) -> Any:
    """What a GET is answered, where it is 200."""
    response = await client.get(url, params=params, headers=person.headers if person else {})
    assert response.status_code == 200, response.text
    return response.json()


async def listed(client: httpx.AsyncClient, person: Person | None = None, **params: Any) -> list[str]:
    """The titles of the posts that are found, in their order."""
    body = await read(client, POSTS, person, size=100, **params)
    assert body["total"] == len(body["items"])
    return [post["title"] for post in body["items"]]


def newest(*posts: dict[str, Any]) -> list[str]:
    """Their titles in the order that equals have: what is made in one millisecond is in that of the ids."""
    ordered = sorted(sorted(posts, key=lambda post: post["id"]), key=lambda post: post["created_at"], reverse=True)
    return [post["title"] for post in ordered]
