"""Files over HTTP."""

from typing import Annotated, Any
from urllib.parse import quote

from fastapi import APIRouter, Depends, Query
from pydantic import AfterValidator, Field
from starlette.requests import Request
from starlette.responses import Response

from application.files import Content, Files
from application.preconditions import Versions
from domain.access import Actor
from domain.errors import NotFound
from domain.files import IMAGES, MAX_FILES, PDF, TEXT, WIDTHS, TooManyFiles, label
from domain.images import content_path
from entrypoints.http.access import Anyone, signed_in
from entrypoints.http.conditional import if_match, not_modified
from entrypoints.http.idempotency import Once
from entrypoints.http.paging import Flag, Number, Paging
from entrypoints.http.ranges import range_of
from entrypoints.http.replies import Listed, gone, listed, several, shown
from entrypoints.http.route import Route
from entrypoints.http.schema import Id, In, Out, TimeOut, example, patch_of
from entrypoints.http.streaming import Streamed
from entrypoints.http.uploads import BINARY, Taken, described, received

router = APIRouter(prefix="/api/v1", tags=["Files"], route_class=Route)

SHARED_S = 300
"""So long others may keep what is public: a picture that is taken back is seen no longer than that."""

POLICY = "default-src 'none'; sandbox"
_UTF8_TEXT = f"{TEXT}; charset=utf-8"


async def _files(request: Request) -> Files:
    files: Files = request.app.state.container.files()
    return files


Uses = Annotated[Files, Depends(_files)]
Writer = Annotated[Actor, signed_in("files:write")]
Expected = Annotated[Versions, Depends(if_match)]


class FileDetails(In, json_schema_extra=example(filename="teapot.jpg", is_public=True)):
    filename: Annotated[str, AfterValidator(label)]
    is_public: bool = False


FilePatch = patch_of(FileDetails)


class UploadFields(In):
    is_public: Flag = False


class FileOut(Out):
    of_one_version = True

    id: str
    created_at: TimeOut
    updated_at: TimeOut
    filename: str
    content_type: str
    size: int
    sha256: str
    width: int | None
    height: int | None
    is_public: bool
    content_url: str


class ContentQuery(Out):
    download: Flag = False
    width: Annotated[Number, Field(ge=WIDTHS.start, lt=WIDTHS.stop)] | None = None


@router.post(
    "/files",
    operation_id="store_files",
    summary="Put files in",
    status_code=201,
    response_model=list[FileOut],
    openapi_extra=described(
        {
            "files": {"type": "array", "items": BINARY, "minItems": 1, "maxItems": MAX_FILES},
            "is_public": {"type": "boolean", "default": False},
        },
        "files",
        example={"files": ["(the bytes of a picture)"], "is_public": "true"},
    ),
)
async def store_files(request: Request, actor: Writer, uses: Uses, once: Once) -> Response:
    taken = Taken("files", request.app.state.max_upload_bytes, MAX_FILES, UploadFields)
    async with received(request, taken) as form:
        if not form.uploads:
            raise TooManyFiles(index=0)
        return await once(
            actor,
            lambda operation: uses.store(actor, form.uploads, form.fields.is_public, operation),
            lambda files: several(FileOut, files, status=201),
        )


@router.get("/files", operation_id="list_files", summary="My files", response_model=Listed[FileOut])
async def list_files(
    request: Request, actor: Annotated[Actor, signed_in("files:read")], uses: Uses, query: Annotated[Paging, Query()]
) -> Response:
    return listed(request, FileOut, await uses.list(actor, query.window(request)), query)


@router.get("/files/{id}", operation_id="get_file", summary="One file", response_model=FileOut)
async def get_file(id: Id, actor: Anyone, uses: Uses) -> Response:
    return shown(FileOut, await uses.read(actor, id))


@router.patch("/files/{id}", operation_id="patch_file", summary="Rename or share a file", response_model=FileOut)
async def patch_file(id: Id, body: FilePatch, actor: Writer, uses: Uses, expected: Expected) -> Response:  # type: ignore[valid-type]
    return shown(FileOut, await uses.revise(actor, id, body.changes(), expected))  # type: ignore[attr-defined]


@router.delete("/files/{id}", operation_id="delete_file", summary="Take a file away", status_code=204)
async def delete_file(id: Id, actor: Writer, uses: Uses, expected: Expected) -> Response:
    await uses.remove(actor, id, expected)
    return gone()


_BYTES = {"content": {kind: {"schema": BINARY} for kind in (*IMAGES, PDF, _UTF8_TEXT)}}


@router.get(
    content_path("{id}").removeprefix("/api/v1"),
    operation_id="get_file_content",
    summary="The bytes of a file, or an image at a width",
    response_class=Response,
    responses={200: {"description": "The bytes", **_BYTES}, 206: {"description": "The range of them", **_BYTES}},
)
async def get_file_content(
    request: Request, id: Id, actor: Anyone, uses: Uses, query: Annotated[ContentQuery, Query()]
) -> Response:
    try:
        return await _content(request, id, actor, uses, query)
    except NotFound:  # once more: sharing it may have put other bytes in the place of those that were found
        return await _content(request, id, actor, uses, query)


async def _content(request: Request, id: str, actor: Actor | None, uses: Files, query: ContentQuery) -> Response:
    content = await uses.find(actor, id, query.width)
    headers = _headers(content, download=query.download)
    if content.public:
        request.scope["shared"] = True
    known = not_modified(request, Response(None, 200, headers))
    if known.status_code == 304:
        return known
    kind = content.file.content_type
    part = range_of(request, content.size, headers["ETag"])
    first, length = part or (0, content.size)
    headers["Content-Length"] = str(length)
    if request.method == "HEAD":
        return Response(None, 200, headers, kind)
    if part is not None:
        headers["Content-Range"] = f"bytes {first}-{first + length - 1}/{content.size}"
    return Streamed(await uses.open(content, first, length), 206 if part else 200, headers, kind)


def _headers(content: Content, *, download: bool) -> dict[str, str]:
    file = content.file
    shown = (file.is_image or file.content_type == TEXT) and not download
    return {
        "ETag": f'"{content.tag}"',
        "Accept-Ranges": "bytes",
        "Cache-Control": f"public, max-age={SHARED_S}" if content.public else "no-store",
        "Content-Disposition": disposition("inline" if shown else "attachment", file.filename),
        "Content-Security-Policy": POLICY,
    }


def disposition(how: str, filename: str) -> str:
    """RFC 6266: the name as it is, and for old clients what of it is plain."""
    plain = "".join(c if c.isascii() and (c.isalnum() or c in " ._-") else "_" for c in filename)
    exact: Any = quote(filename, safe="!#$&+-.^_`|~")
    return f"{how}; filename=\"{plain}\"; filename*=UTF-8''{exact}"
