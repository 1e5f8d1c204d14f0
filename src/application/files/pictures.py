"""Pictures of items: files of their own, which come and go with the item's."""

from collections.abc import Collection
from dataclasses import replace

from application.catalogue import told
from application.files.keeping import Keeping, Upload
from application.ports.blobs import Blobs, discard
from application.ports.clock import Clock
from application.ports.unit_of_work import Operation, Units
from application.preconditions import Versions, require_version
from application.use_case import use_case
from domain.access import Actor
from domain.catalogue import ItemId
from domain.files import IMAGES, File, Purpose
from domain.repository import held


@use_case
class AddImage:
    """Raises `EmptyFile`, `UnsupportedType`, `BrokenImage`, `NotFound`, `NotOwner`, `PreconditionFailed`,
    `TooManyImages`; the version is the item's."""

    units: Units
    clock: Clock
    keeping: Keeping

    async def __call__(
        self,
        actor: Actor,
        item_id: str,
        upload: Upload,
        expected: Versions = None,
        operation: Operation | None = None,
    ) -> File:
        async with (
            self.keeping.kept(
                [upload],
                owner_id=actor.id,
                allowed=IMAGES,
                public=True,
                purpose=Purpose.IMAGE,
                item_id=ItemId(item_id),
            ) as (file,),
            self.units.open(operation) as unit,
        ):
            item = await held(unit.items, item_id)
            item.require_change_by(actor)
            require_version(item.version, expected)
            unit.items.save(item.pictured(file.as_image(), self.clock()))
            kept = unit.files.add(replace(file, owner_id=item.owner_id))
            unit.tell(told("item.updated", item), actor=actor.id)
            return await unit.commit(kept)


@use_case
class RemoveImage:
    """Raises `NotFound`, `NotOwner`, `PreconditionFailed`; the version is the item's, the digests may be the file's."""

    units: Units
    clock: Clock
    blobs: Blobs

    async def __call__(
        self, actor: Actor, item_id: str, image_id: str, expected: Versions = None, digests: Collection[str] = ()
    ) -> None:
        async with self.units.open() as unit:
            item = await held(unit.items, item_id)
            item.require_change_by(actor)
            bare = item.unpictured(image_id, self.clock())
            files = await unit.files.hold(image_id)
            if not any(file.sha256 in digests for file in files):
                require_version(item.version, expected)
            unit.items.save(bare)
            for file in files:
                unit.files.remove(file)
            unit.tell(told("item.updated", item), actor=actor.id)
            await unit.commit(None)
        await discard(self.blobs, [file.blob for file in files])
