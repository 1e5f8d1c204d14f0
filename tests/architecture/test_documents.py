"""The documents are true: what they name is there, and what they show runs."""

import re
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from entrypoints.settings import _SECRETS, Settings
from tests.architecture.source import ROOT, SRC

DOCUMENTS = sorted([*ROOT.glob("*.md"), *(ROOT / "docs").rglob("*.md")])
README = (ROOT / "README.md").read_text("utf-8")
DECISIONS = sorted((ROOT / "docs" / "decisions").glob("*.md"))


def section(title: str) -> str:
    return README.partition(f"\n## {title}\n")[2].partition("\n## ")[0]


def rows(text: str) -> list[list[str]]:
    """The cells of its tables, without their heads."""
    lines = [line.strip("|").split(" | ") for line in re.findall(r"^\|.*\|$", text, re.MULTILINE)]
    return [[cell.strip() for cell in cells] for cells in lines if cells[0].startswith(" `")]


def blocks(path: Path, language: str) -> list[str]:
    return re.findall(rf"```{language}\n(.*?)```", path.read_text("utf-8"), re.DOTALL)


def test_every_setting_is_listed_with_its_default() -> None:
    listed = {row[0].strip("`"): row[1].strip("`") for row in rows(section("Settings"))}
    fields = Settings.model_fields.items()
    shown = {name.upper(): "none" if field.default in (None, "", ()) else field.default for name, field in fields}

    assert listed == {name: _as_set(value) for name, value in shown.items()}


def _as_set(value: Any) -> str:
    if type(value) is tuple:
        return ",".join(str(part) for part in value)
    return str(value).lower() if isinstance(value, bool) else str(value)


def test_every_secret_is_said_to_have_a_file() -> None:
    assert sorted(re.findall(r"`([A-Z_]+)_FILE`", section("Settings"))) == sorted(_SECRETS)


def test_what_the_tree_shows_is_there_and_no_folder_is_missing() -> None:
    lines = section("The tree").splitlines()
    shown = {line.split()[0].rstrip("/") for line in lines if re.match(r"(src|tests|docs)/", line)}
    folders = {path.parent for path in SRC.rglob("*.py") if "migrations" not in path.parts}
    own = {folder for folder in folders if not (SRC / "domain" / f"{folder.name}.py").exists()}

    assert [path for path in shown if not (ROOT / path).is_dir()] == []
    assert {str(folder.relative_to(ROOT)) for folder in own} - {"src/adapters"} <= shown


@pytest.mark.parametrize("path", DOCUMENTS, ids=lambda path: path.name)
def test_links_and_named_paths_lead_somewhere(path: Path) -> None:
    text = path.read_text("utf-8")
    links = [link for link in re.findall(r"\]\(([^)]+)\)", text) if "://" not in link]
    named = [name for name in re.findall(r"`((?:src|tests|docs)/[\w./]+)`", text) if "reviews" not in name]

    assert [link for link in links if not (path.parent / link).exists()] == []
    assert [name for name in named if not (ROOT / name).exists()] == []


@pytest.mark.parametrize("path", DOCUMENTS, ids=lambda path: path.name)
def test_python_examples_run(path: Path) -> None:
    for code in blocks(path, "python"):
        ran = subprocess.run(
            [sys.executable, "-c", code], cwd=SRC, capture_output=True, text=True, check=False, timeout=60
        )
        assert (ran.returncode, ran.stderr) == (0, "")


def test_every_make_target_that_is_named_is_one() -> None:
    targets = set(re.findall(r"^([a-z-]+):.*## ", (ROOT / "Makefile").read_text("utf-8"), re.MULTILINE))
    named = {name for path in DOCUMENTS for name in re.findall(r"(?:`|^|\s)make ([a-z-]+)`?", path.read_text("utf-8"))}
    commands = {line.split()[-1] for path in DOCUMENTS for block in blocks(path, "sh") for line in block.splitlines()
                if re.match(r"(\w+=\S+ )?make ", line) and "ARGS" not in line}  # fmt: skip

    assert commands <= targets
    assert {"check", "help", "mutants", "differential"} <= named & targets


def test_every_program_that_is_named_is_there() -> None:
    named = {name for path in DOCUMENTS for name in re.findall(r"python -m ([\w.]+)", path.read_text("utf-8"))}

    assert [name for name in named if not (ROOT / name.replace(".", "/") / "__main__.py").exists()] == []
    assert named


@pytest.mark.parametrize("path", DECISIONS, ids=lambda path: path.stem[:4])
def test_a_decision_fits_a_screen_and_carries_its_number(path: Path) -> None:
    text = path.read_text("utf-8")

    assert text.startswith(f"# {path.name[:4]}: ")
    assert len(text.splitlines()) <= 50
    assert all(len(line) <= 130 for line in text.splitlines())


def test_decisions_are_numbered_without_a_gap() -> None:
    assert [path.name[:4] for path in DECISIONS] == [f"{number:04d}" for number in range(1, len(DECISIONS) + 1)]


def test_every_decision_that_the_code_names_is_there() -> None:
    named = {
        number
        for path in SRC.rglob("*.py")
        for number in re.findall(r"docs/decisions/(\d{4})", path.read_text("utf-8"))
    }

    assert named <= {path.name[:4] for path in DECISIONS}
    assert named
