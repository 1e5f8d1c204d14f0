"""Notifications: staff tell somebody, in their inbox and by mail."""

import asyncio
from typing import Any

import httpx
import pytest

from tests.http.client import API, Person, Served, limited, locations, problem, sign_up, unique
from tests.http.mailbox import PATIENCE_S, letter, letters, text_of

TOLD = {"subject": "Your order has left", "message": "It will be with you tomorrow.\nGreetings <b>&</b> tea"}
PATH = f"{API}/notifications"


async def notify(client: httpx.AsyncClient, staff: Person, **body: Any) -> httpx.Response:
    return await client.post(PATH, json={**TOLD, **body}, headers=staff.headers)


async def inbox(client: httpx.AsyncClient, person: Person, **query: Any) -> dict[str, Any]:
    response = await client.get(PATH, params=query, headers=person.headers)
    assert response.status_code == 200, response.text
    found: dict[str, Any] = response.json()
    return found


async def arrived(client: httpx.AsyncClient, person: Person, many: int = 1) -> list[dict[str, Any]]:
    """So many, newest first, as soon as they are there."""
    async with asyncio.timeout(PATIENCE_S):
        while True:
            found = (await inbox(client, person, size=100))["items"]
            if len(found) >= many:
                return list(found)
            await asyncio.sleep(0.01)


async def over(client: httpx.AsyncClient, person: Person, task: str) -> dict[str, Any]:
    """Their task, when it is."""
    async with asyncio.timeout(PATIENCE_S):
        while True:
            found: dict[str, Any] = (await client.get(f"{API}/tasks/{task}", headers=person.headers)).json()
            if found["status"] not in ("queued", "running"):
                return found
            await asyncio.sleep(0.01)


async def told(client: httpx.AsyncClient, staff: Person, person: Person, many: int = 1) -> list[dict[str, Any]]:
    for number in range(many):
        assert (await notify(client, staff, user_id=person.id, subject=f"No. {number}")).status_code == 202
    return await arrived(client, person, many)


async def test_a_person_finds_it_in_their_inbox_and_in_their_mail(served: Served, staff: Person) -> None:
    person = await sign_up(served.client)

    response = await notify(served.client, staff, user_id=person.id)

    task = response.json()["task_id"]
    assert (response.status_code, response.json().keys()) == (202, {"task_id"})
    assert response.headers["location"] == f"{API}/tasks/{task}"
    (found,) = await arrived(served.client, person)
    assert found.keys() == {"id", "created_at", "subject", "message", "read_at"}
    assert {name: found[name] for name in TOLD} == TOLD
    assert found["read_at"] is None
    done = await over(served.client, staff, task)
    assert (done["status"], done["result"]) == ("succeeded", {"notification_id": found["id"], "mailed": True})
    message = await letter(served, person.user["email"], TOLD["subject"])
    assert text_of(message).strip() == TOLD["message"]
    assert "&lt;b&gt;&amp;&lt;/b&gt; tea" in text_of(message, "html")


async def test_an_address_that_somebody_has_means_them(served: Served, staff: Person) -> None:
    person = await sign_up(served.client)

    response = await notify(served.client, staff, email=person.user["email"].upper())

    assert response.status_code == 202
    assert (await arrived(served.client, person))[0]["subject"] == TOLD["subject"]
    assert await letter(served, person.user["email"], TOLD["subject"])


async def test_an_address_that_nobody_has_gets_mail_alone(served: Served, staff: Person) -> None:
    address = f"{unique('guest')}@example.com"

    response = await notify(served.client, staff, email=address)

    done = await over(served.client, staff, response.json()["task_id"])
    assert (done["status"], done["result"]) == ("succeeded", {"notification_id": None, "mailed": True})
    assert text_of(await letter(served, address, TOLD["subject"])).strip() == TOLD["message"]


async def test_one_key_is_one_notification(served: Served, staff: Person) -> None:
    person = await sign_up(served.client)
    headers = {**staff.headers, "Idempotency-Key": unique("key")}
    body = {**TOLD, "user_id": person.id}

    first, again = [await served.client.post(PATH, json=body, headers=headers) for _ in range(2)]

    assert (first.status_code, first.json()) == (again.status_code, again.json())
    assert first.headers["location"] == again.headers["location"]
    assert again.headers["idempotency-replayed"] == "true"
    await told(served.client, staff, person)
    assert len([found for found in await arrived(served.client, person, 2) if found["subject"] == TOLD["subject"]]) == 1


