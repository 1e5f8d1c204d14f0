"""Enough of a shell and of curl to run the lines of the documents: assignments, `curl`, and `| jq -r .member`."""

import re
import shlex
from collections.abc import Iterator
from dataclasses import dataclass, field

import httpx

_ASSIGNED = re.compile(r"(\w+)=(.*)", re.DOTALL)
_ASKED = re.compile(r"\$\((curl .*)\| jq -r \.(\w+)\)", re.DOTALL)
_PAIRED = {"-H": "header", "-X": "method", "-d": "form", "--json": "json"}
_BARE = ("-s", "-i")


class Unknown(Exception):
    """A line says something that is not understood here."""


@dataclass
class Shell:
    client: httpx.AsyncClient
    names: dict[str, str] = field(default_factory=dict)

    async def run(self, script: str) -> list[httpx.Response]:
        """What each `curl` was answered with."""
        answers: list[httpx.Response] = []
        for line in _lines(script):
            assigned = _ASSIGNED.fullmatch(line)
            asked = _ASKED.fullmatch(assigned[2]) if assigned else None
            if assigned and asked:
                answers.append(await self._curl(asked[1]))
                self.names[assigned[1]] = answers[-1].json()[asked[2]]
            elif assigned:
                (self.names[assigned[1]],) = self._words(assigned[2])
            else:
                answers.append(await self._curl(line))
        return answers

    async def _curl(self, line: str) -> httpx.Response:
        command, *words = self._words(line)
        if command != "curl":
            raise Unknown(line)
        given: dict[str, list[str]] = {"url": []}
        while words:
            word = words.pop(0)
            if word in _PAIRED:
                given.setdefault(_PAIRED[word], []).append(words.pop(0))
            elif word.startswith("-") and word not in _BARE:
                raise Unknown(word)
            elif word not in _BARE:
                given["url"].append(word)
        (url,), body, form = given["url"], given.get("json"), given.get("form")
        headers = dict(each.split(": ", 1) for each in given.get("header", ()))
        if body:
            headers = {"Content-Type": "application/json", "Accept": "application/json", **headers}
        if form:
            headers = {"Content-Type": "application/x-www-form-urlencoded", **headers}
        method = given.get("method", ["POST" if body or form else "GET"])[0]
        content = body[0] if body else "&".join(form or ())
        return await self.client.request(method, url, headers=headers, content=content.encode() or None)

    def _words(self, text: str) -> list[str]:
        """The words of a line, with what the names stand for. Single quotes hold no names in these documents."""
        return [re.sub(r"\$(\w+)", lambda name: self.names[name[1]], word) for word in shlex.split(text)]


def _lines(script: str) -> Iterator[str]:
    yield from (line for line in script.replace("\\\n", " ").splitlines() if line.strip())
