"""Counts in this process. A general library's cost 10-17 us a request, these 1 (docs/operations.md)."""

import time
from collections.abc import Callable

from application.ports.limits import Limits, Policy, Verdict, Window, judged

MOST = 50_000
"""Of each policy; beyond it the oldest are forgotten, so that no flood of addresses takes all memory."""


class MemoryLimits(Limits):
    def __init__(self, monotonic: Callable[[], float] = time.monotonic) -> None:
        self._now = monotonic
        self._kept: dict[str, dict[str, list[float]]] = {}

    async def take(self, policy: Policy, who: str) -> Verdict:
        return self.taken(policy, who)

    async def forget(self, policy: Policy, who: str) -> None:
        self._kept.get(policy.name, {}).pop(who, None)

    def taken(self, policy: Policy, who: str) -> Verdict:
        """The same, for those who need not wait."""
        now = self._now()
        windows = self._kept.get(policy.name)
        if windows is None:
            windows = self._kept[policy.name] = {}
        window = windows.get(who)
        if window is None:
            if len(windows) >= MOST:
                del windows[next(iter(windows))]
            window = windows[who] = [now, 0, 0.0, 0, 0.0]
        began, current, last, previous, before = window
        elapsed = now - began
        if elapsed >= policy.window_s:
            previous, before = (current, last) if elapsed < 2 * policy.window_s else (0, 0.0)
            began = began + policy.window_s if elapsed < 2 * policy.window_s else now
            current, last, elapsed = 0, 0.0, now - began
            window[:] = began, 0, 0.0, previous, before
        verdict = judged(policy, elapsed, Window(int(current), last), Window(int(previous), before))
        if verdict.allowed:
            window[1:3] = current + 1, elapsed
        return verdict
