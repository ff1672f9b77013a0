"""Drafts and sidebars in PostgreSQL. Callers have found the conversation for their workspace before."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from psycopg.types.json import Jsonb

from dure.channels.own.model import KeptDraft, Section, Sidebar
from dure.kernel.tenant import Tenant
from dure.state import Tx


async def drafts(tx: Tx, tenant: Tenant, account: str) -> list[KeptDraft]:
    """What somebody has begun to write where they still are, the latest first; what was sent among them, empty."""
    rows = await tx.rows(
        "select d.* from channels.draft d join channels.membership m on m.channel = d.channel and m.account = d.account"
        " where d.workspace = %s and d.account = %s order by d.changed_at desc limit 1000",
        (tenant.workspace, account),
    )
    return [_draft(row) for row in rows]


async def draft(tx: Tx, tenant: Tenant, account: str, channel: str, thread: int) -> KeptDraft | None:
    """One, for this writer alone until the transaction ends."""
    await tx.run("select pg_advisory_xact_lock(hashtext('channels.draft'), hashtext(%s))", (account + channel,))
    row = await tx.row(
        "select * from channels.draft where workspace = %s and account = %s and channel = %s and thread = %s",
        (tenant.workspace, account, channel, thread),
    )
    return None if row is None else _draft(row)


async def keep_draft(tx: Tx, tenant: Tenant, account: str, draft: KeptDraft) -> None:
    await tx.run(
        "insert into channels.draft (workspace, account, channel, thread, text, mentions, other, version, changed_at,"
        " device) values (%(workspace)s, %(account)s, %(channel)s, %(thread)s, %(text)s, %(mentions)s, %(other)s,"
        " %(version)s, %(at)s, %(device)s) on conflict (account, channel, thread) do update set text = excluded.text,"
        " mentions = excluded.mentions, other = excluded.other, version = excluded.version,"
        " changed_at = excluded.changed_at, device = excluded.device",
        {"workspace": tenant.workspace, "account": account, "channel": draft.channel, "thread": draft.thread,
         "text": draft.text, "mentions": Jsonb(draft.mentions), "other": draft.other, "version": draft.version,
         "at": draft.changed_at, "device": draft.device},
    )  # fmt: skip


async def sidebar(tx: Tx, tenant: Tenant, account: str, *, lock: bool = False) -> Sidebar:
    if lock:
        await tx.run("select pg_advisory_xact_lock(hashtext('channels.sidebar'), hashtext(%s))", (account,))
    row = await tx.row(
        "select layout, version from channels.sidebar where workspace = %s and account = %s",
        (tenant.workspace, account),
    )
    if row is None:
        return Sidebar((), 0)
    return Sidebar(tuple(Section(**{**one, "rooms": tuple(one["rooms"])}) for one in row["layout"]), row["version"])


async def keep_sidebar(tx: Tx, tenant: Tenant, account: str, sidebar: Sidebar, at: datetime) -> None:
    layout = [
        {"id": one.id, "name": one.name, "rooms": one.rooms, "folded": one.folded, "sort": one.sort}
        for one in sidebar.sections
    ]
    await tx.run(
        "insert into channels.sidebar (account, workspace, layout, version, changed_at) values (%s, %s, %s, %s, %s)"
        " on conflict (account) do update set layout = excluded.layout, version = excluded.version,"
        " changed_at = excluded.changed_at",
        (account, tenant.workspace, Jsonb(layout), sidebar.version, at),
    )


def _draft(row: dict[str, Any]) -> KeptDraft:
    pairs = tuple((shown, meant) for shown, meant in row["mentions"])
    return KeptDraft(
        row["channel"], row["thread"], row["text"], pairs, row["other"], row["version"], row["changed_at"],
        row["device"],
    )  # fmt: skip
