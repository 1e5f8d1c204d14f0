"""Broken stores, unit of work and queries."""

from tests.mutants.mutant import Mutant

MEMORY, SQLITE = "src/adapters/memory/store.py", "src/adapters/sql/sqlite_connection.py"
STATEMENTS, CONDITIONS = "src/adapters/sql/statements.py", "src/adapters/memory/conditions.py"
UNIT, QUERY = "src/adapters/persistence/unit_of_work.py", "src/adapters/persistence/query.py"
REPOSITORY = "src/adapters/persistence/repository.py"

TIES = "tests/http/test_catalogue_lists.py::test_ties_go_by_ascending_id_and_no_walk_loses_or_doubles_one"

STORES = (
    Mutant(
        "SQL forgets the id that breaks ties",
        STATEMENTS,
        "            yield self._table.c.id",
        "            pass",
        (TIES, "tests/contracts/test_orders.py::test_lists_are_newest_first_and_of_one_moment_by_id"),
    ),
    Mutant(
        "memory breaks ties the other way round",
        MEMORY,
        'found.sort(key=lambda row: row["id"])',
        'found.sort(key=lambda row: row["id"], reverse=True)',
        (TIES,),
    ),
    Mutant(
        "a walk loses what equals where it stands",
        QUERY,
        "    for depth, (key, value) in enumerate(zip(keys, values, strict=True)):",
        "    for depth, (key, value) in list(enumerate(zip(keys, values, strict=True)))[:-1]:",
        (TIES,),
    ),
    Mutant(
        "a prefix reaches too far",
        QUERY,
        "chr(following)",
        "chr(following + 1)",
        ("tests/http/test_accounts_people.py::test_what_begins_with_the_next_letter_is_not_found",),
    ),
    Mutant(
        "filters are an or",
        MEMORY,
        "if all(fulfils(row, c) for c in where)",
        "if any(fulfils(row, c) for c in where) or not where",
        ("tests/http/test_catalogue_lists.py::test_filters_mean_the_same_in_any_order",),
    ),
    Mutant(
        "any of the tags will do",
        CONDITIONS,
        "return set(values) <= set(row[field])",
        "return bool(set(values) & set(row[field]))",
        ("tests/http/test_catalogue_tags.py::test_all_the_tags_must_be_there",),
    ),
    Mutant(
        "the last word has to be whole",
        CONDITIONS,
        "any(word.startswith(last) for word in kept)",
        "last in kept",
        ("tests/http/test_catalogue_search.py::test_all_words_must_be_there_and_the_last_by_its_beginning",),
    ),
    Mutant(
        "a page does not count what stood in the tier before",
        "src/adapters/persistence/pages.py",
        "skip = max(0, skip - await session.count(collection, tier)) if counts else 0",
        "skip = 0",
        ("tests/http/test_catalogue_search.py::test_pages_and_walks_go_through_the_ranks_without_loss",),
    ),
    Mutant(
        "memory does not compare versions",
        MEMORY,
        'elif stored is None or stored["version"] != write.version:',
        "elif stored is None:",
        ("tests/contracts/test_versions.py::test_a_save_after_a_stale_read_is_a_conflict",),
    ),
    Mutant(
        "SQL does not compare versions",
        STATEMENTS,
        'table.c.version == bindparam("was", type_=Whole)',
        'table.c.version >= 0 * bindparam("was", type_=Whole)',
        ("tests/contracts/test_versions.py::test_a_save_after_a_stale_read_is_a_conflict",),
    ),
    Mutant(
        "a refused write leaves the one before it",
        MEMORY,
        "                self._store.put(write, write.document, was)",
        "                pass",
        ("tests/contracts/test_unit_of_work.py::test_a_write_that_is_refused_takes_those_before_it_back",),
    ),
    Mutant(
        "one unit of a group leaves what another refused",
        SQLITE,
        '        store.execute("ROLLBACK TO unit")',
        "        pass",
        (
            "tests/contracts/test_unit_of_work.py::test_a_write_that_is_refused_takes_those_before_it_back",
            "tests/contracts/test_unit_of_work.py::test_a_write_that_is_refused_takes_those_behind_it_back",
        ),
    ),
    Mutant(
        "a name is unique when it is made, and not when it is changed",
        MEMORY,
        "    for name, value in _unique(write, write.document):",
        '    for name, value in _unique(write, write.document) if write.kind == "insert" else ():',
        ("tests/application/test_accounts.py::test_an_address_is_unique_when_it_is_changed_too",),
    ),
    Mutant(
        "no value is unique too",
        MEMORY,
        "for name in write.collection.unique if document[name] is not None]",
        "for name in write.collection.unique]",
        ("tests/http/test_accounts_erase.py::test_several_may_leave",),
    ),
    Mutant(
        "the commit is made after the answer",
        UNIT,
        "                await shielded(self._session, writes)",
        "                asyncio.get_running_loop().call_soon(asyncio.ensure_future, self._session.apply(writes))",
        ("tests/http/test_catalogue_offer.py::test_what_was_answered_is_what_is_read",),
    ),
    Mutant(
        "the answer is kept outside the unit",
        UNIT,
        "            self._writes.insert(ANSWERS, self._answer(self._operation, result))",
        "            lone = Writes()\n            lone.insert(ANSWERS, self._answer(self._operation, result))\n"
        "            await self._session.apply(lone.taken())",
        ("tests/contracts/test_operations.py::test_work_that_fails_keeps_no_answer",),
    ),
    Mutant(
        "an answer is given for ever",
        UNIT,
        "if answer.created_at > self._clock() - self._answers_kept:",
        "if answer.created_at:",
        ("tests/contracts/test_operations.py::test_an_answer_is_given_for_as_long_as_it_is_kept",),
    ),
    Mutant(
        "PostgreSQL writes no more than one statement holds",
        "src/adapters/sql/together.py",
        "for start in range(0, len(changes), MOST)]",
        "for start in (0,)]",
        ("tests/contracts/test_many_writes.py",),
    ),
    Mutant(
        "words are written anew with each change",
        REPOSITORY,
        "before = None if document is None else self.collection.whole(document, read)",
        "before = document",
        ("tests/adapters/test_sql_writes.py::test_what_did_not_change_is_not_written",),
    ),
    Mutant(
        "a place is lost with whoever gives up as they get it",
        "src/adapters/system/semaphore.py",
        "                self.release()",
        "                pass",
        ("tests/adapters/test_semaphore.py::test_who_gives_up_as_they_get_in_gives_the_place_on",),
    ),
    Mutant(
        "a connection is handed on in the middle of a transaction",
        "src/adapters/sql/postgresql_connections.py",
        "if self._closed or connection.is_in_transaction():",
        "if self._closed:",
        ("tests/adapters/test_postgresql_connections.py::test_one_in_the_middle_of_a_transaction_is_not_handed_on",),
    ),
    Mutant(
        "who cannot connect loses a place for all",
        "src/adapters/sql/postgresql_connections.py",
        "        except BaseException:\n            self._places.release()\n            raise",
        "        except BaseException:\n            raise",
        ("tests/adapters/test_postgresql_connections.py::test_where_none_can_be_opened_nobody_loses_a_place",),
    ),
    Mutant(
        "more connections than may be",
        "src/adapters/system/semaphore.py",
        "        if self._free:",
        "        if self._free or self._patience_s:",
        ("tests/adapters/test_postgresql_connections.py::test_there_are_no_more_than_may_be",),
    ),
)
