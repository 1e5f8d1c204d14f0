import hashlib
import secrets

from application.ports.security import Keys

_MARK = "ptc_"
_SHOWN = 12


class RandomKeys(Keys):
    """`ptc_` and 256 random bits; a plain SHA-256 is enough of a digest for what cannot be guessed."""

    def new(self) -> tuple[str, str]:
        key = _MARK + secrets.token_urlsafe(32)
        return key, key[:_SHOWN]

    def digest(self, key: str) -> str:
        return hashlib.sha256(key.encode(errors="surrogatepass")).hexdigest()
