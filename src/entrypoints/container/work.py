"""Background work: each kind of task and who does it, what is done again and again, and predictions."""

import os
import random
from datetime import timedelta
from typing import Any

from dependency_injector import containers, providers

from adapters.prediction.embedded import EmbeddedPredictor
from application.journal import JUDGING
from application.ports.broker import Broker
from application.ports.predictor import Predictor
from application.predictions import KIND, ListModels, Predict, Predictions, QueuePrediction, RunPrediction, RunSentiment
from application.tasks import keeping, reading
from application.tasks.dispatcher import Dispatcher
from application.tasks.handing import HandAgain, HandOver
from application.tasks.leases import Leases
from application.tasks.running import Means, Pace
from application.tasks.schedules import Job, Scheduler
from domain.mail import RESET, WELCOME
from domain.notifications import SEND
from entrypoints.container.files import Files
from entrypoints.container.journal import Journal
from entrypoints.container.mail import Mail
from entrypoints.container.ports import Ports, use_case
from entrypoints.container.trade import Trade
from entrypoints.container.webhooks import Webhooks
from entrypoints.settings import Settings

HANDS_AGAIN_EVERY_S = 2.0


def _kept(settings: Settings) -> timedelta:
    return timedelta(hours=settings.task_keep_hours)


def _pace(settings: Settings) -> Pace:
    return Pace(max_attempts=settings.task_max_attempts)


def _predictor(settings: Settings) -> Predictor:
    """Nothing is loaded or connected yet."""
    threads = settings.prediction_threads or os.cpu_count() or 1
    if settings.predictor_url is None:
        return EmbeddedPredictor(threads, settings.prediction_timeout_s)
    from adapters.prediction.remote import RemotePredictor

    return RemotePredictor(settings.predictor_url, 4 * threads, settings.prediction_timeout_s)


def _broker(settings: Settings, log: Any) -> Broker | None:
    if settings.task_broker_url is None:
        return None
    from entrypoints.broker import open_broker

    return open_broker(settings.task_broker_url, log)


def _hand_over(broker: Broker | None, wake: Any, log: Any) -> HandOver | None:
    return None if broker is None else HandOver(broker, wake, log.failed)


def _jobs(usual: list[Job], hand_again: Job, broker: Broker | None) -> list[Job]:
    return usual if broker is None else [*usual, hand_again]


def _job(name: str, seconds: float, run: Any) -> Any:
    return providers.Factory(Job, name, timedelta(seconds=seconds), run)


class Work(containers.DeclarativeContainer):
    predictor = providers.Singleton(_predictor, Ports.settings)
    predict = use_case(Predict, predictor)
    predictions = providers.Singleton(
        Predictions,
        models=use_case(ListModels, predictor),
        predict=predict,
        queue=use_case(QueuePrediction, Ports.units, Ports.clock, Ports.ids),
    )

    tasks = providers.Singleton(
        reading.Tasks,
        read=use_case(reading.ReadTask, Ports.units),
        list=use_case(reading.ListTasks, Ports.units),
        cancel=use_case(reading.CancelTask, Ports.units, Ports.clock),
    )
    latest_tasks = use_case(keeping.LatestTasks, Ports.units)
    retry_task = use_case(keeping.RetryTask, Ports.units, Ports.clock)
    purge_tasks = use_case(keeping.PurgeTasks, Ports.units, Ports.clock, providers.Callable(_kept, Ports.settings))

    handlers = providers.Dict(
        {
            KIND: providers.Singleton(RunPrediction, predict),
            JUDGING: providers.Singleton(RunSentiment, predict, Journal.judge_comment),
            WELCOME: Mail.send_welcome,
            RESET: Mail.send_reset,
            SEND: Mail.send_notification,
        }
    )
    """A line for each kind, `"mail.send": Mail.send_mail`: the handler's provider, from its feature's container."""

    usual_jobs = providers.List(
        _job("housekeeping", 600, Ports.units.provided.housekeeping),
        _job("orders.lapse", 15, Trade.lapse_orders),
        _job("tasks.purge", 600, purge_tasks),
        _job("blobs.sweep", 900, Files.sweep_blobs),
        _job("deliveries.tidy", 60, Webhooks.tidy_deliveries),
    )
    """A line for each: its name, every how many seconds, and what is done."""

    pace = providers.Callable(_pace, Ports.settings)
    leases = providers.Singleton(
        Leases,
        Ports.units,
        Ports.clock,
        providers.Callable(lambda ids: ids(), Ports.ids),
        pace.provided.lease,
        pace.provided.max_attempts,
    )
    broker = providers.Singleton(_broker, Ports.settings, Ports.log)
    """None without TASK_BROKER_URL: tasks are then found in the store alone."""

    hand_over = providers.Singleton(_hand_over, broker, Ports.wake, Ports.log)
    hand_again = use_case(HandAgain, Ports.units, Ports.clock, broker, providers.Callable(sorted, handlers))
    jobs = providers.Callable(_jobs, usual_jobs, _job("tasks.hand_again", HANDS_AGAIN_EVERY_S, hand_again), broker)
    dispatcher = providers.Singleton(
        Dispatcher,
        handlers,
        providers.Singleton(
            Means,
            leases=leases,
            clock=Ports.clock,
            pace=pace,
            jitter=providers.Object(random.random),
            failed=Ports.log.provided.failed,
        ),
        Ports.wake,
        broker,
    )
    scheduler = providers.Singleton(
        Scheduler, Ports.units, Ports.clock, jobs, Ports.log.provided.said, Ports.log.provided.failed
    )
