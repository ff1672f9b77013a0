"""What is on its way to partners, in PostgreSQL.

An entry is written in its act's transaction and gets its number when it is first taken to be sent: so those who write
need not take turns, and no number is missing where a transaction was taken back. Within a conversation its writers do
take turns, so there the order of `id` is that of the acts.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

import msgspec
from psycopg.types.json import Jsonb

from dure.kernel.whom import Whom
from dure.state import Tx

CHANNEL = "dure_federation"


async def add(tx: Tx, partner: str, bodies: Sequence[Mapping[str, Any]], at: datetime) -> None:
    """Puts entries behind those that are there, and wakes who sends once this is committed."""
    if not bodies:
        return
    await tx.run(
        "insert into channels.partner_entry (partner, body, made_at)"
        " select %s, body, %s from jsonb_array_elements(%s) with ordinality as t(body, place) order by place",
        (partner, at, Jsonb(list(bodies))),
    )
    await tx.run("select pg_notify(%s, %s)", (CHANNEL, partner))


async def take(tx: Tx, partner: str, most: int, most_bytes: int) -> tuple[list[dict[str, Any]], int] | None:
    """The next entries with their numbers, and how many there are behind them; None where another process sends.

    The caller commits before it sends: a number that was seen outside is never given out again.
    """
    if not await tx.value("select pg_try_advisory_xact_lock(hashtext('channels.partner'), hashtext(%s))", (partner,)):
        return None
    await tx.run(
        "with new as (select id, row_number() over (order by id) as place from channels.partner_entry"
        "  where partner = %(partner)s and n is null),"
        " numbered as (update channels.partner_entry e set n = p.sent + new.place from new, channels.partner p"
        "  where e.id = new.id and p.id = %(partner)s returning e.n)"
        " update channels.partner set sent = greatest(sent, (select max(n) from numbered))"
        " where id = %(partner)s and exists (select from new)",
        {"partner": partner},
    )
    rows = await tx.rows(
        "select n, body::text as body, total from (select n, body, count(*) over () as total,"
        " sum(length(body::text)) over (order by n) - length(body::text) as before"
        " from (select n, body from channels.partner_entry where partner = %s order by n limit %s) as next) as few"
        " where before < %s order by n",
        (partner, most, most_bytes),
    )
    if not rows:
        return [], 0
    left: int = await tx.value("select count(*) from channels.partner_entry where partner = %s", (partner,))
    return [{"n": row["n"], **msgspec.json.decode(row["body"])} for row in rows], left - len(rows)


async def acknowledge(tx: Tx, partner: str, n: int) -> None:
    """The other side has everything up to `n`."""
    await tx.run("delete from channels.partner_entry where partner = %s and n <= %s", (partner, n))
    await tx.run(
        "update channels.partner set acked = greatest(acked, %s) where id = %s and %s <= sent", (n, partner, n)
    )


async def renumber(tx: Tx, partner: str, n: int) -> None:
    """Everything that waits gets its number anew, behind `n`: those up to there were given out once already."""
    await tx.run("update channels.partner_entry set n = null where partner = %s", (partner,))
    await tx.run("update channels.partner set sent = %s, acked = %s where id = %s", (n, n, partner))


async def forget(tx: Tx, channel: str, ts: Sequence[str]) -> None:
    """Messages were taken away: what tells of them and is not sent yet is empty, and keeps its number."""
    about = {"channel": channel, "ts": list(ts)}
    await tx.run(
        "update channels.partner_entry set body = '{\"kind\": \"erased\"}' where body->>'channel' = %(channel)s and"
        " (body->'message'->>'ts' = any(%(ts)s) or body->'line'->>'ts' = any(%(ts)s))",
        about,
    )
    await tx.run(
        "update channels.partner_entry set body = jsonb_set(body, '{messages}', (select coalesce(jsonb_agg(one"
        " order by place), '[]') from jsonb_array_elements(body->'messages') with ordinality as t(one, place)"
        " where one->>'ts' <> all(%(ts)s))) where body->>'channel' = %(channel)s and body->>'kind' = 'past'",
        about,
    )
    await tx.run(
        "update channels.partner_request r set body = '{}' where r.channel = %(channel)s and r.state = 'done'"
        " and (r.subject = any(%(ts)s) or exists (select from channels.message m where m.channel = r.channel"
        " and m.client_msg_id = r.subject and m.ts = any(%(numbers)s)))",
        {**about, "numbers": [int(one.replace(".", "")) for one in ts]},
    )


async def blank(tx: Tx, whom: Whom) -> int:
    """Takes what points at a person out of what their organisation has not sent yet; how many entries changed."""
    if not whom.strong:
        return 0
    rows = await tx.rows(
        "select e.id, e.body::text as body from channels.partner_entry e join channels.partner p on p.id = e.partner"
        " where p.org = %s and e.body::text ~* %s for update of e",
        (whom.tenant.org, whom.strong),
    )
    changed = 0
    for row in rows:
        new = whom.blank(row["body"])
        if new != row["body"]:
            await tx.run("update channels.partner_entry set body = %s::jsonb where id = %s", (new, row["id"]))
            changed += 1
    return changed


async def drop(tx: Tx, partner: str) -> None:
    await tx.run("delete from channels.partner_entry where partner = %s", (partner,))


async def moment(tx: Tx, partner: str) -> datetime | None:
    """When the oldest that still waits was written."""
    at: datetime | None = await tx.value(
        "select min(made_at) from channels.partner_entry where partner = %s", (partner,)
    )
    return at
