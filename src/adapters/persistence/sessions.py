from collections.abc import Sequence
from datetime import datetime

from adapters.persistence.mapping import Collection
from adapters.persistence.query import Among, Compare, Equal
from adapters.persistence.repository import StoredRepository
from domain.access import UserId
from domain.paging import Listing, Window
from domain.sessions import Session, Sessions

SESSIONS = Collection("sessions", Session, remembered=True)


class StoredSessions(StoredRepository[Session], Sessions):
    collection = SESSIONS

    async def of(self, user_id: UserId, window: Window, *, at: datetime) -> Listing[Session]:
        return await self._listing(window, Equal("user_id", user_id), Compare("expires_at", ">", at))

    async def all_of(self, user_id: UserId) -> Sequence[Session]:
        return await self._all(Equal("user_id", user_id))

    async def among(self, ids: Sequence[str]) -> Sequence[Session]:
        return await self._all(Among("id", ids))
