"""Care's only SQL: conversations and what stands in them."""

from __future__ import annotations

import uuid
from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from psycopg.types.json import Jsonb

from dure.kernel.tenant import Tenant
from dure.social.care.model import Conversation, Entry
from dure.state import Tx

FIELDS = (
    "id, source, network, thread, kind, direct, subject, author, handle, person, account, state, priority, team,"
    " assignee, opened_at, opened_by, asked, language, intent, topic, sentiment, first_in_at, last_in_at, last_out_at,"
    " resolved_at, snoozed_until, reopened, seq, said_seq, version, changed_at, due_at, due"
)
_KEPT = (
    "kind", "direct", "subject", "author", "handle", "person", "account", "state", "priority", "team", "assignee",
    "asked", "language", "intent", "topic", "sentiment", "first_in_at", "last_in_at", "last_out_at", "resolved_at",
    "snoozed_until", "reopened", "seq", "said_seq", "version", "changed_at",
)  # fmt: skip
_ENTRY = (
    "e.id, e.conversation, e.seq, e.kind, e.at, e.by, e.actor, e.mention, e.act, e.data, e.outcome, e.code, e.detail,"
    " e.external, e.key, e.named"
)
# What a customer wrote lies with the mention, so that its edits and its deletion are seen here at once.
_WITH_MENTION = (
    f"select {_ENTRY}, case when e.kind = 'in' then coalesce(m.text, '') else e.text end as text,"
    " case when e.kind = 'in' then coalesce(m.author, '') else '' end as author,"
    " case when e.kind = 'in' then coalesce(m.handle, '') else '' end as handle,"
    " case when e.kind = 'in' then coalesce(m.url, '') else e.url end as url,"
    " case when e.kind = 'in' then m.edited_at end as edited_at,"
    " case when e.kind = 'in' then m.deleted_at end as deleted_at"
    " from social.entry e left join social.mention m on m.workspace = e.workspace and m.id = e.mention"
)


async def conversation(tx: Tx, workspace: str, id: uuid.UUID, *, lock: bool = False) -> Conversation | None:
    row = await tx.row(
        f"select {FIELDS} from social.conversation where workspace = %s and id = %s" + (" for update" if lock else ""),
        (workspace, id),
    )
    return None if row is None else Conversation(**row)


async def several(tx: Tx, workspace: str, ids: Sequence[uuid.UUID], *, lock: bool = False) -> list[Conversation]:
    """Those that are there, locked in one order."""
    rows = await tx.rows(
        f"select {FIELDS} from social.conversation where workspace = %s and id = any(%s) order by id"
        + (" for update" if lock else ""),
        (workspace, list(ids)),
    )
    return [Conversation(**row) for row in rows]


async def add(tx: Tx, tenant: Tenant, one: Conversation) -> bool:
    """False where another transaction opened the same meanwhile."""
    return bool(
        await tx.run(
            f"insert into social.conversation (workspace, org, {FIELDS})"
            f" values (%s, %s, {', '.join(['%s'] * len(FIELDS.split(', ')))}) on conflict do nothing",
            (tenant.workspace, tenant.org, *(getattr(one, name) for name in FIELDS.split(", "))),
        )
    )


async def keep(tx: Tx, workspace: str, one: Conversation) -> None:
    """Writes every field that may change, but not when a clock is due."""
    await tx.run(
        f"update social.conversation set {', '.join(f'{name} = %s' for name in _KEPT)}"
        " where workspace = %s and id = %s",
        (*(getattr(one, name) for name in _KEPT), workspace, one.id),
    )


async def set_due(tx: Tx, workspace: str, id: uuid.UUID, at: datetime | None, kind: str = "") -> None:
    """When the next clock that runs is due, and which; None where none runs. No change of the conversation."""
    await tx.run(
        "update social.conversation set due_at = %s, due = %s where workspace = %s and id = %s",
        (at, kind, workspace, id),
    )


async def add_entries(tx: Tx, workspace: str, entries: Sequence[Entry]) -> None:
    await tx.many(
        "insert into social.entry (workspace, id, conversation, seq, kind, at, by, actor, mention, text, act, data,"
        " outcome, code, detail, external, url, key, named)"
        " values (%s, %s, %s, %s, %s, %s, %s, %s, %s, %s, %s, %s, %s, %s, %s, %s, %s, %s, %s)",
        [
            (workspace, one.id, one.conversation, one.seq, one.kind, one.at, one.by, one.actor, one.mention,
             "" if one.kind == "in" else one.text, one.act, Jsonb(dict(one.data)), one.outcome, one.code, one.detail,
             one.external, one.url, one.key, list(one.named))
            for one in entries
        ],
    )  # fmt: skip


def entry_of(row: Mapping[str, Any]) -> Entry:
    return Entry(**{**row, "named": tuple(row["named"])})
