"""Uploads to a real server: cut off, killed, and as large as they may be."""

import asyncio
from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest

from tests.e2e.serving import DURABLE, PATIENCE_S, Server, served
from tests.http.client import Person, sign_up
from tests.http.pictures import FILES, put
from tests.uploads.kills import trial
from tests.uploads.memory import CONTENTS, figure


@pytest.mark.parametrize("kind", CONTENTS)
async def test_ten_uploads_of_ten_mib_at_once_need_less_than_forty(kind: str) -> None:
    found = await figure("sqlite", kind)

    assert found.grown < 40


@pytest.mark.parametrize("durable", DURABLE)
async def test_no_kill_leaves_a_row_without_its_blob_and_the_sweep_takes_the_rest(durable: str) -> None:
    result = await trial(durable, kills=3)

    assert (result.without_blob, result.lost, result.unswept) == ([], [], [])
    assert result.acknowledged > 0


def names(folder: Path) -> Iterator[str]:
    return (path.name for path in folder.rglob("*") if path.is_file())


def open_files(server: Server, folder: Path) -> list[str]:
    """What the server has open in that folder, with a name or without."""
    links = [path.readlink() for path in Path(f"/proc/{server.pid}/fd").iterdir() if path.is_symlink()]
    return [str(link) for link in links if str(link).startswith(str(folder))]


async def cut_off(server: Server, person: Person, body: bytes, length: int) -> None:
    _, writer = await asyncio.open_connection("127.0.0.1", server.port)
    head = (
        f"POST {FILES} HTTP/1.1\r\nHost: x\r\nAuthorization: {person.headers['Authorization']}\r\n"
        f"Content-Type: multipart/form-data; boundary=b\r\nContent-Length: {length}\r\n\r\n"
    )
    writer.write(head.encode() + body)
    await writer.drain()
    writer.close()
    await writer.wait_closed()


async def test_an_upload_that_is_cut_off_leaves_nothing_behind(tmp_path: Path) -> None:
    head = b'--b\r\nContent-Disposition: form-data; name="files"; filename="x"\r\n\r\n'
    async with (
        served("sqlite", workers=1, BLOB_URL=f"file://{tmp_path}") as server,
        httpx.AsyncClient(base_url=server.address) as client,
    ):
        person = await sign_up(client)
        assert (await put(client, person, b"abc")).status_code == 201
        kept = list(names(tmp_path))

        for size in (0, 10, 1_000_000, 5_000_000):
            await cut_off(server, person, (head + b"x" * size)[: size or 20], 9_000_000)

        async with asyncio.timeout(PATIENCE_S):
            while open_files(server, tmp_path):  # noqa: ASYNC110 - another process's
                await asyncio.sleep(0.02)
        assert list(names(tmp_path)) == kept
        assert (await client.get(FILES, headers=person.headers)).json()["total"] == 1
