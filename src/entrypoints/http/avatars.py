"""One's profile as a form: text and a picture together."""

from typing import Annotated

from fastapi import APIRouter
from starlette.requests import Request
from starlette.responses import Response

from domain.access import Actor
from domain.files import AVATAR_BYTES
from entrypoints.http.access import signed_in
from entrypoints.http.accounts import Expected, UserOut, Uses
from entrypoints.http.replies import shown
from entrypoints.http.route import Route
from entrypoints.http.schema import In, Name, ShortText
from entrypoints.http.uploads import BINARY, Taken, described, received

router = APIRouter(prefix="/api/v1", tags=["Accounts"], route_class=Route)


class ProfileForm(In):
    full_name: Name
    bio: ShortText


@router.put(
    "/users/me/profile",
    operation_id="replace_profile",
    summary="My name, what I say of myself, and my picture",
    response_model=UserOut,
    openapi_extra=described(
        {
            "full_name": {"type": "string", "minLength": 1, "maxLength": 200},
            "bio": {"type": "string", "maxLength": 500},
            "avatar": BINARY,
        },
        "full_name",
        "bio",
        example={"full_name": "Ada Lovelace", "bio": "Counts", "avatar": "(the bytes of a picture)"},
    ),
)
async def replace_profile(
    request: Request, actor: Annotated[Actor, signed_in("profile:write")], uses: Uses, expected: Expected
) -> Response:
    limit = min(AVATAR_BYTES, request.app.state.max_upload_bytes)
    async with received(request, Taken("avatar", limit, fields=ProfileForm)) as form:
        avatar = form.uploads[0] if form.uploads else None
        return shown(UserOut, await uses.replace(actor, dict(form.fields), avatar, expected))
