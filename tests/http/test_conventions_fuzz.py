"""Whatever is sent to whichever call: it is answered, in a declared way, and never breaks the server."""

import re
from collections.abc import Mapping
from typing import Any
from urllib.parse import quote

import httpx
import pytest_asyncio
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.builders import NASTY
from tests.http.client import Person, documented_paths, offer

ID = "019a1b2c-3d4e-7f50-8a6b-7c8d9e0f1a2b"
WORDS = ("", " ", "null", "0", "-1", "1e400", "9" * 30, "a" * 300, "true", ID, "\0", "\ud7ff", "🦆" * 60, *NASTY)
HEADERS = (
    "If-Match",
    "If-None-Match",
    "Idempotency-Key",
    "X-Request-ID",
    "Accept-Encoding",
    "Content-Encoding",
    "Range",
)
VALUES = ("", "*", '"1"', 'W/"1"', '"1', "gzip", "gzip;q=x", "k", "k" * 300, "é", ",,,", "\x01", "bytes=0-1")
LEFT_OUT = ("delete_me", "change_password", "export_me", "get_token", "revoke_token", "listen_to_events")
"""What would end the account, takes long, or has no end."""


texts = st.sampled_from(WORDS) | st.text(max_size=20)
numbers = (
    st.integers(-(2**70), 2**70) | st.floats(allow_nan=False, allow_infinity=False) | st.sampled_from((0, 1, 2**53))
)
values = st.recursive(
    st.none() | st.booleans() | numbers | texts,
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(texts, inner, max_size=3),
    max_leaves=8,
)


def known(operation: Mapping[str, Any]) -> dict[str, Any]:
    """An example of its body, of all its members."""
    content = operation.get("requestBody", {}).get("content", {})
    name = next(iter(content.values()), {}).get("schema", {}).get("$ref", "").rsplit("/", 1)[-1]
    return EXAMPLES.get(name, {})


EXAMPLES: dict[str, dict[str, Any]] = {
    "NewItem": {"name": "x", "price": "1.00", "tax": 0, "discount": 0, "stock": 1, "tags": ["a"], "description": "d"},
    "NewItemPatch": {"name": "x", "price": 2, "tags": [], "is_public": True},
    "NewOrder": {
        "lines": [{"item_id": ID, "quantity": 1}],
        "shipping_address": {"street": "1", "city": "x"},
        "notes": "n",
    },
    "NewAccount": {"username": "somebody", "email": "somebody@example.com", "password": "weak", "full_name": "x"},
    "NewApiKey": {"name": "k", "scopes": ["items:read"], "expires_at": "2100-01-01T00:00:00Z"},
    "NewPost": {"title": "t", "content": "c", "tags": ["a"], "status": "published"},
    "NewPostPatch": {"title": "t", "content": "c", "tags": [], "status": "draft"},
    "NewComment": {"content": "c"},
    "NewTransfer": {"to": ID, "amount": "1.00", "note": "n"},
    "ProfilePatch": {"full_name": "x", "bio": "y", "age": 20},
}
OPERATIONS = [
    (method.upper(), path, operation)
    for path, methods in documented_paths().items()
    for method, operation in methods.items()
    if operation["operationId"] not in LEFT_OUT
]


@st.composite
def requests(draw: st.DrawFn) -> dict[str, Any]:
    """A request to one of the calls that is right but for a few things."""
    method, path, operation = draw(st.sampled_from(OPERATIONS))
    queries = [each["name"] for each in operation.get("parameters", ()) if each["in"] == "query"]
    sent: dict[str, Any] = {"method": method, "headers": {}}
    filled = re.sub(
        r"{\w+}", lambda _: draw(st.sampled_from(("{item}", ID)) | texts.map(lambda t: quote(t, safe=""))), path
    )
    if queries:
        sent["params"] = draw(st.lists(st.tuples(st.sampled_from(queries), texts), max_size=3))
    if "requestBody" in operation:
        body: Any = {
            **known(operation),
            **draw(st.dictionaries(st.sampled_from((*known(operation), "x")), values, max_size=1)),
        }
        sent["json"] = draw(st.sampled_from((body, body, body)) | values)
    for name in draw(st.lists(st.sampled_from(HEADERS), max_size=2)):
        sent["headers"][name] = draw(st.sampled_from(VALUES)).encode()
    return {**sent, "url": filled}


@pytest_asyncio.fixture(loop_scope="session")
async def item(client: httpx.AsyncClient, somebody: Person) -> dict[str, Any]:
    return await offer(client, somebody)


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow], max_examples=150)
@given(request=requests(), signed_in=st.sampled_from((True, True, True, False)))
async def test_whatever_is_sent_is_answered(
    client: httpx.AsyncClient, somebody: Person, item: dict[str, Any], request: dict[str, Any], signed_in: bool
) -> None:
    headers = {**request["headers"], **(somebody.headers if signed_in else {})}
    url = request["url"].replace("{item}", item["id"])

    response = await client.request(**{**request, "url": url or "/", "headers": headers})

    assert response.status_code < 500, response.text
    assert response.headers["x-request-id"]
    if response.content and "json" in response.headers["content-type"]:
        response.json()
