"""Secrets of webhooks: random, and kept sealed, as they are needed for signing."""

import base64
import hashlib
import secrets
from collections.abc import Sequence

from cryptography.fernet import Fernet, InvalidToken, MultiFernet

from application.ports.webhooks import Secrets

BYTES = 32


class SealedSecrets(Secrets):
    """Seals with the first key; opens what any of them sealed (Fernet: AES-128-CBC and HMAC-SHA256)."""

    def __init__(self, keys: Sequence[str]) -> None:
        self._fernet = MultiFernet([Fernet(_derived(key)) for key in keys])

    def new(self) -> str:
        return "whsec_" + base64.b64encode(secrets.token_bytes(BYTES)).decode()

    def seal(self, secret: str) -> str:
        return self._fernet.encrypt(secret.encode()).decode()

    def open(self, sealed: str) -> str | None:
        try:
            return self._fernet.decrypt(sealed.encode()).decode()
        except InvalidToken:
            return None


def _derived(key: str) -> bytes:
    """A key of its own for this use, so that it says nothing of the one it is made from."""
    return base64.urlsafe_b64encode(hashlib.sha256(b"webhooks" + key.encode()).digest())
