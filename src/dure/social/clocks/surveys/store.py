"""The only SQL of surveys."""

from __future__ import annotations

import uuid
from collections.abc import Sequence
from datetime import datetime

from dure.kernel.ids import uuid7
from dure.kernel.tenant import Tenant
from dure.social.care.model import Conversation
from dure.social.clocks.surveys.model import OPEN_FOR, Survey
from dure.state import Tx

_FIELDS = (
    "s.id, s.conversation, s.run, s.team, s.network, s.agent, s.language, s.state, s.how, s.detail, s.score, s.comment,"
    " s.created_at, s.sent_at, s.answered_at, s.expires_at"
)


async def begin(tx: Tx, tenant: Tenant, talk: Conversation, run: int, at: datetime, *, by_itself: str = "") -> None:
    """One for this time that the conversation was resolved; there is never a second. `by_itself` is the way it goes
    without anybody being asked."""
    await tx.run(
        "insert into social.survey (workspace, org, id, conversation, run, team, network, agent, language, state, how,"
        " created_at, expires_at) values (%s, %s, %s, %s, %s, %s, %s, %s, %s, %s, %s, %s, %s)"
        " on conflict (workspace, conversation, run) do nothing",
        (tenant.workspace, tenant.org, uuid7(), talk.id, run, talk.team, talk.network, talk.assignee, talk.language,
         "due" if by_itself else "asking", by_itself, at, at + OPEN_FOR),
    )  # fmt: skip


async def one(tx: Tx, workspace: str, id: uuid.UUID, *, lock: bool = False) -> Survey | None:
    row = await tx.row(
        f"select {_FIELDS} from social.survey s where workspace = %s and id = %s" + (" for update" if lock else ""),
        (workspace, id),
    )
    return None if row is None else Survey(**row)


async def asking(tx: Tx, workspace: str, limit: int) -> list[Survey]:
    """Those that wait for a colleague, of conversations that are resolved still."""
    rows = await tx.rows(
        f"select {_FIELDS} from social.survey s join social.conversation t on t.workspace = s.workspace"
        " and t.id = s.conversation where s.workspace = %s and s.state = 'asking' and t.state = 'resolved'"
        " order by s.created_at desc, s.id limit %s",
        (workspace, limit),
    )
    return [Survey(**row) for row in rows]


async def claim(tx: Tx, now: datetime, before: datetime, limit: int) -> list[tuple[Tenant, Survey]]:
    """Those that go out by themselves, and those whose sender died: nobody else has them for a while."""
    rows = await tx.rows(
        "update social.survey s set state = 'sending', claimed_at = %s from (select workspace, id, state as was"
        " from social.survey where state = 'due' or (state = 'sending' and claimed_at < %s) order by created_at"
        " limit %s for update skip locked) d where s.workspace = d.workspace and s.id = d.id"
        f" returning s.org, s.workspace, {_FIELDS}",
        (now, before, limit),
    )
    return [(Tenant(row.pop("org"), row.pop("workspace")), Survey(**row)) for row in rows]


async def move(
    tx: Tx, workspace: str, id: uuid.UUID, state: str, *, was: Sequence[str], how: str | None = None, detail: str = "",
    at: datetime, by: str = "",
) -> bool:  # fmt: skip
    """Whether it was where it was thought to be."""
    done = await tx.run(
        "update social.survey set state = %(state)s, how = coalesce(%(how)s, how), detail = %(detail)s,"
        " claimed_at = case when %(state)s = 'sending' then %(at)s end,"
        " sent_at = case when %(state)s = 'sent' then %(at)s else sent_at end,"
        " sent_by = case when %(by)s <> '' then %(by)s else sent_by end"
        " where workspace = %(w)s and id = %(id)s and state = any(%(was)s)",
        {"state": state, "how": how, "detail": detail[:500], "at": at, "by": by, "w": workspace, "id": id,
         "was": list(was)},
    )  # fmt: skip
    return bool(done)


async def answer(
    tx: Tx, workspace: str, id: uuid.UUID, score: int, comment: str, at: datetime, most: int
) -> tuple[Survey, bool] | None:  # fmt: skip
    """The answer, and whether there was one before; None where it was changed too often already."""
    row = await tx.row(
        "with before as (select score from social.survey where workspace = %(w)s and id = %(id)s for update)"
        " update social.survey s set score = %(score)s, comment = %(comment)s, answered_at = %(at)s,"
        " changes = changes + 1 from before where s.workspace = %(w)s and s.id = %(id)s and s.changes < %(most)s"
        f" returning {_FIELDS}, before.score is not null as again",
        {"w": workspace, "id": id, "score": score, "comment": comment, "at": at, "most": most},
    )
    if row is None:
        return None
    again = bool(row.pop("again"))
    return Survey(**row), again
