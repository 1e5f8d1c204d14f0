"""Files as people send them: pictures of any size, documents, and ways to put them in."""

import io
import zlib
from typing import Any

import httpx
from PIL import Image

from tests.http.client import API, Person

FILES = f"{API}/files"
PDF = b"%PDF-1.7\n1 0 obj\n<<>>\nendobj\ntrailer\n<<>>\n%%EOF\n"
CAMERA = "Secret Camera 9"
"""What a camera writes into a picture."""


def picture(format: str = "PNG", size: tuple[int, int] = (30, 20), **over: Any) -> bytes:
    """A picture whose left half is red."""
    image = Image.new("RGB", size, (30, 30, 200))
    image.paste((200, 30, 30), (0, 0, size[0] // 2, size[1]))
    kept = io.BytesIO()
    image.save(kept, format, **over)
    return kept.getvalue()


def telling(format: str = "JPEG", orientation: int = 1) -> bytes:
    """A picture with what a camera tells of it."""
    exif = Image.Exif()
    exif[0x010F], exif[0x0112] = CAMERA, orientation
    return picture(format, exif=exif)


def moving(format: str = "GIF") -> bytes:
    """Two frames, the first one red and the second one blue."""
    frames = [Image.new("RGB", (30, 20), colour) for colour in ((255, 0, 0), (0, 0, 255))]
    kept = io.BytesIO()
    frames[0].save(kept, format, save_all=True, append_images=frames[1:], duration=100)
    return kept.getvalue()


def bomb(width: int = 100_000, height: int = 100_000) -> bytes:
    """A small PNG that says that it is huge."""

    def chunk(name: bytes, data: bytes) -> bytes:
        return len(data).to_bytes(4, "big") + name + data + zlib.crc32(name + data).to_bytes(4, "big")

    head = width.to_bytes(4, "big") + height.to_bytes(4, "big") + bytes((1, 0, 0, 0, 0))
    data = chunk(b"IHDR", head) + chunk(b"IDAT", zlib.compress(b"\0" * 10_000)) + chunk(b"IEND", b"")
    return b"\x89PNG\r\n\x1a\n" + data


def opened(content: bytes) -> Image.Image:
    return Image.open(io.BytesIO(content))


async def put(client: httpx.AsyncClient, person: Person, *contents: bytes, **more: Any) -> httpx.Response:
    """`POST /files` with these contents; `names` are their names, `data` the other fields."""
    names = more.pop("names", [f"file{number}" for number in range(len(contents))])
    headers = {**person.headers, **more.pop("headers", {})}
    parts = [
        ("files", (name, content, "application/x-whatever")) for name, content in zip(names, contents, strict=True)
    ]
    return await client.post(FILES, files=parts, headers=headers, **more)


async def stored(client: httpx.AsyncClient, person: Person, content: bytes = b"abc", **more: Any) -> dict[str, Any]:
    """The one file that this is now."""
    response = await put(client, person, content, **more)
    assert response.status_code == 201, response.text
    (file,) = response.json()
    shown: dict[str, Any] = file
    return shown


async def share(client: httpx.AsyncClient, person: Person, file: dict[str, Any], **over: Any) -> dict[str, Any]:
    """The file, public now."""
    response = await client.patch(f"{FILES}/{file['id']}", json={"is_public": True, **over}, headers=person.headers)
    assert response.status_code == 200, response.text
    shown: dict[str, Any] = response.json()
    return shown


async def content(client: httpx.AsyncClient, file: dict[str, Any], person: Person | None = None, **query: Any) -> bytes:
    headers = person.headers if person else {}
    url = file.get("content_url") or file["url"]
    response = await client.get(url, params=query, headers=headers)
    assert response.status_code == 200, response.text
    return response.content


def raw(*parts: tuple[str, bytes], boundary: str = "b0undary", end: bool = True) -> tuple[dict[str, str], bytes]:
    """Headers and bytes of a multipart body whose parts have exactly these heads."""
    body = b"".join(f"--{boundary}\r\n{head}\r\n\r\n".encode() + data + b"\r\n" for head, data in parts)
    body += f"--{boundary}--\r\n".encode() if end else b""
    return {"Content-Type": f"multipart/form-data; boundary={boundary}"}, body


def named(name: str, filename: str | None = None) -> str:
    return f'Content-Disposition: form-data; name="{name}"' + ("" if filename is None else f'; filename="{filename}"')
