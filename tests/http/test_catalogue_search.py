"""Finding items by words: which are found, and which come first."""

from typing import Any

import httpx
import pytest

from tests.http.client import API, Person, locations, offer, unique

ITEMS = f"{API}/items"


async def found(client: httpx.AsyncClient, q: str, **params: Any) -> list[str]:
    """The names, as ranked."""
    response = await client.get(ITEMS, params={"q": q, "size": 100, **params})
    assert response.status_code == 200, response.text
    assert response.json()["total"] == len(response.json()["items"])
    return [item["name"] for item in response.json()["items"]]


def newest(items: list[dict[str, Any]]) -> list[str]:
    """The names in the order that equals have."""
    return [
        item["name"]
        for item in sorted(sorted(items, key=lambda i: i["id"]), key=lambda i: i["created_at"], reverse=True)
    ]


async def test_all_words_must_be_there_and_the_last_by_its_beginning(
    client: httpx.AsyncClient, somebody: Person
) -> None:
    mark = unique("w")
    whole = f"{mark} copper kettle"
    await offer(client, somebody, name=whole)
    await offer(client, somebody, name=f"{mark} copper pan")
    await offer(client, somebody, name=f"{mark} kettles")

    assert await found(client, f"{mark} copper ket") == [whole]
    assert await found(client, f"kettle copper {mark}") == [whole]
    assert await found(client, f"{mark} copp kettle") == []
    assert await found(client, f"{mark} copper kettlex") == []
    assert sorted(await found(client, f"{mark} ket")) == sorted([whole, f"{mark} kettles"])


async def test_a_word_may_be_in_the_name_and_another_in_the_description(
    client: httpx.AsyncClient, somebody: Person
) -> None:
    mark = unique("w")
    await offer(client, somebody, name=f"{mark} pot", description="holds a LITRE, or two")

    assert await found(client, f"litre {mark}") == [f"{mark} pot"]
    assert await found(client, f"{mark} two") == [f"{mark} pot"]


async def test_a_name_comes_before_a_description_and_the_newest_first(
    client: httpx.AsyncClient, somebody: Person
) -> None:
    mark = unique("w")
    named = [await offer(client, somebody, name=f"{mark} {number}") for number in range(3)]
    described = [
        await offer(client, somebody, name=f"other {number}", description=f"about {mark}") for number in range(3)
    ]
    named.append(await offer(client, somebody, name=f"{mark} last", description=mark))

    assert await found(client, mark) == newest(named) + newest(described)


