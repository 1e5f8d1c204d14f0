"""Cross-origin requests (Fetch Standard, 3.3): closed unless origins are named; never with cookies."""

from collections.abc import Iterable

from starlette.requests import Request
from starlette.responses import Response

EXPOSED = "ETag, Link, Location, RateLimit, RateLimit-Policy, Retry-After, X-Request-ID, Idempotency-Replayed"
MAX_AGE_S = 600


class Cors:
    def __init__(self, origins: Iterable[str]) -> None:
        self._origins = frozenset(origins)

    def headers(self, request: Request, response: Response) -> list[tuple[bytes, bytes]]:
        """What the answer to this request needs for its origin to read it."""
        if not self._origins:
            return []
        varied = [(b"vary", b"Origin")]
        origin = request.headers.get("origin")
        if origin is None or not ("*" in self._origins or origin in self._origins):
            return varied
        allowed = [*varied, (b"access-control-allow-origin", origin.encode("latin-1"))]
        if request.method == "OPTIONS" and "access-control-request-method" in request.headers:
            asked = request.headers.get("access-control-request-headers", "")
            return [
                *allowed,
                (b"access-control-allow-methods", response.headers.get("allow", "").encode("latin-1")),
                (b"access-control-allow-headers", asked.encode("latin-1")),
                (b"access-control-max-age", str(MAX_AGE_S).encode()),
            ]
        return [*allowed, (b"access-control-expose-headers", EXPOSED.encode())]
