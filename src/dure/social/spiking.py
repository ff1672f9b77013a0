"""Spikes: every topic and every watched query is judged, what began is explained and told, what calmed is told too."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from dure.feed.api import Event, append
from dure.governance.api import Principal, Role
from dure.kernel.errors import Invalid
from dure.kernel.ids import uuid7
from dure.kernel.tenant import Tenant
from dure.social import counts, events, expectation
from dure.social.counts import Subject
from dure.social.listening import explain
from dure.social.listening import store as listening
from dure.social.listening.model import SavedQuery
from dure.social.model import Spike
from dure.state import Tx

COOLDOWN = 6  # hours, where nobody says otherwise
_EXAMPLES = 3
_HOUR = timedelta(hours=1)
_BEFORE = timedelta(days=14)
_MOST_SAID = 2_000


async def allowed(tx: Tx, workspace: str, query: str = "") -> float:
    """False alarms a week that a workspace allows one topic, or a query."""
    if query:
        try:
            named = UUID(query)
        except ValueError as error:
            raise Invalid("There is no such query.", field="query") from error
        found = await listening.query(tx, workspace, named)
        if found is not None:
            return found.allowed
    setting = await listening.setting(tx, workspace)
    return float(setting["allowed"]) if setting else expectation.ALLOWED


async def assess(tx: Tx, tenant: Tenant, now: datetime) -> list[Spike]:
    """Judges the last 60 minutes of a workspace; returns the spikes that began. Another transaction that does so now
    makes it needless."""
    workspace = tenant.workspace
    if not await counts.take_turn(tx, workspace):
        return []
    acting = Principal(tenant, "", Role.ADMIN, frozenset({"*"}), "system", "social")
    watched = {str(one.id): one for one in await listening.queries(tx, workspace) if one.watch}
    setting = await listening.setting(tx, workspace) or {"allowed": expectation.ALLOWED, "cooldown": COOLDOWN}
    on = await counts.open_spikes(tx, workspace)
    seen = await counts.last_hour(tx, workspace, now, list(watched))
    stirring = {subject for subject, people in seen.items() if people >= expectation.LEAST}
    lately = await counts.last_began(tx, workspace, now - timedelta(days=8)) if stirring - on.keys() else {}
    first = await counts.first_heard(tx, workspace)
    began: list[Spike] = []
    written: list[Event] = []
    for subject in sorted({*on, *stirring}):
        query = watched.get(subject.query)
        if subject.query and query is None:
            if subject in on:  # nobody watches it any more
                written.append(events.calmed(acting, now, await _end(tx, tenant, on[subject], subject, now)))
            continue
        of = {"allowed": query.allowed, "cooldown": query.cooldown} if query else setting
        history = await counts.before_now(tx, workspace, subject, now, first)
        verdict = expectation.judge(history, seen.get(subject, 0), float(of["allowed"]))
        resting = subject in lately and now - lately[subject] < timedelta(hours=int(of["cooldown"]))
        # That there are more bad words where there are more words of all kinds is no news.
        told = bool(subject.feeling) and (replace(subject, feeling="") in on or _any(began, subject))
        if subject not in on and verdict.spike and not resting and not told:
            began.append(await _begin(tx, tenant, subject, query, seen[subject], verdict, now))
            written.append(events.spiked(acting, now, began[-1]))
        elif subject in on and verdict.calm:
            written.append(events.calmed(acting, now, await _end(tx, tenant, on[subject], subject, now)))
    await append(tx, *written)
    return began


def _any(began: Sequence[Spike], subject: Subject) -> bool:
    return replace(subject, feeling="") in map(counts.subject_of, began)


async def _begin(
    tx: Tx, tenant: Tenant, subject: Subject, query: SavedQuery | None, seen: int, verdict: expectation.Verdict,
    now: datetime,
) -> Spike:  # fmt: skip
    said = await counts.said_of(tx, tenant.workspace, subject, now - _HOUR, now, _MOST_SAID)
    before = await counts.said_of(tx, tenant.workspace, subject, now - _BEFORE, now - _HOUR, _MOST_SAID)
    why = await asyncio.to_thread(explain.why, said, before)
    since = min((row["posted_at"] for row in said), default=now)
    spike = Spike(
        uuid7(), subject.topic, since, None, "on", seen, verdict.expected, verdict.upper, seen, _examples(said),
        query.id if query else None, query.name if query else "", subject.feeling, why,
    )  # fmt: skip
    await counts.add_spike(tx, tenant, spike)
    return spike


async def _end(tx: Tx, tenant: Tenant, spike: Spike, subject: Subject, now: datetime) -> Spike:
    since = spike.started_at + timedelta(minutes=15)
    height = await counts.most_in_an_hour(tx, tenant.workspace, subject, min(since, now), now)
    ended = replace(spike, ended_at=now, state="over", peak=max(spike.peak, height))
    await counts.end_spike(tx, tenant.workspace, spike.id, now, ended.peak)
    return ended


def _examples(said: Sequence[Mapping[str, Any]]) -> tuple[Mapping[str, Any], ...]:
    """Originals, those that most may have seen, no two near copies."""
    by_original: dict[UUID, Mapping[str, Any]] = {}
    for row in sorted(said, key=lambda row: (row["reach"], str(row["id"])), reverse=True):
        by_original.setdefault(row["original"], row)
    return tuple(
        {"text": row["text"][:500], "author": row["author"] or row["handle"], "network": row["network"],
         "url": row["url"], "mention": str(row["id"])}
        for row in list(by_original.values())[:_EXAMPLES]
    )  # fmt: skip
