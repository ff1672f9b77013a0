"""What channels hold about a person: messages are employees', and some speak of a customer."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from dure.channels.federation.store import outbox
from dure.channels.files import holding as files
from dure.channels.search.index import index
from dure.channels.store.indexed import told_of
from dure.kernel.whom import Whom
from dure.log.api import Log
from dure.state import Tx
from dure.state.blank import blank

_TEXTS = {"text": "text", "username": "text", "blocks": "jsonb", "attachments": "jsonb", "metadata": "jsonb",
          "unfurls": "jsonb"}  # fmt: skip
# Earlier versions of messages, and what is said later or to one person only.
_ELSEWHERE = {
    "channels.edit": {"text": "text", "blocks": "jsonb", "attachments": "jsonb"},
    "channels.bookmark": {"title": "text", "link": "text"},
    "channels.scheduled": {"draft": "jsonb"},
    "channels.ephemeral": {"body": "jsonb"},
    "channels.violation": {"excerpt": "text", "draft": "jsonb"},
    "channels.guard_trial": {"examples": "jsonb"},
    "channels.asked": {"title": "jsonb", "card": "jsonb", "said": "text"},
    "channels.form_answer": {"answers": "jsonb"},
    "channels.charter": {"purpose": "text", "belongs": "jsonb", "places": "jsonb"},
    "channels.charter_version": {"purpose": "text", "belongs": "jsonb", "places": "jsonb"},
    "channels.partner_request": {"body": "jsonb"},
    "channels.moving": {"name": "text", "preview": "jsonb"},
    "channels.moving_left": {"about": "text"},
    "channels.moving_held": {"message": "jsonb"},
}
_POSTED = """select distinct object, JSONExtractString(toString(properties), 'ts') from events
where workspace = {workspace:String} and source = 'channels' and event in ('Message Posted', 'Message Changed')
    and run in {runs:Array(String)}"""


class ChannelHolder:
    """A message stays, without what points at them; in a card that a run about them posted their names go too."""

    name = "channels"
    tables: Sequence[str] = (
        "channels.message", "channels.conversation", "channels.share", "channels.edit", "channels.bookmark",
        "channels.scheduled", "channels.ephemeral", "channels.file", "channels.canvas", "channels.canvas_version",
        "channels.view", "channels.reminder", "channels.user_group", "channels.delivery", "channels.before",
        "channels.indexed", "channels.draft", "channels.asked", "channels.form_answer", "channels.charter",
        "channels.charter_version", "channels.violation", "channels.guard_trial", "channels.held", "channels.held_file",
        "channels.partner_request", "channels.file_text", "channels.partner_entry",
        "channels.moving", "channels.moving_left", "channels.moving_held",
    )  # fmt: skip

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
        told = await told_of(tx, whom.tenant.workspace, whom.strong, cards)
        also, params = "(channel || ':' || ts) = any(%(cards)s)", {"cards": cards}
        changed = await blank(tx, "channels.message", _TEXTS, whom, also=also, params=params)
        changed += await blank(tx, "channels.before", {"body": "jsonb"}, whom, also=also, params=params)
        # What waits for apps, or was told to them lately, says the same once more.
        changed += await blank(
            tx, "channels.delivery", {"body": "text", "answer": "text"}, whom,
            also="channel = any(%(rooms)s)", params={"rooms": sorted({card.partition(":")[0] for card in cards})},
        )  # fmt: skip
        changed += await outbox.blank(tx, whom)
        for table, texts in _ELSEWHERE.items():
            changed += await blank(tx, table, texts, whom)
        changed += await blank(tx, "channels.conversation", {"topic": "text", "purpose": "text"}, whom)
        changed += await files.erase(tx, whom)
        changed += await blank(tx, "channels.view", {"body": "jsonb"}, whom)
        changed += await blank(tx, "channels.reminder", {"text": "text"}, whom)
        changed += await blank(tx, "channels.user_group", {"description": "text"}, whom)
        changed += await blank(tx, "channels.draft", {"text": "text", "other": "text", "mentions": "jsonb"}, whom)
        # What search knows the messages by is made anew from what is left of them and of the files they carry.
        await index(tx, told)
        return changed + await blank(tx, "channels.share", {"name": "text"}, whom)

    async def _cards(self, whom: Whom) -> list[str]:
        if not whom.runs:
            return []
        rows = await self._log.query(whom.tenant, _POSTED, {"runs": list(whom.runs)})
        # `1763866800.000100` is kept as its microseconds.
        return [f"{channel}:{ts.replace('.', '')}" for channel, ts in rows.rows if ts]