async def test_nobody_and_who_left_cannot_be_told(client: httpx.AsyncClient, staff: Person, somebody: Person) -> None:
    await client.delete(f"{API}/users/me", headers=somebody.headers)

    for id in (somebody.id, "019a1b2c-3d4e-7f50-8a6b-7c8d9e0f1a2b"):
        problem(await notify(client, staff, user_id=id), 404, "not_found")


async def test_there_is_exactly_one_recipient(client: httpx.AsyncClient, staff: Person, somebody: Person) -> None:
    for to in ({}, {"user_id": somebody.id, "email": somebody.user["email"]}, {"user_id": None, "email": None}):
        assert locations(await notify(client, staff, **to)) == [["body"]]
    assert (await notify(client, staff, user_id=somebody.id, email=None)).status_code == 202


@pytest.mark.parametrize(
    ("member", "value"),
    [
        ("subject", ""), ("subject", "  \n "), ("subject", "x" * 201), ("subject", "a\nb"),
        ("subject", "a\r\nBcc: b@c.d"),
        ("subject", "a\u2028b"), ("subject", "a\x0bb"), ("subject", None), ("subject", 1), ("message", ""),
        ("message", "x" * 10_001), ("message", None), ("user_id", "x"), ("user_id", 1), ("email", "nobody"),
        ("email", "a@example.com\r\nBcc: b@c.d"), ("bcc", "b@example.com"),
    ],
)  # fmt: skip
async def test_what_does_not_fit_is_refused(
    client: httpx.AsyncClient, staff: Person, somebody: Person, member: str, value: object
) -> None:
    to = {} if member in ("user_id", "email") else {"user_id": somebody.id}

    response = await notify(client, staff, **{**to, member: value})

    assert locations(response) == [["body", member]]
    assert (await inbox(client, somebody))["total"] == 0


async def test_the_longest_is_taken_and_arrives_whole(served: Served, staff: Person) -> None:
    person = await sign_up(served.client)
    longest = {"subject": "\U0001f600" * 200, "message": "\U0001f600é" * 5000}

    assert (await notify(served.client, staff, user_id=person.id, **longest)).status_code == 202

    (found,) = await arrived(served.client, person)
    assert {name: found[name] for name in longest} == longest
    message = await letter(served, person.user["email"], "\U0001f600")
    assert (message["subject"], text_of(message).strip()) == (longest["subject"], longest["message"])


async def test_only_staff_may_with_the_scope(client: httpx.AsyncClient, staff: Person, somebody: Person) -> None:
    body = {**TOLD, "user_id": somebody.id}
    few = await limited(client, staff, "profile:read", "profile:write")

    problem(await client.post(PATH, json=body), 401, "unauthenticated")
    problem(await client.post(PATH, json=body, headers=somebody.headers), 403, "insufficient_scope")
    problem(await client.post(PATH, json=body, headers=few), 403, "insufficient_scope")
    problem(await client.post(PATH, json={}, headers=somebody.headers), 403, "insufficient_scope")


async def test_the_task_is_of_who_asked_alone(
    client: httpx.AsyncClient, staff: Person, somebody: Person, admin: Person
) -> None:
    task = (await notify(client, staff, user_id=somebody.id)).json()["task_id"]

    for other in (somebody, admin):
        problem(await client.get(f"{API}/tasks/{task}", headers=other.headers), 404, "not_found")
    shown = (await client.get(f"{API}/tasks", params={"kind": "notification.send"}, headers=staff.headers)).json()
    assert task in [each["task_id"] for each in shown["items"]]


async def test_who_leaves_takes_the_inbox_along(served: Served, staff: Person) -> None:
    person = await sign_up(served.client)
    await told(served.client, staff, person, 2)

    assert (await served.client.delete(f"{API}/users/me", headers=person.headers)).status_code == 204

    async with served.container.units().open() as unit:
        assert await unit.notifications.all_of(person.id) == []
        assert await unit.mailed_tokens.all_of(person.id) == []


async def test_the_export_has_the_inbox(client: httpx.AsyncClient, staff: Person, somebody: Person) -> None:
    found = await told(client, staff, somebody, 2)

    held = (await client.get(f"{API}/users/me/export", headers=somebody.headers)).json()

    assert held["notifications"] == found


async def test_letters_to_one_are_not_sent_to_another(served: Served, staff: Person) -> None:
    one, other = await sign_up(served.client), await sign_up(served.client)
    await letter(served, other.user["email"], "confirm")

    await told(served.client, staff, one)
    await letter(served, one.user["email"], "No. 0")

    assert len(letters(served, other.user["email"])) == 1
    assert (await inbox(served.client, other))["items"] == []
