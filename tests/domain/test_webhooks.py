"""Webhooks: when a delivery is tried again, when it is over, and when a webhook is."""

from datetime import UTC, datetime, timedelta

import pytest
import standardwebhooks
from hypothesis import given
from hypothesis import strategies as st

from adapters.webhooks.secrets import SealedSecrets
from domain.messages import TYPES, Outcome, UnknownEvent, event_names, signature
from domain.webhooks import DISABLED_AFTER, WebhookInactive
from tests.builders import MS, NOON
from tests.builders.webhooks import a_delivery, a_webhook

RETRY = [timedelta(seconds=seconds) for seconds in (5, 30)]
BAD = Outcome(500)


def test_it_is_tried_again_after_each_of_the_pauses_and_then_has_failed() -> None:
    first = a_delivery().attempted(BAD, NOON, RETRY)
    second = first.attempted(Outcome(error="timed_out"), NOON, RETRY)
    third = second.attempted(BAD, NOON, RETRY)

    assert [each.status for each in (first, second, third)] == ["queued", "queued", "failed"]
    assert [each.next_attempt_at for each in (first, second, third)] == [NOON + RETRY[0], NOON + RETRY[1], None]
    assert [each.due_at for each in (first, second, third)] == [NOON + RETRY[0], NOON + RETRY[1], None]
    assert [each.attempts for each in (first, second, third)] == [1, 2, 3]
    assert [(each.response_status, each.error) for each in (first, second)] == [
        (500, "bad_status"),
        (None, "timed_out"),
    ]


def test_what_arrived_is_over_and_shows_no_error() -> None:
    delivered = a_delivery().attempted(BAD, NOON, RETRY).attempted(Outcome(204), NOON + MS, RETRY)

    assert (delivered.status, delivered.delivered_at, delivered.due_at) == ("delivered", NOON + MS, None)
    assert (delivered.response_status, delivered.error, delivered.attempts) == (204, None, 2)


def test_a_receiver_that_is_gone_ends_delivery_and_webhook() -> None:
    assert a_delivery().attempted(Outcome(410), NOON, RETRY).status == "failed"
    assert not a_webhook().missed(NOON, 410).is_active


def test_what_is_queued_again_has_all_its_pauses_before_it_and_keeps_its_message() -> None:
    delivery = a_delivery()
    failed = delivery.attempted(BAD, NOON, RETRY).attempted(BAD, NOON, RETRY).attempted(BAD, NOON, RETRY)

    again = failed.queued_again(NOON + MS)

    assert (again.status, again.due_at, again.next_attempt_at) == ("queued", NOON + MS, NOON + MS)
    assert (again.message_id, again.body, again.attempts) == (delivery.message_id, delivery.body, 3)
    assert again.attempted(BAD, NOON, RETRY).next_attempt_at == NOON + RETRY[0]


def test_days_of_failure_end_a_webhook_and_one_success_between_them_does_not() -> None:
    failing = a_webhook().missed(NOON, 500)

    assert failing.missed(NOON + DISABLED_AFTER - MS, 500).is_active
    assert not failing.missed(NOON + DISABLED_AFTER, None).is_active
    assert failing.reached().missed(NOON + DISABLED_AFTER, None).is_active


def test_what_was_deleted_keeps_nothing_and_wants_nothing() -> None:
    ended = a_webhook(events=("*",)).ended(NOON)

    assert (ended.url, ended.events, ended.sealed_secret) == ("", (), "")
    assert not ended.wants("item.created")
    with pytest.raises(WebhookInactive):
        ended.require_active()


def test_a_star_wants_all_but_what_no_webhook_is_told() -> None:
    webhook = a_webhook(events=("*",))

    assert all(webhook.wants(type) for type in TYPES)
    assert not webhook.wants("task.progressed")
    assert not webhook.wants("session.failed")


def test_names_are_those_that_there_are_each_once() -> None:
    assert event_names(["order.paid", "*", "order.paid"]) == ("order.paid", "*")
    for name in ("order.eaten", "", "item", "item.*", "task.progressed", "session.failed", "reset"):
        with pytest.raises(UnknownEvent):
            event_names(["order.paid", name])


@given(body=st.text(), id=st.uuids())
def test_a_signature_is_what_the_public_package_expects(body: str, id: object) -> None:
    secret, now = SealedSecrets(["key"]).new(), datetime.now(UTC)
    data = body.encode("utf-8", "replace")
    headers = {
        "webhook-id": str(id),
        "webhook-timestamp": str(int(now.timestamp())),
        "webhook-signature": signature(secret, str(id), int(now.timestamp()), data),
    }

    standardwebhooks.Webhook(secret).verify(data, headers, json_parse=False)
