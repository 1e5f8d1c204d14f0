"""Rooms over HTTP: keeping them, their members, and the plain way to speak."""

from typing import Annotated

from fastapi import APIRouter, Depends, Query
from starlette.requests import Request
from starlette.responses import Response

from application.preconditions import Versions
from application.rooms import Rooms
from domain.access import Actor, UserId
from domain.rooms import LONGEST_NAME, LONGEST_TEXT
from entrypoints.http.access import signed_in
from entrypoints.http.conditional import if_match
from entrypoints.http.idempotency import Once
from entrypoints.http.paging import Paging
from entrypoints.http.people import PersonOut
from entrypoints.http.replies import Listed, gone, listed, made, shown
from entrypoints.http.route import Route
from entrypoints.http.schema import Id, In, Out, TimeOut, example, string

router = APIRouter(prefix="/api/v1/rooms", tags=["Rooms and events"], route_class=Route)


async def _rooms(request: Request) -> Rooms:
    rooms: Rooms = request.app.state.container.rooms()
    return rooms


Uses = Annotated[Rooms, Depends(_rooms)]
Reader = Annotated[Actor, signed_in("rooms:read")]
Writer = Annotated[Actor, signed_in("rooms:write")]
Expected = Annotated[Versions, Depends(if_match)]
RoomName = string(1, LONGEST_NAME)
MessageText = string(1, LONGEST_TEXT)


class NewRoom(In, json_schema_extra=example(name="Tea", is_private=False)):
    name: RoomName  # type: ignore[valid-type]
    is_private: bool = False


class NewMember(In, json_schema_extra=example(user_id="019a1b2c-3d4e-7f50-8a6b-7c8d9e0f1a2b")):
    user_id: Id


class NewMessage(In, json_schema_extra=example(text="Is there tea?")):
    text: MessageText  # type: ignore[valid-type]


class RoomOut(Out):
    id: str
    created_at: TimeOut
    name: str
    is_private: bool
    owner: PersonOut
    member_count: int


class MemberOut(Out):
    user: PersonOut
    joined_at: TimeOut


class MessageOut(Out):
    id: str
    created_at: TimeOut
    room_id: str
    sequence: int
    author: PersonOut
    text: str
    client_id: str | None


@router.post("", operation_id="create_room", summary="Open a room", status_code=201, response_model=RoomOut)
async def create_room(body: NewRoom, actor: Writer, uses: Uses, once: Once) -> Response:
    return await once(
        actor,
        lambda operation: uses.open(actor, body.name, body.is_private, operation),
        lambda room: made(RoomOut, room, location=f"/api/v1/rooms/{room.id}"),
    )


@router.get("", operation_id="list_rooms", summary="Rooms open to me", response_model=Listed[RoomOut])
async def list_rooms(request: Request, actor: Reader, uses: Uses, query: Annotated[Paging, Query()]) -> Response:
    return listed(request, RoomOut, await uses.list(actor, query.window(request)), query)


@router.get("/{id}", operation_id="get_room", summary="One room", response_model=RoomOut)
async def get_room(id: Id, actor: Reader, uses: Uses) -> Response:
    return shown(RoomOut, await uses.read(actor, id))


@router.delete("/{id}", operation_id="delete_room", summary="Close a room", status_code=204)
async def delete_room(id: Id, actor: Writer, uses: Uses, expected: Expected) -> Response:
    await uses.close(actor, id, expected)
    return gone()


@router.get("/{id}/members", operation_id="list_members", summary="Its members", response_model=Listed[MemberOut])
async def list_members(
    request: Request, id: Id, actor: Reader, uses: Uses, query: Annotated[Paging, Query()]
) -> Response:
    return listed(request, MemberOut, await uses.list_members(actor, id, query.window(request)), query)


@router.post(
    "/{id}/members",
    operation_id="add_member",
    summary="Add a member",
    status_code=201,
    response_model=MemberOut,
    responses={200: {"description": "Was a member already", "model": MemberOut}},
)
async def add_member(id: Id, body: NewMember, actor: Writer, uses: Uses, once: Once) -> Response:
    return await once(
        actor,
        lambda operation: uses.add_member(actor, id, UserId(body.user_id), operation),
        lambda member: shown(MemberOut, member, status=201 if member.added else 200),
    )


@router.delete("/{id}/members/{user_id}", operation_id="remove_member", summary="Take out a member", status_code=204)
async def remove_member(id: Id, user_id: Id, actor: Writer, uses: Uses) -> Response:
    await uses.take_out_member(actor, id, UserId(user_id))
    return gone()


@router.get("/{id}/messages", operation_id="list_messages", summary="What was said", response_model=Listed[MessageOut])
async def list_messages(
    request: Request, id: Id, actor: Reader, uses: Uses, query: Annotated[Paging, Query()]
) -> Response:
    found = await uses.history(actor, id, query.window(request))
    return listed(request, MessageOut, found, query)


@router.post(
    "/{id}/messages", operation_id="create_message", summary="Say something", status_code=201, response_model=MessageOut
)
async def create_message(id: Id, body: NewMessage, actor: Writer, uses: Uses, once: Once) -> Response:
    return await once(
        actor,
        lambda operation: uses.say(actor, id, body.text, None, operation),
        lambda said: made(MessageOut, said),
    )
