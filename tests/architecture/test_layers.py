"""The diagram, as tests: entrypoints -> adapters -> application -> domain, and nothing back."""

import sys

import pytest

from tests.architecture.source import LAYERS, modules, within

STORES = ("adapters.memory", "adapters.sql", "adapters.mongo")


def is_in(name: str, package: str) -> bool:
    return f"{name}.".startswith(f"{package}.")


@pytest.mark.parametrize("layer", LAYERS)
def test_a_layer_knows_only_itself_and_those_inside_it(layer: str) -> None:
    outside = LAYERS[LAYERS.index(layer) + 1 :]

    wrong = [
        f"{module.name} imports {name}" for module in within(layer) for name in module.imports()
        if name.split(".")[0] in outside
    ]  # fmt: skip

    assert wrong == []


@pytest.mark.parametrize(("layer", "may_know"), [("domain", {"domain"}), ("application", {"application", "domain"})])
def test_the_core_knows_the_standard_library_alone(layer: str, may_know: set[str]) -> None:
    known = may_know | sys.stdlib_module_names

    wrong = [
        f"{module.name} imports {name}" for module in within(layer) for name in module.imports()
        if name.split(".")[0] not in known
    ]  # fmt: skip

    assert wrong == []


@pytest.mark.parametrize("folder", STORES)
def test_a_store_knows_no_other_store(folder: str) -> None:
    others = [other for other in STORES if other != folder]

    wrong = [
        f"{module.name} imports {name}" for module in within(folder) for name in module.imports()
        if any(is_in(name, other) for other in others)
    ]  # fmt: skip

    assert wrong == []


def test_the_one_mapping_knows_no_store_and_no_driver() -> None:
    drivers = ("aiosqlite", "alembic", "asyncpg", "bson", "motor", "pymongo", "sqlalchemy", "sqlite3", *STORES)

    wrong = [
        f"{module.name} imports {name}" for module in within("adapters.persistence") for name in module.imports()
        if any(is_in(name, driver) for driver in drivers)
    ]  # fmt: skip

    assert wrong == []


def test_a_use_case_reaches_the_world_through_ports_alone() -> None:
    worldly = {"os", "pathlib", "random", "secrets", "socket", "sqlite3", "subprocess", "threading", "urllib", "uuid"}

    wrong = {
        module.name: found for module in within("application") + within("domain")
        if (found := worldly.intersection(name.split(".")[0] for name in module.imports()))
    }  # fmt: skip

    assert wrong == {"application.observed": {"random"}}, "observed draws the pause before another try, and that is all"


def test_every_module_is_in_a_layer() -> None:
    assert {module.layer for module in modules()} == set(LAYERS)
