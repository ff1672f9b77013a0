"""The only SQL of opening hours."""

from __future__ import annotations

import uuid
from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from psycopg.types.json import Jsonb

from dure.governance.hours import rules
from dure.governance.hours.model import Hours
from dure.state import Tx

_FIELDS = "h.id, h.name, h.zone, h.week, h.days, h.version"


async def listed(tx: Tx, workspace: str) -> list[Hours]:
    rows = await tx.rows(
        f"select {_FIELDS} from governance.hours h where workspace = %s order by lower(name)", (workspace,)
    )
    return [_hours(row) for row in rows]


async def one(tx: Tx, workspace: str, id: uuid.UUID, *, lock: bool = False) -> Hours | None:
    row = await tx.row(
        f"select {_FIELDS} from governance.hours h where workspace = %s and id = %s" + (" for update" if lock else ""),
        (workspace, id),
    )
    return None if row is None else _hours(row)


async def named(tx: Tx, workspace: str, name: str) -> uuid.UUID | None:
    found = await tx.value(
        "select id from governance.hours where workspace = %s and lower(name) = lower(%s)", (workspace, name)
    )
    return found if isinstance(found, uuid.UUID) else None


async def keep(tx: Tx, workspace: str, hours: Hours, now: datetime, actor: str) -> None:
    told = rules.told(hours)
    await tx.run(
        "insert into governance.hours (workspace, id, name, zone, week, days, version, changed_at, changed_by)"
        " values (%s, %s, %s, %s, %s, %s, %s, %s, %s) on conflict (workspace, id) do update set name = excluded.name,"
        " zone = excluded.zone, week = excluded.week, days = excluded.days, version = excluded.version,"
        " changed_at = excluded.changed_at, changed_by = excluded.changed_by",
        (workspace, hours.id, hours.name, hours.zone, Jsonb(told["week"]), Jsonb(told["days"]), hours.version, now,
         actor),
    )  # fmt: skip


async def remove(tx: Tx, workspace: str, id: uuid.UUID) -> None:
    await tx.run("delete from governance.hours where workspace = %s and id = %s", (workspace, id))


async def teams(tx: Tx, workspace: str) -> dict[str, uuid.UUID]:
    """Calendars by team; '' is everybody else."""
    rows = await tx.rows("select team, hours from governance.team_hours where workspace = %s", (workspace,))
    return {row["team"]: row["hours"] for row in rows}


async def set_team(tx: Tx, workspace: str, team: str, hours: uuid.UUID | None) -> None:
    if hours is None:
        await tx.run("delete from governance.team_hours where workspace = %s and team = %s", (workspace, team))
        return
    await tx.run(
        "insert into governance.team_hours (workspace, team, hours) values (%s, %s, %s)"
        " on conflict (workspace, team) do update set hours = excluded.hours",
        (workspace, team, hours),
    )


async def of_teams(tx: Tx, workspace: str, teams: Sequence[str]) -> dict[str, Hours]:
    """The calendar that each of these teams goes by, where it goes by one."""
    rows = await tx.rows(
        f"select t.team, {_FIELDS} from unnest(%s::text[]) t(team)"
        " join lateral (select hours from governance.team_hours u where u.workspace = %s and u.team in (t.team, '')"
        " order by u.team = '' limit 1) u on true"
        " join governance.hours h on h.workspace = %s and h.id = u.hours",
        (list(teams), workspace, workspace),
    )
    return {row["team"]: _hours(row) for row in rows}


def _hours(row: Mapping[str, Any]) -> Hours:
    return rules.kept(row["id"], row["name"], row["zone"], row["week"], row["days"], row["version"])
