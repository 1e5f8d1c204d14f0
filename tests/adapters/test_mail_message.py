"""Letters as messages: what they say arrives as it was meant, and nothing in them becomes a header."""

from email.headerregistry import Address
from email.message import EmailMessage
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from adapters.mail.letters import TemplateLetters
from adapters.mail.message import LONGEST_LINE, in_one_line, message, sender
from application.ports.mail import Letter, Undeliverable
from tests.adapters.mail import a_letter, parsed, text_of
from tests.builders import NASTY, NOON

FROM = Address("The shop", addr_spec="shop@example.com")
HEADERS = {"from", "to", "subject", "date", "message-id", "auto-submitted", "mime-version", "content-type"}
ANY_TEXT = st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\0"), max_size=300)


def sent(letter: Letter) -> tuple[bytes, EmailMessage]:
    content = message(letter, FROM).as_bytes()
    return content, parsed(content)


def test_it_has_what_a_message_has() -> None:
    letter = a_letter()

    _, read = sent(letter)

    assert {name.lower() for name in read} == HEADERS
    assert (read["from"], read["to"], read["subject"]) == ("The shop <shop@example.com>", letter.to, "Tea")
    assert (read["date"].datetime, read["message-id"]) == (NOON, f"<{letter.id}@example.com>")
    assert read["auto-submitted"] == "auto-generated"
    assert read.get_content_type() == "multipart/alternative"
    assert (text_of(read), text_of(read, "html")) == (letter.text, letter.html)


@given(ANY_TEXT, ANY_TEXT)
def test_whatever_it_says_its_headers_are_ours_alone(subject: str, body: str) -> None:
    content, read = sent(a_letter(subject=subject, text=body, html=body))

    head = content.partition(b"\r\n\r\n")[0]
    assert {name.lower() for name in read} == HEADERS
    assert len(read.values()) == len(HEADERS)
    assert read.defects == []
    assert str(read["subject"]).split() == in_one_line(subject).split()
    assert all(len(line) <= LONGEST_LINE for line in content.split(b"\r\n"))
    assert b"\n" not in head.replace(b"\r\n", b"")


@pytest.mark.parametrize("ending", ["\r\n", "\n", "\r", "\x0b", "\x0c", "\x1c", "\x85", "\u2028", "\u2029"])
def test_a_subject_ends_no_header(ending: str) -> None:
    _, read = sent(a_letter(subject=f"Tea{ending}Bcc: all@example.com"))

    assert read["bcc"] is None
    assert read["subject"] == "Tea Bcc: all@example.com"


@pytest.mark.parametrize(
    "to", ["ada@example.com\r\nBcc: b@c.d", "ada@example.com, b@c.d", "", "ada", "@", "<ada@example.com>", "a b@c.d"]
)
def test_what_is_not_one_address_is_not_written_to(to: str) -> None:
    with pytest.raises(Undeliverable):
        message(a_letter(to=to), FROM)


def test_an_address_beyond_ascii_stays_what_it_is() -> None:
    content, _ = sent(a_letter(to="jörg@example.com"))

    assert "To: jörg@example.com\r\n".encode() in content


def test_a_link_stays_whole_in_one_line() -> None:
    letter = TemplateLetters("https://shop.example/").write(
        "welcome", id="1", to="ada@example.com", at=NOON, path="verify-email", token="t" * 43, username="ada", hours=24
    )

    content, _ = sent(letter)

    assert b"\r\nhttps://shop.example/verify-email?token=" + b"t" * 43 + b"\r\n" in content


@pytest.mark.parametrize("word", NASTY)
def test_html_shows_what_was_written(word: str) -> None:
    said = f"<script>{word}</script>"
    letter = TemplateLetters("https://x.y").write(
        "notification", id="1", to="a@b.c", at=NOON, subject=f'">{said}', message=said
    )

    assert "<script" not in letter.html
    assert "&lt;script&gt;" in letter.html
    assert letter.text == f"{said}\n"


@pytest.mark.parametrize("kind", ["welcome", "reset", "notification"])
def test_a_letter_without_its_values_is_not_written(kind: str) -> None:
    with pytest.raises(Exception, match="undefined"):
        TemplateLetters("https://x.y").write(kind, id="1", to="a@b.c", at=NOON)  # type: ignore[arg-type]


def test_each_kind_has_both_forms() -> None:
    folder = Path(__import__("adapters.mail.letters").mail.letters.__file__).parent / "templates"

    assert sorted(path.name for path in folder.iterdir()) == [
        "layout.html", "notification.html", "notification.txt", "reset.html", "reset.txt", "welcome.html",
        "welcome.txt",
    ]  # fmt: skip


@pytest.mark.parametrize("value", ["shop@localhost", "shop@example.com", "The shop <shop@example.com>", "Öl <a@b.c>"])
def test_a_sender_may_have_a_name(value: str) -> None:
    assert str(sender(value)) == value


@pytest.mark.parametrize(
    "value", ["", "shop", "@", "a@b.c\r\nBcc: d@e.f", "A <a@b.c>\n", "ö@b.c", "a@b.c, d@e.f", "<>"]
)
def test_what_is_no_sender_is_refused(value: str) -> None:
    with pytest.raises(ValueError, match=r"."):
        sender(value)
