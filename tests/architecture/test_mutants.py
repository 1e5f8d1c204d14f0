"""What `make mutants` breaks is still there to be broken, and so are the tests that have to notice."""

from tests.architecture.source import ROOT
from tests.mutants.__main__ import MUTANTS


def test_the_text_of_each_is_in_the_code_once() -> None:
    found = {mutant.name: (ROOT / mutant.file).read_text("utf-8").count(mutant.original) for mutant in MUTANTS}

    assert {name: count for name, count in found.items() if count != 1} == {}


def test_each_has_a_name_of_its_own() -> None:
    assert len({mutant.name for mutant in MUTANTS}) == len(MUTANTS)


def test_the_tests_that_have_to_notice_are_there() -> None:
    named = {test for mutant in MUTANTS for test in mutant.tests}
    missing = []
    for test in named:
        file, _, function = test.partition("::")
        path = ROOT / file
        if not path.exists() or (function and f"def {function.partition('[')[0]}(" not in path.read_text("utf-8")):
            missing.append(test)

    assert missing == []
