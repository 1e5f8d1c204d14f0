"""Questions as neutral values, which every store answers alike.

A store translates the conditions below and nothing else: what it does not know it refuses. Null never fulfils a
comparison; `Equal(field, None)` means that there is no value. Order ends with the ascending id, so that no tie is left.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Literal

from adapters.persistence.instants import from_milliseconds, to_milliseconds
from domain.paging import Position

Comparison = Literal["<", "<=", ">", ">="]


@dataclass(frozen=True, slots=True)
class Equal:
    field: str
    value: Any


@dataclass(frozen=True, slots=True)
class Among:
    """The field has one of the values; an empty list finds nothing."""

    field: str
    values: Sequence[str]


@dataclass(frozen=True, slots=True)
class Compare:
    field: str
    how: Comparison
    value: Any


@dataclass(frozen=True, slots=True)
class HasAll:
    """The list in the field contains all of the values."""

    field: str
    values: Sequence[str]


@dataclass(frozen=True, slots=True)
class Matches:
    """The field's words contain all but the last of `words`, and one that begins with the last; `absent` turns it."""

    field: str
    words: tuple[str, ...]
    absent: bool = False


@dataclass(frozen=True, slots=True)
class AnyOf:
    conditions: tuple["Condition", ...]


@dataclass(frozen=True, slots=True)
class AllOf:
    conditions: tuple["Condition", ...]


Condition = Equal | Among | Compare | HasAll | Matches | AnyOf | AllOf


@dataclass(frozen=True, slots=True)
class Key:
    """A field to sort by. It must not be null: a field that can be is led by a derived one that says so."""

    field: str
    descending: bool = False


@dataclass(frozen=True, slots=True)
class Query:
    """`limit` None means all of them."""

    where: tuple[Condition, ...] = ()
    order: tuple[Key, ...] = ()
    limit: int | None = None
    offset: int = 0


NEWEST = (Key("created_at", descending=True),)


def begins(field: str, prefix: str) -> AllOf:
    """The field begins with `prefix`, literally: a range, so that there is no wildcard to escape."""
    low, high = prefix_range(prefix)
    return AllOf((Compare(field, ">=", low), *((Compare(field, "<", high),) if high is not None else ())))


def prefix_range(prefix: str) -> tuple[str, str | None]:
    """The half-open range, by code points, of all text that begins with `prefix`."""
    for end in range(len(prefix), 0, -1):
        code = ord(prefix[end - 1])
        if code < 0x10FFFF:
            following = 0xE000 if code == 0xD7FF else code + 1
            return prefix, prefix[: end - 1] + chr(following)
    return prefix, None


def behind(order: tuple[Key, ...], position: Position) -> tuple[Condition, ...]:
    """What follows `position` in that order (keyset paging); its first bound lets an index begin there."""
    keys = (*order, Key("id"))
    values = [_value(key, value) for key, value in zip(keys, position, strict=True)]
    branches: list[Condition] = []
    for depth, (key, value) in enumerate(zip(keys, values, strict=True)):
        same = (Equal(k.field, v) for k, v in zip(keys[:depth], values[:depth], strict=True))
        branches.append(AllOf((*same, Compare(key.field, "<" if key.descending else ">", value))))
    first = Compare(keys[0].field, "<=" if keys[0].descending else ">=", values[0])
    return first, AnyOf(tuple(branches))


def apart(where: tuple[Condition, ...]) -> list[tuple[Condition, ...]]:
    """The same set in parts that do not overlap, where a flag is an alternative: each can be counted by an index."""
    for number, condition in enumerate(where):
        match condition:
            case AnyOf((Equal(field, bool() as flag), other)):
                rest = where[:number] + where[number + 1 :]
                return [(*rest, Equal(field, flag)), (*rest, Equal(field, not flag), other)]
    return [where]


def position_of(order: tuple[Key, ...], document: dict[str, Any]) -> Position:
    """Where a walk stands when `document` was the last one seen."""
    values = (document[key.field] for key in (*order, Key("id")))
    return tuple(to_milliseconds(value) if isinstance(value, datetime) else value for value in values)


def _value(key: Key, value: Any) -> Any:
    return from_milliseconds(value) if key.field.endswith("_at") else value
