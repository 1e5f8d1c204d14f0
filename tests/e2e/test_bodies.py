"""Bodies over a real connection: large, in chunks, cut short; and what the connection is good for afterwards."""

import time

import pytest

from tests.e2e.serving import Server
from tests.e2e.wire import GET, Wire, post, wired

PATH = "/api/v1/auth/register"
MIB = 1024 * 1024
FORM = "application/x-www-form-urlencoded"
OVER = b"x" * (MIB + 1)


async def test_a_body_that_says_it_is_too_large_is_refused_before_it_comes(wire: Wire) -> None:
    began = time.perf_counter()

    answer = await wire.ask(post(PATH, b"", "Content-Length: 104857600"))

    assert (answer.status, b"body_too_large" in answer.body) == (413, True)
    assert time.perf_counter() - began < 0.5


async def test_a_body_of_100_mb_is_refused_and_the_connection_is_good_after_it(wire: Wire) -> None:
    await wire.send(post(PATH, b"", "Content-Length: 104857600"))
    for _ in range(100):
        await wire.send(b" " * MIB)

    assert (await wire.answer()).status == 413
    assert (await wire.ask(GET)).status == 200


async def test_a_chunked_body_is_refused_at_the_limit(wire: Wire) -> None:
    await wire.send(post(PATH, b"", "Transfer-Encoding: chunked"))
    for _ in range(20):
        await wire.send(b"10000\r\n" + b" " * 0x10000 + b"\r\n")

    answer = await wire.answer()

    assert (answer.status, b"body_too_large" in answer.body) == (413, True)
    assert (await wire.ask(b"0\r\n\r\n" + GET)).status == 200


async def test_a_client_that_asks_before_sending_is_not_made_to_send_in_vain(server: Server) -> None:
    async with wired(server.port) as large, wired(server.port) as small:
        refused = await large.ask(post(PATH, b"", "Content-Length: 104857600", "Expect: 100-continue"))
        go_on = await small.ask(post(PATH, b"", "Content-Length: 2", "Expect: 100-continue"))
        answer = await small.ask(b"{}")

    assert (refused.status, go_on.status, answer.status) == (413, 100, 422)


async def test_a_body_in_chunks_is_put_together(wire: Wire) -> None:
    body = b"".join(b"1\r\n%c\r\n" % each for each in b'{"a": 1}') + b"0\r\nX-Trailer: x\r\n\r\n"

    answer = await wire.ask(post(PATH, body, "Transfer-Encoding: chunked"))

    assert (answer.status, b"extra_forbidden" in answer.body) == (422, True)


@pytest.mark.parametrize(
    "begin", [post(PATH, b"{", "Content-Length: 9"), post(PATH, b"9\r\n{", "Transfer-Encoding: chunked")]
)
async def test_a_body_cut_short_costs_nobody_anything(server: Server, wire: Wire, begin: bytes) -> None:
    for _ in range(20):
        async with wired(server.port) as cut:
            await cut.send(begin)

    assert (await wire.ask(GET)).status == 200
    assert "Traceback" not in server.said()


@pytest.mark.parametrize(
    ("status", "refused"),
    [
        pytest.param(400, post("/api/v1/auth/token", b"grant_type=x", type=FORM), id="form"),
        pytest.param(401, post("/api/v1/items", b"{}"), id="credentials"),
        pytest.param(404, b"GET /nothing HTTP/1.1\r\nHost: x\r\n\r\n", id="path"),
        pytest.param(404, post("/nothing", b"some bytes that nobody reads"), id="path with a body"),
        pytest.param(
            404, post("/nothing", b"1\r\nx\r\n0\r\n\r\n", "Transfer-Encoding: chunked"), id="path with chunks"
        ),
        pytest.param(405, post("/health", OVER), id="method"),
        pytest.param(413, post(PATH, OVER), id="size"),
        pytest.param(415, post(PATH, b"x", type="text/plain"), id="type"),
        pytest.param(422, post(PATH, b"{"), id="shape"),
    ],
)
async def test_the_connection_is_good_after_a_refusal(wire: Wire, status: int, refused: bytes) -> None:
    refusal, after = await wire.ask(refused), await wire.ask(GET)

    assert (refusal.status, after.status) == (status, 200)
    assert refusal.headers["x-request-id"] != after.headers["x-request-id"]


async def test_head_sends_no_body_that_the_next_answer_would_trip_over(wire: Wire) -> None:
    await wire.send(GET.replace(b"GET", b"HEAD"))
    head = await wire.answer(to_head=True)
    get = await wire.ask(GET)

    assert (head.status, get.status) == (200, 200)
    assert int(head.headers["content-length"]) > 0


async def test_204_and_304_send_no_body(wire: Wire) -> None:
    options = await wire.ask(GET.replace(b"GET", b"OPTIONS"))
    get = await wire.ask(GET)

    assert (options.status, get.status) == (204, 200)
    assert "content-length" not in options.headers
    assert "transfer-encoding" not in options.headers
