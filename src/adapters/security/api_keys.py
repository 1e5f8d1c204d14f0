import hashlib
import secrets

from application.ports.security import Keys

_SHOWN = 12


class RandomKeys(Keys):
    """`mark` and 256 random bits; a plain SHA-256 is enough of a digest for what cannot be guessed."""

    def __init__(self, mark: str = "ptc_") -> None:
        self._mark = mark

    def new(self) -> tuple[str, str]:
        key = self._mark + secrets.token_urlsafe(32)
        return key, key[:_SHOWN]

    def digest(self, key: str) -> str:
        return hashlib.sha256(key.encode(errors="surrogatepass")).hexdigest()
