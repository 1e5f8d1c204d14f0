"""The rows that every target has: the same people and items, the same each time."""

import random
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

SMALL, LARGE = 1_000, 120_000
PEOPLE = 1_000
PASSWORD = "perfperf1"  # noqa: S105 - nobody's
STOCK = 1_000_000_000
BALANCE = 1_000_000_000_000
BEGAN = datetime(2026, 1, 1, tzinfo=UTC)
FOREVER = datetime(2100, 1, 1, tzinfo=UTC)

VOCABULARY = [f"w{number}" for number in range(1000, 6000)]
"""Of one length, so that no word is the beginning of another: Portico finds words by their beginning."""


def an_id(kind: int, number: int) -> str:
    """A UUIDv7 that ascends with `number`."""
    return f"019b0000-{kind:04x}-7000-8000-{number:012x}"


def user_id(number: int) -> str:
    return an_id(1, number)


def session_id(number: int) -> str:
    return an_id(2, number)


def email(number: int) -> str:
    return f"u{number}@example.com"


@dataclass(frozen=True, slots=True)
class ItemRow:
    id: str
    owner_id: str
    name: str
    description: str
    price: int
    created_at: datetime


def items(count: int) -> Iterator[ItemRow]:
    """Oldest first, one a second; three words of the vocabulary in a name, five in a description."""
    dice = random.Random(7)  # noqa: S311 - rows, not secrets
    for number in range(count):
        words = dice.choices(VOCABULARY, k=8)
        yield ItemRow(
            id=an_id(3, number),
            owner_id=user_id(number % PEOPLE),
            name=f"item {number} {' '.join(words[:3])}",
            description=" ".join(words[3:]),
            price=100 + number % 900,
            created_at=BEGAN + timedelta(seconds=number),
        )


def sample(count: int, most: int) -> Sequence[ItemRow]:
    """Some of the items, in no order."""
    found = list(items(count))
    return random.Random(11).sample(found, min(most, count))  # noqa: S311 - rows, not secrets
