"""Notifications: written once however often their task runs, and not to who has left."""

import pytest

from adapters.persistence.notifications import NOTIFICATIONS
from domain.access import Actor, Role, UserId
from domain.errors import NotFound, Unavailable
from domain.notifications import SEND
from tests.application.support import Worker, World
from tests.application.test_mail import Post, queued, run

TOLD = {"subject": "Tea", "message": "It is ready."}


@pytest.fixture
def post() -> Post:
    return Post()


@pytest.fixture
def worker(world: World, post: Post) -> Worker:
    worker = world.worker()
    worker.container.mailer.override(post)
    return worker


async def notify(worker: Worker, staff: Actor, to: UserId | None, email: str | None = None) -> str:
    task = await worker.container.notifications().notify(staff, to, email, TOLD, None)
    return str(task.id)


def inboxes(world: World) -> list[tuple[str, str]]:
    rows, _ = world.store.of(NOTIFICATIONS)
    return [(row["id"], row["user_id"]) for row in rows.values()]


async def test_a_task_that_is_run_again_writes_nothing_twice(world: World, worker: Worker, post: Post) -> None:
    staff, ada = await world.joined("grace", Role.STAFF), await world.joined("ada")
    id = await notify(worker, staff, ada.id)
    post.refusals = [Unavailable()]

    with pytest.raises(Unavailable):
        await run(worker, queued(world, SEND)[-1])
    results = [await run(worker, queued(world, SEND)[-1]) for _ in range(2)]

    assert inboxes(world) == [(id, ada.id)]
    assert results == [{"notification_id": id, "mailed": True}] * 2
    assert {(letter.id, letter.to, letter.subject) for letter in post.letters} == {(id, "ada@example.com", "Tea")}
    told = [event for event in world.told() if event.type == "notification.created"]
    assert [(event.resource, event.owner_id, event.actor_id) for event in told] == [
        (f"notification:{id}", ada.id, staff.id)
    ]


async def test_the_task_is_of_who_asked(world: World, worker: Worker) -> None:
    staff, ada = await world.joined("grace", Role.STAFF), await world.joined("ada")

    await notify(worker, staff, ada.id)

    assert queued(world, SEND)[-1].owner_id == staff.id
    assert [event.type for event in world.told()][-1] == "task.queued"


async def test_who_left_meanwhile_is_told_nothing(world: World, worker: Worker, post: Post) -> None:
    staff, ada = await world.joined("grace", Role.STAFF), await world.joined("ada")
    await notify(worker, staff, ada.id)
    await worker.accounts.erase(ada)

    result = await run(worker, queued(world, SEND)[-1])

    assert result == {"notification_id": None, "mailed": False}
    assert (inboxes(world), post.letters) == ([], [])
    with pytest.raises(NotFound):
        await notify(worker, staff, ada.id)


async def test_an_address_that_was_given_free_is_nobodys(world: World, worker: Worker, post: Post) -> None:
    staff, ada = await world.joined("grace", Role.STAFF), await world.joined("ada")
    await worker.accounts.erase(ada)

    await notify(worker, staff, None, "ada@example.com")
    result = await run(worker, queued(world, SEND)[-1])

    assert result == {"notification_id": None, "mailed": True}
    assert (inboxes(world), [letter.to for letter in post.letters]) == ([], ["ada@example.com"])
