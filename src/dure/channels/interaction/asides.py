"""Messages that one person alone sees, kept by what keeps ephemeral messages."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Protocol

from dure.channels.interaction.plugs import Whom
from dure.channels.model import Draft, Message, ts_at
from dure.channels.store import conversations
from dure.governance.api import Principal
from dure.kernel.clock import Clock
from dure.state import Tx


class Showing(Protocol):
    """Who keeps what one person is shown, and whispers it."""

    async def reshow(self, tx: Tx, workspace: str, user: str, message: Message) -> None: ...

    async def unshow(self, tx: Tx, workspace: str, user: str, channel: str, ts: int) -> None: ...

    async def shown_in(self, tx: Tx, principal: Principal, channel: str) -> Sequence[Message]: ...


class ShownAsides:
    """Fills `plugs.Asides` by what keeps ephemeral messages, so that their buttons work and a reload shows them."""

    def __init__(self, clock: Clock, showing: Showing) -> None:
        self._clock = clock
        self._showing = showing

    async def say(self, tx: Tx, whom: Whom, draft: Draft) -> Message:
        ts = await conversations.next_ts(tx, whom.channel, ts_at(self._clock.now()))
        said = _said(whom, ts, draft)
        await self._showing.reshow(tx, whom.workspace, whom.user, said)
        return said

    async def find(self, tx: Tx, principal: Principal, channel: str, ts: int) -> Message | None:
        return next((said for said in await self._showing.shown_in(tx, principal, channel) if said.ts == ts), None)

    async def change(self, tx: Tx, whom: Whom, ts: int, draft: Draft | None) -> None:
        if draft is None:
            await self._showing.unshow(tx, whom.workspace, whom.user, whom.channel, ts)
        else:
            await self._showing.reshow(tx, whom.workspace, whom.user, _said(whom, ts, draft))


def _said(whom: Whom, ts: int, draft: Draft) -> Message:
    return Message(
        whom.channel, ts, draft.thread, False, whom.bot, whom.app, whom.team, draft.username, "", draft.text,
        draft.blocks, draft.attachments, draft.metadata, None, None, None, False, 0, None, (),
    )  # fmt: skip
