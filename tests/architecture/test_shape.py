"""One name in each layer, modules that fit a screen or three, and nothing done by importing."""

import subprocess
import sys

import pytest

from adapters.mongo.indexes import INDEXES
from adapters.persistence.mapping import Collection
from adapters.sql.tables import metadata
from tests.architecture.source import ROOT, SRC, modules, within

LONGEST = {"src": 250, "tests": 300}
"""Lines. A suite may go on for a little longer than what it is about."""

FEATURES = sorted(
    module.name.removeprefix("domain.") for module in within("domain") if "domain.repository" in module.imports()
)
"""What the domain keeps collections of."""


def test_features_are_found() -> None:
    assert {"accounts", "api_keys", "catalogue", "sessions"} <= set(FEATURES)


@pytest.mark.parametrize("feature", FEATURES)
@pytest.mark.parametrize("layer", ["domain", "application", "adapters/persistence", "entrypoints/http"])
def test_a_feature_has_one_name_in_every_layer(layer: str, feature: str) -> None:
    home = SRC / layer / feature

    assert home.with_suffix(".py").is_file() or home.is_dir()


def _collections() -> list[Collection[object]]:
    from importlib import import_module

    named = [import_module(module.name) for module in within("adapters.persistence")]
    return [value for module in named for value in vars(module).values() if isinstance(value, Collection)]


def test_every_collection_has_a_home_in_every_store() -> None:
    names = {collection.name for collection in _collections()}

    assert names == metadata.tables.keys() - {"alembic_version"}
    assert names == INDEXES.keys()


def test_no_module_is_longer_than_can_be_read_at_once() -> None:
    paths = [path for folder in LONGEST for path in (ROOT / folder).rglob("*.py")]
    lengths = {path.relative_to(ROOT): len(path.read_text("utf-8").splitlines()) for path in paths}

    assert {str(path): length for path, length in lengths.items() if length > LONGEST[path.parts[0]]} == {}


_AUDITED = """
import sys
FORBIDDEN = "socket.connect socket.bind sqlite3.connect subprocess.Popen os.mkdir os.remove os.rename".split()

def watch(event, arguments):
    if event in FORBIDDEN:
        raise SystemExit(f"{event} while importing")
    if event == "open" and isinstance(arguments[1], str) and set("wax+") & set(arguments[1]):
        raise SystemExit(f"opened {arguments[0]} for writing while importing")

sys.dont_write_bytecode = True
sys.addaudithook(watch)
import importlib, threading
for name in sys.argv[1:]:
    importlib.import_module(name)
assert threading.active_count() == 1, threading.enumerate()
"""


def test_importing_connects_to_nothing_writes_nothing_and_starts_nothing() -> None:
    names = [module.name for module in modules() if ".migrations" not in module.name]

    ran = subprocess.run(
        [sys.executable, "-c", _AUDITED, *names], cwd=SRC, capture_output=True, text=True, timeout=60, check=False
    )

    assert (ran.returncode, ran.stderr) == (0, "")


def test_all_of_it_can_be_imported_without_a_setting() -> None:
    """The environment is read when an application is made, never by an import."""
    ran = subprocess.run(
        [sys.executable, "-c", "import entrypoints.http.app, entrypoints.cli, entrypoints.container"],
        cwd="/",
        env={"PYTHONPATH": str(SRC), "ENVIRONMENT": "nonsense", "DATABASE_URL": "nonsense"},
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )

    assert (ran.returncode, ran.stderr) == (0, "")
