"""Lists of to-dos: filters, and an order in which what has no due time comes last both ways."""

from typing import Any

import httpx
import pytest

from tests.http.client import Person, problem
from tests.http.test_todos import TODOS, note

DAYS = {"a": 3, "b": None, "c": 1, "d": 2, "e": None, "f": 1}
PRIORITIES = {"a": 5, "b": 1, "c": 3, "d": 3, "e": 1, "f": 2}


async def noted(client: httpx.AsyncClient, person: Person) -> None:
    for title, day in DAYS.items():
        due = None if day is None else f"2030-01-0{day}T00:00:00Z"
        todo = await note(client, person, title=title, priority=PRIORITIES[title], due_at=due)
        if title in "ab":
            await client.post(f"{TODOS}/{todo['id']}/complete", headers=person.headers)


async def titles(client: httpx.AsyncClient, person: Person, **query: Any) -> str:
    listed = (await client.get(TODOS, params=query, headers=person.headers)).json()
    assert listed["total"] == len(listed["items"])
    return "".join(todo["title"] for todo in listed["items"])


async def walked(client: httpx.AsyncClient, person: Person, **query: Any) -> str:
    found, cursor = "", ""
    while cursor is not None:
        params = {**query, "size": 1, "cursor": cursor}
        part = (await client.get(TODOS, params=params, headers=person.headers)).json()
        found += "".join(todo["title"] for todo in part["items"])
        cursor = part["next_cursor"]
    return found


@pytest.mark.parametrize(
    ("sort_by", "expected"),
    [
        ("due", "cfdabe"),
        ("-due", "adcfbe"),
        ("priority", "befcda"),
        ("-priority", "acdfbe"),
    ],
)
async def test_the_order_is_the_same_by_page_and_by_cursor(
    client: httpx.AsyncClient, somebody: Person, sort_by: str, expected: str
) -> None:
    await noted(client, somebody)

    by_page = await titles(client, somebody, sort_by=sort_by)
    by_cursor = await walked(client, somebody, sort_by=sort_by)

    assert (by_page, by_cursor) == (expected, expected)


@pytest.mark.parametrize("query", [{}, {"sort_by": "-created"}, {"sort_by": "created"}], ids=str)
async def test_they_come_by_age_newest_first_unless_turned(
    client: httpx.AsyncClient, somebody: Person, query: dict[str, str]
) -> None:
    """Several may be of one millisecond: those come by ascending id, both ways."""
    todos = [await note(client, somebody) for _ in range(6)]
    turned = query.get("sort_by") != "created"
    expected = sorted(sorted(todos, key=lambda todo: todo["id"]), key=lambda todo: todo["created_at"], reverse=turned)

    listed = (await client.get(TODOS, params=query, headers=somebody.headers)).json()

    assert listed["items"] == expected


@pytest.mark.parametrize(
    ("query", "expected"),
    [
        ({"done": "true"}, "ab"),
        ({"done": "false"}, "cdef"),
        ({"priority": 3}, "cd"),
        ({"priority": 4}, ""),
        ({"due_before": "2030-01-02T00:00:00Z"}, "cf"),
        ({"due_before": "2030-01-02T00:00:00.001Z"}, "cdf"),
        ({"due_before": "2030-01-02T01:00:00+01:00"}, "cf"),
        ({"done": "false", "priority": 3, "due_before": "2030-01-02T00:00:00Z"}, "c"),
        ({"unknown": "x"}, "abcdef"),
    ],
    ids=str,
)
async def test_filters_narrow(
    client: httpx.AsyncClient, somebody: Person, query: dict[str, Any], expected: str
) -> None:
    await noted(client, somebody)

    assert "".join(sorted(await titles(client, somebody, **query))) == expected


@pytest.mark.parametrize(
    ("query", "at"),
    [
        ({"done": "yes"}, "done"),
        ({"priority": "0"}, "priority"),
        ({"priority": "6"}, "priority"),
        ({"priority": "high"}, "priority"),
        ({"due_before": "2030-01-02"}, "due_before"),
        ({"sort_by": "title"}, "sort_by"),
        ({"sort_by": "+due"}, "sort_by"),
        ({"size": "0"}, "size"),
    ],
    ids=str,
)
async def test_a_bad_parameter_is_named(memory: httpx.AsyncClient, member: Person, query: Any, at: str) -> None:
    response = await memory.get(TODOS, params=query, headers=member.headers)

    assert [error["loc"] for error in problem(response, 422, "validation_failed")["errors"]] == [["query", at]]


async def test_a_cursor_is_of_its_list_and_its_caller(
    client: httpx.AsyncClient, somebody: Person, stranger: Person
) -> None:
    for person in (somebody, stranger):
        await noted(client, person)
    query = {"cursor": "", "size": 2, "sort_by": "due"}
    cursor = (await client.get(TODOS, params=query, headers=somebody.headers)).json()["next_cursor"]

    other = await client.get(TODOS, params={**query, "cursor": cursor}, headers=stranger.headers)
    turned = await client.get(TODOS, params={**query, "cursor": cursor, "sort_by": "-due"}, headers=somebody.headers)

    problem(other, 422, "invalid_cursor")
    problem(turned, 422, "invalid_cursor")
