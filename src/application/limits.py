"""How much anybody may ask, and what guessing a password comes to."""

from collections.abc import Mapping

from application.ports.limits import Limits, Policy
from application.use_case import use_case
from domain.errors import TooMany

POLICIES: Mapping[str, Policy] = {
    policy.name: policy
    for policy in (
        Policy("account", 600),
        Policy("address", 120),
        Policy("sign-in", 10),
        Policy("registration", 5),
        Policy("uploads", 30),
        Policy("recovery", 10),
    )
}
"""A minute; docs/operations.md says what each is for."""

GUESSES = (Policy("guesses", 10), Policy("guesses-10m", 20, 600), Policy("guesses-1h", 50, 3600))
"""For one name: the more wrong passwords there were, the longer the wait."""


@use_case
class Guesses:
    """Counts sign-ins by name, whether or not anybody is called that, until one succeeds. `limits`: None where off."""

    limits: Limits | None
    policies: tuple[Policy, ...] = GUESSES

    async def count(self, name: str) -> None:
        """Before a password is looked at, right or wrong. Raises `TooMany`."""
        if self.limits is None:
            return
        for policy in self.policies:
            verdict = await self.limits.take(policy, name)
            if not verdict.allowed:
                raise TooMany(verdict.reset_s)

    async def forget(self, name: str) -> None:
        """After a right one."""
        if self.limits is not None:
            for policy in self.policies:
                await self.limits.forget(policy, name)
