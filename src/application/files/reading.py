"""Reading files: their description, and their bytes, whole, in part or at a width."""

from dataclasses import dataclass

from application.catalogue import require_reader
from application.files.keeping import Keeping
from application.ports.blobs import Blobs, Reading
from application.ports.images import Images, Look
from application.ports.unit_of_work import Units
from application.use_case import use_case
from domain.access import Actor
from domain.errors import InsufficientScope, NotFound
from domain.files import File, NotAnImage
from domain.paging import Listing, Window


def _require_reader(file: File, actor: Actor | None) -> None:
    """Raises `NotFound` for what is private and another's, `InsufficientScope` for one's own without the scope."""
    if not file.readable_by(actor):
        raise NotFound()
    if not file.is_public and actor is not None and "files:read" not in actor.scopes:
        raise InsufficientScope("files:read")


@use_case
class ListFiles:
    """One's own."""

    units: Units

    async def __call__(self, actor: Actor, window: Window) -> Listing[File]:
        async with self.units.open() as unit:
            return await unit.files.owned_by(actor.id, window)


@use_case
class ReadFile:
    """Raises `NotFound`, `InsufficientScope`."""

    units: Units

    async def __call__(self, actor: Actor | None, id: str) -> File:
        async with self.units.open() as unit:
            file = await unit.files.get(id)
        file.require_own_file()
        _require_reader(file, actor)
        return file


@dataclass(frozen=True, slots=True)
class Content:
    """Bytes that may be read: `key` is theirs in the blob store, `tag` names exactly these, `public` if all may."""

    file: File
    key: str
    size: int
    tag: str
    public: bool


@use_case
class FindContent:
    """Of files, and of the images of items and people. A width is made once and kept.

    Raises `NotFound`, `InsufficientScope`, and `NotAnImage` where a width is asked of what has none.
    """

    units: Units
    blobs: Blobs
    keeping: Keeping
    images: Images

    async def __call__(self, actor: Actor | None, id: str, width: int | None = None) -> Content:
        file, public = await self._found(actor, id)
        if width is None:
            return Content(file, file.blob, file.size, file.sha256, public)
        if file.width is None:
            raise NotAnImage()
        width = min(width, file.width)
        if width == file.width and file.content_type != "image/gif":  # of which one frame is wanted
            return Content(file, file.blob, file.size, file.sha256, public)
        key = f"{file.blob}.{width}"
        return Content(file, key, await self._made(file, key, width), f"{file.sha256}-{width}", public)

    async def _found(self, actor: Actor | None, id: str) -> tuple[File, bool]:
        """With whether anybody may read it. An image can be read by whoever can read its item."""
        async with self.units.open() as unit:
            file = await unit.files.get(id)
            item = None if file.item_id is None else await unit.items.get(file.item_id)
        if item is None:
            _require_reader(file, actor)
            return file, file.is_public
        require_reader(item, actor)
        return file, item.is_public

    async def _made(self, file: File, key: str, width: int) -> int:
        try:
            return await self.blobs.size(key)
        except NotFound:
            pass
        draft = await self.keeping.drawn(file)
        try:
            small = await self.images.scaled(draft, Look(file.content_type, file.width, file.height), width)
            try:
                await self.blobs.put(key, small)
                return small.size
            finally:
                small.close()
        finally:
            draft.close()


@use_case
class OpenContent:
    """So many bytes from the first on. Raises `NotFound` where they have just been taken away."""

    blobs: Blobs

    async def __call__(self, content: Content, first: int, length: int) -> Reading:
        return await self.blobs.open(content.key, first, length)
