"""Predictions: which of a model's labels a text has, and how sure the model is."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum

from domain.errors import Unavailable

PLACES = 6
"""Shares are rounded to so many digits; what is left over goes to the best one, so that they sum to 1."""


class ModelName(StrEnum):
    SENTIMENT = "sentiment"
    LANGUAGE = "language"


DEFAULT = ModelName.SENTIMENT


@dataclass(frozen=True, slots=True, kw_only=True)
class Model:
    name: ModelName
    description: str
    labels: Sequence[str]
    version: str

    @property
    def is_default(self) -> bool:
        return self.name is DEFAULT


@dataclass(frozen=True, slots=True, kw_only=True)
class Prediction:
    """`scores` maps each label to its share; the same text, model and temperature have the same ones."""

    prediction: str
    confidence: float
    scores: Mapping[str, float]
    model: ModelName
    processing_time_ms: float

    @classmethod
    def of(cls, model: ModelName, shares: Mapping[str, float], temperature: float, milliseconds: float) -> "Prediction":
        """Raises `Unavailable` where the model answered what cannot be shares."""
        scores = softened(shares, temperature)
        best = max(scores, key=scores.__getitem__)
        return cls(
            prediction=best,
            confidence=scores[best],
            scores=scores,
            model=model,
            processing_time_ms=round(milliseconds, 3),
        )


def softened(shares: Mapping[str, float], temperature: float) -> dict[str, float]:
    """The shares at another temperature of the softmax: 1 leaves them, below it the best gains, at 0 it has all.

    Of labels that are equally good the first one is the best. Raises `Unavailable` where there is no share above 0.
    """
    best = max(shares, key=shares.__getitem__, default=None)
    if best is None or not 0 < shares[best] < float("inf"):
        raise Unavailable("The model gave no answer that can be used.")
    if temperature == 0:
        return {label: float(label == best) for label in shares}
    weights = {label: (max(share, 0.0) / shares[best]) ** (1 / temperature) for label, share in shares.items()}
    total = sum(weights.values())
    rounded = {label: round(weight / total, PLACES) for label, weight in weights.items()}
    rounded[best] = round(1 - sum(share for label, share in rounded.items() if label != best), PLACES)
    return rounded
