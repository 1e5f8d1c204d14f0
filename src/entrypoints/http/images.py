"""Images of items over HTTP. Their bytes are read as those of files are."""

from typing import Annotated

from fastapi import APIRouter, Depends
from starlette.requests import Request
from starlette.responses import Response

from application.files import Files
from application.preconditions import Versions
from domain.access import Actor
from domain.files import IMAGE_BYTES, File
from entrypoints.http.access import signed_in
from entrypoints.http.catalogue import ImageOut
from entrypoints.http.conditional import if_match, if_match_tags
from entrypoints.http.idempotency import Once
from entrypoints.http.replies import gone, shown
from entrypoints.http.route import Route
from entrypoints.http.schema import Id
from entrypoints.http.uploads import BINARY, Taken, described, missing, received

router = APIRouter(prefix="/api/v1", tags=["Catalogue"], route_class=Route)


async def _files(request: Request) -> Files:
    files: Files = request.app.state.container.files()
    return files


Uses = Annotated[Files, Depends(_files)]
Writer = Annotated[Actor, signed_in("items:write")]
Expected = Annotated[Versions, Depends(if_match)]
Tags = Annotated[frozenset[str], Depends(if_match_tags)]


@router.post(
    "/items/{id}/images",
    operation_id="add_item_image",
    summary="Show an item",
    status_code=201,
    response_model=ImageOut,
    openapi_extra=described({"image": BINARY}, "image", example={"image": "(the bytes of a picture)"}),
)
async def add_item_image(
    request: Request, id: Id, actor: Writer, uses: Uses, expected: Expected, once: Once
) -> Response:
    limit = min(IMAGE_BYTES, request.app.state.max_upload_bytes)
    async with received(request, Taken("image", limit)) as form:
        if not form.uploads:
            raise missing("image")
        return await once(
            actor,
            lambda operation: uses.picture(actor, id, form.uploads[0], expected, operation),
            _made,
        )


def _made(file: File) -> Response:
    """With the tag of its content, which is what is read where it says that it is."""
    headers = {"Location": file.content_url, "ETag": f'"{file.sha256}"'}
    return shown(ImageOut, file.as_image(), status=201, tagged=False, **headers)


@router.delete(
    "/items/{id}/images/{image_id}", operation_id="delete_item_image", summary="Take an image away", status_code=204
)
async def delete_item_image(
    id: Id, image_id: Id, actor: Writer, uses: Uses, expected: Expected, tags: Tags
) -> Response:
    """`If-Match` takes the tag of the item, which changes with it, and that of the picture's content."""
    await uses.unpicture(actor, id, image_id, expected, tags)
    return gone()
