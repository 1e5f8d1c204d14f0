"""Sending: to the address that was looked at, within bounds, following nothing."""

import asyncio
import ssl
import time
from collections.abc import Sequence
from pathlib import Path

import pytest

from adapters.webhooks.sender import MOST_READ, HttpSender
from domain.messages import Outcome, PrivateAddress
from tests.certificates import certified
from tests.receiver import HANGS, PATIENCE_S, answer, receiving

HEADERS = {"Content-Type": "application/json", "webhook-id": "one"}
PUBLIC, LOOPBACK = "93.184.216.34", "127.0.0.1"


class Names:
    """Answers one after the other, the last one for ever; `asked` is what was asked for."""

    def __init__(self, *answers: Sequence[str]) -> None:
        self._answers, self.asked = answers, list[tuple[str, int]]()

    async def __call__(self, host: str, port: int) -> Sequence[str]:
        self.asked.append((host, port))
        found = self._answers[min(len(self.asked), len(self._answers)) - 1]
        if not found:
            raise OSError("no such name")
        return found


def a_sender(*names: Sequence[str], private: bool = True, timeout_s: float = 5, tls: object = None) -> HttpSender:
    resolve = Names(*names) if names else Names([LOOPBACK])
    return HttpSender(allow_private=private, timeout_s=timeout_s, resolve=resolve, tls=tls)  # type: ignore[arg-type]


@pytest.mark.parametrize("status", [200, 201, 204, 299])
async def test_a_status_of_success_is_one(status: int) -> None:
    async with receiving(answer(status)) as receiver:
        outcome = await a_sender().post(receiver.url, HEADERS, b'{"a":1}')

    assert (outcome, outcome.succeeded) == (Outcome(status), True)
    (got,) = receiver.received
    assert (got.path, got.body, got.headers["content-type"]) == ("/hook?x=1", b'{"a":1}', "application/json")
    assert got.headers["webhook-id"] == "one"


@pytest.mark.parametrize("status", [301, 302, 303, 307, 308, 400, 404, 410, 429, 500, 503])
async def test_any_other_is_none_and_a_redirect_is_not_followed(status: int) -> None:
    async with receiving() as elsewhere, receiving(answer(status, f"Location: {elsewhere.url}")) as receiver:
        outcome = await a_sender().post(receiver.url, HEADERS, b"{}")

    assert (outcome.status, outcome.succeeded) == (status, False)
    assert outcome.reason == ("redirected" if status < 400 else "bad_status")
    assert (len(receiver.received), elsewhere.connections) == (1, 0)


async def test_the_connection_is_made_to_the_address_that_was_looked_at_under_the_name() -> None:
    names = Names([LOOPBACK], [PUBLIC])
    sender = HttpSender(allow_private=True, timeout_s=5, resolve=names)
    async with receiving() as receiver:
        outcome = await sender.post(f"http://hook.example:{receiver.port}/x", HEADERS, b"{}")

    assert outcome.succeeded
    assert receiver.received[0].headers["host"] == f"hook.example:{receiver.port}"
    assert names.asked == [("hook.example", receiver.port)], "asked once, so that nothing can change in between"


async def test_a_name_that_is_public_at_first_and_ours_afterwards_gets_nobody_anywhere() -> None:
    names = Names([PUBLIC], [LOOPBACK])
    sender = HttpSender(allow_private=False, timeout_s=5, resolve=names)
    async with receiving() as receiver:
        url = f"http://hook.example:{receiver.port}/x"
        await sender.require_public(url)

        outcome = await sender.post(url, HEADERS, b"{}")

    assert outcome == Outcome(error="private_address")
    assert receiver.connections == 0


@pytest.mark.parametrize("found", [[LOOPBACK], [PUBLIC, "10.0.0.1"], ["::ffff:127.0.0.1"]], ids=str)
async def test_a_private_address_is_refused_where_a_webhook_is_added(found: list[str]) -> None:
    with pytest.raises(PrivateAddress):
        await a_sender(found, private=False).require_public("http://hook.example/")


