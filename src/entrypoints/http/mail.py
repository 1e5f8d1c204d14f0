"""What follows a mailed link over HTTP: an address that is confirmed, a password that was forgotten."""

from typing import Annotated

from fastapi import APIRouter, Depends
from starlette.requests import Request
from starlette.responses import Response

from application.mail import Mail
from entrypoints.http.access import Anyone
from entrypoints.http.accounts import Email, Password
from entrypoints.http.replies import JSON, gone
from entrypoints.http.route import Route
from entrypoints.http.schema import In, Out, example

router = APIRouter(prefix="/api/v1/auth", tags=["Accounts"], route_class=Route)

_TOKEN = "Zk3v0b5mX1nT8q2Lw7Yc4RgUeHsJd6AfPiOoKlVbNxE"  # noqa: S105 - an example


async def _mail(request: Request) -> Mail:
    mail: Mail = request.app.state.container.mail()
    return mail


Uses = Annotated[Mail, Depends(_mail)]


class Verification(In, json_schema_extra=example(token=_TOKEN)):
    token: str


class Forgotten(In, json_schema_extra=example(email="ada@example.com")):
    email: Email


class Reset(In, json_schema_extra=example(token=_TOKEN, new_password="battery staple 2")):  # noqa: S106
    token: str
    new_password: Password


class NothingOut(Out):
    """Nothing is told, as that would tell who has an account."""


@router.post("/email/verify", operation_id="verify_email", summary="Confirm my address", status_code=204)
async def verify_email(body: Verification, caller: Anyone, uses: Uses) -> Response:
    await uses.verify(body.token)
    return gone()


@router.post(
    "/password/forgot",
    operation_id="forgot_password",
    summary="Ask for a new password",
    status_code=202,
    response_model=NothingOut,
)
async def forgot_password(body: Forgotten, caller: Anyone, uses: Uses) -> Response:
    """The answer is the same, and as fast, for an address that nobody has."""
    await uses.forgot(body.email)
    return Response(b"{}", 202, media_type=JSON)


@router.post("/password/reset", operation_id="reset_password", summary="Choose a new password", status_code=204)
async def reset_password(body: Reset, caller: Anyone, uses: Uses) -> Response:
    await uses.reset(body.token, body.new_password)
    return gone()
