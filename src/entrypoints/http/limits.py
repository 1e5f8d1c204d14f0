"""Who has asked too often: before the body is read and credentials are judged (429 comes before 413 and 401).

Whoever shows a token that we signed, or a key that is known, is counted as that account; everybody else, bad
credentials included, by client address. Signing in and registering are counted by address whoever asks.
"""

import time
from collections.abc import Callable, Mapping, MutableMapping
from functools import lru_cache
from ipaddress import IPv6Address, ip_address
from typing import Any

from fastapi.routing import APIRoute

from adapters.system.bounded import Bounded
from application.authentication import AuthenticateKey
from application.ports.limits import Limits, Policy, Verdict
from application.ports.security import Keys, Tokens
from domain.errors import TooMany, Unauthenticated

ACCOUNT, ADDRESS, SIGN_IN, REGISTRATION, UPLOADS, RECOVERY = (
    "account",
    "address",
    "sign-in",
    "registration",
    "uploads",
    "recovery",
)
USUAL = "usual"
_OWN = {
    ("POST", "/api/v1/auth/token"): SIGN_IN,
    ("POST", "/api/v1/auth/register"): REGISTRATION,
    ("POST", "/api/v1/auth/password"): RECOVERY,
    ("POST", "/api/v1/auth/password/forgot"): RECOVERY,
    ("POST", "/api/v1/auth/password/reset"): RECOVERY,
    ("POST", "/api/v1/auth/email/verify"): RECOVERY,
}
_BY_ADDRESS = (SIGN_IN, REGISTRATION)
_UNLIMITED = ("/health", "/metrics", "/.well-known/")
KNOWN = 20_000


def kind_of(route: APIRoute, method: str) -> str | None:
    """Which limit an operation falls under; None is none: probes have to be answered."""
    if route.path.startswith(_UNLIMITED):
        return None
    content = (route.openapi_extra or {}).get("requestBody", {}).get("content", {})
    return _OWN.get((method, route.path)) or (UPLOADS if "multipart/form-data" in content else USUAL)


class Gate:
    """Counts each request and lets it pass, or not."""

    def __init__(
        self,
        limits: Limits,
        policies: Mapping[str, Policy],
        tokens: Tokens,
        keys: Keys,
        authenticate_key: AuthenticateKey,
        monotonic: Callable[[], float] = time.monotonic,
    ) -> None:
        self._limits, self._policies, self._now = limits, policies, monotonic
        self._tokens, self._keys, self._authenticate_key = tokens, keys, authenticate_key
        self._owners: Bounded[str | bytes, str] = Bounded(KNOWN)
        self._guessing: Bounded[str, float] = Bounded(KNOWN)
        self._stated = {
            policy.name: (
                f'"{_shown(policy)}";r='.encode(),
                f'"{_shown(policy)}";q={policy.quota};w={policy.window_s}'.encode(),
            )
            for policy in policies.values()
        }

    async def admit(self, scope: MutableMapping[str, Any], kind: str) -> None:
        """Raises `TooMany`; what `headers` says of it is in `scope["quota"]`."""
        sent = scope["sent"]
        account = None
        if kind not in _BY_ADDRESS:
            if b"authorization" in sent:
                account = None if b"x-api-key" in sent else self._bearer(sent[b"authorization"])
            elif b"x-api-key" in sent:
                account = await self._owner(sent[b"x-api-key"], scope)
        name = kind if kind != USUAL else ADDRESS if account is None else ACCOUNT
        verdict = await self._limits.take(self._policies[name], account or network(scope["ip"]))
        scope["quota"] = name, verdict
        if not verdict.allowed:
            if account is None and b"x-api-key" in sent:
                self._guessing.put(network(scope["ip"]), self._now() + verdict.reset_s)
            raise TooMany(verdict.reset_s)

    def headers(self, quota: tuple[str, Verdict]) -> tuple[tuple[bytes, bytes], tuple[bytes, bytes]]:
        """`RateLimit` and `RateLimit-Policy` (draft-ietf-httpapi-ratelimit-headers-10)."""
        name, (_, remaining, reset_s) = quota
        left, policy = self._stated[name]
        return (b"ratelimit", b"%b%d;t=%d" % (left, remaining, reset_s)), (b"ratelimit-policy", policy)

    def _bearer(self, authorization: bytes) -> str | None:
        """Whose token it is, if we signed it; whether it still counts for anything is asked later."""
        known = self._owners.get(authorization)
        if known is not None:
            return known
        scheme, _, token = authorization.decode("latin-1").partition(" ")
        if scheme.lower() != "bearer":
            return None
        try:
            owner = self._tokens.read(token.strip(), "access").user_id
        except Unauthenticated:
            return None
        self._owners.put(authorization, owner)
        return owner

    async def _owner(self, key: bytes, scope: MutableMapping[str, Any]) -> str | None:
        """Whose key it is. It is looked up once; where an address has sent too many unknown ones, not even that."""
        text = key.decode("latin-1")
        digest = self._keys.digest(text)
        known = self._owners.get(digest)
        if known is not None or self._guessing.get(network(scope["ip"]), 0.0) > self._now():
            return known
        try:
            owner: str = (await self._authenticate_key(text)).actor.id
        except Unauthenticated:
            return None
        self._owners.put(digest, owner)
        return owner


def _shown(policy: Policy) -> str:
    return "default" if policy.name in (ACCOUNT, ADDRESS) else policy.name


@lru_cache(maxsize=KNOWN)
def network(ip: str | None) -> str:
    """Whom an address stands for: of IPv6 a /64, which is what one client has."""
    try:
        address = ip_address((ip or "").partition("%")[0])
    except ValueError:
        return "unknown"
    if isinstance(address, IPv6Address):
        if address.ipv4_mapped is not None:
            return str(address.ipv4_mapped)
        return f"{IPv6Address(int(address) >> 64 << 64)}/64"
    return str(address)
