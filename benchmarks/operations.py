"""What is asked of the targets, in the words of each, and what a good answer to it is."""

import http.client
import json
import random
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cache
from urllib.parse import urlencode

from benchmarks import rows, seeding
from benchmarks.baseline.models import token_for
from benchmarks.load import Answer, Request, send

PLANNED = 5_000
"""How many different requests there are of an operation."""

DEPTH = 100_000
SIZE = 50
STRIDE = 100
_dice = random.Random(13)  # noqa: S311 - requests, not secrets
_JSON, _FORM = "application/json", "application/x-www-form-urlencoded"


@dataclass(frozen=True, slots=True)
class Asked:
    """Who is asked: `speaks` is `portico` or `baseline`, `count` how many items there are, `host` where it listens."""

    speaks: str
    count: int
    host: str

    @property
    def items(self) -> str:
        return "/api/v1/items" if self.speaks == "portico" else "/items"

    def choose(self, portico: str, baseline: str) -> str:
        return portico if self.speaks == "portico" else baseline


Plan = Callable[[Asked], Sequence[Request]]


@dataclass(frozen=True, slots=True)
class Operation:
    """`size` is how many items a list has to have, `count` how many there are.

    `writes` means that its server has other rows afterwards. `slow` ones go on in the server when nobody waits for them
    any more, and take their time. `beside` is what goes on at the same time, unmeasured.
    """

    name: str
    plan: Plan
    status: int = 200
    size: int | None = None
    count: int = rows.SMALL
    connections: int | None = None
    writes: bool = False
    slow: bool = False
    beside: str | None = None

    def complaint(self, speaks: str, answer: Answer) -> str | None:
        """What is wrong with the answer. The baseline knows no versions and answers whole where Portico answers 304."""
        wanted = 200 if self.status == 304 and speaks == "baseline" else self.status
        if answer.status != wanted:
            return f"{answer.status} in place of {wanted}: {answer.body[:200]!r}"
        if self.size is not None:
            items = json.loads(answer.body)["items" if speaks == "portico" else "data"]
            if len(items) != self.size:
                return f"{len(items)} items in place of {self.size}"
        return None


@cache
def _bearers(speaks: str) -> list[dict[str, str]]:
    """The headers of each of the people."""
    if speaks == "portico":
        tokens = seeding.tokens()
    else:
        tokens = [token_for(rows.user_id(number)) for number in range(rows.PEOPLE)]
    return [{"Authorization": f"Bearer {token}"} for token in tokens]


def _by(
    asked: Asked, path: str, method: str = "GET", body: object = None, more: Mapping[str, str] | None = None
) -> Request:
    """By any of the people."""
    headers = {**_dice.choice(_bearers(asked.speaks)), **(more or {})}
    if body is None:
        return Request(path, method, headers)
    return Request(path, method, {**headers, "Content-Type": _JSON}, json.dumps(body, separators=(",", ":")))


def _me(asked: Asked) -> Sequence[Request]:
    path = asked.choose("/api/v1/users/me", "/me")
    return [Request(path, "GET", bearer) for bearer in _bearers(asked.speaks)]


def _get(asked: Asked) -> Sequence[Request]:
    return [_by(asked, f"{asked.items}/{row.id}") for row in rows.sample(asked.count, PLANNED)]


def _get_known(asked: Asked) -> Sequence[Request]:
    known = {"If-None-Match": '"1"'}
    return [_by(asked, f"{asked.items}/{row.id}", more=known) for row in rows.sample(asked.count, PLANNED)]


def _create(asked: Asked) -> Sequence[Request]:
    title = asked.choose("name", "title")
    more = {"price": "9.90"} if asked.speaks == "portico" else {}
    bodies = (
        {title: f"bench {number}", "description": f"{_dice.choice(rows.VOCABULARY)} made by the bench", **more}
        for number in range(PLANNED)
    )
    return [_by(asked, asked.items, "POST", body) for body in bodies]


def _page(number: int) -> Plan:
    def plan(asked: Asked) -> Sequence[Request]:
        query = asked.choose(f"page={number}&size={SIZE}", f"skip={(number - 1) * SIZE}&limit={SIZE}")
        return [_by(asked, f"{asked.items}?{query}") for _ in range(rows.PEOPLE)]

    return plan


