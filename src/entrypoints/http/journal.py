"""The journal over HTTP."""

import hashlib
from collections.abc import Sequence
from typing import Annotated, Any, Literal

from fastapi import APIRouter, Depends, Query
from pydantic import BaseModel, ConfigDict, Field
from starlette.requests import Request
from starlette.responses import Response

from application.journal import Journal
from application.people import Signed
from application.ports.cache import existing, one
from application.preconditions import Versions
from domain import text
from domain.access import Actor, UserId
from domain.journal import Comment, Post, PostFilter, PostStatus
from domain.paging import mapped
from entrypoints.http.access import Anyone, signed_in
from entrypoints.http.caching import Public
from entrypoints.http.catalogue import Tags
from entrypoints.http.conditional import if_match_beside
from entrypoints.http.idempotency import Once
from entrypoints.http.paging import Paging
from entrypoints.http.people import Beside, PersonOut
from entrypoints.http.replies import Listed, gone, listed, made, shown
from entrypoints.http.route import Route
from entrypoints.http.schema import Id, In, Name, Out, TimeOut, example, patch_of, string

router = APIRouter(prefix="/api/v1", tags=["Journal"], route_class=Route)


async def _journal(request: Request) -> Journal:
    journal: Journal = request.app.state.container.journal()
    return journal


Uses = Annotated[Journal, Depends(_journal)]
Writer = Annotated[Actor, signed_in("posts:write")]
Expected = Annotated[Versions, Depends(if_match_beside)]


class NewPost(In, json_schema_extra=example(title="Our new kettle", content="It whistles.", tags=["news"])):
    title: Name
    content: string(1, 100_000)  # type: ignore[valid-type]
    tags: Tags = ()  # type: ignore[assignment]
    status: Annotated[PostStatus, Field(strict=False)] = PostStatus.DRAFT

    def details(self) -> dict[str, Any]:
        return dict(self)


PostPatch = patch_of(NewPost)


class NewComment(In, json_schema_extra=example(content="Lovely!")):
    content: string(1, 5_000)  # type: ignore[valid-type]


class CommentOut(Out):
    id: str
    created_at: TimeOut
    post_id: str
    content: str
    author: PersonOut
    sentiment: Literal["positive", "neutral", "negative"] | None


class PostOut(Out):
    id: str
    created_at: TimeOut
    updated_at: TimeOut
    title: str
    content: str
    tags: list[str]
    status: Literal["draft", "published"]
    author: PersonOut
    comment_count: int
    published_at: TimeOut | None


class ExpandedPostOut(PostOut):
    comments: list[CommentOut]


class PostQuery(BaseModel):
    model_config = ConfigDict(extra="ignore", frozen=True)

    expand: Literal["comments"] | None = None


class PostsQuery(Paging):
    author: Id | None = None
    tags: Tags = ()  # type: ignore[assignment]
    status: Literal["draft", "published"] | None = None
    q: string(1, 200) | None = None  # type: ignore[valid-type]

    def wanted(self) -> PostFilter:
        return PostFilter(
            words=None if self.q is None else text.words(self.q),
            tags=tuple(self.tags),
            author=None if self.author is None else UserId(self.author),
            status=None if self.status is None else PostStatus(self.status),
        )


_PEOPLE = existing("users")
"""Any of them may be shown beside what they wrote."""


def _said_of(post_id: str) -> tuple[str, ...]:
    """Whoever comments changes the post, which counts; who judges a comment does not."""
    return one("posts", post_id), existing("comments"), _PEOPLE


def _beside(signed: Signed[Any]) -> Beside:
    return Beside(signed.thing, author=signed.person)


def _also(*signed: Signed[Any]) -> str:
    """What else is shown than of the post's own version, as a part of its tag: who wrote it, and the comments."""
    versions = [(each.thing.id, each.thing.version, each.person.version) for each in signed[1:]]
    return hashlib.sha256(repr([signed[0].person.version, versions]).encode()).hexdigest()[:8]


def _shown(post: Signed[Post]) -> Response:
    return shown(PostOut, _beside(post), also=_also(post))


def _expanded(post: Signed[Post], comments: Sequence[Signed[Comment]]) -> Response:
    whole = Beside(post.thing, author=post.person, comments=[_beside(comment) for comment in comments])
    return shown(ExpandedPostOut, whole, also=_also(post, *comments))


