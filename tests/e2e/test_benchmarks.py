"""That the benchmarks work, not how fast anything is."""

import json
import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]


@pytest.mark.skipif(shutil.which("wrk") is None, reason="wrk is not there")
def test_portico_and_what_it_is_compared_with_answer_what_is_asked_of_them(tmp_path: Path) -> None:
    command = [sys.executable, "-m", "benchmarks", "--ops=get,search,create", "--rounds=1", "--secs=1", "--out"]
    path = f"{ROOT / 'src'}{os.pathsep}{ROOT}"

    ran = subprocess.run(
        [*command, str(tmp_path)],
        cwd=ROOT,
        env={**os.environ, "PYTHONPATH": path},
        capture_output=True,
        text=True,
        check=False,
    )

    assert ran.returncode == 0, ran.stdout + ran.stderr
    kept = json.loads((tmp_path / "sqlite.json").read_bytes())
    assert set(kept["operations"]) == {"get", "search", "create"}
