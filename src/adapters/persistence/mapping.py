"""One mapping per aggregate, for every store: an entity is a document of plain values, and back.

A document holds text, integers, booleans, instants, None, and lists or mappings of those. What a store needs beside
the entity's own fields, to find it or to keep it unique, is derived here, so that stores have nothing to differ in.
"""

from collections.abc import Callable
from dataclasses import dataclass
from functools import cached_property
from typing import Any, Generic, TypeVar

from pydantic import TypeAdapter

E = TypeVar("E")
Document = dict[str, Any]


@dataclass(frozen=True)
class Collection(Generic[E]):
    """`unique` fields hold a value once; many may be without one. `derive` answers further fields to keep."""

    name: str
    entity: type[E]
    unique: tuple[str, ...] = ()
    derive: Callable[[E], Document] | None = None

    def __hash__(self) -> int:
        return hash(self.name)

    @cached_property
    def _codec(self) -> TypeAdapter[E]:
        return TypeAdapter(self.entity)

    def dump(self, entity: E) -> Document:
        document: Document = self._codec.dump_python(entity)
        return document | self.derive(entity) if self.derive else document

    def load(self, document: Document) -> E:
        """The entity; its invariants are looked at again."""
        return self._codec.validate_python(document)
