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
from typing import Any

import structlog
import zstandard

from dure.feed.append import CHANNEL
from dure.feed.model import Batch, Lane
from dure.state.database import State, Tx

log = structlog.get_logger("feed")

Handle = Callable[[Tx, Sequence[Batch]], Awaitable[None]]
HandleOutside = Callable[["Claimed", Sequence[Batch]], Awaitable[None]]

# The next batches, at most so many, and no more than hold `events` events beside the first.
_READ = """
select position, lane, org, workspace, count, body, keys
from (
    select *, sum(count) over (order by position) - count as before
    from (
        select * from feed.batch
        where position > %(after)s and position < %(until)s and lane = any(%(lanes)s)
        order by position limit %(limit)s
    ) as next
) as counted
where before = 0 or before + count <= coalesce(%(events)s, 9e15)
order by position
"""
# Where a follower is, and how far it may read; nothing where another process has it in hand. What it does and where it
# is are lost together or kept together, so neither needs to wait for the disk.
_TAKE = """
select set_config('synchronous_commit', 'off', true), position,
       pg_snapshot_xmin(pg_current_snapshot())::text::bigint * 4096 as until
from feed.cursor where name = %s for update skip locked
"""
# Whether there is something for these lanes that is not final yet.
_HIDDEN = "select exists(select from feed.batch where position >= %(until)s and lane = any(%(lanes)s))"
# The newest batch that is final, of whatever lane, and whether there is more to come.
_BESIDE = f"""
select (select max(position) from feed.batch where position > %(at)s and position < %(until)s) as newest,
       ({_HIDDEN}) as hidden
"""
# Below this position every transaction has ended.
_FINAL = "select pg_snapshot_xmin(pg_current_snapshot())::text::bigint * 4096"
_EVERY_LANE = (Lane.DOMAIN, Lane.OUTSIDE)
# Packed bytes that may hold the event loop up; more are unpacked beside it.
_UNPACKED_AT_ONCE = 100_000


@dataclass
class Bell:
    """Wakes this process's followers when something is appended; one listening connection for all of them."""

    state: State
    _rung: dict[tuple[Lane, ...], asyncio.Event] = field(default_factory=dict)

    async def run(self) -> None:
        """Listens until cancelled; a broken connection is opened anew."""
        while True:
            try:
                async with self.state.listen(CHANNEL) as notes:
                    self.ring(*_EVERY_LANE)
                    async for note in notes:
                        self.ring(Lane(int(note.payload)))
            except OSError as error:
                log.warning("feed.bell_broken", error=str(error))
            except Exception as error:
                log.warning("feed.bell_broken", error=repr(error))
            await asyncio.sleep(0.5)

    def ring(self, *lanes: Lane) -> None:
        for heard, rung in self._rung.items():
            if not rung.is_set() and any(lane in heard for lane in lanes):
                rung.set()
                self._rung[heard] = asyncio.Event()

    async def wait(self, seconds: float, lanes: tuple[Lane, ...] = _EVERY_LANE) -> None:
        """Returns at the next ring for one of the lanes or after the time, whichever is first."""
        rung = self._rung.setdefault(lanes, asyncio.Event())
        try:
            async with asyncio.timeout(seconds):
                await rung.wait()
        except TimeoutError:
            return


@dataclass(frozen=True, slots=True)
class Claimed:
    """A range of the feed that is being written elsewhere: after one position, up to and with another.

    `again` says that it was claimed before and not confirmed: some or all of it may be written already.
    """

    name: str
    after: int
    until: int
    again: bool

    @property
    def token(self) -> str:
        """The range's name, the same on every try."""
        return f"{self.name}:{self.after}-{self.until}"


