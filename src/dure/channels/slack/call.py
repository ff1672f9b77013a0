"""One call of a method: who calls, with which arguments, and the rooms behind it."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import Any

from dure.channels.api import Channels
from dure.channels.delivery.api import Deliveries
from dure.channels.slack.arguments import Arguments
from dure.governance.api import Governance, Principal
from dure.kernel.errors import Unavailable


@dataclass(frozen=True, slots=True)
class Services:
    """The entrances that methods use, one for each noun."""

    channels: Channels
    governance: Governance
    deliveries: Deliveries | None = None

    @property
    def told(self) -> Deliveries:
        """What apps are told and how it reaches them; Unavailable where this server has no sockets."""
        if self.deliveries is None:
            raise Unavailable("This server opens no sockets.")
        return self.deliveries


@dataclass(frozen=True, slots=True)
class Call:
    """`base` is the server's own address with a slash at its end, `origin` the one that this call came to.

    `by_header` says that the token came in the header.
    """

    principal: Principal
    arguments: Arguments
    services: Services
    base: str
    origin: str = ""
    by_header: bool = False

    @property
    def channels(self) -> Channels:
        return self.services.channels

    @property
    def governance(self) -> Governance:
        return self.services.governance


Handler = Callable[[Call], Awaitable[dict[str, Any]]]


@dataclass(frozen=True, slots=True)
class Method:
    """What answers a method, and the scopes any one of which it needs; none for what every token may call.

    `by` are the kinds of tokens that may call it; an app's own opens nothing but what is meant for it.
    """

    handle: Handler
    scopes: tuple[str, ...] = ()
    by: tuple[str, ...] = ("user", "bot", "system")
