"""Which addresses are of the internet at large, and which URLs may be a webhook's."""

import asyncio
import socket
import threading
from typing import Any

import pytest

from adapters.webhooks.addresses import is_public, parsed, port_of, resolved
from domain.errors import Invalid


@pytest.mark.parametrize(
    "address",
    [
        "127.0.0.1", "127.8.8.8", "10.0.0.1", "172.16.0.1", "172.31.255.255", "192.168.1.1", "169.254.169.254",
        "100.64.0.1", "0.0.0.0", "255.255.255.255", "224.0.0.1", "240.0.0.1", "192.0.2.1", "198.18.0.1",
        "::1", "::", "fe80::1", "fe80::1%eth0", "fc00::1", "fd12::1", "fec0::1", "ff02::1", "2001:db8::1",
        "::ffff:127.0.0.1", "::ffff:10.0.0.1", "64:ff9b::7f00:1", "64:ff9b:1::1", "2002:7f00:1::", "2002:a00:1::1",
        "2001:0:4136:e378:8000:63bf:80ff:fffe", "nonsense", "",
    ],
)  # fmt: skip
def test_it_is_not_public(address: str) -> None:
    assert not is_public(address)


@pytest.mark.parametrize(
    "address", ["93.184.216.34", "8.8.8.8", "172.32.0.1", "2606:4700::1111", "::ffff:8.8.8.8", "64:ff9b::808:808"]
)
def test_it_is_public(address: str) -> None:
    assert is_public(address)


@pytest.mark.parametrize(
    ("url", "port"),
    [
        ("https://shop.example", 443),
        ("http://shop.example/a?b=c#d", 80),
        ("HTTPS://Shop.Example:8443/", 8443),
        ("http://[2606:4700::1111]:81/", 81),
        ("http://93.184.216.34/", 80),
    ],
)
def test_it_may_be_a_webhooks(url: str, port: int) -> None:
    assert port_of(parsed(url)) == port


@pytest.mark.parametrize(
    "url",
    [
        "", "shop.example", "/hook", "//shop.example/", "ftp://shop.example/", "file:///etc/passwd", "gopher://x/",
        "javascript:alert(1)", "http://", "http:///path", "http://:80/", "http://user@shop.example/",
        "http://user:password@shop.example/", "http://:@shop.example/", "http://@shop.example/",
        "http://shop.example:0/", "http://shop.example:65536/", "http://shop.example:x/", "http://shop.example\r\n/",
        "http://shop.example/\0", "http://shop example/", "http://é.example/", "http://[::1", f"http://{'a' * 254}/",
        "http://shop.example/" + "x" * 2000,
    ],
)  # fmt: skip
def test_it_may_not_be_a_webhooks(url: str) -> None:
    with pytest.raises(Invalid):
        parsed(url)


async def test_silent_names_keep_neither_files_nor_addresses_waiting(monkeypatch: pytest.MonkeyPatch) -> None:
    answers, system = threading.Event(), socket.getaddrinfo

    def silent(host: str, *about: Any, **more: Any) -> Any:
        if more.get("flags") == socket.AI_NUMERICHOST:
            return system(host, *about, **more)
        answers.wait(30)
        raise socket.gaierror

    monkeypatch.setattr(socket, "getaddrinfo", silent)
    looking = [asyncio.create_task(resolved("hook.example", 80)) for _ in range(100)]
    try:
        async with asyncio.timeout(5):
            await asyncio.sleep(0)

            assert await asyncio.to_thread(lambda: "a file") == "a file"
            assert await resolved("0x7f.1", 80) == ["127.0.0.1"]
    finally:
        answers.set()
        await asyncio.gather(*looking, return_exceptions=True)
