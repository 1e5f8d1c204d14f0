"""The models that come with Portico, and a model server over HTTP that fails in every way."""

import asyncio
import json
import subprocess
import sys
import threading
import time
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager, suppress

import pytest

from adapters.prediction.breaker import FAILURES, OPEN_S, Breaker
from adapters.prediction.embedded import EmbeddedPredictor
from adapters.prediction.remote import ATTEMPTS, RemotePredictor
from adapters.prediction.sentiment import LONGEST_PIECE, Sentiment, _pieces
from domain.errors import Unavailable
from domain.predictions import ModelName
from tests.accuracy.measuring import accuracy, sentences
from tests.architecture.source import SRC

SENTIMENT, LANGUAGE = ModelName.SENTIMENT, ModelName.LANGUAGE
SCORES = {"scores": {"positive": 0.7, "negative": 0.3}}


def test_nothing_is_loaded_by_the_start() -> None:
    names = "{'numpy', 'py3langid', 'vaderSentiment'}"
    code = f"import sys, entrypoints.http.app, entrypoints.cli; print({names} & {{*sys.modules}})"

    ran = subprocess.run([sys.executable, "-c", code], cwd=SRC, capture_output=True, text=True, check=True, timeout=60)

    assert ran.stdout == "set()\n"


def test_sentiment_is_as_often_right_as_is_said() -> None:
    assert accuracy(Sentiment(), sentences("sentiment")) > 0.85


def test_languages_are_as_often_right_as_is_said() -> None:
    from adapters.prediction.language import Language

    assert accuracy(Language(), sentences("language")) > 0.98


@pytest.mark.parametrize(
    "text", ["", "a", "a. b! c?", "x" * 1000, "word " * 1000, "\n\n", "...", "a" * 161, "😀" * 500]
)
def test_pieces_are_short_and_nothing_of_the_text_is_left_out(text: str) -> None:
    pieces = list(_pieces(text))

    assert all(0 < len(piece) <= LONGEST_PIECE for piece in pieces)
    assert "".join(pieces).replace(" ", "") == "".join(text.split())


def test_a_long_text_takes_time_by_its_length_and_not_by_its_square() -> None:
    sentiment = Sentiment()
    began = time.process_time()

    sentiment.shares("😀" * 10_000)

    assert time.process_time() - began < 5


async def test_predictions_leave_the_event_loop_alone_and_are_as_many_at_once_as_may() -> None:
    predictor = EmbeddedPredictor(2, 30)
    inside, most, main = 0, 0, threading.get_ident()
    lock, both = threading.Lock(), threading.Barrier(2)

    class Slow:
        def shares(self, text: str) -> Mapping[str, float]:
            nonlocal inside, most
            assert threading.get_ident() != main
            with lock:
                inside += 1
                most = max(most, inside)
            both.wait(20)
            with lock:
                inside -= 1
            return {"a": 1.0}

    predictor._loaded[SENTIMENT] = Slow()
    await asyncio.gather(*[predictor.shares(SENTIMENT, "x") for _ in range(10)])
    await predictor.close()

    assert most == 2


async def test_who_waits_too_long_is_told_so() -> None:
    predictor, go = EmbeddedPredictor(1, 0.05), threading.Event()

    class Stuck:
        def shares(self, text: str) -> Mapping[str, float]:
            go.wait(20)
            return {"a": 1.0}

    predictor._loaded[SENTIMENT] = Stuck()
    try:
        for _ in range(2):
            with pytest.raises(Unavailable):
                await predictor.shares(SENTIMENT, "x")
    finally:
        go.set()
    await predictor.close()


async def test_what_was_not_predicted_yet_may_be_closed() -> None:
    await EmbeddedPredictor(1, 1).close()
    await RemotePredictor("http://127.0.0.1:9", 1, 1).close()


class Model:
    """A model server: answers what it is told, and counts."""

    def __init__(self) -> None:
        self.answers: list[tuple[int, str]] = []
        self.asked: list[tuple[str, object]] = []
        self.silent = False

    async def serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        head = (await reader.readuntil(b"\r\n\r\n")).decode()
        length = next((int(line[15:]) for line in head.lower().splitlines() if line.startswith("content-length:")), 0)
        body = json.loads(await reader.readexactly(length)) if length else None
        self.asked.append((" ".join(head.split()[:2]), body))
        if self.silent:
            await reader.read()  # until the other side has had enough
        else:
            status, text = self.answers.pop(0) if self.answers else (200, json.dumps(SCORES))
            head = f"HTTP/1.1 {status} X\r\nConnection: close\r\nContent-Length: {len(text)}\r\n\r\n"
            writer.write((head + text).encode())
            with suppress(OSError):
                await writer.drain()
        writer.close()
        with suppress(OSError):
            await writer.wait_closed()


