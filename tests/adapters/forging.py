"""Tokens as somebody would forge them: whatever they say, with a right signature."""

import base64
import hashlib
import hmac
from datetime import timedelta
from typing import Any

import orjson

from adapters.security.keys import secret_key
from application.ports.security import Token
from domain.access import UserId
from tests.builders import NOON, new_id

SECRET = "an honest secret of thirty-two characters"
KEY = secret_key(SECRET)
HEADER = {"alg": "HS256", "kid": KEY.kid, "typ": "JWT"}


def a_token(**over: Any) -> Token:
    given: dict[str, Any] = {
        "id": new_id(),
        "kind": "access",
        "user_id": UserId(new_id()),
        "session_id": new_id(),
        "scopes": frozenset({"items:read", "items:write"}),
        "issued_at": NOON,
        "expires_at": NOON + timedelta(minutes=30),
    }
    return Token(**given | over)


def claims(**over: Any) -> dict[str, Any]:
    noon = int(NOON.timestamp())
    names = {"iss": "portico", "aud": "portico", "sub": "u", "jti": "t", "sid": "s", "scope": "", "typ": "access"}
    return {**names, "iat": noon, "nbf": noon, "exp": noon + 60, **over}


def part(value: bytes) -> str:
    return base64.urlsafe_b64encode(value).rstrip(b"=").decode()


def forged(header: Any = HEADER, payload: Any = None, secret: str = SECRET) -> str:
    """A token with a right signature over whatever is said in it."""
    raw = [each if isinstance(each, bytes) else orjson.dumps(each) for each in (header, payload or claims())]
    signed = f"{part(raw[0])}.{part(raw[1])}"
    return f"{signed}.{part(hmac.digest(secret.encode(), signed.encode(), hashlib.sha256))}"
