"""Takes away what is past its time: in sets, each a transaction, so that whoever dies in the middle loses nothing."""

from __future__ import annotations

import time
from datetime import timedelta
from typing import Any

from dure.channels.api import Channels, ts_text
from dure.channels.files import store as file_store
from dure.channels.retention import store
from dure.channels.retention.events import FILES_PURGED, PURGED, keeping_event
from dure.channels.retention.model import Since
from dure.channels.search.index import index
from dure.channels.store import conversations, indexed, messages
from dure.feed.api import Lane, append, newest_position, position_of
from dure.governance.api import Governance
from dure.kernel.clock import Clock
from dure.kernel.tenant import Tenant
from dure.log.api import LOG_FOLLOWER, ONE_AT_A_TIME, Log, forget_words
from dure.state import State, Tx

_A_SET = 500
_CHANNELS = 200
_LOG_AT_ONCE = 200
_SECONDS = 1.0


class Purge:
    """`Purge(state, log, clock, governance, channels)`. `tick` does one set; any process may call it."""

    def __init__(
        self, state: State, log: Log | None, clock: Clock, governance: Governance, channels: Channels, *,
        every: timedelta = timedelta(minutes=1), gathered: timedelta = timedelta(minutes=30),
    ) -> None:  # fmt: skip
        self._state = state
        self._log = log
        self._clock = clock
        self._governance = governance
        self._channels = channels
        self._every = every
        self._gathered = gathered

    async def round(self) -> int:
        """One whole round, or the rest of one that is under way; how much it took away."""
        gone = 0
        while (taken := await self.tick()) is not None:
            gone += taken
            async with self._state.begin_system() as tx:
                at = await store.round_of(tx)
            if at is None or at.ended_at is not None:
                break
        return gone

    async def go_on(self) -> int:
        """Sets for about a second, so that what is said meanwhile does not wait; how much it took away."""
        until, gone = time.monotonic() + _SECONDS, 0
        while time.monotonic() < until and (taken := await self.tick()) is not None:
            gone += taken
        return gone

    async def tick(self) -> int | None:
        """Goes on with the round; how much it took away, None where nothing is to be done now."""
        async with self._state.begin_system() as tx:
            at = await store.take_round(tx)
            if at is None:
                return None
            now = self._clock.now()
            if at["began_at"] is None or at["ended_at"] is not None:
                if at["ended_at"] is not None and timedelta(0) <= now - at["ended_at"] < self._every:
                    return None
                at = {**at, "channel": "", "messages": 0, "files": 0, "began_at": now}
                await store.keep_round(tx, channel="", messages=0, files=0, began_at=now, ended_at=None)
            return await self._go_on(tx, at)

    async def _go_on(self, tx: Tx, at: dict[str, Any]) -> int:
        channels = await store.next_channels(tx, at["channel"], _CHANNELS)
        since = await self._channels.keeping.since_in(tx, channels) if channels else {}
        for channel in channels:
            if channel not in since:
                continue
            gone = await self._set(tx, channel, since[channel])
            if gone:
                # The same channel again: there may be more of it.
                before = channels[channels.index(channel) - 1] if channels.index(channel) else at["channel"]
                await store.keep_round(tx, channel=before, messages=at["messages"] + gone)
                return gone
        if channels:
            await store.keep_round(tx, channel=channels[-1])
            return 0
        files = await self._files(tx)
        dropped = await store.drop_unheld(tx, _A_SET, self._clock.now())
        await store.keep_round(tx, files=at["files"] + files, ended_at=None if files or dropped else self._clock.now())
        return files + dropped

    async def _set(self, tx: Tx, channel: str, since: Since) -> int:
        """One set of one conversation."""
        await conversations.lock(tx, channel)
        rows = await store.past(tx, channel, since, _A_SET)
        if not rows:
            # What is held stays, and is found no more.
            hidden = await store.hidden_indexed(tx, channel, since, _A_SET)
            await indexed.drop(tx, hidden)
            return len(hidden)
        await store.take_away(tx, channel, rows, since.oldest)
        await indexed.drop(tx, [(channel, row["ts"]) for row in rows])
        for thread in {row["thread"] for row in rows if row["thread"] is not None}:
            await messages.count_replies(tx, channel, thread)
        await store.ask_log(tx, channel, since, self._clock.now())
        found = await conversations.find_home(tx, channel)
        system = self._governance.system(found.home.tenant, "retention")
        told = {"count": len(rows), "until": ts_text(max(row["ts"] for row in rows))}
        await self._channels.tell(tx, system, found, PURGED, told)
        return len(rows)

    async def _files(self, tx: Tx) -> int:
        """One set of files."""
        now, left = self._clock.now(), _A_SET
        for row in await store.workspaces(tx):
            tenant = Tenant(row["org"], row["workspace"])
            since = await self._channels.keeping.files_since(tx, tenant)
            if since is None or left <= 0:
                continue
            past = await store.past_files(tx, tenant.workspace, since, left)
            for file in past:
                places = await file_store.places(tx, file["id"])
                await file_store.remove(tx, file["id"], tenant.workspace, now)
                told = [(one.channel, one.ts) for one in places]
                await index(tx, told)
            if past:
                left -= len(past)
                system = self._governance.system(tenant, "retention")
                about = {"count": len(past)}
                await append(tx, keeping_event(system, self._clock, FILES_PURGED, "workspace", tenant.workspace, about))
        return _A_SET - left

    # -- the log -----------------------------------------------------------------------------------------------------

    async def log_tick(self) -> int:
        """Takes the words of what was purged out of one workspace's log; how many events changed."""
        if self._log is None:
            return 0
        async with self._state.begin_system() as tx:
            newest, passed = await newest_position(tx, (Lane.DOMAIN,)), await position_of(tx, LOG_FOLLOWER)
            rows = await store.log_due(tx, newest, passed, self._clock.now() - self._gathered, _LOG_AT_ONCE)
        if not rows:
            return 0
        tenant = Tenant(rows[0]["org"], rows[0]["workspace"])
        async with self._state.alone() as connection:
            row = await (
                await connection.execute("select pg_try_advisory_lock(hashtext(%s)) as mine", (ONE_AT_A_TIME,))
            ).fetchone()
            if not row or not row["mine"]:
                return 0
            said = [(one["channel"], one["team"], ts_text(one["before"])) for one in rows]
            changed = await forget_words(self._log, tenant, said)
            async with self._state.begin(tenant) as tx:
                await store.log_done(tx, rows)
        return changed
