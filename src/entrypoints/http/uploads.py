"""Forms with files: each file goes to a draft on the disk while it arrives, and is gone when the request is over."""

import hashlib
from collections.abc import AsyncIterator, Mapping
from contextlib import ExitStack, asynccontextmanager
from dataclasses import dataclass
from typing import Any, TypeVar

from pydantic import TypeAdapter, ValidationError
from starlette.requests import Request

from application.files import Upload
from application.ports.blobs import Drafts
from domain.files import FileTooLarge, TooManyFiles, label
from entrypoints.http.bodies import fingerprint
from entrypoints.http.multipart import Begun, events
from entrypoints.http.problems import BadShape, BodyTooLarge, listed
from entrypoints.http.schema import In

F = TypeVar("F", bound=In)

BINARY = {"type": "string", "format": "binary"}
LONGEST_FIELD = 64 * 1024
_ROOM = 1024 * 1024
"""What a request may have beside the bytes of its files: names, boundaries and fields."""


class NoFields(In):
    """A form of files alone."""


@dataclass(frozen=True, slots=True)
class Taken:
    """What a form takes: files under one name, so many of so many bytes each, and fields of a schema."""

    name: str
    limit: int
    most: int = 1
    fields: type[In] = NoFields


@dataclass(frozen=True, slots=True)
class Form:
    fields: Any
    uploads: list[Upload]


def largest_body(max_upload_bytes: int) -> int:
    return 10 * max_upload_bytes + _ROOM


@asynccontextmanager
async def received(request: Request, taken: Taken) -> AsyncIterator[Form]:
    """The whole form. Raises `BadShape`, `BodyTooLarge`, `FileTooLarge`, `TooManyFiles`.

    `scope["fingerprint"]` is the same for the same parts, whatever is between them.
    """
    drafts: Drafts = request.app.state.container.drafts()
    with ExitStack() as stack:
        reader = _Reader(taken, drafts, stack)
        async for event in events(request, request.app.state.max_upload_body):
            if isinstance(event, Begun):
                await reader.begin(event)
            else:
                await reader.add(event.content)
        await reader.end()
        request.scope["fingerprint"] = lambda: fingerprint(reader.parts)
        yield Form(_validated(taken.fields, reader.fields), reader.uploads)


class _Reader:
    def __init__(self, taken: Taken, drafts: Drafts, stack: ExitStack) -> None:
        self._taken, self._drafts, self._stack = taken, drafts, stack
        self._now: Begun | None = None
        self._field = bytearray()
        self.fields: dict[str, str] = {}
        self.uploads: list[Upload] = []
        self.parts: list[list[str | None]] = []
        """What each part was: its name, its file's name, and the digest of its bytes."""

    async def begin(self, part: Begun) -> None:
        await self.end()
        self._now = part
        if part.name != self._taken.name:
            if part.name not in self._taken.fields.model_fields:
                raise _refused(part.name, "is not taken here", "extra_forbidden")
            if part.name in self.fields or part.filename is not None:
                raise _refused(part.name, "is one text", "text")
            self.fields[part.name] = ""
            return
        if len(self.uploads) == self._taken.most:
            raise TooManyFiles(index=len(self.uploads))
        draft = self._drafts.new()
        self._stack.callback(draft.close)
        self.uploads.append(Upload(label(part.filename or ""), draft))

    async def add(self, content: bytes) -> None:
        if self._now is None:
            return
        if self._now.name != self._taken.name:
            self._field += content
            if len(self._field) > LONGEST_FIELD:
                raise BodyTooLarge(limit=LONGEST_FIELD)
            return
        draft = self.uploads[-1].draft
        if draft.written + len(content) > self._taken.limit:
            raise FileTooLarge(limit=self._taken.limit, index=len(self.uploads) - 1)
        await draft.write(content)

    async def end(self) -> None:
        """Of the part that was begun last."""
        if self._now is None:
            return
        if self._now.name == self._taken.name:
            draft = self.uploads[-1].draft
            await draft.settle()
            digest = draft.sha256
            if self._taken.most == 1 and not self._now.filename and not draft.size:
                self.uploads.pop()  # how a browser says that none was chosen (HTML, 4.10.21.4)
        else:
            self.fields[self._now.name] = _text(self._now.name, bytes(self._field))
            digest = hashlib.sha256(self._field).hexdigest()
            self._field.clear()
        self.parts.append([self._now.name, self._now.filename, digest])
        self._now = None


def _validated(schema: type[F], sent: Mapping[str, str]) -> F:
    try:
        return TypeAdapter(schema).validate_python(dict(sent))
    except ValidationError as error:
        raise BadShape(listed(error, "body")) from error


def _text(name: str, content: bytes) -> str:
    try:
        return content.decode()
    except UnicodeDecodeError:
        raise _refused(name, "is not UTF-8", "text") from None


def _refused(name: str, message: str, type: str) -> BadShape:
    return BadShape([{"loc": ["body", name], "message": message, "type": type}])


def missing(name: str) -> BadShape:
    return _refused(name, "Field required", "missing")


def described(schema: Mapping[str, Any], *required: str, example: Mapping[str, Any]) -> dict[str, Any]:
    """The form, for the OpenAPI document."""
    form = {"type": "object", "properties": dict(schema), "required": list(required)}
    content = {"multipart/form-data": {"schema": form, "example": dict(example)}}
    return {"requestBody": {"required": True, "content": content}}