@asynccontextmanager
async def _server() -> AsyncIterator[tuple[Model, RemotePredictor]]:
    model = Model()
    server = await asyncio.start_server(model.serve, "127.0.0.1", 0)
    predictor = RemotePredictor(f"http://127.0.0.1:{server.sockets[0].getsockname()[1]}/v1/", 4, 2)
    try:
        yield model, predictor
    finally:
        await predictor.close()
        server.close()
        await server.wait_closed()
        await asyncio.sleep(0)


async def test_a_model_server_is_asked_and_its_shares_are_taken() -> None:
    async with _server() as (model, predictor):
        shares = await predictor.shares(SENTIMENT, "Lovely!")

    assert shares == SCORES["scores"]
    assert model.asked == [("POST /v1/predictions", {"model": "sentiment", "text": "Lovely!", "temperature": 1})]


async def test_a_model_server_says_what_models_it_has() -> None:
    cards = [
        {"name": name, "description": "d", "labels": ["a", "b"], "version": "7"} for name in ("language", "sentiment")
    ]
    async with _server() as (model, predictor):
        model.answers = [(200, json.dumps(cards))]

        found = await predictor.models()

    assert [(each.name, each.labels, each.version, each.is_default) for each in found] == [
        (SENTIMENT, ["a", "b"], "7", True),
        (LANGUAGE, ["a", "b"], "7", False),
    ]


@pytest.mark.parametrize("status", [429, 500, 503])
async def test_what_may_be_better_another_time_is_tried_again_a_few_times(status: int) -> None:
    async with _server() as (model, predictor):
        model.answers = [(status, "")] * (ATTEMPTS - 1)
        assert await predictor.shares(SENTIMENT, "x") == SCORES["scores"]
        model.answers = [(status, "")] * ATTEMPTS
        with pytest.raises(Unavailable):
            await predictor.shares(SENTIMENT, "x")

    assert len(model.asked) == 2 * ATTEMPTS


@pytest.mark.parametrize(
    ("status", "text"),
    [
        (400, ""), (404, "{}"), (307, ""), (200, ""), (200, "[]"), (200, '{"scores": 3}'),
        (200, '{"scores": {"a": "x"}}'),
        (200, '{"scores": {"a": NaN}}'), (200, json.dumps({"scores": {"a": 1}, "x": "y" * 300_000})),
    ],
)  # fmt: skip
async def test_what_would_not_get_better_is_asked_once(status: int, text: str) -> None:
    async with _server() as (model, predictor):
        model.answers = [(status, text)]
        with pytest.raises(Unavailable):
            await predictor.shares(SENTIMENT, "x")

    assert len(model.asked) == 1


async def test_silence_ends_after_the_time_that_is_given() -> None:
    async with _server() as (model, predictor):
        model.silent, predictor._timeout_s = True, 0.1
        began = time.monotonic()
        with pytest.raises(Unavailable):
            await predictor.shares(SENTIMENT, "x")

    assert time.monotonic() - began < 1.5


async def test_after_a_row_of_failures_nobody_waits_until_it_may_be_well_again() -> None:
    async with _server() as (model, predictor):
        now = 100.0
        predictor._breaker = Breaker(lambda: now)
        model.answers = [(400, "")] * FAILURES
        for _ in range(FAILURES + 5):
            with pytest.raises(Unavailable):
                await predictor.shares(SENTIMENT, "x")
        asked = len(model.asked)
        now += OPEN_S

        again = [await predictor.shares(SENTIMENT, "x") for _ in range(3)]

    assert (asked, len(again)) == (FAILURES, 3)


def test_an_open_breaker_lets_one_through_at_a_time() -> None:
    now = 0.0
    breaker = Breaker(lambda: now, failures=2, open_s=10)
    for _ in range(2):
        assert breaker.lets_through
        breaker.failed()

    closed = breaker.lets_through
    now = 10.0
    tries = [breaker.lets_through, breaker.lets_through]
    breaker.failed()
    after = breaker.lets_through
    now = 20.0
    last = breaker.lets_through
    breaker.succeeded()

    assert (closed, tries, after, last) == (False, [True, False], False, True)
    assert breaker.lets_through
    assert breaker.lets_through
