"""Predictions over HTTP."""

from collections.abc import Sequence
from typing import Annotated, Self

from fastapi import APIRouter, Depends
from pydantic import Field, WithJsonSchema, model_validator
from pydantic_core import PydanticCustomError
from starlette.requests import Request
from starlette.responses import Response

from application.predictions import Predictions
from domain.access import Actor
from domain.predictions import DEFAULT, ModelName
from domain.tasks import TaskStatus
from entrypoints.http.access import Anyone, signed_in
from entrypoints.http.idempotency import Once
from entrypoints.http.problems import BadShape
from entrypoints.http.replies import several, shown
from entrypoints.http.route import Route
from entrypoints.http.schema import In, Out, example, string

router = APIRouter(prefix="/api/v1", tags=["Predictions and tasks"], route_class=Route)

Name = Annotated[str, WithJsonSchema({"type": "string", "enum": list(ModelName)})]
Text = string(1, 10_000)
Texts = Annotated[list[Text], Field(min_length=1, max_length=100)]  # type: ignore[valid-type]


async def _predictions(request: Request) -> Predictions:
    predictions: Predictions = request.app.state.container.predictions()
    return predictions


Uses = Annotated[Predictions, Depends(_predictions)]
Runner = Annotated[Actor, signed_in("predictions:run")]


class NewPrediction(In, json_schema_extra=example(text="What a lovely teapot!", model="sentiment", temperature=1)):
    text: Text  # type: ignore[valid-type]
    model: Annotated[ModelName, Field(strict=False)] = DEFAULT
    temperature: Annotated[float, Field(ge=0, le=2)] = 1


class NewPredictionTask(In, json_schema_extra=example(texts=["What a lovely teapot!", "It leaks."], temperature=1)):
    text: Text | None = None  # type: ignore[valid-type]
    texts: Texts | None = None
    model: Annotated[ModelName, Field(strict=False)] = DEFAULT
    temperature: Annotated[float, Field(ge=0, le=2)] = 1

    @model_validator(mode="after")
    def _one_of_them(self) -> Self:
        if (self.text is None) == (self.texts is None):
            raise PydanticCustomError("one_of", "has to have exactly one of text and texts")
        return self

    def what(self) -> str | Sequence[str]:
        if self.texts is None:
            return str(self.text)
        return [str(text) for text in self.texts]


class ModelOut(Out):
    name: ModelName
    description: str
    labels: list[str]
    version: str
    is_default: bool


class PredictionOut(Out):
    prediction: str
    confidence: float
    scores: dict[str, float]
    model: ModelName
    processing_time_ms: float


class QueuedOut(Out):
    task_id: str
    status: TaskStatus


@router.get("/models", operation_id="list_models", summary="The models", response_model=list[ModelOut])
async def list_models(_: Anyone, uses: Uses) -> Response:
    return several(ModelOut, await uses.models())


@router.get("/models/{name}", operation_id="get_model", summary="One model", response_model=ModelOut)
async def get_model(name: Name, _: Anyone, uses: Uses) -> Response:
    known = _named(name)
    (model,) = [model for model in await uses.models() if model.name is known]
    return shown(ModelOut, model, tagged=False)


def _named(name: str) -> ModelName:
    """An unknown one is a fault of the shape here as in a body."""
    if name not in list(ModelName):
        message = f"must be one of {', '.join(ModelName)}"
        raise BadShape([{"loc": ["path", "name"], "message": message, "type": "enum"}])
    return ModelName(name)


@router.post("/predictions", operation_id="predict", summary="Predict a text's label", response_model=PredictionOut)
async def predict(body: NewPrediction, actor: Runner, uses: Uses) -> Response:
    return shown(PredictionOut, await uses.predict(body.text, body.model, body.temperature), tagged=False)


@router.post(
    "/predictions/tasks",
    operation_id="queue_prediction",
    summary="Predict in the background",
    status_code=202,
    response_model=QueuedOut,
)
async def queue_prediction(body: NewPredictionTask, actor: Runner, uses: Uses, once: Once) -> Response:
    return await once(
        actor,
        lambda operation: uses.queue(actor, body.what(), body.model, body.temperature, operation),
        lambda task: shown(QueuedOut, task, status=202, tagged=False, Location=f"/api/v1/tasks/{task.id}"),
    )
