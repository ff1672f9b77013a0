"""Segments' only SQL on PostgreSQL."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

import msgspec
from psycopg.types.json import Jsonb

from dure.segments.model import Member, PastRule, Rule, Segment, Size
from dure.segments.rules import as_json
from dure.state import Tx


async def segments(tx: Tx, workspace: str) -> list[Segment]:
    """Every segment, built-in ones first, then by age."""
    rows = await tx.rows(
        "select * from segments.segment where workspace = %s order by built_in = '', created_at, id", (workspace,)
    )
    return [_segment(row) for row in rows]


async def segment(tx: Tx, workspace: str, id: str) -> Segment | None:
    row = await tx.row("select * from segments.segment where workspace = %s and id = %s", (workspace, id))
    return _segment(row) if row else None


async def add(tx: Tx, org: str, workspace: str, made: Segment) -> bool:
    """False where a built-in segment was there already."""
    return bool(
        await tx.run(
            "insert into segments.segment (workspace, id, org, name, about, rule, built_in, created_by, created_at)"
            " values (%(workspace)s, %(id)s, %(org)s, %(name)s, %(about)s, %(rule)s, %(built_in)s, %(by)s, %(at)s)"
            " on conflict (workspace, built_in) where built_in <> '' do nothing",
            {
                "workspace": workspace, "id": made.id, "org": org, "name": Jsonb(dict(made.name)),
                "about": Jsonb(dict(made.about)), "rule": Jsonb(as_json(made.rule)), "built_in": made.built_in,
                "by": made.created_by, "at": made.created_at,
            },
        )
    )  # fmt: skip


async def change(
    tx: Tx, workspace: str, id: str, name: Mapping[str, str], about: Mapping[str, str], rule: Rule
) -> None:
    await tx.run(
        "update segments.segment set name = %(name)s, about = %(about)s, rule = %(rule)s,"
        " computed_at = case when rule = %(rule)s then computed_at end where workspace = %(workspace)s and id = %(id)s",
        {"workspace": workspace, "id": id, "name": Jsonb(dict(name)), "about": Jsonb(dict(about)),
         "rule": Jsonb(as_json(rule))},
    )  # fmt: skip


async def note_rule(tx: Tx, workspace: str, id: str, rule: Rule, by: str, now: datetime) -> None:
    """From now on this is its rule."""
    await tx.run(
        "insert into segments.past_rule (workspace, segment, at, rule, by)"
        " values (%(workspace)s, %(id)s, %(now)s, %(rule)s, %(by)s)"
        " on conflict (workspace, segment, at) do update set rule = excluded.rule, by = excluded.by",
        {"workspace": workspace, "id": id, "now": now, "rule": Jsonb(as_json(rule)), "by": by},
    )


async def rules_at(tx: Tx, workspace: str, at: datetime) -> dict[str, Rule]:
    """The rules as they were at a moment, of the segments that were there."""
    rows = await tx.rows(
        "select distinct on (segment) segment, rule from segments.past_rule where workspace = %s and at <= %s"
        " order by segment, at desc",
        (workspace, at),
    )
    return {row["segment"]: msgspec.convert(row["rule"], Rule) for row in rows}


async def rules_of(tx: Tx, workspace: str, id: str) -> list[PastRule]:
    """Every rule a segment had, newest first."""
    rows = await tx.rows(
        "select at, rule, by from segments.past_rule where workspace = %s and segment = %s order by at desc",
        (workspace, id),
    )
    return [PastRule(row["at"], msgspec.convert(row["rule"], Rule), row["by"]) for row in rows]


async def delete(tx: Tx, workspace: str, id: str) -> None:
    await tx.run("delete from segments.segment where workspace = %s and id = %s", (workspace, id))


async def lock(tx: Tx, workspace: str, id: str) -> bool:
    """Holds the segment's computation until the transaction's end; False while another one holds it."""
    return bool(await tx.value("select pg_try_advisory_xact_lock(hashtextextended(%s, 7))", (_key(workspace, id),)))


async def wait_for_lock(tx: Tx, workspace: str, id: str) -> None:
    """The same, after another one's has ended."""
    await tx.run("select pg_advisory_xact_lock(hashtextextended(%s, 7))", (_key(workspace, id),))


def _key(workspace: str, id: str) -> str:
    return f"segment:{workspace}:{id}"


