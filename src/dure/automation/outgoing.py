"""The way out to typed-in addresses: refuses private networks, and connects to the very address it has checked."""

from __future__ import annotations

import asyncio
import codecs
import functools
import ipaddress
import itertools
import json
import re
import socket
import ssl
from collections.abc import AsyncIterator, Awaitable, Callable, Iterable, Mapping
from contextlib import asynccontextmanager
from typing import Any
from urllib.parse import SplitResult, quote, urlsplit

import httpx

from dure.automation.plugs import Answer, Unreached
from dure.automation.wire import Response, Target, Wire
from dure.kernel.errors import NotAllowed
from dure.kernel.tenant import Tenant

_MOST = 256 * 1024
_POOLS = 16
# Left as they are in a path or a query; what is escaped already stays so.
_SAFE = "/%:@!$&'()*+,;=~-._[]"
_CHARSET = re.compile(r"""charset\s*=\s*"?([\w.:-]+)""", re.IGNORECASE)

# The last 32 bits are an IPv4 address (RFC 4291, 6052).
_TRANSLATED = [ipaddress.IPv6Network(one) for one in ("::/96", "64:ff9b::/96")]

Address = ipaddress.IPv4Address | ipaddress.IPv6Address


@functools.cache
def _everywhere() -> ssl.SSLContext:
    """The certificates that are believed everywhere, read once: a house has a dozen ways out."""
    return httpx.create_ssl_context(trust_env=False)


class HttpOutgoing:
    """Fills `plugs.Outgoing`. `allowed` are networks (`10.0.0.0/8`) or addresses beside the public ones; `trust` says
    whose certificates are believed, where not those that are everywhere. `refuse` raises NotAllowed for a workspace
    that nothing may leave, a playground."""

    def __init__(
        self, allowed: Iterable[str] = (), trust: ssl.SSLContext | None = None,
        refuse: Callable[[Tenant], Awaitable[None]] | None = None,
    ) -> None:  # fmt: skip
        self._refuse = refuse
        self._allowed = [ipaddress.ip_network(network) for network in allowed]
        # httpx looks through its whole pool at every request, in the square of its size: many small pools cost less.
        context = trust or _everywhere()
        limits = httpx.Limits(max_connections=8, keepalive_expiry=15)
        self._clients = [
            httpx.AsyncClient(follow_redirects=False, trust_env=False, limits=limits, verify=context)
            for _ in range(_POOLS)
        ]
        self._turns = itertools.cycle(self._clients)

        self._wire = Wire(context)

    async def close(self) -> None:
        await self._wire.close()
        for client in self._clients:
            await client.aclose()

    async def send(
        self, tenant: Tenant, method: str, url: str, headers: Mapping[str, str], body: bytes, seconds: float,
        most: int = _MOST,
    ) -> Answer:  # fmt: skip
        """One request; the answer's body is cut at `most` bytes, 256 KiB unless told."""
        if self._refuse is not None:
            await self._refuse(tenant)
        parts, port = _read(url)
        address = await self._checked(str(parts.hostname), port)
        target = Target(str(address), port, str(parts.hostname) if parts.scheme == "https" else "")
        path = quote(parts.path or "/", safe=_SAFE) + (
            "?" + quote(parts.query, safe=_SAFE + "?") if parts.query else ""
        )
        response = await self._wire.request(target, method, path, _host(parts), headers, body, seconds, most)
        return _answer(response, most)

    async def fetch(self, tenant: Tenant, url: str, seconds: float, most: int) -> bytes:
        """What lies at an address, as bytes; OSError where nothing does, or more than `most`."""
        if self._refuse is not None:
            await self._refuse(tenant)
        # As it comes, so that a small answer cannot grow large in being unpacked.
        async with self._asked("GET", url, {"accept-encoding": "identity"}, b"", seconds) as response:
            if response.status_code != 200:
                raise OSError(f"{url} answered {response.status_code}")
            kept = b""
            async for chunk in response.aiter_raw():
                kept += chunk
                if len(kept) > most:
                    raise OSError(f"{url} is longer than {most} bytes")
            return kept

    @asynccontextmanager
    async def lines(
        self, tenant: Tenant, url: str, headers: Mapping[str, str], seconds: float
    ) -> AsyncIterator[AsyncIterator[str]]:
        """The lines of an answer that does not end; OSError where it is none, and after so many seconds of silence."""
        if self._refuse is not None:
            await self._refuse(tenant)
        async with self._asked("GET", url, headers, b"", seconds) as response:
            if response.status_code != 200:
                raise OSError(f"{url.partition('?')[0]} answered {response.status_code}")
            yield response.aiter_lines()

    async def address(self, tenant: Tenant, host: str, port: int) -> str:
        """The checked address of a host, for a line that is no request."""
        if self._refuse is not None:
            await self._refuse(tenant)
        return str(await self._checked(host, port))

    @asynccontextmanager
    async def _asked(
        self, method: str, url: str, headers: Mapping[str, str], body: bytes, seconds: float
    ) -> AsyncIterator[httpx.Response]:
        parts, port = _read(url)
        address = await self._checked(str(parts.hostname), port)
        host = f"[{address}]" if address.version == 6 else str(address)
        target = httpx.URL(url).copy_with(host=host)
        try:
            async with next(self._turns).stream(
                method, target, content=body, timeout=seconds,
                headers={**headers, "Host": _host(parts)},
                extensions={"sni_hostname": parts.hostname},
            ) as response:  # fmt: skip
                yield response
        except httpx.HTTPError as error:
            raise OSError(str(error) or type(error).__name__) from error

    async def _checked(self, host: str, port: int) -> Address:
        addresses = _literal(host) or await _found(host, port)
        for address in addresses:
            if not (_is_outside(address) or any(address in network for network in self._allowed)):
                raise NotAllowed(f"{host} is in a private network ({address}), which the administrator did not allow.")
        return addresses[0]


