"""What is asked: single answers, numbered pages, and walks to their end."""

from collections.abc import Mapping
from typing import Any

from application.ports.unit_of_work import Units
from domain.paging import PageRequest, Position, Walk

LONGEST = 500
"""So many parts no walk has here: one that does goes in a circle."""


async def asked(units: Units, of: str, question: str, *arguments: Any) -> Any:
    async with units.open() as unit:
        answer = await getattr(getattr(unit, of), question)(*arguments)
    if question in ("among", "at"):
        return sorted(answer, key=lambda entity: entity.id)
    return list(answer.items()) if isinstance(answer, dict) else answer


async def paged(
    units: Units, of: str, question: str, arguments: tuple[Any, ...], window: PageRequest, options: Mapping[str, Any]
) -> Any:
    async with units.open() as unit:
        return await getattr(getattr(unit, of), question)(*arguments, window, **options)


async def walked(
    units: Units, of: str, question: str, arguments: tuple[Any, ...], size: int, options: Mapping[str, Any]
) -> Any:
    """Every part of the walk, with the position that it ends at."""
    parts: list[Any] = []
    after: Position | None = None
    while len(parts) < LONGEST:
        async with units.open() as unit:
            part = await getattr(getattr(unit, of), question)(*arguments, Walk(size, after), **options)
        parts.append(part)
        after = part.next
        if after is None:
            break
    return parts
