"""Messages: said, changed, deleted, reacted to, read."""

from __future__ import annotations

import re
from dataclasses import replace
from typing import Any

from dure.channels import events
from dure.channels.files import attaching
from dure.channels.model import Conversation, Draft, Message, Share, ts_at, ts_text
from dure.channels.refusals import (
    AlreadyReacted,
    CantDeleteMessage,
    CantUpdateMessage,
    InvalidEmoji,
    MessageNotFound,
    NoReaction,
    ThreadNotFound,
)
from dure.channels.responses import Responses
from dure.channels.rules import check_draft, plain
from dure.channels.store import conversations, messages
from dure.governance.api import Principal, Role, access
from dure.state import Tx

FOREVER = 1 << 62


class Talk(Responses):
    async def post(self, principal: Principal, channel: str, draft: Draft) -> Message:
        """Says something. The same `client_msg_id` again gives the message that was made the first time."""
        async with self._state.begin(principal.tenant) as tx:
            return await self.post_in(tx, principal, channel, draft)

    async def post_in(self, tx: Tx, principal: Principal, channel: str, draft: Draft) -> Message:
        """`post` within a transaction. `channel` is an id."""
        access(principal, "channels:write")
        draft = check_draft(draft)
        found = await self.enter(tx, principal, channel)
        if draft.client_msg_id:
            said = await messages.find_client(tx, channel, draft.client_msg_id)
            if said is not None:
                return said
        root = await self._root(tx, channel, draft.thread)
        author = await self.author(tx, principal)
        files = await attaching.attachable(tx, principal, author.user, draft.files)
        ts = await conversations.next_ts(tx, channel, ts_at(self._clock.now()))
        message = Message(
            channel, ts, root, draft.broadcast and root is not None, author.user, author.app,
            principal.tenant.workspace, draft.username, draft.subtype, draft.text, draft.blocks, draft.attachments,
            draft.metadata, draft.client_msg_id, None, None, False, 0, None, (),
            files=tuple(one.id for one in files), carried=files,
        )  # fmt: skip
        await messages.add(tx, found.home.workspace, message)
        if root is not None:
            await messages.count_replies(tx, channel, root)
        if found.is_member:
            await self._read_own(tx, found, author.user, ts)
        await self._tell_message(tx, principal, found, events.POSTED, message)
        if files:
            acts = await attaching.attach(
                tx, principal, found.home.workspace, channel, ts, root, author.user, files, self._clock.now()
            )
            place = {"ts": ts_text(ts), "thread_ts": ts_text(root) if root else ""}
            await self.tell(tx, principal, found, events.FILE_SHARED, *({**place, **act} for act in acts))
        await self._time(tx, principal, found, message)
        return message

    async def update(self, principal: Principal, channel: str, ts: int, draft: Draft) -> Message:
        """Changes what the caller said. Raises CantUpdateMessage for another's."""
        async with self._state.begin(principal.tenant) as tx:
            return await self.update_in(tx, principal, channel, ts, draft)

    async def update_in(self, tx: Tx, principal: Principal, channel: str, ts: int, draft: Draft) -> Message:
        """`update` within a transaction."""
        access(principal, "channels:write")
        draft = check_draft(draft)
        found = await self.enter(tx, principal, channel)
        message = await self._message(tx, channel, ts)
        author = await self.author(tx, principal)
        if message.user != author.user or message.subtype.startswith("channel_"):
            raise CantUpdateMessage(field="ts")
        changed = replace(
            message, text=draft.text, blocks=draft.blocks, attachments=draft.attachments,
            metadata=draft.metadata or message.metadata, edited_at=self._clock.now(), edited_by=author.user,
        )  # fmt: skip
        await messages.change(tx, changed)
        await self._tell_message(tx, principal, found, events.MESSAGE_CHANGED, changed)
        return changed

    async def delete(self, principal: Principal, channel: str, ts: int) -> None:
        """Takes back what the caller, or somebody of the workspace they administer, said."""
        access(principal, "channels:write")
        async with self._state.begin(principal.tenant) as tx:
            found = await self.enter(tx, principal, channel)
            message = await self._message(tx, channel, ts)
            author = await self.author(tx, principal)
            administers = principal.role in (Role.OWNER, Role.ADMIN) and principal.tenant.workspace == message.team
            if message.user != author.user and not administers:
                raise CantDeleteMessage(field="ts")
            await messages.remove(tx, channel, ts)
            if message.thread is not None:
                await messages.count_replies(tx, channel, message.thread)
            await self.tell(
                tx, principal, found, events.DELETED,
                {"ts": ts_text(ts), "thread_ts": ts_text(message.thread) if message.thread else "",
                 "user": message.user},
            )  # fmt: skip

    async def react(self, principal: Principal, channel: str, ts: int, name: str) -> None:
        """Adds the caller's reaction. Raises AlreadyReacted."""
        await self._react(principal, channel, ts, name, add=True)

    async def unreact(self, principal: Principal, channel: str, ts: int, name: str) -> None:
        await self._react(principal, channel, ts, name, add=False)

    async def message(self, principal: Principal, channel: str, ts: int) -> Message:
        """One message, a reply too. Raises MessageNotFound."""
        access(principal, "channels:read")
        async with self._state.begin(principal.tenant) as tx:
            await self.see(tx, principal, channel)
            return await self._message(tx, channel, ts)

    async def history(
        self, principal: Principal, channel: str, *, oldest: int = 0, latest: int = FOREVER, inclusive: bool = False,
        limit: int = 100,
    ) -> tuple[list[Message], bool]:  # fmt: skip
        """The newest top-level messages between two timestamps, newest first, and whether there are more."""
        access(principal, "channels:read")
        async with self._state.begin(principal.tenant) as tx:
            await self.see(tx, principal, channel)
            found = await messages.history(tx, channel, oldest, latest, inclusive, limit + 1)
        return found[:limit], len(found) > limit

    async def following(
        self, principal: Principal, channel: str, after: int, limit: int = 100
    ) -> tuple[list[Message], bool]:
        """The oldest top-level messages after a timestamp, oldest first, and whether there are more."""
        access(principal, "channels:read")
        async with self._state.begin(principal.tenant) as tx:
            await self.see(tx, principal, channel)
            found = await messages.following(tx, channel, after, limit + 1)
        return found[:limit], len(found) > limit

    async def replies(
        self, principal: Principal, channel: str, thread: int, *, oldest: int = 0, latest: int = FOREVER,
        limit: int = 1000,
    ) -> tuple[Message, list[Message], bool]:  # fmt: skip
        """What a thread hangs on, its replies (oldest first), and whether there are more. Raises ThreadNotFound."""
        access(principal, "channels:read")
        async with self._state.begin(principal.tenant) as tx:
            await self.see(tx, principal, channel)
            root = await messages.find(tx, channel, thread)
            if root is not None and root.thread is not None:
                root = await messages.find(tx, channel, root.thread)
            if root is None or (root.deleted and not root.reply_count):
                raise ThreadNotFound(field="ts")
            found = await messages.replies(tx, channel, root.ts, oldest, latest, limit + 1)
        return root, found[:limit], len(found) > limit

    # -- within a transaction ---------------------------------------------------------------------------------------

    async def _message(self, tx: Tx, channel: str, ts: int) -> Message:
        message = await messages.find(tx, channel, ts)
        if message is None or message.deleted:
            raise MessageNotFound(field="ts")
        return message

    async def _root(self, tx: Tx, channel: str, thread: int | None) -> int | None:
        """A reply to a reply hangs on what that one hangs on."""
        if thread is None:
            return None
        root = await messages.find(tx, channel, thread)
        if root is None or (root.deleted and not root.reply_count):
            raise ThreadNotFound(field="thread_ts")
        return root.thread if root.thread is not None else root.ts

    async def _read_own(self, tx: Tx, found: Conversation, user: str, ts: int) -> None:
        """Who writes has read what stands there; but not where they were behind and write by a program."""
        if found.last_read >= found.last_ts:
            await conversations.set_read(tx, found.id, user, ts)

    async def _react(self, principal: Principal, channel: str, ts: int, name: str, *, add: bool) -> None:
        access(principal, "channels:write")
        name = name.strip(":")
        if not re.fullmatch(r"[\w+\-]{1,100}(::skin-tone-[2-6])?", name):
            raise InvalidEmoji(field="name")
        async with self._state.begin(principal.tenant) as tx:
            found = await self.enter(tx, principal, channel)
            message = await self._message(tx, channel, ts)
            author = await self.author(tx, principal)
            if add:
                done = await messages.add_reaction(
                    tx, found.home.workspace, channel, ts, name, author.user, self._clock.now()
                )
            else:
                done = await messages.remove_reaction(tx, channel, ts, name, author.user)
            if not done:
                raise AlreadyReacted(field="name") if add else NoReaction(field="name")
            await self.tell(
                tx, principal, found, events.REACTED if add else events.UNREACTED,
                {"ts": ts_text(ts), "thread_ts": ts_text(message.thread) if message.thread else "",
                 "reaction": name, "user": author.user, "item_user": message.user},
            )  # fmt: skip

    async def _tell_message(
        self, tx: Tx, principal: Principal, found: Conversation, name: str, message: Message
    ) -> None:
        org = principal.tenant.org

        def of_side(side: Share) -> dict[str, Any]:
            # The log is read by the whole workspace, so what is said in private is not written there.
            text = "" if side.private else plain(message.text, message.blocks)
            return {"text": text, "external": org != side.org}

        properties = {
            "ts": ts_text(message.ts), "thread_ts": ts_text(message.thread) if message.thread else "",
            "user": message.user, "by": "bot" if message.app else "user", "team": message.team,
        }  # fmt: skip
        await self.tell(tx, principal, found, name, properties, of_side=of_side)
