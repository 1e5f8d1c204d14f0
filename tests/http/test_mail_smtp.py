"""The whole way: a request, its task, and a real SMTP server that receives the letter."""

import asyncio
from email.message import EmailMessage

from tests.adapters.mail import HOST, Inbox, smtp_server, text_of
from tests.http.client import API, PASSWORD, serving, sign_in, sign_up
from tests.http.mailbox import PATIENCE_S, reset, token_in, verify


async def received(inbox: Inbox, address: str, about: str) -> EmailMessage:
    async with asyncio.timeout(PATIENCE_S):
        while True:
            for message in inbox.messages():
                if message["to"] == address and about in message["subject"]:
                    return message
            await asyncio.sleep(0.01)


async def test_welcome_reset_and_notification_arrive(database_url: str) -> None:
    inbox = Inbox()
    with smtp_server(inbox) as port:
        mail = {"smtp_host": HOST, "smtp_port": port, "smtp_tls": False, "mail_from": "The shop <shop@example.com>"}
        async with serving(database_url, **mail, public_url="https://shop.example") as served:
            client, person = served.client, await sign_up(served.client)
            address = person.user["email"]
            welcome = await received(inbox, address, "confirm")
            assert (await verify(client, token_in(welcome))).status_code == 204

            await client.post(f"{API}/auth/password/forgot", json={"email": address})
            letter = await received(inbox, address, "password")
            assert (await reset(client, token_in(letter), "battery staple 2")).status_code == 204

            admin = {"Authorization": f"Bearer {(await sign_in(client, 'root', PASSWORD))['access_token']}"}
            told = {"user_id": person.id, "subject": "Tea is ready", "message": "Come & drink."}
            assert (await client.post(f"{API}/notifications", json=told, headers=admin)).status_code == 202
            notification = await received(inbox, address, told["subject"])

    assert welcome["from"] == letter["from"] == notification["from"] == "The shop <shop@example.com>"
    assert "https://shop.example/verify-email?token=" in text_of(welcome)
    assert "https://shop.example/reset-password?token=" in text_of(letter)
    assert text_of(notification).strip() == told["message"]
    assert "Come &amp; drink." in text_of(notification, "html")
    assert {envelope.mail_from for envelope in inbox.envelopes} == {"shop@example.com"}


async def test_a_server_that_says_later_is_asked_again(database_url: str) -> None:
    inbox = Inbox()
    inbox.answers["DATA"] = ["451 later"] * 2
    with smtp_server(inbox) as port:
        async with serving(database_url, smtp_host=HOST, smtp_port=port, smtp_tls=False) as served:
            admin = {"Authorization": f"Bearer {(await sign_in(served.client, 'root', PASSWORD))['access_token']}"}
            told = {"email": "guest@example.com", "subject": "Tea is ready", "message": "Come."}
            await served.client.post(f"{API}/notifications", json=told, headers=admin)

            assert text_of(await received(inbox, "guest@example.com", "Tea")).strip() == "Come."
