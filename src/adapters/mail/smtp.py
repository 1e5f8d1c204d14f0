"""Mail by SMTP (RFC 5321), through aiosmtplib: a connection for each message, and only a few at a time."""

import asyncio
import ssl
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass
from email.headerregistry import Address

import aiosmtplib
from aiosmtplib import SMTP

from adapters.mail.message import message
from application.ports.mail import Letter, Mailer, Undeliverable
from domain.errors import Unavailable

AT_ONCE = 4
TIMEOUT_S = 20.0
IMPLICIT_TLS = 465
"""RFC 8314, 3.3: there TLS comes first, everywhere else STARTTLS is asked for."""


@dataclass(frozen=True, slots=True)
class SmtpServer:
    """With `tls`, nothing is said in the clear: a server that does not offer STARTTLS gets no mail."""

    host: str
    port: int = 587
    user: str | None = None
    password: str | None = None
    tls: bool = True


class SmtpMailer(Mailer):
    """`trusted` says whose certificates are accepted; without it, those of the system."""

    def __init__(self, server: SmtpServer, sender: Address, *, trusted: ssl.SSLContext | None = None) -> None:
        self._server, self._sender, self._trusted = server, sender, trusted
        self._turns = asyncio.Semaphore(AT_ONCE)

    async def send(self, letter: Letter) -> None:
        written = message(letter, self._sender)
        async with self._connected() as server:
            if not letter.to.isascii():
                await server.ehlo()
                if not server.supports_extension("smtputf8"):  # RFC 6531
                    raise Undeliverable()
            await server.send_message(written, sender=self._sender.addr_spec, recipients=[letter.to])

    async def pretend(self, letter: Letter) -> None:
        message(letter, self._sender)
        async with self._connected() as server:
            await server.mail(self._sender.addr_spec)
            await server.rset()

    async def ping(self) -> str:
        async with self._connected() as server:
            await server.noop()
        how = "with TLS" if self._server.tls else "without TLS"
        return f"{self._server.host}:{self._server.port}, {how}"

    @asynccontextmanager
    async def _connected(self) -> AsyncIterator[SMTP]:
        """What goes wrong is told as what it means for the letter, without the server's text, which may quote it."""
        async with self._turns:
            client = self._client()
            try:
                async with asyncio.timeout(3 * TIMEOUT_S):
                    await client.connect()
                    if self._server.user is not None:
                        await client.login(self._server.user, self._server.password or "")
                    yield client
                    with suppress(aiosmtplib.SMTPException, OSError):  # what was taken is not sent again
                        await client.quit()
            except (aiosmtplib.SMTPException, OSError) as error:
                raise _meaning(error) from error
            finally:
                client.close()

    def _client(self) -> SMTP:
        at_first = self._server.tls and self._server.port == IMPLICIT_TLS
        return SMTP(
            hostname=self._server.host,
            port=self._server.port,
            timeout=TIMEOUT_S,
            use_tls=at_first,
            start_tls=self._server.tls and not at_first,
            tls_context=self._trusted,
        )


def _meaning(error: Exception) -> Unavailable | Undeliverable:
    """Only what is said of this letter for good (5yz) is final; what is said of us is for whoever runs this to mend."""
    refused = error.recipients[0] if isinstance(error, aiosmtplib.SMTPRecipientsRefused) else error
    if isinstance(refused, aiosmtplib.SMTPRecipientRefused | aiosmtplib.SMTPDataError) and refused.code >= 500:
        return Undeliverable()
    return Unavailable("The mail server cannot be used now.")