def _walk(asked: Asked) -> Sequence[Request]:
    query = asked.choose(f"cursor=&size={SIZE}", f"after=&limit={SIZE}")
    return [_by(asked, f"{asked.items}?{query}") for _ in range(rows.PEOPLE)]


def _walk_on(asked: Asked) -> Sequence[Request]:
    """Behind `DEPTH` rows. A cursor of Portico's is its caller's own, so all of these are by one person."""
    bearer = _bearers(asked.speaks)[0]
    if asked.speaks == "portico":
        query = f"cursor={_deep_cursor(asked, bearer)}&size={SIZE}"
    else:
        last = list(rows.items(asked.count))[-DEPTH]
        query = urlencode({"after": f"{last.created_at.isoformat()}~{last.id}", "limit": SIZE})
    return [Request(f"{asked.items}?{query}", "GET", bearer)]


def _deep_cursor(asked: Asked, bearer: dict[str, str]) -> str:
    """By walking there, as a client would."""
    connection, cursor = http.client.HTTPConnection(asked.host, timeout=20), ""
    for _ in range(DEPTH // STRIDE):
        answer = send(connection, Request(f"{asked.items}?cursor={cursor}&size={STRIDE}", "GET", bearer))
        cursor = json.loads(answer.body)["next_cursor"]
    connection.close()
    return cursor


def _search(asked: Asked) -> Sequence[Request]:
    """For words of descriptions, each of which is in one item at least."""
    found = [row.description.split()[0] for row in rows.sample(asked.count, PLANNED)]
    path = asked.choose("/api/v1/items?size=50&q=", "/search?limit=50&q=")
    return [_by(asked, path + word) for word in found]


def _order(asked: Asked) -> Sequence[Request]:
    """Three different items, four pieces, paid at once."""
    ids = [row.id for row in rows.sample(asked.count, PLANNED)]
    path, quantity = asked.choose("/api/v1/orders", "/orders"), asked.choose("quantity", "qty")
    address = {"street": "1 Main St", "city": "Springfield"}
    more = {"shipping_address": address, "payment": "wallet"} if asked.speaks == "portico" else {}
    lines = (
        [{"item_id": id, quantity: pieces} for id, pieces in zip(_dice.sample(ids, 3), (1, 2, 1), strict=True)]
        for _ in range(PLANNED)
    )
    return [_by(asked, path, "POST", {"lines": each, **more}) for each in lines]


def _login(asked: Asked) -> Sequence[Request]:
    return [_sign_in(asked.speaks, rows.email(number)) for number in range(rows.PEOPLE)]


def _sign_in(speaks: str, email: str) -> Request:
    if speaks == "baseline":
        body = json.dumps({"email": email, "password": rows.PASSWORD})
        return Request("/login", "POST", {"Content-Type": _JSON}, body)
    form = urlencode({"grant_type": "password", "username": email, "password": rows.PASSWORD})
    return Request("/api/v1/auth/token", "POST", {"Content-Type": _FORM}, form)


OPERATIONS = {
    operation.name: operation
    for operation in (
        Operation("me", _me),
        Operation("get", _get),
        Operation("get_304", _get_known, status=304),
        Operation("list50", _page(1), size=SIZE),
        Operation("list50_cursor", _walk, size=SIZE),
        Operation("search", _search),
        Operation("list50@120k", _page(1), size=SIZE, count=rows.LARGE),
        Operation("list50_cursor@120k", _walk, size=SIZE, count=rows.LARGE),
        Operation("deep_page@120k", _page(DEPTH // SIZE + 1), size=SIZE, count=rows.LARGE),
        Operation("deep_cursor@120k", _walk_on, size=SIZE, count=rows.LARGE),
        Operation("search@120k", _search, size=SIZE, count=rows.LARGE),
        Operation("create", _create, status=201, writes=True),
        Operation("order", _order, status=201, writes=True),
        Operation("login", _login, connections=8, writes=True, slow=True),
        Operation("me_while_login", _me, connections=8, writes=True, slow=True, beside="login"),
    )
}


def named(name: str) -> Operation:
    """`NAME@120k` is NAME on many items. Raises `KeyError`."""
    plain, _, count = name.partition("@")
    if name in OPERATIONS or count != "120k":
        return OPERATIONS[name]
    return replace(OPERATIONS[plain], name=name, count=rows.LARGE)
