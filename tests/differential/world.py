"""What a run draws from: chance, a clock that both sides share, and what there may be to act on."""

import itertools
import random
from collections.abc import Sequence
from typing import Any, Protocol, TypeVar

from hypothesis import strategies as st

from domain.access import UserId
from tests.builders import NASTY, FixedClock

T = TypeVar("T")

_worlds = itertools.count()

KINDS = (
    "users",
    "items",
    "sessions",
    "api_keys",
    "wallets",
    "orders",
    "todos",
    "posts",
    "comments",
    "files",
    "webhooks",
    "deliveries",
    "tasks",
    "rooms",
    "members",
    "messages",
    "counts",
    "mailed_tokens",
    "notifications",
)
REMOVABLE = tuple(kind for kind in KINDS if kind != "wallets")
"""A wallet has its user's id, so that a second one would be given an id again; there is none."""

PIECES = (
    "ann", "Ann", "ANN", "ss", "SS", "s", "i", "I", "ı", "i\u0307", "k", "K", "e\u0301", "E\u0301", "\u0301", "É", "fi",
    "σ", "ς", "Σ", "%_.*([", "'; --", '"x"', "z\ud7ff", "\uffff", "100%", "a_b", "aXb", "", " ", *NASTY,
)  # fmt: skip
"""Names are made of these: alike but for case, width or composition, or special to some store."""

WORDS = (
    "red", "Red", "reddish", "REDDER", "straße", "STRASSE", "strass", "kettle", "\u212aettle", "ket", "ﬁne", "fine",
    "100", "1", "日本", "日", "é", "e\u0301t", "\u0130", "i", "a", "σας", "ΣΑΣ", *NASTY,
)  # fmt: skip


class Draw(Protocol):
    """Chance: plain and fast, or Hypothesis's, which shrinks."""

    def integer(self, low: int, high: int) -> int: ...


class Dice(Draw):
    def __init__(self, seed: int) -> None:
        self._random = random.Random(seed)

    def integer(self, low: int, high: int) -> int:
        return self._random.randint(low, high)


class Shrinking(Draw):
    def __init__(self, data: st.DataObject) -> None:
        self._data = data

    def integer(self, low: int, high: int) -> int:
        return self._data.draw(st.integers(low, high))


class World:
    """Ids that were given to something, which may be gone again: asking for it is a fair question too."""

    def __init__(self, draw: Draw, clock: FixedClock) -> None:
        self.draw, self.clock = draw, clock
        self.ids: dict[str, list[str]] = {kind: [] for kind in KINDS}
        self._world, self._numbers = next(_worlds) % 2**16, itertools.count(1)

    def chance(self, percent: int) -> bool:
        return self.draw.integer(0, 99) < percent

    def one(self, values: Sequence[T]) -> T:
        return values[self.draw.integer(0, len(values) - 1)]

    def some(self, values: Sequence[T], most: int) -> tuple[T, ...]:
        return tuple(self.one(values) for _ in range(self.draw.integer(0, most)))

    def maybe(self, value: T) -> T | None:
        return value if self.chance(50) else None

    def name(self) -> str:
        return "".join(self.some(PIECES, 2)) + self.one(PIECES)

    def phrase(self) -> str:
        return " ".join((*self.some(WORDS, 3), self.one(WORDS)))

    def new_id(self) -> str:
        """Never given twice, and in an order of its own: no store's order of insertion passes for the order of ids."""
        return f"{self.draw.integer(0, 2**32 - 1):08x}-{self._world:04x}-7000-8000-{next(self._numbers):012x}"

    def known(self, kind: str) -> str:
        """The id of one that there is, most of the time."""
        ids = self.ids[kind]
        return self.one(ids) if ids and not self.chance(3) else self.new_id()

    def user_id(self) -> UserId:
        return UserId(self.known("users"))

    def forget(self, kind: str, id: str) -> None:
        if id in self.ids[kind]:
            self.ids[kind].remove(id)

    def later(self) -> Any:
        """The time, which stands still more often than not: what is made then is made at once."""
        return self.clock.advance(milliseconds=max(0, self.draw.integer(-3, 3)))
