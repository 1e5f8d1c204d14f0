"""Several processes that share a port, by uvicorn's own supervisor, or one; but for how they end."""

import signal
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from os import environ
from tempfile import TemporaryDirectory
from types import FrameType
from typing import Any

import uvicorn
from uvicorn import Config
from uvicorn.supervisors import Multiprocess

COUNTS = "PROMETHEUS_MULTIPROC_DIR"
_ENDS = (signal.SIGTERM, signal.SIGINT)


class Workers(Multiprocess):
    """Once all workers are told to end, the port is theirs alone; a second signal kills them."""

    def join_all(self) -> None:
        for listener in self.sockets:
            listener.close()
        while any(worker.process.is_alive() for worker in self.processes):
            if any(number in _ENDS for number in self.signal_queue):
                for worker in self.processes:
                    worker.process.kill()
            time.sleep(0.02)
        super().join_all()


def serve_alone(**how: Any) -> None:
    """One process. uvicorn sends itself the signal once more when it has stopped: by then the end is a good one."""
    signal.signal(signal.SIGTERM, _end)
    uvicorn.run(**how)


def _end(number: int, frame: FrameType | None) -> None:
    sys.exit(0)


def serve(config: Config) -> None:
    with _shared_counts():
        Workers(config, sockets=[config.bind_socket()]).run()


@contextmanager
def _shared_counts() -> Iterator[None]:
    """A folder in which the workers' figures add up, unless whoever runs this named one."""
    if COUNTS in environ:
        yield
        return
    with TemporaryDirectory(prefix="portico-metrics-") as folder:
        environ[COUNTS] = folder
        try:
            yield
        finally:
            del environ[COUNTS]
