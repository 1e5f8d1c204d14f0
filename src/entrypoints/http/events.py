"""The event feed as Server-Sent Events (HTML, 9.2)."""

import asyncio
from collections.abc import AsyncGenerator, Collection
from contextlib import suppress
from typing import Annotated, Any

from fastapi import APIRouter, Query
from pydantic import BaseModel, ConfigDict, Field
from starlette.requests import Request
from starlette.responses import Response

from application.events import Feed, Start
from application.ports.showing import Showing
from domain.access import Actor
from domain.errors import InsufficientScope, Refusal, Unavailable
from domain.events import SCOPES, Event
from entrypoints.http.access import Presented, presented_anyhow
from entrypoints.http.problems import BadShape
from entrypoints.http.route import Route
from entrypoints.http.streams import Stream

router = APIRouter(prefix="/api/v1", tags=["Rooms and events"], route_class=Route)

TYPE = "text/event-stream"
HEARTBEAT_S = 15.0
CHECK_S = 2.0
"""How often a listener's credentials are looked at while nothing happens."""

LARGEST = 64 * 1024
"""Bytes that are sent at once, if it is not one event that has more."""

RETRY = b"retry: 2000\n\n"
RESET = b'event: reset\ndata: {"reason":"expired"}\n\n'
BEAT = b":\n\n"
FAREWELL = b": the server stops; come back to another one\nretry: 1000\n\n"
HEADERS = {"content-type": TYPE, "cache-control": "no-store", "x-accel-buffering": "no"}


class EventsQuery(BaseModel):
    model_config = ConfigDict(extra="ignore", frozen=True)

    topics: list[str] = Field(default=[], description=f"Separated by commas, of {' '.join(SCOPES)}; all without it")
    last_event_id: str | None = Field(default=None, description="As `Last-Event-ID`")
    token: str | None = Field(default=None, description="An access token, where no header can be sent")


@router.get(
    "/events",
    operation_id="listen_to_events",
    summary="What happens, as it happens",
    response_class=Response,
    responses={200: {"content": {TYPE: {"schema": {"type": "string"}}}}},
)
async def listen_to_events(
    request: Request, who: Annotated[Presented, presented_anyhow()], query: Annotated[EventsQuery, Query()]
) -> Response:
    """`id`, `event` and `data` of each; what follows `Last-Event-ID`, or what happens from now on."""
    container = request.app.state.container
    feed: Feed = container.feed()
    leave = await container.streams().enter(who.found.actor.id)
    try:
        topics = _topics(query, who.found.actor)
        start = await feed.start(request.headers.get("last-event-id") or query.last_event_id or None)
    except BaseException:
        leave()
        raise
    if request.method == "HEAD":
        leave()
        return _headers_alone()
    return Stream(_parts(feed, container.showing(), who, topics, start), request.receive, leave, **HEADERS)


def _headers_alone() -> Response:
    response = Response(None, 200, HEADERS)
    del response.headers["content-length"]  # as there is none where there is a body
    return response


def _topics(query: EventsQuery, actor: Actor) -> frozenset[str]:
    """Raises `InsufficientScope` for one that the actor may not read, and `BadShape` for what is none."""
    asked = {topic.strip() for value in query.topics for topic in value.split(",")}
    if not asked:
        allowed = frozenset(topic for topic, scope in SCOPES.items() if scope in actor.scopes)
        if not allowed:
            raise InsufficientScope(*SCOPES.values())
        return allowed
    _require(asked, actor)
    if not asked <= SCOPES.keys():
        message = f"must be of {' '.join(SCOPES)}, separated by commas"
        raise BadShape([{"loc": ["query", "topics"], "message": message, "type": "value_error"}])
    return frozenset(asked)


def _require(topics: Collection[str], actor: Actor) -> None:
    missing = sorted({SCOPES[topic] for topic in topics if topic in SCOPES} - actor.scopes)
    if missing:
        raise InsufficientScope(*missing)


async def _parts(
    feed: Feed, showing: Showing, who: Presented, topics: frozenset[str], start: Start
) -> AsyncGenerator[bytes]:
    """Until the credentials end, or the feed is closed. What cannot be read right now is read later."""
    now = asyncio.get_running_loop().time
    place, beat = start.sequence, now() + HEARTBEAT_S
    with feed.listening():
        yield RETRY + (RESET if start.expired else b"")
        await _tried(feed.catch_up())
        while not feed.is_closed:
            part, wait, move = b"", 0.0, feed.move()
            try:
                actor = (await who.again()).actor
                _require(topics, actor)
                events = await feed.following(place)
                for event in events:
                    part += await _frame(event, showing, actor, topics)
                    place = event.sequence or place
                    if len(part) >= LARGEST:
                        break
                wait = 0.0 if events else min(CHECK_S, max(0.0, beat - now()))
            except Unavailable:
                wait = CHECK_S
            except Refusal:
                return
            if now() >= beat:
                part, beat = part + BEAT, now() + HEARTBEAT_S
            if part:
                yield part
            if wait:
                await _moved(move, wait)
        yield FAREWELL


async def _frame(event: Event, showing: Showing, actor: Actor, topics: frozenset[str]) -> bytes:
    """Nothing where it is not for them."""
    data = await showing(event, actor) if event.topic in topics else None
    if data is None:
        return b""
    return f"id: {event.id}\nevent: {event.type}\ndata: ".encode() + data + b"\n\n"


async def _moved(move: asyncio.Event, seconds: float) -> None:
    with suppress(TimeoutError):
        async with asyncio.timeout(seconds):
            await move.wait()


async def _tried(work: Any) -> None:
    with suppress(Unavailable):
        await work
