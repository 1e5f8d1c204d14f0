from collections.abc import Collection as Several
from collections.abc import Sequence

from adapters.persistence.mapping import Collection
from adapters.persistence.query import Among, Equal
from adapters.persistence.repository import StoredRepository
from domain.access import UserId
from domain.files import File, Files, Purpose
from domain.paging import Listing, Window

FILES = Collection("files", File, unique=("blob",), remembered=True)


class StoredFiles(StoredRepository[File], Files):
    collection = FILES

    async def owned_by(self, owner_id: UserId, window: Window) -> Listing[File]:
        return await self._listing(window, Equal("owner_id", owner_id), Equal("purpose", Purpose.FILE.value))

    async def all_of(self, owner_id: UserId, purpose: Purpose = Purpose.FILE) -> Sequence[File]:
        return await self._all(Equal("owner_id", owner_id), Equal("purpose", purpose.value))

    async def kept_among(self, blobs: Several[str]) -> frozenset[str]:
        return frozenset(file.blob for file in await self._all(Among("blob", sorted(blobs))))
