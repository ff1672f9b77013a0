"""Demand tests' only SQL on PostgreSQL."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any
from uuid import UUID

from psycopg.types.json import Jsonb

from dure.campaigns.demand.model import Answer, Test
from dure.state import Tx

_TEST = "id, campaign, question, segment, door, created_by, created_at"


async def add(tx: Tx, workspace: str, made: Test) -> None:
    await tx.run(
        "insert into campaigns.demand_test (workspace, id, campaign, question, segment, door, created_by, created_at)"
        " values (%s, %s, %s, %s, %s, %s, %s, %s)",
        (workspace, made.id, made.campaign, Jsonb(dict(made.question)), made.segment,
         Jsonb(dict(made.door)) if made.door is not None else None, made.created_by, made.created_at),
    )  # fmt: skip


async def one(tx: Tx, workspace: str, id: str) -> Test | None:
    """A test by its own id or its campaign's."""
    row = await tx.row(
        f"select {_TEST} from campaigns.demand_test where workspace = %s and (id = %s or campaign = %s)",
        (workspace, id, id),
    )
    return _test(row) if row else None


async def all_of(tx: Tx, workspace: str, limit: int) -> list[Test]:
    """Newest first."""
    rows = await tx.rows(
        f"select {_TEST} from campaigns.demand_test where workspace = %s order by created_at desc, id desc limit %s",
        (workspace, limit),
    )
    return [_test(row) for row in rows]


async def note(tx: Tx, workspace: str, test: str, person: UUID, what: str, now: datetime) -> bool:
    """Notes the first time somebody saw the page or pressed the button; False where it was noted before."""
    column = {"shown": "shown_at", "wanted": "wanted_at"}[what]
    return bool(
        await tx.run(
            f"insert into campaigns.demand_answer as a (workspace, test, person, {column}) values (%s, %s, %s, %s)"
            f" on conflict (workspace, test, person) do update set {column} = excluded.{column}"
            f" where a.{column} is null",
            (workspace, test, person, now),
        )
    )


async def answer(tx: Tx, workspace: str, test: str, person: UUID) -> Answer:
    row = await tx.row(
        "select shown_at, wanted_at from campaigns.demand_answer where workspace = %s and test = %s and person = %s",
        (workspace, test, person),
    )
    return Answer(row["shown_at"], row["wanted_at"]) if row else Answer(None, None)


def _test(row: Mapping[str, Any]) -> Test:
    return Test(**row)
