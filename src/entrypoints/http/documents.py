"""The OpenAPI document, for people and programs. The pages load nothing from another host: their policy forbids it."""

from importlib.resources import files

import orjson
from fastapi import APIRouter
from starlette.requests import Request
from starlette.responses import Response

from domain.errors import NotFound
from entrypoints.http.compression import Packed
from entrypoints.http.route import Route

router = APIRouter(include_in_schema=False, route_class=Route)

ASSETS = "/docs/assets"
POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self' 'unsafe-inline'; img-src 'self' data:; connect-src 'self';"
    " font-src 'self' data:; worker-src blob:; frame-ancestors 'none'; base-uri 'none'; form-action 'self'"
)
_TYPES = {"js": "text/javascript; charset=utf-8", "css": "text/css; charset=utf-8"}
_PACKED = ("swagger-ui-bundle.js", "swagger-ui.css", "redoc.standalone.js")
_PLAIN = ("docs.js", "redoc.js")
_PAGE = """<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>Portico</title>
<link rel="icon" href="data:,">
{styles}
</head>
<body>
<main id="{name}"></main>
{scripts}
</body>
</html>
"""


@router.get("/openapi.json")
async def get_openapi(request: Request) -> Response:
    return Response(orjson.dumps(request.app.openapi()), media_type="application/json")


@router.get("/docs")
async def get_docs() -> Response:
    return _page("docs", styles=("swagger-ui.css",), scripts=("swagger-ui-bundle.js", "docs.js"))


@router.get("/redoc")
async def get_redoc() -> Response:
    return _page("redoc", scripts=("redoc.standalone.js", "redoc.js"))


@router.get(ASSETS + "/{name}")
async def get_asset(name: str) -> Response:
    """Kept an hour: another version of Portico may bring another of theirs under the same name."""
    folder = files("entrypoints.http") / "assets"
    headers = {"Cache-Control": "public, max-age=3600"}
    kind = _TYPES[name.rsplit(".", 1)[-1]] if name in (*_PACKED, *_PLAIN) else ""
    if name in _PACKED:
        return Packed((folder / f"{name}.gz").read_bytes(), 200, headers, kind)
    if name in _PLAIN:
        return Response((folder / name).read_bytes(), 200, headers, kind)
    raise NotFound()


def _page(name: str, *, scripts: tuple[str, ...], styles: tuple[str, ...] = ()) -> Response:
    page = _PAGE.format(
        name=name,
        styles="\n".join(f'<link rel="stylesheet" href="{ASSETS}/{each}">' for each in styles),
        scripts="\n".join(f'<script src="{ASSETS}/{each}"></script>' for each in scripts),
    )
    return Response(page, 200, {"Content-Security-Policy": POLICY}, "text/html")
