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


class Document(dict[str, Any]):
    """The plain values; whoever keeps one does not change it. `entity` is what was made of it, an immutable value."""

    __slots__ = ("entity",)
    entity: Any


@dataclass(frozen=True)
class Collection(Generic[E]):
    """`unique` fields hold a value once; many may be without one. `derive` answers further fields to keep.

    `remembered` says that an id and a version are one value for ever, which may be read once and handed out again: its
    ids are never given twice, and nothing in the entity can be changed. `awaits` is a field that most have: those that
    still lack it are looked for often, and that must not cost more the more others there are.
    """

    name: str
    entity: type[E]
    unique: tuple[str, ...] = ()
    derive: Callable[[E], dict[str, Any]] | None = None
    remembered: bool = False
    awaits: str | None = None

    def __hash__(self) -> int:
        return hash(self.name)

    @cached_property
    def _codec(self) -> TypeAdapter[E]:
        return TypeAdapter(self.entity)

    def dump(self, entity: E) -> Document:
        document = Document(self._codec.dump_python(entity))
        if self.derive:
            document.update(self.derive(entity))
        return document

    def whole(self, document: Document, entity: E) -> Document:
        """The document with all that is derived of its entity: a store may read less than it keeps."""
        return document if self.derive is None else Document(document, **self.derive(entity))

    def load(self, document: Document) -> E:
        """The entity; its invariants are looked at again when a document is first loaded."""
        if not self.remembered:
            return self._codec.validate_python(document)
        try:
            entity: E = document.entity
        except AttributeError:
            entity = document.entity = self._codec.validate_python(document)
        return entity
