from collections.abc import Sequence

from adapters.persistence.mapping import Collection
from adapters.persistence.query import Equal
from adapters.persistence.repository import StoredRepository
from domain.access import UserId
from domain.api_keys import ApiKey, ApiKeys
from domain.paging import Listing, Window

API_KEYS = Collection("api_keys", ApiKey, unique=("digest",), remembered=True)


class StoredApiKeys(StoredRepository[ApiKey], ApiKeys):
    collection = API_KEYS

    async def with_digest(self, digest: str) -> ApiKey | None:
        return await self._first(Equal("digest", digest))

    async def of(self, user_id: UserId, window: Window) -> Listing[ApiKey]:
        return await self._listing(window, Equal("user_id", user_id))

    async def all_of(self, user_id: UserId) -> Sequence[ApiKey]:
        return await self._all(Equal("user_id", user_id))
