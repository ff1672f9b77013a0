"""Reading the feed: followers with a cursor in the same database, woken by NOTIFY.

A follower sees only batches of transactions older than every running one (`pg_snapshot_xmin`), so a transaction that
took its id early and commits late is never skipped. Effects in PostgreSQL commit together with the cursor: exactly
once. A store outside PostgreSQL is written by claiming a range first (`follow_outside`), so that after a crash the
very same range is written again under the same name.
"""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime

import structlog
import zstandard

from dure.feed.append import CHANNEL
from dure.feed.model import Batch, Lane
from dure.state.database import State, Tx

log = structlog.get_logger("feed")

Handle = Callable[[Tx, Sequence[Batch]], Awaitable[None]]
HandleOutside = Callable[[str, Sequence[Batch]], Awaitable[None]]

_READ = """
select position, lane, org, workspace, count, body from feed.batch
where position > %(after)s and position < %(until)s and lane = any(%(lanes)s)
order by position limit %(limit)s
"""
# Below this position every transaction has ended.
_FINAL = "select pg_snapshot_xmin(pg_current_snapshot())::text::bigint * 4096"
_EVERY_LANE = (Lane.DOMAIN, Lane.OUTSIDE)


@dataclass
class Bell:
    """Wakes this process's followers when something is appended; one listening connection for all of them."""

    state: State
    _rung: asyncio.Event = field(default_factory=asyncio.Event)

    async def run(self) -> None:
        """Listens until cancelled; a broken connection is opened anew."""
        while True:
            try:
                async with self.state.listen(CHANNEL) as notes:
                    self.ring()
                    async for _ in notes:
                        self.ring()
            except OSError as error:
                log.warning("feed.bell_broken", error=str(error))
            except Exception as error:
                log.warning("feed.bell_broken", error=repr(error))
            await asyncio.sleep(0.5)

    def ring(self) -> None:
        self._rung.set()
        self._rung = asyncio.Event()

    async def wait(self, seconds: float) -> None:
        """Returns at the next ring or after the time, whichever is first."""
        rung = self._rung
        try:
            async with asyncio.timeout(seconds):
                await rung.wait()
        except TimeoutError:
            return


@dataclass
class Follower:
    """A named reader of the feed; `limit` bounds the batches of one transaction.

    One that is `begun` has its cursor already, and where that was taken away it reads nothing.
    """

    state: State
    name: str
    lanes: tuple[Lane, ...] = _EVERY_LANE
    limit: int = 200
    begun: bool = False

    async def step(self, handle: Handle) -> int:
        """One transaction: read on from the cursor, handle, move the cursor. Returns the number of batches.

        Another process that follows under the same name at this moment makes this a no-op.
        """
        async with self.state.begin_system() as tx:
            at = await _lock_cursor(tx, self.name)
            if at is None:
                return 0
            until = await tx.value(_FINAL)
            batches = await _read(tx, at, until, self.lanes, self.limit)
            if not batches:
                await _pass_by(tx, self.name, at, until)
                return 0
            await handle(tx, batches)
            await tx.run(
                "update feed.cursor set position = %s, moved_at = now() where name = %s",
                (batches[-1].position, self.name),
            )
            return len(batches)

    async def step_outside(self, handle: HandleOutside) -> int:
        """Like `step` for an effect outside PostgreSQL. `handle` gets a token that is the same on every retry."""
        async with self.state.begin_system() as tx:
            if not await tx.value("select pg_try_advisory_xact_lock(hashtext(%s))", (f"feed:{self.name}",)):
                return 0
            row = await tx.row("select position, claim from feed.cursor where name = %s", (self.name,))
            if row is None and self.begun:
                return 0
            at, claim = (row["position"], row["claim"]) if row else (0, None)
            until = claim + 1 if claim is not None else await tx.value(_FINAL)
            # A claimed range is re-read whole, whatever today's limit: its token names exactly these batches.
            batches = await _read(tx, at, until, self.lanes, None if claim is not None else self.limit)
            if not batches:
                return 0
            await tx.run(
                "insert into feed.cursor (name, position, claim) values (%(name)s, 0, %(claim)s)"
                " on conflict (name) do update set claim = %(claim)s",
                {"name": self.name, "claim": batches[-1].position},
            )
        await handle(f"{self.name}:{at}-{batches[-1].position}", batches)
        async with self.state.begin_system() as tx:
            await tx.run(
                "update feed.cursor set position = %(to)s, claim = null, moved_at = now()"
                " where name = %(name)s and claim = %(to)s",
                {"name": self.name, "to": batches[-1].position},
            )
        return len(batches)

    async def run(
        self, bell: Bell, *, handle: Handle | None = None, outside: HandleOutside | None = None, linger: float = 0.0
    ) -> None:
        """Follows until cancelled. An error is logged and tried again with growing patience; nothing is skipped.

        `linger` seconds are waited after a ring, so that a store that prefers large writes gets them.
        """
        patience = 0.1
        while True:
            try:
                moved = await (self.step(handle) if handle else self.step_outside(outside))  # type: ignore[arg-type]
                patience = 0.1
            except Exception:
                log.exception("feed.follower_failed", follower=self.name, again_in=patience)
                await asyncio.sleep(patience)
                patience = min(patience * 2, 30.0)
                continue
            if not moved:
                # What was rung for may still be hidden behind a running transaction: look again soon, then rest.
                await bell.wait(0.02 if await self._something_hidden() else 1.0)
                if linger:
                    await asyncio.sleep(linger)

    async def _something_hidden(self) -> bool:
        async with self.state.begin_system() as tx:
            return bool(
                await tx.value(
                    "select exists(select from feed.batch b where lane = any(%(lanes)s) and b.position >"
                    " coalesce((select c.position from feed.cursor c where c.name = %(name)s), 0))",
                    {"name": self.name, "lanes": list(self.lanes)},
                )
            )


