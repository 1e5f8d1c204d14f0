"""Pictures: what is broken is refused whatever it is, and what is clean is left as it is."""

import asyncio
import io
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image

from adapters.blobs.drafts import FileDrafts
from adapters.images.pillow import PillowImages
from application.ports.blobs import Draft
from application.ports.images import Look
from domain.errors import Refusal
from domain.files import KNOWN, BrokenImage
from tests.http.pictures import CAMERA, moving, opened, picture, telling

FORMATS = ("PNG", "JPEG", "GIF", "WEBP")
DRAFTS = FileDrafts()


@asynccontextmanager
async def drafted(content: bytes) -> AsyncIterator[Draft]:
    draft = DRAFTS.new()
    try:
        await draft.write(content)
        await draft.settle()
        yield draft
    finally:
        draft.close()


@pytest.fixture
def images() -> Any:
    kept = PillowImages(DRAFTS, 1_000_000)
    yield kept
    kept.close()


def content_of(draft: Draft) -> bytes:
    draft.file.seek(0)
    return draft.file.read()


@pytest.mark.parametrize("content", [*(picture(each) for each in FORMATS), moving(), moving("WEBP"), moving("PNG")])
async def test_what_is_clean_is_left_as_it_is(images: PillowImages, content: bytes) -> None:
    async with drafted(content) as draft:
        assert await images.stripped(draft, await images.look(draft, KNOWN)) is None


@pytest.mark.parametrize(
    "content",
    [
        telling("JPEG"), telling("PNG"), telling("WEBP"), picture("JPEG", comment=CAMERA.encode()),
        picture("WEBP", lossless=True, xmp=CAMERA.encode()), picture("JPEG") + CAMERA.encode(),
        picture("PNG") + CAMERA.encode(), picture("WEBP") + CAMERA.encode(),
        picture("JPEG", exif=b"Exif\0\0" + CAMERA.encode(), progressive=True),
    ],
)  # fmt: skip
async def test_what_somebody_wrote_into_it_goes_and_the_pixels_stay(images: PillowImages, content: bytes) -> None:
    async with drafted(content) as draft:
        look = await images.look(draft, KNOWN)
        stripped = await images.stripped(draft, look)
        assert stripped is not None
        clean = content_of(stripped[0])
        stripped[0].close()

    assert CAMERA.encode() not in clean
    assert opened(clean).convert("RGB").tobytes() == opened(content).convert("RGB").tobytes()
    async with drafted(clean) as draft:
        assert await images.look(draft, KNOWN) == look
        assert await images.stripped(draft, look) is None


@pytest.mark.parametrize("mode", ["1", "L", "LA", "P", "RGB", "RGBA", "I;16", "CMYK"])
async def test_pictures_of_every_kind_become_smaller(images: PillowImages, mode: str) -> None:
    format = "JPEG" if mode == "CMYK" else "PNG"
    kept = io.BytesIO()
    Image.new(mode, (40, 40)).save(kept, format)
    async with drafted(kept.getvalue()) as draft:
        small = await images.scaled(draft, await images.look(draft, KNOWN), 10)
        assert opened(content_of(small)).size == (10, 10)
        small.close()


async def test_a_canvas_that_is_too_large_is_refused_before_room_is_made_for_it(images: PillowImages) -> None:
    content = bytearray(picture("WEBP", exif=b"Exif\0\0x"))
    content[24:30] = b"\xff\x3f\x00\xff\x3f\x00"

    async with drafted(bytes(content)) as draft:
        with pytest.raises(BrokenImage):
            await images.look(draft, KNOWN)


@given(st.sampled_from([*(telling(each) for each in ("JPEG", "PNG", "WEBP")), moving()]), st.data())
def test_whatever_is_broken_in_it_the_answer_is_a_refusal(content: bytes, data: st.DataObject) -> None:
    """Or a picture that can be cleaned and made smaller."""
    spoiled = bytearray(content[: data.draw(st.integers(1, len(content)))])
    for _ in range(data.draw(st.integers(0, 3))):
        spoiled[data.draw(st.integers(0, len(spoiled) - 1))] = data.draw(st.integers(0, 255))
    images = PillowImages(DRAFTS, 1_000_000)

    async def looked() -> None:
        async with drafted(bytes(spoiled)) as draft:
            try:
                look: Look = await images.look(draft, KNOWN)
                stripped = await images.stripped(draft, look) if look.width else None
                if stripped:
                    stripped[0].close()
            except Refusal:
                pass

    asyncio.run(looked())
    images.close()
