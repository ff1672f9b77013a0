"""Responses in PostgreSQL."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from dure.state import Tx


async def messages(tx: Tx, workspace: str, ids: Collection[UUID]) -> dict[UUID, dict[str, Any]]:
    """The messages that responses are about. Until the transaction ends nobody erases them, so that nothing is noted
    of one that is gone."""
    rows = await tx.rows(
        "select * from campaigns.message where workspace = %s and id = any(%s) order by id for key share",
        (workspace, list(ids)),
    )
    return {row["id"]: row for row in rows}


async def add(
    tx: Tx, workspace: str, given: Sequence[tuple[UUID, str, str]], now: datetime
) -> set[tuple[UUID, str, str]]:
    """Notes (message, kind, link); returns those that were not known before."""
    rows = await tx.rows(
        "insert into campaigns.response (workspace, message, kind, link, at)"
        " select %(workspace)s, m, k, l, %(now)s"
        " from unnest(%(messages)s::uuid[], %(kinds)s::text[], %(links)s::text[]) as t (m, k, l)"
        " on conflict do nothing returning message, kind, link",
        {"workspace": workspace, "now": now, "messages": [one[0] for one in given], "kinds": [one[1] for one in given],
         "links": [one[2] for one in given]},
    )  # fmt: skip
    return {(row["message"], row["kind"], row["link"]) for row in rows}


async def counts(tx: Tx, workspace: str, campaign: str) -> dict[str, int]:
    """How many messages of a campaign had each kind of response."""
    rows = await tx.rows(
        "select r.kind, count(distinct r.message) as n from campaigns.response r join campaigns.message m"
        " on m.workspace = r.workspace and m.id = r.message where r.workspace = %s and m.campaign = %s group by r.kind",
        (workspace, campaign),
    )
    return {row["kind"]: row["n"] for row in rows}
