"""Tokens by python-jose, which signs and verifies; header and claims are read by us, exactly (RFC 8725).

What its own reader would let through is refused here: any header but ours, oversized or deeply nested input, claims of
a wrong type. A token that was verified once is remembered, since verifying costs as much as the rest of a request.
"""

import base64
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

import orjson
from jose import jws
from jose.exceptions import JOSEError

from adapters.security.keys import SigningKey
from application.ports.clock import Clock
from application.ports.security import Token, TokenKind, Tokens
from domain.access import UserId
from domain.errors import TokenExpired, Unauthenticated

ISSUER = AUDIENCE = "portico"
LONGEST = 4096
REMEMBERED = 10_000
SKEW = timedelta(seconds=5)
_CLAIMS: dict[str, type] = {
    **dict.fromkeys(("iss", "aud", "sub", "jti", "sid", "scope", "typ"), str),
    **dict.fromkeys(("iat", "nbf", "exp"), int),
}


@dataclass(frozen=True, slots=True)
class _Read:
    token: Token
    not_before: datetime


class JoseTokens(Tokens):
    """Signs with the first key; accepts what any of them signed, by `kid`."""

    def __init__(self, keys: Sequence[SigningKey], clock: Clock) -> None:
        self._signing, self._clock = keys[0], clock
        self._keys = {key.kid: key for key in keys}
        self._remembered: dict[str, _Read] = {}

    @property
    def jwks(self) -> dict[str, Any]:
        """The public keys (RFC 7517); none where a shared secret signs."""
        return {"keys": [key.public for key in self._keys.values() if key.public]}

    def write(self, token: Token) -> str:
        issued = int(token.issued_at.timestamp())
        claims = {
            "iss": ISSUER,
            "aud": AUDIENCE,
            "sub": token.user_id,
            "jti": token.id,
            "sid": token.session_id,
            "scope": " ".join(sorted(token.scopes)),
            "typ": token.kind,
            "iat": issued,
            "nbf": issued,
            "exp": int(token.expires_at.timestamp()),
        }
        key = self._signing
        if key.private is None:
            raise TypeError("the first key has to be one that signs")
        signed: str = jws.sign(claims, key.private, headers={"kid": key.kid}, algorithm=key.algorithm)
        return signed

    def read(self, text: str, kind: TokenKind) -> Token:
        found = self._remembered.get(text) or self._verified(text)
        now = self._clock()
        if found.token.kind != kind or found.not_before > now + SKEW or found.token.issued_at > now + SKEW:
            raise Unauthenticated()
        if found.token.expires_at <= now:
            raise TokenExpired()
        return found.token

    def _verified(self, text: str) -> _Read:
        if len(text) > LONGEST or not text.isascii():
            raise Unauthenticated()
        try:
            key = self._key(text)
            found = _read(orjson.loads(jws.verify(text, key.verifying, algorithms=[key.algorithm])))
        except (JOSEError, ValueError, TypeError, KeyError, RecursionError, OverflowError) as error:
            raise Unauthenticated() from error
        if len(self._remembered) >= REMEMBERED:
            self._remembered.clear()
        self._remembered[text] = found
        return found

    def _key(self, text: str) -> SigningKey:
        head = text.split(".", 1)[0]
        header = orjson.loads(base64.urlsafe_b64decode(head + "=" * (-len(head) % 4)))
        key = self._keys[header["kid"]]
        if header != {"alg": key.algorithm, "kid": key.kid, "typ": "JWT"}:
            raise ValueError("not a header of ours")
        return key


def _read(claims: dict[str, Any]) -> _Read:
    for name, kind in _CLAIMS.items():
        if type(claims[name]) is not kind:
            raise ValueError(f"{name} is of a wrong type")
    if claims["iss"] != ISSUER or claims["aud"] != AUDIENCE or claims["typ"] not in ("access", "refresh"):
        raise ValueError("not a token of ours")
    token = Token(
        id=claims["jti"],
        kind=claims["typ"],
        user_id=UserId(claims["sub"]),
        session_id=claims["sid"],
        scopes=frozenset(claims["scope"].split()),
        issued_at=datetime.fromtimestamp(claims["iat"], UTC),
        expires_at=datetime.fromtimestamp(claims["exp"], UTC),
    )
    return _Read(token, datetime.fromtimestamp(claims["nbf"], UTC))
