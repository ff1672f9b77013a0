"""The queue of what apps are told, in PostgreSQL. `now` is always the house's clock."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any

from dure.channels.delivery.model import Delivery, Missed, New, Sent
from dure.channels.delivery.rules import ACK, AGAIN
from dure.state import Tx

_ADD = """
insert into channels.delivery (envelope, app, org, workspace, kind, way, summary, body, event_id, channel, state, why,
    due_at, created_at, finished_at, attempts, sent_at)
select u.envelope, u.app, u.org, u.workspace, u.kind, u.way, u.summary, u.body, u.event_id, u.channel, u.state, u.why,
       %(now)s, %(now)s, case u.state when 'dropped' then %(now)s::timestamptz end, 0, null
from unnest(%(envelope)s::uuid[], %(app)s::text[], %(org)s::text[], %(workspace)s::text[], %(kind)s::text[],
            %(way)s::text[], %(summary)s::text[], %(body)s::text[], %(event_id)s::text[], %(channel)s::text[],
            %(state)s::text[], %(why)s::text[])
     with ordinality as u(envelope, app, org, workspace, kind, way, summary, body, event_id, channel, state, why, n)
order by u.n
on conflict (app, event_id) where event_id <> '' do nothing
returning id
"""
_SENT = """
returning d.id, d.envelope::text as envelope, d.app, d.org, d.workspace, d.kind, d.channel, d.body, d.attempts, d.why
"""
# The next that are due, what a person waits for before all else, for this process alone: a row is sent by whoever
# marked it sent. To an address a channel's events go one after the other. What is claimed and lost with the disk is
# only sent once more, so nobody waits for that.
_CLAIM = f"""
with quick as materialized (select set_config('synchronous_commit', 'off', true)),
next as (
    select id from channels.delivery d
    where app = %(app)s and way = %(way)s and state = 'waiting' and due_at <= %(now)s and exists (select from quick)
      and (kind <> 'events_api' or %(events)s)
      and (way = 'socket' or not exists (select from channels.delivery o where o.app = %(app)s and o.way = 'http'
                                         and o.state = 'sent' and o.channel = d.channel and o.channel <> ''))
    order by kind = 'events_api', id limit %(limit)s for update skip locked
)
update channels.delivery d set state = 'sent', attempts = d.attempts + 1, sent_at = %(now)s, due_at = %(until)s
from next where d.id = next.id
{_SENT}
"""
# Tries that came to nothing: an event waits for its next one while it has any, all else has failed.
_MISSED = """
update channels.delivery d set
    state = case when t.again then 'waiting' else 'failed' end,
    due_at = t.due_at, why = %(why)s, finished_at = case when t.again then null else %(now)s::timestamptz end
from (select l.id, l.attempts, l.again, l.due_at from (
          select m.id, m.attempts, o.kind = 'events_api' and m.attempts <= cardinality(%(waits)s::interval[]) as again,
                 %(now)s + coalesce((%(waits)s::interval[])[m.attempts], '0') as due_at
          from unnest(%(ids)s::bigint[], %(attempts)s::int[]) as m(id, attempts)
          join channels.delivery o on o.id = m.id) l) t
where d.id = t.id and d.attempts = t.attempts and d.state = 'sent'
returning d.id, d.app, d.way, d.workspace, d.kind, d.state
"""
_SHOWN = """
select id, kind, event_id, state, attempts, created_at, sent_at, acknowledged_at, why, summary from channels.delivery
where app = %s and workspace = %s
"""


async def add(tx: Tx, told: Sequence[New], now: datetime) -> list[int]:
    """Adds in this order; an event that an app was told already is left out. The ids of those that are new."""
    columns = ("envelope", "app", "org", "workspace", "kind", "way", "summary", "body", "event_id", "channel", "state",
               "why")  # fmt: skip
    values: dict[str, Any] = {name: [getattr(one, name) for one in told] for name in columns}
    return [row["id"] for row in await tx.rows(_ADD, {**values, "now": now})]


async def claim(
    tx: Tx, app: str, way: str, now: datetime, limit: int, *, lease: timedelta = ACK, events: bool = True
) -> list[Sent]:
    """Takes what is due for an app, questions first, events in the order they were told and only if `events`.

    It is this process's until `lease` has passed.
    """
    rows = await tx.rows(
        _CLAIM, {"app": app, "way": way, "now": now, "until": now + lease, "limit": limit, "events": events}
    )
    return sorted((Sent(**row) for row in rows), key=lambda one: (one.kind == "events_api", one.id))


async def take_turns(tx: Tx, app: str) -> None:
    """Makes processes that claim for an app's address wait for each other, so that each sees what the other took."""
    await tx.run("select pg_advisory_xact_lock(hashtext('channels.delivery'), hashtext(%s))", (app,))


async def acknowledge(tx: Tx, app: str, answers: Sequence[tuple[str, str | None]], now: datetime) -> list[int]:
    """Notes what an app answered, by envelope; late answers count, second ones do not. The ids of what was asked."""
    await tx.run("set local synchronous_commit = off")
    rows = await tx.rows(
        "update channels.delivery d set state = 'acknowledged', acknowledged_at = %(now)s, finished_at = %(now)s,"
        " answer = a.answer, why = '' from unnest(%(envelopes)s::uuid[], %(answers)s::text[]) as a(envelope, answer)"
        " where d.envelope = a.envelope and d.app = %(app)s and d.state <> 'acknowledged' returning d.id, d.kind",
        {"app": app, "now": now, "envelopes": [e for e, _ in answers], "answers": [a for _, a in answers]},
    )
    return [row["id"] for row in rows if row["kind"] != "events_api"]


