"""To-dos: noting, changing, completing and dropping one's own, and nobody else's."""

from typing import Any

import httpx
import pytest

from tests.http.client import API, Person, limited, locations, problem

TODOS = f"{API}/todos"
MEMBERS = {
    "id", "created_at", "updated_at", "title", "description", "priority", "due_at", "done", "completed_at"
}  # fmt: skip
DUE = "2030-01-02T03:04:05.678Z"


async def note(client: httpx.AsyncClient, person: Person, **over: Any) -> dict[str, Any]:
    response = await client.post(TODOS, json={"title": "Descale", **over}, headers=person.headers)
    assert response.status_code == 201, response.text
    todo: dict[str, Any] = response.json()
    return todo


async def test_a_new_one_has_its_defaults(client: httpx.AsyncClient, somebody: Person) -> None:
    response = await client.post(TODOS, json={"title": "  Descale "}, headers=somebody.headers)

    made = response.json()
    assert response.status_code == 201
    assert response.headers["location"] == f"{TODOS}/{made['id']}"
    assert made.keys() == MEMBERS
    shown = [made[name] for name in ("title", "description", "priority", "due_at", "done", "completed_at")]
    assert shown == ["Descale", None, 3, None, False, None]
    read = await client.get(response.headers["location"], headers=somebody.headers)
    assert (read.json(), read.headers["etag"]) == (made, response.headers["etag"])


async def test_all_that_can_be_said_is_kept(client: httpx.AsyncClient, somebody: Person) -> None:
    said = {"title": "x" * 200, "description": "é" * 5000, "priority": 5, "due_at": "2030-01-02T04:04:05.678999+01:00"}

    made = await note(client, somebody, **said)

    assert {name: made[name] for name in said} == {**said, "due_at": DUE}


@pytest.mark.parametrize(
    ("over", "at"),
    [
        ({"title": ""}, "title"),
        ({"title": " "}, "title"),
        ({"title": "x" * 201}, "title"),
        ({"title": None}, "title"),
        ({"description": "x" * 5001}, "description"),
        ({"priority": 0}, "priority"),
        ({"priority": 6}, "priority"),
        ({"priority": "3"}, "priority"),
        ({"priority": True}, "priority"),
        ({"priority": 3.0}, "priority"),
        ({"due_at": "2030-01-02T03:04:05"}, "due_at"),
        ({"due_at": "3000-01-01T00:00:00Z"}, "due_at"),
        ({"due_at": 1893456000}, "due_at"),
        ({"done": True}, "done"),
        ({"completed_at": DUE}, "completed_at"),
        ({"owner_id": "x"}, "owner_id"),
    ],
    ids=str,
)
async def test_the_wrong_shape_is_refused(
    client: httpx.AsyncClient, somebody: Person, over: dict[str, Any], at: str
) -> None:
    todo = await note(client, somebody)
    body = {"title": "Descale", **over}

    made = await client.post(TODOS, json=body, headers=somebody.headers)
    replaced = await client.put(f"{TODOS}/{todo['id']}", json=body, headers=somebody.headers)
    patched = await client.patch(f"{TODOS}/{todo['id']}", json=over, headers=somebody.headers)

    for response in (made, replaced, patched):
        assert {tuple(each[:2]) for each in locations(response)} == {("body", at)}
    assert (await client.get(f"{TODOS}/{todo['id']}", headers=somebody.headers)).json() == todo


async def test_replacing_takes_what_is_absent_to_its_default_and_leaves_done_alone(
    client: httpx.AsyncClient, somebody: Person
) -> None:
    todo = await note(client, somebody, description="all of it", priority=1, due_at=DUE)
    done = (await client.post(f"{TODOS}/{todo['id']}/complete", headers=somebody.headers)).json()

    response = await client.put(f"{TODOS}/{todo['id']}", json={"title": "Rinse"}, headers=somebody.headers)

    expected = {"title": "Rinse", "description": None, "priority": 3, "due_at": None}
    assert response.status_code == 200
    assert response.json() == {**done, **expected, "updated_at": response.json()["updated_at"]}


async def test_a_patch_changes_what_it_names_and_null_is_the_default(
    client: httpx.AsyncClient, somebody: Person
) -> None:
    todo = await note(client, somebody, description="all of it", priority=1, due_at=DUE)
    path = f"{TODOS}/{todo['id']}"

    response = await client.patch(path, json={"priority": None, "due_at": None}, headers=somebody.headers)

    patched = response.json()
    assert patched == {**todo, "priority": 3, "due_at": None, "updated_at": patched["updated_at"]}
    again = await client.patch(path, json={"priority": 3}, headers=somebody.headers)
    assert (again.json(), again.headers["etag"]) == (patched, response.headers["etag"])


