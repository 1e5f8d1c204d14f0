"""Who is asking: what counts as a credential, and what answers to everything else."""

import httpx
import pytest

from tests.http.client import API, Person, api_key, limited, offer, problem

ME, ITEMS = f"{API}/users/me", f"{API}/items"


def refused(response: httpx.Response) -> None:
    problem(response, 401, "unauthenticated")
    assert response.headers["www-authenticate"] == "Bearer"


async def test_without_credentials_the_answer_says_how_to_bring_some(client: httpx.AsyncClient) -> None:
    refused(await client.get(ME))


async def test_a_token_and_a_key_name_the_same_person(client: httpx.AsyncClient, somebody: Person) -> None:
    key = await api_key(client, somebody)

    by_token, by_key = [await client.get(ME, headers=each) for each in (somebody.headers, key)]

    assert by_token.json() == by_key.json() == somebody.user


@pytest.mark.parametrize("scheme", ["bearer", "BEARER", "Bearer "])
async def test_the_scheme_is_read_without_regard_to_case(
    memory: httpx.AsyncClient, member: Person, scheme: str
) -> None:
    response = await memory.get(ME, headers={"Authorization": f"{scheme} {member.tokens['access_token']}"})

    assert response.status_code == 200


@pytest.mark.parametrize(
    "value", ["", "Bearer", "Bearer ", "Basic cm9vdDpyb290", "Token x", "x", "Bearer a b", "Bearer a.b"]
)
async def test_what_is_no_bearer_token_is_refused(memory: httpx.AsyncClient, value: str) -> None:
    refused(await memory.get(ME, headers={"Authorization": value}))


@pytest.mark.parametrize("key", ["", "x", "x" * 100_000, "\xff\xfe", "pk_" + "0" * 40])
async def test_an_unknown_key_is_refused(client: httpx.AsyncClient, key: str) -> None:
    refused(await client.get(ME, headers={"X-API-Key": key.encode("latin-1")}))


async def test_two_credentials_are_one_too_many(client: httpx.AsyncClient, somebody: Person) -> None:
    key = await api_key(client, somebody)
    token = somebody.headers["Authorization"]

    for headers in (
        [("Authorization", token), *key.items()],
        [("Authorization", token), ("Authorization", token)],
        [*key.items(), *key.items()],
        [("Authorization", "Basic x"), *key.items()],
    ):
        refused(await client.get(ME, headers=headers))


@pytest.mark.parametrize("path", [ITEMS, f"{API}/tags", f"{API}/info", f"{ITEMS}/none"])
@pytest.mark.parametrize(
    "headers", [{"Authorization": "Bearer x"}, {"X-API-Key": "x"}, {"Authorization": "Basic eDp4"}]
)
async def test_a_bad_credential_is_refused_even_on_public_reads(
    memory: httpx.AsyncClient, path: str, headers: dict[str, str]
) -> None:
    refused(await memory.get(path, headers=headers))


async def test_a_missing_scope_is_named(client: httpx.AsyncClient, somebody: Person) -> None:
    headers = await limited(client, somebody, "items:read")

    response = await client.post(ITEMS, json={}, headers=headers)

    problem(response, 403, "insufficient_scope")
    assert response.headers["www-authenticate"] == 'Bearer error="insufficient_scope", scope="items:write"'


async def test_the_scope_alone_does_not_make_a_role(client: httpx.AsyncClient, somebody: Person) -> None:
    response = await client.get(f"{API}/users", headers=somebody.headers)

    problem(response, 403, "insufficient_scope")


async def test_a_key_may_not_look_after_the_account(client: httpx.AsyncClient, somebody: Person) -> None:
    key = await api_key(client, somebody)

    for method, path in (("GET", "/auth/api-keys"), ("GET", "/auth/sessions"), ("DELETE", "/users/me")):
        problem(await client.request(method, f"{API}{path}", headers=key), 403, "forbidden")


async def test_anothers_private_thing_is_not_there_and_ones_own_lacks_a_scope(
    client: httpx.AsyncClient, somebody: Person, stranger: Person
) -> None:
    mine = await offer(client, somebody, is_public=False)
    theirs = await offer(client, stranger, is_public=False)
    headers = await limited(client, somebody, "profile:read")

    anonymous = await client.get(f"{ITEMS}/{mine['id']}")
    own = await client.get(f"{ITEMS}/{mine['id']}", headers=headers)
    others = await client.get(f"{ITEMS}/{theirs['id']}", headers=headers)

    problem(anonymous, 404, "not_found")
    problem(own, 403, "insufficient_scope")
    problem(others, 404, "not_found")
