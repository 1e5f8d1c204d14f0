"""Keys that tokens are signed with: a shared secret, or a private key whose public half others may fetch."""

import base64
import hashlib
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import orjson
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import ec, rsa

WEAKEST_RSA = 2048

Public = ec.EllipticCurvePublicKey | rsa.RSAPublicKey


class BadKey(ValueError):
    """A key of the settings cannot be used; the text says why, and shows nothing of it."""


@dataclass(frozen=True, slots=True)
class SigningKey:
    """`kid` is a thumbprint (RFC 7638); `private` None where the key is only still accepted."""

    kid: str
    algorithm: str
    private: str | None
    verifying: str
    public: Mapping[str, str] | None


def secret_key(secret: str) -> SigningKey:
    kid = _thumbprint({"k": _text(secret.encode()), "kty": "oct"})
    return SigningKey(kid, "HS256", secret, secret, None)


def private_key(pem: str) -> SigningKey:
    """ES256 for a P-256 key, RS256 for RSA of 2048 bits and more. Raises `BadKey`."""
    try:
        key = serialization.load_pem_private_key(pem.encode(), None)
    except (ValueError, TypeError) as error:
        raise BadKey("JWT_PRIVATE_KEY is no PEM private key without a passphrase") from error
    if not isinstance(key, ec.EllipticCurvePrivateKey | rsa.RSAPrivateKey):
        raise BadKey("JWT_PRIVATE_KEY is neither an elliptic curve key nor an RSA key")
    return _asymmetric(key.public_key(), pem)


def public_keys(pems: str) -> list[SigningKey]:
    """One for each PEM block. Raises `BadKey`."""
    end = "-----END PUBLIC KEY-----"
    blocks = [block + end for block in pems.split(end) if block.strip()]
    return [_public(block.strip()) for block in blocks]


def _public(pem: str) -> SigningKey:
    try:
        key = serialization.load_pem_public_key(pem.encode())
    except ValueError as error:
        raise BadKey("JWT_OLD_PUBLIC_KEYS holds something that is no PEM public key") from error
    if not isinstance(key, ec.EllipticCurvePublicKey | rsa.RSAPublicKey):
        raise BadKey("JWT_OLD_PUBLIC_KEYS holds a key that is neither elliptic curve nor RSA")
    return _asymmetric(key, None)


def _asymmetric(key: Public, private: str | None) -> SigningKey:
    jwk = _jwk(key)
    kid, algorithm = _thumbprint(jwk), "ES256" if jwk["kty"] == "EC" else "RS256"
    pem = key.public_bytes(serialization.Encoding.PEM, serialization.PublicFormat.SubjectPublicKeyInfo).decode()
    return SigningKey(kid, algorithm, private, pem, {**jwk, "use": "sig", "alg": algorithm, "kid": kid})


def _jwk(key: Public) -> dict[str, str]:
    if isinstance(key, rsa.RSAPublicKey):
        if key.key_size < WEAKEST_RSA:
            raise BadKey(f"an RSA key needs {WEAKEST_RSA} bits")
        numbers = key.public_numbers()
        return {"e": _integer(numbers.e), "kty": "RSA", "n": _integer(numbers.n)}
    if not isinstance(key.curve, ec.SECP256R1):
        raise BadKey("an elliptic curve key has to be on P-256")
    point = key.public_numbers()
    return {"crv": "P-256", "kty": "EC", "x": _text(point.x.to_bytes(32)), "y": _text(point.y.to_bytes(32))}


def _thumbprint(members: dict[str, Any]) -> str:
    return _text(hashlib.sha256(orjson.dumps(members, option=orjson.OPT_SORT_KEYS)).digest())[:16]


def _integer(value: int) -> str:
    return _text(value.to_bytes((value.bit_length() + 7) // 8))


def _text(value: bytes) -> str:
    return base64.urlsafe_b64encode(value).rstrip(b"=").decode()
