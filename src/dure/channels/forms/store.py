"""Forms, what was asked and what was answered, in PostgreSQL."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

import msgspec
from psycopg.types.json import Jsonb

from dure.channels.forms.model import Answer, Asked, Field, Form
from dure.state import Tx

_FORMS = """select f.*, (select count(*) from channels.form_answer a where a.workspace = f.workspace
    and a.form = f.id) as answers from channels.form f where f.workspace = %(workspace)s"""


async def forms(tx: Tx, workspace: str) -> list[Form]:
    """Every form, the open ones first, by name."""
    rows = await tx.rows(f"{_FORMS} order by f.closed_at is not null, f.id", {"workspace": workspace})
    return [_form(row) for row in rows]


async def form(tx: Tx, workspace: str, id: str) -> Form | None:
    row = await tx.row(f"{_FORMS} and f.id = %(id)s", {"workspace": workspace, "id": id})
    return _form(row) if row else None


async def add_form(tx: Tx, org: str, workspace: str, made: Form) -> bool:
    """False where there is one of this name."""
    return bool(
        await tx.run(
            "insert into channels.form (workspace, id, org, title, about, fields, created_by, created_at, changed_at)"
            " values (%s, %s, %s, %s, %s, %s, %s, %s, %s) on conflict do nothing",
            (workspace, made.id, org, Jsonb(dict(made.title)), Jsonb(dict(made.about)), _fields(made.fields),
             made.created_by, made.created_at, made.changed_at),
        )
    )  # fmt: skip


async def change_form(tx: Tx, workspace: str, made: Form) -> None:
    await tx.run(
        "update channels.form set title = %s, about = %s, fields = %s, changed_at = %s, closed_at = %s"
        " where workspace = %s and id = %s",
        (Jsonb(dict(made.title)), Jsonb(dict(made.about)), _fields(made.fields), made.changed_at, made.closed_at,
         workspace, made.id),
    )  # fmt: skip


async def add_asked(tx: Tx, made: Asked) -> None:
    await tx.run(
        "insert into channels.asked (id, workspace, org, channel, ts, what, form, title, card, fields, audience, note,"
        " once, run, node, asked_at) values (%s, %s, %s, %s, %s, %s, %s, %s, %s, %s, %s, %s, %s, %s, %s, %s)",
        (made.id, made.workspace, made.org, made.channel, made.ts, made.what, made.form, Jsonb(dict(made.title)),
         Jsonb(dict(made.card)), _fields(made.fields), Jsonb(list(made.of)), made.note, made.once, made.run,
         made.node, made.asked_at),
    )  # fmt: skip


async def asked_at(tx: Tx, channel: str, ts: int) -> Asked | None:
    """What a message asks for; the caller has found the message for their workspace. Locked: one answer at a time."""
    row = await tx.row("select * from channels.asked where channel = %s and ts = %s for update", (channel, ts))
    return _asked(row) if row else None


async def asked(tx: Tx, workspace: str, id: UUID) -> Asked | None:
    """Locked: one answer at a time."""
    row = await tx.row("select * from channels.asked where workspace = %s and id = %s for update", (workspace, id))
    return _asked(row) if row else None


async def brought(tx: Tx, workspace: str, run: str, node: str) -> list[Asked]:
    """The open cards that bring a question at which a run waits, locked."""
    rows = await tx.rows(
        "select * from channels.asked where workspace = %s and run = %s and node = %s and node <> ''"
        " and ended_at is null for update",
        (workspace, run, node),
    )
    return [_asked(row) for row in rows]


async def note_answer(tx: Tx, after: Asked) -> None:
    await tx.run(
        "update channels.asked set answers = %s, decision = %s, ended_by = %s, said = %s, ended_at = %s"
        " where workspace = %s and id = %s",
        (after.answers, after.decision, after.ended_by, after.said, after.ended_at, after.workspace, after.id),
    )


async def add_view(tx: Tx, workspace: str, view: str, id: UUID) -> None:
    await tx.run("insert into channels.asked_view (view, workspace, asked) values (%s, %s, %s)", (view, workspace, id))


async def asked_by(tx: Tx, workspace: str, view: str) -> Asked | None:
    """What a modal stands for, None where it is an app's."""
    found = await tx.value(
        "select asked from channels.asked_view where workspace = %s and view = %s", (workspace, view)
    )
    return await asked(tx, workspace, found) if found else None


