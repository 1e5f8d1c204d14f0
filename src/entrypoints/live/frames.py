"""Frames of a room: what comes in, and what goes out, as the bytes that are written to every socket alike."""

from collections.abc import Iterable
from datetime import datetime
from typing import Annotated, Any, Literal

import orjson
from pydantic import Field, ValidationError

from application.rooms.channels import Said
from application.rooms.people import Somebody
from domain.errors import Refusal
from domain.rooms import LONGEST_CLIENT_ID
from entrypoints.http.bodies import parse_json
from entrypoints.http.problems import InvalidJson
from entrypoints.http.rendering import renderer
from entrypoints.http.rooms import MessageOut, MessageText
from entrypoints.http.schema import In, as_text_time

MOST_ONLINE = 1_000
_CLIENT_ID = r"^[\x21-\x7e]+$"
ClientId = Annotated[str, Field(min_length=1, max_length=LONGEST_CLIENT_ID, pattern=_CLIENT_ID)]


class Spoken(In):
    type: Literal["message"]
    text: MessageText
    client_id: ClientId | None = None


class Pinged(In):
    type: Literal["ping"]


class _Named(In):
    client_id: ClientId


_KINDS: dict[str, type[Spoken] | type[Pinged]] = {"message": Spoken, "ping": Pinged}
_message = renderer(MessageOut)


class Refused(Refusal):
    """A frame that is not taken; `client_id` is the frame's, where it has one."""

    def __init__(self, code: str, detail: str, client_id: str | None = None) -> None:
        self.code = code  # type: ignore[misc]
        super().__init__(detail)
        self.client_id = client_id


def read(text: str | None, *, may_speak: bool) -> Spoken | Pinged:
    """Raises `Refused`: what is no frame of ours, then the scope, then the shape."""
    if text is None:
        raise Refused("invalid_frame", "Frames are text.")
    try:
        value = parse_json(text.encode())
    except InvalidJson:
        raise Refused("invalid_frame", "A frame is one JSON object.") from None
    named = value.get("type") if isinstance(value, dict) else None
    kind = _KINDS.get(named) if isinstance(named, str) else None
    if kind is None:
        raise Refused("invalid_frame", "A frame has the type message or ping.")
    if kind is Spoken and not may_speak:
        raise Refused("insufficient_scope", "This needs the scope rooms:write.", _client_id(value))
    try:
        return kind.model_validate(value)
    except ValidationError as error:
        first = error.errors(include_url=False, include_context=False, include_input=False)[0]
        where = ".".join(str(each) for each in first["loc"])
        raise Refused("validation_failed", f"{where}: {first['msg']}", _client_id(value)) from None


def _client_id(value: dict[str, Any]) -> str | None:
    try:
        return _Named.model_validate({"client_id": value.get("client_id")}).client_id
    except ValidationError:
        return None


def message(said: Said) -> bytes:
    return _encoded({"type": "message", **_message(said)})


def presence(joined: Somebody | None, left: Somebody | None, online: Iterable[Somebody]) -> bytes:
    """`online` comes by username."""
    members = {"joined": _person(joined), "left": _person(left), "online": [_person(each) for each in online]}
    return _encoded({"type": "presence", **members})


def pong(now: datetime) -> bytes:
    return _encoded({"type": "pong", "time": as_text_time(now)})


def error(code: str, detail: str, client_id: str | None) -> bytes:
    return _encoded({"type": "error", "code": code, "detail": detail, "client_id": client_id})


def _person(person: Somebody | None) -> dict[str, str] | None:
    return None if person is None else {"id": person.id, "username": person.username}


def _encoded(frame: dict[str, Any]) -> bytes:
    """A whole text frame as a server sends it: final, not masked, not compressed (RFC 6455, 5.2)."""
    payload = orjson.dumps(frame)
    size = len(payload)
    if size < 126:
        return b"\x81%c%b" % (size, payload)
    if size < 65536:
        return b"\x81\x7e%b%b" % (size.to_bytes(2), payload)
    return b"\x81\x7f%b%b" % (size.to_bytes(8), payload)
