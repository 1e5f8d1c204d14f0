"""What one socket may do, and for how long it may be silent."""

from dataclasses import dataclass
from enum import IntEnum

LARGEST_FRAME = 64 * 1024


class Close(IntEnum):
    """Close codes: RFC 6455, the registry of IANA, and those of our own from 4000."""

    TOO_SILENT = 1011
    RESTART = 1012
    TOO_SLOW = 1013
    UNAUTHENTICATED = 4401
    FORBIDDEN = 4403
    NOT_FOUND = 4404
    FLOOD = 4429


@dataclass(frozen=True, slots=True)
class Limits:
    """More than `flood_frames` in `flood_s` seconds are a flood; so many frames and bytes may wait to be sent."""

    flood_frames: int = 200
    flood_s: float = 10
    queue: int = 1000
    queue_bytes: int = 1024 * 1024
    ping_s: float = 20
    silent_s: float = 40