def _is_outside(address: Address) -> bool:
    """Whether it is one machine of the internet, and so is every IPv4 address that a translator would make of it."""
    if not address.is_global or address.is_multicast or address.is_reserved or address.is_unspecified:
        return False
    if isinstance(address, ipaddress.IPv4Address):
        return True
    within = [address.ipv4_mapped, address.sixtofour, *(address.teredo or ())]
    if any(address in network for network in _TRANSLATED):
        within.append(ipaddress.IPv4Address(int(address) & 0xFFFFFFFF))
    return all(_is_outside(one) for one in within if one is not None)


async def _found(host: str, port: int) -> list[Address]:
    try:
        found = await asyncio.get_running_loop().getaddrinfo(host, port, type=socket.SOCK_STREAM)
    except socket.gaierror as error:
        raise Unreached(f"{host} is not known") from error
    return [ipaddress.ip_address(entry[4][0]) for entry in found]


def _literal(host: str) -> list[Address]:
    """The address that a host already is."""
    try:
        return [ipaddress.ip_address(host)]
    except ValueError:
        return []


def _read(url: str) -> tuple[SplitResult, int]:
    """An address in its parts, and its port."""
    try:
        parts = urlsplit(url)
        port = parts.port or (443 if parts.scheme == "https" else 80)
    except ValueError as error:
        raise NotAllowed(f"{url!r} is not an http or https address.", field="url") from error
    if parts.scheme not in ("http", "https") or not parts.hostname:
        raise NotAllowed(f"{url!r} is not an http or https address.", field="url")
    return parts, port


def _host(parts: SplitResult) -> str:
    """A host as it is named to the server: in ASCII, with its port where one was named."""
    named = parts.netloc.rpartition("@")[2]
    if named.isascii():
        return named
    name, colon, port = named.partition(":")
    try:
        return name.encode("idna").decode() + colon + port
    except UnicodeError as error:
        raise NotAllowed(f"{named!r} is not the name of a host.", field="url") from error


def _answer(response: Response, most: int) -> Answer:
    kind = response.headers.get("content-type", "")
    body = response.body[:most]
    text = body.decode(_charset(kind), "replace")
    return Answer(response.status, text, _json(text) if "json" in kind else None, response.headers, body)


def _charset(kind: str) -> str:
    """The encoding that a content type names, UTF-8 where it names none that is known."""
    found = _CHARSET.search(kind)
    try:
        return codecs.lookup(found[1]).name if found else "utf-8"
    except LookupError:
        return "utf-8"


def _json(text: str) -> Any:
    try:
        return json.loads(text)
    except ValueError:
        return None
