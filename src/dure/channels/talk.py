"""Messages: said, changed, deleted, read."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass, replace

from dure.channels import events
from dure.channels.content import mentions_in
from dure.channels.model import Conversation, Draft, Message, Version, ts_at, ts_text
from dure.channels.refusals import (
    CantDeleteMessage,
    CantUpdateMessage,
    EditWindowClosed,
    MessageNotFound,
    ThreadNotFound,
)
from dure.channels.retention.model import EVERYTHING, Since
from dure.channels.retention.refusals import DeletionPrevented
from dure.channels.rules import WHOLE, check_draft, may_write_here
from dure.channels.saying import Speech
from dure.channels.store import edits, messages, pins, reading
from dure.governance.api import Principal, Role, access
from dure.kernel.tenant import Tenant
from dure.state import Tx

FOREVER = 1 << 62


@dataclass(frozen=True, slots=True)
class Page:
    messages: list[Message]
    more: bool
    pinned: int


class Talk(Speech):
    async def update(
        self, principal: Principal, channel: str, ts: int, draft: Draft, *, keep: Collection[str] = ()
    ) -> Message:
        """Changes what the caller said. Raises CantUpdateMessage for another's, EditWindowClosed when it is too late.

        Metadata stays where none is given and goes with `{}`; of text, blocks and attachments what `keep` names stays.
        """
        async with self._state.begin(principal.tenant) as tx:
            if keep:
                await self.enter(tx, principal, channel)
                before = await self._message(tx, channel, ts)
                draft = replace(draft, **{name: getattr(before, name) for name in keep})
            return await self.update_in(tx, principal, channel, ts, draft)

    async def update_in(self, tx: Tx, principal: Principal, channel: str, ts: int, draft: Draft) -> Message:
        """`update` within a transaction."""
        access(principal, "channels:write")
        draft = check_draft(draft)
        found = await self.enter(tx, principal, channel)
        self.at_home(found)
        message = await self._message(tx, channel, ts)
        author = await self.author(tx, principal)
        if message.user != author.user or message.subtype.startswith("channel_"):
            raise CantUpdateMessage(field="ts")
        named = mentions_in(draft.text, draft.blocks)
        if found.prefs is not None and not WHOLE.isdisjoint(set(named) - set(message.mentions)):
            may_write_here(principal, found, message.thread is not None, author.user, named)
        now = self._clock.now()
        if self._edit_minutes and principal.kind == "user" and ts_at(now) - ts > self._edit_minutes * 60_000_000:
            raise EditWindowClosed(field="ts")
        may = await self.watch.draft(tx, principal, found, draft, message.carried, user=author.user, what="edit", ts=ts)
        draft = may.draft
        if may.violation is not None:
            await self.watch.note(tx, principal, may.violation)
        changed = replace(
            message, text=draft.text, blocks=draft.blocks, attachments=draft.attachments,
            metadata=message.metadata if draft.metadata is None else draft.metadata or None, edited_at=now,
            edited_by=author.user, mentions=named,
        )  # fmt: skip
        said = (message.text, message.blocks, message.attachments)
        if (changed.text, changed.blocks, changed.attachments) != said:
            await self.keeping.hold(tx, found, message, "changed")
        if (changed.text, changed.blocks, changed.attachments) != said and await self.keeping.keeps_edits(
            tx, Tenant(found.org_of(message.team), message.team)
        ):
            await edits.keep(tx, found.home.workspace, message, author.user, now)
        await messages.change(tx, changed)
        await self.tell_events(tx, self.message_events(principal, found, events.MESSAGE_CHANGED, changed))
        return changed

    async def delete(self, principal: Principal, channel: str, ts: int) -> None:
        """Takes back what the caller, or somebody of the workspace they administer, said."""
        async with self._state.begin(principal.tenant) as tx:
            await self.delete_in(tx, principal, channel, ts)

    async def delete_in(self, tx: Tx, principal: Principal, channel: str, ts: int) -> None:
        """`delete` within a transaction."""
        access(principal, "channels:write")
        found = await self.enter(tx, principal, channel)
        self.at_home(found)
        message = await self._message(tx, channel, ts)
        author = await self.author(tx, principal)
        administers = principal.role in (Role.OWNER, Role.ADMIN) and principal.tenant.workspace == message.team
        if message.user != author.user and not administers:
            raise CantDeleteMessage(field="ts")
        if not await self.keeping.lets_delete(tx, Tenant(found.org_of(message.team), message.team)):
            raise DeletionPrevented(field="ts")
        await self._take_away(tx, principal, found, message)

    async def remove_in(self, tx: Tx, principal: Principal, channel: str, ts: int) -> None:
        """Takes away what anybody said, for those who answer for what is said. Raises MessageNotFound."""
        found = await self.see_as_house(tx, principal, channel)
        await self._take_away(tx, principal, found, await self._message(tx, channel, ts))

    async def _take_away(self, tx: Tx, principal: Principal, found: Conversation, message: Message) -> None:
        channel, ts = message.channel, message.ts
        await self.keeping.hold(tx, found, message, "deleted")
        await messages.remove(tx, channel, ts)
        await edits.forget(tx, channel, ts)
        await pins.remove(tx, channel, ts)
        await self._unasked(tx, found, message)
        if message.thread is not None:
            await messages.count_replies(tx, channel, message.thread)
        await self.tell(
            tx, principal, found, events.DELETED,
            {"ts": ts_text(ts), "thread_ts": ts_text(message.thread) if message.thread else "",
             "user": message.user},
        )  # fmt: skip

    async def versions(self, principal: Principal, channel: str, ts: int) -> list[Version]:
        """What a message said before its changes, the oldest first. Raises MessageNotFound."""
        access(principal, "channels:read")
        async with self._state.begin(principal.tenant) as tx:
            await self.see(tx, principal, channel)
            await self._message(tx, channel, ts)
            rows = await edits.of(tx, channel, ts)
        return [Version(r["text"], r["blocks"], r["attachments"], r["edited_at"], r["account"]) for r in rows]

    async def message(self, principal: Principal, channel: str, ts: int) -> Message:
        """One message, a reply too. Raises MessageNotFound."""
        access(principal, "channels:read")
        async with self._state.begin(principal.tenant) as tx:
            since = await self.keeping.since(tx, await self.see(tx, principal, channel))
            await self._message(tx, channel, ts)
            found = await messages.some(tx, channel, [ts], since=since)
            return (await self._for_reader(tx, principal, channel, found, since))[0][0]

    async def history(
        self, principal: Principal, channel: str, *, oldest: int = 0, latest: int = FOREVER, inclusive: bool = False,
        limit: int = 100,
    ) -> tuple[list[Message], bool]:  # fmt: skip
        """The newest top-level messages between two timestamps, newest first, and whether there are more."""
        page = await self.page(principal, channel, oldest=oldest, latest=latest, inclusive=inclusive, limit=limit)
        return page.messages, page.more

    async def page(
        self, principal: Principal, channel: str, *, oldest: int = 0, latest: int = FOREVER, inclusive: bool = False,
        limit: int = 100,
    ) -> Page:  # fmt: skip
        """`history` with how many messages are pinned."""
        access(principal, "channels:read")
        async with self._state.begin(principal.tenant) as tx:
            since = await self.keeping.since(tx, await self.see(tx, principal, channel))
            found = await messages.history(tx, channel, oldest, latest, inclusive, limit + 1, since)
            shown, pinned = await self._for_reader(tx, principal, channel, found[:limit], since)
        return Page(shown, len(found) > limit, pinned)

    async def following(
        self, principal: Principal, channel: str, after: int, limit: int = 100
    ) -> tuple[list[Message], bool]:
        """The oldest top-level messages after a timestamp, oldest first, and whether there are more."""
        access(principal, "channels:read")
        async with self._state.begin(principal.tenant) as tx:
            since = await self.keeping.since(tx, await self.see(tx, principal, channel))
            found = await messages.following(tx, channel, after, limit + 1, since)
            shown, _ = await self._for_reader(tx, principal, channel, found[:limit], since)
        return shown, len(found) > limit

    async def replies(
        self, principal: Principal, channel: str, thread: int, *, oldest: int = 0, latest: int = FOREVER,
        limit: int = 1000, inclusive: bool = False,
    ) -> tuple[Message, list[Message], bool]:  # fmt: skip
        """What a thread hangs on, its replies (oldest first), and whether there are more. Raises ThreadNotFound."""
        access(principal, "channels:read")
        async with self._state.begin(principal.tenant) as tx:
            since = await self.keeping.since(tx, await self.see(tx, principal, channel))
            root = await messages.find(tx, channel, thread, since)
            if root is not None and root.thread is not None:
                root = await messages.find(tx, channel, root.thread, since)
            if root is None or (root.deleted and not root.reply_count):
                raise ThreadNotFound(field="ts")
            found = await messages.replies(
                tx, channel, root.ts, oldest, latest, limit + 1, inclusive=inclusive, since=since
            )
            if not found and since.hides(root.team, root.ts):
                raise ThreadNotFound(field="ts")
            (root, *shown), _ = await self._for_reader(tx, principal, channel, [root, *found[:limit]], since)
        return root, [replace(reply, parent=root.user) for reply in shown], len(found) > limit

    # -- within a transaction ---------------------------------------------------------------------------------------

    async def _message(self, tx: Tx, channel: str, ts: int) -> Message:
        message = await messages.find(tx, channel, ts)
        since = await self.keeping.since_in(tx, [channel]) if message is not None else {}
        if message is None or message.deleted or since.get(channel, EVERYTHING).hides(message.team, ts):
            raise MessageNotFound(field="ts")
        return message

    async def _root(self, tx: Tx, channel: str, thread: int | None) -> Message | None:
        """A reply to a reply hangs on what that one hangs on."""
        if thread is None:
            return None
        root = await messages.find(tx, channel, thread)
        if root is not None and root.thread is not None:
            root = await messages.find(tx, channel, root.thread)
        if root is None or (root.deleted and not root.reply_count):
            raise ThreadNotFound(field="thread_ts")
        return root

    async def _for_reader(
        self, tx: Tx, principal: Principal, channel: str, said: Sequence[Message], since: Since
    ) -> tuple[list[Message], int]:
        """The messages with what is the reader's about them, and how many messages are pinned in the conversation."""
        author = await self.author(tx, principal)
        marks = await reading.marks(tx, channel, author.user, [message.ts for message in said], since)
        pinned = {row["ts"] for row in marks if row["kind"] == "pin"}
        read = {row["ts"]: row["n"] for row in marks if row["kind"] == "thread"}
        count = next(row["n"] for row in marks if row["kind"] == "pins")
        if not pinned and not read:
            return list(said), count
        behind = [(channel, m.ts, read[m.ts]) for m in said if m.ts in read and (m.latest_reply or 0) > read[m.ts]]
        seen = {channel: since} if since.by_team else {}
        new = await reading.unread_replies(tx, author.user, behind, seen) if behind else {}
        return [
            replace(
                message, pinned=message.ts in pinned, following=message.ts in read,
                thread_read=read.get(message.ts, 0), thread_unread=new.get((channel, message.ts), 0),
            )
            for message in said
        ], count  # fmt: skip
