"""Broken rules of the journal and of search."""

from tests.mutants.mutant import Mutant

DOMAIN, APPLICATION = "src/domain/journal.py", "src/application/journal.py"
SEARCH = "src/adapters/persistence/search.py"

JOURNAL = (
    Mutant(
        "a draft can be read by staff",
        DOMAIN,
        "        return self.is_public or (actor is not None and actor.id == self.author_id)",
        "        return self.is_public or (actor is not None and (actor.is_staff or actor.id == self.author_id))",
        ("tests/http/test_journal_rights.py::test_a_draft_is_its_authors_alone",),
    ),
    Mutant(
        "a draft can be commented on",
        DOMAIN,
        "            raise NotPublished()",
        "            pass",
        ("tests/http/test_journal_comments.py::test_a_draft_cannot_be_commented_on",),
    ),
    Mutant(
        "publishing again is another first time",
        DOMAIN,
        "if self.is_public and self.published_at is None else self",
        "if self.is_public else self",
        ("tests/http/test_journal.py::test_publishing_dates_a_post_once",),
    ),
    Mutant(
        "a deleted comment is counted",
        APPLICATION,
        "            unit.posts.save(post.uncommented())\n",
        "",
        ("tests/http/test_journal_rights.py::test_a_comment_is_deleted_by_its_author_the_posts_or_staff",),
    ),
    Mutant(
        "a post leaves its comments behind",
        APPLICATION,
        "        unit.comments.remove(comment)\n    unit.posts",
        "        pass\n    unit.posts",
        ("tests/http/test_journal.py::test_a_deleted_post_is_gone_with_its_comments",),
    ),
    Mutant(
        "others hear of a draft",
        APPLICATION,
        'unit.tell(_told("post.created", post, public=False)',
        'unit.tell(_told("post.created", post, public=True)',
        ("tests/application/test_journal.py::test_a_post_that_is_made_published_is_told_twice",),
    ),
    Mutant(
        "people are shown to anybody",
        "src/application/search.py",
        "        if actor is None:",
        "        if actor is None and not kinds:",
        ("tests/http/test_search.py::test_people_are_found_by_those_who_are_signed_in_alone",),
    ),
    Mutant(
        "search knows what a thing was",
        SEARCH,
        "        if kept is not entity and before != self.found_by(entity):",
        "        if kept is not entity and before is None:",
        ("tests/http/test_search.py::test_what_is_changed_withdrawn_or_published_is_found_so_at_once",),
    ),
    Mutant(
        "one's own is found whatever the scope",
        SEARCH,
        "    if actor_id is None or not own:",
        "    own = tuple(Kind)\n    if actor_id is None:",
        ("tests/http/test_search.py::test_private_things_are_found_by_whose_they_are_with_their_scope",),
    ),
    Mutant(
        "names and bodies are of one rank",
        SEARCH,
        'matching=Matches("name_words", wanted.words))',
        'matching=Matches("words", wanted.words))',
        ("tests/http/test_search.py::test_names_come_before_bodies_and_the_newest_first_whatever_it_is",),
    ),
    Mutant(
        "who commented hears of what a draft hides",
        APPLICATION,
        "comment.author_id if post.is_public else post.author_id",
        "comment.author_id",
        ("tests/http/test_events_journal.py::test_of_a_comment_that_its_post_hides_the_posts_author_alone_hears",),
    ),
)
