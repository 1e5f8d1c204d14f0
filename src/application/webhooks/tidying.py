"""What is no longer wanted: old deliveries, and all of a webhook that was deleted."""

from collections.abc import Sequence
from datetime import timedelta

from application.ports.clock import Clock
from application.ports.unit_of_work import UnitOfWork, Units
from application.use_case import use_case
from domain.errors import Conflict
from domain.webhooks import Delivery

KEPT = timedelta(days=7)
AT_ONCE = 500


@use_case
class TidyDeliveries:
    """Answers how many went; harmless when repeated, and when several processes do it."""

    units: Units
    clock: Clock

    async def __call__(self) -> int:
        tidied = 0
        try:
            while part := await self._some():
                tidied += part
        except Conflict:
            pass  # another process tidies the same ones
        return tidied

    async def _some(self) -> int:
        async with self.units.open() as unit:
            gone = await self._of_ended(unit) or await unit.deliveries.old(self.clock() - KEPT, AT_ONCE)
            for delivery in gone:
                unit.deliveries.remove(delivery)
            return await unit.commit(len(gone))

    async def _of_ended(self, unit: UnitOfWork) -> Sequence[Delivery]:
        for webhook in await unit.webhooks.ended(AT_ONCE):
            found = await unit.deliveries.some_of(webhook.id, AT_ONCE)
            if found:
                return found
            unit.webhooks.remove(webhook)
        return []
