"""Routing's SQL on mentions: those that wait for a person, and those of the past that are decided anew to compare."""

from __future__ import annotations

from datetime import datetime

from dure.social.model import Mention
from dure.social.store import FIELDS, mention_of
from dure.state import Tx


async def waiting(tx: Tx, workspace: str, sample: bool, limit: int) -> list[Mention]:
    """The newest first: new ones worth reading, or those of the sample that nobody answered yet."""
    what = (
        "exists (select from social.decision d where d.workspace = m.workspace and d.mention = m.id and d.audit"
        " and d.verdict = '')" if sample else "m.state = 'new' and m.spam < 0.9 and not m.own"
    )  # fmt: skip
    rows = await tx.rows(
        f"select {FIELDS} from social.mention m where m.workspace = %s and m.original = m.id"
        f" and m.deleted_at is null and {what} order by m.posted_at desc, m.id desc limit %s",
        (workspace, limit),
    )
    return [mention_of(row) for row in rows]


async def past(tx: Tx, workspace: str, since: datetime, most: int) -> list[Mention]:
    rows = await tx.rows(
        f"select {FIELDS} from social.mention where workspace = %s and original = id and deleted_at is null"
        " and not own and posted_at >= %s order by posted_at desc, id desc limit %s",
        (workspace, since, most),
    )
    return [mention_of(row) for row in rows]
