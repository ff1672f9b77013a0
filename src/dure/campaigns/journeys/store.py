"""The only SQL of ways: many of them with one statement, and none that looks at all of them."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from dure.campaigns.journeys.plan import Place
from dure.campaigns.model import Occurrence, Recipient, Way
from dure.state import Tx

SET = 5_000
"""Larger sets would hold everybody else up."""


@dataclass(slots=True)
class Stand:
    """A way that was taken: locked until the transaction ends."""

    workspace: str
    id: UUID
    campaign: str
    version: int
    person: UUID
    distinct_id: str
    arm: str
    node: str
    state: str
    entered_at: datetime
    mark: int
    tries: int = 0
    tried_since: datetime | None = None
    met: Recipient | None = None
    drawn: bool = False
    """Whether it was drawn into its half only now."""

    @property
    def to(self) -> Recipient:
        """Who its person is now; known once `Stepping.recipients` asked."""
        if self.met is None:
            raise LookupError(f"nobody asked who is on way {self.id}")
        return self.met


_STAND = "workspace, id, campaign, version, person, distinct_id, arm, node, state, entered_at, mark, tries, tried_since"


# -- coming in ----------------------------------------------------------------------------------------------------


async def had(tx: Tx, workspace: str, campaign: str, people: Collection[UUID]) -> dict[UUID, dict[str, UUID]]:
    """The ways that these people have or had, by their keys."""
    rows = await tx.rows(
        "select person, key, id from campaigns.way where workspace = %s and campaign = %s and person = any(%s)",
        (workspace, campaign, list(people)),
    )
    found: dict[UUID, dict[str, UUID]] = {}
    for row in rows:
        found.setdefault(row["person"], {})[row["key"]] = row["id"]
    return found


async def first_arms(tx: Tx, workspace: str, campaign: str, owners: Mapping[UUID, UUID]) -> dict[UUID, str]:
    """The half that people were in first, by who they are now: `owners` says it of each id of theirs."""
    rows = await tx.rows(
        "select person, arm from campaigns.way where workspace = %s and campaign = %s and person = any(%s)"
        " and arm <> '' order by entered_at, id", (workspace, campaign, list(owners)),
    )  # fmt: skip
    found: dict[UUID, str] = {}
    for row in rows:
        found.setdefault(owners[row["person"]], row["arm"])
    return found


async def past(tx: Tx, workspace: str, campaign: str, people: Collection[UUID]) -> dict[UUID, dict[str, Any]]:
    """Of those who were in before: how many `times`, when they last came (`entry`), were sent something (`send`), went
    out (`exit`), and whether a way is `open`. Whoever was turned away at the entrance was never in."""
    rows = await tx.rows(
        "select w.person, count(*) as times, max(w.entered_at) as entry, max(w.left_at) as exit,"
        " bool_or(w.left_at is null) as open, max(m.at) as send"
        " from campaigns.way w left join lateral ("
        "  select max(claimed_at) as at from campaigns.message m where m.way = w.id"
        "  and m.state in ('claimed', 'sent', 'unknown')) m on true"
        " where w.workspace = %s and w.campaign = %s and w.person = any(%s) and w.reason <> 'not_in_audience'"
        " group by w.person",
        (workspace, campaign, list(people)),
    )
    return {row["person"]: row for row in rows}


async def lock_campaign(tx: Tx, workspace: str, campaign: str) -> None:
    """Two that let people in again at the same moment go one after the other."""
    await tx.run("select pg_advisory_xact_lock(hashtextextended(%s, 12))", (f"enter:{workspace}:{campaign}",))


@dataclass(slots=True)
class Coming:
    """Somebody about to come in."""

    id: UUID
    person: UUID
    distinct_id: str
    key: str
    at: datetime
    mark: int = 0
    event: Mapping[str, Any] | None = None


async def enter(
    tx: Tx, workspace: str, campaign: str, version: int, coming: Sequence[Coming], place: Place
) -> set[UUID]:
    """New ways; returns the ids of those that nobody had before. Each counts from when it `at` came in."""
    if not coming:
        return set()
    dues = place.due if isinstance(place.due, list) else None
    rows = await tx.rows(
        "insert into campaigns.way (workspace, id, campaign, version, person, distinct_id, key, state, reason, node,"
        " queue, due, entered_at, since, mark, left_at)"
        " select %(workspace)s, i, %(campaign)s, %(version)s, p, d, k, %(state)s, %(reason)s, %(node)s, %(queue)s,"
        " coalesce(u, %(due)s), a, a, m, case when %(state)s = 'done' then a end"
        " from unnest(%(ids)s::uuid[], %(people)s::uuid[], %(distinct)s::text[], %(keys)s::text[],"
        " %(ats)s::timestamptz[], %(marks)s::bigint[], %(dues)s::timestamptz[]) as t (i, p, d, k, a, m, u)"
        " on conflict do nothing returning id",
        {
            "workspace": workspace, "campaign": campaign, "version": version, "state": place.state,
            "reason": place.reason, "node": place.node, "queue": place.queue,
            "due": None if dues is not None else place.due, "ids": [one.id for one in coming],
            "people": [one.person for one in coming], "distinct": [one.distinct_id for one in coming],
            "keys": [one.key for one in coming], "ats": [one.at for one in coming],
            "marks": [one.mark for one in coming], "dues": dues or [],
        },
    )  # fmt: skip
    return {row["id"] for row in rows}


# -- moving -------------------------------------------------------------------------------------------------------


async def take(tx: Tx, queue: int, now: datetime, limit: int) -> list[Stand]:
    """The next ways that are due in a queue, the longest due first; others take others."""
    rows = await tx.tuples(
        f"select {_STAND} from campaigns.way where queue = %s and due <= %s order by due limit %s"
        " for update skip locked",
        (queue, now, limit),
    )
    return [Stand(*row) for row in rows]


async def due_queues(tx: Tx, queues: Sequence[int], now: datetime) -> list[int]:
    """The queues in which something is due."""
    rows = await tx.rows(
        "select q from unnest(%s::smallint[]) as q"
        " where exists(select from campaigns.way where queue = q and due <= %s)",
        (list(queues), now),
    )
    return [row["q"] for row in rows]


async def take_one(tx: Tx, workspace: str, id: UUID, now: datetime) -> Stand | None:
    """One way, where it is due."""
    row = await tx.row(
        f"select {_STAND} from campaigns.way where workspace = %s and id = %s and due <= %s for update",
        (workspace, id, now),
    )
    return Stand(**row) if row else None


async def put(
    tx: Tx, workspace: str, ids: Sequence[UUID], place: Place, now: datetime, *, since: datetime | None = None,
    arm: str | None = None,
) -> None:  # fmt: skip
    """Puts ways somewhere else. `since`: what counts there happened after it, else after now. `arm`: the half that
    they are in from now on."""
    if not ids:
        return
    common = {
        "workspace": workspace, "ids": list(ids), "node": place.node, "queue": place.queue, "state": place.state,
        "reason": place.reason, "since": since or now, "left": now if place.state == "done" else None,
        "arm": arm,
    }  # fmt: skip
    told = (
        "node = %(node)s, queue = %(queue)s, state = %(state)s, reason = %(reason)s, since = %(since)s,"
        " tries = 0, tried_since = null"
    )
    if arm is not None:
        told += ", arm = %(arm)s"
    if not isinstance(place.due, list):
        await tx.run(
            f"update campaigns.way set {told}, due = %(due)s, left_at = %(left)s"
            " where workspace = %(workspace)s and id = any(%(ids)s)",
            {**common, "due": place.due},
        )
        return
    by_due: dict[datetime, list[UUID]] = {}
    for way_id, due in zip(ids, place.due, strict=True):
        by_due.setdefault(due, []).append(way_id)
    # One statement a time of the clock: there are as many as zones.
    await tx.many(
        f"update campaigns.way set {told}, due = %(due)s where workspace = %(workspace)s and id = any(%(ids)s)",
        [{**common, "due": due, "ids": some} for due, some in by_due.items()],
    )


async def postpone(tx: Tx, workspace: str, ids: Sequence[UUID], until: datetime) -> None:
    """They stay where they are and are looked at again then."""
    if ids:
        await tx.run(
            "update campaigns.way set due = %s where workspace = %s and id = any(%s)", (until, workspace, list(ids))
        )


async def park(tx: Tx, workspace: str, ids: Sequence[UUID]) -> None:
    """Out of the way of others, until their campaign is resumed."""
    await tx.run(
        "update campaigns.way set parked = due, due = '9999-01-01Z' where workspace = %s and id = any(%s)",
        (workspace, list(ids)),
    )


async def unpark(tx: Tx, workspace: str, campaign: str) -> int:
    return await tx.run(
        "update campaigns.way set due = parked, parked = null where workspace = %s and campaign = %s"
        " and parked is not null and due is not null",
        (workspace, campaign),
    )


async def leave(tx: Tx, workspace: str, ids: Sequence[UUID], reason: str, now: datetime) -> None:
    """They are out, where they stand."""
    if ids:
        await tx.run(
            "update campaigns.way set state = 'left', reason = %s, due = null, parked = null, left_at = %s"
            " where workspace = %s and id = any(%s)",
            (reason, now, workspace, list(ids)),
        )


async def turn_away(
    tx: Tx, workspace: str, campaign: str, ids: Sequence[UUID], reason: str, now: datetime
) -> set[UUID]:
    """Takes ways back at the entrance, so that their people may come another time; returns those that are kept, with
    their reason, because they are the first of the day."""
    kept = await tx.rows(
        "update campaigns.way w set state = 'left', reason = %(reason)s, due = null, left_at = %(now)s,"
        " key = %(key)s where workspace = %(workspace)s and id = any(%(ids)s)"
        " and not exists(select from campaigns.way o where o.workspace = %(workspace)s"
        " and o.campaign = %(campaign)s and o.person = w.person and o.key = %(key)s)"
        " and id = (select min(id::text)::uuid from campaigns.way a where a.workspace = %(workspace)s"
        " and a.id = any(%(ids)s) and a.person = w.person) returning id",
        {"workspace": workspace, "campaign": campaign, "ids": list(ids), "reason": reason, "now": now,
         "key": f"{reason}:{now:%Y-%m-%d}"},
    )  # fmt: skip
    noted = {row["id"] for row in kept}
    await tx.run(
        "delete from campaigns.way where workspace = %s and id = any(%s)",
        (workspace, [way_id for way_id in ids if way_id not in noted]),
    )
    return noted


async def open_ways(tx: Tx, workspace: str, campaign: str, limit: int) -> list[Stand]:
    """Some that have not ended; others take others."""
    rows = await tx.rows(
        f"select {_STAND} from campaigns.way where workspace = %s and campaign = %s and due is not null limit %s"
        " for update skip locked",
        (workspace, campaign, limit),
    )
    return [Stand(**row) for row in rows]


async def met(
    tx: Tx, workspace: str, campaign: str, people: Collection[UUID], *, waiting: bool
) -> list[tuple[Stand, datetime]]:
    """The open ways of these people through a campaign, and since when events count there."""
    rows = await tx.rows(
        f"select {_STAND}, since from campaigns.way where workspace = %s and campaign = %s and person = any(%s)"
        f" and due is not null{' and state = %s' if waiting else ''} for update",
        (workspace, campaign, list(people), *(["waiting"] if waiting else [])),
    )
    return [(Stand(**{k: v for k, v in row.items() if k != "since"}), row["since"]) for row in rows]


async def to_version(tx: Tx, workspace: str, campaign: str, version: int, nodes: Sequence[str]) -> int:
    """Brings open ways of other versions to this one, where it has their node."""
    return await tx.run(
        "update campaigns.way set version = %s where workspace = %s and campaign = %s and due is not null"
        " and version <> %s and node = any(%s)",
        (version, workspace, campaign, version, ["", *nodes]),
    )


# -- what campaigns listen to -------------------------------------------------------------------------------------


async def listen_anew(tx: Tx, workspace: str) -> None:
    """Something began or ended to count: who follows the feed looks again."""
    await tx.run(
        "insert into campaigns.listening values (%s, 1)"
        " on conflict (workspace) do update set generation = listening.generation + 1",
        (workspace,),
    )


async def generations(tx: Tx, workspaces: Collection[str]) -> dict[str, int]:
    rows = await tx.rows(
        "select workspace, generation from campaigns.listening where workspace = any(%s)", (list(workspaces),)
    )
    return {row["workspace"]: row["generation"] for row in rows}


async def heard(tx: Tx, workspace: str) -> list[dict[str, Any]]:
    """Every version that people can be on, with its campaign's status and whether it is the newest."""
    return await tx.rows(
        "select c.*, v.version as number, v.design as launched, v.version = c.version as newest"
        " from campaigns.campaign c join campaigns.version v on v.workspace = c.workspace and v.campaign = c.id"
        " where c.workspace = %s and c.status in ('live', 'paused', 'finished')"
        " and (v.version = c.version or exists(select from campaigns.way w where w.workspace = c.workspace"
        "   and w.campaign = c.id and w.version = v.version and w.due is not null))",
        (workspace,),
    )


