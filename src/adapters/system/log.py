"""Logs by structlog: one line of JSON each in production, readable in development.

What is logged is named field by field: no headers, bodies, queries, paths or arguments, so that neither secrets nor
personal values get in. An error is told by its type and the places it came through; its text may quote values.
"""

import logging
import sys
import traceback
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
    def __init__(self) -> None:
        self._log = structlog.get_logger()

    def request(self, **what: Any) -> None:
        self._log.info("request", **{name: value for name, value in what.items() if value is not None})

    def done(self, use_case: str, seconds: float, outcome: str) -> None:
        self._log.debug("use_case", name=use_case, duration_ms=round(seconds * 1000, 2), outcome=outcome)

    def failed(self, request_id: str, error: BaseException) -> None:
        self._log.error("failed", request_id=request_id, error=type(error).__name__, at=_places(error))

    def told(self, event: str, **what: Any) -> None:
        """Something that has gone as it should."""
        self._log.info(event, **what)

    def said(self, event: str, **what: Any) -> None:
        """Something that whoever runs this should know."""
        self._log.warning(event, **what)


def _places(error: BaseException) -> list[str]:
    frames = traceback.extract_tb(error.__traceback__)
    chained = error.__cause__ or error.__context__
    own = [f"{frame.filename.rsplit('/src/', 1)[-1]}:{frame.lineno} {frame.name}" for frame in frames]
    return own if chained is None else [*own, f"from {type(chained).__name__}", *_places(chained)]
