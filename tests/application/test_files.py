"""Bytes before rows: whatever fails, and wherever, no row is without its blob, and what is left over is swept."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import ExitStack, asynccontextmanager, suppress
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from adapters.blobs.drafts import FileDrafts
from adapters.memory.store import MemorySession
from application.files import Upload
from domain.access import Actor
from domain.errors import Conflict, NotFound, Refusal, Unavailable
from domain.files import File, TooManyFiles, label
from tests.application.support import Worker, World
from tests.http.pictures import picture, telling


@asynccontextmanager
async def uploaded(*contents: bytes) -> AsyncIterator[list[Upload]]:
    with ExitStack() as stack:
        uploads = [Upload("x", FileDrafts().new()) for _ in contents]
        for upload, content in zip(uploads, contents, strict=True):
            stack.callback(upload.draft.close)
            await upload.draft.write(content)
            await upload.draft.settle()
        yield uploads


async def kept(worker: Worker) -> set[str]:
    blobs = worker.container.blobs()
    return {key async for key in blobs.older_than(worker.container.clock()().replace(year=2990))}


async def store(worker: Worker, actor: Actor, *contents: bytes, public: bool = False) -> list[File]:
    async with uploaded(*contents) as uploads:
        files: list[File] = await worker.container.files().store(actor, uploads, public)
        return files


def failing(worker: Worker, monkeypatch: pytest.MonkeyPatch, error: BaseException, *, after: bool) -> None:
    """The next commits fail, before or after they have done their work."""
    apply = MemorySession.apply

    async def fails(self: MemorySession, writes: Any) -> None:
        if after:
            await apply(self, writes)
        raise error

    monkeypatch.setattr(MemorySession, "apply", fails)


async def test_what_is_stored_and_taken_away_is_told(world: World, worker: Worker) -> None:
    ada = await world.joined("ada")
    (file,) = await store(worker, ada, b"abc", public=True)
    await worker.container.files().remove(ada, file.id)

    told = [(event.type, event.resource, event.public) for event in world.told()[1:]]
    assert told == [("file.stored", f"file:{file.id}", True), ("file.deleted", f"file:{file.id}", True)]
    assert await kept(worker) == set()


async def test_pictures_of_an_item_are_changes_of_the_item(world: World, worker: Worker) -> None:
    ada = await world.joined("ada")
    item = await worker.catalogue.offer(ada, {"name": "Teapot", "price": 2490})
    async with uploaded(picture()) as (upload,):
        image = await worker.container.files().picture(ada, item.id, upload)
    await worker.container.files().unpicture(ada, item.id, image.id)

    assert [event.type for event in world.told()[2:]] == ["item.updated", "item.updated"]
    assert await kept(worker) == set()


@pytest.mark.parametrize("error", [Conflict(), NotFound()])
async def test_of_what_is_refused_no_blob_is_left(
    world: World, worker: Worker, monkeypatch: pytest.MonkeyPatch, error: Refusal
) -> None:
    ada = await world.joined("ada")
    failing(worker, monkeypatch, error, after=False)

    with pytest.raises(type(error)):
        await store(worker, ada, b"abc", picture())

    assert await kept(worker) == set()


@pytest.mark.parametrize("error", [Unavailable(), asyncio.CancelledError(), RuntimeError()])
async def test_where_nobody_knows_whether_the_rows_are_there_the_blobs_stay(
    world: World, worker: Worker, monkeypatch: pytest.MonkeyPatch, error: BaseException
) -> None:
    """The commit was made, and its answer was lost."""
    ada = await world.joined("ada")
    with monkeypatch.context() as patched:
        failing(worker, patched, error, after=True)
        with suppress(Unavailable, asyncio.CancelledError, RuntimeError):
            await store(worker, ada, b"abc")

    async with worker.units.open() as unit:
        (file,) = await unit.files.all_of(ada.id)
    assert await kept(worker) == {file.blob}


async def test_the_sweep_takes_what_no_row_names_once_it_is_old(
    world: World, worker: Worker, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The process ended between the two."""
    ada = await world.joined("ada")
    (file,) = await store(worker, ada, picture())
    await worker.container.files().find(ada, file.id, 10)
    with monkeypatch.context() as patched:
        failing(worker, patched, RuntimeError(), after=False)
        with suppress(RuntimeError):
            await store(worker, ada, b"lost")
    assert len(await kept(worker)) == 3
    world.clock.now = datetime.now(UTC)
    assert await worker.container.sweep_blobs()() == 0
    world.clock.now += timedelta(hours=2)

    assert await worker.container.sweep_blobs()() == 1

    assert await kept(worker) == {file.blob, f"{file.blob}.10"}


async def test_publishing_replaces_the_blob_and_drops_the_old_one(world: World, worker: Worker) -> None:
    ada = await world.joined("ada")
    (file,) = await store(worker, ada, telling())
    (clean,) = await store(worker, ada, picture())

    shared = await worker.container.files().revise(ada, file.id, {"is_public": True})
    same = await worker.container.files().revise(ada, clean.id, {"is_public": True})

    assert (shared.blob == file.blob, same.blob == clean.blob) == (False, True)
    assert await kept(worker) == {shared.blob, same.blob}


async def test_a_blob_store_that_is_full_keeps_none_of_them(
    world: World, worker: Worker, monkeypatch: pytest.MonkeyPatch
) -> None:
    ada = await world.joined("ada")
    blobs = worker.container.blobs()
    put, puts = type(blobs).put, 0

    async def full(self: Any, key: str, draft: Any) -> None:
        nonlocal puts
        puts += 1
        if puts == 3:
            raise Unavailable()
        await put(self, key, draft)

    monkeypatch.setattr(type(blobs), "put", full)
    with pytest.raises(Unavailable):
        await store(worker, ada, b"1", b"2", b"3")

    assert await kept(worker) == set()
    async with worker.units.open() as unit:
        assert await unit.files.all_of(ada.id) == []


def test_a_label_is_never_a_path() -> None:
    assert [label(name) for name in ("a/b\\c", "/", "..\\..", "x" * 300)] == ["c", "file", "file", "x" * 255]
    assert "10" in TooManyFiles.detail
