"""One call of a method: who calls, with which arguments, and the rooms behind it."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from typing import Any

from dure.channels.api import Channels
from dure.channels.search.api import Search
from dure.channels.slack.arguments import Arguments
from dure.governance.api import Governance, Principal


@dataclass(frozen=True, slots=True)
class Services:
    """The entrances that methods use, one for each noun."""

    channels: Channels
    governance: Governance
    search: Search | None = field(default=None, kw_only=True)


@dataclass(frozen=True, slots=True)
class Call:
    """`base` is the server's own address with a slash at its end."""

    principal: Principal
    arguments: Arguments
    services: Services
    base: str

    @property
    def channels(self) -> Channels:
        return self.services.channels

    @property
    def governance(self) -> Governance:
        return self.services.governance

    @property
    def search(self) -> Search:
        assert self.services.search is not None  # noqa: S101 - only tests of other methods leave it out
        return self.services.search


Handler = Callable[[Call], Awaitable[dict[str, Any]]]


@dataclass(frozen=True, slots=True)
class Method:
    """What answers a method, and the scopes any one of which it needs; none for what every token may call.

    What is for `people_only` refuses a bot's token, whatever its scopes.
    """

    handle: Handler
    scopes: tuple[str, ...] = ()
    people_only: bool = False