@router.post("/posts", operation_id="create_post", summary="Write a post", status_code=201, response_model=PostOut)
async def create_post(body: NewPost, actor: Writer, uses: Uses, once: Once) -> Response:
    return await once(
        actor,
        lambda operation: uses.write(actor, body.details(), operation),
        lambda post: made(PostOut, _beside(post), location=f"/api/v1/posts/{post.thing.id}", also=_also(post)),
    )


@router.get("/posts", operation_id="list_posts", summary="Find posts", response_model=Listed[PostOut])
async def list_posts(
    request: Request, actor: Anyone, uses: Uses, public: Public, query: Annotated[PostsQuery, Query()]
) -> Response:
    window = query.window(request)

    async def answer(actor: Actor | None) -> Response:
        found = await uses.list(actor, query.wanted(), window)
        return listed(request, PostOut, mapped(found, _beside), query)

    return await public.listing(request, ("posts", _PEOPLE), actor, answer)


@router.get("/posts/{id}", operation_id="get_post", summary="One post", response_model=PostOut | ExpandedPostOut)
async def get_post(id: Id, actor: Anyone, uses: Uses, public: Public, query: Annotated[PostQuery, Query()]) -> Response:
    async def answer(actor: Actor | None) -> Response:
        post, comments = await uses.read(actor, id, expanded=query.expand is not None)
        return _expanded(post, comments) if query.expand else _shown(post)

    if query.expand:
        return await public.thing(f"post:{id}:{query.expand}", _said_of(id), actor, answer)
    return await public.thing(f"post:{id}", (one("posts", id), _PEOPLE), actor, answer)


@router.put("/posts/{id}", operation_id="replace_post", summary="Replace a post", response_model=PostOut)
async def replace_post(id: Id, body: NewPost, actor: Writer, uses: Uses, expected: Expected) -> Response:
    return _shown(await uses.revise(actor, id, body.details(), expected))


@router.patch("/posts/{id}", operation_id="patch_post", summary="Change a post", response_model=PostOut)
async def patch_post(id: Id, body: PostPatch, actor: Writer, uses: Uses, expected: Expected) -> Response:  # type: ignore[valid-type]
    return _shown(await uses.revise(actor, id, body.changes(), expected))  # type: ignore[attr-defined]


@router.delete("/posts/{id}", operation_id="delete_post", summary="Delete a post", status_code=204)
async def delete_post(id: Id, actor: Writer, uses: Uses, expected: Expected) -> Response:
    await uses.remove(actor, id, expected)
    return gone()


@router.post("/posts/{id}/publish", operation_id="publish_post", summary="Show it to all", response_model=PostOut)
async def publish_post(id: Id, actor: Writer, uses: Uses, expected: Expected, once: Once) -> Response:
    change = {"status": PostStatus.PUBLISHED}
    return await once(actor, lambda operation: uses.revise(actor, id, change, expected, operation), _shown)


@router.post("/posts/{id}/unpublish", operation_id="unpublish_post", summary="A draft again", response_model=PostOut)
async def unpublish_post(id: Id, actor: Writer, uses: Uses, expected: Expected, once: Once) -> Response:
    change = {"status": PostStatus.DRAFT}
    return await once(actor, lambda operation: uses.revise(actor, id, change, expected, operation), _shown)


@router.post(
    "/posts/{id}/comments",
    operation_id="create_comment",
    summary="Comment on a post",
    status_code=201,
    response_model=CommentOut,
)
async def create_comment(id: Id, body: NewComment, actor: Writer, uses: Uses, once: Once) -> Response:
    return await once(
        actor,
        lambda operation: uses.comment(actor, id, body.content, operation),
        lambda comment: made(CommentOut, _beside(comment)),
    )


@router.get(
    "/posts/{id}/comments",
    operation_id="list_comments",
    summary="What is said of it, oldest first",
    response_model=Listed[CommentOut],
)
async def list_comments(
    request: Request, id: Id, actor: Anyone, uses: Uses, public: Public, query: Annotated[Paging, Query()]
) -> Response:
    window = query.window(request)

    async def answer(actor: Actor | None) -> Response:
        found = await uses.comments(actor, id, window)
        return listed(request, CommentOut, mapped(found, _beside), query)

    return await public.listing(request, _said_of(id), actor, answer)


@router.delete("/comments/{id}", operation_id="delete_comment", summary="Delete a comment", status_code=204)
async def delete_comment(id: Id, actor: Writer, uses: Uses, expected: Expected) -> Response:
    await uses.remove_comment(actor, id, expected)
    return gone()