@pytest.mark.parametrize(
    "url", ["http://127.0.0.1/", "http://localhost/", "http://[::1]/", "http://2130706433/", "http://0x7f.1/"]
)
async def test_the_systems_own_resolver_knows_every_way_to_write_this_machine(url: str) -> None:
    with pytest.raises(PrivateAddress):
        await HttpSender(allow_private=False, timeout_s=5).require_public(url)


async def test_a_name_that_is_not_there_yet_may_be_added_and_is_not_reached() -> None:
    sender = a_sender([], private=False)
    await sender.require_public("http://hook.example/")

    assert await sender.post("http://hook.example/", HEADERS, b"{}") == Outcome(error="unresolved")


async def test_who_does_not_answer_in_time_has_not_answered() -> None:
    async with receiving(HANGS) as receiver:
        began = time.perf_counter()
        outcome = await a_sender(timeout_s=0.2).post(receiver.url, HEADERS, b"{}")

    assert outcome == Outcome(error="timed_out")
    assert time.perf_counter() - began < 2


async def test_where_nobody_listens_nothing_arrives() -> None:
    async with receiving() as receiver:
        url = receiver.url

    assert await a_sender().post(url, HEADERS, b"{}") == Outcome(error="unreachable")


async def test_what_is_not_http_is_no_answer() -> None:
    async with receiving(b"SSH-2.0-OpenSSH_9.6\r\n") as receiver:
        outcome = await a_sender().post(receiver.url, HEADERS, b"{}")

    assert outcome == Outcome(error="broken_answer")


async def test_of_an_endless_answer_a_part_is_read() -> None:
    written, over = 0, asyncio.Event()

    async def endless(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        nonlocal written
        await reader.readuntil(b"\r\n\r\n")
        writer.write(b"HTTP/1.1 200 OK\r\n\r\n")
        try:
            while written < 100 * MOST_READ:
                writer.write(b"x" * 1024)
                written += 1024
                await writer.drain()
        except ConnectionError:
            pass
        finally:
            writer.transport.abort()
            over.set()

    server = await asyncio.start_server(endless, LOOPBACK, 0)
    async with server:
        port = server.sockets[0].getsockname()[1]
        outcome = await a_sender().post(f"http://hook.example:{port}/", HEADERS, b"{}")

        await asyncio.wait_for(over.wait(), PATIENCE_S)

    assert outcome.succeeded
    assert written < 100 * MOST_READ


async def test_a_proxy_of_the_environment_is_not_asked(monkeypatch: pytest.MonkeyPatch) -> None:
    async with receiving() as proxy, receiving() as receiver:
        for name in ("http_proxy", "HTTP_PROXY", "all_proxy", "ALL_PROXY"):
            monkeypatch.setenv(name, f"http://127.0.0.1:{proxy.port}")
        outcome = await a_sender().post(receiver.url, HEADERS, b"{}")

    assert (outcome.succeeded, len(receiver.received), proxy.connections) == (True, 1, 0)


@pytest.mark.parametrize(("name", "error"), [("hook.example", None), ("other.example", "tls_failed")])
async def test_a_certificate_is_of_the_name_and_not_of_the_address(
    tmp_path: Path, name: str, error: str | None
) -> None:
    chain, authority = certified("hook.example", tmp_path)
    tls = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
    tls.load_cert_chain(chain)
    async with receiving(tls=tls) as receiver:
        sender = a_sender(tls=ssl.create_default_context(cafile=str(authority)))
        outcome = await sender.post(f"https://{name}:{receiver.port}/", HEADERS, b"{}")

    assert (outcome.succeeded, outcome.error) == (error is None, error)
    assert len(receiver.received) == (1 if error is None else 0)


async def test_a_certificate_that_nobody_vouches_for_is_refused(tmp_path: Path) -> None:
    chain, _ = certified("hook.example", tmp_path)
    tls = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
    tls.load_cert_chain(chain)
    async with receiving(tls=tls) as receiver:
        outcome = await a_sender().post(f"https://hook.example:{receiver.port}/", HEADERS, b"{}")

    assert (outcome, receiver.received) == (Outcome(error="tls_failed"), [])
