"""Mail: what is kept of a token, for how long it is good, and what becomes of letters that cannot leave."""

from collections.abc import Mapping
from datetime import timedelta
from typing import Any

import pytest

from adapters.memory.store import MemorySession
from adapters.persistence.mail import MAILED_TOKENS
from adapters.persistence.tasks import TASKS
from application.mail import PAUSES
from application.ports.mail import Letter, Mailer, Undeliverable
from domain.access import Actor
from domain.errors import Unavailable
from domain.mail import RESET, WELCOME, InvalidToken
from domain.tasks import Task
from tests.application.support import PASSWORD, Worker, World

NEW = "battery staple 2"


class Post(Mailer):
    """Keeps what it is given, or refuses as often as it is told to."""

    def __init__(self) -> None:
        self.letters: list[Letter] = []
        self.pretended: list[Letter] = []
        self.refusals: list[Exception] = []

    async def send(self, letter: Letter) -> None:
        if self.refusals:
            raise self.refusals.pop(0)
        self.letters.append(letter)

    async def pretend(self, letter: Letter) -> None:
        if self.refusals:
            raise self.refusals.pop(0)
        self.pretended.append(letter)

    async def ping(self) -> str:
        return "here"


async def _silent(progress: float) -> None:
    """Progress that nobody asks for."""


@pytest.fixture
def post() -> Post:
    return Post()


@pytest.fixture
def worker(world: World, post: Post) -> Worker:
    worker = world.worker()
    worker.container.mailer.override(post)
    return worker


def queued(world: World, kind: str) -> list[Task]:
    rows, _ = world.store.of(TASKS)
    return [task for row in rows.values() if (task := TASKS.load(row)).kind == kind]


def kept(world: World) -> str:
    """All that the store has of tokens and tasks."""
    return "".join(repr(row) for collection in (MAILED_TOKENS, TASKS) for row in world.store.of(collection)[0].values())


async def run(worker: Worker, task: Task) -> Mapping[str, Any] | None:
    found: Mapping[str, Any] | None = await worker.container.handlers()[task.kind](task, _silent)
    return found


async def welcomed(world: World, worker: Worker, post: Post) -> tuple[Actor, str]:
    """Somebody who joined, and the token that they were mailed."""
    actor = await world.joined("ada")
    await run(worker, queued(world, WELCOME)[-1])
    return actor, token_of(post.letters[-1])


async def forgotten(world: World, worker: Worker, post: Post) -> str:
    await worker.container.mail().forgot("ada@example.com")
    await run(worker, queued(world, RESET)[-1])
    return token_of(post.letters[-1])


def token_of(letter: Letter) -> str:
    return letter.text.partition("?token=")[2].split()[0]


async def test_neither_a_task_nor_the_store_has_what_was_mailed(world: World, worker: Worker, post: Post) -> None:
    _, welcome = await welcomed(world, worker, post)
    reset = await forgotten(world, worker, post)

    assert len(welcome) == len(reset) == 43
    assert welcome not in kept(world)
    assert reset not in kept(world)
    assert len(world.store.of(MAILED_TOKENS)[0]) == 2


@pytest.mark.parametrize(
    ("after", "good"), [(timedelta(hours=24) - timedelta(milliseconds=1), True), (timedelta(hours=24), False)]
)
async def test_an_address_can_be_confirmed_for_a_day(
    world: World, worker: Worker, post: Post, after: timedelta, good: bool
) -> None:
    actor, token = await welcomed(world, worker, post)
    world.clock.now += after

    if good:
        await worker.container.mail().verify(token)
    else:
        with pytest.raises(InvalidToken):
            await worker.container.mail().verify(token)

    assert (await world.user(actor.id)).email_verified is good


@pytest.mark.parametrize(
    ("after", "good"), [(timedelta(hours=1) - timedelta(milliseconds=1), True), (timedelta(hours=1), False)]
)
async def test_a_password_can_be_chosen_for_an_hour(
    world: World, worker: Worker, post: Post, after: timedelta, good: bool
) -> None:
    actor = await world.joined("ada")
    token = await forgotten(world, worker, post)
    world.clock.now += after

    if good:
        await worker.container.mail().reset(token, NEW)
    else:
        with pytest.raises(InvalidToken):
            await worker.container.mail().reset(token, NEW)

    assert (await world.user(actor.id)).password_hash == f"plain:{NEW if good else PASSWORD}"


async def test_what_was_mailed_shows_nothing_of_another_address(world: World, worker: Worker, post: Post) -> None:
    actor, welcome = await welcomed(world, worker, post)
    reset = await forgotten(world, worker, post)
    async with worker.units.open() as unit:
        user = await unit.users.get(actor.id)
        unit.users.save(user.revised(world.clock(), email="ada@other.example"))
        await unit.commit(None)

    with pytest.raises(InvalidToken):
        await worker.container.mail().verify(welcome)
    with pytest.raises(InvalidToken):
        await worker.container.mail().reset(reset, NEW)


async def test_confirming_and_choosing_are_told_without_secrets(world: World, worker: Worker, post: Post) -> None:
    actor, welcome = await welcomed(world, worker, post)
    await worker.container.mail().verify(welcome)
    await worker.container.mail().reset(await forgotten(world, worker, post), NEW)

    told = [(event.type, event.actor_id, event.details) for event in world.told()]
    assert told[-2:] == [
        ("user.updated", actor.id, {"fields": ["email_verified"]}),
        ("user.updated", actor.id, {"fields": ["password"]}),
    ]


