"""Programs that are run by hand are not found broken by whoever needs them."""

import importlib

import pytest

from tests.architecture.source import ROOT

PROGRAMS = sorted(
    ".".join(path.relative_to(ROOT).with_suffix("").parts)
    for folder in ("benchmarks", "tests")
    for path in (ROOT / folder).rglob("__main__.py")
)


@pytest.mark.parametrize("program", PROGRAMS)
def test_it_can_be_started(program: str) -> None:
    importlib.import_module(program)
