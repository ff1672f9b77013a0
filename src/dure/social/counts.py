"""Social's SQL that counts: people an hour, topics compared, spikes."""

from __future__ import annotations

import uuid
from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any

import numpy as np
from psycopg.types.json import Jsonb

from dure.kernel.tenant import Tenant
from dure.social.expectation import HISTORY, Counts
from dure.social.model import Spike
from dure.state import Tx

_HOUR = timedelta(hours=1)


async def stirring(tx: Tx, now: datetime) -> list[Tenant]:
    """Workspaces where something was said in the last hour or a spike is on."""
    rows = await tx.rows(
        "select org, workspace from social.mention where posted_at > %s and posted_at <= %s"
        " union select org, workspace from social.spike where ended_at is null",
        (now - _HOUR, now),
    )
    return [Tenant(row["org"], row["workspace"]) for row in rows]


async def take_turn(tx: Tx, workspace: str) -> bool:
    """Whether this transaction may judge the workspace; another that does so now makes it needless."""
    sql = "select pg_try_advisory_xact_lock(hashtext('social.spike'), hashtext(%s)) as turn"
    return bool(await tx.value(sql, (workspace,)))


async def last_hour(tx: Tx, workspace: str, now: datetime) -> dict[str, int]:
    """People by topic in the last 60 minutes."""
    rows = await tx.rows(
        "select topic, count(distinct voice) as seen from social.mention"
        " where workspace = %s and deleted_at is null and posted_at > %s and posted_at <= %s group by topic",
        (workspace, now - _HOUR, now),
    )
    return {row["topic"]: row["seen"] for row in rows}


async def before_now(tx: Tx, workspace: str, topic: str, now: datetime) -> Counts:
    """People an hour in the hours before the last 60 minutes, the newest last, from when the workspace first heard
    anything."""
    first = await tx.value("select min(posted_at) from social.mention where workspace = %s", (workspace,))
    hours = 0 if first is None else int((now - _HOUR - first) / _HOUR)
    hours = min(max(hours, 0), HISTORY)
    counts = np.zeros(hours)
    rows = await tx.rows(
        "select floor(extract(epoch from (%(end)s - posted_at)) / 3600)::int as ago, count(distinct voice) as people"
        " from social.mention where workspace = %(workspace)s and topic = %(topic)s and posted_at <= %(end)s"
        " and deleted_at is null"
        " and posted_at > %(start)s group by ago",
        {"workspace": workspace, "topic": topic, "end": now - _HOUR, "start": now - _HOUR * (hours + 1)},
    )
    for row in rows:
        if row["ago"] < hours:
            counts[hours - 1 - row["ago"]] = row["people"]
    return counts


async def by_hour(tx: Tx, workspace: str, topic: str, end: datetime, hours: int) -> Counts:
    """People in each of the `hours` clock hours before `end` (a full hour), the newest last; every topic when ""."""
    first = await tx.value("select min(posted_at) from social.mention where workspace = %s", (workspace,))
    known = 0 if first is None else int((end - first) / _HOUR) + 1
    counts = np.zeros(min(hours, max(known, 0)))
    rows = await tx.rows(
        "select floor(extract(epoch from (%(end)s - posted_at)) / 3600)::int as ago, count(distinct voice) as people"
        " from social.mention where workspace = %(workspace)s and (%(topic)s = '' or topic = %(topic)s)"
        " and posted_at < %(end)s and posted_at >= %(start)s and deleted_at is null group by ago",
        {"workspace": workspace, "topic": topic, "end": end, "start": end - _HOUR * hours},
    )
    for row in rows:
        if 0 <= row["ago"] < len(counts):
            counts[len(counts) - 1 - row["ago"]] = row["people"]
    return counts


async def topics(tx: Tx, workspace: str, now: datetime, days: int) -> list[dict[str, Any]]:
    """Mentions by topic in the last `days` and the `days` before them, and how many of the last were negative."""
    return await tx.rows(
        "select topic, count(*) filter (where posted_at > %(middle)s) as mentions,"
        " count(*) filter (where posted_at <= %(middle)s) as before,"
        " count(*) filter (where posted_at > %(middle)s and sentiment < 0) as negative,"
        " count(*) filter (where posted_at > %(middle)s and state = 'new') as new"
        " from social.mention where workspace = %(workspace)s and posted_at > %(start)s and posted_at <= %(now)s"
        " and deleted_at is null group by topic order by mentions desc, topic",
        {"workspace": workspace, "start": now - timedelta(days=2 * days), "middle": now - timedelta(days=days),
         "now": now},
    )  # fmt: skip