async def add_answer(tx: Tx, workspace: str, made: Answer) -> None:
    await tx.run(
        "insert into channels.form_answer (id, workspace, form, asked, account, answers, at)"
        " values (%s, %s, %s, %s, %s, %s, %s)",
        (made.id, workspace, made.form, made.asked, made.by, Jsonb(dict(made.values)), made.at),
    )


async def answers(tx: Tx, workspace: str, form: str, before: datetime | None, limit: int) -> list[Answer]:
    """Newest first."""
    rows = await tx.rows(
        "select * from channels.form_answer where workspace = %(workspace)s and form = %(form)s"
        " and (%(before)s::timestamptz is null or at < %(before)s) order by at desc, id limit %(limit)s",
        {"workspace": workspace, "form": form, "before": before, "limit": limit},
    )
    return [Answer(row["id"], row["form"], row["asked"], row["account"], row["answers"], row["at"]) for row in rows]


async def card(tx: Tx, workspace: str, channel: str, name: str) -> int:
    """The ts of the message that has this name, 0 where none has; whoever asks holds the name until they are done."""
    await tx.run(
        "insert into channels.card (workspace, channel, name) values (%s, %s, %s) on conflict do nothing",
        (workspace, channel, name),
    )
    ts: int = await tx.value(
        "select ts from channels.card where workspace = %s and channel = %s and name = %s for update",
        (workspace, channel, name),
    )
    return ts


async def cards(
    tx: Tx, workspace: str, channel: str, names: Sequence[str], *, only_known: bool = False
) -> dict[str, int]:  # fmt: skip
    """`card` for many names at once; with `only_known` those that have none are missing."""
    if not only_known:
        await tx.run(
            "insert into channels.card (workspace, channel, name) select %s, %s, name from unnest(%s::text[]) as name"
            " order by name on conflict do nothing",
            (workspace, channel, list(names)),
        )
    rows = await tx.rows(
        "select name, ts from channels.card where workspace = %s and channel = %s and name = any(%s)"
        " order by name for update",
        (workspace, channel, list(names)),
    )
    return {row["name"]: row["ts"] for row in rows}


async def cards_anywhere(tx: Tx, workspace: str, names: Sequence[str]) -> list[tuple[str, str, int]]:
    """Channel, name and ts of every card that stands under one of these names."""
    rows = await tx.rows(
        "select channel, name, ts from channels.card where workspace = %s and name = any(%s) and ts <> 0"
        " order by name, channel for update",
        (workspace, list(names)),
    )
    return [(row["channel"], row["name"], row["ts"]) for row in rows]


async def set_cards(tx: Tx, workspace: str, channel: str, stands: Mapping[str, int]) -> None:
    await tx.run(
        "update channels.card c set ts = given.ts from unnest(%s::text[], %s::bigint[]) as given (name, ts)"
        " where c.workspace = %s and c.channel = %s and c.name = given.name",
        (list(stands), list(stands.values()), workspace, channel),
    )


async def card_at(tx: Tx, channel: str, ts: int) -> tuple[str, str] | None:
    """The workspace whose automation keeps the card that stands there, and the card's name."""
    row = await tx.row("select workspace, name from channels.card where channel = %s and ts = %s", (channel, ts))
    return None if row is None else (row["workspace"], row["name"])


async def set_card(tx: Tx, workspace: str, channel: str, name: str, ts: int) -> None:
    await tx.run(
        "update channels.card set ts = %s where workspace = %s and channel = %s and name = %s",
        (ts, workspace, channel, name),
    )


def _fields(fields: Sequence[Field]) -> Jsonb:
    return Jsonb(msgspec.to_builtins(list(fields)))


def _form(row: dict[str, Any]) -> Form:
    return Form(
        row["id"], row["title"], row["about"], msgspec.convert(row["fields"], list[Field]), row["created_by"],
        row["created_at"], row["changed_at"], row["closed_at"], row["answers"],
    )  # fmt: skip


def _asked(row: dict[str, Any]) -> Asked:
    return Asked(
        row["id"], row["workspace"], row["org"], row["channel"], row["ts"], row["what"], row["form"], row["title"],
        row["card"], msgspec.convert(row["fields"], list[Field]), row["audience"], row["note"], row["once"],
        row["run"], row["asked_at"], row["answers"], row["decision"], row["ended_by"], row["said"], row["ended_at"],
        row["node"],
    )  # fmt: skip
