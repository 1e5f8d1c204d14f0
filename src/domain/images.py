"""Pictures of things on offer, as values of the things; where contents are read."""

from dataclasses import dataclass
from datetime import datetime

from domain.errors import Rejected

MAX_IMAGES = 10


def content_path(file_id: str) -> str:
    """Where the content of a file is read, below the server's root."""
    return f"/api/v1/files/{file_id}/content"


class TooManyImages(Rejected):
    code = "too_many_images"
    detail = f"An item has at most {MAX_IMAGES} images."


@dataclass(frozen=True, slots=True, kw_only=True)
class Image:
    """`id` is its file's; sizes are in pixels and bytes."""

    id: str
    content_type: str
    width: int
    height: int
    size: int
    created_at: datetime

    @property
    def url(self) -> str:
        return content_path(self.id)
