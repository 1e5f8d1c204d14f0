"""Every figure of the dashboard in a line: what is counted, or summed, and under which conditions."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from adapters.persistence.accounts import USERS
from adapters.persistence.catalogue import ITEMS
from adapters.persistence.files import FILES
from adapters.persistence.journal import COMMENTS, POSTS
from adapters.persistence.mapping import Collection
from adapters.persistence.orders import ORDERS
from adapters.persistence.query import Among, Compare, Condition, Equal
from adapters.persistence.repository import Writes
from adapters.persistence.rooms import MESSAGES, ROOMS
from adapters.persistence.session import StoreSession
from adapters.persistence.tasks import TASKS
from adapters.persistence.todos import TODOS
from adapters.persistence.wallets import WALLETS
from domain.files import Purpose
from domain.journal import PostStatus
from domain.orders import OrderStatus
from domain.stats import Figures, Part, Period
from domain.tasks import TaskStatus

Where = Callable[[Period], tuple[Condition, ...]]


def _all(period: Period) -> tuple[Condition, ...]:
    return ()


@dataclass(frozen=True, slots=True)
class Figure:
    """How many there are, or what the field `sum_of` sums to."""

    collection: Collection[Any]
    where: Where = _all
    sum_of: str | None = None

    async def read(self, session: StoreSession, period: Period) -> int:
        where = self.where(period)
        if self.sum_of is None:
            return await session.count(self.collection, where)
        return await session.total(self.collection, self.sum_of, where)


def _is(field: str, value: Any) -> Where:
    return lambda _: (Equal(field, value),)


def _started(status: TaskStatus) -> Where:
    """By somebody: the house's own work has no owner."""
    return lambda _: (Equal("status", status.value), Compare("owner_id", ">=", ""))


_EARNED = Among("status", [OrderStatus.PAID.value, OrderStatus.SHIPPED.value, OrderStatus.DELIVERED.value])
"""What was paid and not paid back; only what was paid has a time of payment."""

_FILE = _is("purpose", Purpose.FILE.value)
"""Images of items and people are not counted."""

FIGURES: Mapping[str, Mapping[str, Figure] | Figure] = {
    "users": {
        "total": Figure(USERS),
        "active": Figure(USERS, _is("is_active", True)),
        "new_today": Figure(USERS, lambda period: (Compare("created_at", ">=", period.today),)),
    },
    "items": {
        "total": Figure(ITEMS),
        "public": Figure(ITEMS, _is("is_public", True)),
        "out_of_stock": Figure(ITEMS, _is("stock", 0)),
    },
    "orders": {
        **{status.value: Figure(ORDERS, _is("status", status.value)) for status in OrderStatus},
        "total": Figure(ORDERS),
    },
    "revenue": {
        "today": Figure(ORDERS, lambda period: (_EARNED, Compare("paid_at", ">=", period.today)), "total"),
        "last_30_days": Figure(
            ORDERS, lambda period: (_EARNED, Compare("paid_at", ">=", period.last_30_days)), "total"
        ),
        "total": Figure(ORDERS, lambda _: (_EARNED,), "total"),
    },
    "wallets": {"total": Figure(WALLETS, sum_of="balance")},
    "posts": {status.value: Figure(POSTS, _is("status", status.value)) for status in PostStatus},
    "comments": Figure(COMMENTS),
    "files": {"total": Figure(FILES, _FILE), "bytes": Figure(FILES, _FILE, "size")},
    "rooms": Figure(ROOMS),
    "messages": Figure(MESSAGES),
    "todos": {"open": Figure(TODOS, _is("done", False)), "done": Figure(TODOS, _is("done", True))},
    "tasks": {status.value: Figure(TASKS, _started(status)) for status in TaskStatus},
}


class StoredFigures(Figures):
    def __init__(self, session: StoreSession, _: Writes) -> None:
        self._session = session

    async def of(self, period: Period) -> Mapping[str, Part]:
        found: dict[str, Part] = {}
        for name, part in FIGURES.items():
            if isinstance(part, Figure):
                found[name] = await part.read(self._session, period)
            else:
                found[name] = {each: await figure.read(self._session, period) for each, figure in part.items()}
        return found
