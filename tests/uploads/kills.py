"""SIGKILL while files come and go: no row may be without its blob, and the sweep takes what has no row."""

import asyncio
import hashlib
import os
import tempfile
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from random import Random
from typing import Any

import httpx

from domain.repository import held
from tests.application.shop import opened
from tests.crash.trial import impatient
from tests.e2e.serving import PATIENCE_S, Server, served
from tests.http.client import Person, sign_up
from tests.http.pictures import FILES, picture, put, telling

CLIENTS = 6
LONGEST_S = 0.4
"""So long clients are left alone at most between two kills."""


@dataclass
class Kills:
    kills: int
    acknowledged: int = 0
    rows: int = 0
    without_blob: list[str] = field(default_factory=list)
    lost: list[str] = field(default_factory=list)
    left_over: int = 0
    unswept: list[str] = field(default_factory=list)


async def trial(store: str, kills: int, seed: int = 1) -> Kills:
    result, random = Kills(kills), Random(seed)
    with tempfile.TemporaryDirectory(prefix="portico_killed_") as folder:
        blobs = Path(folder)
        async with (
            impatient(store),
            served(store, workers=1, BLOB_URL=f"file://{blobs}") as server,
            httpx.AsyncClient(base_url=server.address, timeout=PATIENCE_S) as client,
        ):
            person = await sign_up(client)
            told: dict[str, bool] = {}
            for _ in range(kills):
                await _interrupted(server, client, person, told, random)
                await server.start()
                await _compare(client, person, told, result)
            result.acknowledged = len(told)
            await _swept(server, client, person, blobs, result)
    return result


async def _interrupted(
    server: Server, client: httpx.AsyncClient, person: Person, told: dict[str, bool], random: Random
) -> None:
    """`told` says of each file that was acknowledged whether it is still to be there."""
    work = [asyncio.create_task(_live(client, person, told, Random(random.random()))) for _ in range(CLIENTS)]
    async with asyncio.timeout(PATIENCE_S):
        while not told:  # noqa: ASYNC110
            await asyncio.sleep(0.01)
    await asyncio.sleep(random.random() * LONGEST_S)
    await server.kill()
    await asyncio.gather(*work)


async def _live(client: httpx.AsyncClient, person: Person, told: dict[str, bool], random: Random) -> None:
    with suppress(httpx.TransportError):
        while True:
            contents = [random.choice((random.randbytes(9).hex().encode(), telling(), picture("GIF"))) for _ in "12"]
            response = await put(client, person, *contents)
            files = [file["id"] for file in response.json()]
            told.update(dict.fromkeys(files, True))
            path = f"{FILES}/{files[0]}"
            if random.random() < 0.5:
                told.pop(files[0])  # in doubt until it is answered
                await client.delete(path, headers=person.headers)
                told[files[0]] = False
            else:
                await client.patch(path, json={"is_public": True}, headers=person.headers)


async def _files(client: httpx.AsyncClient, person: Person) -> list[dict[str, Any]]:
    files: list[dict[str, Any]] = []
    cursor = ""
    while cursor is not None:
        query = {"cursor": cursor, "size": 100}
        page = (await client.get(FILES, params=query, headers=person.headers)).json()
        files, cursor = files + page["items"], page["next_cursor"]
    return files


async def _compare(client: httpx.AsyncClient, person: Person, told: dict[str, bool], result: Kills) -> None:
    files = await _files(client, person)
    for file in files:
        content = await client.get(file["content_url"], headers=person.headers)
        if content.status_code != 200 or hashlib.sha256(content.content).hexdigest() != file["sha256"]:
            result.without_blob.append(file["id"])
    there = {file["id"] for file in files}
    result.lost += [id for id, kept in told.items() if kept != (id in there)]
    result.rows = len(files)


async def _swept(server: Server, client: httpx.AsyncClient, person: Person, blobs: Path, result: Kills) -> None:
    """As if an hour had passed: what is left is as many blobs as there are rows."""
    rows = len(await _files(client, person))
    result.left_over = len(_names(blobs)) - rows
    for path in _files_in(blobs):
        os.utime(path, (0, 0))
    await _due_now(server, "blobs.sweep")
    await server.restart()
    deadline = asyncio.get_running_loop().time() + PATIENCE_S
    while len(_names(blobs)) > rows and asyncio.get_running_loop().time() < deadline:  # noqa: ASYNC110
        await asyncio.sleep(0.05)
    await _compare(client, person, {}, result)
    result.unswept = _names(blobs)[rows:]


async def _due_now(server: Server, job: str) -> None:
    async with opened(server._settings["DATABASE_URL"]) as shop, shop.units.open() as unit:
        unit.schedules.save((await held(unit.schedules, job)).turned(datetime.now(UTC)))
        await unit.commit(None)


def _files_in(folder: Path) -> list[Path]:
    return [path for path in folder.rglob("*") if path.is_file()]


def _names(folder: Path) -> list[str]:
    return [path.name for path in _files_in(folder)]
