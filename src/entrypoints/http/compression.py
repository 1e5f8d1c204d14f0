"""Answers over 1 KiB are gzipped for those who take it."""

import gzip

from starlette.requests import Request
from starlette.responses import Response

SMALLEST = 1024
_LEVEL = 5
_TYPES = ("application/json", "application/problem+json", "text/", "application/javascript")


class Packed(Response):
    """What is kept gzipped, and unpacked only for those who do not take it so."""


def negotiated(request: Request, response: Response) -> Response:
    """With the headers of the form that is sent; a gzipped one has an `ETag` of its own, as it has bytes of its own."""
    if isinstance(response, Packed):
        response.headers.append("vary", "Accept-Encoding")
        if _takes_gzip(request.headers.get("accept-encoding", "")):
            response.headers["content-encoding"] = "gzip"
        else:
            response.body = gzip.decompress(bytes(response.body))
            response.headers["content-length"] = str(len(response.body))
    elif len(response.body) > SMALLEST and (response.media_type or "").startswith(_TYPES):
        response.headers.append("vary", "Accept-Encoding")
        if _takes_gzip(request.headers.get("accept-encoding", "")):
            response.headers["content-encoding"] = "gzip"
            if "etag" in response.headers:
                response.headers["etag"] = response.headers["etag"].removesuffix('"') + '-gzip"'
    return response


def compressed(response: Response) -> None:
    """Makes the body what its headers say."""
    if isinstance(response, Packed):
        return
    if len(response.body) > SMALLEST and response.headers.get("content-encoding") == "gzip":
        response.body = gzip.compress(response.body, _LEVEL, mtime=0)
        response.headers["content-length"] = str(len(response.body))


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
