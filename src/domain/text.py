"""One value domain for text: what every store can keep and compare alike.

Text is stripped and NFC-normalised (Unicode Annex 15), holds neither NUL nor lone surrogates, and its length counts
code points after that. Comparison without regard to case goes by stored keys, so that no store's own collation decides.
"""

import unicodedata

from domain.errors import Invalid

WORD_LENGTH = 100
"""Longer words are cut to this many code points, in what is kept and in what is looked for."""


def refuse_unstorable(value: str) -> str:
    """Raises `Invalid` on NUL and on lone surrogates, which some stores refuse and others mangle."""
    if "\0" in value:
        raise Invalid("must not contain NUL")
    try:
        value.encode()
    except UnicodeEncodeError:
        raise Invalid("must not contain lone surrogates") from None
    return value


def normalise(value: str) -> str:
    """Stripped, NFC. Raises `Invalid` on what cannot be stored."""
    if value.isascii():
        return refuse_unstorable(value).strip()
    return unicodedata.normalize("NFC", refuse_unstorable(value)).strip()


def bounded(value: str, at_least: int, at_most: int) -> str:
    """`value` normalised. Raises `Invalid` where its code points are fewer than `at_least` or more than `at_most`."""
    value = normalise(value)
    if len(value) < at_least:
        raise Invalid(f"must have at least {at_least} character{'s' if at_least != 1 else ''}")
    if len(value) > at_most:
        raise Invalid(f"must have at most {at_most} characters")
    return value


def folded(value: str) -> str:
    """The key by which text is sorted and searched without regard to case."""
    return unicodedata.normalize("NFC", value.casefold())


def unique_key(value: str) -> str:
    """The key by which two names are the same: NFKC and case-folded (Unicode, 3.13 D146)."""
    return unicodedata.normalize("NFKC", unicodedata.normalize("NFKC", value).casefold())


def words(*texts: str | None) -> tuple[str, ...]:
    """The distinct words of the texts, in order: runs of letters and digits, case-folded."""
    found: dict[str, None] = {}
    for text in texts:
        if text:
            spaced = "".join(c if c.isalnum() else " " for c in unique_key(text))
            found |= dict.fromkeys(word[:WORD_LENGTH] for word in spaced.split())
    return tuple(found)
