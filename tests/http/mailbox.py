"""What was mailed, as whoever has the address reads it."""

import asyncio
import re
from email import message_from_bytes, policy
from email.message import EmailMessage
from functools import cache
from pathlib import Path

import httpx

from tests.http.client import API, Served

PATIENCE_S = 15.0


def letters(served: Served, address: str) -> list[EmailMessage]:
    """To that address so far, oldest first."""
    written = map(_read, sorted(Path(served.settings.mail_dir).glob("*.eml")))
    read = [message_from_bytes(each, policy=policy.default) for each in written if address.encode() in each]
    return [message for message in read if isinstance(message, EmailMessage) and message["to"] == address]


@cache
def _read(path: Path) -> bytes:
    """Once for each: a letter is there as a whole, and everybody who ever joined was written one."""
    return path.read_bytes()


async def letter(served: Served, address: str, about: str) -> EmailMessage:
    """The newest one to that address whose subject has these words, as soon as it is there."""
    async with asyncio.timeout(PATIENCE_S):
        while True:
            found = [each for each in letters(served, address) if about in each["subject"]]
            if found:
                return found[-1]
            await asyncio.sleep(0.01)


async def several(served: Served, address: str, about: str, many: int) -> list[EmailMessage]:
    """So many of them."""
    async with asyncio.timeout(PATIENCE_S):
        while True:
            found = [each for each in letters(served, address) if about in each["subject"]]
            if len(found) >= many:
                return found
            await asyncio.sleep(0.01)


def text_of(message: EmailMessage, form: str = "plain") -> str:
    part = message.get_body((form,))
    assert part is not None
    content: str = part.get_content()
    return content.replace("\r\n", "\n")


def token_in(message: EmailMessage) -> str:
    """What the link carries: one in the text, and the same in the HTML."""
    found = {match for form in ("plain", "html") for match in re.findall(r"\?token=([\w-]+)", text_of(message, form))}
    (token,) = found
    return str(token)


async def welcome_token(served: Served, address: str) -> str:
    return token_in(await letter(served, address, "confirm"))


async def reset_token(served: Served, address: str) -> str:
    """Of a letter that is asked for here."""
    before = len([each for each in letters(served, address) if "password" in each["subject"]])
    response = await served.client.post(f"{API}/auth/password/forgot", json={"email": address})
    assert response.status_code == 202, response.text
    return token_in((await several(served, address, "password", before + 1))[-1])


async def verify(client: httpx.AsyncClient, token: str) -> httpx.Response:
    return await client.post(f"{API}/auth/email/verify", json={"token": token})


async def reset(client: httpx.AsyncClient, token: str, password: str) -> httpx.Response:
    return await client.post(f"{API}/auth/password/reset", json={"token": token, "new_password": password})
