"""What is told of posts and comments, and to whom it was public."""

from collections.abc import Callable
from typing import Any

import pytest

from application.journal import JudgeComment
from domain.errors import NotFound
from domain.journal import PostStatus, Sentiment
from tests.application.support import World

Told = Callable[[], list[tuple[str, bool]]]
TEXT = {"title": "Kettles", "content": "They whistle."}
PUBLISHED, DRAFT = PostStatus.PUBLISHED, PostStatus.DRAFT


@pytest.fixture
def journal(world: World) -> Any:
    return world.worker().container.journal()


@pytest.fixture
def told(world: World) -> Told:
    """The facts of the journal, each with whether others could see it."""
    return lambda: [(e.type, e.public) for e in world.told() if e.type.startswith(("post.", "comment."))]


async def test_a_draft_is_told_to_its_author_alone(world: World, journal: Any, told: Told) -> None:
    await journal.write(await world.joined("ada"), TEXT)

    assert told() == [("post.created", False)]


async def test_a_post_that_is_made_published_is_told_twice(world: World, journal: Any, told: Told) -> None:
    await journal.write(await world.joined("ada"), {**TEXT, "status": PUBLISHED})

    assert told() == [("post.created", False), ("post.published", True)]


async def test_a_change_is_told_where_it_was_seen(world: World, journal: Any, told: Told) -> None:
    ada = await world.joined("ada")
    id = (await journal.write(ada, TEXT)).thing.id

    for changes in (
        {"title": "A draft still"},
        {"status": PUBLISHED},
        {"status": PUBLISHED},
        {"title": "Seen"},
        {"title": "Hidden", "status": DRAFT},
        {"content": "Shown", "status": PUBLISHED},
    ):
        await journal.revise(ada, id, changes)
    await journal.remove(ada, id)

    assert told()[1:] == [
        ("post.updated", False), ("post.published", True), ("post.updated", True), ("post.unpublished", True),
        ("post.updated", False), ("post.updated", False), ("post.published", True), ("post.deleted", True),
    ]  # fmt: skip


async def test_a_comment_is_told_when_it_comes_and_when_it_goes(world: World, journal: Any, told: Told) -> None:
    ada, bob = await world.joined("ada"), await world.joined("bob")
    id = (await journal.write(ada, {**TEXT, "status": PUBLISHED})).thing.id
    comment = (await journal.comment(bob, id, "Lovely!")).thing
    await journal.remove_comment(ada, comment.id)

    assert told()[2:] == [("comment.created", True), ("comment.deleted", True)]
    made, gone = world.told()[-2:]
    assert (made.resource, made.owner_id, made.actor_id) == (f"comment:{comment.id}", bob.id, bob.id)
    assert (gone.owner_id, gone.actor_id, gone.details) == (bob.id, ada.id, {"post_id": id})


async def test_a_comment_is_judged_by_a_label(world: World, journal: Any) -> None:
    ada = await world.joined("ada")
    post = (await journal.write(ada, {**TEXT, "status": PUBLISHED})).thing
    comment = (await journal.comment(ada, post.id, "Lovely!")).thing
    judge: JudgeComment = world.worker().container.judge_comment()

    await judge(comment.id, "positive")

    whole, (shown,) = await journal.read(ada, post.id, expanded=True)
    assert (shown.thing.sentiment, whole.thing.version) == (Sentiment.POSITIVE, 2)
    with pytest.raises(ValueError, match="glad"):
        await judge(comment.id, "glad")
    with pytest.raises(NotFound):
        await judge(post.id, "positive")


async def test_who_leaves_takes_drafts_along_with_what_was_said_of_them(world: World, journal: Any, told: Told) -> None:
    ada, bob = await world.joined("ada"), await world.joined("bob")
    stays, goes = [(await journal.write(ada, {**TEXT, "status": PUBLISHED})).thing for _ in range(2)]
    said = (await journal.comment(bob, goes.id, "Lovely!")).thing
    await journal.revise(ada, goes.id, {"status": DRAFT})

    await world.worker().accounts.erase(ada)

    assert told()[-1] == ("post.deleted", False)
    async with world.worker().units.open() as unit:
        assert [post.id for post in await unit.posts.all_of(ada.id)] == [stays.id]
        with pytest.raises(NotFound):
            await unit.comments.get(said.id)
