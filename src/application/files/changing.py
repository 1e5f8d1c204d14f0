"""Putting files in, sharing and renaming them, and taking them away."""

from collections.abc import Collection, Sequence
from contextlib import AsyncExitStack
from typing import Any

from application.files.keeping import Keeping, Upload, told
from application.ports.blobs import Blobs, discard
from application.ports.clock import Clock
from application.ports.unit_of_work import Operation, Units
from application.preconditions import Versions, require_version
from application.use_case import use_case
from domain.access import Actor
from domain.errors import Conflict
from domain.files import File
from domain.repository import held


@use_case
class StoreFiles:
    """All or none. Raises `EmptyFile`, `UnsupportedType`, `BrokenImage`."""

    units: Units
    keeping: Keeping
    allowed: Collection[str]

    async def __call__(
        self, actor: Actor, uploads: Sequence[Upload], public: bool, operation: Operation | None = None
    ) -> list[File]:
        async with (
            self.keeping.kept(uploads, owner_id=actor.id, allowed=self.allowed, public=public) as files,
            self.units.open(operation) as unit,
        ):
            for file in files:
                unit.files.add(file)
                unit.tell(told("file.stored", file), actor=actor.id)
            return await unit.commit(files)


@use_case
class ReviseFile:
    """What becomes public loses what a camera wrote into it. Raises `NotFound`, `NotOwner`, `PreconditionFailed`."""

    units: Units
    clock: Clock
    keeping: Keeping

    async def __call__(self, actor: Actor, id: str, changes: dict[str, Any], expected: Versions = None) -> File:
        async with self.units.open() as unit:
            was = await unit.files.get(id)
        was.require_change_by(actor)
        require_version(was.version, expected)
        async with AsyncExitStack() as stack:
            if was.is_image and not was.is_public and changes.get("is_public"):
                changes = changes | await stack.enter_async_context(self.keeping.published(was))
            revised = await self._revised(actor, was, changes, expected)
        if revised.blob != was.blob:
            await discard(self.keeping.blobs, [was.blob])
        return revised

    async def _revised(self, actor: Actor, was: File, changes: dict[str, Any], expected: Versions) -> File:
        async with self.units.open() as unit:
            file = await held(unit.files, was.id)
            file.require_change_by(actor)
            require_version(file.version, expected)
            if file.blob != was.blob:
                raise Conflict()
            return await unit.commit(unit.files.save(file.revised(self.clock(), **changes)))


@use_case
class RemoveFile:
    """Raises `NotFound`, `NotOwner`, `PreconditionFailed`."""

    units: Units
    blobs: Blobs

    async def __call__(self, actor: Actor, id: str, expected: Versions = None) -> None:
        async with self.units.open() as unit:
            file = await held(unit.files, id)
            file.require_change_by(actor)
            require_version(file.version, expected)
            unit.files.remove(file)
            unit.tell(told("file.deleted", file), actor=actor.id)
            await unit.commit(None)
        await discard(self.blobs, [file.blob])
