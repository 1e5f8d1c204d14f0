from collections.abc import Sequence
from typing import Any

from adapters.persistence.mapping import Collection
from adapters.persistence.query import Among, AnyOf, Condition, Equal, HasAll, Key, Matches
from adapters.persistence.repository import StoredRepository, nothing
from adapters.persistence.search import Findable, FindableRepository
from domain import text
from domain.access import UserId
from domain.journal import Comment, Comments, Post, PostFilter, PostId, Posts, PostStatus
from domain.paging import Listing, Window
from domain.search import Kind


def _derived(post: Post) -> dict[str, Any]:
    return {
        "is_public": post.is_public,
        "name_words": list(text.words(post.title)),
        "words": list(text.words(post.title, post.content)),
    }


POSTS = Collection("posts", Post, derive=_derived, remembered=True)
COMMENTS = Collection("comments", Comment, remembered=True)

_OLDEST = (Key("created_at"),)


class StoredPosts(FindableRepository[Post], Posts):
    collection = POSTS

    def found_by(self, post: Post) -> Findable:
        return Findable(
            kind=Kind.POST,
            owner_id=post.author_id,
            is_public=post.is_public,
            created_at=post.created_at,
            names=(post.title,),
            body=post.content,
        )

    async def seen_by(self, actor_id: UserId | None, wanted: PostFilter, window: Window) -> Listing[Post]:
        if wanted.words == () or (wanted.status is PostStatus.DRAFT and actor_id is None):
            return nothing(window)
        where = (*_seen_by(actor_id, wanted.status), *_conditions(wanted))
        ranked = Matches("name_words", wanted.words) if wanted.words else None
        return await self._listing(window, *where, matching=ranked)

    async def among(self, ids: Sequence[str]) -> Sequence[Post]:
        return await self._all(Among("id", ids))

    async def all_of(self, author_id: UserId) -> Sequence[Post]:
        return await self._all(Equal("author_id", author_id))


class StoredComments(StoredRepository[Comment], Comments):
    collection = COMMENTS

    async def on(self, post_id: PostId, window: Window) -> Listing[Comment]:
        return await self._listing(window, Equal("post_id", post_id), order=_OLDEST)

    async def all_on(self, post_id: PostId) -> Sequence[Comment]:
        return await self._all(Equal("post_id", post_id), order=_OLDEST)

    async def all_of(self, author_id: UserId) -> Sequence[Comment]:
        return await self._all(Equal("author_id", author_id))


def _seen_by(actor_id: UserId | None, status: PostStatus | None) -> list[Condition]:
    published = Equal("is_public", True)
    if status is PostStatus.DRAFT:
        return [Equal("is_public", False), Equal("author_id", actor_id)]
    if status is PostStatus.PUBLISHED or actor_id is None:
        return [published]
    return [AnyOf((published, Equal("author_id", actor_id)))]


def _conditions(wanted: PostFilter) -> list[Condition]:
    where: list[Condition] = []
    if wanted.words:
        where.append(Matches("words", wanted.words))
    if wanted.tags:
        where.append(HasAll("tags", wanted.tags))
    if wanted.author is not None:
        where.append(Equal("author_id", wanted.author))
    return where
