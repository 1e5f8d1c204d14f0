"""`python -m benchmarks.live [fanout|idle|slow]...`: rooms under load, on this machine, as a table."""

import asyncio
import os
import resource
import statistics
import subprocess
import sys
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import httpx
import uvloop

from benchmarks.live.sockets import Listener, close, many, opened, until
from tests.e2e.serving import served
from tests.http.client import API, sign_up
from tests.ports import free_port

SOCKETS, SENDERS, MESSAGES, ROUNDS = 500, 10, 600, 5
IDLE = 5000
Target = tuple[int, str, list[str], int]
"""Port, path, tokens and process."""


@asynccontextmanager
async def portico(store: str, **settings: str) -> AsyncIterator[Target]:
    async with served(store, 1, ROOM_FLOOD="1000000/1", **settings) as server:
        async with httpx.AsyncClient(base_url=server.address, timeout=30) as client:
            people = [await sign_up(client) for _ in range(SENDERS)]
            made = await client.post(f"{API}/rooms", json={"name": "x"}, headers=people[0].headers)
        tokens = [person.tokens["access_token"] for person in people]
        yield server.port, f"{API}/rooms/{made.json()['id']}/ws", tokens, server._process.pid


@asynccontextmanager
async def bare(naive: bool) -> AsyncIterator[Target]:
    port = free_port()
    command = [sys.executable, "-m", "benchmarks.live.bare", str(port)]
    process = subprocess.Popen(command, env={**os.environ, "NAIVE": str(int(naive))})
    try:
        for _ in range(500):
            try:
                close([await opened(port, "/x", "")])
                break
            except OSError:
                await asyncio.sleep(0.02)
        yield port, "/x", [""], process.pid
    finally:
        process.terminate()
        process.wait()


async def round_of(target: Target) -> float:
    """Deliveries a second: each sender says the next thing when it has heard the last; all sockets hear all of it."""
    port, path, tokens, _ = target
    listeners, _ = await many(port, path, tokens, SOCKETS)
    speakers = listeners[:SENDERS]
    began = time.perf_counter()

    async def speak(number: int, speaker: Listener) -> None:
        for count in range(MESSAGES // SENDERS):
            heard = asyncio.get_running_loop().create_future()
            mine = f"{number} {count}"
            speaker._heard = lambda text: text == mine and not heard.done() and heard.set_result(None)
            speaker.say(mine)
            async with asyncio.timeout(60):
                await heard

    await asyncio.gather(*(speak(number, each) for number, each in enumerate(speakers)))
    await until(lambda: all(each.messages >= MESSAGES for each in listeners))
    seconds = time.perf_counter() - began
    assert {each.messages for each in listeners} == {MESSAGES}
    close(listeners)
    return MESSAGES * SOCKETS / seconds


async def fanout() -> None:
    targets = {
        "Portico, memory": lambda: portico("memory"), "Portico, sqlite": lambda: portico("sqlite"),
        "bare, serialised once": lambda: bare(False), "bare, naive loop": lambda: bare(True),
    }  # fmt: skip
    figures: dict[str, list[float]] = {name: [] for name in targets}
    for _ in range(ROUNDS):
        for name, target in targets.items():
            async with target() as there:
                figures[name].append(await round_of(there))
    yardstick = statistics.median(figures["bare, serialised once"])
    print(f"{MESSAGES} messages to {SOCKETS} sockets, {SENDERS} senders, median of {ROUNDS} (least-most), deliveries/s")
    for name, found in figures.items():
        middle = statistics.median(found)
        print(f"| {name} | {middle:,.0f} | {min(found):,.0f}-{max(found):,.0f} | {middle / yardstick:.2f} |")


async def idle() -> None:
    async with portico("memory") as target:
        port, path, tokens, process = target
        close((await many(port, path, tokens, 50))[0])
        before = _rss(process)
        listeners, seconds = await many(port, path, tokens, IDLE)
        await asyncio.sleep(3)
        after, cpu = _rss(process), _cpu(process)
        await asyncio.sleep(10)
        busy = (_cpu(process) - cpu) / 10
        print(f"{IDLE} sockets open in {seconds:.1f} s ({IDLE / seconds:,.0f}/s)")
        print(f"RSS {before // 1024} -> {after // 1024} MiB, {(after - before) / IDLE:.1f} KiB a socket")
        print(f"{busy:.1%} of a core while they idle")
        close(listeners)


async def slow() -> None:
    """What others wait for a message, first without and then with somebody who stops reading."""
    for stops in (False, True):
        async with portico("memory") as target:
            port, path, tokens, process = target
            waits: list[float] = []

            def heard(text: str, waits: list[float] = waits) -> None:
                waits.append(time.perf_counter() - float(text.split(maxsplit=1)[0]))

            listeners, _ = await many(port, path, tokens, 50)
            for each in listeners[:20]:
                each._heard = heard
            reader = await opened(port, path, tokens[1])
            if stops:
                reader.transport.pause_reading()
            before, most = _rss(process), 0
            for _ in range(4000):
                listeners[-1].say(f"{time.perf_counter()} " + "x" * 3900)
                await asyncio.sleep(0.004)
                most = max(most, _rss(process))
            await until(lambda: all(each.messages == 4000 for each in listeners))
            code = "still open"
            if stops:
                reader.transport.resume_reading()
                async with asyncio.timeout(30):
                    code = str(await reader.closed)
            ordered = sorted(waits)
            middle, late = ordered[len(ordered) // 2] * 1000, ordered[len(ordered) * 99 // 100] * 1000
            name = "one stops reading" if stops else "all read"
            print(f"| {name} | {middle:.2f} ms | {late:.2f} ms | +{(most - before) / 1024:.1f} MiB | {code} |")
            close([*listeners, reader])


def _rss(process: int) -> int:
    """KiB."""
    status = Path(f"/proc/{process}/status").read_text()
    return int(status.partition("VmRSS:")[2].split()[0])


def _cpu(process: int) -> float:
    """Seconds of processor."""
    fields = Path(f"/proc/{process}/stat").read_text().rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


async def main() -> None:
    for name in sys.argv[1:] or ("fanout", "idle", "slow"):
        print(f"\n{name}", flush=True)
        await {"fanout": fanout, "idle": idle, "slow": slow}[name]()


if __name__ == "__main__":
    hard = resource.getrlimit(resource.RLIMIT_NOFILE)[1]
    resource.setrlimit(resource.RLIMIT_NOFILE, (hard, hard))
    uvloop.run(main())
