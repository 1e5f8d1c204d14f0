"""Servers that are measured: started, watched through /proc, and stopped."""

import http.client
import os
import re
import signal
import subprocess
import time
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

from benchmarks.load import Request, send
from benchmarks.machine import LOAD_CORES, SERVER_CORES
from benchmarks.targets import Target
from tests.ports import free_port

HOST = "127.0.0.1"
PATIENCE_S = 120.0
_WELL = re.compile(r'"status":[23]\d\d')
_IDLE_S = 0.02
_TICK = os.sysconf("SC_CLK_TCK")


class Server:
    """One process of a target, on a core of its own. `started_s` is from nothing to the first good answer."""

    def __init__(self, target: Target, url: str, folder: Path) -> None:
        self.target, self.url = target, url
        port = free_port()
        self.host = f"{HOST}:{port}"
        self._log = folder / f"{target.name}-{port}.log"
        began = time.perf_counter()
        self.process = subprocess.Popen(  # noqa: S603 - ours
            target.command(port),
            cwd=folder,
            env=target.environment(url),
            stdout=self._log.open("wb"),
            stderr=subprocess.STDOUT,
            start_new_session=True,
        )
        os.sched_setaffinity(self.process.pid, SERVER_CORES)
        try:
            self._await_ready(began + PATIENCE_S)
        except BaseException:
            self.stop()
            raise
        self.started_s = time.perf_counter() - began

    def stop(self) -> None:
        self.process.send_signal(signal.SIGTERM)
        try:
            self.process.wait(15)
        except subprocess.TimeoutExpired:
            self.process.kill()
            self.process.wait()

    def cpu_s(self) -> float:
        """What all its threads have used, in user and kernel."""
        fields = self._proc("stat").rpartition(")")[2].split()
        return (int(fields[11]) + int(fields[12])) / _TICK

    def settle(self) -> None:
        """Waits until it is idle: what nobody waits for any more would be in the way of the next one."""
        for _ in range(100):
            before = self.cpu_s()
            time.sleep(0.1)
            if self.cpu_s() - before < _IDLE_S:
                return

    def rss_mb(self) -> float:
        lines = self._proc("status").splitlines()
        return next(int(line.split()[1]) for line in lines if line.startswith("VmRSS:")) / 1024

    def said(self) -> str:
        """What its log says other than that all went well, or else its end."""
        lines = self._log.read_bytes().decode(errors="replace").splitlines()
        telling = [line for line in lines if not _WELL.search(line)]
        return "\n".join((telling or lines)[-20:])

    def _proc(self, name: str) -> str:
        return Path(f"/proc/{self.process.pid}/{name}").read_text()

    def _await_ready(self, deadline: float) -> None:
        request = Request(self.target.ready)
        while time.perf_counter() < deadline:
            if self.process.poll() is not None:
                raise SystemExit(f"{self.target.name} ended before it was ready:\n{self.said()}")
            with suppress(OSError):
                status = send(http.client.HTTPConnection(self.host, timeout=5), request).status
                if status == 200:
                    return
                if status != 503:
                    raise SystemExit(f"{self.target.name} answers {status} to {self.target.ready}:\n{self.said()}")
            time.sleep(0.01)
        raise SystemExit(f"{self.target.name} was not ready in time:\n{self.said()}")


@dataclass(frozen=True, slots=True)
class Used:
    """CPU of the server over some work."""

    server: Server
    before: float

    @classmethod
    def since_now(cls, server: Server) -> "Used":
        return cls(server, server.cpu_s())

    def seconds(self) -> float:
        return self.server.cpu_s() - self.before


def move_backends(name: str) -> None:
    """Puts PostgreSQL's processes for this database beside the load, where they are on this machine and we may."""
    for folder in Path("/proc").glob("[0-9]*"):
        try:
            command = (folder / "cmdline").read_bytes()
            if command.startswith(b"postgres:") and f" {name} ".encode() in command:
                os.sched_setaffinity(int(folder.name), LOAD_CORES)
        except OSError:
            continue
