"""The contract of blob stores, on each: a folder, memory, and a bucket behind a server for tests."""

import asyncio
import hashlib
import os
from collections.abc import AsyncIterator, Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from adapters.blobs.drafts import FileDrafts
from application.ports.blobs import Blobs, Draft
from domain.errors import NotFound, Unavailable
from entrypoints.blobs import UnknownBlobs, open_blobs, open_drafts
from tests.builders import new_id

LATER = datetime(2990, 1, 1, tzinfo=UTC)
LARGE = bytes(range(256)) * 4096
"""More than one part."""


@pytest.fixture(scope="session")
def bucket() -> Iterator[str]:
    """The address of a server that speaks S3, with a bucket."""
    from moto.server import ThreadedMotoServer

    server = ThreadedMotoServer(ip_address="127.0.0.1", port=0, verbose=False)
    server.start()
    host, port = server.get_host_and_port()
    yield f"http://{host}:{port}"
    server.stop()


@pytest.fixture(params=["file", "memory", "s3"])
async def blobs(
    request: pytest.FixtureRequest, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> AsyncIterator[Blobs]:
    url = {"file": f"file://{tmp_path}/blobs", "memory": "memory://", "s3": f"s3://blobs/{new_id()}"}[request.param]
    if request.param == "s3":
        monkeypatch.setenv("AWS_ENDPOINT_URL", request.getfixturevalue("bucket"))
        for name in ("AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY"):
            monkeypatch.setenv(name, "testing")
        monkeypatch.setenv("AWS_DEFAULT_REGION", "us-east-1")
    opened = open_blobs(url)
    await opened.start()
    if request.param == "s3":
        await opened._client.create_bucket(Bucket="blobs")  # type: ignore[attr-defined]
    yield opened
    await opened.stop()


async def drafted(content: bytes) -> Draft:
    draft = FileDrafts().new()
    await draft.write(content)
    await draft.settle()
    return draft


async def put(blobs: Blobs, content: bytes, key: str | None = None) -> str:
    key = key or new_id()
    draft = await drafted(content)
    try:
        await blobs.put(key, draft)
    finally:
        draft.close()
    return key


async def read(blobs: Blobs, key: str, first: int = 0, length: int | None = None) -> bytes:
    reading = await blobs.open(key, first, length)
    try:
        return b"".join([part async for part in reading])
    finally:
        await reading.aclose()


def names(folder: Path) -> list[str]:
    """Of all files in it."""
    return [path.name for path in folder.rglob("*") if path.is_file()]


async def keys(blobs: Blobs, before: datetime = LATER) -> set[str]:
    return {key async for key in blobs.older_than(before)}


@pytest.mark.parametrize("content", [b"", b"x", LARGE])
async def test_what_was_put_is_read(blobs: Blobs, content: bytes) -> None:
    key = await put(blobs, content)

    assert await read(blobs, key) == content
    assert await blobs.size(key) == len(content)


@pytest.mark.parametrize(("first", "length"), [(0, 1), (1, None), (262_143, 2), (1_000_000, 48_576), (5, 600_000)])
async def test_a_part_is_read(blobs: Blobs, first: int, length: int | None) -> None:
    key = await put(blobs, LARGE)

    assert await read(blobs, key, first, length) == LARGE[first : None if length is None else first + length]


async def test_what_is_not_there_is_not_found_and_harmless_to_remove(blobs: Blobs) -> None:
    key = new_id()

    for asked in (blobs.open(key), blobs.size(key)):
        with pytest.raises(NotFound):
            await asked
    await blobs.remove(key)


async def test_a_blob_goes_with_its_variants_and_leaves_others(blobs: Blobs) -> None:
    key, other = await put(blobs, b"x"), await put(blobs, b"y")
    for width in (10, 200):
        await put(blobs, b"small", f"{key}.{width}")
    assert await keys(blobs) == {key, other, f"{key}.10", f"{key}.200"}

    await blobs.remove(key)

    assert await keys(blobs) == {other}


async def test_putting_the_same_again_is_harmless_also_at_once(blobs: Blobs) -> None:
    key = new_id()

    await asyncio.gather(*(put(blobs, LARGE, key) for _ in range(5)))

    assert await read(blobs, key) == LARGE
    assert await keys(blobs) == {key}


async def test_the_old_are_told_from_the_young(blobs: Blobs) -> None:
    key = await put(blobs, b"x")

    assert await keys(blobs, datetime.now(UTC) - timedelta(hours=1)) == set()
    assert await keys(blobs, datetime.now(UTC) + timedelta(hours=1)) == {key}


async def test_it_answers(blobs: Blobs) -> None:
    await blobs.ping()


async def test_what_is_away_is_unavailable(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "blobs").write_text("not a folder")
    on_disk = open_blobs(f"file://{tmp_path}/blobs")
    with pytest.raises(Unavailable):
        await on_disk.ping()
    with pytest.raises(Unavailable):
        await put(on_disk, b"x")
    with pytest.raises(Unavailable):
        open_drafts(f"file://{tmp_path}/blobs").new()


async def test_a_write_that_fails_leaves_nothing(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    on_disk = open_blobs(f"file://{tmp_path}/blobs")

    def full(descriptor: int) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(os, "fsync", full)
    with pytest.raises(Unavailable):
        await put(on_disk, LARGE)

    assert names(tmp_path) == []


async def test_what_was_half_written_is_found_and_removed(tmp_path: Path) -> None:
    on_disk = open_blobs(f"file://{tmp_path}")
    half = tmp_path / "half.0123"
    half.write_bytes(b"x")

    for key in await keys(on_disk):
        await on_disk.remove(key)

    assert not half.exists()


async def test_a_draft_has_no_name_and_knows_itself(tmp_path: Path) -> None:
    draft = FileDrafts(tmp_path).new()
    for part in (LARGE, b"x" * 10, b""):
        await draft.write(part)
    await draft.settle()

    assert (draft.size, draft.sha256) == (len(LARGE) + 10, hashlib.sha256(LARGE + b"x" * 10).hexdigest())
    assert names(tmp_path) == []
    draft.close()


@pytest.mark.parametrize("url", ["", "x", "file://", "file:///", "s3://", "http://x", "/var/blobs"])
def test_another_url_is_refused(url: str) -> None:
    with pytest.raises(UnknownBlobs, match="BLOB_URL has to be"):
        open_blobs(url)
