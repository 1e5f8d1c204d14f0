"""Heads and bodies that do not come: 408 or a closed connection in time, and nobody else waits."""

import asyncio
import time
from contextlib import AsyncExitStack

import pytest

from tests.e2e.serving import Server
from tests.e2e.wire import GET, TIMEOUT_S, Wire, post, wired

SOON_S = TIMEOUT_S + 2
PATH = "/api/v1/auth/register"


async def given_up(wire: Wire, began: float) -> list[int]:
    """The statuses that came before the server ended the connection, which has to be in time and not early."""
    statuses = []
    try:
        while True:
            answer = await wire.answer()
            statuses.append(answer.status)
            assert answer.status != 408 or answer.is_plain_text
    except (EOFError, ConnectionError):
        assert TIMEOUT_S * 0.9 < time.monotonic() - began < SOON_S
        return statuses


@pytest.mark.parametrize(
    "begin",
    [
        b"",
        b"\r\n",
        b"G",
        b"GET /health HTTP/1.1\r\n",
        GET[:-2],
        post(PATH, b"", "Content-Length: 5"),
        post(PATH, b"{", "Content-Length: 5"),
        post(PATH, b"5\r\n{", "Transfer-Encoding: chunked"),
    ],
    ids=["nothing", "a line", "a letter", "a request line", "an open head", "no body", "half a body", "half a chunk"],
)
async def test_a_request_that_stays_unfinished_is_given_up(wire: Wire, begin: bytes) -> None:
    began = time.monotonic()

    await wire.send(begin)

    assert await given_up(wire, began) == [408]


@pytest.mark.parametrize("begin", [GET[:-4] + b"X: ", post(PATH, b"", "Content-Length: 100")], ids=["head", "body"])
async def test_a_trickle_does_not_stretch_the_time(wire: Wire, begin: bytes) -> None:
    began = time.monotonic()
    await wire.send(begin)

    async def trickle() -> None:
        while True:
            await wire.send(b"x")
            await asyncio.sleep(0.1)

    async with asyncio.TaskGroup() as tasks:
        trickling = tasks.create_task(trickle())
        statuses = await given_up(wire, began)
        trickling.cancel()

    assert statuses in ([408], [])


async def test_the_head_of_a_second_request_has_its_time_too(wire: Wire) -> None:
    assert (await wire.ask(GET)).status == 200
    began = time.monotonic()

    await wire.send(GET[:-2])

    assert await given_up(wire, began) == [408]


async def test_half_a_request_behind_a_whole_one_has_its_time_too(wire: Wire) -> None:
    began = time.monotonic()

    await wire.send(GET + GET[:-2])

    assert await given_up(wire, began) == [200, 408]


async def test_a_body_that_was_refused_and_still_does_not_end_gets_no_second_answer(wire: Wire) -> None:
    began = time.monotonic()

    await wire.send(post(PATH, b"x", "Content-Length: 100000000"))

    assert await given_up(wire, began) == [413]


async def test_an_idle_connection_between_requests_is_kept(wire: Wire) -> None:
    for _ in range(3):
        assert (await wire.ask(GET)).status == 200
        await asyncio.sleep(TIMEOUT_S * 0.5)

    assert (await wire.ask(GET)).status == 200


async def test_who_is_slow_is_waited_for_by_nobody_else(server: Server) -> None:
    async with AsyncExitStack() as stack:
        slow = [await stack.enter_async_context(wired(server.port)) for _ in range(200)]
        for number, each in enumerate(slow):
            await each.send(GET[:-2] if number % 2 else post(PATH, b"{", "Content-Length: 9"))
        wire = await stack.enter_async_context(wired(server.port))
        longest = 0.0
        for _ in range(50):
            began = time.perf_counter()
            assert (await wire.ask(GET)).status == 200
            longest = max(longest, time.perf_counter() - began)

        assert longest < TIMEOUT_S
        assert {(await each.answer()).status for each in slow} == {408}
