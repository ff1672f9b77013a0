"""What channels hold about a person: messages are employees', and some speak of a customer."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from dure.kernel.whom import Whom
from dure.log.api import Log
from dure.state import Tx
from dure.state.blank import blank

_TEXTS = {"text": "text", "username": "text", "blocks": "jsonb", "attachments": "jsonb", "metadata": "jsonb"}
_POSTED = """select distinct object, JSONExtractString(toString(properties), 'ts') from events
where workspace = {workspace:String} and source = 'channels' and event in ('Message Posted', 'Message Changed')
    and run in {runs:Array(String)}"""


class ChannelHolder:
    """A message stays, without what points at them; in a card that a run about them posted their names go too."""

    name = "channels"
    tables: Sequence[str] = ("channels.message", "channels.conversation", "channels.share", "channels.draft")

    def __init__(self, log: Log) -> None:
        self._log = log

    async def trace(self, tx: Tx, whom: Whom) -> Whom:  # noqa: ARG002
        return whom

    async def gather(self, tx: Tx, whom: Whom) -> Mapping[str, Sequence[Mapping[str, Any]]]:
        """Messages in which they are named; what else is said there is the employees'."""
        if not whom.strong:
            return {}
        rows = await tx.rows(
            "select channel, ts, text from channels.message where workspace = %s and"
            " concat_ws(' ', text, blocks::text, attachments::text, metadata::text) ~* %s",
            (whom.tenant.workspace, whom.strong),
        )
        return {"channels-message": rows}

    async def erase(self, tx: Tx, whom: Whom) -> int:
        cards = await self._cards(whom)
        changed = await blank(
            tx,
            "channels.message",
            _TEXTS,
            whom,
            also="(channel || ':' || ts) = any(%(cards)s)",
            params={"cards": cards},
        )
        changed += await blank(tx, "channels.conversation", {"topic": "text", "purpose": "text"}, whom)
        changed += await blank(tx, "channels.draft", {"text": "text", "other": "text", "mentions": "jsonb"}, whom)
        return changed + await blank(tx, "channels.share", {"name": "text"}, whom)

    async def _cards(self, whom: Whom) -> list[str]:
        if not whom.runs:
            return []
        rows = await self._log.query(whom.tenant, _POSTED, {"runs": list(whom.runs)})
        # `1763866800.000100` is kept as its microseconds.
        return [f"{channel}:{ts.replace('.', '')}" for channel, ts in rows.rows if ts]
