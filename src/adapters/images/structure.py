"""Where the parts of a picture's file begin and end: enough to see that it is whole, and to leave parts out.

Formats: JPEG (ITU T.81, annex B), PNG (ISO 15948, 5), WebP (RFC 9649). Pixels are not touched. `Broken` is raised for
what ends too early or makes no sense; other faults are found by decoding.
"""

import struct
from collections.abc import Iterator
from dataclasses import dataclass
from mmap import mmap

_TOLD_BY_PNG = (b"eXIf", b"tEXt", b"zTXt", b"iTXt", b"tIME")
_TOLD_BY_WEBP = (b"EXIF", b"XMP ")
_KEPT_BY_JPEG = (0xE0, 0xEE)
"""JFIF, and Adobe's, which says how colours are meant."""

_WEBP_TELLS = 0x08 | 0x04


class Broken(ValueError):
    """It ends where it should not, or is none."""


@dataclass(frozen=True, slots=True)
class Part:
    """From `start` up to `end`; `told` where it is not part of the picture but says something about it."""

    start: int
    end: int
    told: bool = False


def parts_of(data: mmap, content_type: str) -> list[Part]:
    """All of the file, in order. What follows the picture's own end is told too. Raises `Broken`."""
    walk = {"image/jpeg": _jpeg, "image/png": _png, "image/webp": _webp}.get(content_type)
    if walk is None:
        return [Part(0, len(data))]
    try:
        parts = list(walk(data))
    except (IndexError, struct.error) as error:
        raise Broken from error
    if parts[-1].end > len(data):
        raise Broken
    if parts[-1].end < len(data):
        parts.append(Part(parts[-1].end, len(data), told=True))
    return parts


def without_told(data: mmap, parts: list[Part], content_type: str) -> Iterator[bytes]:
    """What is left of it; a WebP's head says what is in it."""
    kept = [part for part in parts if not part.told]
    if content_type == "image/webp":
        size = sum(part.end - part.start for part in kept) - 8
        head = bytearray(data[: kept[0].end])
        head[4:8] = struct.pack("<I", size)
        yield bytes(head)
        for part in kept[1:]:
            chunk = bytearray(data[part.start : part.end])
            if chunk[:4] == b"VP8X":
                chunk[8] &= ~_WEBP_TELLS
            yield bytes(chunk)
        return
    for part in kept:
        yield data[part.start : part.end]


def webp_canvas(data: mmap) -> tuple[int, int] | None:
    """Width and height of one that says so in its head: its decoder makes room for them before it has looked."""
    if data[12:16] != b"VP8X" or len(data) < 30:
        return None
    return 1 + int.from_bytes(data[24:27], "little"), 1 + int.from_bytes(data[27:30], "little")


def _png(data: mmap) -> Iterator[Part]:
    yield Part(0, 8)
    at = 8
    while True:
        length, name = struct.unpack(">I4s", data[at : at + 8])
        end = at + 12 + length
        if end > len(data):
            raise Broken
        yield Part(at, end, name in _TOLD_BY_PNG)
        if name == b"IEND":
            return
        at = end


def _webp(data: mmap) -> Iterator[Part]:
    (size,) = struct.unpack("<I", data[4:8])
    whole = 8 + size
    if whole > len(data):
        raise Broken
    yield Part(0, 12)
    at = 12
    while at + 8 <= whole:
        name, length = struct.unpack("<4sI", data[at : at + 8])
        end = at + 8 + length + length % 2
        if end > whole + 1:
            raise Broken
        yield Part(at, min(end, len(data)), name in _TOLD_BY_WEBP)
        at = end


def _jpeg(data: mmap) -> Iterator[Part]:
    yield Part(0, 2)
    at = 2
    while True:
        if data[at] != 0xFF:
            raise Broken
        marker = data[at + 1]
        if marker == 0xFF:  # fill
            yield Part(at, at + 1)
            at += 1
        elif marker == 0xD9:
            yield Part(at, at + 2)
            return
        elif marker == 0x01 or 0xD0 <= marker <= 0xD7:
            yield Part(at, at + 2)
            at += 2
        else:
            (length,) = struct.unpack(">H", data[at + 2 : at + 4])
            end = at + 2 + length
            yield Part(at, end, _told_by_jpeg(data, at, marker))
            at = end
            if marker == 0xDA:
                at = _end_of_scan(data, end)
                yield Part(end, at)


def _told_by_jpeg(data: mmap, at: int, marker: int) -> bool:
    """Comments and what applications wrote, but for what colours need."""
    if marker == 0xE2:
        return data[at + 4 : at + 15] != b"ICC_PROFILE"
    return marker == 0xFE or (0xE0 <= marker <= 0xEF and marker not in _KEPT_BY_JPEG)


def _end_of_scan(data: mmap, at: int) -> int:
    """Where the next marker is that is none of the scan's own."""
    while True:
        at = data.find(b"\xff", at)
        if at < 0 or at + 1 >= len(data):
            raise Broken
        following = data[at + 1]
        if following == 0xFF:
            at += 1
        elif following == 0 or 0xD0 <= following <= 0xD7:
            at += 2
        else:
            return at
