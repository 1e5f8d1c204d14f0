"""Lists as pages."""

from dataclasses import dataclass
from typing import Any
from urllib.parse import parse_qsl, urlsplit

import httpx
import pytest
import pytest_asyncio

from tests.http.client import API, Person, locations, offer

ITEMS, MINE = f"{API}/items", f"{API}/users/me/items"


@dataclass(frozen=True)
class Seller(Person):
    """Somebody with seven items, `0` to `6`, each cheaper than the one before; `newest` are their names."""

    newest: tuple[str, ...] = ()


@pytest_asyncio.fixture(loop_scope="session")
async def seller(client: httpx.AsyncClient, somebody: Person) -> Seller:
    items = [await offer(client, somebody, name=str(n), price=10 - n, tags=["some tag"]) for n in range(7)]
    return Seller(somebody.user, somebody.tokens, newest=in_order(items, descending=True))


def in_order(items: list[dict[str, Any]], *, descending: bool) -> tuple[str, ...]:
    """Their names by time, those of one millisecond by ascending id."""
    by_id = sorted(items, key=lambda item: str(item["id"]))
    return tuple(item["name"] for item in sorted(by_id, key=lambda item: item["created_at"], reverse=descending))


def links(response: httpx.Response) -> dict[str, dict[str, str]]:
    """The parameters of each link, which have to lead to the same list."""
    found: dict[str, dict[str, str]] = {}
    for rel, link in response.links.items():
        url = urlsplit(link["url"])
        assert (url.scheme, url.netloc, url.path) == ("http", "portico.test", response.request.url.path)
        found[rel] = dict(parse_qsl(url.query))
    return found


def pages(**numbers: int) -> dict[str, dict[str, str]]:
    return {rel: {"size": "3", "page": str(number)} for rel, number in numbers.items()}


def names(response: httpx.Response) -> list[str]:
    return [each["name"] for each in response.json()["items"]]


async def test_pages_hold_everything_once_newest_first(client: httpx.AsyncClient, seller: Seller) -> None:
    found = [await client.get(f"{MINE}?size=3&page={page}", headers=seller.headers) for page in (1, 2, 3)]

    assert [names(each) for each in found] == [[*seller.newest[:3]], [*seller.newest[3:6]], [*seller.newest[6:]]]
    for number, each in enumerate(found, 1):
        assert {name: value for name, value in each.json().items() if name != "items"} == {
            "total": 7, "page": number, "size": 3, "pages": 3,
        }  # fmt: skip


async def test_links_lead_through_the_pages(client: httpx.AsyncClient, seller: Seller) -> None:
    found = [await client.get(f"{MINE}?size=3&page={page}", headers=seller.headers) for page in (1, 2, 3)]

    assert [links(each) for each in found] == [
        pages(first=1, next=2, last=3),
        pages(first=1, prev=1, next=3, last=3),
        pages(first=1, prev=2, last=3),
    ]
    for each in found:
        for rel in each.links.values():
            assert (await client.get(rel["url"], headers=seller.headers)).status_code == 200


@pytest.mark.parametrize("page", [1_000_000, 2**53 - 1])
async def test_past_the_end_there_is_nothing_and_prev_is_the_last_page(
    client: httpx.AsyncClient, seller: Seller, page: int
) -> None:
    response = await client.get(f"{MINE}?size=3&page={page}", headers=seller.headers)

    assert (response.status_code, response.json()["items"], response.json()["total"]) == (200, [], 7)
    assert links(response) == pages(first=1, prev=3, last=3)


async def test_an_empty_list_has_no_pages(client: httpx.AsyncClient, stranger: Person) -> None:
    response = await client.get(MINE, headers=stranger.headers)

    assert response.json() == {"items": [], "total": 0, "page": 1, "size": 20, "pages": 0}
    assert set(links(response)) <= {"first", "last"}


async def test_without_parameters_it_is_the_first_page_of_twenty(client: httpx.AsyncClient, seller: Seller) -> None:
    response = await client.get(MINE, headers=seller.headers)

    assert {name: response.json()[name] for name in ("page", "size", "pages")} == {"page": 1, "size": 20, "pages": 1}


