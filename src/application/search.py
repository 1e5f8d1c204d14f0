"""Search over all that can be found: items, posts, and people for those who are signed in."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any

from application.people import Signed, people
from application.ports.unit_of_work import UnitOfWork, Units
from application.use_case import use_case
from domain.access import Actor
from domain.paging import Listing, Window, mapped
from domain.search import Entry, Kind, SearchFilter

_OWN = {Kind.ITEM: "items:read", Kind.POST: "posts:read"}
"""The scope by which one finds one's own private things."""


@dataclass(frozen=True, slots=True)
class Hit:
    """What was found: an item, a post or a person, and whose it is."""

    kind: Kind
    found: Signed[Any]


@use_case
class Find:
    """What is public and what is the actor's own."""

    units: Units

    async def __call__(
        self, actor: Actor | None, words: tuple[str, ...], kinds: tuple[Kind, ...], window: Window
    ) -> Listing[Hit]:
        if actor is None:
            kinds = tuple(kind for kind in kinds if kind is not Kind.USER)
        own = tuple(kind for kind, scope in _OWN.items() if actor is not None and scope in actor.scopes)
        wanted = SearchFilter(words=words, kinds=kinds, own=own)
        async with self.units.open() as unit:
            entries = await unit.search.seen_by(actor.id if actor else None, wanted, window)
            hits = await _hits(unit, entries.items, actor)
        there = replace(entries, items=[entry for entry in entries.items if entry.id in hits])
        return mapped(there, lambda entry: hits[entry.id])


async def _hits(unit: UnitOfWork, entries: Sequence[Entry], actor: Actor | None) -> dict[str, Hit]:
    """What was withdrawn since its entry was read is left out."""
    ids = {kind: [entry.id for entry in entries if entry.kind is kind] for kind in Kind}
    persons = await people(unit, (entry.owner_id for entry in entries))
    things: dict[str, Any] = {person.id: person for person in persons.values() if person.is_active}
    for kind, repository in ((Kind.ITEM, unit.items), (Kind.POST, unit.posts)):
        if ids[kind]:
            things |= {one.id: one for one in await repository.among(ids[kind]) if one.readable_by(actor)}
    found = [entry for entry in entries if entry.id in things]
    return {entry.id: Hit(entry.kind, Signed(things[entry.id], persons[entry.owner_id])) for entry in found}
