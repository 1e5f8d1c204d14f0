import math
from abc import abstractmethod
from dataclasses import dataclass
from typing import NamedTuple, Protocol


@dataclass(frozen=True, slots=True)
class Policy:
    """At most `quota` in any `window_s` seconds. The name is shown to clients, and keeps the counts apart."""

    name: str
    quota: int
    window_s: int = 60


class Verdict(NamedTuple):
    """`remaining` may still be asked; in `reset_s` whole seconds there is more again."""

    allowed: bool
    remaining: int
    reset_s: int


class Limits(Protocol):
    """Counts of what was asked. Where they are kept elsewhere and that is away, this process counts by itself."""

    @abstractmethod
    async def take(self, policy: Policy, who: str) -> Verdict:
        """Counts one more for them, unless it is one too many. Never fails."""

    @abstractmethod
    async def forget(self, policy: Policy, who: str) -> None:
        """As if they had not asked yet. Never fails."""


def judged(policy: Policy, elapsed_s: float, current: int, previous: int) -> Verdict:
    """Whether one more may be asked: a sliding window by two counters, the same on every adapter.

    `current` were asked since the window began, `elapsed_s` ago. Of the `previous`, in the window before it, as many
    are still counted as would be in the last `window_s` seconds if they had come evenly.
    """
    window_s, quota = policy.window_s, policy.quota
    used = current + 1 + previous * (1 - elapsed_s / window_s)
    if used <= quota:
        return Verdict(True, int(quota - used), math.ceil(window_s - elapsed_s))
    if current < quota:
        wait_s = window_s * (1 - (quota - 1 - current) / previous) - elapsed_s
    else:
        wait_s = window_s - elapsed_s + window_s * (1 - (quota - 1) / current)
    return Verdict(False, 0, max(1, math.ceil(wait_s)))
