"""The journal's questions, with two authors in every one; and a count that many change at once."""

from adapters.persistence.unit_of_work import StoredUnits
from domain.access import UserId
from domain.errors import Conflict
from domain.journal import Post, PostFilter, PostStatus
from domain.paging import PageRequest
from domain.repository import held
from tests.builders import MS, NOON, a_comment, a_post, new_id
from tests.contracts.support import got, keep, page, together, until_done, walked

MINE, YOURS = UserId(new_id()), UserId(new_id())
PUBLISHED, DRAFT = PostStatus.PUBLISHED, PostStatus.DRAFT


async def seen(units: StoredUnits, of: UserId | None, wanted: PostFilter = PostFilter()) -> list[Post]:  # noqa: B008
    async with units.open() as unit:
        listing = page(await unit.posts.seen_by(of, wanted, PageRequest(size=100)))
    assert listing.total == len(listing.items)
    return list(listing.items)


async def test_one_sees_what_is_published_and_ones_own_drafts(units: StoredUnits) -> None:
    posts = [
        a_post(author_id=author, status=status, created_at=NOON + number * MS)
        for number, (author, status) in enumerate((a, s) for a in (MINE, YOURS) for s in (PUBLISHED, DRAFT))
    ]
    await keep(units, *posts)
    mine, my_draft, yours, your_draft = posts

    assert await seen(units, None) == [yours, mine]
    assert await seen(units, MINE) == [yours, my_draft, mine]
    assert await seen(units, YOURS) == [your_draft, yours, mine]
    assert await seen(units, MINE, PostFilter(status=DRAFT)) == [my_draft]
    assert await seen(units, None, PostFilter(status=DRAFT)) == []
    assert await seen(units, MINE, PostFilter(status=PUBLISHED, author=YOURS)) == [yours]
    assert await seen(units, MINE, PostFilter(status=DRAFT, author=YOURS)) == []
    async with units.open() as unit:
        assert await unit.posts.all_of(MINE) == [my_draft, mine]
        assert {post.id for post in await unit.posts.among([mine.id, your_draft.id, new_id()])} == {
            mine.id,
            your_draft.id,
        }


async def test_comments_belong_to_their_post_and_author_oldest_first(units: StoredUnits) -> None:
    post, other = a_post(), a_post()
    said = [
        a_comment(post_id=on.id, author_id=by, created_at=NOON + number * MS)
        for number, (on, by) in enumerate([(post, MINE), (other, MINE), (post, YOURS), (post, MINE)])
    ]
    await keep(units, *reversed(said))

    async with units.open() as unit:
        assert await unit.comments.all_on(post.id) == [said[0], said[2], said[3]]
        assert await walked(lambda window: unit.comments.on(post.id, window), 2) == [said[0], said[2], said[3]]
        assert page(await unit.comments.on(other.id, PageRequest())).items == [said[1]]
        assert await unit.comments.all_of(MINE) == [said[3], said[1], said[0]]


async def test_a_count_that_many_change_at_once_is_exact(units: StoredUnits) -> None:
    post = a_post(status=PUBLISHED)
    await keep(units, post)

    async def comment() -> None:
        async with units.open() as unit:
            unit.posts.save((await held(unit.posts, post.id)).commented())
            unit.comments.add(a_comment(post_id=post.id))
            await unit.commit(None)

    outcomes = await together([until_done(comment) for _ in range(20)])

    assert [each for each in outcomes if isinstance(each, BaseException) and not isinstance(each, Conflict)] == []
    kept = await got(units, post)
    async with units.open() as unit:
        assert len(await unit.comments.all_on(post.id)) == kept.comment_count == 20
