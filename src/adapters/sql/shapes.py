"""What of a question is its statement, and what are the values that the statement binds."""

from typing import Any, assert_never

from adapters.persistence.query import AllOf, Among, AnyOf, Compare, Condition, Equal, HasAll, Matches


def named(values: list[Any]) -> dict[str, Any]:
    """By the names that the statement gives them: `p0`, `p1`, ..."""
    return {f"p{number}": value for number, value in enumerate(values)}


def shape_of(where: tuple[Condition, ...]) -> Any:
    """All of the conditions but their values: the same shape is the same statement."""
    return tuple(_shape_of_one(condition) for condition in where)


def _shape_of_one(condition: Condition) -> Any:
    match condition:
        case AnyOf(conditions) | AllOf(conditions):
            return type(condition), shape_of(conditions)
        case Equal(field, (None | bool()) as value):
            return Equal, field, value
        case Equal(field, _):
            return Equal, field
        case Compare(field, how, _):
            return field, how
        case Matches(field, _, absent):
            return Matches, field, absent
        case HasAll(field, values):
            return HasAll, field, len(values) > 0
        case Among(field, _):
            return Among, field
    assert_never(condition)


def values_of(where: tuple[Condition, ...]) -> list[Any]:
    """The values of the conditions, in the order in which their statement binds them."""
    values: list[Any] = []
    for condition in where:
        match condition:
            case AnyOf(conditions) | AllOf(conditions):
                values += values_of(conditions)
            case Equal(_, None | bool()):
                pass
            case Equal(_, value):
                values.append(value)
            case Compare(_, _, value):
                values.append(value)
            case HasAll(_, several) if not several:
                pass
            case Among(_, several) | HasAll(_, several) | Matches(_, several, _):
                values.append(several)
    return values
