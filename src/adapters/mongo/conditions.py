"""The conditions of a query as filters.

Text is compared by its bytes, which is by code point, and there are no regular expressions. A comparison with a value
never finds null; `$and` keeps filters of one field apart, where a mapping would keep the last of them.
"""

from typing import Any, assert_never

from adapters.persistence.query import (
    AllOf,
    Among,
    AnyOf,
    Compare,
    Comparison,
    Condition,
    Equal,
    HasAll,
    Key,
    Matches,
    prefix_range,
)

Filter = dict[str, Any]

_COMPARE: dict[Comparison, str] = {"<": "$lt", "<=": "$lte", ">": "$gt", ">=": "$gte"}
_NOTHING: Filter = {"_id": {"$in": []}}


def name(field: str) -> str:
    """What the field is called in a stored document."""
    return "_id" if field == "id" else field


def fulfilling(where: tuple[Condition, ...]) -> Filter:
    """The filter that finds what fulfils all of the conditions."""
    filters = [found for found in map(_filter, where) if found]
    if len(filters) < 2:
        return filters[0] if filters else {}
    return {"$and": filters}


def ordering(order: tuple[Key, ...]) -> list[tuple[str, int]]:
    """Ends with the ascending id."""
    keys = [(name(key.field), -1 if key.descending else 1) for key in order]
    return keys if any(field == "_id" for field, _ in keys) else [*keys, ("_id", 1)]


def _filter(condition: Condition) -> Filter:
    """An empty one is fulfilled by everything."""
    match condition:
        case Equal(field, value):
            return {name(field): {"$eq": value}}
        case Among(field, values):
            return {name(field): {"$in": list(values)}}
        case Compare(field, how, value):
            return {name(field): {_COMPARE[how]: value}}
        case HasAll(field, values):
            return {name(field): {"$all": list(values)}} if values else {}
        case Matches(field, words, absent):
            return {"$nor": [_matching(field, words)]} if absent else _matching(field, words)
        case AnyOf(conditions):
            return _any([_filter(one) for one in conditions])
        case AllOf(conditions):
            return fulfilling(conditions)
    assert_never(condition)


def _any(filters: list[Filter]) -> Filter:
    if not filters:
        return _NOTHING
    return {"$or": filters} if all(filters) else {}


def _matching(field: str, words: tuple[str, ...]) -> Filter:
    """Both ends of the range in one `$elemMatch`: apart, two different words could fulfil one each."""
    *whole, last = words
    low, high = prefix_range(last)
    beginning: Filter = {"$gte": low} if high is None else {"$gte": low, "$lt": high}
    begun: Filter = {name(field): {"$elemMatch": beginning}}
    return {"$and": [{name(field): {"$all": whole}}, begun]} if whole else begun
