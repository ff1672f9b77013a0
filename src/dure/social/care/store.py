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
_NONE = "'00000000-0000-0000-0000-000000000000'::uuid"  # as the index `conversation_thread` has it
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


async def keep_many(tx: Tx, workspace: str, talks: Sequence[Conversation]) -> None:
    """Writes every field that may change, but not when a clock is due."""
    await tx.many(
        f"update social.conversation set {', '.join(f'{name} = %s' for name in _KEPT)}"
        " where workspace = %s and id = %s",
        [(*(getattr(one, name) for name in _KEPT), workspace, one.id) for one in talks],
    )


async def set_due(tx: Tx, workspace: str, due: Mapping[uuid.UUID, tuple[datetime | None, str]]) -> None:
    """Of conversations when the next clock that runs is due, and which; None where none runs. No change of them."""
    await tx.many(
        "update social.conversation set due_at = %s, due = %s where workspace = %s and id = %s",
        [(at, kind, workspace, conversation) for conversation, (at, kind) in due.items()],
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


async def entries(tx: Tx, workspace: str, id: uuid.UUID, *, before: int = 0, limit: int = 200) -> list[Entry]:
    """What stands in a conversation, the newest `limit` before an entry's number, the oldest of them first."""
    rows = await tx.rows(
        f"select * from ({_WITH_MENTION} where e.workspace = %s and e.conversation = %s and (%s = 0 or e.seq < %s)"
        " order by e.seq desc limit %s) newest order by seq",
        (workspace, id, before, before, limit),
    )
    return [entry_of(row) for row in rows]


async def said_after(tx: Tx, workspace: str, id: uuid.UUID, seq: int) -> list[Entry]:
    """What customer and company said after an entry."""
    rows = await tx.rows(
        f"{_WITH_MENTION} where e.workspace = %s and e.conversation = %s and e.seq > %s"
        " and (e.kind = 'in' or (e.kind = 'reply' and e.outcome in ('pending', 'said', 'unknown'))) order by e.seq",
        (workspace, id, seq),
    )
    return [entry_of(row) for row in rows]


async def entry(tx: Tx, workspace: str, id: uuid.UUID) -> Entry | None:
    row = await tx.row(f"{_WITH_MENTION} where e.workspace = %s and e.id = %s", (workspace, id))
    return None if row is None else entry_of(row)


async def entry_by_key(tx: Tx, workspace: str, conversation: uuid.UUID, key: str) -> Entry | None:
    row = await tx.row(
        f"{_WITH_MENTION} where e.workspace = %s and e.conversation = %s and e.key = %s", (workspace, conversation, key)
    )
    return None if row is None else entry_of(row)


async def keep_reply(tx: Tx, workspace: str, one: Entry) -> None:
    """What became of a reply."""
    await tx.run(
        "update social.entry set outcome = %s, code = %s, detail = %s, external = %s, url = %s, data = %s, at = %s"
        " where workspace = %s and id = %s",
        (one.outcome, one.code, one.detail, one.external, one.url, Jsonb(dict(one.data)), one.at, workspace, one.id),
    )


async def drop_draft(tx: Tx, workspace: str, conversation: uuid.UUID, id: uuid.UUID) -> bool:
    return bool(
        await tx.run(
            "delete from social.entry where workspace = %s and conversation = %s and id = %s and outcome = 'draft'",
            (workspace, conversation, id),
        )
    )


# -- what the follower asks --------------------------------------------------------------------------------------------


async def concerning(tx: Tx, workspace: str, ids: Sequence[uuid.UUID]) -> list[uuid.UUID]:
    """Of what arrives the few that may belong to a conversation: written to the company, or part of a talk."""
    rows = await tx.rows(
        "select id from social.mention where workspace = %s and id = any(%s)"
        " and (direct or parent <> '' or (thread <> '' and thread <> external))",
        (workspace, list(ids)),
    )
    return [row["id"] for row in rows]


async def standing(tx: Tx, workspace: str, mentions: Sequence[uuid.UUID]) -> dict[uuid.UUID, uuid.UUID]:
    """In which conversation mentions stand already."""
    rows = await tx.rows(
        "select mention, conversation from social.entry where workspace = %s and kind = 'in' and mention = any(%s)",
        (workspace, list(mentions)),
    )
    return {row["mention"]: row["conversation"] for row in rows}


async def of_threads(
    tx: Tx, workspace: str, keys: Sequence[tuple[uuid.UUID | None, str, str]]
) -> dict[tuple[uuid.UUID | None, str, str], uuid.UUID]:
    """Conversations by (source, network, thread)."""
    rows = await tx.rows(
        "select c.id, c.source, c.network, c.thread from social.conversation c"
        " join unnest(%s::uuid[], %s::text[], %s::text[]) as asked (source, network, thread)"
        f" on asked.network = c.network and asked.thread = c.thread and coalesce(asked.source, {_NONE}) ="
        f" coalesce(c.source, {_NONE})"
        " where c.workspace = %s",
        ([key[0] for key in keys], [key[1] for key in keys], [key[2] for key in keys], workspace),
    )
    return {(row["source"], row["network"], row["thread"]): row["id"] for row in rows}


async def of_externals(
    tx: Tx, workspace: str, keys: Sequence[tuple[uuid.UUID | None, str, str]]
) -> dict[tuple[uuid.UUID | None, str, str], tuple[uuid.UUID, str]]:
    """By (source, network, the network's id of something said in it): the conversation, and whose it is (`in` or
    `reply`)."""
    rows = await tx.rows(
        "select e.external, e.kind, c.id, c.source, c.network from social.entry e"
        " join social.conversation c on c.workspace = e.workspace and c.id = e.conversation"
        " where e.workspace = %s and e.external = any(%s)",
        (workspace, [key[2] for key in keys]),
    )
    return {(row["source"], row["network"], row["external"]): (row["id"], row["kind"]) for row in rows}


async def thread_so_far(
    tx: Tx, workspace: str, source: uuid.UUID | None, network: str, thread: str, but: Sequence[uuid.UUID], limit: int
) -> list[uuid.UUID]:
    """Mentions of a thread that stand in no conversation yet, the newest `limit`, the oldest of them first."""
    rows = await tx.rows(
        "select id from (select m.id, m.posted_at from social.mention m where m.workspace = %s and m.network = %s"
        " and m.source is not distinct from %s and ((m.thread = %s and m.thread <> '') or m.external = %s)"
        " and m.id <> all(%s)"
        " and m.deleted_at is null and not exists (select from social.entry e where e.workspace = m.workspace"
        "   and e.mention = m.id and e.kind = 'in')"
        " order by m.posted_at desc, m.id desc limit %s) newest order by posted_at, id",
        (workspace, network, source, thread, thread, list(but), limit),
    )
    return [row["id"] for row in rows]


async def silent(tx: Tx, workspace: str, ids: Sequence[uuid.UUID]) -> set[uuid.UUID]:
    """Conversations in which nothing stands any more of what customers wrote."""
    rows = await tx.rows(
        "select c.id from social.conversation c where c.workspace = %s and c.id = any(%s) and not exists ("
        " select from social.entry e join social.mention m on m.workspace = e.workspace and m.id = e.mention"
        " where e.workspace = c.workspace and e.conversation = c.id and e.kind = 'in' and m.deleted_at is null)",
        (workspace, list(ids)),
    )
    return {row["id"] for row in rows}


async def of_mentions(tx: Tx, workspace: str, mentions: Sequence[uuid.UUID]) -> dict[uuid.UUID, uuid.UUID]:
    """Conversations by the mention that was asked last in them."""
    rows = await tx.rows(
        "select asked, id from social.conversation where workspace = %s and asked = any(%s)",
        (workspace, list(mentions)),
    )
    return {row["asked"]: row["id"] for row in rows}


# -- what the clock brings ---------------------------------------------------------------------------------------------


async def awake(tx: Tx, now: datetime, limit: int) -> list[tuple[str, str, uuid.UUID]]:
    """Snoozed conversations whose time has come: (org, workspace, id)."""
    rows = await tx.rows(
        "select org, workspace, id from social.conversation where state = 'snoozed' and snoozed_until <= %s"
        " order by snoozed_until limit %s",
        (now, limit),
    )
    return [(row["org"], row["workspace"], row["id"]) for row in rows]


async def left_pending(tx: Tx, since: datetime, limit: int) -> list[dict[str, Any]]:
    """Replies that nobody ended, with what is known of the saying that was claimed for each (state None: none was)."""
    return await tx.rows(
        "select c.org, e.workspace, e.conversation, e.id, s.state, s.outcome, s.ended_at from social.entry e"
        " join social.conversation c on c.workspace = e.workspace and c.id = e.conversation"
        " left join social.saying s on s.workspace = e.workspace and s.key = e.data ->> 'saying'"
        " where e.outcome = 'pending' and e.at < %s order by e.at limit %s",
        (since, limit),
    )


# -- settings ----------------------------------------------------------------------------------------------------------


async def settings(tx: Tx, workspace: str) -> tuple[tuple[str, ...], str]:
    """The company's own names (network:handle), and the state after an answer."""
    row = await tx.row("select own, after_reply from social.care_setting where workspace = %s", (workspace,))
    return (tuple(row["own"]), row["after_reply"]) if row else ((), "waiting")


async def set_settings(tx: Tx, workspace: str, own: Sequence[str], after_reply: str) -> None:
    await tx.run(
        "insert into social.care_setting (workspace, own, after_reply) values (%s, %s, %s) on conflict (workspace)"
        " do update set own = excluded.own, after_reply = excluded.after_reply",
        (workspace, list(own), after_reply),
    )
