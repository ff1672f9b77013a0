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


async def drop(tx: Tx, partner: str) -> None:
    await tx.run("delete from channels.partner_entry where partner = %s", (partner,))


async def moment(tx: Tx, partner: str) -> datetime | None:
    """When the oldest that still waits was written."""
    at: datetime | None = await tx.value(
        "select min(made_at) from channels.partner_entry where partner = %s", (partner,)
    )
    return at
