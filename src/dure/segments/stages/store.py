"""What PostgreSQL keeps of stages: settings, everybody's stage, and which segment stands for which stage."""

from __future__ import annotations

from collections.abc import AsyncIterator, Collection, Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

import msgspec
from psycopg.types.json import Jsonb

from dure.segments.stages.model import STAGES, Settings
from dure.state import Tx


async def settings(tx: Tx, workspace: str) -> tuple[Settings, datetime | None]:
    """The workspace's settings, and when its stages were computed by them."""
    row = await tx.row("select * from segments.stage_settings where workspace = %s", (workspace,))
    return (msgspec.convert(row["settings"], Settings), row["computed_at"]) if row else (Settings(), None)


async def keep_settings(tx: Tx, workspace: str, settings: Settings) -> None:
    """New settings count from the next computation on, which is due at once."""
    await tx.run(
        "insert into segments.stage_settings values (%(workspace)s, %(settings)s, null)"
        " on conflict (workspace) do update set settings = excluded.settings, computed_at = null",
        {"workspace": workspace, "settings": Jsonb(msgspec.to_builtins(settings))},
    )


async def note_computed(tx: Tx, workspace: str, settings: Settings, at: datetime) -> None:
    await tx.run(
        "insert into segments.stage_settings values (%(workspace)s, %(settings)s, %(at)s)"
        " on conflict (workspace) do update set computed_at = excluded.computed_at",
        {"workspace": workspace, "settings": Jsonb(msgspec.to_builtins(settings)), "at": at},
    )


async def lock(tx: Tx, workspace: str) -> bool:
    """Holds the workspace's computation until the transaction's end; False while another one holds it."""
    return bool(await tx.value("select pg_try_advisory_xact_lock(hashtextextended(%s, 8))", (f"stages:{workspace}",)))


async def replace(tx: Tx, workspace: str, at: datetime, people: Sequence[tuple[UUID, str]]) -> int:
    """Makes these everybody's stages; how many changed. Who did lies in `stage_moved` until the transaction's end."""
    await tx.run("create temp table now_stage (person uuid primary key, stage text not null) on commit drop")
    async with tx.connection.cursor() as cursor, cursor.copy("copy now_stage from stdin") as copy:
        for row in people:
            await copy.write_row(row)
    await tx.run("analyze now_stage")
    changed = await tx.run(
        "create temp table stage_moved on commit drop as"
        " select coalesce(n.person, p.person) as person, coalesce(p.stage, '') as was, coalesce(n.stage, '') as stage"
        " from (select person, stage from segments.person_stage where workspace = %s) p"
        " full join now_stage n on n.person = p.person where p.stage is distinct from n.stage",
        (workspace,),
    )
    keys = {"workspace": workspace, "at": at}
    await tx.run("analyze stage_moved")
    await tx.run(
        "delete from segments.person_stage p using stage_moved m"
        " where p.workspace = %(workspace)s and m.stage = '' and p.person = m.person", keys,
    )  # fmt: skip
    await tx.run(
        "insert into segments.person_stage (workspace, person, stage, since)"
        " select %(workspace)s, person, stage, %(at)s from stage_moved where stage <> ''"
        " on conflict (workspace, person) do update set stage = excluded.stage, since = excluded.since", keys,
    )  # fmt: skip
    return changed


async def move_members(tx: Tx, workspace: str, at: datetime) -> None:
    """Makes the segments that stand for stages hold who moved into them, and no longer who moved out."""
    keys = {"workspace": workspace, "at": at}
    await tx.run(
        "delete from segments.member m using stage_moved s, segments.filled f where f.workspace = %(workspace)s"
        " and f.by = 'stage:' || s.was and m.workspace = %(workspace)s and m.segment = f.segment"
        " and m.person = s.person", keys,
    )  # fmt: skip
    await tx.run(
        "insert into segments.member (workspace, segment, person, since)"
        " select %(workspace)s, f.segment, s.person, %(at)s from stage_moved s"
        " join segments.filled f on f.workspace = %(workspace)s and f.by = 'stage:' || s.stage"
        " on conflict (workspace, segment, person) do nothing", keys,
    )  # fmt: skip


async def moved(tx: Tx, most: int) -> AsyncIterator[list[tuple[UUID, str, str]]]:
    """Who moved, from which stage to which, in lists of at most `most`."""
    after: UUID | None = None
    while True:
        rows = await tx.rows(
            "select * from stage_moved where %(after)s::uuid is null or person > %(after)s"
            " order by person limit %(most)s",
            {"after": after, "most": most},
        )
        if rows:
            yield [(row["person"], row["was"], row["stage"]) for row in rows]
            after = rows[-1]["person"]
        if len(rows) < most:
            return


