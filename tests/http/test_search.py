"""Search: one ranked list of items, posts and people, with what the caller may see."""

import asyncio
from typing import Any

import httpx
import pytest

from tests.http.client import API, Person, limited, locations, offer, problem, sign_up, unique
from tests.http.writing import POSTS, comment, read, write

SEARCH = f"{API}/search"


async def hits(client: httpx.AsyncClient, person: Person | None, q: str, **params: Any) -> list[dict[str, Any]]:
    body = await read(client, SEARCH, person, q=q, size=100, **params)
    assert body["total"] == len(body["items"])
    assert body["pages"] == bool(body["items"])
    found: list[dict[str, Any]] = body["items"]
    return found


async def ids(client: httpx.AsyncClient, person: Person | None, q: str, **params: Any) -> list[str]:
    return [hit["id"] for hit in await hits(client, person, q, **params)]


async def test_each_kind_has_its_own_members(client: httpx.AsyncClient, somebody: Person, stranger: Person) -> None:
    mark = unique("w")
    ada = await sign_up(client, full_name=f"Ada {mark}")
    item = await offer(client, somebody, name=f"Kettle {mark}", description="Copper", discount=50, tags=["tea"])
    post = await write(client, somebody, title=f"About {mark}", content="é" * 300, tags=["news"])

    found = await hits(client, stranger, mark)

    whose = {"id": somebody.id, "username": somebody.user["username"], "full_name": None, "avatar_url": None}
    assert sorted(found, key=lambda hit: str(hit["type"])) == [
        {
            "type": "item", "id": item["id"], "name": item["name"], "description": "Copper", "price": "10.00",
            "final_price": "5.00", "tags": ["tea"], "owner": whose,
        },
        {
            "type": "post", "id": post["id"], "title": post["title"], "excerpt": "é" * 200, "tags": ["news"],
            "author": whose, "published_at": post["published_at"],
        },
        {
            "type": "user", "id": ada.id, "username": ada.user["username"], "full_name": f"Ada {mark}",
            "avatar_url": None,
        },
    ]  # fmt: skip


async def test_names_come_before_bodies_and_the_newest_first_whatever_it_is(
    client: httpx.AsyncClient, somebody: Person
) -> None:
    mark = unique("w")
    made = []
    for number in range(2):
        made.append(await offer(client, somebody, name="plain", description=f"with {mark}"))
        made.append(await write(client, somebody, title=f"{mark} {number}"))
        made.append((await sign_up(client, full_name=f"{number} {mark}")).user)
        made.append(await offer(client, somebody, name=f"{number} {mark}s"))
        made.append(await write(client, somebody, title="plain", content=f"of {mark}"))
    newest = sorted(sorted(made, key=lambda each: each["id"]), key=lambda each: each["created_at"], reverse=True)
    named = [each["id"] for each in newest if mark in str([each.get(name) for name in ("name", "title", "full_name")])]
    mentioned = [each["id"] for each in newest if each["id"] not in named]

    assert await ids(client, somebody, mark) == named + mentioned
    for size in (1, 3, 4):
        paged = [await read(client, SEARCH, somebody, q=mark, size=size, page=number) for number in range(1, 11)]
        assert [hit["id"] for page in paged for hit in page["items"]][:10] == named + mentioned
        assert {page["total"] for page in paged} == {10}
        walked, cursor = [], ""
        while cursor is not None:
            part = await read(client, SEARCH, somebody, q=mark, size=size, cursor=cursor)
            walked += [hit["id"] for hit in part["items"]]
            cursor = part["next_cursor"]
        assert walked == named + mentioned


async def test_types_narrow_what_is_found(client: httpx.AsyncClient, somebody: Person) -> None:
    mark = unique("w")
    person = await sign_up(client, full_name=mark)
    post = await write(client, somebody, title=mark)
    item = await offer(client, somebody, name=mark)

    assert await ids(client, somebody, mark, types="item") == [item["id"]]
    assert set(await ids(client, somebody, mark, types="post,user")) == {post["id"], person.id}
    assert set(await ids(client, somebody, mark, types=["item", "post"])) == {item["id"], post["id"]}
    assert await ids(client, None, mark, types="user") == []


async def test_people_are_found_by_those_who_are_signed_in_alone(client: httpx.AsyncClient, somebody: Person) -> None:
    mark = unique("w")
    person = await sign_up(client, full_name=f"Émile {mark}", username=f"{mark}_x")

    assert await ids(client, None, mark) == []
    assert await ids(client, somebody, f"{mark}_x") == await ids(client, somebody, f"ÉMILE {mark[:-2]}") == [person.id]
    assert await ids(client, person, mark) == [person.id]


async def test_people_are_not_found_by_their_address(client: httpx.AsyncClient, somebody: Person) -> None:
    mark = unique("w")
    await sign_up(client, email=f"{mark}@{mark}.example.com")

    assert await ids(client, somebody, mark) == []


