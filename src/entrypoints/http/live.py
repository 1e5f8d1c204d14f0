"""The page at `/live`: one client of rooms and events, for looking at them. Not there in production."""

from functools import cache
from pathlib import Path

from fastapi import APIRouter
from starlette.requests import Request
from starlette.responses import Response

from domain.errors import NotFound
from entrypoints import live
from entrypoints.http.route import Route

router = APIRouter(include_in_schema=False, route_class=Route)

POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; connect-src 'self'; img-src 'self'; "
    "base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
)
_TYPES = {"live.css": "text/css", "live.js": "text/javascript"}


@cache
def _file(name: str) -> bytes:
    return (Path(str(live.__file__)).parent / "page" / name).read_bytes()


@router.get("/live")
async def get_live_page(request: Request) -> Response:
    return Response(_file("live.html"), 200, {"Content-Security-Policy": POLICY}, "text/html")


@router.get("/live/{name}")
async def get_live_file(name: str, request: Request) -> Response:
    """Raises `NotFound`."""
    if name not in _TYPES:
        raise NotFound()
    return Response(_file(name), 200, media_type=_TYPES[name])