@dataclass
class Follower:
    """A named reader of the feed; `limit` bounds the batches of one transaction and `events` their events.

    One that is `begun` has its cursor already, and where that was taken away it reads nothing.
    """

    state: State
    name: str
    lanes: tuple[Lane, ...] = _EVERY_LANE
    limit: int = 200
    events: int = 50_000
    begun: bool = False
    _hidden: bool = field(default=False, init=False)  # whether the last look found something that is not final yet

    async def step(self, handle: Handle) -> int:
        """One transaction: read on from the cursor, handle, move the cursor. Returns the number of batches.

        Another process that follows under the same name at this moment makes this a no-op.
        """
        async with self.state.begin_system() as tx:
            taken = await _take(tx, self.name)
            if taken is None:
                return 0
            at, until = taken
            batches = await _read(tx, at, until, self.lanes, self.limit, self.events)
            if not batches:
                self._hidden = await _pass_by(tx, self.name, self.lanes, at, until)
                return 0
            await handle(tx, batches)
            async with tx.connection.pipeline():
                await tx.run(
                    "update feed.cursor set position = %s, moved_at = now() where name = %s",
                    (batches[-1].position, self.name),
                )
                await tx.connection.commit()
            return len(batches)

    async def step_outside(self, handle: HandleOutside) -> int:
        """Like `step` for an effect outside PostgreSQL. `handle` gets the range, which is the same on every try."""
        async with self.state.begin_system() as tx:
            if not await tx.value("select pg_try_advisory_xact_lock(hashtext(%s))", (f"feed:{self.name}",)):
                return 0
            row = await tx.row("select position, claim from feed.cursor where name = %s", (self.name,))
            if row is None and self.begun:
                return 0
            at, claim = (row["position"], row["claim"]) if row else (0, None)
            until = claim + 1 if claim is not None else await tx.value(_FINAL)
            # A claimed range is re-read whole, whatever today's limits: its token names exactly these batches.
            limits = (None, None) if claim is not None else (self.limit, self.events)
            batches = await _read(tx, at, until, self.lanes, *limits)
            if not batches:
                self._hidden = bool(await tx.value(_HIDDEN, {"lanes": list(self.lanes), "until": until}))
                return 0
            await tx.run(
                "insert into feed.cursor (name, position, claim) values (%(name)s, 0, %(claim)s)"
                " on conflict (name) do update set claim = %(claim)s",
                {"name": self.name, "claim": batches[-1].position},
            )
        await handle(Claimed(self.name, at, batches[-1].position, claim is not None), batches)
        async with self.state.begin_system() as tx:
            await tx.run(
                "update feed.cursor set position = %(to)s, claim = null, moved_at = now()"
                " where name = %(name)s and claim = %(to)s",
                {"name": self.name, "to": batches[-1].position},
            )
        return len(batches)

    async def run(
        self, bell: Bell, *, handle: Handle | None = None, step: Callable[[], Awaitable[int]] | None = None,
        every: float = 0.0,
    ) -> None:  # fmt: skip
        """Follows until cancelled, by `handle` or by somebody's own `step`.

        An error is logged and tried again with growing patience; nothing is skipped. Steps begin at least `every`
        seconds apart: a store that prefers large writes gets them, and one event alone does not wait.
        """
        patience, clock = 0.1, asyncio.get_running_loop().time
        while True:
            began = clock()
            try:
                moved = await (step() if step else self.step(handle))  # type: ignore[arg-type]
                patience = 0.1
            except Exception:
                log.exception("feed.follower_failed", follower=self.name, again_in=patience)
                await asyncio.sleep(patience)
                patience = min(patience * 2, 30.0)
                continue
            if not moved:
                # What was rung for may still be hidden behind a running transaction: look again soon, then rest.
                await bell.wait(0.02 if self._hidden else 1.0, self.lanes)
            if (early := began + every - clock()) > 0:
                await asyncio.sleep(early)


async def tail(tx: Tx, after: int, lanes: Sequence[Lane] = (Lane.DOMAIN,), limit: int = 500) -> list[Batch]:
    """Final batches after a position, without a cursor: for live screens."""
    return await _read(tx, after, await tx.value(_FINAL), lanes, limit, None)


async def end(tx: Tx) -> int:
    """The position before which everything is final now."""
    return int(await tx.value(_FINAL)) - 1


async def newest_position(tx: Tx, lanes: Sequence[Lane] = _EVERY_LANE) -> int:
    """The place of the newest batch that can be seen; 0 in an empty feed."""
    return int(await tx.value("select coalesce(max(position), 0) from feed.batch where lane = any(%s)", (list(lanes),)))


async def position_of(tx: Tx, name: str) -> int:
    """How far a follower has come."""
    return int(await tx.value("select coalesce(max(position), 0) from feed.cursor where name = %s", (name,)))


async def keep_from(tx: Tx, name: str, position: int) -> None:
    """Keeps what comes after a position, for a reader that goes its own way through the feed; forward only."""
    await tx.run(
        "insert into feed.cursor (name, position) values (%s, %s) on conflict (name) do update"
        " set position = greatest(feed.cursor.position, excluded.position), moved_at = now()",
        (name, position),
    )


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


async def _take(tx: Tx, name: str) -> tuple[int, int] | None:
    # The transaction begins on the same way.
    async with tx.connection.pipeline():
        taken = await tx.connection.execute(_TAKE, (name,))
    row = await taken.fetchone()
    if row is None and await tx.run(
        "insert into feed.cursor (name, position) values (%s, 0) on conflict do nothing", (name,)
    ):
        row = await tx.row(_TAKE, (name,))
    return (row["position"], row["until"]) if row else None


async def _pass_by(tx: Tx, name: str, lanes: Sequence[Lane], at: int, until: int) -> bool:
    """Moves over batches of lanes that the follower does not read, so that it does not keep them from being dropped.

    Returns whether there are batches for it that cannot be read yet.
    """
    row = await tx.row(_BESIDE, {"at": at, "until": until, "lanes": list(lanes)})
    assert row is not None  # noqa: S101 - a row of two aggregates
    if row["newest"] is not None:
        await tx.run("update feed.cursor set position = %s, moved_at = now() where name = %s", (row["newest"], name))
    return bool(row["hidden"])


async def _read(
    tx: Tx, after: int, until: int, lanes: Sequence[Lane], limit: int | None, events: int | None
) -> list[Batch]:
    rows = await tx.rows(
        _READ,
        {"after": after, "until": until, "lanes": [int(lane) for lane in lanes], "limit": limit, "events": events},
        binary=True,
    )
    if sum(len(row["body"]) for row in rows) > _UNPACKED_AT_ONCE:
        return await asyncio.to_thread(_unpacked, rows)
    return _unpacked(rows)


def _unpacked(rows: Sequence[dict[str, Any]]) -> list[Batch]:
    unpack = zstandard.ZstdDecompressor()
    return [
        Batch(row["position"], Lane(row["lane"]), row["org"], row["workspace"], row["count"],
              unpack.decompress(row["body"], max_output_size=256 << 20), row["keys"])
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