async def plans(tx: Tx, keys: Collection[tuple[str, str, int]]) -> list[dict[str, Any]]:
    """Versions with their campaigns as they are now, by workspace, campaign and version."""
    return await tx.rows(
        "select c.*, v.version as number, v.design as launched from unnest(%s::text[], %s::text[], %s::int[])"
        " as k (w, c, v) join campaigns.campaign c on c.workspace = k.w and c.id = k.c"
        " join campaigns.version v on v.workspace = k.w and v.campaign = k.c and v.version = k.v",
        ([key[0] for key in keys], [key[1] for key in keys], [key[2] for key in keys]),
    )


async def statuses(tx: Tx, campaigns: Collection[tuple[str, str]]) -> dict[tuple[str, str], str]:
    """Whether campaigns are live at this moment."""
    rows = await tx.rows(
        "select c.workspace, c.id, c.status from unnest(%s::text[], %s::text[]) as k (w, c)"
        " join campaigns.campaign c on c.workspace = k.w and c.id = k.c",
        ([one[0] for one in campaigns], [one[1] for one in campaigns]),
    )
    return {(row["workspace"], row["id"]): row["status"] for row in rows}


# -- looking ------------------------------------------------------------------------------------------------------


async def way(tx: Tx, workspace: str, id: UUID) -> Way | None:
    row = await tx.row("select * from campaigns.way where workspace = %s and id = %s", (workspace, id))
    return _way(row) if row else None


