"""The SQL of a workspace's rules: its plan, its names, its personal data rules, and what was counted about them."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from dure.state import Tx

Row = dict[str, Any]


# -- the rule set -----------------------------------------------------------------------------------------------------


async def rule_set(tx: Tx, workspace: str) -> Row | None:
    return await tx.row("select * from ingest.rule_set where workspace = %s", (workspace,))


async def changed(tx: Tx, workspace: str, secret: bytes) -> Row:
    """The rule set with its version raised, locked; made with `secret` where there was none."""
    row = await tx.row(
        "insert into ingest.rule_set (workspace, secret) values (%s, %s)"
        " on conflict (workspace) do update set version = ingest.rule_set.version + 1 returning *",
        (workspace, secret),
    )
    assert row is not None  # noqa: S101 - an upsert without a condition returns its row
    return row


async def set_mode(tx: Tx, workspace: str, mode: str) -> None:
    await tx.run("update ingest.rule_set set mode = %s where workspace = %s", (mode, workspace))


async def set_personal(tx: Tx, workspace: str, keep_address: bool, read_context: bool, personal: str) -> None:
    await tx.run(
        "update ingest.rule_set set keep_address = %s, read_context = %s, personal = %s where workspace = %s",
        (keep_address, read_context, personal, workspace),
    )


# -- the plan ---------------------------------------------------------------------------------------------------------


async def plan(tx: Tx, workspace: str) -> list[Row]:
    """The newest version of each event that is in the plan."""
    return await tx.rows(
        "select * from (select distinct on (event) * from ingest.planned_event where workspace = %s"
        " order by event, version desc) newest where not removed order by event",
        (workspace,),
    )


async def planned_versions(tx: Tx, workspace: str, event: str) -> list[Row]:
    return await tx.rows(
        "select * from ingest.planned_event where workspace = %s and event = %s order by version desc limit 200",
        (workspace, event),
    )


async def newest_planned(tx: Tx, workspace: str, event: str) -> Row | None:
    return await tx.row(
        "select * from ingest.planned_event where workspace = %s and event = %s order by version desc limit 1",
        (workspace, event),
    )


async def add_planned(
    tx: Tx, workspace: str, event: str, version: int, action: str, schema: str, description: str, removed: bool,
    at: datetime, by: str,
) -> None:  # fmt: skip
    await tx.run(
        "insert into ingest.planned_event (workspace, event, version, action, schema, description, removed, changed_at,"
        " changed_by) values (%s, %s, %s, %s, %s, %s, %s, %s, %s)",
        (workspace, event, version, action, schema, description, removed, at, by),
    )


async def add_violations(tx: Tx, rows: Sequence[tuple[Any, ...]]) -> None:
    """Adds to the counts: (workspace, event, what, source, day, count, last_at, message, example), sorted by key."""
    await tx.run(
        "insert into ingest.violation as v (workspace, event, what, source, day, count, last_at, message, example)"
        " select * from unnest(%s::text[], %s::text[], %s::text[], %s::text[], %s::date[], %s::bigint[],"
        " %s::timestamptz[], %s::text[], %s::text[])"
        " on conflict (workspace, event, what, source, day) do update set count = v.count + excluded.count,"
        " last_at = excluded.last_at, message = excluded.message, example = excluded.example",
        [list(column) for column in zip(*rows, strict=True)],
    )


async def violations(tx: Tx, workspace: str, event: str, since: datetime) -> list[Row]:
    """Violations of one event, or of all where `event` is ""; the newest message and example of each place."""
    return await tx.rows(
        "select event, what, source, sum(count)::bigint as count, max(last_at) as last_at,"
        " (array_agg(message order by last_at desc))[1] as message,"
        " (array_agg(example order by last_at desc))[1] as example"
        " from ingest.violation where workspace = %(workspace)s and (%(event)s = '' or event = %(event)s)"
        " and day >= %(since)s::date group by event, what, source order by count desc, event limit 500",
        {"workspace": workspace, "event": event, "since": since},
    )


async def violations_by_event(tx: Tx, workspace: str, since: datetime) -> list[Row]:
    return await tx.rows(
        "select event, day, sum(count)::bigint as count from ingest.violation"
        " where workspace = %s and day >= %s::date group by event, day",
        (workspace, since),
    )


# -- names ------------------------------------------------------------------------------------------------------------


async def names(tx: Tx, workspace: str, state: str = "") -> list[Row]:
    return await tx.rows(
        "select * from ingest.event_name where workspace = %(workspace)s and (%(state)s = '' or state = %(state)s)"
        " order by state = 'waiting' desc, last_at desc, name limit 2000",
        {"workspace": workspace, "state": state},
    )


async def decided_names(tx: Tx, workspace: str) -> list[Row]:
    """(name, state, becomes) of every name that was decided."""
    return await tx.rows(
        "select name, state, becomes from ingest.event_name where workspace = %s and state <> 'waiting'", (workspace,)
    )


async def name(tx: Tx, workspace: str, name: str) -> Row | None:
    """A name, locked until the transaction ends."""
    return await tx.row(
        "select * from ingest.event_name where workspace = %s and name = %s for update", (workspace, name)
    )


async def waiting(tx: Tx, workspace: str) -> tuple[int, int]:
    """How many names wait, and how many events of theirs are held."""
    row = await tx.row(
        "select count(*) as names, coalesce(sum(held), 0)::bigint as held from ingest.event_name"
        " where workspace = %s and state = 'waiting'",
        (workspace,),
    )
    return (row["names"], row["held"]) if row else (0, 0)


async def saw_name(tx: Tx, workspace: str, name: str, source: str, at: datetime, seen: int, example: str) -> Row:
    """Counts events of a name, which waits from now where it is new; returns its row, locked."""
    row = await tx.row(
        "insert into ingest.event_name as n (workspace, name, state, becomes, source, first_at, last_at, seen, held,"
        " example) values (%(workspace)s, %(name)s, 'waiting', %(name)s, %(source)s, %(at)s, %(at)s, %(seen)s, 0,"
        " %(example)s) on conflict (workspace, name) do update set seen = n.seen + excluded.seen,"
        " last_at = excluded.last_at, example = case when n.state = 'waiting' then excluded.example else n.example end"
        " returning *",
        {"workspace": workspace, "name": name, "source": source, "at": at, "seen": seen, "example": example},
    )
    assert row is not None  # noqa: S101 - an upsert without a condition returns its row
    return row


async def decide(tx: Tx, workspace: str, name: str, state: str, becomes: str, at: datetime, by: str) -> None:
    await tx.run(
        "insert into ingest.event_name as n (workspace, name, state, becomes, source, first_at, last_at, seen, held,"
        " example, decided_at, decided_by)"
        " values (%(workspace)s, %(name)s, %(state)s, %(becomes)s, '', %(at)s, %(at)s, 0, 0, '', %(at)s, %(by)s)"
        " on conflict (workspace, name) do update set state = excluded.state, becomes = excluded.becomes, held = 0,"
        " decided_at = excluded.decided_at, decided_by = excluded.decided_by",
        {"workspace": workspace, "name": name, "state": state, "becomes": becomes, "at": at, "by": by},
    )


async def approve_known(tx: Tx, workspace: str, names: Sequence[str], at: datetime, by: str) -> int:
    """Approves names that came in before anybody was asked; those in the list already stay as they are."""
    return await tx.run(
        "insert into ingest.event_name (workspace, name, state, becomes, source, first_at, last_at, seen, held,"
        " example, decided_at, decided_by)"
        " select %(workspace)s, known.name, 'approved', known.name, '', %(at)s, %(at)s, 0, 0, '', %(at)s, %(by)s"
        " from unnest(%(names)s::text[]) as known (name) on conflict do nothing",
        {"workspace": workspace, "names": sorted(names), "at": at, "by": by},
    )


async def hold(tx: Tx, workspace: str, name: str, messages: Sequence[str], people: Sequence[str],
               lines: Sequence[bytes]) -> int:  # fmt: skip
    """Keeps events of a waiting name; returns how many were not held already."""
    kept = await tx.run(
        "insert into ingest.held (workspace, name, message_id, person, line)"
        " select %s, %s, new.* from unnest(%s::text[], %s::uuid[], %s::bytea[]) as new on conflict do nothing",
        (workspace, name, list(messages), list(people), list(lines)),
    )
    await tx.run(
        "update ingest.event_name set held = held + %s where workspace = %s and name = %s", (kept, workspace, name)
    )
    return kept


async def release(tx: Tx, workspace: str, name: str) -> list[bytes]:
    """Takes the held events of a name away and returns them in the order in which they came."""
    rows = await tx.rows(
        "with gone as (delete from ingest.held where workspace = %s and name = %s returning number, line)"
        " select line from gone order by number",
        (workspace, name),
    )
    return [bytes(row["line"]) for row in rows]


async def forget_held(tx: Tx, workspace: str, people: Sequence[UUID]) -> int:
    """Takes away what is held of people who are erased, also from the counts; returns how many events that were."""
    return int(
        await tx.value(
            "with gone as (delete from ingest.held where workspace = %(workspace)s and person = any(%(people)s::uuid[])"
            " returning name), counted as (select name, count(*) as n from gone group by name), told as ("
            " update ingest.event_name e set held = e.held - counted.n, example = '' from counted"
            " where e.workspace = %(workspace)s and e.name = counted.name)"
            " select coalesce(sum(n), 0) from counted",
            {"workspace": workspace, "people": list(people)},
        )
    )


# -- arrivals ---------------------------------------------------------------------------------------------------------


async def add_arrivals(tx: Tx, rows: Sequence[tuple[Any, ...]]) -> None:
    """Adds to the minutes: (workspace, source, minute, taken, refused, held, last_event, last_at), sorted by key."""
    await tx.run(
        "insert into ingest.arrival as a (workspace, source, minute, taken, refused, held, last_event, last_at)"
        " select * from unnest(%s::text[], %s::text[], %s::timestamptz[], %s::bigint[], %s::bigint[], %s::bigint[],"
        " %s::text[], %s::timestamptz[])"
        " on conflict (workspace, source, minute) do update set taken = a.taken + excluded.taken,"
        " refused = a.refused + excluded.refused, held = a.held + excluded.held,"
        " last_event = case when excluded.last_event = '' then a.last_event else excluded.last_event end,"
        " last_at = greatest(a.last_at, excluded.last_at)",
        [list(column) for column in zip(*rows, strict=True)],
    )


async def arrivals(tx: Tx, workspace: str) -> list[Row]:
    """The minutes of every source, the newest last."""
    return await tx.rows(
        "select source, minute, taken, refused, held, last_event, last_at from ingest.arrival"
        " where workspace = %s order by source, minute",
        (workspace,),
    )


async def forget_counts(tx: Tx) -> None:
    """Minutes are kept a day, and until then the newest of each source for ninety; violations and refusals as long."""
    await tx.run(
        "delete from ingest.arrival a where minute < now() - interval '90 days' or (minute < now() - interval '1 day'"
        " and exists (select from ingest.arrival b where b.workspace = a.workspace and b.source = a.source"
        " and b.minute > a.minute))"
    )
    await tx.run("delete from ingest.violation where day < current_date - 90")
    await tx.run("delete from ingest.reject where day < current_date - 90")
