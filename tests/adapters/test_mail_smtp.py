"""Mail by SMTP, to a server that is really there."""

import asyncio
import ssl
from collections.abc import Iterator
from email.headerregistry import Address
from pathlib import Path
from typing import Any

import pytest

from adapters.mail.smtp import AT_ONCE, SmtpMailer, SmtpServer
from application.ports.mail import Undeliverable
from domain.errors import Unavailable
from tests.adapters.mail import HOST, Inbox, a_letter, certified, smtp_server, text_of
from tests.ports import free_port

FROM = Address("The shop", addr_spec="shop@example.com")


@pytest.fixture
def inbox() -> Inbox:
    return Inbox()


@pytest.fixture
def port(inbox: Inbox) -> Iterator[int]:
    """Of a server without TLS and without users."""
    with smtp_server(inbox) as number:
        yield number


@pytest.fixture(scope="module")
def certificates(tmp_path_factory: pytest.TempPathFactory) -> tuple[ssl.SSLContext, ssl.SSLContext]:
    return certified(tmp_path_factory.mktemp("tls"))


def plain(port: int) -> SmtpMailer:
    return SmtpMailer(SmtpServer(HOST, port, tls=False), FROM)


async def test_a_letter_arrives(inbox: Inbox, port: int) -> None:
    letter = a_letter(subject="Grüße", text="Öl und .\n.\n..x\n")

    await plain(port).send(letter)

    (envelope,), (message,) = inbox.envelopes, inbox.messages()
    assert (envelope.mail_from, envelope.rcpt_tos) == ("shop@example.com", [letter.to])
    assert (message["subject"], text_of(message), text_of(message, "html")) == ("Grüße", letter.text, letter.html)


async def test_a_letter_that_nobody_gets_is_not_sent(inbox: Inbox, port: int) -> None:
    await plain(port).pretend(a_letter())

    assert inbox.envelopes == []


async def test_with_tls_it_is_sent_in_the_dark_and_signed_in(inbox: Inbox, certificates: Any) -> None:
    shown, trusted = certificates
    with smtp_server(inbox, tls_context=shown, require_starttls=True, users={"shop": "pa ss:ü"}) as port:
        server = SmtpServer("localhost", port, user="shop", password="pa ss:ü")
        mailer = SmtpMailer(server, FROM, trusted=trusted)

        await mailer.send(a_letter())

        assert await mailer.ping() == f"localhost:{port}, with TLS"
    assert len(inbox.envelopes) == 1


async def test_a_server_that_offers_no_tls_gets_nothing(inbox: Inbox, port: int) -> None:
    with pytest.raises(Unavailable):
        await SmtpMailer(SmtpServer(HOST, port), FROM).send(a_letter())

    assert inbox.envelopes == []


async def test_a_server_that_nobody_vouches_for_gets_nothing(inbox: Inbox, certificates: Any) -> None:
    shown, _ = certificates
    with smtp_server(inbox, tls_context=shown) as port, pytest.raises(Unavailable):
        await SmtpMailer(SmtpServer("localhost", port), FROM).send(a_letter())

    assert inbox.envelopes == []


async def test_a_wrong_password_is_for_whoever_runs_this_to_mend(inbox: Inbox) -> None:
    with smtp_server(inbox, users={"shop": "right"}) as port:
        mailer = SmtpMailer(SmtpServer(HOST, port, user="shop", password="wrong", tls=False), FROM)
        with pytest.raises(Unavailable) as refused:
            await mailer.send(a_letter())

    assert "wrong" not in str(refused.value)


@pytest.mark.parametrize("stage", ["RCPT", "DATA"])
@pytest.mark.parametrize(("answer", "meaning"), [("550 no such user", Undeliverable), ("451 later", Unavailable)])
async def test_what_is_final_and_what_may_be_tried_again(
    inbox: Inbox, port: int, stage: str, answer: str, meaning: type[Exception]
) -> None:
    inbox.answers[stage] = [answer]

    with pytest.raises(meaning) as refused:
        await plain(port).send(a_letter())

    assert "ada" not in str(refused.value)
    assert "user" not in str(refused.value)
    await plain(port).send(a_letter())
    assert len(inbox.envelopes) == 1


async def test_a_server_that_is_away_is_unavailable() -> None:
    mailer = plain(free_port())

    for work in (mailer.send(a_letter()), mailer.pretend(a_letter()), mailer.ping()):
        with pytest.raises(Unavailable):
            await work


async def test_an_address_beyond_ascii_needs_a_server_that_takes_it(inbox: Inbox, port: int) -> None:
    with smtp_server(inbox, enable_SMTPUTF8=False) as old, pytest.raises(Undeliverable):
        await plain(old).send(a_letter(to="jörg@example.com"))
    await plain(port).send(a_letter(to="jörg@example.com"))

    assert inbox.envelopes[0].rcpt_tos == ["jörg@example.com"]


async def test_only_a_few_connections_are_open_at_once(inbox: Inbox, port: int) -> None:
    mailer, letters = plain(port), [a_letter() for _ in range(30)]

    await asyncio.gather(*(mailer.send(letter) for letter in letters))

    assert inbox.most_at_once <= AT_ONCE
    assert {message["message-id"] for message in inbox.messages()} == {f"<{each.id}@example.com>" for each in letters}


async def test_the_environment_says_which_certificates_are_trusted(
    inbox: Inbox, certificates: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """`SSL_CERT_FILE`, as for everything that uses OpenSSL."""
    shown, trusted = certified(tmp_path)
    monkeypatch.setenv("SSL_CERT_FILE", str(tmp_path / "server.pem"))
    with smtp_server(inbox, tls_context=shown) as port:
        await SmtpMailer(SmtpServer("localhost", port), FROM).send(a_letter())

    assert len(inbox.envelopes) == 1
    assert trusted.check_hostname
