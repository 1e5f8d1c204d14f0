"""Answers: one resource with its version, a page or a stretch of a list with its links, or nothing."""

from collections.abc import Iterable
from typing import Any, Generic, TypeVar

import orjson
from pydantic import BaseModel
from starlette.requests import Request
from starlette.responses import Response

from domain.paging import Listing, Page
from entrypoints.http.conditional import etag
from entrypoints.http.paging import Paging
from entrypoints.http.rendering import Shapes, all_rendered, rendered
from entrypoints.http.schema import Out

O = TypeVar("O", bound=Out)  # noqa: E741

JSON = "application/json"


class Listed(BaseModel, Generic[O]):
    """A list: a page has `total`, `page`, `size` and `pages`, a walk has `next_cursor`."""

    items: list[O]
    total: int | None = None
    page: int | None = None
    size: int | None = None
    pages: int | None = None
    next_cursor: str | None = None


def shown(
    kind: type[Out], entity: Any, *, status: int = 200, tagged: bool = True, also: str = "", **headers: str
) -> Response:
    """One resource; `tagged` with its version where it has one of its own, and with what `also` decides on it."""
    if tagged:
        headers["ETag"] = etag(entity.version, also)
    return Response(rendered(kind, entity), status, headers, JSON)


def made(kind: type[Out], entity: Any, *, location: str | None = None, tagged: bool = True, also: str = "") -> Response:
    """201, with `Location` where the new resource can be read."""
    headers = {"Location": location} if location else {}
    return shown(kind, entity, status=201, tagged=tagged, also=also, **headers)


def several(kind: type[Out], entities: Iterable[object], *, status: int = 200) -> Response:
    """A plain array."""
    return Response(all_rendered(kind, entities), status, None, JSON)


def gone() -> Response:
    return Response(None, 204)


def listed(request: Request, kind: type[Out] | Shapes, listing: Listing[Any], paging: Paging) -> Response:
    items = all_rendered(kind, listing.items)
    if isinstance(listing, Page):
        members: dict[str, Any] = {
            "total": listing.total,
            "page": listing.number,
            "size": listing.size,
            "pages": listing.pages,
        }
        links = paging.page_links(request, listing)
    else:
        cursor = paging.cursor_of(request, listing)
        members, links = {"next_cursor": cursor}, paging.walk_links(request, cursor)
    body = b'{"items":' + items + b"," + orjson.dumps(members)[1:]
    return Response(body, 200, {"Link": links} if links else None, JSON)
