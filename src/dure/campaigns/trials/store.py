"""Trials' SQL."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from dure.campaigns.trials.model import State, Trial
from dure.state import Tx


async def add(tx: Tx, org: str, workspace: str, trials: Sequence[Trial]) -> None:
    await tx.run(
        "insert into campaigns.trial (workspace, id, org, campaign, node, channel, kind, address, person, by, at,"
        " state, language) select %(workspace)s, i, %(org)s, c, n, ch, k, a, p, b, t, 'planned', l"
        " from unnest(%(ids)s::uuid[], %(campaigns)s::text[], %(nodes)s::text[], %(channels)s::text[],"
        " %(kinds)s::text[], %(addresses)s::text[], %(people)s::uuid[], %(by)s::text[], %(at)s::timestamptz[],"
        " %(languages)s::text[]) as x (i, c, n, ch, k, a, p, b, t, l)",
        {
            "workspace": workspace, "org": org, "ids": [one.id for one in trials],
            "campaigns": [one.campaign for one in trials], "nodes": [one.node for one in trials],
            "channels": [one.channel for one in trials], "kinds": [one.kind for one in trials],
            "addresses": [one.address for one in trials], "people": [one.person for one in trials],
            "by": [one.by for one in trials], "at": [one.at for one in trials],
            "languages": [one.language for one in trials],
        },
    )  # fmt: skip


async def count_since(tx: Tx, workspace: str, since: datetime) -> int:
    """How many tests were sent lately; whoever asks next waits until this transaction ends."""
    await tx.run("select pg_advisory_xact_lock(hashtext('campaigns.trial ' || %s))", (workspace,))
    return int(
        await tx.value(
            "select count(*) from campaigns.trial where workspace = %s and at > %s and kind = 'test'",
            (workspace, since),
        )
    )


async def claim(tx: Tx, limit: int, workspace: str | None = None) -> list[tuple[str, str, Trial]]:
    """Planned ones with their organisation and workspace, this transaction's alone; they are claimed when it ends."""
    rows = await tx.rows(
        "update campaigns.trial t set state = 'claimed' from (select workspace, id from campaigns.trial"
        " where state = 'planned' and (%(only)s::text is null or workspace = %(only)s) order by at limit %(limit)s"
        " for update skip locked) as next where t.workspace = next.workspace and t.id = next.id returning t.*",
        {"limit": limit, "only": workspace},
    )
    return [(row["org"], row["workspace"], _trial(row)) for row in rows]


async def abandon(tx: Tx, before: datetime) -> int:
    """What was claimed so long ago has nobody any more who could say what became of it."""
    return await tx.run("update campaigns.trial set state = 'unknown' where state = 'claimed' and at < %s", (before,))


async def note(tx: Tx, workspace: str, id: UUID, state: State, detail: str, subject: str, language: str) -> None:
    """What became of a trial; `language` is what it was written in, "" where it came to no words."""
    await tx.run(
        "update campaigns.trial set state = %s, detail = %s, subject = %s,"
        " language = coalesce(nullif(%s, ''), language) where workspace = %s and id = %s",
        (state, detail, subject, language, workspace, id),
    )


async def trials(tx: Tx, workspace: str, campaign: str, limit: int = 100) -> list[Trial]:
    """Newest first."""
    rows = await tx.rows(
        "select * from campaigns.trial where workspace = %s and campaign = %s order by at desc, id desc limit %s",
        (workspace, campaign, limit),
    )
    return [_trial(row) for row in rows]


async def trials_by_id(tx: Tx, workspace: str, ids: Sequence[UUID]) -> list[Trial]:
    rows = await tx.rows(
        "select * from campaigns.trial where workspace = %s and id = any(%s) order by id", (workspace, list(ids))
    )
    return [_trial(row) for row in rows]


def _trial(row: Mapping[str, Any]) -> Trial:
    return Trial(
        row["id"], row["campaign"], row["node"], row["channel"], row["kind"], row["address"], row["person"], row["by"],
        row["at"], row["state"], row["language"], row["detail"], row["subject"],
    )  # fmt: skip
