"""Webhooks: managing one's own, what of the events goes to whom, and delivering it."""

from dataclasses import dataclass

from application.webhooks.delivering import Courier
from application.webhooks.fanning import FanOut
from application.webhooks.managing import (
    AddWebhook,
    EndWebhook,
    ListDeliveries,
    ListWebhooks,
    Redeliver,
    leave,
)
from application.webhooks.tidying import TidyDeliveries

__all__ = [
    "AddWebhook",
    "Courier",
    "EndWebhook",
    "FanOut",
    "ListDeliveries",
    "ListWebhooks",
    "Redeliver",
    "TidyDeliveries",
    "Webhooks",
    "leave",
]


@dataclass(frozen=True, slots=True)
class Webhooks:
    """The use cases of this feature."""

    add: AddWebhook
    list: ListWebhooks
    end: EndWebhook
    deliveries: ListDeliveries
    redeliver: Redeliver
