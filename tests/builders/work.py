"""Tasks, events and counters that are valid as they stand."""

from dataclasses import replace
from typing import Any

from domain.access import UserId
from domain.events import Counter, Event
from domain.tasks import Task, TaskError, TaskStatus
from tests.builders.values import FIRST, GREATEST, LAST, MS, NOON, new_id


def an_event(**over: Any) -> Event:
    given: dict[str, Any] = {
        "id": new_id(),
        "type": "item.created",
        "resource": f"item:{new_id()}",
        "occurred_at": NOON,
        "actor_id": None,
        "owner_id": None,
        "public": False,
        "details": {},
    }
    return Event(**given | over)


def a_full_event(**over: Any) -> Event:
    return an_event(
        **{
            "version": 2,
            "occurred_at": LAST,
            "actor_id": UserId(new_id()),
            "owner_id": UserId(new_id()),
            "public": True,
            "details": {"a.b": [1, None, "😀"]},
            "ip": "2001:db8::1",
            "request_id": "a-request.1_",
            "sequence": GREATEST,
        }
        | over
    )


def a_counter(**over: Any) -> Counter:
    return Counter(**{"id": new_id(), **over})


def a_full_counter(**over: Any) -> Counter:
    return a_counter(**{"version": 5, "value": GREATEST, **over})


def a_task(**over: Any) -> Task:
    at = over.pop("at", NOON)
    given: dict[str, Any] = {"id": new_id(), "kind": "test", "payload": {}, "at": at}
    return replace(Task.queued(**given), **over)


def a_full_task(**over: Any) -> Task:
    text = "naïve 'x' \"y\" \\z %_ \n 日本 😀"
    return a_task(
        **{
            "version": 9,
            "kind": "test.full",
            "owner_id": UserId(new_id()),
            "payload": {"text": text, "n": [1, 0.25, -1e-9, None, True], "a.b": {"$set": 7}},
            "status": TaskStatus.RUNNING,
            "done": 999,
            "result": {"scores": {"a": 0.1, "b": 0.9}, "none": None, "": []},
            "error": TaskError(code="attempts_exhausted", detail=text),
            "attempts": 3,
            "due_at": LAST,
            "leased_to": "host:1:0197",
            "started_at": FIRST,
            "finished_at": FIRST + MS,
        }
        | over
    )
