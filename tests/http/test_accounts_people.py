"""Looking at people: who sees what of whom, several at once, and how staff find them."""

from typing import Any

import httpx
import pytest

from tests.http.client import API, Person, limited, locations, problem, sign_up, unique

USERS = f"{API}/users"
PUBLIC = {"id", "created_at", "username", "full_name", "bio", "avatar_url"}
NOBODY = "0197aaaa-0000-7000-8000-000000000000"


async def find(client: httpx.AsyncClient, person: Person, **params: Any) -> list[str]:
    """The ids of those found."""
    response = await client.get(USERS, params={"size": 100, **params}, headers=person.headers)
    assert response.status_code == 200, response.text
    assert response.json()["total"] >= len(response.json()["items"])
    return [user["id"] for user in response.json()["items"]]


async def test_others_see_the_public_part(client: httpx.AsyncClient, somebody: Person, stranger: Person) -> None:
    response = await client.get(f"{USERS}/{somebody.id}", headers=stranger.headers)

    assert response.json() == {name: value for name, value in somebody.user.items() if name in PUBLIC}
    assert response.headers["etag"]


async def test_oneself_and_staff_see_the_whole(client: httpx.AsyncClient, somebody: Person, staff: Person) -> None:
    for person in (somebody, staff):
        assert (await client.get(f"{USERS}/{somebody.id}", headers=person.headers)).json() == somebody.user


async def test_any_sign_in_will_do_and_none_will_not(client: httpx.AsyncClient, somebody: Person) -> None:
    headers = await limited(client, somebody, "todos:read")

    assert (await client.get(f"{USERS}/{somebody.id}", headers=headers)).status_code == 200
    problem(await client.get(f"{USERS}/{somebody.id}"), 401, "unauthenticated")
    problem(await client.get(f"{USERS}/batch", params={"ids": somebody.id}), 401, "unauthenticated")


@pytest.mark.parametrize("id", [NOBODY, "nonsense", "0" * 36, "%2e%2e", "me%00"])
async def test_who_is_not_there_is_not_found(client: httpx.AsyncClient, somebody: Person, id: str) -> None:
    problem(await client.get(f"{USERS}/{id}", headers=somebody.headers), 404, "not_found")


async def test_an_id_is_read_in_any_case(client: httpx.AsyncClient, somebody: Person) -> None:
    response = await client.get(f"{USERS}/{somebody.id.upper()}", headers=somebody.headers)

    assert response.json()["id"] == somebody.id


async def test_a_batch_keeps_the_order_asked_and_names_the_missing(
    client: httpx.AsyncClient, somebody: Person, stranger: Person
) -> None:
    ids = [stranger.id, NOBODY, somebody.id.upper(), stranger.id, NOBODY]

    body = (await client.get(f"{USERS}/batch", params={"ids": ids}, headers=somebody.headers)).json()

    assert [user["id"] for user in body["items"]] == [stranger.id, somebody.id]
    assert body["missing"] == [NOBODY]
    assert body.keys() == {"items", "missing"}
    assert all(user.keys() == PUBLIC for user in body["items"])


@pytest.mark.parametrize(
    "ids",
    [[], ["nonsense"], [""], [NOBODY] * 101, [f"{NOBODY},{NOBODY}"]],
    ids=["none", "text", "empty", "101", "comma"],
)
async def test_a_batch_is_1_to_100_ids(memory: httpx.AsyncClient, ids: list[str]) -> None:
    person = await sign_up(memory)

    response = await memory.get(f"{USERS}/batch", params={"ids": ids}, headers=person.headers)

    assert {tuple(each[:2]) for each in locations(response)} == {("query", "ids")}


async def test_a_batch_may_have_a_hundred(client: httpx.AsyncClient, somebody: Person) -> None:
    ids = [f"0197aaaa-0000-7000-8000-{number:012x}" for number in range(99)]

    body = (await client.get(f"{USERS}/batch", params={"ids": [*ids, somebody.id]}, headers=somebody.headers)).json()

    assert (len(body["items"]), body["missing"]) == (1, ids)


