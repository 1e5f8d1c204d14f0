from application.predictions import Predict, RunSentiment
from domain.errors import NotFound
from domain.predictions import ModelName
from tests.builders import a_task


class Glad:
    async def shares(self, model: ModelName, text: str) -> dict[str, float]:
        assert (model, text) == (ModelName.SENTIMENT, "Lovely!")
        return {"positive": 0.9, "neutral": 0.1}


async def nobody(progress: float) -> None:
    """Progress is not asked for."""


async def test_what_a_text_of_another_feature_is_like_is_told_to_that_feature() -> None:
    judged: list[tuple[str, str]] = []

    async def judge(id: str, label: str) -> None:
        judged.append((id, label))

    handler = RunSentiment(Predict(Glad()), judge)  # type: ignore[arg-type]
    result = await handler(a_task(payload={"id": "c1", "text": "Lovely!"}), nobody)  # type: ignore[arg-type]

    assert (judged, result) == ([("c1", "positive")], {"sentiment": "positive"})


async def test_what_has_gone_meanwhile_is_not_judged_and_nothing_has_failed() -> None:
    async def judge(id: str, label: str) -> None:
        raise NotFound

    handler = RunSentiment(Predict(Glad()), judge)  # type: ignore[arg-type]

    assert await handler(a_task(payload={"id": "c1", "text": "Lovely!"}), nobody) == {"sentiment": "positive"}  # type: ignore[arg-type]
