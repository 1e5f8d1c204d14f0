"""The models that come with Portico: no network, loaded when they are first asked, on threads of their own."""

import asyncio
import threading
from collections.abc import Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from typing import Protocol

from adapters.prediction.cards import cards
from application.ports.predictor import Predictor
from domain.errors import Unavailable
from domain.predictions import Model, ModelName


class Classifier(Protocol):
    def shares(self, text: str) -> Mapping[str, float]: ...


class EmbeddedPredictor(Predictor):
    """At most `threads` at once; who waits for a thread and for the answer for longer than `timeout_s` gets none."""

    def __init__(self, threads: int, timeout_s: float) -> None:
        self._threads, self._timeout_s = threads, timeout_s
        self._pool: ThreadPoolExecutor | None = None
        self._loaded: dict[ModelName, Classifier] = {}
        self._loading = threading.Lock()

    async def models(self) -> Sequence[Model]:
        return cards()

    async def shares(self, model: ModelName, text: str) -> Mapping[str, float]:
        if self._pool is None:
            self._pool = ThreadPoolExecutor(self._threads, "prediction")
        try:
            async with asyncio.timeout(self._timeout_s):
                return await asyncio.get_running_loop().run_in_executor(self._pool, self._shares, model, text)
        except TimeoutError:
            raise Unavailable("The prediction took too long. Try again shortly.") from None

    async def close(self) -> None:
        if self._pool is not None:
            self._pool.shutdown(wait=False, cancel_futures=True)

    def _shares(self, model: ModelName, text: str) -> Mapping[str, float]:
        with self._loading:
            if model not in self._loaded:
                self._loaded[model] = _load(model)
        return self._loaded[model].shares(text)


def _load(model: ModelName) -> Classifier:
    if model is ModelName.SENTIMENT:
        from adapters.prediction.sentiment import Sentiment

        return Sentiment()
    from adapters.prediction.language import Language

    return Language()
