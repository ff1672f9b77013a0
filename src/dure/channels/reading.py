"""What somebody has read: of a conversation, and of each thread that they follow.

Reading is a person's own affair: it is whispered to their other screens and appends nothing to the feed.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping
from typing import Any

from dure.channels.desk import Desk
from dure.channels.model import Conversation, Following, Message, ts_at, ts_text
from dure.channels.refusals import InvalidTimestamp, NotInChannel, ThreadNotFound
from dure.channels.retention.model import EVERYTHING, Since
from dure.channels.store import messages
from dure.channels.store import reading as store
from dure.feed.api import whisper
from dure.governance.api import Principal, access
from dure.state import Tx

_REPLIES_SHOWN = 3


class Reading(Desk):
    async def mark(self, principal: Principal, channel: str, ts: int, *, back: bool = False) -> None:
        """The caller has read up to a timestamp, which may be of a message that is gone; never less than before,
        unless `back` says that they want it unread again. Raises InvalidTimestamp for one that is to come."""
        access(principal, "channels:write")
        async with self._state.begin(principal.tenant) as tx:
            found, account = await self._seated(tx, principal, channel)
            self._not_to_come(found, ts)
            read = await store.move_read(tx, found.id, account, min(ts, found.last_ts), back=back)
            if read is not None:
                told = {"kind": "read", "channel": found.id, "last_read": ts_text(read)}
                await whisper(tx, principal.tenant.workspace, [f"user:{account}"], told)

    async def threads(
        self, principal: Principal, *, before: int | None = None, limit: int = 20
    ) -> tuple[list[Following], bool, int]:
        """Threads that the caller follows, those with new replies first, then the latest; whether there are more; and
        how many have something new. `before` is the latest reply of the last one of the page before."""
        access(principal, "channels:read")
        async with self._state.begin(principal.tenant) as tx:
            author = await self.author(tx, principal)
            workspace = principal.tenant.workspace
            rows = await store.threads(tx, workspace, author.user, before, limit + 1)
            unread = await store.unread_threads(tx, workspace, author.user)
            shown = rows[:limit]
            since = await self.keeping.since_in(tx, {*unread, *(row["channel"] for row in shown)})
            if unread and since:
                unread = await store.unread_threads(tx, workspace, author.user, since)
            new = await store.unread_replies(
                tx, author.user, [(row["channel"], row["thread"], row["last_read"]) for row in shown], since
            )
            roots = await self._roots(tx, shown, since)
            found = [
                Following(
                    roots[row["channel"], row["thread"]],
                    tuple(
                        await messages.last_replies(
                            tx, row["channel"], row["thread"], _REPLIES_SHOWN, since.get(row["channel"], EVERYTHING)
                        )
                    ),
                    row["last_read"],
                    new[row["channel"], row["thread"]],
                )
                for row in shown
                if (row["channel"], row["thread"]) in roots
                and roots[row["channel"], row["thread"]].reply_count  # else all of it is past its time
            ]
        return found, len(rows) > limit, len(unread)

    async def read_thread(
        self, principal: Principal, channel: str, thread: int, ts: int, *, back: bool = False
    ) -> None:
        """The caller has read a thread up to a reply. Who does not follow it has nothing to keep."""
        access(principal, "channels:write")
        async with self._state.begin(principal.tenant) as tx:
            found, account = await self._seated(tx, principal, channel)
            self._not_to_come(found, ts)
            if await store.move_thread_read(tx, found.id, thread, account, ts, back=back):
                told = {"kind": "thread_read", "channel": found.id, "thread_ts": ts_text(thread)}
                await whisper(tx, principal.tenant.workspace, [f"user:{account}"], {**told, "last_read": ts_text(ts)})

    async def follow(self, principal: Principal, channel: str, thread: int, *, on: bool = True) -> None:
        """Follows a thread, from what it has now on, or lets it go. Raises ThreadNotFound."""
        access(principal, "channels:write")
        async with self._state.begin(principal.tenant) as tx:
            found, account = await self._seated(tx, principal, channel)
            root = await messages.find(tx, found.id, thread)
            if root is None or root.thread is not None or (root.deleted and not root.reply_count):
                raise ThreadNotFound(field="ts")
            await store.set_following(
                tx, found.id, thread, account, principal.tenant.workspace, on=on, read=root.latest_reply or thread
            )
            told = {"kind": "following", "channel": found.id, "thread_ts": ts_text(thread), "following": on}
            await whisper(tx, principal.tenant.workspace, [f"user:{account}"], told)

    async def _seated(self, tx: Tx, principal: Principal, channel: str) -> tuple[Conversation, str]:
        """The conversation and the caller's account, as its member."""
        found = await self.see(tx, principal, channel)
        if not found.is_member:
            raise NotInChannel(field="channel")
        return found, (await self.author(tx, principal)).user

    def _not_to_come(self, found: Conversation, ts: int) -> None:
        if ts > max(found.last_ts, ts_at(self._clock.now())):
            raise InvalidTimestamp(field="ts")

    async def _roots(
        self, tx: Tx, rows: list[dict[str, Any]], since: Mapping[str, Since]
    ) -> dict[tuple[str, int], Message]:
        by_channel: dict[str, list[int]] = defaultdict(list)
        for row in rows:
            by_channel[row["channel"]].append(row["thread"])
        return {
            (channel, message.ts): message
            for channel, stamps in by_channel.items()
            for message in await messages.some(tx, channel, stamps, deleted=True, since=since.get(channel, EVERYTHING))
        }
