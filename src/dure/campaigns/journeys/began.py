"""The events that began people's ways, kept for campaigns whose texts name them."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from typing import Any
from uuid import UUID

import msgspec

from dure.state import Tx


async def keep(tx: Tx, workspace: str, events: Mapping[UUID, Mapping[str, Any]]) -> None:
    """By way."""
    if events:
        await tx.run(
            "insert into campaigns.began (workspace, way, event)"
            " select %(workspace)s, w, e::jsonb from unnest(%(ways)s::uuid[], %(events)s::text[]) as t (w, e)"
            " on conflict do nothing",
            {"workspace": workspace, "ways": list(events),
             "events": [msgspec.json.encode(one).decode().replace("\\u0000", "") for one in events.values()]},
        )  # fmt: skip


async def of(tx: Tx, workspace: str, ways: Collection[UUID]) -> dict[UUID, dict[str, Any]]:
    rows = await tx.rows(
        "select way, event from campaigns.began where workspace = %s and way = any(%s)", (workspace, list(ways))
    )
    return {row["way"]: row["event"] for row in rows}
