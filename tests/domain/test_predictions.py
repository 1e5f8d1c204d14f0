import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain.errors import Unavailable
from domain.predictions import ModelName, Prediction, softened

shares = st.lists(st.floats(0, 1), min_size=1, max_size=50).filter(lambda found: max(found) > 0)
temperatures = st.floats(0, 2) | st.just(0.0) | st.just(1.0)


def labelled(values: list[float]) -> dict[str, float]:
    return {f"label {number}": value for number, value in enumerate(values)}


@given(shares, temperatures)
def test_scores_sum_to_one_and_the_best_label_is_the_prediction(values: list[float], temperature: float) -> None:
    found = Prediction.of(ModelName.LANGUAGE, labelled(values), temperature, 1.0)

    assert math.isclose(sum(found.scores.values()), 1, abs_tol=1e-9)
    assert all(0 <= share <= 1 for share in found.scores.values())
    assert found.confidence == found.scores[found.prediction] == max(found.scores.values())
    assert list(found.scores) == list(labelled(values))


@given(shares)
def test_at_temperature_0_the_best_label_has_all(values: list[float]) -> None:
    scores = softened(labelled(values), 0)

    assert sorted(scores.values()) == [*[0.0] * (len(values) - 1), 1.0]
    assert scores[f"label {values.index(max(values))}"] == 1.0


def test_temperature_is_that_of_a_softmax() -> None:
    weights = {"a": 2.0, "b": 0.5, "c": -1.0}

    def softmax(temperature: float) -> dict[str, float]:
        powers = {label: math.exp(weight / temperature) for label, weight in weights.items()}
        return {label: power / sum(powers.values()) for label, power in powers.items()}

    for temperature in (0.25, 1.0, 2.0):
        assert softened(softmax(1), temperature) == pytest.approx(softmax(temperature), abs=2e-6)


@pytest.mark.parametrize("bad", [{}, {"a": 0.0}, {"a": -1.0}, {"a": float("inf")}])
def test_what_cannot_be_shares_is_no_answer(bad: dict[str, float]) -> None:
    with pytest.raises(Unavailable):
        softened(bad, 1)
