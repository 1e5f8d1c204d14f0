"""Sentiment by VADER (Hutto and Gilbert, 2014): words and emoji with weights, and rules for their neighbours."""

import math
import re
import time
from collections.abc import Iterator, Mapping

from vaderSentiment.vaderSentiment import SentimentIntensityAnalyzer

from adapters.prediction.cards import SENTIMENTS

NEUTRAL_WITHIN = 0.05
STEEPNESS = 2.0
"""How fast the shares go apart; see docs/predictions.md for how it was chosen."""
LONGEST_PIECE = 160
REST_S = 0.00005
"""After each piece, in which the event loop gets its turn: without it the slowest answers to others took far longer."""
_SENTENCE = re.compile(r"[^.!?\n]*[.!?\n]+|[^.!?\n]+")


class Sentiment:
    def __init__(self) -> None:
        self._analyzer = SentimentIntensityAnalyzer()

    def shares(self, text: str) -> Mapping[str, float]:
        """At a compound of +-0.05, where VADER calls a text neutral, neutral and the other one are equally likely."""
        compound = self._compound(text)
        weights = [math.exp(STEEPNESS * value) for value in (compound, NEUTRAL_WITHIN, -compound)]
        return dict(zip(SENTIMENTS, (weight / sum(weights) for weight in weights), strict=True))

    def _compound(self, text: str) -> float:
        """VADER is made for a sentence, and takes time by the square of its length: pieces, weighted by theirs.

        Between two pieces other threads get their turn, since Python runs one at a time: the event loop waits for a
        piece and not for a text.
        """
        total, length = 0.0, 0
        for piece in _pieces(text):
            compound = float(self._analyzer.polarity_scores(piece)["compound"])
            if compound:
                total, length = total + compound * len(piece), length + len(piece)
            time.sleep(REST_S)
        return total / length if length else 0.0


def _pieces(text: str) -> Iterator[str]:
    for sentence in _SENTENCE.findall(text):
        rest = sentence.strip()
        while len(rest) > LONGEST_PIECE:
            cut = rest.rfind(" ", 1, LONGEST_PIECE)
            cut = cut if cut > 0 else LONGEST_PIECE
            yield rest[:cut]
            rest = rest[cut:].lstrip()
        if rest:
            yield rest
