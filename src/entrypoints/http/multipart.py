"""Multipart bodies (RFC 7578), part by part as they arrive: what is not yet read is not in memory."""

from collections.abc import AsyncIterator
from dataclasses import dataclass
from typing import TYPE_CHECKING

from python_multipart.exceptions import FormParserError
from python_multipart.multipart import MultipartParser, parse_options_header
from starlette.requests import ClientDisconnect, Request

from entrypoints.http.problems import BadShape, BodyTooLarge

if TYPE_CHECKING:
    from python_multipart.multipart import MultipartCallbacks

LONGEST_HEADER = 64 * 1024
MOST_HEADERS = 16


@dataclass(frozen=True, slots=True)
class Begun:
    """A part begins: the name of its field, and of its file where it says one."""

    name: str
    filename: str | None


@dataclass(frozen=True, slots=True)
class Data:
    """So much more of the part that was begun last."""

    content: bytes


def malformed(message: str) -> BadShape:
    return BadShape([{"loc": ["body"], "message": message, "type": "multipart"}])


async def events(request: Request, limit: int) -> AsyncIterator[Begun | Data]:
    """What arrives, in order. Raises `BadShape`, also where the end is missing, and `BodyTooLarge`."""
    size, parser = 0, _Parser(request)
    try:
        async for chunk in request.stream():
            size += len(chunk)
            if size > limit:
                raise BodyTooLarge(limit=limit)
            for event in parser.fed(chunk):
                yield event
    except ClientDisconnect as gone:
        raise malformed("was cut short") from gone
    if not parser.ended:
        raise malformed("has no end")


class _Parser:
    """python-multipart pushes; here that becomes a list of what a chunk held."""

    def __init__(self, request: Request) -> None:
        boundary = parse_options_header(request.headers.get("content-type"))[1].get(b"boundary")
        if not boundary:
            raise malformed("needs a boundary in its Content-Type")
        callbacks: MultipartCallbacks = {
            "on_part_begin": self._on_part_begin,
            "on_part_data": lambda data, start, end: self._found.append(Data(data[start:end])),
            "on_header_field": self._on_header_field,
            "on_header_value": self._on_header_value,
            "on_header_end": self._on_header_end,
            "on_headers_finished": self._on_headers_finished,
            "on_end": self._on_end,
        }
        self._found: list[Begun | Data] = []
        self._field = self._value = self._disposition = b""
        self.ended = False
        try:
            self._parser = MultipartParser(
                boundary, callbacks, max_header_count=MOST_HEADERS, max_header_size=LONGEST_HEADER
            )
        except FormParserError as error:
            raise malformed("has a boundary that is none") from error

    def fed(self, chunk: bytes) -> list[Begun | Data]:
        try:
            self._parser.write(chunk)
        except FormParserError as error:
            raise malformed("is not multipart/form-data") from error
        found, self._found = self._found, []
        return found

    def _on_part_begin(self) -> None:
        self._field = self._value = self._disposition = b""

    def _on_header_field(self, data: bytes, start: int, end: int) -> None:
        self._field += data[start:end]

    def _on_header_value(self, data: bytes, start: int, end: int) -> None:
        self._value += data[start:end]

    def _on_header_end(self) -> None:
        if self._field.lower() == b"content-disposition":
            self._disposition = self._value
        self._field = self._value = b""

    def _on_headers_finished(self) -> None:
        kind, options = parse_options_header(self._disposition.decode("latin-1"))
        name = options.get(b"name")
        if kind != b"form-data" or not name:
            raise malformed("has a part without a name")
        filename = options.get(b"filename")
        self._found.append(Begun(_text(name), None if filename is None else _unescaped(_text(filename))))

    def _on_end(self) -> None:
        self.ended = True


def _unescaped(filename: str) -> str:
    """As it was before the client wrote it between quotes: it escapes these three and no others (HTML, 4.10.21.8)."""
    return filename.replace("%22", '"').replace("%0D", "\r").replace("%0A", "\n")


def _text(value: bytes) -> str:
    return value.decode("utf-8", "replace")
