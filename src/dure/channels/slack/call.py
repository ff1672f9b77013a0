"""One call of a method: who calls, with which arguments, and the rooms behind it."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from dure.channels.api import Channels, Message
from dure.channels.apps.api import Apps
from dure.channels.canvas.api import Pages
from dure.channels.colleagues import Colleagues
from dure.channels.delivery.api import Deliveries
from dure.channels.files.api import Files
from dure.channels.interaction.api import Interaction
from dure.channels.interaction.plugs import Fetching
from dure.channels.retention.api import Retention
from dure.channels.search.api import Search
from dure.channels.slack.arguments import Arguments
from dure.channels.slack.limits import Limits
from dure.governance.api import Governance, Principal, User
from dure.kernel.errors import Unavailable


@dataclass(frozen=True, slots=True, kw_only=True)
class Services:
    """The entrances that methods use, one for each noun."""

    channels: Channels
    governance: Governance
    apps: Apps
    files: Files
    pages: Pages
    interaction: Interaction
    search: Search
    limits: Limits = field(default_factory=Limits)
    deliveries: Deliveries | None = None
    fetching: Fetching | None = None  # the guarded way out, for pictures that methods name by their address

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
    def colleagues(self) -> Colleagues:
        return self.services.channels.colleagues

    @property
    def retention(self) -> Retention:
        return self.services.channels.retention

    @property
    def governance(self) -> Governance:
        return self.services.governance

    async def bots(self, said: Sequence[Message]) -> Mapping[str, User]:
        """The bots who speak in messages, by their app: what `bot_profile` is made of."""
        apps = {(one.app, one.team) for one in said if one.app}
        return await self.services.channels.bots_of(apps) if apps else {}

    @property
    def interaction(self) -> Interaction:
        return self.services.interaction

    @property
    def search(self) -> Search:
        return self.services.search

    @property
    def apps(self) -> Apps:
        return self.services.apps


Handler = Callable[[Call], Awaitable[dict[str, Any]]]


@dataclass(frozen=True, slots=True)
class Method:
    """What answers a method, and the scopes any one of which it needs; none for what every token may call.

    `by` are the kinds of tokens that may call it; an app's own opens nothing but what is meant for it.
    """

    handle: Handler
    scopes: tuple[str, ...] = ()
    by: tuple[str, ...] = ("user", "bot", "system")
