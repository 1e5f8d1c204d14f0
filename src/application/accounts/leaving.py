"""Leaving: an account ends, what is personal goes, and what others rely on stays with the id."""

from application import catalogue, files, journal, notifications, rooms, todos, webhooks
from application.accounts.facts import told
from application.accounts.standing import end_credentials, end_links, one_of
from application.orders import cancel
from application.ports.blobs import Blobs, discard
from application.ports.clock import Clock
from application.ports.unit_of_work import UnitOfWork, Units
from application.preconditions import Versions, require_version
from application.standings import Standings
from application.tasks import reading as tasks
from application.use_case import use_case
from domain.access import Actor, Role
from domain.accounts import keep_an_admin
from domain.orders import OrderId, OrderStatus
from domain.repository import held
from domain.wallets import WalletNotEmpty


@use_case
class Erase:
    """Ends one's own account and takes what is personal out of it.

    Raises `PreconditionFailed`, `LastAdmin`, `WalletNotEmpty`.
    """

    units: Units
    clock: Clock
    standings: Standings
    blobs: Blobs

    async def __call__(self, actor: Actor, expected: Versions = None) -> None:
        async with self.units.open() as unit:
            admins = await unit.users.held_admins() if actor.role is Role.ADMIN else []
            user = await one_of(admins, unit, actor.id)
            require_version(user.version, expected)
            keep_an_admin(admins, user)
            at = self.clock()
            orders = await unit.orders.hold(*await self._placed(unit, actor))
            placed = [order for order in orders if order.status is OrderStatus.PLACED]
            await cancel(unit, placed, reason="account_deleted", at=at, by=actor.id)
            if (await held(unit.wallets, user.id)).balance:
                raise WalletNotEmpty()
            unit.users.save(user.erased(at))
            await end_credentials(unit, user.id)
            await todos.leave(unit, user.id)
            await journal.leave(unit, user.id)
            blobs = [*await catalogue.leave(unit, user.id), *await files.leave(unit, user.id)]
            await webhooks.leave(unit, user.id, at)
            await end_links(unit, user.id)
            await notifications.leave(unit, user.id)
            await tasks.leave(unit, user.id)
            await rooms.leave(unit, user.id)
            unit.tell(told("user.deactivated", user), actor=user.id)
            await unit.commit(None)
        self.standings.drop(user.id)
        await discard(self.blobs, blobs)

    async def _placed(self, unit: UnitOfWork, actor: Actor) -> list[OrderId]:
        return [order.id for order in await unit.orders.all_of(actor.id, OrderStatus.PLACED)]
