from datetime import UTC, datetime

from application.ports.clock import Clock


class SystemClock(Clock):
    def __call__(self) -> datetime:
        now = datetime.now(UTC)
        return now.replace(microsecond=now.microsecond // 1000 * 1000)
