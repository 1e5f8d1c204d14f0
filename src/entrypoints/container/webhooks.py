"""Webhooks: managing them, and the courier of this process."""

from collections.abc import Sequence
from datetime import timedelta

from dependency_injector import containers, providers

from adapters.webhooks.secrets import SealedSecrets
from adapters.webhooks.sender import HttpSender
from application import webhooks
from entrypoints.container.events import Events
from entrypoints.container.ports import Ports, use_case
from entrypoints.settings import Settings


def _sealing_keys(settings: Settings) -> list[str]:
    old = settings.secret_key_old
    return [settings.secret, *([old.get_secret_value()] if old else [])]


def _pauses(settings: Settings) -> Sequence[timedelta]:
    return [timedelta(seconds=seconds) for seconds in settings.webhook_retry_s]


def _timeout(settings: Settings) -> timedelta:
    return timedelta(seconds=settings.webhook_timeout_s)


class Webhooks(containers.DeclarativeContainer):
    webhook_sender = providers.Singleton(
        HttpSender,
        allow_private=Ports.settings.provided.webhook_allow_private,
        timeout_s=Ports.settings.provided.webhook_timeout_s,
    )
    webhook_secrets = providers.Singleton(SealedSecrets, providers.Callable(_sealing_keys, Ports.settings))
    webhook_courier = providers.Singleton(
        webhooks.Courier,
        Ports.units,
        Ports.clock,
        Ports.ids,
        webhook_sender,
        webhook_secrets,
        Ports.wake,
        providers.Callable(_pauses, Ports.settings),
        providers.Callable(_timeout, Ports.settings),
    )
    fan_out = providers.Singleton(webhooks.FanOut, Ports.clock, Ports.ids, Events.showing, Ports.log.provided.failed)
    Events.hooks.add_args(fan_out)
    tidy_deliveries = use_case(webhooks.TidyDeliveries, Ports.units, Ports.clock)

    webhooks = providers.Singleton(
        webhooks.Webhooks,
        add=use_case(webhooks.AddWebhook, Ports.units, Ports.clock, Ports.ids, webhook_sender, webhook_secrets),
        list=use_case(webhooks.ListWebhooks, Ports.units),
        end=use_case(webhooks.EndWebhook, Ports.units, Ports.clock),
        deliveries=use_case(webhooks.ListDeliveries, Ports.units),
        redeliver=use_case(webhooks.Redeliver, Ports.units, Ports.clock, Ports.wake),
    )
