"""What one person alone is shown: whispered to their open screens, kept for an hour for their buttons, then gone."""

from __future__ import annotations

from datetime import timedelta

from dure.channels.model import Draft, Message, ts_at, ts_text
from dure.channels.refusals import UserNotInChannel
from dure.channels.rules import check_draft
from dure.channels.store import conversations
from dure.channels.store import ephemeral as store
from dure.channels.talk import Talk
from dure.feed.api import whisper
from dure.governance.api import Principal, access
from dure.kernel.errors import TooLarge
from dure.state import Tx

_SHOWN_FOR = timedelta(hours=1)


class Ephemeral(Talk):
    async def show(self, principal: Principal, channel: str, user: str, draft: Draft) -> Message:
        """Shows a message to one member only. Raises UserNotInChannel."""
        access(principal, "channels:write")
        draft = check_draft(draft)
        async with self._state.begin(principal.tenant) as tx:
            found = await self.enter(tx, principal, channel)
            seat = await conversations.seat_of(tx, channel, user)
            if seat is None:
                raise UserNotInChannel(field="user")
            root = await self._root(tx, channel, draft.thread)
            author = await self.author(tx, principal)
            may = await self.watch.draft(tx, principal, found, draft, user=author.user, what="ephemeral")
            draft = may.draft
            if may.violation is not None:
                await self.watch.note(tx, principal, may.violation)
            message = Message(
                channel, await conversations.next_ts(tx, channel, ts_at(self._clock.now())), root.ts if root else None,
                False, author.user, author.app, found.side.workspace, draft.username, "", draft.text, draft.blocks,
                draft.attachments, draft.metadata, None, None, None, False, 0, None, (), icons=draft.icons,
            )  # fmt: skip
            await self.reshow(tx, seat, user, message)
            return message

    async def shown(self, principal: Principal, channel: str) -> list[Message]:
        """What the caller is still shown in a conversation, for a screen that was opened after it was whispered."""
        access(principal, "channels:read")
        async with self._state.begin(principal.tenant) as tx:
            await self.see(tx, principal, channel)
            author = await self.author(tx, principal)
            return await store.listed(tx, principal.tenant.workspace, author.user, channel, self._clock.now())

    async def dismiss(self, principal: Principal, channel: str, ts: int) -> None:
        """The caller has seen it and wants it gone."""
        access(principal, "channels:read")
        async with self._state.begin(principal.tenant) as tx:
            author = await self.author(tx, principal)
            await self.unshow(tx, principal.tenant.workspace, author.user, channel, ts)

    async def reshow(self, tx: Tx, workspace: str, user: str, message: Message) -> None:
        """Shows a message to somebody of a workspace, in the place of one with the same `ts` where there is one."""
        # The shape of messages lies with the routes, which stand on this.
        from dure.channels.routes.shapes import message as shape

        await store.add(tx, workspace, user, message, self._clock.now() + _SHOWN_FOR)
        told = {"kind": "ephemeral", "channel": message.channel, "ts": ts_text(message.ts)}
        try:
            await whisper(tx, workspace, [f"user:{user}"], {**told, "message": shape(message)})
        except TooLarge:
            # The screen then asks for it.
            await whisper(tx, workspace, [f"user:{user}"], {**told, "message": None})

    async def unshow(self, tx: Tx, workspace: str, user: str, channel: str, ts: int) -> None:
        if await store.remove(tx, workspace, user, channel, ts):
            gone = {"kind": "ephemeral_gone", "channel": channel, "ts": ts_text(ts)}
            await whisper(tx, workspace, [f"user:{user}"], gone)

    async def shown_in(self, tx: Tx, principal: Principal, channel: str) -> list[Message]:
        """`shown` within a transaction, of a conversation that the caller was found to see."""
        return await store.listed(tx, principal.tenant.workspace, principal.user, channel, self._clock.now())

    async def forget_shown(self) -> None:
        """Takes away what is an hour old; any number may do it."""
        async with self._state.begin_system() as tx:
            await store.forget(tx, self._clock.now())
