"""Signing in and out: RFC 6749 and 7009 as stock OAuth2 clients speak them, and the list of one's sign-ins."""

import hashlib
from collections.abc import Callable
from typing import Annotated, Any
from urllib.parse import parse_qsl

import orjson
from fastapi import APIRouter, Depends, Query
from pydantic import Field
from starlette.requests import Request
from starlette.responses import Response

from application.authentication import Credentials
from application.sessions import Client, Grant, Sessions
from domain import text
from domain.errors import Invalid
from domain.paging import mapped
from domain.sessions import InvalidGrant, InvalidScope, Session
from entrypoints.http.access import by_token
from entrypoints.http.accounts import as_email
from entrypoints.http.bodies import FORM, read_body
from entrypoints.http.paging import Paging
from entrypoints.http.people import Beside
from entrypoints.http.replies import Listed, gone, listed
from entrypoints.http.route import Route
from entrypoints.http.schema import Id, Out, TimeOut

router = APIRouter(prefix="/api/v1/auth", tags=["Accounts"], route_class=Route)

LONGEST_PASSWORD = 1024
NOBODY = ""


async def _sessions(request: Request) -> Sessions:
    sessions: Sessions = request.app.state.container.sessions()
    return sessions


Uses = Annotated[Sessions, Depends(_sessions)]


class TokenOut(Out):
    access_token: str
    token_type: str = "bearer"  # noqa: S105 - a type
    expires_in: int
    refresh_token: str
    scope: str


class SessionOut(Out):
    id: str
    created_at: TimeOut
    last_used_at: TimeOut
    expires_at: TimeOut
    ip: str | None
    user_agent: str | None
    current: Annotated[bool, Field(description="Whether this is the sign-in that asks")]


class OAuthError(Exception):
    """RFC 6749, 5.2."""

    def __init__(self, code: str, description: str) -> None:
        super().__init__(description)
        self.code = code


def _form(name: str, example: dict[str, str], **properties: Any) -> dict[str, Any]:
    schema = {"type": "object", "properties": properties, "required": [name]}
    content = {each: {"schema": schema, "example": example} for each in FORM}
    return {"requestBody": {"required": True, "content": content}}


_TEXT = {"type": "string"}
_TOKEN_FORM = _form(
    "grant_type",
    {"grant_type": "password", "username": "ada", "password": "correct horse 1"},
    grant_type={"type": "string", "enum": ["password", "refresh_token"]},
    username=_TEXT,
    password={"type": "string", "format": "password"},
    refresh_token=_TEXT,
    scope=_TEXT,
)
_REVOKE_FORM = _form("token", {"token": "eyJhbGciOi..."}, token=_TEXT)


@router.post(
    "/token",
    operation_id="get_token",
    summary="Sign in",
    response_model=TokenOut,
    openapi_extra=_TOKEN_FORM,
)
async def token(request: Request) -> Response:
    """Sign in with a password, or go on with a refresh token."""
    uses = await _sessions(request)
    try:
        form = await _read_form(request)
        match form.get("grant_type"):
            case None:
                raise OAuthError("invalid_request", "grant_type is missing")
            case "password":
                login, guesses = _login(form), request.app.state.container.guesses()
                await guesses.count(name := _counted(login[0]))
                grant = await uses.sign_in(*login, _scopes(form), _client(request))
                await guesses.forget(name)
            case "refresh_token":
                if not form.get("refresh_token"):
                    raise OAuthError("invalid_request", "refresh_token is missing")
                grant = await uses.refresh(form["refresh_token"], _scopes(form))
            case _:
                raise OAuthError("unsupported_grant_type", "grant_type is password or refresh_token")
    except OAuthError as error:
        return _error(error.code, str(error))
    except (InvalidGrant, InvalidScope) as refusal:
        return _error(refusal.code, str(refusal))
    return _granted(grant)


@router.post("/revoke", operation_id="revoke_token", summary="Sign out", openapi_extra=_REVOKE_FORM)
async def revoke(request: Request) -> Response:
    """Sign out: a refresh token ends its sign-in, an access token itself."""
    try:
        form = await _read_form(request)
        if not form.get("token"):
            raise OAuthError("invalid_request", "token is missing")
    except OAuthError as error:
        return _error(error.code, str(error))
    await (await _sessions(request)).revoke(form["token"])
    return Response(b"{}", 200, media_type="application/json")


@router.get(
    "/sessions", operation_id="list_sessions", summary="Where I am signed in", response_model=Listed[SessionOut]
)
async def list_sessions(
    request: Request,
    uses: Uses,
    who: Annotated[Credentials, by_token("profile:read")],
    query: Annotated[Paging, Query()],
) -> Response:
    found = await uses.list(who.actor, query.window(request))
    return listed(request, SessionOut, mapped(found, marked(who)), query)


@router.delete("/sessions/{id}", operation_id="end_session", summary="Sign out somewhere", status_code=204)
async def end_session(id: Id, uses: Uses, who: Annotated[Credentials, by_token("profile:write")]) -> Response:
    await uses.end(who.actor, id)
    return gone()


def marked(who: Credentials) -> Callable[[Session], Beside]:
    """A sign-in beside whether it is the one that asks; a key is none."""
    return lambda session: Beside(session, current=session.id == who.session_id)


def _login(form: dict[str, str]) -> tuple[str, str]:
    if not form.get("username") or not form.get("password"):
        raise OAuthError("invalid_request", "username and password are needed")
    if len(form["username"]) > LONGEST_PASSWORD or len(form["password"]) > LONGEST_PASSWORD:
        return NOBODY, ""
    return _as_kept(form["username"]), form["password"]


def _as_kept(login: str) -> str:
    """An address in the form that addresses are kept in; what nobody can be called fails as any unknown name does."""
    try:
        return as_email(login) if "@" in login else text.normalise(login)
    except Invalid:
        return NOBODY


def _counted(login: str) -> str:
    """By what guesses are counted: one for all ways to write a name, and no name."""
    return hashlib.sha256(text.unique_key(login).encode()).hexdigest()


def _scopes(form: dict[str, str]) -> list[str] | None:
    asked = form.get("scope", "").split()
    return asked or None


async def _read_form(request: Request) -> dict[str, str]:
    """One value for each parameter (RFC 6749, 3.2); unknown ones are ignored."""
    raw = await read_body(request, FORM, request.app.state.max_body_bytes)
    try:
        pairs = parse_qsl(raw.decode(), keep_blank_values=True, errors="strict", max_num_fields=100)
        for pair in pairs:
            "".join(pair).encode()
    except ValueError as error:
        raise OAuthError("invalid_request", "the body is not a form in UTF-8") from error
    form = dict(pairs)
    known = ("grant_type", "username", "password", "scope", "refresh_token", "token")
    if any(sum(name == each for each, _ in pairs) > 1 for name in known):
        raise OAuthError("invalid_request", "a parameter is there twice")
    return form


def _client(request: Request) -> Client:
    agent = request.headers.get("user-agent")
    return Client(request.scope.get("ip"), agent[:500] if agent else None)


def _granted(grant: Grant) -> Response:
    body = TokenOut(
        access_token=grant.access_token,
        expires_in=grant.expires_in,
        refresh_token=grant.refresh_token,
        scope=" ".join(sorted(grant.scopes)),
    )
    return Response(
        body.model_dump_json(), 200, {"Cache-Control": "no-store", "Pragma": "no-cache"}, "application/json"
    )


def _error(code: str, description: str) -> Response:
    body = orjson.dumps({"error": code, "error_description": description})
    return Response(body, 400, {"Cache-Control": "no-store", "Pragma": "no-cache"}, "application/json")
