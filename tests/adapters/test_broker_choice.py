"""Which broker TASK_BROKER_URL means: none without it, and a clear word where what it needs is not there."""

from typing import Any

import pytest

from entrypoints.broker import UnknownBroker
from entrypoints.container import Container
from entrypoints.http.app import create_app
from entrypoints.settings import Settings, SettingsError, load_settings

URL = "redis://127.0.0.1:1/0"


def settings(**given: Any) -> Settings:
    return load_settings(database_url="memory://", secret_key="s" * 32, blob_url="memory://", **given)


def test_without_the_setting_there_is_none_and_nothing_is_handed_over() -> None:
    container: Any = Container(settings=settings())

    assert (container.broker(), container.hand_over()) == (None, None)
    assert "tasks.hand_again" not in {job.name for job in container.jobs()}


async def test_with_it_what_was_lost_is_handed_again() -> None:
    container: Any = Container(settings=settings(task_broker_url=URL))

    assert "tasks.hand_again" in {job.name for job in container.jobs()}
    await container.broker().close()


def test_where_the_extra_is_missing_it_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("entrypoints.broker.find_spec", lambda name: None)

    with pytest.raises(UnknownBroker, match=r"portico\[broker\]"):
        create_app(settings(task_broker_url=URL))


def test_another_kind_of_url_is_refused() -> None:
    with pytest.raises(SettingsError, match="TASK_BROKER_URL"):
        settings(task_broker_url="amqp://127.0.0.1")


@pytest.mark.parametrize("url", ["redis://127.0.0.1:port/0", "redis://127.0.0.1:99999/0"])
def test_a_url_without_a_port_that_can_be_is_refused_before_anything_starts(url: str) -> None:
    with pytest.raises(UnknownBroker, match="TASK_BROKER_URL"):
        create_app(settings(task_broker_url=url))