async def ways_of(tx: Tx, workspace: str, ids: Collection[UUID]) -> dict[UUID, Way]:
    rows = await tx.rows("select * from campaigns.way where workspace = %s and id = any(%s)", (workspace, list(ids)))
    return {row["id"]: _way(row) for row in rows}


async def listed(
    tx: Tx, workspace: str, campaign: str | None, people: Sequence[UUID] | None, node: str | None, state: str | None,
    after: UUID | None, limit: int,
) -> list[Way]:  # fmt: skip
    """Newest first."""
    rows = await tx.rows(
        "select * from campaigns.way where workspace = %(workspace)s"
        " and (%(campaign)s::text is null or campaign = %(campaign)s)"
        " and (%(people)s::uuid[] is null or person = any(%(people)s))"
        " and (%(node)s::text is null or node = %(node)s) and (%(state)s::text is null or state = %(state)s)"
        " and (%(after)s::uuid is null or id < %(after)s) order by id desc limit %(limit)s",
        {"workspace": workspace, "campaign": campaign, "people": people, "node": node, "state": state, "after": after,
         "limit": limit},
    )  # fmt: skip
    return [_way(row) for row in rows]


# -- occurrences --------------------------------------------------------------------------------------------------


async def plan_occurrence(tx: Tx, workspace: str, campaign: str, version: int, key: str, due: datetime) -> None:
    await tx.run(
        "insert into campaigns.occurrence (workspace, campaign, key, version, due, state)"
        " values (%s, %s, %s, %s, %s, 'planned') on conflict (workspace, campaign, key)"
        " do update set state = 'planned', due = excluded.due, version = excluded.version"
        " where occurrence.state = 'cancelled' and occurrence.begun_at is null",
        (workspace, campaign, key, version, due),
    )