async def test_forgetting_asks_the_store_the_same_for_whom_there_is_not(
    world: World, worker: Worker, post: Post, monkeypatch: pytest.MonkeyPatch
) -> None:
    """No look-up, no password, one commit of one task: nothing that takes longer for one than for the other."""
    await world.joined("ada")
    asked: list[tuple[str, ...]] = []
    for name in ("get", "find", "hold", "count", "apply"):
        monkeypatch.setattr(MemorySession, name, _noted(asked, name, getattr(MemorySession, name)))
    did = []

    for email in ("ada@example.com", "eve@example.com"):
        await worker.container.mail().forgot(email)
        did.append(list(asked))
        asked.clear()

    assert did[0] == did[1] == [("apply", "insert tasks")]
    assert [task.payload for task in queued(world, RESET)] == [
        {"email": "ada@example.com"},
        {"email": "eve@example.com"},
    ]
    assert post.letters == []


async def test_the_work_behind_it_is_the_same_and_nobody_gets_a_letter(
    world: World, worker: Worker, post: Post, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What is done by the task shows in how fast others are answered meanwhile."""
    await world.joined("ada")
    left = await world.joined("bob")
    await worker.accounts.erase(left)
    asked: list[tuple[str, ...]] = []
    for name in ("get", "find", "hold", "count", "apply"):
        monkeypatch.setattr(MemorySession, name, _noted(asked, name, getattr(MemorySession, name)))
    did = []

    for email in ("ada@example.com", "eve@example.com", "bob@example.com"):
        await worker.container.mail().forgot(email)
        asked.clear()
        await run(worker, queued(world, RESET)[-1])
        did.append(list(asked))

    assert did[0] == did[1] == did[2] == [("find", "users"), ("apply", "insert mailed_tokens")]
    assert [letter.to for letter in post.letters] == ["ada@example.com"]
    assert [letter.to for letter in post.pretended] == ["nobody@localhost"] * 2
    for letter in post.pretended:
        with pytest.raises(InvalidToken):
            await worker.container.mail().reset(token_of(letter), NEW)


async def test_a_server_that_is_away_tells_nobody_apart(world: World, worker: Worker, post: Post) -> None:
    await world.joined("ada")
    for email in ("ada@example.com", "eve@example.com"):
        post.refusals = [Unavailable()]
        await worker.container.mail().forgot(email)
        await run(worker, queued(world, RESET)[-1])

        await run(worker, queued(world, RESET)[-1])

    assert len(queued(world, RESET)) == 4
    assert (len(post.letters), len(post.pretended)) == (1, 1)


def _noted(asked: list[tuple[str, ...]], name: str, method: Any) -> Any:
    async def noted(session: Any, first: Any, *rest: Any) -> Any:
        writes = [f"{write.kind} {write.collection.name}" for write in first] if name == "apply" else [first.name]
        asked.append((name, *writes))
        return await method(session, first, *rest)

    return noted


async def test_who_confirmed_or_left_meanwhile_is_not_welcomed(world: World, worker: Worker, post: Post) -> None:
    actor, token = await welcomed(world, worker, post)
    await worker.container.mail().verify(token)
    await run(worker, queued(world, WELCOME)[-1])
    await worker.accounts.erase(actor)
    await run(worker, queued(world, WELCOME)[-1])

    assert len(post.letters) == 1
    assert not world.store.of(MAILED_TOKENS)[0]


async def test_a_task_that_is_run_again_sends_the_same_letter_with_another_link(
    world: World, worker: Worker, post: Post
) -> None:
    _, first = await welcomed(world, worker, post)
    await run(worker, queued(world, WELCOME)[-1])

    one, other = post.letters
    assert one.id == other.id
    assert first != token_of(other)
    await worker.container.mail().verify(first)


async def test_a_server_that_is_away_is_tried_for_hours(world: World, worker: Worker, post: Post) -> None:
    await world.joined("ada")
    post.refusals = [Unavailable() for _ in range(len(PAUSES))]
    waited = []

    for _ in range(len(PAUSES)):
        task = queued(world, WELCOME)[-1]
        await run(worker, task)
        following = queued(world, WELCOME)[-1]
        assert following.id != task.id
        assert following.due_at is not None
        waited.append(following.due_at - world.clock())
    await run(worker, queued(world, WELCOME)[-1])

    assert tuple(waited) == PAUSES
    assert [letter.id for letter in post.letters] == [queued(world, WELCOME)[0].id]
    await worker.container.mail().verify(token_of(post.letters[0]))


async def test_after_that_it_has_failed(world: World, worker: Worker, post: Post) -> None:
    await world.joined("ada")
    post.refusals = [Unavailable() for _ in range(len(PAUSES) + 1)]
    for _ in range(len(PAUSES)):
        await run(worker, queued(world, WELCOME)[-1])

    with pytest.raises(Unavailable):
        await run(worker, queued(world, WELCOME)[-1])

    assert len(queued(world, WELCOME)) == len(PAUSES) + 1


async def test_what_will_never_be_taken_is_not_tried_again(world: World, worker: Worker, post: Post) -> None:
    await world.joined("ada")
    post.refusals = [Undeliverable()]

    with pytest.raises(Undeliverable):
        await run(worker, queued(world, WELCOME)[-1])

    assert len(queued(world, WELCOME)) == 1
