"""`python -m tests.mutants [WORDS]`: breaks the code at one place at a time, and wants its tests to go red.

Each mutant is made in a copy of the tree, and only the tests that are named for it are run there: on memory and SQLite,
and on the servers that `TEST_*_URL` names. A mutant that no test notices fails the run, and so does one whose text is
no longer in the code. WORDS choose those whose name has one of them.
"""

import os
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path

from rich.console import Console
from rich.markup import escape
from rich.table import Table

from tests.mutants.caching import CACHING
from tests.mutants.conventions import CONVENTIONS
from tests.mutants.edge import EDGE
from tests.mutants.events import EVENTS
from tests.mutants.files import FILES_BROKEN
from tests.mutants.journal import JOURNAL
from tests.mutants.mail import POST
from tests.mutants.money import MONEY
from tests.mutants.mutant import Mutant
from tests.mutants.operations import OPERATIONS
from tests.mutants.rooms import ROOMS
from tests.mutants.rules import RULES
from tests.mutants.stores import STORES
from tests.mutants.work import WORK

ROOT = Path(__file__).parents[2]
FILES = ("git", "ls-files", "-z", "--cached", "--others", "--exclude-standard")
"""What a clone would have, and what is not yet committed."""

TESTS_FAILED = 1
"""What pytest ends with where tests failed; anything else, and it did not get as far."""

PYTEST = (sys.executable, "-m", "pytest", "-x", "-q", "--no-header", "--timeout=60", "-p", "no:cacheprovider")

MUTANTS = (
    *STORES,
    *RULES,
    *MONEY,
    *ROOMS,
    *OPERATIONS,
    *EDGE,
    *CONVENTIONS,
    *JOURNAL,
    *FILES_BROKEN,
    *WORK,
    *EVENTS,
    *POST,
    *CACHING,
)


@dataclass(frozen=True)
class Verdict:
    mutant: Mutant
    noticed: bool
    how: str
    seconds: float


def run(tree: Path, tests: Iterable[str]) -> tuple[int, str]:
    """What pytest ends with in that copy, and what it says."""
    environment = {**os.environ, "HYPOTHESIS_PROFILE": "ci", "CI": "", "PYTHONPATH": str(tree / "src")}
    ran = subprocess.run([*PYTEST, *tests], cwd=tree, env=environment, capture_output=True, text=True, check=False)
    return ran.returncode, ran.stdout + ran.stderr


def judged(mutant: Mutant, pristine: Path) -> Verdict:
    began = time.perf_counter()
    with tempfile.TemporaryDirectory(prefix="mutant") as folder:
        tree = Path(folder) / "tree"
        shutil.copytree(pristine, tree)
        file = tree / mutant.file
        source = file.read_text("utf-8")
        if source.count(mutant.original) != 1:
            return Verdict(mutant, False, f"its text is there {source.count(mutant.original)} times", 0)
        file.write_text(source.replace(mutant.original, mutant.replacement), "utf-8")
        code, output = run(tree, mutant.tests)
    seconds = time.perf_counter() - began
    told = [line.split()[1] for line in output.splitlines() if line.startswith(("FAILED", "ERROR"))]
    if code == TESTS_FAILED:
        return Verdict(mutant, True, told[0].rpartition("::")[2] if told else "red", seconds)
    return Verdict(mutant, False, "SURVIVED" if code == 0 else f"pytest ended with {code}", seconds)


def copied(to: Path) -> Path:
    listed = subprocess.run(FILES, cwd=ROOT, capture_output=True, text=True, check=True)
    for name in listed.stdout.split("\0"):
        if name and (ROOT / name).is_file():
            (to / name).parent.mkdir(parents=True, exist_ok=True)
            shutil.copy2(ROOT / name, to / name)
    return to


def main(words: list[str]) -> int:
    console = Console(width=150)
    chosen = [each for each in MUTANTS if not words or any(word in each.name for word in words)]
    if not chosen:
        console.print(f"No mutant's name has one of: {' '.join(words)}", markup=False)
        return 2
    with tempfile.TemporaryDirectory(prefix="mutants") as folder:
        pristine = copied(Path(folder) / "tree")
        code, output = run(pristine, sorted({test for mutant in chosen for test in mutant.tests}))
        if code != 0:
            console.print(output, markup=False)
            console.print("[red]The tests have to be green before anything is broken.[/red]")
            return 1
        with ThreadPoolExecutor(os.cpu_count()) as threads:
            verdicts = list(threads.map(lambda mutant: judged(mutant, pristine), chosen))
    table = Table("Broken on purpose", "Where", "Noticed by", "s")
    for verdict in verdicts:
        colour, how = "green" if verdict.noticed else "red", escape(verdict.how)
        table.add_row(
            verdict.mutant.name,
            verdict.mutant.file.removeprefix("src/"),
            f"[{colour}]{how}[/{colour}]",
            f"{verdict.seconds:.1f}",
        )
    console.print(table)
    unnoticed = [verdict for verdict in verdicts if not verdict.noticed]
    console.print(f"{len(verdicts) - len(unnoticed)} of {len(verdicts)} were noticed.")
    return 1 if unnoticed else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
