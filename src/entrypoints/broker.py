"""Which broker a `TASK_BROKER_URL` means; what it needs is imported when there is one."""

from importlib.util import find_spec
from urllib.parse import urlsplit

from application.ports.broker import Broker
from application.ports.observer import Notices


class UnknownBroker(ValueError):
    """What the broker needs is not installed, or its URL is none."""


def require_broker(url: str | None) -> None:
    """Without importing anything of it. Raises `UnknownBroker`."""
    if url is None:
        return
    if find_spec("taskiq_redis") is None:
        raise UnknownBroker("TASK_BROKER_URL needs the extra: pip install 'portico[broker]'")
    try:
        _ = urlsplit(url).port
    except ValueError:
        raise UnknownBroker("TASK_BROKER_URL has to be redis://host:6379/1, rediss://... or unix://...") from None


def open_broker(url: str, notices: Notices) -> Broker:
    """Not connected yet. Raises `UnknownBroker`."""
    require_broker(url)
    from adapters.broker.taskiq import TaskiqBroker

    try:
        return TaskiqBroker(url, notices)
    except ValueError as error:
        raise UnknownBroker(f"TASK_BROKER_URL: {error}") from None
