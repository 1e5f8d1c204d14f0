"""The journal: writing, publishing and finding posts, and commenting on them.

A post and its comments are changed with the post held, so that its count is exact and a draft gets no comment.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from application.people import Signed, people
from application.ports.clock import Clock
from application.ports.ids import Ids
from application.ports.unit_of_work import Operation, UnitOfWork, Units
from application.preconditions import Versions, require_version
from application.use_case import use_case
from domain.access import Actor, UserId
from domain.errors import NotFound
from domain.events import Fact
from domain.journal import Comment, CommentId, Post, PostFilter, PostId, Sentiment
from domain.paging import Listing, PageRequest, Window, mapped
from domain.repository import held
from domain.tasks import Task

JUDGING = "comment.sentiment"
EXPANDED = 100
"""So many comments are shown within their post at most."""


def _told(type: str, post: Post, *, public: bool) -> Fact:
    return Fact(type=type, resource=f"post:{post.id}", owner_id=post.author_id, public=public)


def _said(type: str, comment: Comment, post: Post) -> Fact:
    """Of a comment that its post hides the post's author alone may know."""
    owner, details = comment.author_id if post.is_public else post.author_id, {"post_id": post.id}
    resource, public = f"comment:{comment.id}", post.is_public
    return Fact(type=type, resource=resource, owner_id=owner, public=public, details=details)


async def leave(unit: UnitOfWork, author_id: UserId) -> None:
    """Takes away the drafts of somebody who goes; what was published stays."""
    for post in await unit.posts.all_of(author_id):
        if not post.is_public:
            await _remove(unit, post, by=author_id)


async def _remove(unit: UnitOfWork, post: Post, *, by: UserId) -> None:
    for comment in await unit.comments.all_on(post.id):
        unit.comments.remove(comment)
    unit.posts.remove(post)
    unit.tell(_told("post.deleted", post, public=post.is_public), actor=by)


async def _signed(unit: UnitOfWork, post: Post) -> Signed[Post]:
    return Signed(post, await unit.users.get(post.author_id))


async def _all_signed(unit: UnitOfWork, comments: Listing[Comment]) -> Listing[Signed[Comment]]:
    authors = await people(unit, (comment.author_id for comment in comments.items))
    return mapped(comments, lambda comment: Signed(comment, authors[comment.author_id]))


@use_case
class WritePost:
    """`details` are the post's own fields."""

    units: Units
    clock: Clock
    ids: Ids

    async def __call__(self, actor: Actor, details: dict[str, Any], operation: Operation | None = None) -> Signed[Post]:
        post = Post.written(self.clock(), id=PostId(self.ids()), author_id=actor.id, **details)
        async with self.units.open(operation) as unit:
            signed = await _signed(unit, unit.posts.add(post))
            unit.tell(_told("post.created", post, public=False), actor=actor.id)
            if post.is_public:
                unit.tell(_told("post.published", post, public=True), actor=actor.id)
            return await unit.commit(signed)


@use_case
class ReadPost:
    """With its oldest comments where they are asked for. Raises `NotFound`, `InsufficientScope`."""

    units: Units

    async def __call__(
        self, actor: Actor | None, id: str, *, expanded: bool = False
    ) -> tuple[Signed[Post], Sequence[Signed[Comment]]]:
        async with self.units.open() as unit:
            post = await unit.posts.get(id)
            post.require_read_by(actor)
            if not expanded:
                return await _signed(unit, post), ()
            comments = await _all_signed(unit, await unit.comments.on(post.id, PageRequest(1, EXPANDED)))
            return await _signed(unit, post), comments.items


@use_case
class RevisePost:
    """Publishing and unpublishing are changes of `status`. Raises `NotFound`, `NotOwner`, `PreconditionFailed`."""

    units: Units
    clock: Clock

    async def __call__(
        self,
        actor: Actor,
        id: str,
        changes: dict[str, Any],
        expected: Versions = None,
        operation: Operation | None = None,
    ) -> Signed[Post]:
        async with self.units.open(operation) as unit:
            post = await held(unit.posts, id)
            post.require_change_by(actor)
            require_version(post.version, expected)
            revised = unit.posts.save(post.revised(self.clock(), **changes))
            for fact in _changes(post, revised):
                unit.tell(fact, actor=actor.id)
            return await unit.commit(await _signed(unit, revised))


