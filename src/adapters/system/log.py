"""Logs by structlog: one line of JSON each in production, readable in development.

What is logged is named field by field: no headers, bodies, queries, paths or arguments, so that neither secrets nor
personal values get in. An error is told by its type and the places it came through; its text may quote values.
"""

import logging
import sys
import traceback
from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any

import orjson
import structlog

from application.ports.observer import Notices, Observer


def configure(*, json: bool, level: str) -> None:
    """Once for a process, at its start."""
    shared: list[Any] = [structlog.processors.add_log_level, structlog.processors.TimeStamper(fmt="iso", utc=True)]
    structlog.configure(
        processors=[*shared, structlog.processors.JSONRenderer(orjson.dumps)]
        if json
        else [*shared, structlog.dev.ConsoleRenderer(colors=sys.stdout.isatty())],
        wrapper_class=structlog.make_filtering_bound_logger(level),
        logger_factory=structlog.BytesLoggerFactory(sys.stdout.buffer) if json else structlog.PrintLoggerFactory(),
        cache_logger_on_first_use=True,
    )
    logging.basicConfig(handlers=[Forwarded()], level=logging.WARNING, force=True)
    logging.getLogger("uvicorn").setLevel(level)


class Forwarded(logging.Handler):
    """What libraries warn of, in the same form, and uvicorn's own lines, which are for whoever runs it."""

    def emit(self, record: logging.LogRecord) -> None:
        error = record.exc_info[1] if record.exc_info else None
        told = {} if error is None else {"error": type(error).__name__, "at": _places(error)}
        log = structlog.get_logger()
        log.log(record.levelno, "library", name=record.name, text=record.getMessage(), **told)


class StructuredLog(Observer, Notices):
    """Made after `configure`. It holds the logger itself: asking structlog for it each time costs as much as a line."""

    def __init__(self) -> None:
        self._log: Any = structlog.get_logger().bind()
        self._write = _quick_line()
        self._tells_use_cases = bool(self._log.is_enabled_for(logging.DEBUG))

    def request(self, **what: Any) -> None:
        told = {name: value for name, value in what.items() if value is not None}
        if self._write is not None:
            self._write(told)
        else:
            self._log.info("request", **told)

    def done(self, use_case: str, seconds: float, outcome: str) -> None:
        if self._tells_use_cases:
            self._done(use_case, seconds, outcome)

    def _done(self, use_case: str, seconds: float, outcome: str) -> None:
        self._log.debug("use_case", name=use_case, duration_ms=round(seconds * 1000, 2), outcome=outcome)

    def slow(self, asked: str, of: str, seconds: float) -> None:
        """The store took long to answer; which fields were asked by is told, what they were compared with is not."""
        self._log.warning("slow_query", asked=asked, of=of, duration_ms=round(seconds * 1000, 2))

    def failed(self, request_id: str, error: BaseException) -> None:
        self._log.error("failed", request_id=request_id, error=type(error).__name__, at=_places(error))

    def told(self, event: str, **what: Any) -> None:
        """Something that has gone as it should."""
        self._log.info(event, **what)

    def said(self, event: str, **what: Any) -> None:
        """Something that whoever runs this should know."""
        self._log.warning(event, **what)


def _quick_line() -> Callable[[dict[str, Any]], None] | None:
    """The line of a request past structlog, whose processors take three times as long; None where it is not JSON."""
    log = structlog.get_logger().bind()
    if not isinstance(log._logger, structlog.BytesLogger):
        return None
    if not log.is_enabled_for(logging.INFO):
        return lambda told: None
    write, now, utc = log._logger.info, datetime.now, UTC

    def line(told: dict[str, Any]) -> None:
        told["event"], told["level"], told["timestamp"] = "request", "info", now(utc)
        write(orjson.dumps(told, option=orjson.OPT_UTC_Z))

    return line


def _places(error: BaseException) -> list[str]:
    frames = traceback.extract_tb(error.__traceback__)
    chained = error.__cause__ or error.__context__
    own = [f"{frame.filename.rsplit('/src/', 1)[-1]}:{frame.lineno} {frame.name}" for frame in frames]
    return own if chained is None else [*own, f"from {type(chained).__name__}", *_places(chained)]
