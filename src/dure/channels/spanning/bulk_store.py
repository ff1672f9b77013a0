"""Acts on many channels in PostgreSQL."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from dure.channels.spanning.model import Bulk, bulk_of
from dure.kernel.tenant import Tenant
from dure.state import Tx

_BULK = """
select b.*, count(c.place) as total, count(c.error) as done,
       jsonb_object_agg(c.channel, c.error) filter (where c.error <> '') as failed
from channels.bulk b join channels.bulk_channel c on c.bulk = b.id
"""


async def take_turns(tx: Tx, org: str) -> None:
    await tx.run("select pg_advisory_xact_lock(hashtext('channels.bulk.org'), hashtext(%s))", (org,))


async def known(tx: Tx, org: str, spaces: Sequence[str], channels: Sequence[str]) -> set[str]:
    """Those that are channels of the organisation."""
    rows = await tx.rows(
        "select distinct s.channel from channels.share s join channels.conversation c on c.id = s.channel"
        " where s.org = %s and s.state = 'connected' and c.kind = 'channel' and s.workspace = any(%s)"
        " and s.channel = any(%s)",
        (org, list(spaces), list(channels)),
    )
    return {row["channel"] for row in rows}


async def under_way(tx: Tx, org: str) -> bool:
    return bool(await tx.value("select 1 from channels.bulk where org = %s and ended_at is null limit 1", (org,)))


async def add(tx: Tx, tenant: Tenant, bulk: Bulk, channels: Sequence[str]) -> None:
    await tx.run(
        "insert into channels.bulk (id, org, workspace, account, act, target, made_at)"
        " values (%s, %s, %s, %s, %s, %s, %s)",
        (bulk.id, tenant.org, tenant.workspace, bulk.account, bulk.act, bulk.target, bulk.made_at),
    )
    await tx.run(
        "insert into channels.bulk_channel (bulk, place, org, channel) select %s, place, %s, channel"
        " from unnest(%s::text[]) with ordinality as t(channel, place)",
        (bulk.id, tenant.org, list(channels)),
    )


async def find(tx: Tx, org: str, bulk: str) -> Bulk | None:
    row = await tx.row(f"{_BULK} where b.org = %s and b.id = %s group by b.id", (org, bulk))
    return None if row is None else bulk_of(row)


async def latest(tx: Tx, org: str, limit: int) -> list[Bulk]:
    rows = await tx.rows(f"{_BULK} where b.org = %s group by b.id order by b.made_at desc limit %s", (org, limit))
    return [bulk_of(row) for row in rows]


async def next_of(tx: Tx, now: datetime) -> dict[str, Any] | None:
    """The next channel of the oldest act that is not over."""
    return await tx.row(
        "select b.org, b.workspace, b.account, b.act, b.target, c.bulk, c.place, c.channel from channels.bulk b"
        " join channels.bulk_channel c on c.bulk = b.id and c.error is null"
        " where b.ended_at is null and b.made_at <= %s order by b.made_at, b.id, c.place limit 1",
        (now,),
    )


async def note(tx: Tx, bulk: str, place: int, error: str, now: datetime) -> None:
    """A channel was done, or why not; with the last one the act is over."""
    await tx.run("update channels.bulk_channel set error = %s where bulk = %s and place = %s", (error, bulk, place))
    await tx.run(
        "update channels.bulk b set ended_at = %s where b.id = %s and not exists"
        " (select from channels.bulk_channel c where c.bulk = b.id and c.error is null)",
        (now, bulk),
    )
