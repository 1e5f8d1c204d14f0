"""`Idempotency-Key` (IETF draft): a POST that is repeated does its work once and is told the same answer.

The answer is kept in the commit of the work, so there is no moment at which one is there without the other. Within a
process a second request is refused while the first is in flight; of two processes, the store lets one commit, and the
other is told what that one was.
"""

import hashlib
import re
from collections.abc import Awaitable, Callable
from functools import partial
from typing import Annotated, Protocol, TypeVar

from fastapi import Depends
from starlette.requests import Request
from starlette.responses import Response

from application.ports.unit_of_work import Answer, Operation, StoredAnswer, Units
from domain.access import Actor
from domain.errors import Refusal, Unavailable
from entrypoints.http.problems import IdempotencyInFlight, IdempotencyKeyReused, InvalidIdempotencyKey

R = TypeVar("R")

_KEY = re.compile(r"[\x21-\x7e]{1,255}", re.ASCII)
_KEPT = ("location", "etag")
_EMPTY = ""
"""The fingerprint of a request without a body."""


class Idempotency:
    def __init__(self, units: Units) -> None:
        self._units = units
        self._in_flight: set[str] = set()

    async def once(
        self,
        request: Request,
        key: str | None,
        actor: Actor,
        work: Callable[[Operation | None], Awaitable[R]],
        render: Callable[[R], Response],
    ) -> Response:
        """Does `work` and renders its result; for a key that was used, the answer that was given then."""
        if key is None:
            return render(await work(None))
        name = f"{actor.id} {request.method} {request.scope['path']} {key}"
        operation = Operation(
            id=hashlib.sha256(name.encode()).hexdigest(),
            fingerprint=request.scope["fingerprint"]() if "fingerprint" in request.scope else _EMPTY,
            render=lambda result: _answer(render(result)),
        )
        replayed = await self._replayed(operation)
        if replayed is not None:
            return replayed
        if operation.id in self._in_flight:
            raise IdempotencyInFlight()
        self._in_flight.add(operation.id)
        try:
            return render(await work(operation))
        except Unavailable:
            raise  # who waited for the store once is told so, and may ask again with the key
        except Refusal:
            replayed = await self._replayed(operation)  # somebody else may have done it meanwhile
            if replayed is None:
                raise
            return replayed
        finally:
            self._in_flight.discard(operation.id)

    async def _replayed(self, operation: Operation) -> Response | None:
        stored = await self._units.answered(operation.id)
        return None if stored is None else _replay(operation, stored)


class OnceFor(Protocol):
    """`Idempotency.once` of the request at hand and its key."""

    async def __call__(
        self, actor: Actor, work: Callable[[Operation | None], Awaitable[R]], render: Callable[[R], Response]
    ) -> Response: ...


async def once(request: Request) -> OnceFor:
    idempotency: Idempotency = request.app.state.container.idempotency()
    return partial(idempotency.once, request, _key(request))


Once = Annotated[OnceFor, Depends(once)]


def _key(request: Request) -> str | None:
    """Looked at before the body's shape and the path's id: a bad one is a fault of what was sent."""
    sent = request.headers.getlist("idempotency-key")
    if not sent:
        return None
    if len(sent) > 1 or not _KEY.fullmatch(sent[0]):
        raise InvalidIdempotencyKey()
    return sent[0]


def _replay(operation: Operation, stored: StoredAnswer) -> Response:
    if stored.fingerprint != operation.fingerprint:
        raise IdempotencyKeyReused()
    headers = {**stored.headers, "Idempotency-Replayed": "true"}
    return Response(stored.body, stored.status, headers, "application/json")


def _answer(response: Response) -> Answer:
    kept = {name: value for name, value in response.headers.items() if name in _KEPT}
    return Answer(response.status_code, kept, bytes(response.body).decode())
