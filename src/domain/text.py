"""One value domain for text: what every store can keep and compare alike.

Text is stripped and NFC-normalised (Unicode Annex 15), holds neither NUL nor lone surrogates, and its length counts
code points after that. Comparison without regard to case goes by stored keys, so that no store's own collation decides.
"""

import re
import unicodedata
from collections.abc import Iterable
from functools import lru_cache

from domain.errors import Invalid

WORD_LENGTH = 100
"""Longer words are cut to this many code points, in what is kept and in what is looked for."""

WORDS_SIZE = 500_000
"""So many bytes of words are kept of one text: PostgreSQL's vectors hold a mebibyte."""

FEW = WORDS_SIZE // (4 * WORD_LENGTH)
"""So many words are never longer than that."""

SHORT = 1000
"""Of texts no longer than this the words are remembered."""

_WORD = re.compile(r"[^\W_]+")


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
            found |= dict.fromkeys(_words_again(text) if len(text) <= SHORT else _words_of(text))
    return tuple(found) if len(found) <= FEW else _fitting(found)


def _words_of(text: str) -> tuple[str, ...]:
    return tuple(word[:WORD_LENGTH] for word in _WORD.findall(unique_key(text)))


_words_again = lru_cache(maxsize=1024)(_words_of)
"""A thing's texts are asked for their words several times in one change, and again when it changes otherwise."""


def _fitting(found: Iterable[str]) -> tuple[str, ...]:
    """The first ones, as many as every store can search: keys can be eighteen times as long as what they are of."""
    size, kept = 0, []
    for word in found:
        size += len(word.encode())
        if size > WORDS_SIZE:
            break
        kept.append(word)
    return tuple(kept)
