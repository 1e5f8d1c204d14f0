"""Tokens: only what we wrote is read, whatever is tried."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import orjson
import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from adapters.security.jose import LONGEST, JoseTokens
from adapters.security.keys import SigningKey, secret_key
from domain.errors import TokenExpired, Unauthenticated
from tests.adapters.forging import HEADER, KEY, a_token, claims, forged, part
from tests.builders import NOON, FixedClock


@pytest.fixture
def clock() -> FixedClock:
    return FixedClock()


@pytest.fixture
def tokens(clock: FixedClock) -> JoseTokens:
    return JoseTokens([KEY], clock)


def test_what_was_written_is_read(tokens: JoseTokens) -> None:
    token = a_token()

    assert tokens.read(tokens.write(token), "access") == token
    assert tokens.read(forged(), "access").user_id == "u"


def test_a_token_of_one_kind_is_not_one_of_the_other(tokens: JoseTokens) -> None:
    for kind, other in (("access", "refresh"), ("refresh", "access")):
        with pytest.raises(Unauthenticated):
            tokens.read(tokens.write(a_token(kind=kind)), other)  # type: ignore[arg-type]


def test_the_end_has_no_leeway_even_for_a_token_that_was_read_before(tokens: JoseTokens, clock: FixedClock) -> None:
    text = tokens.write(a_token(expires_at=NOON + timedelta(seconds=60)))
    clock.advance(seconds=59, milliseconds=999)
    tokens.read(text, "access")
    clock.advance(milliseconds=1)

    with pytest.raises(TokenExpired):
        tokens.read(text, "access")


@pytest.mark.parametrize("name", ["iat", "nbf"])
def test_a_clock_may_be_five_seconds_behind(tokens: JoseTokens, name: str) -> None:
    tokens.read(forged(payload=claims(**{name: int(NOON.timestamp()) + 5})), "access")

    with pytest.raises(Unauthenticated):
        tokens.read(forged(payload=claims(**{name: int(NOON.timestamp()) + 6})), "access")


@pytest.mark.parametrize(
    "header",
    [
        {**HEADER, "crit": ["exp"]},
        {**HEADER, "b64": False},
        {**HEADER, "jwk": {"kty": "oct", "k": "AA"}},
        {**HEADER, "alg": "none"},
        {**HEADER, "alg": "HS512"},
        {**HEADER, "alg": "hs256"},
        {**HEADER, "alg": ["HS256"]},
        {**HEADER, "typ": "jwt"},
        {**HEADER, "typ": "at+jwt"},
        {**HEADER, "kid": "unknown"},
        {**HEADER, "kid": ["a"]},
        {**HEADER, "kid": {}},
        {"alg": "HS256", "typ": "JWT"},
        {"alg": "HS256", "kid": KEY.kid},
        [],
        None,
        "HS256",
        b"{",
        b"[" * 1000 + b"]" * 1000,
        b'{"alg":' + b"[" * 1000 + b"]" * 1000 + b"}",
    ],
    ids=str,
)
def test_a_header_that_is_not_exactly_ours_is_refused(tokens: JoseTokens, header: Any) -> None:
    text = forged(b"null" if header is None else header)

    with pytest.raises(Unauthenticated):
        tokens.read(text, "access")


@pytest.mark.parametrize("name", sorted(claims()))
def test_each_claim_is_needed_in_its_own_type(tokens: JoseTokens, name: str) -> None:
    without = {key: value for key, value in claims().items() if key != name}
    wrong: tuple[Any, ...] = (None, True, 1.5, [], {}, "9999999999" if name in ("iat", "nbf", "exp") else 9999999999)

    for payload in (without, *({**claims(), name: value} for value in wrong)):
        with pytest.raises(Unauthenticated):
            tokens.read(forged(payload=payload), "access")


@pytest.mark.parametrize(
    "over", [{"iss": "other"}, {"aud": "other"}, {"typ": "id"}, {"exp": 10**12}, {"iat": -(10**12)}], ids=str
)
def test_claims_of_somebody_else_are_refused(tokens: JoseTokens, over: dict[str, Any]) -> None:
    with pytest.raises(Unauthenticated):
        tokens.read(forged(payload=claims(**over)), "access")


def _flipped(text: str, at: int) -> str:
    """With one character of one part changed."""
    parts = text.split(".")
    parts[at] = parts[at][:4] + ("B" if parts[at][4] == "A" else "A") + parts[at][5:]
    return ".".join(parts)


ALTERED: dict[str, Callable[[str], str]] = {
    "header": lambda text: _flipped(text, 0),
    "claims": lambda text: _flipped(text, 1),
    "signature": lambda text: _flipped(text, 2),
    "no signature": lambda text: text.rsplit(".", 1)[0] + ".",
    "two parts": lambda text: text.rsplit(".", 1)[0],
    "no header": lambda text: f"{part(b'{}')}.{text.split('.', 1)[1]}",
    "twice": lambda text: f"{text}.{text}",
    "empty parts": lambda text: text.replace(".", ".."),
    "not ASCII": lambda text: "é" + text,
    "too long": lambda text: text + " " * LONGEST,
    "another secret": lambda text: forged(secret="x" * 40),
}


@pytest.mark.parametrize("how", ALTERED)
def test_an_altered_token_is_refused(tokens: JoseTokens, how: str) -> None:
    text = ALTERED[how](tokens.write(a_token()))

    with pytest.raises(Unauthenticated):
        tokens.read(text, "access")


@given(st.one_of(st.text(max_size=200), st.lists(st.binary(max_size=40).map(part), max_size=4).map(".".join)))
@example("")
@example("..")
@example(f"{part(orjson.dumps(HEADER))}..")
def test_no_text_whatever_breaks_the_reading(text: str) -> None:
    with pytest.raises(Unauthenticated):
        JoseTokens([KEY], FixedClock()).read(text, "access")


def test_a_former_key_is_accepted_and_no_longer_signs(clock: FixedClock) -> None:
    old, new = secret_key("o" * 32), secret_key("n" * 32)
    text = JoseTokens([old], clock).write(a_token())
    both = JoseTokens([new, old], clock)

    assert both.read(text, "access")
    assert JoseTokens([new], clock).read(both.write(a_token()), "access")
    with pytest.raises(Unauthenticated):
        JoseTokens([new], clock).read(text, "access")


def test_a_key_that_is_only_accepted_cannot_sign(clock: FixedClock) -> None:
    verifying = SigningKey("kid", "ES256", None, "pem", None)

    with pytest.raises(TypeError):
        JoseTokens([verifying], clock).write(a_token())