async def examples(tx: Tx, workspace: str, topic: str, now: datetime, count: int) -> tuple[Mapping[str, Any], ...]:
    """What was said in the last hour: originals first, those that most may have seen, no two near copies."""
    rows = await tx.rows(
        "select * from (select distinct on (original) text, author, handle, network, url, reach, id"
        " from social.mention where workspace = %s and topic = %s and posted_at > %s and posted_at <= %s"
        " and deleted_at is null order by original, reach desc, id) as said order by reach desc, id limit %s",
        (workspace, topic, now - _HOUR, now, count),
    )
    return tuple(
        {
            "text": row["text"][:500],
            "author": row["author"] or row["handle"],
            "network": row["network"],
            "url": row["url"],
            "mention": str(row["id"]),
        }
        for row in rows
    )


async def first_of(tx: Tx, workspace: str, topic: str, now: datetime) -> datetime:
    """When the last hour's first mention of a topic was posted."""
    found = await tx.value(
        "select min(posted_at) from social.mention"
        " where workspace = %s and topic = %s and posted_at > %s and posted_at <= %s and deleted_at is null",
        (workspace, topic, now - _HOUR, now),
    )
    return found if isinstance(found, datetime) else now


async def most_in_an_hour(tx: Tx, workspace: str, topic: str, since: datetime, until: datetime) -> int:
    """The most people in any clock-aligned quarter's following hour; the height of a spike."""
    return int(
        await tx.value(
            "select coalesce(max(people), 0) from (select (select count(distinct m.voice) from social.mention m"
            "  where m.workspace = %(workspace)s and m.topic = %(topic)s and m.posted_at > at - interval '1 hour'"
            "  and m.posted_at <= at and m.deleted_at is null) as people"
            " from generate_series(%(since)s::timestamptz, %(until)s::timestamptz, interval '15 minutes') as at) as h",
            {"workspace": workspace, "topic": topic, "since": since, "until": until},
        )
    )


async def open_spikes(tx: Tx, workspace: str) -> dict[str, Spike]:
    rows = await tx.rows("select * from social.spike where workspace = %s and ended_at is null", (workspace,))
    return {row["topic"]: _spike(row) for row in rows}


async def spikes(tx: Tx, workspace: str, since: datetime, limit: int) -> list[Spike]:
    """Spikes that were on at some time since, the newest first."""
    rows = await tx.rows(
        "select * from social.spike where workspace = %s and coalesce(ended_at, 'infinity') >= %s"
        " order by started_at desc limit %s",
        (workspace, since, limit),
    )
    return [_spike(row) for row in rows]


async def add_spike(tx: Tx, tenant: Tenant, spike: Spike) -> None:
    await tx.run(
        "insert into social.spike (workspace, org, id, topic, started_at, ended_at, seen, expected, upper, peak,"
        " examples) values (%s, %s, %s, %s, %s, %s, %s, %s, %s, %s, %s)",
        (tenant.workspace, tenant.org, spike.id, spike.topic, spike.started_at, spike.ended_at, spike.seen,
         spike.expected, spike.upper, spike.peak, Jsonb(list(spike.examples))),
    )  # fmt: skip


async def end_spike(tx: Tx, workspace: str, spike_id: uuid.UUID, at: datetime, peak: int) -> None:
    await tx.run(
        "update social.spike set ended_at = %s, peak = %s where workspace = %s and id = %s",
        (at, peak, workspace, spike_id),
    )


def _spike(row: Mapping[str, Any]) -> Spike:
    said: Sequence[Mapping[str, Any]] = row["examples"]
    return Spike(
        row["id"], row["topic"], row["started_at"], row["ended_at"], "over" if row["ended_at"] else "on", row["seen"],
        row["expected"], row["upper"], row["peak"], tuple(said),
    )  # fmt: skip
