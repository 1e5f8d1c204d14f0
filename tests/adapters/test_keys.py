"""Keys that tokens are signed with, and what the world is shown of them."""

from collections.abc import Callable
from functools import cache

import pytest
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import ec, ed25519, rsa

from adapters.security.jose import JoseTokens
from adapters.security.keys import BadKey, SigningKey, private_key, public_keys, secret_key
from domain.errors import Unauthenticated
from tests.adapters.forging import HEADER, a_token, claims, forged
from tests.builders import FixedClock

Private = ec.EllipticCurvePrivateKey | rsa.RSAPrivateKey | ed25519.Ed25519PrivateKey


def pem(key: Private, password: bytes | None = None) -> str:
    encryption = serialization.BestAvailableEncryption(password) if password else serialization.NoEncryption()
    form = serialization.PrivateFormat.PKCS8
    return key.private_bytes(serialization.Encoding.PEM, form, encryption).decode()


def public_pem(key: Private) -> str:
    form = serialization.PublicFormat.SubjectPublicKeyInfo
    return key.public_key().public_bytes(serialization.Encoding.PEM, form).decode()


@cache
def elliptic() -> ec.EllipticCurvePrivateKey:
    return ec.generate_private_key(ec.SECP256R1())


@cache
def of_rsa(bits: int) -> rsa.RSAPrivateKey:
    return rsa.generate_private_key(65537, bits)


@pytest.mark.parametrize("algorithm", ["ES256", "RS256"])
def test_a_private_key_signs_and_its_public_half_verifies(algorithm: str) -> None:
    key = elliptic() if algorithm == "ES256" else of_rsa(2048)
    signing, token = private_key(pem(key)), a_token()

    text = JoseTokens([signing], FixedClock()).write(token)

    assert signing.algorithm == algorithm
    assert JoseTokens([secret_key("n" * 32), *public_keys(public_pem(key))], FixedClock()).read(text, "access") == token


@pytest.mark.parametrize("kind", ["elliptic", "rsa"])
def test_the_key_set_shows_public_members_alone(kind: str) -> None:
    signing = private_key(pem(elliptic() if kind == "elliptic" else of_rsa(2048)))

    (shown,) = JoseTokens([signing, secret_key("s" * 32)], FixedClock()).jwks["keys"]

    assert not {"d", "p", "q", "dp", "dq", "qi", "k"} & shown.keys()
    assert (shown["kid"], shown["alg"], shown["use"]) == (signing.kid, signing.algorithm, "sig")


def test_a_shared_secret_is_never_shown() -> None:
    assert JoseTokens([secret_key("s" * 32)], FixedClock()).jwks == {"keys": []}


def test_a_public_key_is_not_taken_for_a_shared_secret() -> None:
    public = public_pem(elliptic())
    (key,) = public_keys(public)

    for algorithm in ("HS256", "ES256"):
        text = forged({**HEADER, "alg": algorithm, "kid": key.kid}, claims(), secret=public)
        with pytest.raises(Unauthenticated):
            JoseTokens([secret_key("n" * 32), key], FixedClock()).read(text, "access")


def test_the_name_of_a_key_depends_on_nothing_but_the_key() -> None:
    first, again = private_key(pem(elliptic())), public_keys(public_pem(elliptic()))[0]

    assert first.kid == again.kid
    assert first.kid != private_key(pem(ec.generate_private_key(ec.SECP256R1()))).kid


def test_several_former_keys_stand_one_after_the_other() -> None:
    keys = public_keys(f"{public_pem(elliptic())}\n{public_pem(of_rsa(2048))}\n")

    assert [key.algorithm for key in keys] == ["ES256", "RS256"]
    assert all(isinstance(key, SigningKey) and key.private is None for key in keys)


UNUSABLE: dict[str, Callable[[], str]] = {
    "garbage": lambda: "no key",
    "encrypted": lambda: pem(elliptic(), b"passphrase"),
    "weak": lambda: pem(of_rsa(1024)),
    "P-384": lambda: pem(ec.generate_private_key(ec.SECP384R1())),
    "Ed25519": lambda: pem(ed25519.Ed25519PrivateKey.generate()),
    "public": lambda: public_pem(elliptic()),
}


@pytest.mark.parametrize("how", UNUSABLE)
def test_a_key_that_cannot_be_used_is_refused_and_not_shown(how: str) -> None:
    text = UNUSABLE[how]()

    with pytest.raises(BadKey) as refused:
        private_key(text)

    assert not any(line in str(refused.value) for line in text.splitlines() if len(line) > 20)


@pytest.mark.parametrize("text", ["no key", "-----BEGIN PUBLIC KEY-----\nAAAA\n-----END PUBLIC KEY-----"])
def test_former_keys_that_cannot_be_read_are_refused(text: str) -> None:
    with pytest.raises(BadKey):
        public_keys(text)


def test_a_former_key_of_another_sort_is_refused() -> None:
    with pytest.raises(BadKey):
        public_keys(public_pem(ed25519.Ed25519PrivateKey.generate()))
