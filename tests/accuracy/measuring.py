from collections.abc import Iterable
from pathlib import Path

from adapters.prediction.embedded import Classifier

DATA = Path(__file__).parents[1] / "data"
POLAR = 0.5
"""A mean rating (of -4 to 4) is of one side from here on."""

Labelled = list[tuple[str, str]]


def sentences(name: str) -> Labelled:
    """Label and text, as `tests/data` has them: written for this, before the models were asked."""
    return [(row[0], row[1]) for row in _rows(DATA / f"{name}.tsv")]


def rated(path: Path) -> Labelled:
    """A `..._GroundTruth.txt` of Hutto and Gilbert (2014): id, mean rating, text."""
    found = [(float(row[1]), row[2]) for row in _rows(path) if len(row) == 3 and row[2].strip()]
    return [("positive" if r >= POLAR else "negative" if r <= -POLAR else "neutral", text) for r, text in found]


def accuracy(model: Classifier, labelled: Labelled) -> float:
    return share(_best(model, text) == label for label, text in labelled)


def share(found: Iterable[bool]) -> float:
    each = list(found)
    return sum(each) / len(each)


def _best(model: Classifier, text: str) -> str:
    shares = model.shares(text)
    return max(shares, key=shares.__getitem__)


def _rows(path: Path) -> list[list[str]]:
    return [line.split("\t") for line in path.read_text("utf-8", errors="replace").splitlines()]
