"""Tags: how they are kept, how they narrow a list, and how many items have them."""

from typing import Any

import httpx
import pytest

from tests.http.client import API, Person, offer, sign_up, unique

ITEMS = f"{API}/items"
NASTY = ["%", "_", "null", "\\", '"', "'", "{}", "[a]", "$x", "x.y"]


async def tagged(client: httpx.AsyncClient, owner: Person, *tags: str) -> list[str]:
    """The names of their public items that have all of these."""
    response = await client.get(ITEMS, params={"owner": owner.id, "tags": list(tags)})
    assert response.status_code == 200, response.text
    return sorted(item["name"] for item in response.json()["items"])


async def counts(client: httpx.AsyncClient, mark: str) -> list[tuple[str, int]]:
    """Of this test's own tags, in the order answered."""
    rows: list[dict[str, Any]] = (await client.get(f"{API}/tags")).json()
    assert all(row.keys() == {"tag", "count"} for row in rows)
    assert rows == sorted(rows, key=lambda row: (-row["count"], row["tag"]))
    return [(row["tag"].removeprefix(mark), row["count"]) for row in rows if row["tag"].startswith(mark)]


@pytest.mark.parametrize(
    ("given", "kept"),
    [
        (["B", "a", "b", "A"], ["b", "a"]),
        ([" spaced ", "spaced"], ["spaced"]),
        (["STRASSE", "straße", "Straße"], ["strasse"]),
        (["e\u0301", "É"], ["é"]),
        (["a,b", "a", "b"], ["a,b", "a", "b"]),
        (
            ["%", "_", "null", "\\", '"', "'", "{}", "[a]", "$x", "x.y"],
            ["%", "_", "null", "\\", '"', "'", "{}", "[a]", "$x", "x.y"],
        ),
        (["x" * 50], ["x" * 50]),
        ([f"T{n}" for n in range(20)] * 2, [f"t{n}" for n in range(20)]),
    ],
    ids=lambda each: str(each)[:40],
)
async def test_tags_are_folded_without_doubles_in_the_order_given(
    client: httpx.AsyncClient, somebody: Person, given: list[str], kept: list[str]
) -> None:
    item = await offer(client, somebody, tags=given)

    assert item["tags"] == kept
    assert (await client.get(f"{ITEMS}/{item['id']}")).json()["tags"] == kept


async def test_all_the_tags_must_be_there(client: httpx.AsyncClient, somebody: Person) -> None:
    await offer(client, somebody, name="ab", tags=["a", "b"])
    await offer(client, somebody, name="abc", tags=["c", "b", "a"])
    await offer(client, somebody, name="none")

    assert await tagged(client, somebody, "a") == ["ab", "abc"]
    assert await tagged(client, somebody, "b", "a") == ["ab", "abc"]
    assert await tagged(client, somebody, "a", "c") == ["abc"]
    assert await tagged(client, somebody, "a", "a") == ["ab", "abc"]
    assert await tagged(client, somebody, "a", "d") == []


async def test_a_filter_folds_as_well(client: httpx.AsyncClient, somebody: Person) -> None:
    await offer(client, somebody, name="one", tags=["Straße"])

    for tag in ("STRASSE", "straße", " Strasse "):
        assert await tagged(client, somebody, tag) == ["one"]


@pytest.mark.parametrize("tag", ["a,b", "%", "_", "a.b", "*", '"', "\\", "null", "$ne", "[a]", "(", "'"])
async def test_a_tag_is_literal_and_one(client: httpx.AsyncClient, somebody: Person, tag: str) -> None:
    await offer(client, somebody, name="exact", tags=[tag])
    await offer(client, somebody, name="near", tags=["a", "b", "ab", "axb", "x"])

    assert await tagged(client, somebody, tag) == ["exact"]


async def test_an_item_with_several_of_the_tags_is_listed_and_counted_once(
    client: httpx.AsyncClient, somebody: Person
) -> None:
    await offer(client, somebody, tags=["a", "b", "c"])

    body = (await client.get(ITEMS, params={"owner": somebody.id, "tags": ["a", "b", "c"]})).json()

    assert (len(body["items"]), body["total"]) == (1, 1)


async def test_tags_are_counted_most_used_first_then_by_name(client: httpx.AsyncClient, somebody: Person) -> None:
    mark = unique("t")
    other = await sign_up(client)
    for person, tags in ((somebody, "ba"), (other, "bc"), (somebody, "b"), (other, "d")):
        await offer(client, person, tags=[f"{mark}{tag}" for tag in tags])

    assert await counts(client, mark) == [("b", 3), ("a", 1), ("c", 1), ("d", 1)]


async def test_private_and_withdrawn_items_do_not_count(client: httpx.AsyncClient, somebody: Person) -> None:
    mark = unique("t")
    await offer(client, somebody, tags=[f"{mark}x"], is_public=False)
    gone = await offer(client, somebody, tags=[f"{mark}x", f"{mark}y"])
    stays = await offer(client, somebody, tags=[f"{mark}y"])
    await client.delete(f"{ITEMS}/{gone['id']}", headers=somebody.headers)

    assert await counts(client, mark) == [("y", 1)]
    await client.patch(f"{ITEMS}/{stays['id']}", json={"tags": [f"{mark}z"]}, headers=somebody.headers)
    assert await counts(client, mark) == [("z", 1)]
    assert (await client.get(f"{API}/tags", headers=somebody.headers)).status_code == 200