async def missed(
    tx: Tx, tries: Sequence[tuple[int, int]], why: str, now: datetime, *, at_once: bool = False, last: bool = False
) -> list[Missed]:
    """Notes tries, each an id and its number of attempts, that came to nothing, unless there was another since.

    The next is in its time, or `at_once`; there is none after the `last`.
    """
    waits = [] if last else [timedelta() for _ in AGAIN] if at_once else list(AGAIN)
    rows = await tx.rows(
        _MISSED,
        {"ids": [one for one, _ in tries], "attempts": [n for _, n in tries], "why": why, "now": now, "waits": waits},
    )
    return [Missed(**row) for row in rows]


async def unanswered(tx: Tx, way: str, now: datetime, limit: int = 1000) -> list[tuple[int, int]]:
    """Tries whose time is over, whichever process sent them; locked for this transaction."""
    rows = await tx.rows(
        "select id, attempts from channels.delivery where state = 'sent' and due_at <= %s and way = %s order by id"
        " limit %s for update skip locked",
        (now, way, limit),
    )
    return [(row["id"], row["attempts"]) for row in rows]


async def due_among(tx: Tx, apps: Sequence[str], now: datetime) -> list[str]:
    """Which of the apps something waits for that goes by a socket."""
    rows = await tx.rows(
        "select app from unnest(%s::text[]) as a(app) where exists (select from channels.delivery d where d.app = a.app"
        " and d.way = 'socket' and d.state = 'waiting' and d.due_at <= %s)",
        (list(apps), now),
    )
    return [row["app"] for row in rows]


async def due_to_call(tx: Tx, now: datetime) -> list[str]:
    """The apps whose address is to be called."""
    rows = await tx.rows(
        "select distinct app from channels.delivery where state = 'waiting' and way = 'http' and due_at <= %s", (now,)
    )
    return [row["app"] for row in rows]


async def answer_of(tx: Tx, id: int) -> dict[str, Any] | None:
    """The state, reason and answer of something that was asked."""
    return await tx.row("select state, why, answer from channels.delivery where id = %s", (id,))


async def give_up(tx: Tx, id: int, why: str, now: datetime) -> None:
    """Ends what was asked and nobody answered."""
    await tx.run(
        "update channels.delivery set state = 'failed', why = %s, finished_at = %s"
        " where id = %s and state in ('waiting', 'sent')",
        (why, now, id),
    )


async def was_called(tx: Tx, id: int, *, ok: bool, now: datetime) -> None:
    """Notes the one try of what was asked at an address."""
    await tx.run(
        "update channels.delivery set state = %s, attempts = 1, sent_at = created_at, acknowledged_at = %s,"
        " finished_at = %s where id = %s",
        ("acknowledged" if ok else "failed", now if ok else None, now, id),
    )


async def drop_beyond(tx: Tx, most: int, now: datetime) -> int:
    """Drops the oldest of what waits for an app beyond `most`."""
    return await tx.run(
        "update channels.delivery set state = 'dropped', why = 'queue_full', finished_at = %(now)s where id in ("
        " select d.id from (select app from channels.delivery where state = 'waiting' group by app"
        "  having count(*) > %(most)s) f"
        " cross join lateral (select id from channels.delivery w where w.app = f.app and w.state = 'waiting'"
        "  order by id desc offset %(most)s) d)",
        {"most": most, "now": now},
    )


async def drop_old(tx: Tx, before: datetime, now: datetime) -> int:
    """Drops what nobody has come for."""
    return await tx.run(
        "update channels.delivery set state = 'dropped', why = 'no_connection', finished_at = %s"
        " where state = 'waiting' and due_at < %s and created_at < %s",
        (now, before, before),
    )


async def remove_finished(tx: Tx, before: datetime) -> int:
    return await tx.run("delete from channels.delivery where finished_at < %s", (before,))


async def shown(tx: Tx, app: str, workspace: str, limit: int) -> list[Delivery]:
    """The newest first."""
    rows = await tx.rows(f"{_SHOWN} order by id desc limit %s", (app, workspace, limit))
    return [Delivery(**row) for row in rows]


async def again(tx: Tx, app: str, workspace: str, id: int, now: datetime) -> str:
    """Lets what failed or was dropped wait anew with all its tries; "" done, else its state, or `unknown`."""
    row = await tx.row(
        "select state, kind from channels.delivery where app = %s and workspace = %s and id = %s for update",
        (app, workspace, id),
    )
    if row is None:
        return "unknown"
    if row["kind"] != "events_api":
        return str(row["kind"])
    if row["state"] not in ("failed", "dropped"):
        return str(row["state"])
    await tx.run(
        "update channels.delivery set state = 'waiting', attempts = 0, due_at = %s, finished_at = null, why = ''"
        " where id = %s",
        (now, id),
    )
    return ""
