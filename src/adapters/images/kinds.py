"""What bytes are, by the bytes alone: signatures for pictures and PDF, every byte for text."""

import codecs
import re
from typing import BinaryIO

from domain.files import PDF, TEXT

PART = 256 * 1024

_SIGNATURES = (
    (re.compile(rb"\x89PNG\r\n\x1a\n"), "image/png"),
    (re.compile(rb"\xff\xd8\xff"), "image/jpeg"),
    (re.compile(rb"GIF8[79]a"), "image/gif"),
    (re.compile(rb"RIFF.{4}WEBP", re.DOTALL), "image/webp"),
    (re.compile(rb"%PDF-"), PDF),
)
_CONTROL = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f]")
_MARKUP = re.compile(r"<[A-Za-z!?/]")
"""How HTML, SVG and XML begin."""


def kind_of(file: BinaryIO) -> str | None:
    """The content type; None for what is none of those that we know."""
    file.seek(0)
    head = file.read(16)
    for signature, kind in _SIGNATURES:
        if signature.match(head):
            return kind
    return TEXT if _is_text(file) else None


def _is_text(file: BinaryIO) -> bool:
    """UTF-8 without control characters but for tabs and line ends, and not beginning like markup."""
    decoder, beginning = codecs.getincrementaldecoder("utf-8")(), ""
    file.seek(0)
    try:
        while part := file.read(PART):
            text = decoder.decode(part)
            if _CONTROL.search(text):
                return False
            if len(beginning) < 2:
                beginning = (beginning + text).lstrip("\ufeff \t\r\n")[:2]
        decoder.decode(b"", final=True)
    except UnicodeDecodeError:
        return False
    return _MARKUP.match(beginning) is None
