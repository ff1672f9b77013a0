"""What PostgreSQL keeps of scores: what was asked for, trained versions, everybody's value, and the work under way."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Any
from uuid import UUID

import msgspec
from psycopg.types.json import Jsonb

from dure.segments.scores.model import Model, Score, Scored, Settings, Work, WorkKind, WorkState
from dure.state import Tx


async def scores(tx: Tx, workspace: str) -> list[Score]:
    rows = await tx.rows("select * from segments.score where workspace = %s order by created_at, id", (workspace,))
    return [_score(row) for row in rows]


async def score(tx: Tx, workspace: str, id: str) -> Score | None:
    row = await tx.row("select * from segments.score where workspace = %s and id = %s", (workspace, id))
    return _score(row) if row else None


async def add(tx: Tx, org: str, workspace: str, made: Score) -> None:
    await tx.run(
        "insert into segments.score (workspace, id, org, name, settings, created_by, created_at)"
        " values (%s, %s, %s, %s, %s, %s, %s)",
        (workspace, made.id, org, Jsonb(dict(made.name)), Jsonb(msgspec.to_builtins(made.settings)), made.created_by,
         made.created_at),
    )  # fmt: skip


async def delete(tx: Tx, workspace: str, id: str) -> None:
    await tx.run("delete from segments.score where workspace = %s and id = %s", (workspace, id))


# -- versions -------------------------------------------------------------------------------------------------------


async def add_model(tx: Tx, workspace: str, score: str, made: Model) -> None:
    await tx.run(
        "insert into segments.score_model values (%s, %s, %s, %s, %s, %s, %s)",
        (workspace, score, made.id, made.trained_at, Jsonb(dict(made.coefficients)), Jsonb(dict(made.card)),
         Jsonb(dict(made.drift)) if made.drift else None),
    )  # fmt: skip


async def note_scored(tx: Tx, workspace: str, score: str, model: str, at: datetime, drift: Mapping[str, Any]) -> None:
    await tx.run(
        "update segments.score set model = %s, scored_at = %s where workspace = %s and id = %s",
        (model, at, workspace, score),
    )
    await tx.run(
        "update segments.score_model set drift = %s where workspace = %s and score = %s and id = %s",
        (Jsonb(dict(drift)), workspace, score, model),
    )


async def models(tx: Tx, workspace: str, score: str, limit: int = 20) -> list[Model]:
    """Versions, the newest first."""
    rows = await tx.rows(
        "select * from segments.score_model where workspace = %s and score = %s order by trained_at desc limit %s",
        (workspace, score, limit),
    )
    return [_model(row) for row in rows]


async def model(tx: Tx, workspace: str, score: str, id: str) -> Model | None:
    row = await tx.row(
        "select * from segments.score_model where workspace = %s and score = %s and id = %s", (workspace, score, id)
    )
    return _model(row) if row else None


# -- people ---------------------------------------------------------------------------------------------------------


async def replace_people(tx: Tx, workspace: str, score: str, people: Iterable[Scored]) -> None:
    await tx.run("delete from segments.score_person where workspace = %s and score = %s", (workspace, score))
    async with tx.connection.cursor() as cursor, cursor.copy("copy segments.score_person from stdin") as copy:
        for one in people:
            await copy.write_row(
                (workspace, score, one.person, one.value, one.decile, Jsonb([dict(each) for each in one.reasons]))
            )


async def people(
    tx: Tx, workspace: str, score: str, decile: int | None, after: UUID | None, limit: int
) -> list[Scored]:
    """The highest first."""
    rows = await tx.rows(
        "select * from segments.score_person s where workspace = %(workspace)s and score = %(score)s"
        " and (%(decile)s::int is null or decile = %(decile)s)"
        " and (%(after)s::uuid is null or (-value, person) > (select -value, person from segments.score_person"
        " where workspace = %(workspace)s and score = %(score)s and person = %(after)s))"
        " order by value desc, person limit %(limit)s",
        {"workspace": workspace, "score": score, "decile": decile, "after": after, "limit": limit},
    )
    return [_scored(row) for row in rows]


async def of_people(tx: Tx, workspace: str, score: str, people: Iterable[UUID]) -> dict[UUID, Scored]:
    rows = await tx.rows(
        "select * from segments.score_person where workspace = %s and score = %s and person = any(%s)",
        (workspace, score, list(people)),
    )
    return {row["person"]: _scored(row) for row in rows}


async def of_person(tx: Tx, workspace: str, person: UUID) -> dict[str, Scored]:
    rows = await tx.rows(
        "select s.* from segments.score_person s join segments.score c using (workspace)"
        " where s.workspace = %s and s.person = %s and c.id = s.score", (workspace, person),
    )  # fmt: skip
    return {row["score"]: _scored(row) for row in rows}


async def people_in(tx: Tx, workspace: str, score: str, first: int, last: int) -> list[UUID]:
    rows = await tx.rows(
        "select person from segments.score_person where workspace = %s and score = %s and decile between %s and %s"
        " order by person", (workspace, score, first, last),
    )  # fmt: skip
    return [row["person"] for row in rows]


async def decile_sizes(tx: Tx, workspace: str, score: str) -> list[dict[str, Any]]:
    """Of each tenth: how many, and the lowest, middle and highest value."""
    return await tx.rows(
        "select decile, count(*) as people, min(value) as low, max(value) as high, avg(value) as mean"
        " from segments.score_person where workspace = %s and score = %s group by decile order by decile",
        (workspace, score),
    )


# -- work -----------------------------------------------------------------------------------------------------------


async def work(tx: Tx, workspace: str, score: str) -> Work | None:
    row = await tx.row("select * from segments.score_work where workspace = %s and score = %s", (workspace, score))
    return _work(row) if row else None


async def works(tx: Tx, workspace: str) -> dict[str, Work]:
    rows = await tx.rows("select * from segments.score_work where workspace = %s", (workspace,))
    return {row["score"]: _work(row) for row in rows}


async def ask(tx: Tx, workspace: str, score: str, kind: WorkKind, by: str, at: datetime) -> bool:
    """False where work on it is open already."""
    return bool(
        await tx.run(
            "insert into segments.score_work (workspace, score, kind, state, by, asked_at)"
            " values (%(workspace)s, %(score)s, %(kind)s, 'waiting', %(by)s, %(at)s)"
            " on conflict (workspace, score) do update set kind = excluded.kind, state = 'waiting', by = excluded.by,"
            " asked_at = excluded.asked_at, until = null, ended_at = null, done = 0, total = 0, said = '{}'"
            " where score_work.state not in ('waiting', 'running')",
            {"workspace": workspace, "score": score, "kind": kind, "by": by, "at": at},
        )
    )


async def cancel(tx: Tx, workspace: str, score: str, at: datetime) -> bool:
    """False where nothing is open."""
    return bool(
        await tx.run(
            "update segments.score_work set state = 'cancelled', ended_at = %s where workspace = %s and score = %s"
            " and state in ('waiting', 'running')", (at, workspace, score),
        )
    )  # fmt: skip


async def claim(tx: Tx, at: datetime, until: datetime) -> tuple[str, str, str, WorkKind] | None:
    """Takes the oldest open work that nobody is at: organisation, workspace, score, kind."""
    row = await tx.row(
        "update segments.score_work w set state = 'running', until = %(until)s from segments.score s"
        " where (w.workspace, w.score) = (select workspace, score from segments.score_work where state = 'waiting'"
        " or (state = 'running' and until < %(at)s) order by asked_at for update skip locked limit 1)"
        " and s.workspace = w.workspace and s.id = w.score returning s.org, w.workspace, w.score, w.kind",
        {"at": at, "until": until},
    )
    return (row["org"], row["workspace"], row["score"], row["kind"]) if row else None


async def hold(tx: Tx, workspace: str, score: str, mine: datetime, until: datetime, done: int, total: int) -> bool:
    """Says how far the work is and holds it longer; False where it is no longer this process's."""
    return bool(
        await tx.run(
            "update segments.score_work set until = %s, done = %s, total = %s where workspace = %s and score = %s"
            " and state = 'running' and until = %s", (until, done, total, workspace, score, mine),
        )
    )  # fmt: skip


async def end(
    tx: Tx, workspace: str, score: str, mine: datetime, state: WorkState, at: datetime, said: Mapping[str, Any]
) -> bool:
    """Ends the work; False where it is no longer this process's."""
    return bool(
        await tx.run(
            "update segments.score_work set state = %s, ended_at = %s, said = %s, done = total where workspace = %s"
            " and score = %s and state = 'running' and until = %s",
            (state, at, Jsonb(dict(said)), workspace, score, mine),
        )
    )


def _score(row: Mapping[str, Any]) -> Score:
    return Score(
        row["id"], row["name"], msgspec.convert(row["settings"], Settings), row["created_by"], row["created_at"],
        row["model"], row["scored_at"],
    )  # fmt: skip


def _model(row: Mapping[str, Any]) -> Model:
    return Model(row["id"], row["trained_at"], row["coefficients"], row["card"], row["drift"])


def _scored(row: Mapping[str, Any]) -> Scored:
    return Scored(row["person"], row["value"], row["decile"], row["reasons"])


def _work(row: Mapping[str, Any]) -> Work:
    return Work(
        row["kind"], row["state"], row["by"], row["asked_at"], row["ended_at"], row["done"], row["total"], row["said"]
    )
