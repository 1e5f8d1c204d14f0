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


class Window(NamedTuple):
    """So many were asked, the last of them so many seconds after it began."""

    asked: int
    last_s: float


def judged(policy: Policy, elapsed_s: float, current: Window, previous: Window) -> Verdict:
    """Whether one more may be asked: a sliding window by two counters, the same on every adapter.

    The `current` one began `elapsed_s` ago. Of what was asked in the `previous` one, as much is still counted as would
    be in the last `window_s` seconds if it had come evenly until the last of it: so nobody waits for longer than that.
    """
    window_s, quota = policy.window_s, policy.quota
    left = 1 - elapsed_s / previous.last_s if elapsed_s < previous.last_s else 0.0
    used = current.asked + 1 + previous.asked * left
    if used <= quota:
        return Verdict(True, int(quota - used), math.ceil(window_s - elapsed_s))
    if current.asked < quota:
        wait_s = previous.last_s * (1 - (quota - 1 - current.asked) / previous.asked) - elapsed_s
    else:
        wait_s = window_s - elapsed_s + current.last_s * (1 - (quota - 1) / current.asked)
    return Verdict(False, 0, max(1, math.ceil(wait_s)))
