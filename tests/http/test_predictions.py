"""Predictions over HTTP: the models, one text at once, and texts as a task."""

import asyncio
import math
from typing import Any

import httpx
import pytest

from tests.http.client import Person, limited, locations, problem
from tests.http.work import GLAD, MODELS, PREDICTION, PREDICTIONS, QUEUE, TASKS, done, until

BAD = [
    ({}, ["body", "text"]),
    ({"text": ""}, ["body", "text"]),
    ({"text": " \n "}, ["body", "text"]),
    ({"text": "x" * 10_001}, ["body", "text"]),
    ({"text": 3}, ["body", "text"]),
    ({"text": "x", "model": "oracle"}, ["body", "model"]),
    ({"text": "x", "model": None}, ["body", "model"]),
    ({"text": "x", "temperature": -0.1}, ["body", "temperature"]),
    ({"text": "x", "temperature": 2.01}, ["body", "temperature"]),
    ({"text": "x", "temperature": True}, ["body", "temperature"]),
    ({"text": "x", "temperature": "1"}, ["body", "temperature"]),
    ({"text": "x", "tokens": 3}, ["body", "tokens"]),
]
BAD_BATCHES = [
    ({"texts": []}, ["body", "texts"]),
    ({"texts": ["x"] * 101}, ["body", "texts"]),
    ({"texts": ["x", " "]}, ["body", "texts", 1]),
    ({"texts": "x"}, ["body", "texts"]),
    ({"texts": ["x"], "text": "x"}, ["body"]),
    ({"model": "language"}, ["body"]),
]


async def predicted(client: httpx.AsyncClient, person: Person, **body: Any) -> dict[str, Any]:
    response = await client.post(PREDICTIONS, json=body, headers=person.headers)
    assert response.status_code == 200, response.text
    assert response.headers["cache-control"] == "no-store"
    found: dict[str, Any] = response.json()
    assert found.keys() == PREDICTION
    assert math.isclose(sum(found["scores"].values()), 1, abs_tol=1e-9)
    assert found["confidence"] == found["scores"][found["prediction"]] == max(found["scores"].values())
    assert found["processing_time_ms"] >= 0
    return found


async def test_the_models_are_there_for_everybody(memory: httpx.AsyncClient) -> None:
    response = await memory.get(MODELS)

    assert response.status_code == 200
    assert [(model["name"], model["is_default"]) for model in response.json()] == [
        ("sentiment", True),
        ("language", False),
    ]
    for model in response.json():
        assert model.keys() == {"name", "description", "labels", "version", "is_default"}
        assert (await memory.get(f"{MODELS}/{model['name']}")).json() == model


@pytest.mark.parametrize("name", ["oracle", "Sentiment", "%20", "x" * 100])
async def test_an_unknown_model_is_a_fault_of_the_shape_in_a_path_too(memory: httpx.AsyncClient, name: str) -> None:
    assert locations(await memory.get(f"{MODELS}/{name}")) == [["path", "name"]]


@pytest.mark.parametrize(
    ("text", "model", "label"),
    [
        (GLAD, "sentiment", "positive"),
        ("This is terrible, I hate it.", "sentiment", "negative"),
        ("The parcel has four sides.", "sentiment", "neutral"),
        ("Wo bleibt denn meine Lieferung? Ich warte schon seit drei Wochen darauf.", "language", "de"),
        ("Je voudrais savoir quand ma commande arrivera chez moi.", "language", "fr"),
        ("これはとても美しい急須です。", "language", "ja"),
    ],
)
async def test_a_text_gets_its_label(
    memory: httpx.AsyncClient, member: Person, text: str, model: str, label: str
) -> None:
    found = await predicted(memory, member, text=text, model=model)

    (card,) = [each for each in (await memory.get(MODELS)).json() if each["name"] == model]
    assert (found["prediction"], found["model"]) == (label, model)
    assert list(found["scores"]) == card["labels"]


async def test_the_default_is_sentiment_at_temperature_1(memory: httpx.AsyncClient, member: Person) -> None:
    by_default, said = [
        await predicted(memory, member, text=GLAD, **more) for more in ({}, {"model": "sentiment", "temperature": 1.0})
    ]

    assert by_default["scores"] == said["scores"]


