"""The way out to those hosts only that the workspace's administrator allowed, where there is such a list."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping, Sequence
from urllib.parse import urlsplit

from dure.automation.plugs import Answer, Outgoing
from dure.kernel.errors import NotAllowed
from dure.kernel.tenant import Tenant


class Allowed:
    """Fills `plugs.Outgoing` before another way out. `listed` gives a workspace's hosts, `fits` says whether one is
    among them."""

    def __init__(
        self, outgoing: Outgoing, listed: Callable[[Tenant], Awaitable[Sequence[str]]],
        fits: Callable[[str, Sequence[str]], bool],
    ) -> None:  # fmt: skip
        self._outgoing = outgoing
        self._listed = listed
        self._fits = fits

    async def send(
        self, tenant: Tenant, method: str, url: str, headers: Mapping[str, str], body: bytes, seconds: float
    ) -> Answer:
        """NotAllowed names the host that is not on the list."""
        allowed = await self._listed(tenant)
        if allowed:
            host = _host(url)
            if not self._fits(host, allowed):
                raise NotAllowed(
                    f"{host or url!r} is not among the hosts that an administrator allowed automations to call.",
                    field="url", data={"host": host},
                )  # fmt: skip
        return await self._outgoing.send(tenant, method, url, headers, body, seconds)


def _host(url: str) -> str:
    """The host as lists keep it; nothing for what is no address."""
    try:
        return (urlsplit(url).hostname or "").rstrip(".").encode("idna").decode("ascii").lower()
    except (UnicodeError, ValueError):
        return ""
