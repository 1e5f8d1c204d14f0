"""Webhooks and deliveries that are valid as they stand."""

from typing import Any

from domain.access import UserId
from domain.webhooks import Delivery, DeliveryId, Webhook, WebhookId
from tests.builders import FIRST, LAST, MS, NOON, new_id


def a_webhook(**over: Any) -> Webhook:
    given: dict[str, Any] = {
        "id": WebhookId(new_id()),
        "owner_id": UserId(new_id()),
        "url": "https://shop.example/hook",
        "events": ("item.created",),
        "sealed_secret": "sealed",
        "created_at": NOON,
    }
    return Webhook(**given | over)


def a_delivery(**over: Any) -> Delivery:
    at = over.get("created_at", NOON)
    given: dict[str, Any] = {
        "id": DeliveryId(new_id()),
        "webhook_id": WebhookId(new_id()),
        "message_id": new_id(),
        "event": "item.created",
        "body": "{}",
        "next_attempt_at": at,
        "due_at": at,
        "created_at": at,
    }
    return Delivery(**given | over)


def a_full_webhook(**over: Any) -> Webhook:
    return a_webhook(
        **{
            "version": 3,
            "url": "http://[2001:db8::1]:81/%20?a='b'&c=\"d\"",
            "events": ("item.created", "*"),
            "is_active": False,
            "failing_since": FIRST,
            "created_at": LAST,
            "ended_at": LAST,
        }
        | over
    )


def a_full_delivery(**over: Any) -> Delivery:
    return a_delivery(
        **{
            "version": 6,
            "body": '{"data":{"name":"naïve 😀 \\u0000 \\\\ %_"}}',
            "status": "failed",
            "attempts": 9,
            "tries": 7,
            "response_status": 503,
            "error": "refused",
            "next_attempt_at": LAST,
            "due_at": FIRST,
            "lease": new_id(),
            "created_at": FIRST,
            "delivered_at": FIRST + MS,
        }
        | over
    )
