"""The table of pieces that were brought in."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from psycopg.types.json import Jsonb

from dure.state import Tx


async def known(tx: Tx, workspace: str, digest: str, number: int) -> dict[str, Any] | None:
    """What a piece brought when it was brought in; None where it was not. Two at once wait for each other."""
    await tx.run("select pg_advisory_xact_lock(hashtext('pacing.import'), hashtext(%s))", (f"{workspace}{digest}",))
    found: dict[str, Any] | None = await tx.value(
        "select answer from pacing.import_piece where workspace = %s and digest = %s and number = %s",
        (workspace, digest, number),
    )
    return found


async def keep(tx: Tx, workspace: str, digest: str, number: int, answer: Mapping[str, Any], at: datetime) -> None:
    await tx.run(
        "insert into pacing.import_piece (workspace, digest, number, answer, at) values (%s, %s, %s, %s, %s)"
        " on conflict (workspace, digest, number) do update set answer = excluded.answer, at = excluded.at",
        (workspace, digest, number, Jsonb(dict(answer)), at),
    )
