from collections.abc import Sequence

from adapters.persistence.mapping import Collection
from adapters.persistence.query import Equal
from adapters.persistence.repository import StoredRepository
from domain.access import UserId
from domain.notifications import Notification, Notifications
from domain.paging import Listing, Window

NOTIFICATIONS = Collection(
    "notifications", Notification, derive=lambda notification: {"unread": notification.read_at is None}
)


class StoredNotifications(StoredRepository[Notification], Notifications):
    collection = NOTIFICATIONS

    async def of(self, user_id: UserId, window: Window, *, unread: bool | None = None) -> Listing[Notification]:
        wanted = () if unread is None else (Equal("unread", unread),)
        return await self._listing(window, Equal("user_id", user_id), *wanted)

    async def all_of(self, user_id: UserId) -> Sequence[Notification]:
        return await self._all(Equal("user_id", user_id))
