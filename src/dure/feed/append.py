"""Writing to the feed: inside a domain transaction, or collected from many requests into one commit."""

from __future__ import annotations

import asyncio
from collections import deque
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

import zstandard

from dure.feed.model import Event, Lane, encode
from dure.kernel.errors import Unavailable
from dure.kernel.tenant import Tenant
from dure.state.database import State, Tx

_BATCHES_A_TRANSACTION = 4096

# Follower connections listen on this channel.
CHANNEL = "feed"

_INSERT = """
insert into feed.batch (position, slot, lane, org, workspace, count, body, keys)
values (pg_current_xact_id()::text::bigint * 4096 + %(n)s,
        (extract(epoch from clock_timestamp())::bigint / 3600) %% 8,
        %(lane)s, %(org)s, %(workspace)s, %(count)s, %(body)s, %(keys)s)
"""
# The number of the part of a transaction that a row was written in, later than the transaction's own; rows know its
# lower half. It is above the oldest running number until the whole has ended, so nothing reads it too early.
_RENUMBER = """
update feed.batch set position = (
        (%(own)s::bigint >> 32 << 32) + xmin::text::bigint
        + case when xmin::text::bigint < (%(own)s::bigint & 4294967295) then 4294967296 else 0 end
    ) * 4096 + %(n)s
where position = %(own)s::bigint * 4096 + %(n)s
"""
# Many workspaces' batches in one transaction of one statement; CHANNEL's followers wake.
_INSERT_GROUP = f"""
with added as (
    insert into feed.batch (position, slot, lane, org, workspace, count, body, keys)
    select pg_current_xact_id()::text::bigint * 4096 + number - 1,
           (extract(epoch from clock_timestamp())::bigint / 3600) %% 8,
           {Lane.OUTSIDE.value}, org, workspace, count, body, keys
    from unnest(%(orgs)s::text[], %(workspaces)s::text[], %(counts)s::int[], %(bodies)s::bytea[], %(keys)s::bytea[])
         with ordinality as one (org, workspace, count, body, keys, number)
    returning 1
)
select pg_notify('{CHANNEL}', '{Lane.OUTSIDE.value}') from (select from added limit 1) as first
"""


async def append(tx: Tx, *events: Event) -> None:
    """Adds a domain act's events to the feed in the transaction that changes the state.

    All events of a call must be of one workspace; they become one batch, so call it once per act, not per row.
    """
    if not events:
        return
    first = events[0]
    if any(event.workspace != first.workspace for event in events):
        raise ValueError("events of one append are of one workspace")
    body = b"\n".join(encode(event) for event in events)
    await _insert(tx, Tenant(first.org, first.workspace), Lane.DOMAIN, len(events), body)
    tx.told.extend(events)


async def append_lines(tx: Tx, tenant: Tenant, count: int, body: bytes, keys: bytes = b"") -> None:
    """Adds encoded events from outside (`count` lines of JSON of `Event`) as one batch; `keys` as `Batch` has them."""
    await _insert(tx, tenant, Lane.OUTSIDE, count, body.strip(b"\n"), keys)


async def append_set(tx: Tx, tenant: Tenant, count: int, body: bytes) -> None:
    """Adds a domain act's encoded events (`count` lines of JSON of `Event`) as one batch, as `append` would.

    They are not shown to whoever witnesses transactions: it is for what happens to people by the thousand.
    """
    if count:
        await _insert(tx, tenant, Lane.DOMAIN, count, body)


@dataclass(slots=True)
class _Waiting:
    tenant: Tenant
    count: int
    body: bytes
    keys: bytes
    done: asyncio.Future[None]


@dataclass
class Collector:
    """Gathers what many requests bring within a moment into one commit (group commit).

    `collect` returns once the lines are on disk. While one commit is under way the next group gathers, so the group
    grows with the load by itself.
    """

    state: State
    limit: int = 20_000
    backlog: int = 200_000
    waiting_lines: int = 0
    _waiting: deque[_Waiting] = field(default_factory=deque)
    _wake: asyncio.Event = field(default_factory=asyncio.Event)

    async def collect(self, tenant: Tenant, count: int, body: bytes, keys: bytes = b"") -> None:
        """Durably appends `count` lines with eight bytes of key for each.

        Raises Unavailable when more is waiting to be stored than fits.
        """
        if self.waiting_lines > self.backlog:
            raise Unavailable("More events are waiting to be stored than fit; send these again in a moment.")
        entry = _Waiting(tenant, count, body, keys, asyncio.get_running_loop().create_future())
        self._waiting.append(entry)
        self.waiting_lines += count
        self._wake.set()
        await entry.done

    async def run(self) -> None:
        """Commits groups until cancelled; what is waiting then is committed before it returns."""
        try:
            while True:
                await self._wake.wait()
                self._wake.clear()
                while self._waiting:
                    await self._commit(self._take())
        except asyncio.CancelledError:
            while self._waiting:
                await asyncio.shield(self._commit(self._take()))
            raise

    def _take(self) -> list[_Waiting]:
        group, lines = [], 0
        while self._waiting and lines < self.limit:
            entry = self._waiting.popleft()
            group.append(entry)
            lines += entry.count
        self.waiting_lines -= lines
        return group

    async def _commit(self, group: Sequence[_Waiting]) -> None:
        error: Exception | None = None
        try:
            await self._write(group)
        except Exception as problem:
            error = problem
        for entry in group:
            if entry.done.done():
                continue  # whoever sent it hung up
            if error is None:
                entry.done.set_result(None)
            else:
                entry.done.set_exception(error)

    async def _write(self, group: Sequence[_Waiting]) -> None:
        by_tenant: dict[Tenant, list[_Waiting]] = {}
        for entry in group:
            by_tenant.setdefault(entry.tenant, []).append(entry)
        groups = by_tenant.values()
        await self.state.at_once(
            _INSERT_GROUP,
            {
                "orgs": [tenant.org for tenant in by_tenant],
                "workspaces": [tenant.workspace for tenant in by_tenant],
                "counts": [sum(entry.count for entry in own) for own in groups],
                "bodies": [await _compress(b"\n".join(entry.body for entry in own)) for own in groups],
                "keys": [b"".join(entry.keys for entry in own) for own in groups],
            },
        )


async def _insert(tx: Tx, tenant: Tenant, lane: Lane, count: int, body: bytes, keys: bytes = b"") -> None:
    if tx.appended >= _BATCHES_A_TRANSACTION:
        raise ValueError("too many feed batches in one transaction; append more events at a time")
    # A compressor is not safe to share between threads and costs microseconds to make.
    packed = await _compress(body)
    row = {
        "n": tx.appended, "lane": lane, "org": tenant.org, "workspace": tenant.workspace, "count": count,
        "body": packed, "keys": keys,
    }  # fmt: skip
    if tx.numbered_early:
        own = await tx.value("select pg_current_xact_id()::text::bigint")
        async with tx.connection.transaction():
            await tx.run(_INSERT, row)
            await tx.run(_RENUMBER, {"own": own, "n": tx.appended})
    else:
        await tx.run(_INSERT, row)
    if tx.appended == 0:
        await tx.run(f"select pg_notify('{CHANNEL}', '{lane.value}')")
    tx.appended += 1


async def _compress(body: bytes) -> bytes:
    if len(body) > 1_000_000:
        return await asyncio.to_thread(lambda: zstandard.ZstdCompressor(level=1).compress(body))
    return zstandard.ZstdCompressor(level=1).compress(body)


def lines_of(events: Iterable[Event]) -> bytes:
    """Events as newline-separated JSON."""
    return b"\n".join(encode(event) for event in events)
