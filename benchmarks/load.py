"""Sending requests: by wrk for the figures, one at a time for looking at the answers."""

import http.client
import json
import os
import random
import secrets
import shutil
import subprocess
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path

from benchmarks.machine import LOAD_CORES

_REPLAY = Path(__file__).with_name("replay.lua")
MISSING = "wrk is what sends the requests, and it is not here: apt-get install wrk"


@dataclass(frozen=True, slots=True)
class Request:
    path: str
    method: str = "GET"
    headers: dict[str, str] = field(default_factory=dict)
    body: str = ""

    def written(self, host: str) -> bytes:
        """As it goes over the wire."""
        headers = {"Host": host, **self.headers}
        if self.body:
            headers["Content-Length"] = str(len(self.body.encode()))
        lines = [f"{self.method} {self.path} HTTP/1.1", *(f"{name}: {value}" for name, value in headers.items())]
        return ("\r\n".join(lines) + "\r\n\r\n" + self.body).encode()


@dataclass(frozen=True, slots=True)
class Answer:
    status: int
    headers: dict[str, str]
    body: bytes


@dataclass(frozen=True, slots=True)
class Report:
    """What wrk says of one run: `refused` are answers of 400 and above, `broken` ones that did not come."""

    requests: int
    seconds: float
    bytes: int
    p50_ms: float
    p99_ms: float
    refused: int
    broken: int

    @property
    def rps(self) -> float:
        return self.requests / self.seconds


class Load:
    """Requests to one server, drawn by chance from those given."""

    def __init__(self, requests: Sequence[Request], host: str, folder: Path) -> None:
        self._host = host
        self._requests = requests
        self._plan = folder / f"plan-{secrets.token_hex(4)}"
        self._plan.write_bytes(b"\0".join(request.written(host) for request in requests))

    def begin(self, seconds: int, connections: int) -> "subprocess.Popen[str]":
        wrk = shutil.which("wrk")
        if wrk is None:
            raise SystemExit(MISSING)
        command = [wrk, "-t1", f"-c{connections}", f"-d{seconds}s", "--timeout", "20s", "-s", str(_REPLAY), "--latency"]
        running = subprocess.Popen(  # noqa: S603 - wrk
            [*command, f"http://{self._host}"],
            env={"PLAN": str(self._plan), "SEED": str(secrets.randbits(31))},
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
        )
        os.sched_setaffinity(running.pid, LOAD_CORES)
        return running

    def run(self, seconds: int, connections: int) -> Report:
        return reported(self.begin(seconds, connections))

    def samples(self, count: int) -> list[Answer]:
        """The answers to some of the requests."""
        connection = http.client.HTTPConnection(self._host, timeout=20)
        drawn = random.Random(5).choices(self._requests, k=count)  # noqa: S311 - requests, not secrets
        answers = [send(connection, request) for request in drawn]
        connection.close()
        return answers

    def close(self) -> None:
        self._plan.unlink(missing_ok=True)


def send(connection: http.client.HTTPConnection, request: Request) -> Answer:
    connection.request(request.method, request.path, request.body.encode() or None, request.headers)
    response = connection.getresponse()
    return Answer(response.status, {name.lower(): value for name, value in response.getheaders()}, response.read())


def reported(running: "subprocess.Popen[str]") -> Report:
    """Waits for its end."""
    said, _ = running.communicate()
    lines = [line for line in said.splitlines() if line.startswith("REPORT ")]
    if not lines:
        raise SystemExit(f"wrk ended with {running.returncode}:\n{said[-1000:]}")
    return Report(**json.loads(lines[-1].removeprefix("REPORT ")))