async def cancel_occurrences(tx: Tx, workspace: str, campaign: str, now: datetime) -> None:
    """What is planned will not be, and who of an audience has not come in yet stays out."""
    await tx.run(
        "update campaigns.occurrence set state = 'cancelled', done_at = %s"
        " where workspace = %s and campaign = %s and state in ('planned', 'entering')",
        (now, workspace, campaign),
    )
    await tx.run("delete from campaigns.snapshot where workspace = %s and campaign = %s", (workspace, campaign))


async def due_occurrence(tx: Tx, now: datetime) -> dict[str, Any] | None:
    """One that begins now."""
    return await tx.row(
        "select o.* from campaigns.occurrence o"
        " join campaigns.campaign c on c.workspace = o.workspace and c.id = o.campaign"
        " where o.state = 'planned' and o.due <= %s and c.status = 'live' order by o.due limit 1",
        (now,),
    )


async def lock_planned(tx: Tx, workspace: str, campaign: str, key: str) -> bool:
    """Whether an occurrence is still to begin; nobody else begins it then."""
    row = await tx.row(
        "select o.state, c.status from campaigns.occurrence o"
        " join campaigns.campaign c on c.workspace = o.workspace and c.id = o.campaign"
        " where o.workspace = %s and o.campaign = %s and o.key = %s for update of o",
        (workspace, campaign, key),
    )
    return row is not None and (row["state"], row["status"]) == ("planned", "live")


