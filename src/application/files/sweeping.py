"""Blobs that no row names: a process died between the two, or could not take them away."""

from datetime import timedelta

from application.ports.blobs import Blobs
from application.ports.clock import Clock
from application.ports.unit_of_work import Units
from application.use_case import use_case

AGE = timedelta(hours=1)
"""A younger blob may be of a row that is about to be committed."""

AT_ONCE = 500


@use_case
class SweepBlobs:
    """Answers how many were taken away; harmless when repeated and when several do it at once."""

    units: Units
    blobs: Blobs
    clock: Clock

    async def __call__(self) -> int:
        swept, seen = 0, set[str]()
        async for key in self.blobs.older_than(self.clock() - AGE):
            seen.add(key)
            if len(seen) >= AT_ONCE:
                swept += await self._sweep(seen)
                seen.clear()
        return swept + await self._sweep(seen)

    async def _sweep(self, keys: set[str]) -> int:
        """Variants belong to the row of what they were made of."""
        async with self.units.open() as unit:
            kept = await unit.files.kept_among({_original(key) for key in keys})
        lost = [key for key in keys if _original(key) not in kept]
        for key in lost:
            await self.blobs.remove(key)
        return len(lost)


def _original(key: str) -> str:
    return key.partition(".")[0]
