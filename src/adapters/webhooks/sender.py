"""Sending by httpx, to the very address that was looked at.

The name is resolved once for an attempt, and the connection is made to an address of that answer, so that a name which
answers differently the next moment (DNS rebinding) gets nobody anywhere. `Host` and TLS go by the name all the same.
Connections are not kept: two names may share an address, and the certificate of one says nothing of the other.
"""

import asyncio
import ssl
from collections.abc import Mapping
from typing import TYPE_CHECKING

from adapters.webhooks.addresses import Resolve, is_public, parsed, port_of, resolved
from application.ports.webhooks import Sender
from domain.errors import Invalid
from domain.messages import Outcome, PrivateAddress

if TYPE_CHECKING:
    import httpx

MOST_READ = 64 * 1024
"""So many bytes of an answer are read, out of courtesy: nothing in them is used."""

LOOKING_S = 1.0
"""How long a name may take to be resolved where a webhook is added."""


class HttpSender(Sender):
    """Knows neither proxies nor cookies nor redirects. `tls` is what certificates are checked by."""

    def __init__(
        self, *, allow_private: bool, timeout_s: float, resolve: Resolve = resolved, tls: ssl.SSLContext | None = None
    ) -> None:
        self._allow_private, self._timeout_s, self._resolve, self._tls = allow_private, timeout_s, resolve, tls
        self._made: httpx.AsyncClient | None = None

    async def require_public(self, url: str) -> None:
        target = parsed(url)
        try:
            async with asyncio.timeout(LOOKING_S):
                await self._addresses(target)
        except (OSError, UnicodeError):
            pass  # there is no such name now, or nobody who knows: each delivery asks again

    async def post(self, url: str, headers: Mapping[str, str], body: bytes) -> Outcome:
        try:
            async with asyncio.timeout(self._timeout_s):
                target = parsed(url)
                return await self._tried(target, await self._addresses(target), headers, body)
        except TimeoutError:
            return Outcome(error="timed_out")
        except PrivateAddress:
            return Outcome(error="private_address")
        except (OSError, UnicodeError, Invalid):
            return Outcome(error="unresolved")

    async def close(self) -> None:
        if self._made is not None:
            await self._made.aclose()

    async def _addresses(self, target: "httpx.URL") -> list[str]:
        """Raises `PrivateAddress` where any of them is, `OSError` where there is none."""
        addresses = list(await self._resolve(target.raw_host.decode("ascii").strip("[]"), port_of(target)))
        if not addresses:
            raise OSError("no address")
        if not self._allow_private and not all(is_public(address) for address in addresses):
            raise PrivateAddress()
        return addresses

    async def _tried(
        self, target: "httpx.URL", addresses: list[str], headers: Mapping[str, str], body: bytes
    ) -> Outcome:
        """The next address only where no connection was made to the one before."""
        import httpx

        error = "unreachable"
        for address in addresses:
            try:
                return await self._sent(target, address, headers, body)
            except httpx.ConnectError as failure:
                error = "tls_failed" if isinstance(_cause(failure), ssl.SSLError) else "unreachable"
            except httpx.TimeoutException:
                return Outcome(error="timed_out")
            except (httpx.HTTPError, httpx.InvalidURL):
                return Outcome(error="broken_answer")
        return Outcome(error=error)

    async def _sent(self, target: "httpx.URL", address: str, headers: Mapping[str, str], body: bytes) -> Outcome:
        request = self._client.build_request(
            "POST",
            target.copy_with(host=address, fragment=None),
            content=body,
            headers={**headers, "Host": target.netloc.decode("ascii"), "User-Agent": "Portico-Webhooks"},
            extensions={"sni_hostname": target.raw_host.decode("ascii").strip("[]")},
        )
        response = await self._client.send(request, stream=True)
        try:
            await _read(response)
        finally:
            await response.aclose()
        return Outcome(status=response.status_code)

    @property
    def _client(self) -> "httpx.AsyncClient":
        """Made when it is first needed, as reading the authorities' certificates takes a while."""
        if self._made is None:
            import httpx

            self._made = httpx.AsyncClient(
                verify=self._tls or True,
                trust_env=False,
                follow_redirects=False,
                timeout=self._timeout_s,
                limits=httpx.Limits(max_keepalive_connections=0),
            )
        return self._made


async def _read(response: "httpx.Response") -> None:
    """The status is what counts: what is wrong with the body, or endless about it, is not."""
    import httpx

    read = 0
    try:
        async for part in response.aiter_raw():
            read += len(part)
            if read >= MOST_READ:
                return
    except (httpx.HTTPError, httpx.StreamError):
        return


def _cause(error: BaseException) -> BaseException:
    while (cause := error.__cause__ or error.__context__) is not None:
        error = cause
    return error