async def begin_occurrence(
    tx: Tx, workspace: str, campaign: str, key: str, people: Sequence[UUID], now: datetime
) -> None:
    """Keeps the audience in parts, in the order of ids, which is how ways are indexed."""
    parts = [people[at : at + SET] for at in range(0, len(people), SET)]
    if parts:
        await tx.many(
            "insert into campaigns.snapshot values (%s, %s, %s, %s, %s)",
            [(workspace, campaign, key, number, list(part)) for number, part in enumerate(parts)],
        )
    await tx.run(
        "update campaigns.occurrence set state = %s, people = %s, begun_at = %s, done_at = %s"
        " where workspace = %s and campaign = %s and key = %s",
        ("entering" if parts else "done", len(people), now, None if parts else now, workspace, campaign, key),
    )


async def take_part(tx: Tx) -> dict[str, Any] | None:
    """A part of an audience to let in: taken out of the snapshot; others take others."""
    return await tx.row(
        "with next as (select s.workspace, s.campaign, s.key, s.part from campaigns.snapshot s"
        "  join campaigns.campaign c on c.workspace = s.workspace and c.id = s.campaign and c.status = 'live'"
        "  order by s.workspace, s.campaign, s.key, s.part limit 1 for update of s skip locked)"
        " delete from campaigns.snapshot s using next where s.workspace = next.workspace"
        " and s.campaign = next.campaign and s.key = next.key and s.part = next.part"
        " returning s.workspace, s.campaign, s.key, s.people"
    )


async def took_part(tx: Tx, workspace: str, campaign: str, key: str, count: int, now: datetime) -> bool:
    """Notes how far an occurrence is; whether that was the last of it."""
    row = await tx.row(
        "update campaigns.occurrence set entered = entered + %(n)s,"
        " state = case when entered + %(n)s >= people then 'done' else state end,"
        " done_at = case when entered + %(n)s >= people then %(now)s else done_at end"
        " where workspace = %(workspace)s and campaign = %(campaign)s and key = %(key)s and state = 'entering'"
        " returning state",
        {"n": count, "now": now, "workspace": workspace, "campaign": campaign, "key": key},
    )
    return row is not None and row["state"] == "done"


async def occurrence(tx: Tx, workspace: str, campaign: str, key: str) -> dict[str, Any]:
    row = await tx.row(
        "select * from campaigns.occurrence where workspace = %s and campaign = %s and key = %s",
        (workspace, campaign, key),
    )
    if row is None:
        raise LookupError(f"campaign {campaign} has no occurrence {key}")
    return row


async def occurrences(tx: Tx, workspace: str, campaign: str, limit: int = 60) -> list[Occurrence]:
    """Newest first."""
    rows = await tx.rows(
        "select key, due, state, people, entered, begun_at, done_at from campaigns.occurrence"
        " where workspace = %s and campaign = %s order by due desc limit %s",
        (workspace, campaign, limit),
    )
    return [Occurrence(**row) for row in rows]