def _changes(before: Post, after: Post) -> list[Fact]:
    """What others may know of: a draft's changes are not among them, and a withdrawal is told to who could see it."""
    facts = []
    if before.is_public and not after.is_public:
        facts.append(_told("post.unpublished", after, public=True))
    if (before.title, before.content, before.tags) != (after.title, after.content, after.tags):
        facts.append(_told("post.updated", after, public=before.is_public and after.is_public))
    if after.is_public and not before.is_public:
        facts.append(_told("post.published", after, public=True))
    return facts


@use_case
class RemovePost:
    """With its comments. Raises `NotFound`, `NotOwner`, `PreconditionFailed`."""

    units: Units

    async def __call__(self, actor: Actor, id: str, expected: Versions = None) -> None:
        async with self.units.open() as unit:
            post = await held(unit.posts, id)
            post.require_change_by(actor)
            require_version(post.version, expected)
            await _remove(unit, post, by=actor.id)
            await unit.commit(None)


@use_case
class ListPosts:
    """Published ones and the actor's own drafts."""

    units: Units

    async def __call__(self, actor: Actor | None, wanted: PostFilter, window: Window) -> Listing[Signed[Post]]:
        author = actor.id if actor is not None and "posts:read" in actor.scopes else None
        async with self.units.open() as unit:
            posts = await unit.posts.seen_by(author, wanted, window)
            authors = await people(unit, (post.author_id for post in posts.items))
        return mapped(posts, lambda post: Signed(post, authors[post.author_id]))


@use_case
class CommentOnPost:
    """Raises `NotFound`, `NotPublished`."""

    units: Units
    clock: Clock
    ids: Ids

    async def __call__(
        self, actor: Actor, post_id: str, content: str, operation: Operation | None = None
    ) -> Signed[Comment]:
        async with self.units.open(operation) as unit:
            post = await held(unit.posts, post_id)
            if not post.readable_by(actor):
                raise NotFound()
            unit.posts.save(post.commented())
            given = {"id": CommentId(self.ids()), "post_id": post.id, "author_id": actor.id}
            comment = unit.comments.add(Comment(content=content, created_at=self.clock(), **given))  # type: ignore[arg-type]
            unit.tell(_said("comment.created", comment, post), actor=actor.id)
            unit.tasks.add(self._judging(comment))
            return await unit.commit(Signed(comment, await unit.users.get(actor.id)))

    def _judging(self, comment: Comment) -> Task:
        payload = {"id": comment.id, "text": comment.content}
        return Task.queued(id=self.ids(), kind=JUDGING, payload=payload, at=comment.created_at)


@use_case
class ListComments:
    """Oldest first. Raises `NotFound`, `InsufficientScope`."""

    units: Units

    async def __call__(self, actor: Actor | None, post_id: str, window: Window) -> Listing[Signed[Comment]]:
        async with self.units.open() as unit:
            post = await unit.posts.get(post_id)
            post.require_read_by(actor)
            return await _all_signed(unit, await unit.comments.on(post.id, window))


@use_case
class RemoveComment:
    """The post is held first, as by who comments. Raises `NotFound`, `NotOwner`, `PreconditionFailed`."""

    units: Units

    async def __call__(self, actor: Actor, id: str, expected: Versions = None) -> None:
        async with self.units.open() as unit:
            post = await held(unit.posts, (await unit.comments.get(id)).post_id)
            comment = await held(unit.comments, id)
            comment.require_removal_by(actor, post)
            require_version(comment.version, expected)
            unit.comments.remove(comment)
            unit.posts.save(post.uncommented())
            unit.tell(_said("comment.deleted", comment, post), actor=actor.id)
            await unit.commit(None)


@use_case
class JudgeComment:
    """`label` is a `Sentiment`'s. Raises `NotFound` where the comment has gone, `ValueError` for another label."""

    units: Units

    async def __call__(self, comment_id: str, label: str) -> None:
        async with self.units.open() as unit:
            comment = await held(unit.comments, comment_id)
            unit.comments.save(comment.judged(Sentiment(label)))
            await unit.commit(None)


@dataclass(frozen=True, slots=True)
class Journal:
    """The use cases of this feature."""

    write: WritePost
    read: ReadPost
    revise: RevisePost
    remove: RemovePost
    list: ListPosts
    comment: CommentOnPost
    comments: ListComments
    remove_comment: RemoveComment