@pytest.mark.parametrize("method", ["PUT", "PATCH", "DELETE", "complete", "reopen"])
async def test_a_version_that_no_longer_holds_changes_nothing(
    client: httpx.AsyncClient, somebody: Person, method: str
) -> None:
    path = f"{TODOS}/{(await note(client, somebody))['id']}"
    now = (await client.patch(path, json={"priority": 1}, headers=somebody.headers)).json()
    headers = {**somebody.headers, "If-Match": '"1"'}
    body = {"json": {"title": "late"}} if method in ("PUT", "PATCH") else {}

    if method.isupper():
        response = await client.request(method, path, headers=headers, **body)  # type: ignore[arg-type]
    else:
        response = await client.post(f"{path}/{method}", headers=headers)

    problem(response, 412, "precondition_failed")
    assert (await client.get(path, headers=somebody.headers)).json() == now


async def test_completing_and_reopening_are_harmless_when_repeated(client: httpx.AsyncClient, somebody: Person) -> None:
    path = f"{TODOS}/{(await note(client, somebody))['id']}"
    for verb, done in (("reopen", False), ("complete", True), ("reopen", False)):
        first = await client.post(f"{path}/{verb}", headers=somebody.headers)
        again = await client.post(f"{path}/{verb}", headers=somebody.headers)

        assert (first.status_code, first.json()["done"]) == (200, done)
        assert (first.json()["completed_at"] is not None) == done
        assert (again.status_code, again.json()) == (200, first.json())
        assert again.headers["etag"] == first.headers["etag"]


async def test_one_that_is_dropped_is_gone(client: httpx.AsyncClient, somebody: Person) -> None:
    path = f"{TODOS}/{(await note(client, somebody))['id']}"

    gone = await client.delete(path, headers=somebody.headers)

    assert (gone.status_code, gone.content) == (204, b"")
    problem(await client.get(path, headers=somebody.headers), 404, "not_found")
    problem(await client.delete(path, headers=somebody.headers), 404, "not_found")


async def test_it_is_its_owners_alone(
    client: httpx.AsyncClient, somebody: Person, stranger: Person, staff: Person, admin: Person
) -> None:
    todo = await note(client, somebody)
    path = f"{TODOS}/{todo['id']}"

    for other in (stranger, staff, admin):
        for method, where, body in (
            ("GET", path, None), ("PUT", path, {"title": "x"}), ("PATCH", path, {"title": "x"}),
            ("DELETE", path, None), ("POST", f"{path}/complete", None), ("POST", f"{path}/reopen", None),
        ):  # fmt: skip
            problem(await client.request(method, where, json=body, headers=other.headers), 404, "not_found")
        listed = (await client.get(TODOS, headers=other.headers)).json()
        assert todo["id"] not in [each["id"] for each in listed["items"]]
    assert (await client.get(path, headers=somebody.headers)).json() == todo


async def test_it_needs_the_scope(client: httpx.AsyncClient, somebody: Person) -> None:
    path = f"{TODOS}/{(await note(client, somebody))['id']}"
    reads, writes = [await limited(client, somebody, f"todos:{verb}") for verb in ("read", "write")]

    problem(await client.get(path), 401, "unauthenticated")
    problem(await client.get(path, headers=writes), 403, "insufficient_scope")
    problem(await client.post(f"{path}/complete", headers=reads), 403, "insufficient_scope")
    assert (await client.get(path, headers=reads)).status_code == 200
    assert (await client.post(f"{path}/complete", headers=writes)).status_code == 200


async def test_a_repeated_request_notes_one(client: httpx.AsyncClient, somebody: Person) -> None:
    headers = {**somebody.headers, "Idempotency-Key": "one"}

    answers = [await client.post(TODOS, json={"title": "Once"}, headers=headers) for _ in range(2)]

    assert answers[0].json() == answers[1].json()
    assert answers[1].headers["idempotency-replayed"] == "true"
    assert (await client.get(TODOS, headers=somebody.headers)).json()["total"] == 1


async def test_they_are_in_the_export_and_go_with_their_owner(
    client: httpx.AsyncClient, served: Any, somebody: Person
) -> None:
    todo = await note(client, somebody, description="private", due_at=DUE)
    export = (await client.get(f"{API}/users/me/export", headers=somebody.headers)).json()

    assert (await client.delete(f"{API}/users/me", headers=somebody.headers)).status_code == 204

    assert export["todos"] == [todo]
    async with served.container.units().open() as unit:
        assert await unit.todos.all_of(somebody.id) == []
