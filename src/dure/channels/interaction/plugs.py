"""What interaction asks of its neighbours."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Literal, Protocol

from dure.channels.model import Draft, Message
from dure.channels.plugs import Answer
from dure.governance.api import Principal
from dure.kernel.tenant import Tenant
from dure.state import Tx


@dataclass(frozen=True, slots=True)
class Whom:
    """Who says something that one person alone sees: an app's bot, in a channel, to somebody of a workspace."""

    workspace: str  # the person's
    channel: str
    user: str
    app: str
    bot: str
    team: str  # the app's workspace


class Asides(Protocol):
    """Messages that one person alone sees. Whoever fills this tells that person's screens."""

    async def say(self, tx: Tx, whom: Whom, draft: Draft) -> Message: ...

    async def find(self, tx: Tx, principal: Principal, channel: str, ts: int) -> Message | None:
        """One that the caller sees, None where it is gone or was never kept."""

    async def change(self, tx: Tx, whom: Whom, ts: int, draft: Draft | None) -> None:
        """Puts another text in its place; None takes it away."""


class Fetching(Protocol):
    async def fetch(self, tenant: Tenant, url: str, seconds: float, most: int) -> bytes:
        """What lies at an outside address; OSError or NotAllowed where nothing may be had from there."""


class Unconnected:
    """Fills `channels.plugs.Asking` where no app can be reached."""

    async def ask(
        self, app: str, workspace: str, kind: Literal["slash_commands", "interactive"], payload: Mapping[str, Any]
    ) -> Answer:
        del app, workspace, kind, payload
        return Answer(False, why="no_connection")
