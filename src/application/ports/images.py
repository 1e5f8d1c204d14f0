"""What the bytes of a file are, and pictures made of pictures."""

from abc import abstractmethod
from collections.abc import Collection
from dataclasses import dataclass
from typing import Protocol

from application.ports.blobs import Draft


@dataclass(frozen=True, slots=True)
class Look:
    """`width` and `height` are an image's, in pixels."""

    content_type: str
    width: int | None = None
    height: int | None = None


class Images(Protocol):
    """All of it happens off the event loop, one after the other: a decoded image is many times its file's size."""

    @abstractmethod
    async def look(self, draft: Draft, allowed: Collection[str]) -> Look:
        """What it is, by its bytes; an image was decoded to its end. Raises `UnsupportedType`, `BrokenImage`."""

    @abstractmethod
    async def stripped(self, draft: Draft, look: Look) -> tuple[Draft, Look] | None:
        """An image without what cameras and programs wrote into it, turned as they meant it; None where nothing was."""

    @abstractmethod
    async def scaled(self, draft: Draft, look: Look, width: int) -> Draft:
        """It at that width, never larger than it is, of its own type; the first frame where there are several."""