async def test_staff_find_people_by_how_their_name_or_address_begins(client: httpx.AsyncClient, staff: Person) -> None:
    mark = unique("f")
    by_name = await sign_up(client, username=f"{mark}_a")
    by_address = await sign_up(client, email=f"{mark.upper()}@example.com")
    by_full_name = await sign_up(client, full_name=f"{mark.title()} Ångström")
    await sign_up(client, full_name=f"Not {mark}", username=f"not_{mark}")

    found = await find(client, staff, q=mark.upper())

    assert sorted(found) == sorted([by_name.id, by_address.id, by_full_name.id])
    assert await find(client, staff, q=f"{mark} ÅNG") == [by_full_name.id]


@pytest.mark.parametrize(
    "sign", ["%", "_", "*", ".", "\\", "[a-z]", "(", "'", '"', "?", "^", "$", "{1}", "%%", "_%", "\n"]
)
async def test_what_staff_look_for_is_literal(client: httpx.AsyncClient, staff: Person, sign: str) -> None:
    mark = unique("L")
    exact = await sign_up(client, full_name=f"{mark}{sign}z")
    await sign_up(client, full_name=f"{mark}az")

    assert await find(client, staff, q=f"{mark}{sign}z") == [exact.id]


async def test_what_begins_with_the_next_letter_is_not_found(client: httpx.AsyncClient, staff: Person) -> None:
    mark = unique("L")
    people = [await sign_up(client, full_name=f"{mark}{letter}") for letter in "abc"]

    assert await find(client, staff, q=f"{mark}b") == [people[1].id]


async def test_people_are_narrowed_by_role_and_standing(
    client: httpx.AsyncClient, staff: Person, admin: Person
) -> None:
    mark = unique("n")
    people = {name: await sign_up(client, full_name=f"{mark} {name}") for name in ("plain", "gone", "helper")}
    await client.patch(f"{USERS}/{people['gone'].id}", json={"is_active": False}, headers=admin.headers)
    await client.patch(f"{USERS}/{people['helper'].id}", json={"role": "staff"}, headers=admin.headers)

    async def names(**params: Any) -> set[str]:
        found = await find(client, staff, q=mark, **params)
        return {name for name, person in people.items() if person.id in found}

    assert await names() == {"plain", "gone", "helper"}
    assert await names(role="customer") == {"plain", "gone"}
    assert await names(role="staff") == {"helper"}
    assert await names(role="admin") == set()
    assert await names(is_active="false") == {"gone"}
    assert await names(role="customer", is_active="true") == {"plain"}


async def test_people_are_listed_newest_first_and_whole(client: httpx.AsyncClient, staff: Person) -> None:
    mark = unique("o")
    made = [(await sign_up(client, full_name=f"{mark} {number}")).user for number in range(3)]

    response = await client.get(USERS, params={"q": mark}, headers=staff.headers)

    newest = sorted(sorted(made, key=lambda user: user["id"]), key=lambda user: user["created_at"], reverse=True)
    assert response.json()["items"] == newest


@pytest.mark.parametrize(
    "params",
    [{"q": ""}, {"q": "a" * 51}, {"q": " "}, {"role": "boss"}, {"is_active": "yes"}, {"is_active": ""}, {"size": 0}],
    ids=str,
)
async def test_a_known_parameter_with_a_bad_value_is_refused(
    client: httpx.AsyncClient, staff: Person, params: dict[str, Any]
) -> None:
    response = await client.get(USERS, params=params, headers=staff.headers)

    assert locations(response) == [["query", *params]]


async def test_customers_do_not_list_people(client: httpx.AsyncClient, somebody: Person, staff: Person) -> None:
    problem(await client.get(USERS, headers=somebody.headers), 403, "insufficient_scope")
    problem(await client.get(USERS, headers=await limited(client, staff, "items:read")), 403, "insufficient_scope")
    problem(await client.get(USERS), 401, "unauthenticated")