async def test_links_keep_all_other_parameters(client: httpx.AsyncClient, seller: Seller) -> None:
    query = [("size", "2"), ("tags", "some tag"), ("tags", "SOME TAG"), ("owner", seller.id), ("unknown", "ä&=#<>, ;")]

    for begin in ({"page": "1"}, {"cursor": ""}):
        response = await client.get(ITEMS, params=[*query, *begin.items()])

        kept = parse_qsl(urlsplit(response.links["next"]["url"]).query)
        assert kept[:-1] == query
        assert (await client.get(response.links["next"]["url"])).json()["items"] != response.json()["items"]


@pytest.mark.parametrize(
    "query",
    [
        "page=0", "page=-1", "page=x", "page=", "page=1.0", "page=1e1", "page=+1", "page=%201", "page=1_0",
        "page=%D9%A1", "page=10000000000000000000000000000000", "page=9007199254740992", "size=0", "size=101",
        "size=-1", "size=x", "size=", "size=1000000000000000000000000000000", "size=0x10", "size=2.5", "sort_by=colour",
        "sort_by=", "sort_by=name,price", "sort_by=--name", "sort_by=%2Bname", "sort_by=Name", "sort_by=-",
        "in_stock=maybe", "in_stock=", "in_stock=1", "min_price=x", "min_price=-1", "max_price=1e3", "min_price=",
        "owner=me", "owner=", "q=ab", "q=%20%20%20a", "q=%00abc", "tags=", "tags=%00",
    ],
)  # fmt: skip
async def test_a_known_parameter_with_a_bad_value_is_refused(memory: httpx.AsyncClient, query: str) -> None:
    response = await memory.get(f"{ITEMS}?{query}")

    assert locations(response)[0][:2] == ["query", query.partition("=")[0]]


async def test_a_page_and_a_cursor_at_once_are_refused(memory: httpx.AsyncClient) -> None:
    response = await memory.get(f"{ITEMS}?page=1&cursor=")

    assert locations(response) == [["query"]]


async def test_unknown_parameters_are_ignored(client: httpx.AsyncClient, seller: Seller) -> None:
    plain = await client.get(MINE, headers=seller.headers)
    strange = await client.get(f"{MINE}?sort=x&Page=0&page[]=0&&=&%ff=%ff&{'x=1&' * 500}", headers=seller.headers)

    assert strange.json() == plain.json()


async def sorted_by(client: httpx.AsyncClient, seller: Seller, sort: str, begin: str) -> list[str]:
    """The names that one meets, following the links."""
    found, url = [], f"{ITEMS}?owner={seller.id}&sort_by={sort}&size=3&{begin}"
    while url:
        response = await client.get(url)
        found += names(response)
        url = response.links.get("next", {}).get("url", "")
    return found


@pytest.mark.parametrize("begin", ["page=1", "cursor="])
@pytest.mark.parametrize(
    ("sort", "order"),
    [
        ("name", ["0", "1", "2", "3", "4", "5", "6"]), ("-name", ["6", "5", "4", "3", "2", "1", "0"]),
        ("price", ["6", "5", "4", "3", "2", "1", "0"]), ("-price", ["0", "1", "2", "3", "4", "5", "6"]),
    ],
)  # fmt: skip
async def test_a_list_is_sorted_as_asked(
    client: httpx.AsyncClient, seller: Seller, sort: str, order: list[str], begin: str
) -> None:
    assert await sorted_by(client, seller, sort, begin) == order


@pytest.mark.parametrize("begin", ["page=1", "cursor="])
async def test_a_list_is_sorted_by_time_both_ways(client: httpx.AsyncClient, seller: Seller, begin: str) -> None:
    items = (await client.get(MINE, headers=seller.headers)).json()["items"]

    assert await sorted_by(client, seller, "date", begin) == [*in_order(items, descending=False)]
    assert await sorted_by(client, seller, "-date", begin) == [*seller.newest]
