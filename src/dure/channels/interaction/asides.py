"""Messages that one person alone sees, whispered to their open screens and kept nowhere."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from dure.channels.interaction.plugs import Whom
from dure.channels.model import Draft, Message, ts_at, ts_text
from dure.channels.routes import shapes
from dure.feed.api import whisper
from dure.kernel.clock import Clock
from dure.kernel.errors import TooLarge
from dure.state import Tx

_CUT = 1500  # characters, of which each has at most four bytes


class WhisperedAsides:
    """Fills `plugs.Asides` without a store: what was said is seen by whoever looks on, and gone with the page."""

    def __init__(self, clock: Clock) -> None:
        self._clock = clock

    async def say(self, tx: Tx, whom: Whom, draft: Draft) -> Message:
        ts = ts_at(self._clock.now())
        said = Message(
            whom.channel, ts, draft.thread, False, whom.bot, whom.app, whom.team, draft.username, "", draft.text,
            draft.blocks, draft.attachments, draft.metadata, None, None, None, False, 0, None, (),
        )  # fmt: skip
        await self._whisper(tx, whom, {"kind": "ephemeral"}, said)
        return said

    async def find(self, tx: Tx, workspace: str, user: str, channel: str, ts: int) -> Message | None:  # noqa: ARG002
        return None

    async def change(self, tx: Tx, whom: Whom, ts: int, draft: Draft | None) -> None:
        if draft is None:
            gone = {"kind": "ephemeral_gone", "channel": whom.channel, "ts": ts_text(ts)}
            await whisper(tx, whom.workspace, [f"user:{whom.user}"], gone)
            return
        said = Message(
            whom.channel, ts, draft.thread, False, whom.bot, whom.app, whom.team, draft.username, "", draft.text,
            draft.blocks, draft.attachments, draft.metadata, None, None, None, False, 0, None, (),
        )  # fmt: skip
        await self._whisper(tx, whom, {"kind": "ephemeral"}, said)

    async def _whisper(self, tx: Tx, whom: Whom, what: dict[str, Any], said: Message) -> None:
        def told(one: Message) -> dict[str, Any]:
            return {**what, "channel": whom.channel, "message": shapes.message(one)}

        try:
            await whisper(tx, whom.workspace, [f"user:{whom.user}"], told(said))
        except TooLarge:
            short = replace(said, text=said.text[:_CUT] + "…", blocks=None, attachments=None, metadata=None)
            await whisper(tx, whom.workspace, [f"user:{whom.user}"], told(short))
