"""The page at `/live`, in a real browser: two people sign in, meet in a room, and talk."""

import os
from pathlib import Path

import httpx
import pytest

from tests.e2e.browser import CHROMIUM, Tab, tabs
from tests.e2e.serving import served
from tests.e2e.talk import a_room
from tests.http.client import Person, offer, serving, sign_up

EVENTS = "[...document.querySelectorAll('#events li b, #events li span')].map(each => each.textContent).join('|')"
TEXTS = "[...document.querySelectorAll('#messages li span')].map(each => each.textContent).join('|')"


async def test_the_page_is_strict_and_not_there_in_production() -> None:
    async with serving() as shown:
        page = await shown.client.get("/live")
        parts = [await shown.client.get(f"/live/{name}") for name in ("live.js", "live.css", "live.html", "x")]
    async with serving(
        environment="production", secret_key="q8Zt3LwPz7Rk2VnX5cYb9MdGf4HjS6aE", bcrypt_rounds=10
    ) as hidden:
        gone = [await hidden.client.get(path) for path in ("/live", "/live/live.js")]

    assert page.headers["content-type"].startswith("text/html")
    assert page.headers["content-security-policy"].startswith("default-src 'none'; script-src 'self';")
    assert page.headers.get_list("content-security-policy", split_commas=False) == [
        page.headers["content-security-policy"]
    ]
    assert [part.status_code for part in parts] == [200, 200, 404, 404]
    assert "http:" not in page.text + parts[0].text + parts[1].text
    assert [each.status_code for each in gone] == [404, 404]


async def sign_in(tab: Tab, address: str, person: Person) -> None:
    await tab.ask("Page.navigate", url=f"{address}/live")
    await tab.until("document.readyState === 'complete' && !!document.getElementById('sign_in')")
    await tab.fill(username=person.user["username"], password=person.password)
    await tab.submit("sign_in")
    await tab.until("!document.getElementById('live').hidden && document.getElementById('room').options.length")


async def enter(tab: Tab, room_id: str) -> None:
    await tab.fill(room=room_id)
    await tab.submit("enter")
    await tab.until("!document.getElementById('text').disabled")


def _keep(path: str, picture: bytes) -> None:
    Path(path).write_bytes(picture)


@pytest.mark.skipif(CHROMIUM is None, reason="no Chromium here")
async def test_two_tabs_talk() -> None:
    async with served("memory") as server, httpx.AsyncClient(base_url=server.address) as client, tabs(2) as (one, two):
        ada, bob = await sign_up(client), await sign_up(client)
        room = await a_room(client, ada)
        for tab, person in ((one, ada), (two, bob)):
            await sign_in(tab, server.address, person)
            await enter(tab, room["id"])
        await one.fill(text="Is there tea? <b>hot</b>")
        await one.submit("speak")
        await two.until(f"{TEXTS} === 'Is there tea? <b>hot</b>'")
        await two.fill(text="There is.")
        await two.submit("speak")

        assert await one.until(f"({TEXTS}).includes('|') && {TEXTS}") == "Is there tea? <b>hot</b>|There is."
        assert await one.run("document.querySelectorAll('#messages b b, #messages span b').length") == 0
        assert await one.until("document.querySelectorAll('#online li').length === 2")
        item = await offer(client, ada)
        assert await one.until(f"({EVENTS}).includes('|') && {EVENTS}") == f"item.created|{item['name']}"
        if picture := os.environ.get("LIVE_PICTURE"):
            _keep(picture, await one.picture())
        assert [each for each in one.complaints + two.complaints if "Content Security Policy" in each] == []
