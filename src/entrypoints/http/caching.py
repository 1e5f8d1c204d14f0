"""Public answers from the cache: in front of the use cases, behind the checks of whoever asks.

What is kept is what nobody in particular was answered, with 200: so it holds nothing that not everybody may see. The
rest of an answer, as its `Cache-Control`, 304 or gzip, is made for each request as ever.
"""

import hashlib
from collections.abc import Awaitable, Callable, Sequence
from typing import Annotated

import orjson
from fastapi import Depends
from starlette.requests import Request
from starlette.responses import Response

from application.caching import Caching
from domain.access import Actor
from domain.errors import NotFound
from entrypoints.http.replies import JSON

_KEPT = ("etag", "link")

Answer = Callable[[Actor | None], Awaitable[Response]]
"""What somebody is answered, or nobody in particular."""


class PublicReads:
    """`caching` is None where nothing is kept."""

    def __init__(self, caching: Caching | None) -> None:
        self._caching = caching

    async def thing(self, key: str, about: Sequence[str], actor: Actor | None, answer: Answer) -> Response:
        """What is the same for all who may see it. What nobody in particular may, the actor is asked about."""
        if self._caching is None:
            return await answer(actor)
        try:
            return await self._kept(self._caching, key, about, answer)
        except NotFound:
            if actor is None:
                raise
        return await answer(actor)

    async def listing(self, request: Request, about: Sequence[str], actor: Actor | None, answer: Answer) -> Response:
        """Their own things are in it for those who are signed in, so only the others' is kept, by its whole URL."""
        if self._caching is None or actor is not None:
            return await answer(actor)
        key = hashlib.sha256(str(request.url).encode()).hexdigest()
        return await self._kept(self._caching, key, about, answer)

    async def _kept(self, caching: Caching, key: str, about: Sequence[str], answer: Answer) -> Response:
        async def load() -> bytes:
            return _packed(await answer(None))

        return _unpacked(await caching(key, about, load))


async def public_reads(request: Request) -> PublicReads:
    reads: PublicReads = request.app.state.container.public_reads()
    return reads


Public = Annotated[PublicReads, Depends(public_reads)]


def _packed(response: Response) -> bytes:
    headers = {name: value for name, value in response.headers.items() if name in _KEPT}
    return orjson.dumps(headers) + b"\n" + bytes(response.body)


def _unpacked(kept: bytes) -> Response:
    headers, _, body = kept.partition(b"\n")
    return Response(body, 200, orjson.loads(headers), JSON)
