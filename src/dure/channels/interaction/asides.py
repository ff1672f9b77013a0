"""Messages that one person alone sees: kept by the part of channels that keeps them, or whispered and kept nowhere."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import Protocol

from dure.channels.interaction.plugs import Whom
from dure.channels.model import Draft, Message, ts_at, ts_text
from dure.channels.routes import shapes
from dure.channels.store import conversations
from dure.feed.api import whisper
from dure.governance.api import Principal
from dure.kernel.clock import Clock
from dure.kernel.errors import TooLarge
from dure.state import Tx

_CUT = 1500  # characters, of which each has at most four bytes


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


class WhisperedAsides:
    """Fills `plugs.Asides` without a store: what was said is seen by whoever looks on, and gone with the page."""

    def __init__(self, clock: Clock) -> None:
        self._clock = clock

    async def say(self, tx: Tx, whom: Whom, draft: Draft) -> Message:
        return await self._whisper(tx, whom, ts_at(self._clock.now()), draft)

    async def find(self, tx: Tx, principal: Principal, channel: str, ts: int) -> Message | None:
        del tx, principal, channel, ts
        return None

    async def change(self, tx: Tx, whom: Whom, ts: int, draft: Draft | None) -> None:
        if draft is not None:
            await self._whisper(tx, whom, ts, draft)
            return
        gone = {"kind": "ephemeral_gone", "channel": whom.channel, "ts": ts_text(ts)}
        await whisper(tx, whom.workspace, [f"user:{whom.user}"], gone)

    async def _whisper(self, tx: Tx, whom: Whom, ts: int, draft: Draft) -> Message:
        said = _said(whom, ts, draft)
        short = replace(said, text=said.text[:_CUT] + "…", blocks=None, attachments=None, metadata=None)
        try:
            await self._tell(tx, whom, said)
        except TooLarge:
            await self._tell(tx, whom, short)
        return said

    async def _tell(self, tx: Tx, whom: Whom, said: Message) -> None:
        told = {"kind": "ephemeral", "channel": whom.channel, "message": shapes.message(said)}
        await whisper(tx, whom.workspace, [f"user:{whom.user}"], told)


def _said(whom: Whom, ts: int, draft: Draft) -> Message:
    return Message(
        whom.channel, ts, draft.thread, False, whom.bot, whom.app, whom.team, draft.username, "", draft.text,
        draft.blocks, draft.attachments, draft.metadata, None, None, None, False, 0, None, (),
    )  # fmt: skip