async def test_pages_and_walks_go_through_the_ranks_without_loss(client: httpx.AsyncClient, somebody: Person) -> None:
    mark = unique("w")
    for number in range(4):
        await offer(client, somebody, name=f"{mark} {number}")
        await offer(client, somebody, name=f"other {number}", description=mark)
    ranked = await found(client, mark)

    for size in (1, 3, 4, 5):
        paged: list[str] = []
        for page in range(1, 9):
            body = (await client.get(ITEMS, params={"q": mark, "size": size, "page": page})).json()
            paged += [item["name"] for item in body["items"]]
            assert (body["total"], body["pages"]) == (8, -(-8 // size))
        walked: list[str] = []
        cursor: str | None = ""
        while cursor is not None:
            body = (await client.get(ITEMS, params={"q": mark, "size": size, "cursor": cursor})).json()
            walked += [item["name"] for item in body["items"]]
            cursor = body["next_cursor"]
        assert paged == walked == ranked


@pytest.mark.parametrize(
    ("name", "q"),
    [
        ("STRASSE", "straße"),
        ("Straße", "STRASSE"),
        ("ǅungla", "ǆungla"),
        ("Ｆｕｌｌｗｉｄｔｈ", "fullwidth"),
        ("ﬁnest", "FINEST"),
        ("cafe\u0301", "CAFÉ"),
        ("Ὀδυσσεύς", "ὀδυσσεύσ"),
        ("東京タワー", "東京タ"),
        ("x2000 mark", "x2000"),
        ("Ⅷ. part", "viii"),
    ],
)
async def test_case_and_form_do_not_matter(client: httpx.AsyncClient, somebody: Person, name: str, q: str) -> None:
    mark = unique("w")
    item = await offer(client, somebody, name=f"{mark} {name}")

    assert await found(client, f"{mark} {q}") == [item["name"]]


@pytest.mark.parametrize(
    "between", ["-", "_", ".", "/", "'", "%", "*", "(", "\n", " \t ", "&", "|", "!", ":", '"', "😀", "\\"], ids=repr
)
async def test_what_is_neither_letter_nor_digit_parts_words(
    client: httpx.AsyncClient, somebody: Person, between: str
) -> None:
    mark = unique("w")
    item = await offer(client, somebody, name=f"{mark}{between}pot")

    assert await found(client, f"pot {mark}") == [item["name"]]
    assert await found(client, f"{mark}{between}po") == [item["name"]]


@pytest.mark.parametrize("q", ["%%%", "___", "...", "*:*", "---", '"""', "'; --", "!&|", "(((", "\\\\\\", "😀😀😀"])
async def test_a_query_without_a_word_finds_nothing(client: httpx.AsyncClient, somebody: Person, q: str) -> None:
    await offer(client, somebody, name=q)

    for params in ({"page": 1}, {"cursor": ""}, {"sort_by": "name"}):
        body = (await client.get(ITEMS, params={"q": q, **params})).json()
        assert body["items"] == []
        assert body.get("total", 0) == 0
        assert body.get("next_cursor") is None


@pytest.mark.parametrize("word", ["and", "or", "not", "the", "NEAR", "null", "select", "true"])
async def test_no_word_is_special(client: httpx.AsyncClient, somebody: Person, word: str) -> None:
    mark = unique("w")
    await offer(client, somebody, name=f"{mark} plain")
    exact = await offer(client, somebody, name=f"{mark} {word} it")

    assert await found(client, f"{mark} {word}") == [exact["name"]]
    assert await found(client, f"{word} {mark}") == [exact["name"]]


@pytest.mark.parametrize("q", ["", "ab", " ab ", "a" * 51, "a\0b", "\u0301a"])
async def test_a_query_has_3_to_50_characters(memory: httpx.AsyncClient, q: str) -> None:
    assert locations(await memory.get(ITEMS, params={"q": q})) == [["query", "q"]]


async def test_the_limits_of_a_query_are_inside(client: httpx.AsyncClient, somebody: Person) -> None:
    long = unique("w").ljust(60, "z")
    item = await offer(client, somebody, name=long)

    assert await found(client, long[:50]) == [item["name"]]
    assert (await client.get(ITEMS, params={"q": "abc"})).status_code == 200


async def test_a_change_is_found_at_once_and_what_it_was_is_not(client: httpx.AsyncClient, somebody: Person) -> None:
    before, after = unique("w"), unique("v")
    item = await offer(client, somebody, name="pot", description=before)

    changed = {"name": after, "description": None}
    await client.patch(f"{ITEMS}/{item['id']}", json=changed, headers=somebody.headers)

    assert (await found(client, before), await found(client, after)) == ([], [after])


async def test_a_search_shows_no_private_item_of_another(client: httpx.AsyncClient, somebody: Person) -> None:
    mark = unique("w")
    await offer(client, somebody, name=f"{mark} hidden", is_public=False)

    assert await found(client, mark) == []
    mine = await client.get(ITEMS, params={"q": mark}, headers=somebody.headers)
    assert [item["name"] for item in mine.json()["items"]] == [f"{mark} hidden"]


async def test_sorting_beats_rank(client: httpx.AsyncClient, somebody: Person) -> None:
    mark = unique("w")
    await offer(client, somebody, name=f"b {mark}")
    await offer(client, somebody, name="a", description=mark)
    await offer(client, somebody, name="c", description=mark)

    assert await found(client, mark, sort_by="name") == ["a", f"b {mark}", "c"]
    assert await found(client, mark, sort_by="-name") == ["c", f"b {mark}", "a"]
