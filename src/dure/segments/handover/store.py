"""What PostgreSQL keeps of handovers: the terms, both lists, and what was sent out."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from psycopg.types.json import Jsonb

from dure.segments.handover.model import Export, ExportState
from dure.segments.model import Handover
from dure.state import Tx


@dataclass(frozen=True, slots=True)
class Listing:
    """Somebody on a handover's lists, with the tenth of the score that went along and its reasons."""

    person: UUID
    control: bool
    decile: int | None
    reasons: Sequence[Mapping[str, Any]]


async def add(tx: Tx, workspace: str, handover: Handover, listed: Iterable[Listing]) -> None:
    await tx.run(
        "insert into segments.handover (workspace, id, segment, to_function, channel, purpose, control_share, control,"
        ' treated, expires_at, by, at, from_function, goal, "window", score, model, refused)'
        " values (%(workspace)s, %(id)s, %(segment)s, %(to)s, %(channel)s, %(purpose)s, %(control_share)s, %(control)s,"
        " %(treated)s, %(expires_at)s, %(by)s, %(at)s, %(from_)s, %(goal)s, %(window)s, %(score)s, %(model)s,"
        " %(refused)s)",
        {
            **asdict(handover), "workspace": workspace,
            "goal": Jsonb(dict(handover.goal)) if handover.goal is not None else None, "outcome": None,
        },
    )  # fmt: skip
    async with (
        tx.connection.cursor() as cursor,
        cursor.copy(
            "copy segments.handover_person (workspace, handover, person, control, decile, reasons) from stdin"
        ) as copy,
    ):
        for one in listed:
            await copy.write_row(
                (workspace, handover.id, one.person, one.control, one.decile, Jsonb([dict(why) for why in one.reasons]))
            )


async def handovers(tx: Tx, workspace: str, segment_id: str | None, limit: int) -> list[Handover]:
    """Newest first; of one segment or of all."""
    rows = await tx.rows(
        "select * from segments.handover where workspace = %(workspace)s"
        " and (%(segment)s::text is null or segment = %(segment)s) order by at desc, id limit %(limit)s",
        {"workspace": workspace, "segment": segment_id, "limit": limit},
    )
    return [_handover(row) for row in rows]


async def handover(tx: Tx, workspace: str, id: str) -> Handover | None:
    row = await tx.row("select * from segments.handover where workspace = %s and id = %s", (workspace, id))
    return _handover(row) if row else None


async def people(tx: Tx, workspace: str, id: str, control: bool, after: UUID | None, limit: int) -> list[UUID]:
    return [one.person for one in await listings(tx, workspace, id, control, after, limit)]


async def listings(tx: Tx, workspace: str, id: str, control: bool, after: UUID | None, limit: int) -> list[Listing]:
    rows = await tx.rows(
        "select person, control, decile, reasons from segments.handover_person where workspace = %(workspace)s"
        " and handover = %(id)s and control = %(control)s and (%(after)s::uuid is null or person > %(after)s)"
        " order by person limit %(limit)s",
        {"workspace": workspace, "id": id, "control": control, "after": after, "limit": limit},
    )
    return [Listing(row["person"], row["control"], row["decile"], row["reasons"]) for row in rows]


async def reached(tx: Tx, workspace: str, id: str, reached: Iterable[UUID]) -> dict[bool, tuple[int, int]]:
    """Of control (True) and treated: how many are on the list, and how many of these are among those who reached the
    goal."""
    await tx.run("create temp table reached_goal (person uuid) on commit drop")
    async with tx.connection.cursor() as cursor, cursor.copy("copy reached_goal from stdin") as copy:
        for person in reached:
            await copy.write_row((person,))
    await tx.run("analyze reached_goal")
    rows = await tx.rows(
        "select control, count(*) as people, count(*) filter (where person in (select person from reached_goal))"
        " as reached from segments.handover_person where workspace = %s and handover = %s group by control",
        (workspace, id),
    )
    await tx.run("drop table reached_goal")
    return {False: (0, 0), True: (0, 0)} | {row["control"]: (row["people"], row["reached"]) for row in rows}


async def over(tx: Tx, now: datetime) -> list[tuple[str, str, str]]:
    """Handovers of any workspace whose time is over and that have not been ended: organisation, workspace, id."""
    rows = await tx.rows(
        "select s.org, h.workspace, h.id from segments.handover h join segments.segment s on s.workspace = h.workspace"
        " and s.id = h.segment where h.ended_at is null and h.expires_at <= %s order by h.expires_at limit 100", (now,),
    )  # fmt: skip
    return [(row["org"], row["workspace"], row["id"]) for row in rows]


async def end(tx: Tx, workspace: str, id: str, at: datetime, outcome: Mapping[str, Any] | None) -> bool:
    """False where it has been ended before."""
    return bool(
        await tx.run(
            "update segments.handover set ended_at = %s, outcome = %s where workspace = %s and id = %s"
            " and ended_at is null", (at, Jsonb(dict(outcome)) if outcome is not None else None, workspace, id),
        )
    )  # fmt: skip


async def begin_export(tx: Tx, workspace: str, made: Export) -> None:
    await tx.run(
        "insert into segments.handover_export (workspace, id, handover, kind, form, place, state, by, at)"
        " values (%(workspace)s, %(id)s, %(handover)s, %(kind)s, %(form)s, %(place)s, %(state)s, %(by)s, %(at)s)",
        {**asdict(made), "workspace": workspace},
    )


async def end_export(tx: Tx, workspace: str, made: Export) -> None:
    await tx.run(
        "update segments.handover_export set state = %(state)s, people = %(people)s,"
        " without_consent = %(without_consent)s, without_address = %(without_address)s, sha256 = %(sha256)s,"
        " said = %(said)s where workspace = %(workspace)s and id = %(id)s",
        {**asdict(made), "workspace": workspace},
    )


async def exports(tx: Tx, workspace: str, handover: str) -> list[Export]:
    """Newest first."""
    rows = await tx.rows(
        "select * from segments.handover_export where workspace = %s and handover = %s order by at desc, id limit 100",
        (workspace, handover),
    )
    return [
        Export(
            row["id"], row["handover"], row["kind"], row["form"], row["place"], _state(row["state"]), row["by"],
            row["at"], row["people"], row["without_consent"], row["without_address"], row["sha256"], row["said"],
        )
        for row in rows
    ]  # fmt: skip


def _state(text: str) -> ExportState:
    states: dict[str, ExportState] = {"sending": "sending", "done": "done", "failed": "failed"}
    return states.get(text, "unknown")


def _handover(row: Mapping[str, Any]) -> Handover:
    return Handover(
        row["id"], row["segment"], row["to_function"], row["channel"], row["purpose"], row["control_share"],
        row["control"] + row["treated"], row["control"], row["treated"], row["expires_at"], row["by"], row["at"],
        row["from_function"], row["goal"], row["window"], row["score"], row["model"], row["refused"], row["ended_at"],
        row["outcome"],
    )  # fmt: skip
