"""Pictures, by Pillow: looked at, cleaned and made smaller, one after the other in a thread of their own.

One thread, since a decoded picture is large, and each thread that decodes keeps room for its largest one.
"""

import asyncio
import mmap
from collections.abc import Callable, Collection
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from typing import Any, BinaryIO, TypeVar

from PIL import Image, ImageOps

from adapters.images.kinds import kind_of
from adapters.images.structure import parts_of, webp_canvas, without_told
from application.ports.blobs import Draft, Drafts
from application.ports.images import Images, Look
from domain.errors import Unavailable
from domain.files import IMAGES, BrokenImage, UnsupportedType

R = TypeVar("R")

MOVING = 10
"""An animation may have so many times the pixels of one picture, over all of its frames."""

_FORMATS = {"image/png": "PNG", "image/jpeg": "JPEG", "image/gif": "GIF", "image/webp": "WEBP"}
_ORIENTATION = 0x0112
_UPRIGHT, _TURNED, _LYING = 1, range(2, 9), range(5, 9)
_SAVED: dict[str, dict[str, Any]] = {"JPEG": {"quality": 90}, "WEBP": {"quality": 90}}


class PillowImages(Images):
    def __init__(self, drafts: Drafts, max_pixels: int) -> None:
        self._drafts, self._max_pixels = drafts, max_pixels
        self._thread = ThreadPoolExecutor(1, "images")

    def close(self) -> None:
        """Ends the thread; whoever waits for it is not answered."""
        self._thread.shutdown(wait=False, cancel_futures=True)

    async def look(self, draft: Draft, allowed: Collection[str]) -> Look:
        kind = await asyncio.to_thread(kind_of, draft.file)
        if kind is None or kind not in allowed:
            raise UnsupportedType()
        if kind not in IMAGES:
            return Look(kind)
        return Look(kind, *await self._decoding(lambda: self._measured(draft.file, kind)))

    async def stripped(self, draft: Draft, look: Look) -> tuple[Draft, Look] | None:
        clean = self._drafts.new()
        try:
            changed = await self._decoding(lambda: _strip(draft.file, clean.file, look))
            if changed is None:
                clean.close()
                return None
            await clean.settle()
        except BaseException:
            clean.close()
            raise
        return clean, changed

    async def scaled(self, draft: Draft, look: Look, width: int) -> Draft:
        small = self._drafts.new()
        try:
            await self._decoding(lambda: _scale(draft.file, small.file, look, width))
            await small.settle()
        except BaseException:
            small.close()
            raise
        return small

    async def _decoding(self, work: Callable[[], R]) -> R:
        """Pillow answers what is broken with almost any exception. Raises `BrokenImage`, `Unavailable`."""
        try:
            return await asyncio.get_running_loop().run_in_executor(self._thread, work)
        except BrokenImage:
            raise
        except MemoryError as error:
            raise Unavailable() from error
        except Exception as error:
            raise BrokenImage() from error

    def _measured(self, file: BinaryIO, kind: str) -> tuple[int, int]:
        """Width and height, as it is to be held, of an image that can be decoded to its end. Raises `BrokenImage`."""
        with _mapped(file) as data:
            parts_of(data, kind)
            self._require_few(*(webp_canvas(data) or (1, 1)) if kind == "image/webp" else (1, 1))
        with _opened(file, kind) as image:
            width, height = image.size
            self._require_few(width, height)
            frames = getattr(image, "n_frames", 1)
            if frames > 1:
                self._require_few(width, height * frames, times=MOVING)
            for number in range(frames):
                image.seek(number)
                image.load()
            lies = _orientation(image) in _LYING
        if kind == "image/png":
            with _opened(file, kind) as image:
                image.verify()
        return (height, width) if lies else (width, height)

    def _require_few(self, width: int, height: int, times: int = 1) -> None:
        if width * height > self._max_pixels * times:
            raise BrokenImage()


def _mapped(file: BinaryIO) -> mmap.mmap:
    return mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ)


def _opened(file: BinaryIO, kind: str) -> Image.Image:
    """Only as what its first bytes say. How many pixels are too many, is decided here and not by Pillow."""
    Image.MAX_IMAGE_PIXELS = None
    file.seek(0)
    return Image.open(file, formats=(_FORMATS[kind],))


def _strip(file: BinaryIO, clean: BinaryIO, look: Look) -> Look | None:
    """Turned first where it says how it is to be held; otherwise not a pixel changes."""
    with _opened(file, look.content_type) as image:
        if _is_turned(image):
            turned = ImageOps.exif_transpose(image)
            _save(turned, clean, _FORMATS[look.content_type], quality=95)
            return Look(look.content_type, *turned.size)
    with _mapped(file) as data:
        parts = parts_of(data, look.content_type)
        if not any(part.told for part in parts):
            return None
        clean.writelines(without_told(data, parts, look.content_type))
    return look


def _orientation(image: Image.Image) -> int:
    """Exif's: 1 where it is held as it is stored."""
    try:
        return int(image.getexif().get(_ORIENTATION, _UPRIGHT))
    except Exception:  # noqa: BLE001 - what a camera wrote may be broken where the picture is not
        return _UPRIGHT


def _is_turned(image: Image.Image) -> bool:
    return _orientation(image) in _TURNED


def _scale(file: BinaryIO, small: BinaryIO, look: Look, width: int) -> None:
    with _opened(file, look.content_type) as image:
        first = ImageOps.exif_transpose(image) if _is_turned(image) else image
        width = min(width, first.width)
        height = max(1, round(first.height * width / first.width))
        if first.mode in ("P", "1", "PA", "La", "RGBa"):
            first = first.convert("RGBA" if first.has_transparency_data else "RGB")
        deep = first.mode.startswith("I;16")
        resized = (first.convert("I") if deep else first).resize((width, height), Image.Resampling.LANCZOS)
        _save(resized.convert("I;16") if deep else resized, small, _FORMATS[look.content_type])


def _save(image: Image.Image, file: BinaryIO, format: str, **how: Any) -> None:
    """Without what was said about it, but for the meaning of its colours."""
    options = {**_SAVED.get(format, {}), **(how if format in _SAVED else {})}
    with suppress(AttributeError):
        image.info.pop("exif", None)
    profile = image.info.get("icc_profile")
    image.save(file, format, **options, **({"icc_profile": profile} if profile else {}))
