"""The SQL of saved replies."""

from __future__ import annotations

import uuid
from datetime import datetime

import psycopg

from dure.kernel.tenant import Tenant
from dure.social.care.model import SavedReply
from dure.state import Tx

_FIELDS = "id, shortcut, title, text, language, team, used, version, changed_at, changed_by, used_at"


async def all_of(tx: Tx, workspace: str, team: str, text: str) -> list[SavedReply]:
    rows = await tx.rows(
        f"select {_FIELDS} from social.saved_reply where workspace = %(w)s"
        " and (%(team)s = '' or team in ('', %(team)s))"
        " and (%(text)s = '' or strpos(lower(shortcut || ' ' || title || ' ' || text), lower(%(text)s)) > 0)"
        " order by used desc, lower(shortcut), language, id limit 500",
        {"w": workspace, "team": team, "text": text},
    )
    return [SavedReply(**row) for row in rows]


async def one(tx: Tx, workspace: str, id: uuid.UUID, *, lock: bool = False) -> SavedReply | None:
    row = await tx.row(
        f"select {_FIELDS} from social.saved_reply where workspace = %s and id = %s" + (" for update" if lock else ""),
        (workspace, id),
    )
    return None if row is None else SavedReply(**row)


async def add(tx: Tx, tenant: Tenant, new: SavedReply) -> bool:
    """False where its shortcut is taken."""
    return bool(
        await tx.run(
            "insert into social.saved_reply (workspace, org, id, shortcut, title, text, language, team, changed_at,"
            " changed_by) values (%s, %s, %s, %s, %s, %s, %s, %s, %s, %s) on conflict do nothing",
            (tenant.workspace, tenant.org, new.id, new.shortcut, new.title, new.text, new.language, new.team,
             new.changed_at, new.changed_by),
        )
    )  # fmt: skip


async def keep(tx: Tx, workspace: str, kept: SavedReply) -> bool:
    """False where its shortcut is taken; the transaction cannot go on then."""
    try:
        await tx.run(
            "update social.saved_reply set shortcut = %s, title = %s, text = %s, language = %s, team = %s,"
            " version = %s, changed_at = %s, changed_by = %s where workspace = %s and id = %s",
            (kept.shortcut, kept.title, kept.text, kept.language, kept.team, kept.version, kept.changed_at,
             kept.changed_by, workspace, kept.id),
        )  # fmt: skip
    except psycopg.errors.UniqueViolation:
        return False
    return True


async def delete(tx: Tx, workspace: str, id: uuid.UUID) -> SavedReply | None:
    row = await tx.row(
        f"delete from social.saved_reply where workspace = %s and id = %s returning {_FIELDS}", (workspace, id)
    )
    return None if row is None else SavedReply(**row)


async def count(tx: Tx, workspace: str, id: uuid.UUID, now: datetime) -> None:
    """It was sent once more."""
    await tx.run(
        "update social.saved_reply set used = used + 1, used_at = %s where workspace = %s and id = %s",
        (now, workspace, id),
    )
