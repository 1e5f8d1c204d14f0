"""What admins do to others, and that one of them always stays."""

import asyncio
from collections.abc import AsyncIterator

import httpx
import pytest
import pytest_asyncio

from tests.http.client import ADMIN, API, Person, api_key, limited, locations, problem, serving, sign_in, sign_up
from tests.stores import fresh_url

ME = f"{API}/users/me"


async def administer(
    client: httpx.AsyncClient, admin: Person, id: str, headers: dict[str, str] | None = None, **changes: object
) -> httpx.Response:
    return await client.patch(f"{API}/users/{id}", json=changes, headers={**admin.headers, **(headers or {})})


@pytest_asyncio.fixture(loop_scope="session")
async def alone(store: str) -> AsyncIterator[tuple[httpx.AsyncClient, Person]]:
    """An application with a store of its own, whose only admin is the one that is given."""
    async with fresh_url(store) as url, serving(url) as served:
        tokens = await sign_in(served.client, ADMIN["admin_username"])
        headers = {"Authorization": f"Bearer {tokens['access_token']}"}
        yield served.client, Person((await served.client.get(ME, headers=headers)).json(), tokens)


async def test_a_role_is_given_and_taken(client: httpx.AsyncClient, somebody: Person, admin: Person) -> None:
    for role in ("staff", "admin", "customer"):
        response = await administer(client, admin, somebody.id, role=role)
        assert (response.status_code, response.json()["role"]) == (200, role)

    assert (await client.get(ME, headers=somebody.headers)).json()["role"] == "customer"


async def test_an_inactive_account_stops_at_once(client: httpx.AsyncClient, somebody: Person, admin: Person) -> None:
    key = await api_key(client, somebody)
    for headers in (somebody.headers, key):
        assert (await client.get(ME, headers=headers)).status_code == 200

    response = await administer(client, admin, somebody.id, is_active=False)

    assert response.json()["is_active"] is False
    for headers in (somebody.headers, key):
        problem(await client.get(ME, headers=headers), 401, "unauthenticated")


async def test_who_is_active_again_signs_in_anew(client: httpx.AsyncClient, somebody: Person, admin: Person) -> None:
    key = await api_key(client, somebody)
    for active in (False, True):
        await administer(client, admin, somebody.id, is_active=active)

    again = await sign_in(client, somebody.user["username"])

    assert (await client.get(ME, headers={"Authorization": f"Bearer {again['access_token']}"})).status_code == 200
    for headers in (somebody.headers, key):
        problem(await client.get(ME, headers=headers), 401, "unauthenticated")


async def test_what_a_role_allowed_stops_at_once(client: httpx.AsyncClient, staff: Person, admin: Person) -> None:
    assert (await client.get(f"{API}/users", headers=staff.headers)).status_code == 200

    await administer(client, admin, staff.id, role="customer")

    problem(await client.get(f"{API}/users", headers=staff.headers), 403, "insufficient_scope")
    assert (await client.get(ME, headers=staff.headers)).status_code == 200


async def test_versions_are_looked_at(client: httpx.AsyncClient, somebody: Person, admin: Person) -> None:
    tag = (await client.get(f"{API}/users/{somebody.id}", headers=admin.headers)).headers["etag"]

    first = await administer(client, admin, somebody.id, {"If-Match": tag}, role="staff")
    second = await administer(client, admin, somebody.id, {"If-Match": tag}, role="customer")
    same = await administer(client, admin, somebody.id, role="staff")

    assert first.status_code == 200
    problem(second, 412, "precondition_failed")
    assert same.headers["etag"] == first.headers["etag"]


@pytest.mark.parametrize(
    ("changes", "at"),
    [
        ({"role": "boss"}, "role"),
        ({"role": None}, "role"),
        ({"role": 1}, "role"),
        ({"is_active": "no"}, "is_active"),
        ({"is_active": None}, "is_active"),
        ({"is_active": 0}, "is_active"),
        ({"full_name": "x"}, "full_name"),
        ({"username": "x"}, "username"),
    ],
    ids=str,
)
async def test_what_does_not_fit_changes_nothing(
    client: httpx.AsyncClient, somebody: Person, admin: Person, changes: dict[str, object], at: str
) -> None:
    assert locations(await administer(client, admin, somebody.id, **changes)) == [["body", at]]

    assert (await client.get(ME, headers=somebody.headers)).json() == somebody.user


async def test_only_admins_may(client: httpx.AsyncClient, somebody: Person, staff: Person, admin: Person) -> None:
    narrow = await limited(client, admin, "users:read")

    for person in (somebody, staff):
        problem(await administer(client, person, person.id, role="admin"), 403, "insufficient_scope")
    problem(await administer(client, admin, somebody.id, narrow, role="admin"), 403, "insufficient_scope")
    problem(await client.patch(f"{API}/users/{somebody.id}", json={"role": "admin"}), 401, "unauthenticated")


@pytest.mark.parametrize("id", ["0197aaaa-0000-7000-8000-000000000000", "nonsense"])
async def test_who_is_not_there_is_not_found(client: httpx.AsyncClient, admin: Person, id: str) -> None:
    problem(await administer(client, admin, id, role="staff"), 404, "not_found")


async def test_the_last_admin_stays_one(alone: tuple[httpx.AsyncClient, Person]) -> None:
    client, root = alone
    other = await sign_up(client)
    await administer(client, root, other.id, role="admin")
    await administer(client, root, other.id, is_active=False)

    for changes in ({"role": "staff"}, {"role": "customer"}, {"is_active": False}):
        problem(await administer(client, root, root.id, **changes), 409, "last_admin")
    problem(await client.delete(ME, headers=root.headers), 409, "last_admin")

    assert (await client.get(ME, headers=root.headers)).json()["role"] == "admin"


async def test_an_admin_may_go_while_another_stays(alone: tuple[httpx.AsyncClient, Person]) -> None:
    client, root = alone
    other = await sign_up(client)
    await administer(client, root, other.id, role="admin")

    assert (await client.delete(ME, headers=root.headers)).status_code == 204

    again = await sign_in(client, other.user["username"])
    problem(await client.delete(ME, headers={"Authorization": f"Bearer {again['access_token']}"}), 409, "last_admin")


async def test_of_two_admins_who_demote_each_other_at_once_one_stays(
    alone: tuple[httpx.AsyncClient, Person],
) -> None:
    client, root = alone
    other = await sign_up(client)
    for _ in range(5):
        await administer(client, root, other.id, role="admin", is_active=True)
        rival = Person(other.user, await sign_in(client, other.user["username"]))

        responses = await asyncio.gather(
            administer(client, root, rival.id, role="customer"), administer(client, rival, root.id, role="customer")
        )

        statuses = sorted(response.status_code for response in responses)
        assert statuses in ([200, 403], [200, 409]), [response.text for response in responses]
        if responses[0].status_code != 200:
            root, other = rival, root
            root = Person(root.user, await sign_in(client, root.user["username"]))
