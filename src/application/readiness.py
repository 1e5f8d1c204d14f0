"""Whether this process can work: each part by itself, all asked at the same time, none for long."""

import asyncio
import time
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass
from typing import Literal

from domain.errors import Unavailable

PATIENCE_S = 3.0

State = Literal["ok", "down", "off"]


@dataclass(frozen=True, slots=True)
class Part:
    """`ping` answers nothing or its state, or raises `Unavailable`; None where the part is not used."""

    needed: bool
    ping: Callable[[], Awaitable[State | None]] | None


OFF = Part(False, None)


@dataclass(frozen=True, slots=True)
class Found:
    status: State
    needed: bool
    latency_ms: float | None = None


@dataclass(slots=True)
class Readiness:
    """`stopping` is set when the process is told to end: whoever sends it requests should stop doing so first."""

    known: Mapping[str, Part]
    stopping: bool = False

    async def parts(self) -> dict[str, Found]:
        found = await asyncio.gather(*(_found(part) for part in self.known.values()))
        return dict(zip(self.known, found, strict=True))


async def _found(part: Part) -> Found:
    if part.ping is None:
        return Found("off", part.needed)
    began = time.perf_counter()
    try:
        async with asyncio.timeout(PATIENCE_S):
            state = await part.ping() or "ok"
    except (Unavailable, TimeoutError):
        return Found("down", part.needed)
    return Found(state, part.needed, round((time.perf_counter() - began) * 1000, 2) if state == "ok" else None)