async def counts(tx: Tx, workspace: str) -> dict[str, int]:
    """How many are in each stage."""
    rows = await tx.rows(
        "select stage, count(*) as people from segments.person_stage where workspace = %s group by stage", (workspace,)
    )
    return dict.fromkeys(STAGES, 0) | {row["stage"]: row["people"] for row in rows}


async def sizes_among(tx: Tx, workspace: str, people: Collection[UUID]) -> dict[str, int]:
    """How many of these people are in each stage."""
    rows = await tx.rows(
        "select stage, count(*) as people from segments.person_stage where workspace = %s and person = any(%s)"
        " group by stage",
        (workspace, list(people)),
    )
    return {row["stage"]: row["people"] for row in rows}


async def people(tx: Tx, workspace: str, stage: str, after: UUID | None, limit: int) -> list[tuple[UUID, datetime]]:
    rows = await tx.rows(
        "select person, since from segments.person_stage where workspace = %(workspace)s and stage = %(stage)s"
        " and (%(after)s::uuid is null or person > %(after)s) order by person limit %(limit)s",
        {"workspace": workspace, "stage": stage, "after": after, "limit": limit},
    )
    return [(row["person"], row["since"]) for row in rows]


async def of(tx: Tx, workspace: str, people: Collection[UUID]) -> dict[UUID, tuple[str, datetime]]:
    """The stages of these people; those who have never been seen are missing."""
    rows = await tx.rows(
        "select person, stage, since from segments.person_stage where workspace = %s and person = any(%s)",
        (workspace, list(people)),
    )
    return {row["person"]: (row["stage"], row["since"]) for row in rows}


async def note_filled(tx: Tx, workspace: str, segment: str, by: str) -> None:
    await tx.run("insert into segments.filled values (%s, %s, %s) on conflict do nothing", (workspace, segment, by))


async def filled(tx: Tx, workspace: str, segment: str) -> str:
    """What fills a hand-made list by itself (`stage:…`, `score:…`), "" where hands do."""
    return await tx.value("select by from segments.filled where workspace = %s and segment = %s",
                          (workspace, segment)) or ""  # fmt: skip


async def filled_by(tx: Tx, workspace: str, beginning: str) -> dict[str, str]:
    """The segments that something fills, by what it is called."""
    rows = await tx.rows(
        "select by, segment from segments.filled where workspace = %s and starts_with(by, %s)", (workspace, beginning)
    )
    return {row["by"]: row["segment"] for row in rows}


async def patterns(tx: Tx, workspace: str, segments: Sequence[str]) -> list[tuple[list[str], int]]:
    """Which of these segments people are in, each combination with how many are in exactly it; everybody counts."""
    rows: list[dict[str, Any]] = await tx.rows(
        "with inside as (select person, array_agg(segment order by segment) as inside from segments.member"
        " where workspace = %(workspace)s and segment = any(%(segments)s) group by person)"
        " select coalesce(i.inside, '{}') as inside, count(*) as people"
        " from (select person from segments.person_stage where workspace = %(workspace)s) s"
        " full join inside i on i.person = s.person group by 1",
        {"workspace": workspace, "segments": list(segments)},
    )
    return [(row["inside"], row["people"]) for row in rows]


async def people_inside(
    tx: Tx, workspace: str, inside: Sequence[str], outside: Sequence[str], after: UUID | None, limit: int
) -> list[UUID]:
    """Who is in all of some segments and in none of others; without the first, out of everybody."""
    rows = await tx.rows(
        "select person from (select person from segments.person_stage where workspace = %(workspace)s union"
        " select person from segments.member where workspace = %(workspace)s and segment = any(%(inside)s)) p"
        " where (select count(*) from segments.member m where m.workspace = %(workspace)s and m.person = p.person"
        " and m.segment = any(%(inside)s)) = %(many)s"
        " and not exists (select from segments.member m where m.workspace = %(workspace)s and m.person = p.person"
        " and m.segment = any(%(outside)s))"
        " and (%(after)s::uuid is null or person > %(after)s) order by person limit %(limit)s",
        {"workspace": workspace, "inside": list(inside), "outside": list(outside), "many": len(set(inside)),
         "after": after, "limit": limit},
    )  # fmt: skip
    return [row["person"] for row in rows]