async def test_the_same_is_answered_to_the_same(memory: httpx.AsyncClient, member: Person) -> None:
    body = {"text": GLAD, "temperature": 0.7}

    found = await asyncio.gather(*[predicted(memory, member, **body) for _ in range(10)])

    assert len({str(each["scores"]) for each in found}) == 1


async def test_temperature_makes_it_surer_or_less_sure(memory: httpx.AsyncClient, member: Person) -> None:
    found = [await predicted(memory, member, text=GLAD, temperature=t) for t in (0, 0.5, 1, 2)]

    confidences = [each["confidence"] for each in found]
    assert confidences == sorted(confidences, reverse=True)
    assert len(set(confidences)) == 4
    assert found[0]["scores"] == {"positive": 1.0, "neutral": 0.0, "negative": 0.0}
    assert {each["prediction"] for each in found} == {"positive"}


async def test_any_text_of_10_000_characters_is_taken(memory: httpx.AsyncClient, member: Person) -> None:
    for text in ("😀" * 10_000, "a" * 10_000, "not good, but " * 700, "!?" * 5000, "\u0301" * 10_000, "🏳️‍🌈" * 1600):
        await predicted(memory, member, text=text)
        await predicted(memory, member, text=text, model="language")


@pytest.mark.parametrize(("body", "where"), BAD)
@pytest.mark.parametrize("path", [PREDICTIONS, QUEUE])
async def test_what_has_not_the_shape_is_refused(
    memory: httpx.AsyncClient, member: Person, path: str, body: dict[str, Any], where: list[Any]
) -> None:
    found = locations(await memory.post(path, json=body, headers=member.headers))

    assert found == ([["body"]] if path == QUEUE and not body else [where])


@pytest.mark.parametrize(("body", "where"), BAD_BATCHES)
async def test_a_batch_that_has_not_the_shape_is_refused(
    memory: httpx.AsyncClient, member: Person, body: dict[str, Any], where: list[Any]
) -> None:
    assert locations(await memory.post(QUEUE, json=body, headers=member.headers)) == [where]


@pytest.mark.parametrize("path", [PREDICTIONS, QUEUE])
async def test_who_may_predict(memory: httpx.AsyncClient, member: Person, path: str) -> None:
    narrow = await limited(memory, member, "items:read")

    problem(await memory.post(path, json={"text": GLAD}), 401, "unauthenticated")
    problem(await memory.post(path, json={"text": GLAD}, headers=narrow), 403, "insufficient_scope")


async def test_a_text_is_predicted_in_the_background(client: httpx.AsyncClient, somebody: Person) -> None:
    response = await client.post(QUEUE, json={"text": GLAD, "temperature": 0.5}, headers=somebody.headers)
    id = response.json()["task_id"]
    task = await until(client, somebody, id, "succeeded")

    assert (response.status_code, response.json()) == (202, {"task_id": id, "status": "queued"})
    assert response.headers["location"] == f"{TASKS}/{id}"
    at_once = await predicted(client, somebody, text=GLAD, temperature=0.5)
    assert task["result"].keys() == PREDICTION
    assert task["result"]["scores"] == at_once["scores"]
    assert (task["kind"], task["progress"], task["error"]) == ("prediction", 1, None)
    assert task["created_at"] <= task["started_at"] <= task["finished_at"]


async def test_a_batch_answers_in_the_order_of_its_texts(client: httpx.AsyncClient, somebody: Person) -> None:
    texts = [GLAD, "Dreadful, awful and bad.", "A table."] * 33 + ["Superb!"]

    task = await done(client, somebody, texts=texts)

    found = [each["prediction"] for each in task["result"]["predictions"]]
    assert found == ["positive", "negative", "neutral"] * 33 + ["positive"]
    assert task["result"].keys() == {"predictions"}


async def test_a_repeated_request_queues_one_task(client: httpx.AsyncClient, somebody: Person) -> None:
    headers = {**somebody.headers, "Idempotency-Key": "one"}

    first, again = [await client.post(QUEUE, json={"texts": [GLAD]}, headers=headers) for _ in range(2)]
    other = await client.post(QUEUE, json={"texts": ["x"]}, headers=headers)

    assert first.json() == again.json()
    assert again.headers["idempotency-replayed"] == "true"
    assert again.headers["location"] == first.headers["location"]
    problem(other, 422, "idempotency_key_reused")
    assert (await client.get(TASKS, headers=somebody.headers)).json()["total"] == 1
