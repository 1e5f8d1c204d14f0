"""Predicting at once, and as a task."""

import time
from collections.abc import Awaitable, Callable, Mapping, Sequence
from contextlib import suppress
from dataclasses import asdict, dataclass
from typing import Any

from application.ports.clock import Clock
from application.ports.ids import Ids
from application.ports.predictor import Predictor
from application.ports.unit_of_work import Operation, Units
from application.tasks.handler import Handler, Progress
from application.tasks.queueing import queue
from application.use_case import use_case
from domain.access import Actor
from domain.errors import NotFound
from domain.predictions import Model, ModelName, Prediction
from domain.tasks import Task

KIND = "prediction"


@use_case
class ListModels:
    """Raises `Unavailable`."""

    predictor: Predictor

    async def __call__(self) -> Sequence[Model]:
        return await self.predictor.models()


@use_case
class Predict:
    """Raises `Unavailable`."""

    predictor: Predictor

    async def __call__(self, text: str, model: ModelName, temperature: float) -> Prediction:
        began = time.perf_counter()
        shares = await self.predictor.shares(model, text)
        return Prediction.of(model, shares, temperature, (time.perf_counter() - began) * 1000)


@use_case
class QueuePrediction:
    """One text has a prediction as its task's result, several have `predictions` in their order."""

    units: Units
    clock: Clock
    ids: Ids

    async def __call__(
        self,
        actor: Actor,
        what: str | Sequence[str],
        model: ModelName,
        temperature: float,
        operation: Operation | None = None,
    ) -> Task:
        text = {"text": what} if isinstance(what, str) else {"texts": list(what)}
        payload = {**text, "model": model.value, "temperature": temperature}
        async with self.units.open(operation) as unit:
            task = Task.queued(id=self.ids(), kind=KIND, owner_id=actor.id, payload=payload, at=self.clock())
            return await unit.commit(queue(unit, task))


@use_case
class RunPrediction(Handler):
    """It changes nothing, so that it may be run again."""

    predict: Predict

    async def __call__(self, task: Task, report: Progress) -> Mapping[str, Any]:
        model, temperature = ModelName(task.payload["model"]), task.payload["temperature"]
        if "text" in task.payload:
            return asdict(await self.predict(task.payload["text"], model, temperature))
        texts, predictions = task.payload["texts"], []
        for number, text in enumerate(texts, 1):
            predictions.append(asdict(await self.predict(text, model, temperature)))
            await report(number / len(texts))
        return {"predictions": predictions}


@use_case
class RunSentiment(Handler):
    """Of a text of another feature: `judge` is told the `id` in the payload, and the label of its `text`.

    Judging again says the same. Where what was to be judged has gone, there is nothing to do.
    """

    predict: Predict
    judge: Callable[[str, str], Awaitable[object]]

    async def __call__(self, task: Task, report: Progress) -> Mapping[str, Any]:
        found = await self.predict(task.payload["text"], ModelName.SENTIMENT, 1.0)
        with suppress(NotFound):
            await self.judge(task.payload["id"], found.prediction)
        return {"sentiment": found.prediction}


@dataclass(frozen=True, slots=True)
class Predictions:
    """The use cases of this feature."""

    models: ListModels
    predict: Predict
    queue: QueuePrediction