async def tail(tx: Tx, after: int, lanes: Sequence[Lane] = (Lane.DOMAIN,), limit: int = 500) -> list[Batch]:
    """Final batches after a position, without a cursor: for live screens."""
    return await _read(tx, after, await tx.value(_FINAL), lanes, limit)


async def end(tx: Tx) -> int:
    """The position before which everything is final now."""
    return int(await tx.value(_FINAL)) - 1


async def newest_position(tx: Tx) -> int:
    """The place of the newest batch that can be seen; 0 in an empty feed."""
    return int(await tx.value("select coalesce(max(position), 0) from feed.batch"))


async def position_of(tx: Tx, name: str) -> int:
    """How far a follower has come."""
    return int(await tx.value("select coalesce(max(position), 0) from feed.cursor where name = %s", (name,)))


@dataclass(frozen=True)
class Lag:
    """How far a follower is behind: batches and the age of the oldest one in seconds."""

    name: str
    batches: int
    seconds: float


async def lags(tx: Tx) -> list[Lag]:
    """Every follower's distance from the feed's end."""
    rows = await tx.rows(
        "select c.name, count(b.position) as batches,"
        " coalesce(extract(epoch from clock_timestamp() - min(b.written_at)), 0)::float8 as seconds"
        " from feed.cursor c left join feed.batch b on b.position > c.position group by c.name order by c.name"
    )
    return [Lag(row["name"], row["batches"], row["seconds"]) for row in rows]


async def drop_passed(state: State, now: datetime | None = None) -> int:
    """Empties every slot whose batches all cursors have passed, except the slots of this and the last hour."""
    hour = int((now or datetime.now(UTC)).timestamp()) // 3600
    dropped = 0
    for slot in range(8):
        if slot in (hour % 8, (hour - 1) % 8):
            continue
        async with state.begin_system() as tx:
            newest = await tx.value(f"select max(position) from feed.batch_{slot}")
            slowest = await tx.value("select min(position) from feed.cursor")
            if newest is not None and slowest is not None and newest <= slowest:
                await tx.run(f"truncate feed.batch_{slot}")
                dropped += 1
    return dropped


async def _lock_cursor(tx: Tx, name: str) -> int | None:
    await tx.run("insert into feed.cursor (name, position) values (%s, 0) on conflict do nothing", (name,))
    position: int | None = await tx.value(
        "select position from feed.cursor where name = %s for update skip locked", (name,)
    )
    return position


async def _pass_by(tx: Tx, name: str, at: int, until: int) -> None:
    """Moves over batches of lanes that the follower does not read, so that it does not keep them from being dropped."""
    await tx.run(
        "update feed.cursor c set position = b.newest, moved_at = now() from (select max(position) as newest"
        " from feed.batch where position > %(at)s and position < %(until)s) b"
        " where c.name = %(name)s and b.newest is not null",
        {"name": name, "at": at, "until": until},
    )


async def _read(tx: Tx, after: int, until: int, lanes: Sequence[Lane], limit: int | None) -> list[Batch]:
    rows = await tx.rows(
        _READ, {"after": after, "until": until, "lanes": [int(lane) for lane in lanes], "limit": limit}
    )
    unpack = zstandard.ZstdDecompressor()
    return [
        Batch(row["position"], Lane(row["lane"]), row["org"], row["workspace"], row["count"],
              unpack.decompress(row["body"], max_output_size=256 << 20))
        for row in rows
    ]  # fmt: skip


@dataclass(frozen=True)
class Waiting:
    """What a follower has yet to read of a workspace: events and the age of the oldest in seconds; of all workspaces
    the batches, and how many of these hold no more than the events asked for (at least one)."""

    events: int
    seconds: float
    batches: int
    fit: int
    claimed: bool


async def waiting(tx: Tx, name: str, workspace: str, most: int) -> Waiting:
    """Looks at no more than the next 20,000 batches."""
    row = await tx.row(
        "with c as (select position, claim from feed.cursor where name = %(name)s), next as ("
        "  select b.workspace, b.count, b.written_at, sum(b.count) over (order by b.position) as total"
        "  from feed.batch b where b.position > coalesce((select position from c), 0) order by b.position limit 20000)"
        " select count(*) as batches, count(*) filter (where total <= %(most)s) as fit,"
        " coalesce(sum(count) filter (where workspace = %(workspace)s), 0) as events,"
        " coalesce(extract(epoch from clock_timestamp() - min(written_at) filter (where workspace = %(workspace)s)), 0)"
        "::float8 as seconds, exists(select from c where claim is not null) as claimed from next",
        {"name": name, "workspace": workspace, "most": most},
    )
    assert row is not None  # noqa: S101 - an aggregate has one row
    return Waiting(int(row["events"]), row["seconds"], row["batches"], max(row["fit"], 1), row["claimed"])


async def begin_here(tx: Tx, name: str) -> None:
    """A follower that begins with what is not final yet, and reads nothing from before."""
    await tx.run(
        "insert into feed.cursor (name, position) values (%s, %s) on conflict (name) do nothing", (name, await end(tx))
    )


async def forget_followers(tx: Tx, prefix: str, keep: Sequence[str]) -> int:
    """Takes away the cursors of followers that are no more, so that they hold nothing of the feed."""
    return await tx.run(
        "delete from feed.cursor where starts_with(name, %s) and not name = any(%s)", (prefix, list(keep))
    )
