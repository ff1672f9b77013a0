"""The SQL of the daily look."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date, datetime

from dure.deals.daily.rules import Kind, Look
from dure.state import Tx

_OPEN = """
with acts as (
    select about, max(at) as at from (
        select about, changed_at as at from deals.task where workspace = %(w)s and about <> ''
        union all select about, changed_at from deals.note where workspace = %(w)s
        union all select about, created_at from deals.attachment where workspace = %(w)s
        union all select about, greatest(changed_at, least(starts_at, %(now)s)) from deals.meeting
            where workspace = %(w)s and about <> ''
    ) found group by about
), people as (
    select opportunity, count(*) as n from deals.contact_role where workspace = %(w)s group by opportunity
)
select o.id, o.close_date, greatest(o.changed_at, coalesce(acts.at, o.changed_at)) as acted_at,
       coalesce(people.n, 0) as contacts, o.stage = any(%(first)s) as first
from deals.opportunity o left join acts on acts.about = o.id left join people on people.opportunity = o.id
where o.workspace = %(w)s and o.closed_at is null and o.deleted_at is null order by o.id
"""


async def claim(tx: Tx, workspace: str, day: date) -> bool:
    """Whether the day's look is this transaction's: of any number of processes one gets it."""
    done = await tx.run(
        "insert into deals.look (workspace, day) values (%s, %s) on conflict (workspace) do update"
        " set day = excluded.day where deals.look.day < excluded.day",
        (workspace, day),
    )
    return done > 0


async def open_deals(tx: Tx, workspace: str, first: Sequence[str], now: datetime) -> list[Look]:
    """Every open deal with when somebody last did something about it; `first` are the stages pipelines begin with."""
    rows = await tx.rows(_OPEN, {"w": workspace, "first": list(first), "now": now})
    return [Look(row["id"], row["acted_at"], row["close_date"], row["contacts"], row["first"]) for row in rows]


async def told(tx: Tx, workspace: str) -> dict[tuple[str, Kind], int]:
    rows = await tx.rows("select opportunity, kind, level from deals.told where workspace = %s", (workspace,))
    return {(row["opportunity"], row["kind"]): row["level"] for row in rows}


async def keep(tx: Tx, workspace: str, rows: Iterable[tuple[str, Kind, int]], at: datetime) -> None:
    await tx.many(
        "insert into deals.told (workspace, opportunity, kind, since, level) values (%s, %s, %s, %s, %s)"
        " on conflict (workspace, opportunity, kind) do update set level = excluded.level",
        [(workspace, deal, kind, at, level) for deal, kind, level in rows],
    )


async def drop(tx: Tx, workspace: str, rows: Iterable[tuple[str, Kind]]) -> None:
    """What holds no longer; should it hold again, it is told again."""
    await tx.many(
        "delete from deals.told where workspace = %s and opportunity = %s and kind = %s",
        [(workspace, deal, kind) for deal, kind in rows],
    )
