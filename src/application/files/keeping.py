"""Bytes before rows: a blob is there before the row that names it is committed, and goes after that row has gone.

So a crash may leave a blob without a row, which the sweep takes away, and never a row without a blob.
"""

from collections.abc import AsyncIterator, Collection, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass
from typing import Any

from application.ports.blobs import Blobs, Draft, Drafts, discard
from application.ports.clock import Clock
from application.ports.ids import Ids
from application.ports.images import Images, Look
from application.use_case import use_case
from domain.access import UserId
from domain.catalogue import ItemId
from domain.errors import Refusal, Unavailable
from domain.events import Fact
from domain.files import EmptyFile, File, FileId, Purpose


@dataclass(frozen=True, slots=True)
class Upload:
    """What somebody sent: a label, and settled bytes."""

    name: str
    draft: Draft


def told(type: str, file: File) -> Fact:
    return Fact(type=type, resource=f"file:{file.id}", owner_id=file.owner_id, public=file.is_public)


@asynccontextmanager
async def _taken_back(blobs: Blobs, keys: list[str]) -> AsyncIterator[None]:
    """Where the rows are refused, the blobs go again; where nobody knows what became of them, the sweep decides."""
    try:
        yield
    except Unavailable:
        raise
    except Refusal:
        await discard(blobs, keys)
        raise


@use_case
class Keeping:
    """Makes uploads into blobs, and files that name them."""

    blobs: Blobs
    drafts: Drafts
    images: Images
    clock: Clock
    ids: Ids

    @asynccontextmanager
    async def kept(
        self,
        uploads: Sequence[Upload],
        *,
        owner_id: UserId,
        allowed: Collection[str],
        public: bool,
        purpose: Purpose = Purpose.FILE,
        item_id: ItemId | None = None,
    ) -> AsyncIterator[list[File]]:
        """Files whose blobs are there, all or none; inside, their rows are committed.

        Raises `EmptyFile`, `UnsupportedType` and `BrokenImage`, with the `index` of the upload.
        """
        looks = [await self._looked(index, upload, allowed) for index, upload in enumerate(uploads)]
        keys: list[str] = []
        files: list[File] = []
        at = self.clock()
        try:
            for upload, look in zip(uploads, looks, strict=True):
                blob = await self._put(upload.draft, look, keys, public=public)
                given = {"owner_id": owner_id, "purpose": purpose, "item_id": item_id, "is_public": public, **blob}
                file = File(id=FileId(self.ids()), filename=upload.name, created_at=at, updated_at=at, **given)
                files.append(file)
        except BaseException:
            await discard(self.blobs, keys)
            raise
        async with _taken_back(self.blobs, keys):
            yield files

    @asynccontextmanager
    async def published(self, file: File) -> AsyncIterator[dict[str, Any]]:
        """What changes of an image that others will see: its blob, where something was written into it."""
        keys: list[str] = []
        draft = await self.drawn(file)
        try:
            look = Look(file.content_type, file.width, file.height)
            cleaned = await self.images.stripped(draft, look)
            if cleaned is None:
                changes: dict[str, Any] = {}
            else:
                clean, look = cleaned
                try:
                    changes = await self._put(clean, look, keys, public=False)
                finally:
                    clean.close()
        finally:
            draft.close()
        async with _taken_back(self.blobs, keys):
            yield changes

    async def drawn(self, file: File) -> Draft:
        """Its bytes, as a draft again."""
        draft = self.drafts.new()
        try:
            reading = await self.blobs.open(file.blob)
            try:
                async for part in reading:
                    await draft.write(part)
            finally:
                await reading.aclose()
            await draft.settle()
        except BaseException:
            draft.close()
            raise
        return draft

    async def _looked(self, index: int, upload: Upload, allowed: Collection[str]) -> Look:
        if not upload.draft.size:
            raise EmptyFile(index=index)
        try:
            return await self.images.look(upload.draft, allowed)
        except Refusal as refusal:
            refusal.members.setdefault("index", index)
            raise

    async def _put(self, draft: Draft, look: Look, keys: list[str], *, public: bool) -> dict[str, Any]:
        """Its fields of a file; its key is added to `keys`. What others will see is stripped first."""
        cleaned = await self.images.stripped(draft, look) if public and look.width is not None else None
        draft, look = cleaned or (draft, look)
        try:
            key = self.ids()
            keys.append(key)
            await self.blobs.put(key, draft)
            return {
                "blob": key,
                "content_type": look.content_type,
                "size": draft.size,
                "sha256": draft.sha256,
                "width": look.width,
                "height": look.height,
            }
        finally:
            if cleaned is not None:
                draft.close()
