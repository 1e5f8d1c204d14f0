"""The journal: posts, which begin as drafts, and what is said about them."""

from abc import abstractmethod
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from enum import StrEnum
from typing import Any, NewType, Protocol, Self

from domain.access import Actor, UserId
from domain.errors import InsufficientScope, NotFound, NotOwner, Rejected
from domain.paging import Listing, Window
from domain.repository import Repository

PostId = NewType("PostId", str)
CommentId = NewType("CommentId", str)


class NotPublished(Rejected):
    code = "not_published"
    detail = "A draft cannot be commented on."


class PostStatus(StrEnum):
    DRAFT = "draft"
    PUBLISHED = "published"


class Sentiment(StrEnum):
    POSITIVE = "positive"
    NEUTRAL = "neutral"
    NEGATIVE = "negative"


@dataclass(frozen=True, slots=True, kw_only=True)
class Post:
    """`published_at` is the first time, and stays; `comment_count` counts the comments that are kept."""

    id: PostId
    version: int = 1
    author_id: UserId
    title: str
    content: str
    tags: tuple[str, ...] = ()
    status: PostStatus = PostStatus.DRAFT
    comment_count: int = 0
    published_at: datetime | None = None
    created_at: datetime
    updated_at: datetime

    @classmethod
    def written(cls, at: datetime, **details: Any) -> Self:
        """A new one, a draft unless `status` says otherwise."""
        return cls(created_at=at, updated_at=at, **details)._dated(at)

    @property
    def is_public(self) -> bool:
        return self.status is PostStatus.PUBLISHED

    def revised(self, at: datetime, **changes: Any) -> Self:
        """With these fields changed; itself where that changes nothing."""
        changed = replace(self, **changes)
        return self if changed == self else replace(changed, updated_at=at)._dated(at)

    def commented(self) -> Self:
        """With one comment more. Raises `NotPublished`."""
        if not self.is_public:
            raise NotPublished()
        return replace(self, comment_count=self.comment_count + 1)

    def uncommented(self) -> Self:
        """With one comment less."""
        return replace(self, comment_count=self.comment_count - 1)

    def readable_by(self, actor: Actor | None) -> bool:
        """A draft is its author's alone, whoever else is staff."""
        return self.is_public or (actor is not None and actor.id == self.author_id)

    def require_read_by(self, actor: Actor | None) -> None:
        """Raises `NotFound` for another's draft, `InsufficientScope` for one's own without the scope."""
        if not self.readable_by(actor):
            raise NotFound()
        if not self.is_public and actor is not None and "posts:read" not in actor.scopes:
            raise InsufficientScope("posts:read")

    def require_change_by(self, actor: Actor) -> None:
        """Raises `NotFound` where the actor may not even read it, `NotOwner` where they may not change it."""
        if not self.readable_by(actor):
            raise NotFound()
        if not (actor.is_staff or actor.id == self.author_id):
            raise NotOwner()

    def _dated(self, at: datetime) -> Self:
        return replace(self, published_at=at) if self.is_public and self.published_at is None else self


@dataclass(frozen=True, slots=True, kw_only=True)
class Comment:
    """`sentiment` is None until it has been judged."""

    id: CommentId
    version: int = 1
    post_id: PostId
    author_id: UserId
    content: str
    sentiment: Sentiment | None = None
    created_at: datetime

    def judged(self, sentiment: Sentiment) -> Self:
        return replace(self, sentiment=sentiment)

    def require_removal_by(self, actor: Actor, post: Post) -> None:
        """By its author, the post's or staff. Raises `NotFound` where it is hidden with its post, `NotOwner`."""
        if not post.readable_by(actor):
            raise NotFound()
        if not (actor.is_staff or actor.id in (self.author_id, post.author_id)):
            raise NotOwner()


@dataclass(frozen=True, slots=True, kw_only=True)
class PostFilter:
    """`words` must all be there, the last by its beginning."""

    words: tuple[str, ...] | None = None
    tags: tuple[str, ...] = ()
    author: UserId | None = None
    status: PostStatus | None = None


class Posts(Repository[Post], Protocol):
    @abstractmethod
    async def seen_by(self, actor_id: UserId | None, wanted: PostFilter, window: Window) -> Listing[Post]:
        """Published ones and their own drafts, by rank where words are looked for, else newest first."""

    @abstractmethod
    async def among(self, ids: Sequence[str]) -> Sequence[Post]:
        """Those of the ids that exist, in no order."""

    @abstractmethod
    async def all_of(self, author_id: UserId) -> Sequence[Post]:
        """Theirs, drafts too, newest first."""


class Comments(Repository[Comment], Protocol):
    @abstractmethod
    async def on(self, post_id: PostId, window: Window) -> Listing[Comment]:
        """Oldest first."""

    @abstractmethod
    async def all_on(self, post_id: PostId) -> Sequence[Comment]:
        """Oldest first, for taking them away with their post."""

    @abstractmethod
    async def all_of(self, author_id: UserId) -> Sequence[Comment]:
        """Theirs, newest first."""
