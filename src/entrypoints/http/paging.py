"""Windows over HTTP: `page` and `size`, or a signed `cursor`; and the links that lead on (RFC 8288)."""

import base64
import hashlib
import hmac
from collections.abc import Mapping
from typing import Annotated, Any, Self
from urllib.parse import quote_plus, urlencode

import orjson
from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, model_validator
from pydantic_core import PydanticCustomError
from starlette.requests import Request

from domain.errors import Invalid
from domain.paging import Page, PageRequest, Position, Stretch, Walk, Window
from entrypoints.http.problems import InvalidCursor
from entrypoints.http.schema import WHOLE_LIMIT, accepting

LARGEST = 100
_DIGEST = 16
_OWN = ("page", "size", "cursor")


def _digits(value: Any) -> Any:
    """Query parameters are text; a number is plain digits there, and no more of them than can be meant."""
    if isinstance(value, str):
        if not (value.isascii() and value.isdigit() and len(value) <= 16):
            raise Invalid("must be a whole number")
        return int(value)
    return value


Number = Annotated[int, BeforeValidator(accepting(_digits))]


def _flag(value: Any) -> Any:
    if isinstance(value, str):
        if value not in ("true", "false"):
            raise PydanticCustomError("bool_parsing", "must be true or false")
        return value == "true"
    return value


Flag = Annotated[bool, BeforeValidator(_flag)]


class Paging(BaseModel):
    """What every list takes; a list's own parameters are further fields."""

    model_config = ConfigDict(extra="ignore", frozen=True)

    page: Annotated[Number, Field(ge=1, le=WHOLE_LIMIT)] | None = None
    size: Annotated[Number, Field(ge=1, le=LARGEST)] = 20
    cursor: str | None = Field(default=None, description="Empty to begin a walk; `next_cursor` of the answer goes on")

    @model_validator(mode="after")
    def _one_way(self) -> Self:
        if self.page is not None and self.cursor is not None:
            raise PydanticCustomError("one_way", "page and cursor do not go together")
        return self

    def window(self, request: Request) -> Window:
        """Raises `InvalidCursor` for one that was altered, or given by another list, to other filters or to others."""
        if self.cursor is None:
            return PageRequest(self.page or 1, self.size)
        return Walk(self.size, self._position(request) if self.cursor else None)

    def cursor_of(self, request: Request, stretch: Stretch[Any]) -> str | None:
        if stretch.next is None:
            return None
        position = orjson.dumps(stretch.next)
        return _written(self._digest(request, position) + position)

    def page_links(self, request: Request, page: Page[Any]) -> str:
        last = max(1, page.pages)
        targets = {"first": 1, "prev": min(page.number - 1, last), "next": page.number + 1, "last": last}
        if page.number <= 1:
            del targets["prev"]
        if page.number >= last:
            del targets["next"]
        return _links(request, "page", {rel: str(number) for rel, number in targets.items()})

    def walk_links(self, request: Request, cursor: str | None) -> str:
        return _links(request, "cursor", {"next": cursor}) if cursor else ""

    def _position(self, request: Request) -> Position:
        sent = self.cursor or ""
        try:
            raw = base64.urlsafe_b64decode(sent + "=" * (-len(sent) % 4))
        except ValueError:
            raise InvalidCursor() from None
        digest, position = raw[:_DIGEST], raw[_DIGEST:]
        if _written(raw) != sent or not hmac.compare_digest(digest, self._digest(request, position)):
            raise InvalidCursor()
        return tuple(orjson.loads(position))

    def _digest(self, request: Request, position: bytes) -> bytes:
        filters = {name: value for name, value in self if name not in _OWN}
        bound = orjson.dumps([request.scope["path"], request.scope.get("caller"), filters], option=orjson.OPT_SORT_KEYS)
        secret: bytes = request.app.state.cursor_secret
        return hmac.digest(secret, bound + position, hashlib.sha256)[:_DIGEST]


def _written(raw: bytes) -> str:
    """The one way in which a cursor is written; base64 has others for the same bytes."""
    return base64.urlsafe_b64encode(raw).rstrip(b"=").decode()


def _links(request: Request, name: str, targets: Mapping[str, str]) -> str:
    """The same list, absolutely, with all other parameters kept, by the value of the one that each link has."""
    kept = urlencode([(other, value) for other, value in request.query_params.multi_items() if other != name])
    begin = f"<{request.url.replace(query=None)}?{kept}{'&' if kept else ''}{name}="
    return ", ".join(f'{begin}{quote_plus(value)}>; rel="{rel}"' for rel, value in targets.items())
