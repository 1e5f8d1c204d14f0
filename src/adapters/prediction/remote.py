"""A model server of one's own, over HTTP: what it has to answer is in docs/predictions.md."""

import asyncio
import math
import random
import time
from collections.abc import Mapping, Sequence
from typing import Any

import httpx

from adapters.prediction.breaker import Breaker
from application.ports.predictor import Predictor
from domain.errors import Unavailable
from domain.predictions import Model, ModelName

ATTEMPTS = 3
FIRST_PAUSE_S = 0.1
LARGEST_ANSWER = 256 * 1024
AGAIN = frozenset({408, 425, 429, 500, 502, 503, 504})


class RemotePredictor(Predictor):
    """`url` is what `/models` and `/predictions` are put behind; all attempts together take at most `timeout_s`."""

    def __init__(self, url: str, connections: int, timeout_s: float) -> None:
        self._url, self._timeout_s = url.rstrip("/"), timeout_s
        self._connections = connections
        self._client: httpx.AsyncClient | None = None
        self._breaker = Breaker(time.monotonic)

    async def models(self) -> Sequence[Model]:
        found = await self._asked("GET", "/models", None)
        try:
            by_name = {model["name"]: model for model in found}
            return [
                Model(
                    name=name,
                    description=str(by_name[name]["description"]),
                    labels=[str(label) for label in by_name[name]["labels"]],
                    version=str(by_name[name]["version"]),
                )
                for name in ModelName
            ]
        except (LookupError, TypeError) as error:
            raise Unavailable from error

    async def shares(self, model: ModelName, text: str) -> Mapping[str, float]:
        found = await self._asked("POST", "/predictions", {"model": model.value, "text": text, "temperature": 1})
        try:
            shares = {str(label): float(share) for label, share in found["scores"].items()}
        except (LookupError, TypeError, ValueError, AttributeError) as error:
            raise Unavailable from error
        if not all(math.isfinite(share) for share in shares.values()):
            raise Unavailable
        return shares

    async def close(self) -> None:
        if self._client is not None:
            await self._client.aclose()

    async def _asked(self, method: str, path: str, body: Any) -> Any:
        if not self._breaker.lets_through:
            raise Unavailable("The model server does not answer. Try again shortly.")
        try:
            async with asyncio.timeout(self._timeout_s):
                answer = await self._tried(method, path, body)
        except (httpx.HTTPError, TimeoutError, ValueError) as error:
            self._breaker.failed()
            raise Unavailable("The model server does not answer. Try again shortly.") from error
        self._breaker.succeeded()
        return answer

    async def _tried(self, method: str, path: str, body: Any) -> Any:
        for attempt in range(1, ATTEMPTS + 1):
            try:
                return await self._answer(method, path, body)
            except httpx.HTTPStatusError as error:
                if attempt == ATTEMPTS or error.response.status_code not in AGAIN:
                    raise
            except httpx.TransportError:
                if attempt == ATTEMPTS:
                    raise
            await asyncio.sleep(FIRST_PAUSE_S * 2 ** (attempt - 1) * random.uniform(0.5, 1))  # noqa: S311
        raise AssertionError("the last attempt answers or raises")

    async def _answer(self, method: str, path: str, body: Any) -> Any:
        """At most so much of it is read."""
        if self._client is None:
            limits = httpx.Limits(max_connections=self._connections)
            self._client = httpx.AsyncClient(timeout=self._timeout_s, limits=limits, follow_redirects=False)
        async with self._client.stream(method, self._url + path, json=body) as response:
            if not response.is_success:
                response.raise_for_status()
                raise httpx.RequestError(f"status {response.status_code}")
            content = b""
            async for part in response.aiter_bytes():
                content += part
                if len(content) > LARGEST_ANSWER:
                    raise ValueError("too long an answer")
        return httpx.Response(200, content=content).json()
