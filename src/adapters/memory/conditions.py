"""The conditions of a query, said in Python: what the other stores are held to."""

import operator
from collections.abc import Callable
from typing import Any, assert_never

from adapters.persistence.mapping import Document
from adapters.persistence.query import (
    AllOf,
    Among,
    AnyOf,
    Compare,
    Comparison,
    Condition,
    Equal,
    HasAll,
    Matches,
)

_COMPARE: dict[Comparison, Callable[[Any, Any], bool]] = {
    "<": operator.lt,
    "<=": operator.le,
    ">": operator.gt,
    ">=": operator.ge,
}


def fulfils(row: Document, condition: Condition) -> bool:
    match condition:
        case Equal(field, value):
            return bool(row[field] == value)
        case Among(field, values):
            return row[field] in values
        case Compare(field, how, value):
            return row[field] is not None and _COMPARE[how](row[field], value)
        case HasAll(field, values):
            return set(values) <= set(row[field])
        case Matches(field, words, absent):
            return _matches(row[field], words) is not absent
        case AnyOf(conditions):
            return any(fulfils(row, one) for one in conditions)
        case AllOf(conditions):
            return all(fulfils(row, one) for one in conditions)
    assert_never(condition)


def _matches(kept: list[str], words: tuple[str, ...]) -> bool:
    *whole, last = words
    return set(whole) <= set(kept) and any(word.startswith(last) for word in kept)
