"""Becoming's only SQL."""

from __future__ import annotations

import uuid
from datetime import datetime
from typing import Any

from dure.state import Tx


async def add(
    tx: Tx, workspace: str, id: uuid.UUID, mention: uuid.UUID, what: str, ref: str, title: str, path: str,
    now: datetime, actor: str,
) -> bool:  # fmt: skip
    return bool(
        await tx.run(
            "insert into social.became (workspace, id, mention, what, ref, title, path, at, actor)"
            " values (%s, %s, %s, %s, %s, %s, %s, %s, %s) on conflict (workspace, mention, what, ref) do nothing",
            (workspace, id, mention, what, ref, title, path, now, actor),
        )
    )


async def of(tx: Tx, workspace: str, mention: uuid.UUID) -> list[dict[str, Any]]:
    """The newest first."""
    return await tx.rows(
        "select id, what, ref, title, path, at, actor from social.became where workspace = %s and mention = %s"
        " order by at desc, id",
        (workspace, mention),
    )