async def test_a_person_is_found_by_the_name_they_have_now(client: httpx.AsyncClient, somebody: Person) -> None:
    before, after = unique("w"), unique("v")
    person = await sign_up(client, full_name=before)

    await client.patch(f"{API}/users/me", json={"full_name": after}, headers=person.headers)

    assert (await ids(client, somebody, before), await ids(client, somebody, after)) == ([], [person.id])


async def test_nobody_finds_whoever_is_deactivated_or_has_left(
    client: httpx.AsyncClient, somebody: Person, admin: Person
) -> None:
    mark = unique("w")
    shut_out, leaver = await sign_up(client, full_name=mark), await sign_up(client, full_name=mark)
    url = f"{API}/users/{shut_out.id}"
    await client.patch(url, json={"is_active": False}, headers=admin.headers)
    await client.delete(f"{API}/users/me", headers=leaver.headers)

    for person in (somebody, admin):
        assert await ids(client, person, mark) == []
        assert leaver.id not in await ids(client, person, "deleted")
    await client.patch(url, json={"is_active": True}, headers=admin.headers)
    assert await ids(client, somebody, mark) == [shut_out.id]


async def test_private_things_are_found_by_whose_they_are_with_their_scope(
    client: httpx.AsyncClient, somebody: Person, stranger: Person, staff: Person
) -> None:
    mark = unique("w")
    item = await offer(client, somebody, name=mark, is_public=False)
    draft = await write(client, somebody, title=mark, status="draft")

    for person in (None, stranger, staff):
        assert await ids(client, person, mark) == []
    assert set(await ids(client, somebody, mark)) == {item["id"], draft["id"]}
    for scope, found in (("items:read", [item["id"]]), ("posts:read", [draft["id"]]), ("todos:read", [])):
        narrow = await limited(client, somebody, scope)
        body = (await client.get(SEARCH, params={"q": mark}, headers=narrow)).json()
        assert ([hit["id"] for hit in body["items"]], body["total"]) == (found, len(found))


async def test_what_is_changed_withdrawn_or_published_is_found_so_at_once(
    client: httpx.AsyncClient, somebody: Person
) -> None:
    mark, other = unique("w"), unique("v")
    item, post = await offer(client, somebody, name=mark), await write(client, somebody, title=mark, status="draft")
    here, there = f"{API}/items/{item['id']}", f"{POSTS}/{post['id']}"

    assert await ids(client, None, mark) == [item["id"]]
    await client.post(f"{there}/publish", headers=somebody.headers)
    assert set(await ids(client, None, mark)) == {post["id"], item["id"]}
    await client.patch(here, json={"is_public": False}, headers=somebody.headers)
    await comment(client, somebody, post, "it counts")
    assert await ids(client, None, mark) == [post["id"]]
    await client.patch(there, json={"title": "renamed", "content": other}, headers=somebody.headers)
    assert (await ids(client, None, mark), await ids(client, None, other)) == ([], [post["id"]])
    await client.delete(there, headers=somebody.headers)
    assert await ids(client, somebody, other) == []
    await client.delete(here, headers=somebody.headers)
    assert await ids(client, somebody, mark) == []


async def test_stock_that_moves_leaves_an_item_found(client: httpx.AsyncClient, somebody: Person) -> None:
    mark = unique("w")
    item = await offer(client, somebody, name=mark, stock=5)
    patched = [
        client.patch(f"{API}/items/{item['id']}", json={"stock": stock}, headers=somebody.headers) for stock in range(5)
    ]

    assert {response.status_code for response in await asyncio.gather(*patched)} <= {200, 409}
    assert await ids(client, None, mark) == [item["id"]]


@pytest.mark.parametrize("q", ["%", "_", "*:*", '"', "'; --", "!&|", "(", "\\", "😀", ":*"])
async def test_a_query_without_a_word_finds_nothing(client: httpx.AsyncClient, somebody: Person, q: str) -> None:
    await write(client, somebody, title=q)

    assert await hits(client, somebody, q) == []
    assert (await client.get(SEARCH, params={"q": q, "cursor": ""})).json() == {"items": [], "next_cursor": None}


@pytest.mark.parametrize(
    "params",
    [
        {}, {"q": ""}, {"q": "  "}, {"q": "x" * 201}, {"q": "a", "types": "order"}, {"q": "a", "types": ""},
        {"q": "a", "types": "item,"}, {"q": "a", "page": 1, "cursor": ""}, {"q": "a\0"},
    ],
    ids=str,
)  # fmt: skip
async def test_what_cannot_be_looked_for_is_refused(memory: httpx.AsyncClient, params: dict[str, Any]) -> None:
    locations(await memory.get(SEARCH, params=params))


async def test_two_hundred_characters_may_be_looked_for(client: httpx.AsyncClient, somebody: Person) -> None:
    title = f"{unique('w')} " * 12
    post = await write(client, somebody, title=title[:200])

    assert await ids(client, None, title[:200]) == [post["id"]]


async def test_a_bad_credential_is_refused_though_anybody_may_search(memory: httpx.AsyncClient) -> None:
    response = await memory.get(SEARCH, params={"q": "a"}, headers={"Authorization": "Bearer x"})

    problem(response, 401, "unauthenticated")
