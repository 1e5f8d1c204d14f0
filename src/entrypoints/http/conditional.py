"""Versions over HTTP (RFC 9110, 8.8 and 13): `ETag`, `If-None-Match`, `If-Match`.

A tag is a resource's version, never a digest of bytes, so that every store gives the same one.
"""

import re

from starlette.requests import Request
from starlette.responses import Response

from application.preconditions import Versions
from entrypoints.http.problems import BadShape

_VERSION = re.compile(r"([1-9][0-9]{0,17})", re.ASCII)
_VERSION_BESIDE = re.compile(r"([1-9][0-9]{0,17})(?:-[0-9a-f]{8})?", re.ASCII)
_TAG = re.compile(r'\s*(W/)?"([\x21\x23-\x7e\x80-\xff]*)"\s*(?:,|$)')
_KEPT = ("etag", "cache-control", "link", "vary")


def etag(version: int, also: str = "") -> str:
    """`also` stands for the versions of what is shown beside the resource itself."""
    return f'"{version}-{also}"' if also else f'"{version}"'


async def if_match(request: Request) -> Versions:
    """The versions that `If-Match` names, compared strongly; a weak tag names none."""
    return _versions(request, _VERSION)


async def if_match_beside(request: Request) -> Versions:
    """The same of what is shown with others: a change to them, such as an author's new name, is in nobody's way."""
    return _versions(request, _VERSION_BESIDE)


async def if_match_tags(request: Request) -> frozenset[str]:
    """The strong tags that `If-Match` names, whatever they are of."""
    return frozenset(tag for weak, tag in _tags(", ".join(request.headers.getlist("if-match"))) or () if not weak)


def _versions(request: Request, version: re.Pattern[str]) -> Versions:
    if b"if-match" not in request.scope["sent"]:
        return None
    sent = request.headers.getlist("if-match")
    value = ", ".join(sent)
    if value.strip() == "*":
        return None
    tags = _tags(value)
    if tags is None:
        raise BadShape([{"loc": ["header", "If-Match"], "message": "must be `*` or quoted tags", "type": "etag"}])
    return frozenset(int(found[1]) for weak, tag in tags if not weak and (found := version.fullmatch(tag)))


def not_modified(request: Request, response: Response) -> Response:
    """304 in place of what the client has already, compared weakly."""
    if b"if-none-match" not in request.scope["sent"]:
        return response
    sent = ", ".join(request.headers.getlist("if-none-match"))
    if response.status_code != 200 or request.method not in ("GET", "HEAD"):
        return response
    own = _tags(response.headers.get("etag", ""))
    known = _tags(sent) or []
    if not own or (sent.strip() != "*" and not any(each == own[0][1] for _, each in known)):
        return response
    kept = {name: value for name, value in response.headers.items() if name in _KEPT}
    return Response(None, 304, kept)


def _tags(value: str) -> list[tuple[bool, str]] | None:
    """Each tag with whether it is weak; the gzipped form of a version is that version."""
    tags, at = [], 0
    while at < len(value):
        found = _TAG.match(value, at)
        if found is None:
            return None
        tags.append((found[1] is not None, found[2].removesuffix("-gzip")))
        at = found.end()
    return tags
