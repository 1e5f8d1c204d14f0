"""API keys: made and ended by whoever signed in; the key itself is shown once."""

from dataclasses import asdict
from types import SimpleNamespace
from typing import Annotated

from fastapi import APIRouter, Depends, Query
from pydantic import Field, field_validator
from starlette.requests import Request
from starlette.responses import Response

from application.api_keys import ApiKeys
from application.authentication import Credentials
from domain.access import ALL_SCOPES
from domain.errors import Invalid
from entrypoints.http.access import by_token
from entrypoints.http.paging import Paging
from entrypoints.http.replies import Listed, gone, listed, made
from entrypoints.http.route import Route
from entrypoints.http.schema import Id, In, Name, Out, TimeIn, TimeOut, accepting, example

router = APIRouter(prefix="/api/v1/auth/api-keys", tags=["Accounts"], route_class=Route)


async def _api_keys(request: Request) -> ApiKeys:
    api_keys: ApiKeys = request.app.state.container.api_keys()
    return api_keys


Uses = Annotated[ApiKeys, Depends(_api_keys)]


def _known(scopes: list[str]) -> list[str]:
    unknown = [scope for scope in scopes if scope not in ALL_SCOPES]
    if unknown:
        raise Invalid("must be scopes that there are")
    return scopes


class NewApiKey(In, json_schema_extra=example(name="Till 7", scopes=["items:read"])):
    name: Name
    scopes: Annotated[list[str], Field(min_length=1, max_length=len(ALL_SCOPES))]
    expires_at: TimeIn | None = None

    _scopes = field_validator("scopes")(accepting(_known))


class ApiKeyOut(Out):
    id: str
    created_at: TimeOut
    name: str
    prefix: str
    scopes: list[str]
    expires_at: TimeOut | None
    last_used_at: TimeOut | None


class NewApiKeyOut(ApiKeyOut):
    key: Annotated[str, Field(description="Shown this once")]


@router.post("", operation_id="make_api_key", summary="Make a key", status_code=201, response_model=NewApiKeyOut)
async def make_api_key(body: NewApiKey, uses: Uses, who: Annotated[Credentials, by_token("profile:write")]) -> Response:
    kept, key = await uses.make(who.actor, body.name, body.scopes, body.expires_at)
    return made(NewApiKeyOut, SimpleNamespace(**asdict(kept), key=key))


@router.get("", operation_id="list_api_keys", summary="My keys", response_model=Listed[ApiKeyOut])
async def list_api_keys(
    request: Request,
    uses: Uses,
    who: Annotated[Credentials, by_token("profile:read")],
    query: Annotated[Paging, Query()],
) -> Response:
    return listed(request, ApiKeyOut, await uses.list(who.actor, query.window(request)), query)


@router.delete("/{id}", operation_id="end_api_key", summary="End a key", status_code=204)
async def end_api_key(id: Id, uses: Uses, who: Annotated[Credentials, by_token("profile:write")]) -> Response:
    await uses.end(who.actor, id)
    return gone()
