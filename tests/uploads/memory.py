"""How much memory a server needs for uploads at once, beside what it has when it is idle."""

import asyncio
import os
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path

import httpx
from PIL import Image

from tests.e2e.serving import served
from tests.http.client import sign_up
from tests.http.pictures import put

MIB = 1024 * 1024
AT_ONCE = 10


def _noise() -> bytes:
    """A PNG of nearly ten MiB, which is as many decoded."""
    import io

    kept = io.BytesIO()
    Image.frombytes("RGB", (1850, 1850), os.urandom(1850 * 1850 * 3)).save(kept, "PNG", compress_level=1)
    return kept.getvalue()


CONTENTS: Mapping[str, Callable[[], bytes]] = {
    "application/pdf": lambda: b"%PDF-1.7\n" + os.urandom(10 * MIB - 9),
    "text/plain": lambda: b"x" * 10 * MIB,
    "image/png": _noise,
}


@dataclass
class Figure:
    """In MiB."""

    kind: str
    sent: float
    idle: float
    most: float

    @property
    def grown(self) -> float:
        return self.most - self.idle


async def figure(store: str, kind: str) -> Figure:
    """Ten uploads at once, after two that made the server warm."""
    content = CONTENTS[kind]()
    async with served(store, workers=1) as server, httpx.AsyncClient(base_url=server.address, timeout=60) as client:
        person = await sign_up(client)
        for _ in range(2):
            await put(client, person, content[: 9 * MIB] if kind != "image/png" else content)
        idle = most = _resident(server.pid)
        work = asyncio.gather(*(put(client, person, content) for _ in range(AT_ONCE)))
        while not work.done():
            await asyncio.sleep(0.005)
            most = max(most, _resident(server.pid))
        assert {response.status_code for response in await work} == {201}
        return Figure(kind, AT_ONCE * len(content) / MIB, idle, most)


def _resident(pid: int) -> float:
    (line,) = [line for line in Path(f"/proc/{pid}/status").read_text().splitlines() if line.startswith("VmRSS")]
    return int(line.split()[1]) / 1024
