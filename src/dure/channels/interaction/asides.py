"""Messages that one person alone sees, whispered to their open screens and kept nowhere."""

from __future__ import annotations

from dataclasses import replace

from dure.channels.interaction.plugs import Whom
from dure.channels.model import Draft, Message, ts_at, ts_text
from dure.channels.routes import shapes
from dure.feed.api import whisper
from dure.governance.api import Principal
from dure.kernel.clock import Clock
from dure.kernel.errors import TooLarge
from dure.state import Tx

_CUT = 1500  # characters, of which each has at most four bytes


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
        said = Message(
            whom.channel, ts, draft.thread, False, whom.bot, whom.app, whom.team, draft.username, "", draft.text,
            draft.blocks, draft.attachments, draft.metadata, None, None, None, False, 0, None, (),
        )  # fmt: skip
        short = replace(said, text=said.text[:_CUT] + "…", blocks=None, attachments=None, metadata=None)
        try:
            await self._tell(tx, whom, said)
        except TooLarge:
            await self._tell(tx, whom, short)
        return said

    async def _tell(self, tx: Tx, whom: Whom, said: Message) -> None:
        told = {"kind": "ephemeral", "channel": whom.channel, "message": shapes.message(said)}
        await whisper(tx, whom.workspace, [f"user:{whom.user}"], told)
