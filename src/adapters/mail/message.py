"""A letter as an Internet message (RFC 5322), in text and HTML (RFC 2046, 5.1.4)."""

import re
import unicodedata
from email.headerregistry import Address
from email.message import EmailMessage
from email.policy import SMTP, SMTPUTF8
from email.utils import format_datetime, getaddresses

from application.ports.mail import Letter, Undeliverable

LONGEST_LINE = 998
"""RFC 5322, 2.1.1."""

_ADDRESS = re.compile(r"[^\s\x00-\x1f\x7f()<>@,;:\\\"\[\]]+@[A-Za-z0-9.-]+")
"""One address without quotes or comments, whose domain is in its ASCII form."""

_BREAKING = ("Cc", "Zl", "Zp")


def sender(value: str) -> Address:
    """`shop@example.com`, or `The shop <shop@example.com>`. Raises `ValueError`."""
    found = getaddresses([value])
    if len(found) != 1 or not (value.isprintable() and found[0][1].isascii()):
        raise ValueError("not one address")
    name, address = found[0]
    return _address(address, name)


def message(letter: Letter, sender: Address) -> EmailMessage:
    """Raises `Undeliverable` where its address is none."""
    policy = SMTP if letter.to.isascii() else SMTPUTF8
    made = EmailMessage(policy)
    try:
        made["From"] = sender
        made["To"] = _address(letter.to)
        made["Subject"] = in_one_line(letter.subject)
        made["Date"] = format_datetime(letter.written_at)
        made["Message-ID"] = f"<{letter.id}@{sender.domain}>"
        made["Auto-Submitted"] = "auto-generated"  # RFC 3834: no answers from those who are away
    except ValueError as error:
        raise Undeliverable() from error
    made.set_content(letter.text, cte=_encoding(letter.text))
    made.add_alternative(letter.html, subtype="html", cte=_encoding(letter.html))
    return made


def _address(value: str, name: str = "") -> Address:
    """Its parts as they are; the library's own reading of an address knows ASCII alone. Raises `ValueError`."""
    if not _ADDRESS.fullmatch(value):
        raise ValueError("not an address")
    local, _, domain = value.rpartition("@")
    return Address(name, local, domain)


def in_one_line(value: str) -> str:
    """Without anything that could end a header."""
    spaced = "".join(" " if unicodedata.category(c) in _BREAKING else c for c in value)
    return " ".join(spaced.split())


def _encoding(text: str) -> str:
    """As it is where that may be, so that a link stays whole in one line; never 8bit, which not every server takes."""
    plain = text.isascii() and all(len(line) <= LONGEST_LINE for line in text.encode().splitlines())
    return "7bit" if plain else "quoted-printable"
