"""Portico's own `serve` with what it lacks for being measured: rows in memory from the start, and a profiler.

`kill -USR1` begins profiling the event loop's thread, and a second one writes what was seen to the file PROFILE.
"""

import cProfile
import os
import signal
import sys
from types import FrameType
from urllib.parse import parse_qs, urlsplit

from adapters.memory import store as memory
from benchmarks.seeding import fill
from entrypoints.cli import app


class FilledStore(memory.MemoryStore):
    """With the rows that the URL asks for."""

    async def start(self) -> None:
        await super().start()
        await fill(self, int(parse_qs(urlsplit(os.environ["DATABASE_URL"]).query)["items"][0]))


class Profiler:
    def __init__(self, path: str) -> None:
        self._path, self._profile = path, cProfile.Profile()
        self._running = False

    def __call__(self, number: int, frame: FrameType | None) -> None:
        self._running = not self._running
        if self._running:
            self._profile.enable()
        else:
            self._profile.disable()
            self._profile.dump_stats(self._path)


if __name__ == "__main__":
    memory.MemoryStore = FilledStore  # type: ignore[misc]
    if "PROFILE" in os.environ:
        signal.signal(signal.SIGUSR1, Profiler(os.environ["PROFILE"]))
    app(["serve", *sys.argv[1:]])
