"""Answers over 1 KiB are gzipped for those who take it."""

import gzip

from starlette.requests import Request
from starlette.responses import Response

SMALLEST = 1024
_LEVEL = 5
_TYPES = ("application/json", "application/problem+json", "text/", "application/javascript")


def compressed(request: Request, response: Response) -> None:
    """Compresses in place. A gzipped form has an `ETag` of its own, since a strong one is for the very bytes."""
    if len(response.body) <= SMALLEST or not (response.media_type or "").startswith(_TYPES):
        return
    headers = response.raw_headers
    headers.append((b"vary", b"Accept-Encoding"))
    if not _takes_gzip(request.headers.get("accept-encoding", "")):
        return
    response.body = gzip.compress(response.body, _LEVEL, mtime=0)
    for number, (name, value) in enumerate(headers):
        if name == b"content-length":
            headers[number] = name, str(len(response.body)).encode()
        elif name == b"etag":
            headers[number] = name, value.removesuffix(b'"') + b'-gzip"'
    headers.append((b"content-encoding", b"gzip"))


def _takes_gzip(accepted: str) -> bool:
    """RFC 9110, 12.5.3: named with a weight above zero, or covered by `*`."""
    weights: dict[str, float] = {}
    for part in accepted.lower().split(","):
        coding, _, parameter = part.partition(";")
        name, _, weight = parameter.partition("=")
        try:
            weights[coding.strip()] = float(weight) if name.strip() == "q" else 1.0
        except ValueError:
            weights[coding.strip()] = 0.0
    return weights.get("gzip", weights.get("*", 0.0)) > 0
