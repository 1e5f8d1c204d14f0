"""Messages to webhooks: of which events they are, how they are signed, and what came of an attempt to send one."""

import base64
import hashlib
import hmac
from collections.abc import Sequence
from dataclasses import dataclass

from domain.errors import Invalid

EVERYTHING = "*"
GONE = 410
"""With this status a receiver says that it wants no more (Standard Webhooks)."""

TYPES = frozenset({
    "item.created", "item.updated", "item.deleted",
    "order.placed", "order.paid", "order.shipped", "order.delivered", "order.cancelled", "order.lapsed",
    "post.created", "post.published", "post.unpublished", "post.updated", "post.deleted",
    "comment.created", "comment.deleted",
    "task.queued", "task.started", "task.succeeded", "task.failed", "task.cancelled", "notification.created",
    "user.registered", "user.updated", "user.role_changed", "user.deactivated", "session.started",
    "wallet.deposited", "wallet.transferred", "file.stored", "file.deleted", "room.created", "room.deleted",
    "webhook.created", "webhook.deleted",
})  # fmt: skip
"""What a webhook may be told of: the vocabulary without progress, which is too frequent, and failed sign-ins."""


class UnknownEvent(Invalid):
    code = "unknown_event"
    detail = "There is no such event for webhooks."


class PrivateAddress(Invalid):
    code = "private_address"
    detail = "The address is private, local or reserved."


def event_names(names: Sequence[str]) -> tuple[str, ...]:
    """Each once, in the order given. Raises `UnknownEvent`."""
    unknown = [name for name in names if name != EVERYTHING and name not in TYPES]
    if unknown:
        raise UnknownEvent(f"There is no event {unknown[0][:100]!r} for webhooks.")
    return tuple(dict.fromkeys(names))


def signature(secret: str, message_id: str, timestamp: int, body: bytes) -> str:
    """`v1,` and the base64 of an HMAC-SHA256 (Standard Webhooks 1.0). `secret` is `whsec_` and base64."""
    key = base64.b64decode(secret.removeprefix("whsec_"))
    signed = f"{message_id}.{timestamp}.".encode() + body
    return "v1," + base64.b64encode(hmac.digest(key, signed, hashlib.sha256)).decode()


@dataclass(frozen=True, slots=True)
class Outcome:
    """Of an attempt: the status that was answered, or the stable word for why there was none."""

    status: int | None = None
    error: str | None = None

    @property
    def succeeded(self) -> bool:
        return self.error is None and self.status is not None and 200 <= self.status < 300

    @property
    def reason(self) -> str | None:
        """Why it is no success."""
        if self.succeeded or self.error is not None:
            return self.error
        return "redirected" if self.status is not None and 300 <= self.status < 400 else "bad_status"
