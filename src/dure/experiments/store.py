"""Experiments' only SQL on PostgreSQL; that of flags is theirs."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import asdict
from datetime import datetime
from typing import Any

import msgspec
from psycopg.types.json import Jsonb

from dure.experiments.design import Design, as_json
from dure.experiments.drawing import Holdout, Range
from dure.experiments.model import Decision, Experiment
from dure.state import Tx

_SELECT = """
select e.*, coalesce(b.ranges, '[]'::jsonb) as ranges
from experiments.experiment e left join lateral (
    select jsonb_agg(jsonb_build_array(first, beyond) order by first) as ranges from experiments.bucket b
    where b.workspace = e.workspace and b.experiment = e.id
) b on true
"""


async def experiments(tx: Tx, workspace: str) -> list[Experiment]:
    """Newest first."""
    rows = await tx.rows(f"{_SELECT} where e.workspace = %s order by e.created_at desc, e.id", (workspace,))
    return [_experiment(row) for row in rows]


async def experiment(tx: Tx, workspace: str, id: str, *, lock: bool = False) -> Experiment | None:
    row = await tx.row(
        f"{_SELECT} where e.workspace = %s and e.id = %s{' for update of e' if lock else ''}", (workspace, id)
    )
    return _experiment(row) if row else None


async def running(tx: Tx) -> list[tuple[str, str, str, datetime | None]]:
    """(organisation, workspace, id, when last looked at) of every running experiment of the server."""
    rows = await tx.rows("select org, workspace, id, looked_at from experiments.experiment where state = 'running'")
    return [(row["org"], row["workspace"], row["id"], row["looked_at"]) for row in rows]


async def add(tx: Tx, org: str, workspace: str, made: Experiment) -> None:
    await tx.run(
        "insert into experiments.experiment (workspace, id, org, design, state, owner, created_at)"
        " values (%s, %s, %s, %s, %s, %s, %s)",
        (workspace, made.id, org, Jsonb(as_json(made.design)), made.state, made.owner, made.created_at),
    )


async def change(tx: Tx, workspace: str, id: str, design: Design) -> None:
    await tx.run(
        "update experiments.experiment set design = %s where workspace = %s and id = %s",
        (Jsonb(as_json(design)), workspace, id),
    )


async def delete(tx: Tx, workspace: str, id: str) -> None:
    await tx.run("delete from experiments.experiment where workspace = %s and id = %s", (workspace, id))


async def move(tx: Tx, workspace: str, now: Experiment) -> None:
    """Writes the state with its times and decision."""
    await tx.run(
        "update experiments.experiment set state = %(state)s, started_at = %(started)s, stopped_at = %(stopped)s,"
        " decided_at = %(decided)s, decision = %(decision)s where workspace = %(workspace)s and id = %(id)s",
        {
            "state": now.state, "started": now.started_at, "stopped": now.stopped_at, "decided": now.decided_at,
            "decision": Jsonb(asdict(now.decision)) if now.decision else None, "workspace": workspace, "id": now.id,
        },
    )  # fmt: skip


async def note_verdict(tx: Tx, workspace: str, id: str, verdict: str, at: datetime) -> None:
    await tx.run(
        "update experiments.experiment set verdict = %s, looked_at = %s where workspace = %s and id = %s",
        (verdict, at, workspace, id),
    )


# -- layers ----------------------------------------------------------------------------------------------------------


async def lock_layer(tx: Tx, workspace: str, layer: str) -> None:
    """One start at a time in a layer."""
    await tx.run("select pg_advisory_xact_lock(hashtextextended(%s, 11))", (f"layer:{workspace}:{layer}",))


async def taken(tx: Tx, workspace: str, layer: str) -> list[Range]:
    rows = await tx.rows(
        "select first, beyond from experiments.bucket where workspace = %s and layer = %s", (workspace, layer)
    )
    return [(row["first"], row["beyond"]) for row in rows]


async def hold(tx: Tx, workspace: str, layer: str, experiment: str, ranges: Sequence[Range]) -> None:
    await tx.many(
        "insert into experiments.bucket (workspace, layer, first, beyond, experiment) values (%s, %s, %s, %s, %s)",
        [(workspace, layer, first, beyond, experiment) for first, beyond in ranges],
    )


async def let_go(tx: Tx, workspace: str, experiment: str) -> None:
    await tx.run(
        "delete from experiments.bucket where workspace = %s and experiment = %s", (workspace, experiment)
    )  # fmt: skip


async def layers(tx: Tx, workspace: str) -> list[dict[str, Any]]:
    """Who holds how many buckets of which layer."""
    return await tx.rows(
        "select layer, experiment, sum(beyond - first)::int as buckets from experiments.bucket"
        " where workspace = %s group by layer, experiment order by layer, min(first)", (workspace,),
    )  # fmt: skip


# -- the global holdout -----------------------------------------------------------------------------------------------


async def holdout(tx: Tx, workspace: str) -> Holdout:
    row = await tx.row("select share, round, rotate_days from experiments.holdout where workspace = %s", (workspace,))
    return Holdout(**row) if row else Holdout()


async def lock_holdout(tx: Tx, workspace: str) -> Holdout:
    """The holdout, nobody else's until the transaction ends."""
    await tx.run("select pg_advisory_xact_lock(hashtextextended(%s, 11))", (f"holdout:{workspace}",))
    return await holdout(tx, workspace)


async def worn_holdouts(tx: Tx, now: datetime) -> set[str]:
    """The workspaces whose holdout is to be drawn anew."""
    rows = await tx.rows(
        "select workspace from experiments.holdout where share > 0 and rotate_days > 0"
        " and drawn_at + make_interval(days => rotate_days) <= %s", (now,),
    )  # fmt: skip
    return {row["workspace"] for row in rows}


async def set_holdout(tx: Tx, workspace: str, wanted: Holdout, by: str, at: datetime) -> None:
    await tx.run(
        "insert into experiments.holdout as h (workspace, share, round, rotate_days, by, since, drawn_at) values"
        " (%(w)s, %(share)s, %(round)s, %(days)s, %(by)s, %(at)s, %(at)s) on conflict (workspace) do update set"
        " share = %(share)s, round = %(round)s, rotate_days = %(days)s, by = %(by)s, since = %(at)s,"
        " drawn_at = case when h.round = %(round)s then h.drawn_at else %(at)s end",
        {"w": workspace, "share": wanted.share, "round": wanted.round, "days": wanted.rotate_days, "by": by, "at": at},
    )


async def touch(tx: Tx, workspace: str) -> None:
    """Flags answer otherwise from now on."""
    await tx.run(
        "insert into experiments.edition (workspace, number) values (%s, 1)"
        " on conflict (workspace) do update set number = experiments.edition.number + 1", (workspace,),
    )  # fmt: skip


def _experiment(row: Mapping[str, Any]) -> Experiment:
    return Experiment(
        row["id"], msgspec.convert(row["design"], Design), row["state"], row["owner"], row["created_at"],
        row["started_at"], row["stopped_at"], row["decided_at"],
        Decision(**row["decision"]) if row["decision"] else None, row["verdict"], row["looked_at"],
        tuple((first, beyond) for first, beyond in row["ranges"]),
    )  # fmt: skip
