"""Social's SQL that counts: people an hour, topics compared, spikes."""

from __future__ import annotations

import uuid
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Literal

import numpy as np
from psycopg.types.json import Jsonb

from dure.kernel.tenant import Tenant
from dure.social.expectation import HISTORY, Counts
from dure.social.model import Spike
from dure.state import Tx

_HOUR = timedelta(hours=1)
_KEPT = "deleted_at is null and spam < 0.9 and not own"


@dataclass(frozen=True, slots=True, order=True)
class Subject:
    """What is counted: a topic, or the mentions with a query's label (its id); with `feeling` only the bad ones."""

    topic: str = ""
    query: str = ""
    feeling: Literal["", "negative"] = ""

    @property
    def where(self) -> str:
        named = "true"
        if self.query:
            named = "themes @> array[%(query)s]"
        elif self.topic:
            named = "topic = %(topic)s"
        return f"{named} and {_KEPT}" + (" and sentiment < 0" if self.feeling else "")

    @property
    def bound(self) -> dict[str, str]:
        return {"topic": self.topic, "query": self.query}


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


async def last_hour(tx: Tx, workspace: str, now: datetime, watched: Sequence[str]) -> dict[Subject, int]:
    """People by subject in the last 60 minutes: topics and watched queries, all of them and the bad ones."""
    rows = await tx.rows(
        "with said as (select topic, themes, voice, sentiment from social.mention where workspace = %(w)s"
        f" and posted_at > %(since)s and posted_at <= %(now)s and {_KEPT})"
        " select topic, '' as query, count(distinct voice) as seen,"
        " count(distinct voice) filter (where sentiment < 0) as bad from said group by topic"
        " union all select '', query, count(distinct voice), count(distinct voice) filter (where sentiment < 0)"
        " from said, unnest(themes) as query where query = any(%(watched)s) group by query",
        {"w": workspace, "since": now - _HOUR, "now": now, "watched": list(watched)},
    )
    found: dict[Subject, int] = {}
    for row in rows:
        found[Subject(row["topic"], row["query"])] = row["seen"]
        found[Subject(row["topic"], row["query"], "negative")] = row["bad"]
    return found


async def first_heard(tx: Tx, workspace: str) -> datetime | None:
    """When the oldest of a workspace's mentions was posted."""
    first: datetime | None = await tx.value(
        "select min(posted_at) from social.mention where workspace = %s", (workspace,)
    )
    return first


async def before_now(tx: Tx, workspace: str, subject: Subject, now: datetime, first: datetime | None) -> Counts:
    """People an hour in the hours before the last 60 minutes, the newest last, from when the workspace `first` heard
    anything."""
    hours = 0 if first is None else int((now - _HOUR - first) / _HOUR)
    hours = min(max(hours, 0), HISTORY)
    counts = np.zeros(hours)
    rows = await tx.rows(
        "select floor(extract(epoch from (%(end)s - posted_at)) / 3600)::int as ago, count(distinct voice) as people"
        f" from social.mention where workspace = %(workspace)s and {subject.where} and posted_at <= %(end)s"
        " and posted_at > %(start)s group by ago",
        {**subject.bound, "workspace": workspace, "end": now - _HOUR, "start": now - _HOUR * (hours + 1)},
    )
    for row in rows:
        if row["ago"] < hours:
            counts[hours - 1 - row["ago"]] = row["people"]
    return counts


async def by_hour(tx: Tx, workspace: str, subject: Subject, end: datetime, hours: int) -> Counts:
    """People in each of the `hours` clock hours before `end` (a full hour), the newest last."""
    first = await first_heard(tx, workspace)
    known = 0 if first is None else int((end - first) / _HOUR) + 1
    counts = np.zeros(min(hours, max(known, 0)))
    rows = await tx.rows(
        "select floor(extract(epoch from (%(end)s - posted_at)) / 3600)::int as ago, count(distinct voice) as people"
        f" from social.mention where workspace = %(workspace)s and {subject.where}"
        " and posted_at < %(end)s and posted_at >= %(start)s group by ago",
        {**subject.bound, "workspace": workspace, "end": end, "start": end - _HOUR * hours},
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
        " and deleted_at is null and not own group by topic order by mentions desc, topic",
        {"workspace": workspace, "start": now - timedelta(days=2 * days), "middle": now - timedelta(days=days),
         "now": now},
    )  # fmt: skip


async def said_of(
    tx: Tx, workspace: str, subject: Subject, since: datetime, until: datetime, limit: int
) -> list[dict[str, Any]]:
    """What was said of a subject, the newest first, with what explains it."""
    return await tx.rows(
        "select id, original, text, author, handle, voice, network, url, reach, posted_at from social.mention"
        f" where workspace = %(workspace)s and {subject.where} and posted_at > %(since)s and posted_at <= %(until)s"
        " order by posted_at desc, id desc limit %(limit)s",
        {**subject.bound, "workspace": workspace, "since": since, "until": until, "limit": limit},
    )


async def most_in_an_hour(tx: Tx, workspace: str, subject: Subject, since: datetime, until: datetime) -> int:
    """The most people in any clock-aligned quarter's following hour; the height of a spike."""
    return int(
        await tx.value(
            "select coalesce(max(people), 0) from (select (select count(distinct voice) from social.mention"
            f"  where workspace = %(workspace)s and {subject.where} and posted_at > at - interval '1 hour'"
            "  and posted_at <= at) as people"
            " from generate_series(%(since)s::timestamptz, %(until)s::timestamptz, interval '15 minutes') as at) as h",
            {**subject.bound, "workspace": workspace, "since": since, "until": until},
        )
    )


async def open_spikes(tx: Tx, workspace: str) -> dict[Subject, Spike]:
    rows = await tx.rows("select * from social.spike where workspace = %s and ended_at is null", (workspace,))
    return {subject_of(spike): spike for spike in map(_spike, rows)}


async def last_began(tx: Tx, workspace: str, since: datetime) -> dict[Subject, datetime]:
    """When the newest spike of each subject began, as far as that was since then."""
    rows = await tx.rows("select * from social.spike where workspace = %s and started_at >= %s", (workspace, since))
    found: dict[Subject, datetime] = {}
    for spike in map(_spike, rows):
        found[subject_of(spike)] = max(spike.started_at, found.get(subject_of(spike), spike.started_at))
    return found


def subject_of(spike: Spike) -> Subject:
    return Subject(spike.topic, str(spike.query) if spike.query else "", spike.feeling)


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
        " examples, query, name, feeling, why)"
        " values (%s, %s, %s, %s, %s, %s, %s, %s, %s, %s, %s, %s, %s, %s, %s)",
        (tenant.workspace, tenant.org, spike.id, spike.topic, spike.started_at, spike.ended_at, spike.seen,
         spike.expected, spike.upper, spike.peak, Jsonb(list(spike.examples)), spike.query, spike.name,
         spike.feeling, Jsonb(dict(spike.why))),
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
        row["expected"], row["upper"], row["peak"], tuple(said), row["query"], row["name"], row["feeling"], row["why"],
    )  # fmt: skip
