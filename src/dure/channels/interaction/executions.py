"""Functions of apps and what was run of them, in PostgreSQL."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any, Literal

from psycopg.types.json import Jsonb

from dure.state import Tx

State = Literal["running", "completed", "failed"]


@dataclass(frozen=True, slots=True)
class Execution:
    """One run of an app's function. `run` is the automation's run that asked for it, "" for none."""

    id: str
    workspace: str
    app: str
    callback_id: str
    inputs: dict[str, Any]
    state: State
    run: str
    made_at: datetime


async def function(tx: Tx, workspace: str, app: str, callback_id: str) -> tuple[str, dict[str, Any]] | None:
    """An installed app's id and what its manifest says of a function; the app by its id or its name."""
    row = await tx.row(
        "select a.id, a.manifest -> 'functions' -> %(callback)s as function from channels.installation i"
        " join channels.app a on a.id = i.app where i.workspace = %(workspace)s and i.removed_at is null"
        " and (a.id = %(app)s or a.manifest -> 'display_information' ->> 'name' = %(app)s)"
        " and a.manifest -> 'functions' ? %(callback)s order by a.id limit 1",
        {"workspace": workspace, "app": app, "callback": callback_id},
    )
    return None if row is None else (row["id"], row["function"] if isinstance(row["function"], dict) else {})


async def add(tx: Tx, execution: Execution) -> None:
    await tx.run(
        "insert into channels.function_execution (id, workspace, app, callback_id, inputs, state, run, made_at)"
        " values (%s, %s, %s, %s, %s, %s, %s, %s)",
        (execution.id, execution.workspace, execution.app, execution.callback_id, Jsonb(execution.inputs),
         execution.state, execution.run, execution.made_at),
    )  # fmt: skip


async def find(tx: Tx, workspace: str, id: str) -> Execution | None:
    """An execution, locked: it ends once."""
    row = await tx.row(
        "select * from channels.function_execution where workspace = %s and id = %s for update", (workspace, id)
    )
    if row is None:
        return None
    return Execution(
        row["id"], row["workspace"], row["app"], row["callback_id"], row["inputs"], row["state"], row["run"],
        row["made_at"],
    )  # fmt: skip


async def end(
    tx: Tx, execution: Execution, state: State, outputs: dict[str, Any] | None, error: str, at: datetime
) -> None:
    await tx.run(
        "update channels.function_execution set state = %s, outputs = %s, error = %s, ended_at = %s"
        " where workspace = %s and id = %s",
        (state, None if outputs is None else Jsonb(outputs), error, at, execution.workspace, execution.id),
    )
