"""README's walk-through, run as it is written."""

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import httpx

from tests.http.client import serving
from tests.http.curl import Shell
from tests.stores import fresh_url

README = Path(__file__).parents[2] / "README.md"
SHOWN = ("etag", "location", "link", "content-type", "idempotency-replayed")

_ID = re.compile(r"[0-9a-f]{8}-[0-9a-f]{4}-7[0-9a-f]{3}-[0-9a-f]{4}-[0-9a-f]{12}")
_TIME = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z")
_TOKEN = re.compile(r"ey[\w-]+\.[\w-]+\.[\w-]+")


def steps() -> Iterator[tuple[str, str]]:
    """Each block of commands, with the paragraph behind it, which says how they are answered."""
    text = README.read_text("utf-8").partition("## A walk-through")[2].partition("\n## ")[0]
    for block in re.finditer(r"```sh\n(.*?)```\n\n(.*?)(?:\n\n|\Z)", text, re.DOTALL):
        yield block[1], block[2]


def alike(text: str) -> str:
    """Without what is another each time: ids become their number in order of appearance."""
    ids: dict[str, str] = {}
    text = _ID.sub(lambda found: ids.setdefault(found[0], f"id-{len(ids)}"), _TIME.sub("time", text))
    return _TOKEN.sub("token", text)


async def walked(url: str) -> list[tuple[str, str, httpx.Response]]:
    """Each answer on that store with what is comparable of it, and what is said of its block."""
    first = {"admin_username": "grace", "admin_email": "grace@example.com", "admin_password": "battery staple 2"}
    async with serving(url, **first) as served:
        shell, answers = Shell(served.client), []
        for script, said in steps():
            for response in await shell.run(script):
                headers = {name: response.headers.get(name) for name in SHOWN}
                answers.append((f"{response.status_code} {headers} {response.text}", said, response))
        return answers


async def test_every_command_is_answered_as_it_says(database_url: str) -> None:
    answers = await walked(database_url)

    promised: list[tuple[str, str | None]] = []
    for _, said in steps():
        for word in re.findall(r"`([^`]+)`", said.partition(". ")[0].replace("\n", " ")):
            if re.fullmatch(r"\d{3}", word):
                promised.append((word, None))
            else:
                promised[-1] = (promised[-1][0], word)
    assert [str(response.status_code) for _, _, response in answers] == [status for status, _ in promised]
    for (_, _, response), (_, header) in zip(answers, promised, strict=True):
        if header is not None:
            name, _, value = header.partition(": ")
            assert response.headers[name] == value


async def test_every_store_answers_the_same(database_url: str) -> None:
    async with fresh_url("memory") as memory:
        expected: Any = [alike(answer) for answer, _, _ in await walked(memory)]

    assert [alike(answer) for answer, _, _ in await walked(database_url)] == expected
    assert len(expected) == 15


async def test_money_is_short_by_what_it_says_and_comes_back(database_url: str) -> None:
    *_, refused, cancelled, wallet = [response for _, _, response in await walked(database_url)]

    assert refused.json()["shortfall"] == "62.84"
    assert cancelled.json()["status"] == "cancelled"
    assert wallet.json()["balance"] == "100.00"


async def test_there_is_still_one_teapot(database_url: str) -> None:
    answers = await walked(database_url)

    (found,) = [response for _, _, response in answers if "pages" in response.text]
    assert found.json()["total"] == 1