async def not_in_yet(tx: Tx, workspace: str, campaign: str) -> int:
    """How many of audiences that are being taken in have not come in."""
    return int(
        await tx.value(
            "select coalesce(sum(people - entered), 0)::bigint from campaigns.occurrence"
            " where workspace = %s and campaign = %s and state = 'entering'",
            (workspace, campaign),
        )
    )


async def occurrences_between(
    tx: Tx, workspace: str, since: datetime, until: datetime, limit: int
) -> list[dict[str, Any]]:
    """Of all campaigns, in time's order."""
    return await tx.rows(
        "select * from campaigns.occurrence where workspace = %s and due >= %s and due < %s order by due limit %s",
        (workspace, since, until, limit),
    )


async def over(tx: Tx) -> list[dict[str, Any]]:
    """Live campaigns that begin by the clock, of which no occurrence is left and nobody is on their way."""
    return await tx.rows(
        "select c.* from campaigns.campaign c where c.status = 'live'"
        " and exists(select from campaigns.occurrence o where o.workspace = c.workspace and o.campaign = c.id)"
        " and not exists(select from campaigns.occurrence o where o.workspace = c.workspace and o.campaign = c.id"
        "   and o.state in ('planned', 'entering'))"
        " and not exists(select from campaigns.tally t where t.workspace = c.workspace and t.campaign = c.id"
        "   and t.what = 'here' and t.n > 0) for update skip locked"
    )


async def abandoned(tx: Tx) -> list[tuple[str, str]]:
    """Stopped campaigns whose people are still on their way."""
    rows = await tx.rows(
        "select c.workspace, c.id from campaigns.campaign c where c.status = 'stopped'"
        " and exists(select from campaigns.tally t where t.workspace = c.workspace and t.campaign = c.id"
        "   and t.what = 'here' and t.n > 0)"
    )
    return [(row["workspace"], row["id"]) for row in rows]


# -- counting -----------------------------------------------------------------------------------------------------


class Tally:
    """What changes of counts in one transaction; written once, at its end, and always in the same order, so that two
    never wait for each other."""

    def __init__(self) -> None:
        self._more: dict[tuple[str, str, str, str], int] = {}

    def add(self, workspace: str, campaign: str, node: str, what: str, n: int = 1) -> None:
        key = (workspace, campaign, node, what)
        self._more[key] = self._more.get(key, 0) + n

    async def write(self, tx: Tx) -> None:
        some = sorted((key, n) for key, n in self._more.items() if n)
        if some:
            await tx.run(
                "insert into campaigns.tally select * from unnest("
                "%s::text[], %s::text[], %s::text[], %s::text[], %s::bigint[])"
                " on conflict (workspace, campaign, node, what) do update set n = tally.n + excluded.n",
                [*([key[part] for key, _ in some] for part in range(4)), [n for _, n in some]],
            )


async def tally(tx: Tx, workspace: str, campaign: str) -> dict[str, dict[str, int]]:
    """By node and what."""
    rows = await tx.rows(
        "select node, what, n from campaigns.tally where workspace = %s and campaign = %s", (workspace, campaign)
    )
    found: dict[str, dict[str, int]] = {}
    for row in rows:
        found.setdefault(row["node"], {})[row["what"]] = row["n"]
    return found


async def paced(tx: Tx, workspace: str, campaign: str, minute: datetime, sent: int) -> None:
    await tx.run(
        "insert into campaigns.pace values (%s, %s, %s, %s)"
        " on conflict (workspace, campaign, minute) do update set sent = pace.sent + excluded.sent",
        (workspace, campaign, minute, sent),
    )


async def pace(tx: Tx, workspace: str, campaign: str, since: datetime) -> list[tuple[datetime, int]]:
    rows = await tx.rows(
        "select minute, sent from campaigns.pace where workspace = %s and campaign = %s and minute >= %s"
        " order by minute",
        (workspace, campaign, since),
    )
    return [(row["minute"], row["sent"]) for row in rows]


def _way(row: Mapping[str, Any]) -> Way:
    due = row["parked"] or row["due"]
    return Way(
        row["id"], row["campaign"], row["version"], row["person"], row["distinct_id"], row["key"], row["arm"],
        row["state"], row["reason"], row["node"], due, row["entered_at"], row["left_at"],
    )  # fmt: skip
