"""What is not HTTP, and what is but only just."""

import pytest

from tests.e2e.serving import Server
from tests.e2e.wire import GET, Wire, post, wired


def head(*headers: str) -> bytes:
    return "\r\n".join(["GET /health HTTP/1.1", "Host: x", *headers, "", ""]).encode("latin-1")


@pytest.mark.parametrize(
    "sent",
    [
        pytest.param(b"nonsense\r\n\r\n", id="no request line"),
        pytest.param(b"GET\r\n\r\n", id="no path"),
        pytest.param(b"GET /health\r\nHost: x\r\n\r\n", id="no version"),
        pytest.param(b"GET /health HTTP/9.9\r\nHost: x\r\n\r\n", id="no such version"),
        pytest.param(b"GET /health HTTQ/1.1\r\nHost: x\r\n\r\n", id="no HTTP"),
        pytest.param(b"FROBNICATE /health HTTP/1.1\r\nHost: x\r\n\r\n", id="no method"),
        pytest.param(b"get /health HTTP/1.1\r\nHost: x\r\n\r\n", id="a method in small letters"),
        pytest.param(b"GET /hea lth HTTP/1.1\r\nHost: x\r\n\r\n", id="a space in the path"),
        pytest.param(b"GET /\xc3\xa9 HTTP/1.1\r\nHost: x\r\n\r\n", id="bytes in the path"),
        pytest.param(b"GET /\x00 HTTP/1.1\r\nHost: x\r\n\r\n", id="NUL in the path"),
        pytest.param(b"GET /health HTTP/1.1\r\nA: b\r\n\r\n", id="no host"),
        pytest.param(head("host: x"), id="two hosts"),
        pytest.param(b"CONNECT shop.example:443 HTTP/1.1\r\nHost: x\r\n\r\n", id="a tunnel"),
        pytest.param(b"GET http://x:port/health HTTP/1.1\r\nHost: x\r\n\r\n", id="no port"),
        pytest.param(b"\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03", id="TLS"),
        pytest.param(b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n", id="HTTP/2"),
        pytest.param(head("no colon"), id="a header without a colon"),
        pytest.param(head("Bad Name: x"), id="a space in a header's name"),
        pytest.param(head("Name : x"), id="a space before the colon"),
        pytest.param(head(": x"), id="a header without a name"),
        pytest.param(head("A: b\0c"), id="NUL in a header"),
        pytest.param(head("A: b\rc"), id="a bare return in a header"),
        pytest.param(b"GET /health HTTP/1.1\r\nHost: x\r\nA: b\r\n folded\r\n\r\n", id="a folded header"),
        pytest.param(post("/", b"x", "Content-Length: 1", "Content-Length: 2"), id="two lengths"),
        pytest.param(post("/", b"x", "Content-Length: 1", "Content-Length: 1"), id="the same length twice"),
        pytest.param(post("/", b"x", "Content-Length: 1, 1"), id="a list of lengths"),
        pytest.param(post("/", b"x", "Content-Length: +1"), id="a signed length"),
        pytest.param(post("/", b"x", "Content-Length: -1"), id="a negative length"),
        pytest.param(post("/", b"x", "Content-Length: 0x1"), id="a hexadecimal length"),
        pytest.param(post("/", b"x", "Content-Length: " + "9" * 40), id="a length past all numbers"),
        pytest.param(post("/", b"1\r\nx\r\n0\r\n\r\n", "Transfer-Encoding: chunked", "Content-Length: 1"), id="both"),
        pytest.param(post("/", b"x", "Content-Length: 1", "Transfer-Encoding: chunked"), id="both, turned round"),
        pytest.param(post("/", b"x", "Transfer-Encoding: xchunked"), id="an unknown coding"),
        pytest.param(post("/", b"x", "Transfer-Encoding: chunked, identity"), id="chunked, and then something"),
    ],
)
async def test_what_is_not_http_is_400_in_plain_text_and_ends_the_connection(wire: Wire, sent: bytes) -> None:
    answer = await wire.ask(sent)

    assert (answer.status, answer.is_plain_text) == (400, True)
    assert await wire.ended()


@pytest.mark.parametrize("chunk", [b"zz\r\nx\r\n", b"-1\r\nx\r\n", b"1\r\nxy", b"fffffffffffffffff\r\nx"])
async def test_broken_chunks_end_the_connection(wire: Wire, chunk: bytes) -> None:
    answer = await wire.ask(post("/api/v1/auth/register", chunk, "Transfer-Encoding: chunked"))

    assert answer.status in (400, 413, 431)
    assert await wire.ended()


async def test_what_is_not_http_costs_others_nothing(server: Server, wire: Wire) -> None:
    async with wired(server.port) as other:
        assert (await other.ask(GET)).status == 200
        await wire.ask(b"nonsense\r\n\r\n")

        assert (await other.ask(GET)).status == 200


async def test_100_headers_are_taken_and_one_more_is_431(server: Server) -> None:
    for many, status in ((99, 200), (100, 431), (5000, 431)):
        async with wired(server.port) as wire:
            answer = await wire.ask(head(*(f"X-{number}: x" for number in range(many))))

            assert answer.status == status
            assert answer.status == 200 or (answer.is_plain_text and await wire.ended())


async def test_64_kib_of_head_are_taken_and_more_is_431(server: Server) -> None:
    for size, status in ((60_000, 200), (64 * 1024, 431), (200_000, 431), (5_000_000, 431)):
        async with wired(server.port) as wire:
            answer = await wire.ask(head("X: " + "x" * size))

            assert answer.status == status
            assert answer.status == 200 or (answer.is_plain_text and await wire.ended())


@pytest.mark.parametrize(
    "begin", [b"GET /", b"GET /health HTTP/1.1\r\nHost: x\r\nX: ", b"GET /health HTTP/1.1\r\n", b""]
)
async def test_a_head_without_an_end_is_431(wire: Wire, begin: bytes) -> None:
    await wire.send(begin)
    for _ in range(10):
        await wire.send(b"a" * 10_000 if begin else b"\r\n" * 5_000)

    answer = await wire.answer()

    assert (answer.status, answer.is_plain_text) == (431, True)
    assert await wire.ended()


async def test_a_long_path_is_431_and_a_shorter_one_is_not_found(server: Server) -> None:
    for size, status in ((60_000, 404), (70_000, 431)):
        async with wired(server.port) as wire:
            assert (await wire.ask(b"GET /" + b"a" * size + b" HTTP/1.1\r\nHost: x\r\n\r\n")).status == status


@pytest.mark.parametrize(
    ("line", "status"),
    [
        ("GET http://other.example/health HTTP/1.1", 200),
        ("GET /health?%00=%ff HTTP/1.1", 200),
        ("OPTIONS * HTTP/1.1", 404),
        ("GET //health HTTP/1.1", 404),
        ("GET /%c3%a9%00%ff HTTP/1.1", 404),
        ("GET /../../etc/passwd HTTP/1.1", 404),
        ("TRACE /health HTTP/1.1", 405),
        ("PURGE /health HTTP/1.1", 405),
    ],
)
async def test_what_is_strange_but_http_is_answered(wire: Wire, line: str, status: int) -> None:
    answer = await wire.ask(f"{line}\r\nHost: x\r\n\r\n".encode())

    assert (answer.status, "server" in answer.headers) == (status, False)
    assert (await wire.ask(GET)).status == 200


async def test_http_1_0_is_answered_and_the_connection_ends(wire: Wire) -> None:
    answer = await wire.ask(b"GET /health HTTP/1.0\r\n\r\n")

    assert answer.status == 200
    assert await wire.ended()


async def test_a_connection_that_is_to_be_closed_is_closed(wire: Wire) -> None:
    answer = await wire.ask(head("Connection: close"))

    assert answer.status == 200
    assert await wire.ended()


async def test_an_upgrade_that_is_not_offered_is_ignored(wire: Wire) -> None:
    answer = await wire.ask(head("Connection: Upgrade, HTTP2-Settings", "Upgrade: h2c", "HTTP2-Settings: AAAA"))

    assert answer.status == 200


async def test_pipelined_requests_are_answered_in_order(wire: Wire) -> None:
    names = ["/health", "/nothing", "/api/v1/users/me", "/api/v1/items", "/health"]
    await wire.send(
        b"".join(
            f"GET {name} HTTP/1.1\r\nHost: x\r\nX-Request-ID: {n}\r\n\r\n".encode() for n, name in enumerate(names)
        )
    )

    answers = [await wire.answer() for _ in names]

    assert [each.status for each in answers] == [200, 404, 401, 200, 200]
    assert [each.headers["x-request-id"] for each in answers] == ["0", "1", "2", "3", "4"]


async def test_a_long_body_may_be_followed_by_a_request_that_comes_in_pieces(wire: Wire) -> None:
    await wire.send(post("/api/v1/auth/revoke", b"x" * 900_000, type="text/plain") + GET[:20])

    assert (await wire.answer()).status == 415
    assert (await wire.ask(GET[20:])).status == 200


async def test_many_requests_at_once_may_be_followed_by_one_that_comes_in_pieces(wire: Wire) -> None:
    await wire.send(GET * 3000 + GET[:20])

    assert {(await wire.answer()).status for _ in range(3000)} == {200}
    assert (await wire.ask(GET[20:])).status == 200


async def test_what_is_not_http_after_a_request_does_not_take_its_answer(wire: Wire) -> None:
    await wire.send(b"GET /health HTTP/1.1\r\nHost: x\r\nX-Request-ID: mine\r\n\r\nnonsense\r\n\r\n")

    try:
        answer = await wire.answer()
    except EOFError:
        return  # the connection may end first
    assert answer.status == 200
    assert answer.headers["x-request-id"] == "mine"
