"""The machine: which cores do what, and what has to be said beside the figures."""

import os
import platform
import subprocess
import sys
from pathlib import Path

_CORES = sorted(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else [0]

SERVER_CORES = set(_CORES[:1])
"""One worker, one core."""

LOAD_CORES = set(_CORES[1:]) or SERVER_CORES
"""The load, and the backends of a database server on this machine."""


def require_linux() -> None:
    if not sys.platform.startswith("linux"):
        raise SystemExit("the benchmarks pin processes and read /proc: they need Linux")


def described() -> dict[str, str]:
    return {
        "processor": f"{_processor()}, {os.cpu_count()} cores",
        "kernel": platform.release(),
        "Python": platform.python_version(),
        "commit": _commit(),
    }


def _processor() -> str:
    lines = Path("/proc/cpuinfo").read_text().splitlines()
    named = [line.partition(":")[2].strip() for line in lines if line.startswith("model name")]
    return named[0] if named else platform.machine()


def _commit() -> str:
    root = Path(__file__).parent.parent
    command = ["git", "-C", str(root), "describe", "--always", "--dirty"]
    try:
        return subprocess.run(command, capture_output=True, text=True, check=True).stdout.strip()  # noqa: S603 - git
    except (OSError, subprocess.CalledProcessError):
        return "unknown"
