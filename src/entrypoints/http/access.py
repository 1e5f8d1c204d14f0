"""Who is asking, and whether they may: a bearer token or an API key, with its scopes and role.

Each declaration is a FastAPI security dependency, so that the OpenAPI document says what the code asks for.
"""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from functools import partial
from typing import Annotated, Any

from fastapi import Security
from fastapi.openapi.models import OAuth2 as OAuth2Model
from fastapi.openapi.models import OAuthFlowPassword, OAuthFlows
from fastapi.security.base import SecurityBase
from starlette.requests import Request

from application.authentication import Credentials
from domain.access import ALL_SCOPES, Actor, Role
from domain.errors import Forbidden, InsufficientScope, Unauthenticated

TOKEN_PATH = "/api/v1/auth/token"  # noqa: S105 - a path
_SCHEME = OAuth2Model(
    flows=OAuthFlows(password=OAuthFlowPassword(tokenUrl=TOKEN_PATH, scopes=dict.fromkeys(sorted(ALL_SCOPES), "")))
)


Again = Callable[[], Awaitable[Credentials]]
"""Looks at the credentials, as they are now. Raises `Unauthenticated` where they have ended."""


@dataclass(frozen=True, slots=True)
class Presented:
    """Who asks, and the way to see later whether they still may."""

    found: Credentials
    again: Again


async def credentials(request: Request) -> Credentials | None:
    """None where there are none. Raises `Unauthenticated` for bad ones, and for two at once."""
    sent = request.scope["sent"]
    if b"authorization" not in sent and b"x-api-key" not in sent:
        return None
    again = _way(request, [])
    return None if again is None else await _looked_at(request, again)


def _way(request: Request, tokens: list[str]) -> Again | None:
    """`tokens` came by another way than a header."""
    authorization, keys = request.headers.getlist("authorization"), request.headers.getlist("x-api-key")
    if not authorization and not keys and not tokens:
        return None
    if len(authorization) + len(keys) + len(tokens) > 1:
        raise Unauthenticated("Send one credential, not several.")
    container = request.app.state.container
    if keys:
        return partial(container.authenticate_key(), keys[0])
    scheme, _, token = authorization[0].partition(" ") if authorization else ("bearer", "", tokens[0])
    if scheme.lower() != "bearer" or not token.strip():
        raise Unauthenticated()
    return partial(container.authenticate_token(), token.strip())


async def _looked_at(request: Request, again: Again) -> Credentials:
    found = await again()
    request.scope["caller"] = found.actor.id
    return found


class _Access(SecurityBase):
    model = _SCHEME
    scheme_name = "OAuth2"
    anybody = False

    def __init__(self, scopes: tuple[str, ...], role: Role, *, tokens_only: bool) -> None:
        self._scopes, self._role, self.tokens_only = scopes, role, tokens_only

    async def _require(self, request: Request) -> Credentials:
        found = await credentials(request)
        if found is None:
            raise Unauthenticated()
        missing = [scope for scope in self._scopes if scope not in found.actor.scopes]
        if self.tokens_only and found.session_id is None:
            raise Forbidden("An API key may not do this; sign in.")
        if missing:
            raise InsufficientScope(*self._scopes)
        if not found.actor.role.covers(self._role):
            raise Forbidden(f"Only {self._role} may do this.")
        return found


class _ActorAccess(_Access):
    async def __call__(self, request: Request) -> Actor:
        return (await self._require(request)).actor


class _CredentialsAccess(_Access):
    async def __call__(self, request: Request) -> Credentials:
        return await self._require(request)


class _PresentedAccess(_Access):
    """By a header, or as `?token=`, for clients that cannot send headers."""

    async def __call__(self, request: Request) -> Presented:
        again = _way(request, request.query_params.getlist("token"))
        if again is None:
            raise Unauthenticated()
        return Presented(await _looked_at(request, again), again)


class _Anyone(SecurityBase):
    """Public, but a bad credential is refused all the same."""

    model = _SCHEME
    scheme_name = "OAuth2"
    anybody, tokens_only = True, False

    async def __call__(self, request: Request) -> Actor | None:
        found = await credentials(request)
        return None if found is None else found.actor


def signed_in(*scopes: str, role: Role = Role.CUSTOMER) -> Any:
    """An actor with these scopes and at least this role."""
    return Security(_ActorAccess(scopes, role, tokens_only=False), scopes=scopes)


def by_either(*scopes: str) -> Any:
    """The credentials of somebody with these scopes, whether they signed in or have a key."""
    return Security(_CredentialsAccess(scopes, Role.CUSTOMER, tokens_only=False), scopes=scopes)


def by_token(*scopes: str) -> Any:
    """The credentials of somebody who signed in; keys are refused (403)."""
    return Security(_CredentialsAccess(scopes, Role.CUSTOMER, tokens_only=True), scopes=scopes)


def presented_anyhow() -> Any:
    """Credentials that outlive the request's beginning; which scopes they need, the endpoint says."""
    return Security(_PresentedAccess((), Role.CUSTOMER, tokens_only=False))


Anyone = Annotated[Actor | None, Security(_Anyone())]
