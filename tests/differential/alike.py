"""Whether two answers are the same, in their types too, and where they begin to differ."""

from dataclasses import fields, is_dataclass
from datetime import datetime
from typing import Any


def difference(one: Any, other: Any, at: str = "answer") -> str | None:
    """The first place that differs, with both values."""
    if _kind(one) != _kind(other):
        return f"{at}: {one!r} ({_kind(one)}) is not {other!r} ({_kind(other)})"
    pairs = None
    if is_dataclass(one):
        pairs = [(f".{field.name}", getattr(one, field.name), getattr(other, field.name)) for field in fields(one)]
    elif isinstance(one, dict) and one.keys() == other.keys():
        pairs = [(f"[{key!r}]", value, other[key]) for key, value in one.items()]
    elif isinstance(one, list | tuple) and len(one) == len(other):
        pairs = [(f"[{number}]", *both) for number, both in enumerate(zip(one, other, strict=True))]
    if pairs is None:
        return None if one == other else f"{at}: {one!r} is not {other!r}"
    return next((found for step, *both in pairs if (found := difference(*both, at + step))), None)


def _kind(value: Any) -> Any:
    """Text and numbers may be of a kind of one's own, as a driver's long integers are; True is not 1."""
    if isinstance(value, datetime):
        return "instant", value.utcoffset()
    if isinstance(value, int) and not isinstance(value, bool):
        return "int"
    return type(value).__name__
