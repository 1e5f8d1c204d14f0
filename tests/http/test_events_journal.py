"""The journal's events, as those hear of them who may."""

from typing import Any

import httpx

from tests.http.client import API, Person, Served
from tests.http.listening import listening


async def write(client: httpx.AsyncClient, person: Person, **over: Any) -> dict[str, Any]:
    body = {"title": "Kettles", "content": "They whistle.", "status": "published", **over}
    response = await client.post(f"{API}/posts", json=body, headers=person.headers)
    assert response.status_code == 201, response.text
    made: dict[str, Any] = response.json()
    return made


async def test_a_post_is_its_authors_news_when_made_and_everybodys_when_published(
    served: Served, somebody: Person, stranger: Person, staff: Person
) -> None:
    async with (
        listening(served.edge, somebody.headers, topics="posts") as author,
        listening(served.edge, stranger.headers, topics="posts") as reader,
        listening(served.edge, staff.headers, topics="posts") as employee,
    ):
        draft = await write(served.client, somebody, status="draft")
        assert [(said.event, said.thing["id"]) for said in await author.events(1)] == [("post.created", draft["id"])]
        post = await write(served.client, somebody)

        both = [(said.event, said.thing) for said in await author.events(2)]
        assert both == [("post.created", post), ("post.published", post)]
        for other in (reader, employee):
            assert [(said.event, said.thing) for said in await other.events(1)] == [("post.published", post)]
            assert await other.is_quiet()


async def test_an_unpublished_post_is_withdrawn_from_others(
    served: Served, somebody: Person, stranger: Person, staff: Person
) -> None:
    post = await write(served.client, somebody)
    async with (
        listening(served.edge, somebody.headers, topics="posts") as author,
        listening(served.edge, stranger.headers, topics="posts") as reader,
        listening(served.edge, staff.headers, topics="posts") as employee,
    ):
        response = await served.client.post(f"{API}/posts/{post['id']}/unpublish", headers=somebody.headers)

        assert (await author.event()).thing == response.json()
        for other in (reader, employee):
            assert [(said.event, said.thing) for said in await other.events(1)] == [
                ("post.unpublished", {"id": post["id"]})
            ]


async def test_of_a_comment_that_its_post_hides_the_posts_author_alone_hears(
    served: Served, somebody: Person, stranger: Person
) -> None:
    post = await write(served.client, somebody)
    path, body = f"{API}/posts/{post['id']}", {"content": "Lovely"}
    comment = (await served.client.post(f"{path}/comments", json=body, headers=stranger.headers)).json()
    await served.client.post(f"{path}/unpublish", headers=somebody.headers)
    async with (
        listening(served.edge, somebody.headers, topics="posts") as author,
        listening(served.edge, stranger.headers, topics="posts") as commenter,
    ):
        await served.client.delete(f"{API}/comments/{comment['id']}", headers=somebody.headers)
        end = await write(served.client, somebody)

        heard = await author.until("post.published", end["id"])
        others = await commenter.until("post.published", end["id"])

    assert [each.thing for each in heard if each.event == "comment.deleted"] == [{"id": comment["id"]}]
    assert [each for each in others if each.event == "comment.deleted"] == []


async def test_comments_are_everybodys_news_as_long_as_the_post_is(
    served: Served, somebody: Person, stranger: Person
) -> None:
    post = await write(served.client, somebody)
    async with listening(served.edge, stranger.headers, topics="posts") as reader:
        path, body = f"{API}/posts/{post['id']}/comments", {"content": "Lovely"}
        comment = (await served.client.post(path, json=body, headers=somebody.headers)).json()
        said = await reader.event()
        assert (said.event, said.thing["id"]) == ("comment.created", comment["id"])
        assert said.thing["author"]["id"] == somebody.id
        await served.client.delete(f"{API}/comments/{comment['id']}", headers=somebody.headers)

        said = await reader.event()

    assert (said.event, said.thing) == ("comment.deleted", {"id": comment["id"]})
