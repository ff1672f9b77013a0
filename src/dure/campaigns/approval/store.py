"""Approval's SQL."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any
from uuid import UUID

from psycopg.types.json import Jsonb

from dure.campaigns.approval.model import Launched, Request
from dure.state import Tx


async def requests(tx: Tx, workspace: str, campaign: str, limit: int = 50) -> list[Request]:
    """Newest first."""
    rows = await tx.rows(
        "select * from campaigns.approval where workspace = %s and campaign = %s order by asked_at desc, id desc"
        " limit %s", (workspace, campaign, limit),
    )  # fmt: skip
    return [_request(row) for row in rows]


async def waiting(tx: Tx, workspace: str) -> list[Request]:
    """What nobody has decided, oldest first."""
    rows = await tx.rows(
        "select * from campaigns.approval where workspace = %s and decision = '' order by asked_at", (workspace,)
    )
    return [_request(row) for row in rows]


# A launch settles what was asked or said before it.
_UNLAUNCHED = (
    " and not exists (select from campaigns.launched l where l.workspace = a.workspace and l.campaign = a.campaign"
    " and l.at >= coalesce(a.decided_at, a.asked_at))"
)


async def undecided(tx: Tx, workspace: str, besides: str, limit: int) -> list[Request]:
    """What others than `besides` asked for and nobody decided, of campaigns not launched since; oldest first."""
    rows = await tx.rows(
        "select a.* from campaigns.approval a where a.workspace = %s and a.decision = '' and a.asked_by <> %s"
        f"{_UNLAUNCHED} order by a.asked_at limit %s", (workspace, besides, limit),
    )  # fmt: skip
    return [_request(row) for row in rows]


async def answered(tx: Tx, workspace: str, asker: str, since: datetime, limit: int) -> list[Request]:
    """What another said to what somebody asked for last, newest first; not where the campaign was changed, asked for
    anew or launched after that."""
    rows = await tx.rows(
        "select a.* from (select distinct on (campaign) * from campaigns.approval where workspace = %(workspace)s"
        " order by campaign, asked_at desc, id desc) a where a.asked_by = %(asker)s and a.decision <> ''"
        " and a.decided_by <> %(asker)s and a.decided_at >= %(since)s"
        " and not exists (select from campaigns.edited e where e.workspace = a.workspace and e.campaign = a.campaign"
        f" and e.at > a.decided_at){_UNLAUNCHED} order by a.decided_at desc limit %(limit)s",
        {"workspace": workspace, "asker": asker, "since": since, "limit": limit},
    )
    return [_request(row) for row in rows]


async def request(tx: Tx, workspace: str, id: UUID) -> Request | None:
    """One request, nobody else's until the transaction ends."""
    row = await tx.row("select * from campaigns.approval where workspace = %s and id = %s for update", (workspace, id))
    return _request(row) if row else None


async def add(tx: Tx, workspace: str, made: Request) -> None:
    """In the place of one that is open: what was asked before is asked no more."""
    await tx.run(
        "delete from campaigns.approval where workspace = %s and campaign = %s and decision = ''",
        (workspace, made.campaign),
    )
    await tx.run(
        "insert into campaigns.approval (workspace, id, campaign, hash, reach, asked_by, asked_at, note,"
        " design) values (%s, %s, %s, %s, %s, %s, %s, %s, %s)",
        (
            workspace,
            made.id,
            made.campaign,
            made.hash,
            made.reach,
            made.asked_by,
            made.asked_at,
            made.note,
            Jsonb(made.design),
        ),
    )


async def decide(tx: Tx, workspace: str, decided: Request) -> None:
    await tx.run(
        "update campaigns.approval set decision = %s, decided_by = %s, decided_at = %s, comment = %s"
        " where workspace = %s and id = %s",
        (decided.decision, decided.decided_by, decided.decided_at, decided.comment, workspace, decided.id),
    )


async def approved(tx: Tx, workspace: str, campaign: str) -> set[str]:
    """Every hash that somebody agreed to, and nobody refused since."""
    rows = await tx.rows(
        "select distinct on (hash) hash, decision from campaigns.approval where workspace = %s and campaign = %s"
        " and decision <> '' order by hash, decided_at desc", (workspace, campaign),
    )  # fmt: skip
    return {row["hash"] for row in rows if row["decision"] == "approved"}


async def launched(tx: Tx, workspace: str, campaign: str) -> Launched | None:
    row = await tx.row(
        "select campaign, hash, bound, reach, by, at from campaigns.launched where workspace = %s and campaign = %s",
        (workspace, campaign),
    )
    return Launched(**row) if row else None


async def note_launched(tx: Tx, workspace: str, made: Launched) -> None:
    await tx.run(
        "insert into campaigns.launched (workspace, campaign, hash, bound, reach, by, at)"
        " values (%s, %s, %s, %s, %s, %s, %s) on conflict (workspace, campaign) do update set hash = excluded.hash,"
        " bound = excluded.bound, reach = excluded.reach, by = excluded.by, at = excluded.at",
        (workspace, made.campaign, made.hash, made.bound, made.reach, made.by, made.at),
    )


async def note_change(tx: Tx, workspace: str, campaign: str, by: str, now: datetime) -> None:
    """Keeps who changed a campaign last."""
    await tx.run(
        "insert into campaigns.edited values (%s, %s, %s, %s) on conflict (workspace, campaign)"
        " do update set by = excluded.by, at = excluded.at", (workspace, campaign, by, now),
    )  # fmt: skip


async def changed_by(tx: Tx, workspace: str, campaign: str) -> str:
    """Who changed it last, "" where nobody did since it was made."""
    found = await tx.value(
        "select by from campaigns.edited where workspace = %s and campaign = %s", (workspace, campaign)
    )
    return str(found or "")


async def tested(tx: Tx, workspace: str, campaign: str) -> dict[str, frozenset[str]]:
    """Message nodes of which a test arrived since the campaign last changed, with the languages that were tested."""
    rows = await tx.rows(
        "select t.node, array_agg(distinct t.language) as languages from campaigns.trial t"
        " left join campaigns.edited e on e.workspace = t.workspace"
        " and e.campaign = t.campaign where t.workspace = %s and t.campaign = %s and t.kind = 'test'"
        " and t.state = 'sent' and t.at >= coalesce(e.at, '-infinity') group by t.node", (workspace, campaign),
    )  # fmt: skip
    return {row["node"]: frozenset(row["languages"]) for row in rows}


async def last_reaches(tx: Tx, workspace: str, besides: str, limit: int = 5) -> list[int]:
    """How many the last launches of other campaigns reached, newest first."""
    rows = await tx.rows(
        "select reach from campaigns.launched where workspace = %s and campaign <> %s order by at desc limit %s",
        (workspace, besides, limit),
    )
    return [row["reach"] for row in rows]


def _request(row: Mapping[str, Any]) -> Request:
    return Request(
        row["id"], row["campaign"], row["hash"], row["reach"], row["asked_by"], row["asked_at"], row["note"],
        row["decision"], row["decided_by"], row["decided_at"], row["comment"], row["design"],
    )  # fmt: skip
