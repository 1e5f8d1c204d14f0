"""Accounts over HTTP: joining, profiles, and looking after people."""

import unicodedata
from collections.abc import Callable
from types import SimpleNamespace
from typing import Annotated

from email_validator import EmailNotValidError, validate_email
from fastapi import APIRouter, Depends, Query
from pydantic import AfterValidator, Field, ValidationInfo, WithJsonSchema, field_validator
from pydantic_core import PydanticCustomError
from starlette.requests import Request
from starlette.responses import Response

from application.accounts import Accounts
from application.authentication import Credentials
from application.preconditions import Versions
from domain import text
from domain.access import Actor, Role, UserId
from domain.accounts import AGES, UserFilter, sees_whole, username
from domain.errors import Invalid
from entrypoints.http.access import Anyone, by_token, signed_in
from entrypoints.http.conditional import if_match
from entrypoints.http.paging import Flag, Paging
from entrypoints.http.replies import Listed, gone, listed, made, shown
from entrypoints.http.route import Route
from entrypoints.http.schema import Id, In, Name, Out, ShortText, TimeOut, accepting, example, patch_of, string

router = APIRouter(prefix="/api/v1", tags=["Accounts"], route_class=Route)


async def _accounts(request: Request) -> Accounts:
    accounts: Accounts = request.app.state.container.accounts()
    return accounts


Uses = Annotated[Accounts, Depends(_accounts)]
Expected = Annotated[Versions, Depends(if_match)]
Reader = Annotated[Actor, signed_in("profile:read")]


def as_email(value: str) -> str:
    """The domain in its ASCII form, in lower case (IDNA 2008)."""
    try:
        found = validate_email(text.refuse_unstorable(value).strip(), check_deliverability=False, test_environment=True)
    except EmailNotValidError as error:
        raise Invalid("must be an e-mail address") from error
    return f"{found.local_part}@{found.ascii_domain}"


def _password(value: str) -> str:
    """Not stripped; how strong it is, the domain decides."""
    normal = text.refuse_unstorable(value)
    if len(normal) > 1024:
        raise Invalid("must have 8-128 characters")
    return unicodedata.normalize("NFC", normal)


def _same_as(field: str) -> Callable[[str | None, ValidationInfo], str | None]:
    """A validator of what repeats another field."""

    def same(value: str | None, info: ValidationInfo) -> str | None:
        if value is not None and value != info.data.get(field, value):
            raise PydanticCustomError("passwords_differ", f"must be the same as {field}")
        return value

    return same


Username = Annotated[
    str, AfterValidator(accepting(username)), WithJsonSchema({"type": "string", "pattern": "^[A-Za-z0-9_]{3,50}$"})
]
Email = Annotated[str, AfterValidator(accepting(as_email)), WithJsonSchema({"type": "string", "format": "email"})]
Password = Annotated[
    str,
    AfterValidator(accepting(_password)),
    WithJsonSchema({"type": "string", "format": "password", "minLength": 8, "maxLength": 128}),
]


class NewAccount(
    In,
    json_schema_extra=example(username="ada", email="ada@example.com", password="correct horse 1"),  # noqa: S106
):
    username: Username
    email: Email
    password: Password
    confirm_password: Password | None = None
    full_name: Name | None = None

    _confirmed = field_validator("confirm_password")(_same_as("password"))


class NewPassword(
    In,
    json_schema_extra=example(
        current_password="correct horse 1",  # noqa: S106
        new_password="battery staple 2",  # noqa: S106
        confirm_password="battery staple 2",  # noqa: S106
    ),
):
    current_password: Password
    new_password: Password
    confirm_password: Password

    _confirmed = field_validator("confirm_password")(_same_as("new_password"))


class Profile(In, json_schema_extra=example(full_name="Ada Lovelace", bio="Counts")):
    full_name: Name | None = None
    bio: ShortText | None = None
    age: Annotated[int, Field(ge=AGES.start, lt=AGES.stop)] | None = None


class Administered(In, json_schema_extra=example(role="staff")):
    role: Annotated[Role, Field(strict=False)]
    is_active: bool


