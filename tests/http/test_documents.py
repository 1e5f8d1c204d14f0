"""The pages of documentation: of this package's own files, under a policy that lets nothing else in."""

import gzip
import hashlib
import re

import httpx
import pytest

from entrypoints.http.documents import POLICY
from tests.architecture.source import SRC
from tests.http.client import problem, serving

ASSETS = SRC / "entrypoints/http/assets"
PAGES = ("/docs", "/redoc")


@pytest.mark.parametrize("page", PAGES)
async def test_a_page_loads_what_is_here_and_names_no_other_host(memory: httpx.AsyncClient, page: str) -> None:
    response = await memory.get(page)

    assert (response.status_code, response.headers["content-type"]) == (200, "text/html; charset=utf-8")
    assert response.headers["content-security-policy"] == POLICY
    assert "//" not in response.text
    assert "'unsafe-eval'" not in POLICY
    loaded = re.findall(r'(?:src|href)="(/[^"]+)"', response.text)
    assert len(loaded) >= 2
    for path in loaded:
        assert (await memory.get(path)).status_code == 200
    assert not re.search(r"<script>|<style|\son\w+=", response.text)


@pytest.mark.parametrize("name", ["swagger-ui-bundle.js", "swagger-ui.css", "redoc.standalone.js", "docs.js"])
async def test_what_a_page_loads_is_the_same_packed_and_unpacked(memory: httpx.AsyncClient, name: str) -> None:
    packed = await memory.get(f"/docs/assets/{name}", headers={"Accept-Encoding": "gzip"})
    plain = await memory.get(f"/docs/assets/{name}", headers={"Accept-Encoding": "identity"})

    assert packed.content == plain.content
    assert packed.headers.get("content-encoding") == ("gzip" if name != "docs.js" else None)
    assert "content-encoding" not in plain.headers
    assert int(plain.headers["content-length"]) == len(plain.content)
    assert plain.headers["content-type"].startswith("text/css" if name.endswith("css") else "text/javascript")
    assert plain.headers["cache-control"] == "public, max-age=3600"


async def test_nothing_else_of_the_package_is_shown(memory: httpx.AsyncClient) -> None:
    for name in ("README.md", "..%2Fapp.py", "swagger-ui-bundle.js.gz", "redoc.LICENSE.txt"):
        problem(await memory.get(f"/docs/assets/{name}"), 404, "not_found")


def test_the_files_are_those_that_are_said_to_be_there() -> None:
    told = dict(re.findall(r"\| `([\w.-]+)` \| (\w{64}) \|", (ASSETS / "README.md").read_text("utf-8")))
    found = {path.name.removesuffix(".gz"): gzip.decompress(path.read_bytes()) for path in ASSETS.glob("*.gz")}

    assert {name: hashlib.sha256(content).hexdigest() for name, content in found.items()} == told
    assert len(told) == 3
    assert not any(b"//cdn." in content for content in found.values())


@pytest.mark.parametrize("page", [*PAGES, "/docs/assets/docs.js", "/openapi.json"])
async def test_all_of_it_may_be_hidden(page: str) -> None:
    async with serving(docs_enabled=False) as served:
        problem(await served.client.get(page), 404, "not_found")
        assert (await served.client.get("/api/v1/info")).json()["docs_url"] is None