async def put_in(tx: Tx, workspace: str, id: str, now: datetime, people: Sequence[UUID]) -> list[UUID]:
    """Those of these who were not in it before."""
    rows = await tx.rows(
        "insert into segments.member (workspace, segment, person, since) select %s, %s, unnest(%s::uuid[]), %s"
        " on conflict (workspace, segment, person) do nothing returning person",
        (workspace, id, list(people), now),
    )
    return sorted(row["person"] for row in rows)


async def take_out(tx: Tx, workspace: str, id: str, people: Sequence[UUID]) -> list[UUID]:
    """Those of these who were in it."""
    rows = await tx.rows(
        "delete from segments.member where workspace = %s and segment = %s and person = any(%s) returning person",
        (workspace, id, list(people)),
    )
    return sorted(row["person"] for row in rows)


async def count(tx: Tx, workspace: str, id: str) -> int:
    size: int = await tx.value(
        "select count(*) from segments.member where workspace = %s and segment = %s", (workspace, id)
    )
    return size


async def note_size(tx: Tx, workspace: str, id: str, size: Size) -> None:
    await tx.run(
        "update segments.segment set computed_at = %(at)s, size = %(size)s"
        " where workspace = %(workspace)s and id = %(id)s",
        {"workspace": workspace, "id": id, "at": size.at, "size": size.size},
    )
    # Only what changed is news; an unchanged size would make the trend long and no wiser.
    await tx.run(
        "insert into segments.size (workspace, segment, at, size, entered, gone)"
        " select %(workspace)s, %(id)s, %(at)s, %(size)s, %(entered)s, %(left)s where %(entered)s + %(left)s > 0"
        " or not exists (select from segments.size where workspace = %(workspace)s and segment = %(id)s)"
        " on conflict do nothing",
        {"workspace": workspace, "id": id, "at": size.at, "size": size.size, "entered": size.entered,
         "left": size.left},
    )  # fmt: skip


async def sizes(tx: Tx, workspace: str, ids: Sequence[str], most: int) -> dict[str, list[Size]]:
    """The newest sizes of each segment, oldest first."""
    rows = await tx.rows(
        "select * from (select *, row_number() over (partition by segment order by at desc) as n from segments.size"
        " where workspace = %(workspace)s and segment = any(%(ids)s)) s where n <= %(most)s order by segment, at",
        {"workspace": workspace, "ids": list(ids), "most": most},
    )
    found: dict[str, list[Size]] = {}
    for row in rows:
        found.setdefault(row["segment"], []).append(Size(row["at"], row["size"], row["entered"], row["gone"]))
    return found


async def sizes_at(tx: Tx, workspace: str, ids: Sequence[str], at: datetime) -> dict[str, int]:
    """The size of each segment at a moment, of those computed by then."""
    rows = await tx.rows(
        "select s.segment, z.size from unnest(%(ids)s::text[]) s (segment) cross join lateral (select size"
        " from segments.size where workspace = %(workspace)s and segment = s.segment and at <= %(at)s"
        " order by at desc limit 1) z",
        {"workspace": workspace, "ids": list(ids), "at": at},
    )
    return {row["segment"]: row["size"] for row in rows}


async def members(tx: Tx, workspace: str, id: str, after: UUID | None, limit: int) -> list[Member]:
    rows = await tx.rows(
        "select person, since from segments.member where workspace = %(workspace)s and segment = %(id)s"
        " and (%(after)s::uuid is null or person > %(after)s) order by person limit %(limit)s",
        {"workspace": workspace, "id": id, "after": after, "limit": limit},
    )
    return [Member(row["person"], row["since"]) for row in rows]


async def all_people(tx: Tx, workspace: str, id: str) -> list[UUID]:
    rows = await tx.rows(
        "select person from segments.member where workspace = %s and segment = %s order by person", (workspace, id)
    )
    return [row["person"] for row in rows]


async def segments_of(tx: Tx, workspace: str, person: UUID) -> list[str]:
    rows = await tx.rows(
        "select segment from segments.member where workspace = %s and person = %s order by segment",
        (workspace, person),
    )
    return [row["segment"] for row in rows]


def _segment(row: Mapping[str, Any]) -> Segment:
    return Segment(
        row["id"], row["name"], row["about"], msgspec.convert(row["rule"], Rule), row["built_in"], row["created_by"],
        row["created_at"], row["computed_at"], row["size"],
    )  # fmt: skip