ProfilePatch, AdministeredPatch = patch_of(Profile), patch_of(Administered)


class PublicUserOut(Out):
    of_one_version = True

    id: str
    created_at: TimeOut
    username: str
    full_name: str | None
    bio: str | None
    avatar_url: str | None


class UserOut(PublicUserOut):
    updated_at: TimeOut
    email: str
    email_verified: bool
    age: int | None
    role: Role
    is_active: bool


class UserBatch(Out):
    items: list[PublicUserOut]
    missing: list[str]


class UsersQuery(Paging):
    q: string(1, 50) | None = None  # type: ignore[valid-type]
    role: Role | None = None
    is_active: Flag | None = None


class BatchQuery(Out):
    ids: Annotated[list[Id], Field(min_length=1, max_length=100)]


@router.post("/auth/register", operation_id="register", summary="Join", status_code=201, response_model=UserOut)
async def register(body: NewAccount, caller: Anyone, uses: Uses) -> Response:
    user = await uses.register(
        username=body.username, email=body.email, password=body.password, full_name=body.full_name
    )
    return made(UserOut, user, location=f"/api/v1/users/{user.id}")


@router.post("/auth/password", operation_id="change_password", summary="Change my password", status_code=204)
async def change_password(
    body: NewPassword, who: Annotated[Credentials, by_token("profile:write")], uses: Uses
) -> Response:
    await uses.change_password(who, body.current_password, body.new_password)
    return gone()


@router.get("/users/me", operation_id="get_me", summary="My profile", response_model=UserOut)
async def get_me(actor: Reader, uses: Uses) -> Response:
    return shown(UserOut, await uses.read(actor.id))


@router.patch("/users/me", operation_id="patch_me", summary="Change my profile", response_model=UserOut)
async def patch_me(
    body: ProfilePatch,  # type: ignore[valid-type]
    actor: Annotated[Actor, signed_in("profile:write")],
    uses: Uses,
    expected: Expected,
) -> Response:
    return shown(UserOut, await uses.revise(actor, body.changes(), expected))  # type: ignore[attr-defined]


@router.delete("/users/me", operation_id="delete_me", summary="Leave", status_code=204)
async def delete_me(who: Annotated[Credentials, by_token("profile:write")], uses: Uses, expected: Expected) -> Response:
    await uses.erase(who.actor, expected)
    return gone()


@router.get("/users/batch", operation_id="get_users", summary="Several people", response_model=UserBatch)
async def get_users(
    actor: Annotated[Actor, signed_in()], uses: Uses, query: Annotated[BatchQuery, Query()]
) -> Response:
    found, missing = await uses.read_many([UserId(id) for id in query.ids])
    return shown(UserBatch, SimpleNamespace(items=found, missing=missing), tagged=False)


@router.get("/users", operation_id="list_users", summary="Find people", response_model=Listed[UserOut])
async def list_users(
    request: Request,
    actor: Annotated[Actor, signed_in("users:read", role=Role.STAFF)],
    uses: Uses,
    query: Annotated[UsersQuery, Query()],
) -> Response:
    wanted = UserFilter(q=query.q, role=query.role, is_active=query.is_active)
    return listed(request, UserOut, await uses.list(wanted, query.window(request)), query)


@router.get("/users/{id}", operation_id="get_user", summary="One person", response_model=UserOut | PublicUserOut)
async def get_user(id: Id, actor: Annotated[Actor, signed_in()], uses: Uses) -> Response:
    user = await uses.read(id)
    return shown(UserOut if sees_whole(actor, user) else PublicUserOut, user)


@router.patch("/users/{id}", operation_id="patch_user", summary="Change somebody's role", response_model=UserOut)
async def patch_user(
    id: Id,
    body: AdministeredPatch,  # type: ignore[valid-type]
    actor: Annotated[Actor, signed_in("users:write", role=Role.ADMIN)],
    uses: Uses,
    expected: Expected,
) -> Response:
    return shown(UserOut, await uses.administer(actor, id, body.changes(), expected))  # type: ignore[attr-defined]
