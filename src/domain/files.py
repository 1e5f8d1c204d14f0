"""Files: what people put in, under a name that is a label and never a path."""

import unicodedata
from abc import abstractmethod
from collections.abc import Collection, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from enum import StrEnum
from typing import Any, NewType, Protocol, Self

from domain.access import Actor, UserId
from domain.catalogue import ItemId
from domain.errors import Invalid, NotFound, NotOwner, Refusal
from domain.images import Image, content_path
from domain.paging import Listing, Window
from domain.repository import Repository

FileId = NewType("FileId", str)

MAX_FILES = 10
"""In one request; so many times the bound of one file is the bound of all."""

LONGEST_NAME = 255
IMAGE_BYTES = 5 * 1024 * 1024
AVATAR_BYTES = 2 * 1024 * 1024

IMAGES = ("image/png", "image/jpeg", "image/gif", "image/webp")
PDF, TEXT = "application/pdf", "text/plain"
KNOWN = (*IMAGES, PDF, TEXT)
"""What can be told by its bytes."""

WIDTHS = range(1, 4097)


class UnsupportedType(Refusal):
    """Its bytes are of none of the types that are taken, whatever its name or label."""

    code = "unsupported_type"
    detail = "The file is of a type that is not taken here."


class FileTooLarge(Refusal):
    code = "file_too_large"
    detail = "The file is larger than is taken here."


class BrokenImage(Invalid):
    code = "broken_image"
    detail = "The image cannot be decoded to its end, or has too many pixels."


class EmptyFile(Invalid):
    code = "empty_file"
    detail = "The file is empty."


class TooManyFiles(Invalid):
    code = "too_many_files"
    detail = f"It takes one file at least, and {MAX_FILES} at most."


class NotAnImage(Invalid):
    code = "not_an_image"
    detail = "Only an image has a width."


class Purpose(StrEnum):
    FILE = "file"
    IMAGE = "image"
    AVATAR = "avatar"


def label(name: str) -> str:
    """What is kept of a client's name: the end of its path without control characters, never empty, `.` or `..`."""
    last = name.replace("\\", "/").rpartition("/")[2]
    shown = "".join(c for c in last if unicodedata.category(c) not in ("Cc", "Cs", "Zl", "Zp"))
    kept = unicodedata.normalize("NFC", shown).strip()[:LONGEST_NAME].strip()
    return "file" if kept in ("", ".", "..") else kept


@dataclass(frozen=True, slots=True, kw_only=True)
class File:
    """`blob` is the key of its bytes, which `size` (in bytes) and `sha256` (in hex) describe.

    Images of items belong to the item, avatars to their person; what else there is, is somebody's own file.
    """

    id: FileId
    version: int = 1
    owner_id: UserId
    purpose: Purpose = Purpose.FILE
    item_id: ItemId | None = None
    blob: str
    filename: str
    content_type: str
    size: int
    sha256: str
    width: int | None = None
    height: int | None = None
    is_public: bool = False
    created_at: datetime
    updated_at: datetime

    @property
    def content_url(self) -> str:
        return content_path(self.id)

    @property
    def is_image(self) -> bool:
        return self.content_type in IMAGES

    def revised(self, at: datetime, **changes: Any) -> Self:
        """With these fields changed; itself where that changes nothing."""
        changed = replace(self, **changes)
        return self if changed == self else replace(changed, updated_at=at)

    def readable_by(self, actor: Actor | None) -> bool:
        """Private ones are their owner's alone."""
        return self.is_public or (actor is not None and actor.id == self.owner_id)

    def require_own_file(self) -> None:
        """Raises `NotFound` for images and avatars, which are looked after where they are shown."""
        if self.purpose is not Purpose.FILE:
            raise NotFound()

    def require_change_by(self, actor: Actor) -> None:
        """Raises `NotFound` where the actor may not even read it, `NotOwner` where they may not change it."""
        self.require_own_file()
        if not self.readable_by(actor):
            raise NotFound()
        if actor.id != self.owner_id:
            raise NotOwner()

    def as_image(self) -> Image:
        """As an item shows it. Raises `NotAnImage`."""
        if self.width is None or self.height is None:
            raise NotAnImage()
        return Image(
            id=self.id,
            content_type=self.content_type,
            width=self.width,
            height=self.height,
            size=self.size,
            created_at=self.created_at,
        )


class Files(Repository[File], Protocol):
    @abstractmethod
    async def owned_by(self, owner_id: UserId, window: Window) -> Listing[File]:
        """Their own files, newest first."""

    @abstractmethod
    async def all_of(self, owner_id: UserId, purpose: Purpose = Purpose.FILE) -> Sequence[File]:
        """Theirs of that purpose, newest first."""

    @abstractmethod
    async def kept_among(self, blobs: Collection[str]) -> frozenset[str]:
        """Those of the keys that are some file's."""
