"""What the parts of channels ask of each other, so that each can be filled and tested alone."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Literal, Protocol

from dure.channels.apps.model import Installation
from dure.feed.api import Event
from dure.governance.api import Governance, Principal, User, Workspace
from dure.kernel.tenant import Tenant
from dure.state import Tx

if TYPE_CHECKING:
    from dure.channels.connect.model import Invite
    from dure.channels.files.model import File
    from dure.channels.model import Conversation, Message
    from dure.channels.saying import Saying


@dataclass(frozen=True, slots=True)
class Telling:
    """Where a teller looks things up: the follower's transaction and the people of the workspace.

    `apps` are those of the event's workspace. `act` is the transaction of the act that is told, 0 where it is not
    known. `seen` is what was looked up for the events before.
    """

    tx: Tx
    governance: Governance
    apps: Sequence[Installation] = ()
    act: int = 0
    seen: dict[Any, Any] = field(default_factory=dict)

    async def people(self, tenant: Tenant) -> Sequence[User]:
        """Everybody of a workspace, bots too."""
        key = ("people", tenant.workspace)
        if key not in self.seen:
            self.seen[key] = await self.governance.users_in(self.tx, tenant)
        found: Sequence[User] = self.seen[key]
        return found


@dataclass(frozen=True, slots=True)
class SlackEvent:
    """One event as apps are told it: the inner event of Slack's Events API, and who may hear it.

    It goes to the apps that subscribed to `kind` (`message.channels`, `reaction_added`, …), hold any one of `scopes`
    (none: every app) and, where a `channel` is named, whose bot is in it. `app` names the only one that is meant.
    `body` begins with its `type`; `event_ts` is in it.
    """

    kind: str
    body: Mapping[str, Any]
    scopes: tuple[str, ...] = ()
    channel: str = ""
    app: str = ""
    everywhere: bool = False  # heard by apps that are not in the channel too, as channel_created is


# What an event of the feed means to apps. Each noun has a `telling.py` with its own `TELLERS`, by the event's name.
Teller = Callable[[Telling, Event], Awaitable[Sequence[SlackEvent]]]
Tellers = Mapping[str, Teller]


@dataclass(frozen=True, slots=True)
class Answer:
    """What an app said within three seconds. `why` is empty, or `timeout`, `no_connection`, `http_error`, ….

    `body` is the acknowledgement's payload: an object, a text, or None where there was none.
    """

    ok: bool
    body: Any = None
    why: str = ""
    status: int = 0


class Asking(Protocol):
    async def ask(
        self, app: str, workspace: str, kind: Literal["slash_commands", "interactive"], payload: Mapping[str, Any]
    ) -> Answer:
        """Sends an app what a person did, over its socket or its URL, and waits at most three seconds for the word."""


class Elsewhere(Protocol):
    """Conversations whose home is another server: what people of here do there is asked of that home."""

    async def reach(self, tx: Tx, principal: Principal, workspace: Workspace) -> None:
        """Raises NotFound unless a workspace of another server is of a partner of the caller's organisation."""

    async def say(self, tx: Tx, saying: Saying, author: str, found: Conversation, files: Sequence[File]) -> Message:
        """Keeps what is to be said as a request; the message has no `ts` (0) until `said` knows it."""

    async def said(self, principal: Principal, pending: Message) -> Message:
        """The message once its home has said it. Raises what it was refused with, and PartnerUnreachable."""

    async def accepted(self, tx: Tx, principal: Principal, invite: Invite) -> Invite:
        """An invitation was accepted or approved here; its home is asked to connect."""

    async def declined(self, tx: Tx, principal: Principal, invite: Invite) -> None:
        """An invitation was declined here."""

    async def ask(
        self, tx: Tx, principal: Principal, found: Conversation, what: str, subject: str, more: Mapping[str, Any]
    ) -> str:
        """Keeps an act as a request; its id."""

    async def settled(self, invite: Invite) -> None:
        """`done` for the newest request about an invitation."""

    async def done(self, request: str) -> None:
        """Waits until the home has done it. Raises what it was refused with, and PartnerUnreachable."""


@dataclass
class Asked:
    """An app for tests: answers what it was told to, and keeps what it was asked."""

    answers: list[Answer] = field(default_factory=list)
    heard: list[tuple[str, str, str, Mapping[str, Any]]] = field(default_factory=list)

    async def ask(
        self, app: str, workspace: str, kind: Literal["slash_commands", "interactive"], payload: Mapping[str, Any]
    ) -> Answer:
        self.heard.append((app, workspace, kind, payload))
        return self.answers.pop(0) if self.answers else Answer(True)
