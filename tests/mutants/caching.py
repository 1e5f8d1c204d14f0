"""A broken cache: it tells what has changed, or tells one person what another may see."""

from tests.mutants.mutant import Mutant

CONTRACT = "tests/contracts/test_cache.py"
HTTP, LOADING = "tests/http/test_caching.py", "tests/application/test_caching.py"
READS, UNIT = "src/entrypoints/http/caching.py", "src/adapters/persistence/unit_of_work.py"

CACHING = (
    Mutant(
        "a commit does not say what it has changed",
        UNIT,
        "await self._cache.forget(names)",
        "pass",
        (f"{HTTP}::test_what_becomes_private_is_gone_for_others_with_the_answer_to_the_change",),
    ),
    Mutant(
        "what is kept is what whoever came first was answered",
        READS,
        "return await self._kept(self._caching, key, about, answer)\n        except",
        "return await self._kept(self._caching, key, about, lambda _: answer(actor))\n        except",
        (f"{HTTP}::test_nothing_private_is_ever_kept",),
    ),
    Mutant(
        "who is signed in is given the list of those who are not",
        READS,
        "if self._caching is None or actor is not None:",
        "if self._caching is None:",
        (f"{HTTP}::test_nothing_private_is_ever_kept",),
    ),
    Mutant(
        "who comes after a change waits for a load from before it",
        "src/application/caching.py",
        "loading = self._loading.get((key, state))",
        "loading = next((task for (k, _), task in self._loading.items() if k == key), None)",
        (f"{LOADING}::test_who_comes_after_a_change_is_not_told_what_was_read_before_it",),
    ),
    Mutant(
        "a load that a change overtook is kept",
        "src/adapters/memory/cache.py",
        "self._kept[key] = self._now() + self._ttl_s, state, value",
        "self._kept[key] = self._now() + self._ttl_s, max([state, *self._changes._last.values()]), value",
        (f"{CONTRACT}::test_what_was_read_before_a_change_is_not_found_though_it_is_put_after_it[memory]",),
    ),
    Mutant(
        "a post that is kept does not know of its author",
        "src/entrypoints/http/journal.py",
        'public.thing(f"post:{id}", (one("posts", id), _PEOPLE), actor, answer)',
        'public.thing(f"post:{id}", (one("posts", id),), actor, answer)',
        (f"{HTTP}::test_what_is_shown_of_others_and_by_other_means_is_as_it_is_now",),
    ),
)
