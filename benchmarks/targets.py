"""What is measured: Portico, the baseline on the same store, and another checkout of Portico where one is named."""

import os
import sys
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path

from application.limits import POLICIES
from benchmarks.seeding import SECRET
from benchmarks.stores import ROOT


@dataclass(frozen=True, slots=True)
class Target:
    """`command` is given the port; `speaks` says whose paths and bodies it understands."""

    name: str
    speaks: str
    command: Callable[[int], list[str]]
    ready: str
    settings: Mapping[str, str] = field(default_factory=dict)

    def environment(self, url: str) -> dict[str, str]:
        """Its own, so that nothing of whoever runs this changes a figure."""
        return {"PATH": os.environ["PATH"], "HOME": os.environ.get("HOME", "/"), "DATABASE_URL": url, **self.settings}


def portico(store: str, *, profiled: bool = False) -> Target:
    """As it is deployed: its own command, one worker, JSON logs to a file."""
    launcher = [sys.executable, "-m", "benchmarks.serve"] if profiled or store == "memory" else None
    command = launcher or [str(Path(sys.executable).with_name("portico")), "serve"]
    settings = {**_PORTICO, "PYTHONPATH": str(ROOT)} if launcher else _PORTICO
    return Target("portico", "portico", lambda port: [*command, "--port", str(port)], "/health/ready", settings)


def checkout(folder: Path) -> Target:
    """Portico as another folder has it, of the same schema."""
    run = "from entrypoints.cli import app; app()"
    settings = {**_PORTICO, "PYTHONPATH": str(folder.resolve() / "src")}
    command = [sys.executable, "-c", run, "serve", "--port"]
    return Target(
        f"also {folder.resolve().name}", "portico", lambda port: [*command, str(port)], "/health/ready", settings
    )


def baselines(store: str) -> list[Target]:
    match store:
        case "sqlite":
            return [_baseline(f"by hand, {mode}", "sqlite", SQLITE_MODE=mode) for mode in ("inline", "thread")]
        case "postgresql":
            return [_baseline("by hand", "postgresql")]
        case _:
            return []


_PORTICO = {
    "SECRET_KEY": SECRET,
    "ENVIRONMENT": "development",
    "LOG_FORMAT": "json",
    # Everything is counted, and nobody refused.
    "RATE_LIMITS": ",".join(f"{name}={10**12}" for name in POLICIES),
}


def _baseline(name: str, module: str, **settings: str) -> Target:
    uvicorn = [sys.executable, "-m", "uvicorn", f"benchmarks.baseline.{module}:app", "--host", "127.0.0.1"]
    fast = ["--loop", "uvloop", "--http", "httptools", "--no-access-log", "--log-level", "warning"]
    settings = {**settings, "PYTHONPATH": str(ROOT)}
    return Target(name, "baseline", lambda port: [*uvicorn, *fast, "--port", str(port)], "/ping", settings)
