"""The acts of `Channels` in conversations whose home is another server: asked of that home, and waited for."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import replace
from typing import Any

from dure.channels.connect.model import Invite
from dure.channels.federation.store import names
from dure.channels.model import Conversation, Draft, Message, ts_text
from dure.channels.reactions import Reactions, emoji_name
from dure.channels.refusals import AlreadyInChannel, CantUpdateMessage, IsArchived, NotInChannel
from dure.channels.rooms import Rooms, may_describe
from dure.channels.rules import check_draft, clean
from dure.channels.sharing import Sharing
from dure.governance.api import Principal, access
from dure.kernel.errors import DureError
from dure.state import Tx


class Carried(Rooms, Sharing, Reactions):
    async def update(
        self, principal: Principal, channel: str, ts: int, draft: Draft, *, keep: Collection[str] = ()
    ) -> Message:
        if not await self._is_elsewhere(channel):
            return await super().update(principal, channel, ts, draft, keep=keep)
        async with self._state.begin(principal.tenant) as tx:
            before = await self._message(tx, channel, ts)
            draft = check_draft(replace(draft, **{name: getattr(before, name) for name in keep}))
            if before.user != (await self.author(tx, principal)).user:
                raise CantUpdateMessage(field="ts")
            body = {"ts": ts_text(ts), "text": draft.text, "blocks": draft.blocks, "attachments": draft.attachments,
                    "metadata": draft.metadata}  # fmt: skip
            request = await self._carry(tx, principal, channel, "edit", ts_text(ts), body)
        await self._done(request)
        return await self.message(principal, channel, ts)

    async def delete(self, principal: Principal, channel: str, ts: int) -> None:
        if not await self._is_elsewhere(channel):
            return await super().delete(principal, channel, ts)
        async with self._state.begin(principal.tenant) as tx:
            await self._message(tx, channel, ts)
            request = await self._carry(tx, principal, channel, "delete", ts_text(ts), {"ts": ts_text(ts)})
        return await self._done(request)

    async def _react(self, principal: Principal, channel: str, ts: int, name: str, *, add: bool) -> None:
        if not await self._is_elsewhere(channel):
            return await super()._react(principal, channel, ts, name, add=add)
        name = emoji_name(name)
        async with self._state.begin(principal.tenant) as tx:
            await self._message(tx, channel, ts)
            request = await self._carry(
                tx, principal, channel, "react" if add else "unreact", f"{ts_text(ts)} {name}",
                {"ts": ts_text(ts), "name": name},
            )  # fmt: skip
        return await self._done(request)

    async def set_topic(self, principal: Principal, channel: str, text: str) -> Conversation:
        return await self._describe(principal, channel, "topic", text)

    async def set_purpose(self, principal: Principal, channel: str, text: str) -> Conversation:
        return await self._describe(principal, channel, "purpose", text)

    async def _describe(self, principal: Principal, channel: str, what: str, text: str) -> Conversation:
        async with self._state.begin(principal.tenant) as tx:
            if not await self._is_elsewhere(channel):
                return await self.describe_in(tx, principal, channel, what, text)
            may_describe(principal, channel)
            request = await self._carry(tx, principal, channel, what, "", {"text": str(clean(text))})
        await self._done(request)
        return await self.info(principal, channel)

    async def join(self, principal: Principal, channel: str) -> tuple[Conversation, bool]:
        if not await self._is_elsewhere(channel):
            return await super().join(principal, channel)
        found = await self.info(principal, channel)
        if found.is_member:
            return found, True
        async with self._state.begin(principal.tenant) as tx:
            request = await self._carry(tx, principal, channel, "join", "", {}, inside=False)
        await self._done(request)
        return await self.info(principal, channel), False

    async def leave(self, principal: Principal, channel: str) -> bool:
        if not await self._is_elsewhere(channel):
            return await super().leave(principal, channel)
        async with self._state.begin(principal.tenant) as tx:
            if not (await self.see(tx, principal, channel)).is_member:
                return False
            request = await self._carry(tx, principal, channel, "leave", "", {})
        await self._done(request)
        return True

    async def kick(self, principal: Principal, channel: str, user: str) -> None:
        if not await self._is_elsewhere(channel):
            return await super().kick(principal, channel, user)
        async with self._state.begin(principal.tenant) as tx:
            await self.people(tx, principal.tenant, [user])
            request = await self._carry(tx, principal, channel, "kick", user, {"users": [user]})
        return await self._done(request)

    async def invite(self, principal: Principal, channel: str, users: Sequence[str]) -> Conversation:
        if not await self._is_elsewhere(channel):
            return await super().invite(principal, channel, users)
        found, refused = await self.invite_some(principal, channel, users, force=False)
        if refused:
            raise next(iter(refused.values()))
        return found

    async def invite_some(
        self, principal: Principal, channel: str, users: Sequence[str], *, force: bool
    ) -> tuple[Conversation, Mapping[str, DureError]]:
        if not await self._is_elsewhere(channel):
            return await super().invite_some(principal, channel, users, force=force)
        inside = {one.user for one in await self.members(principal, channel, limit=100_000)}
        refused: dict[str, DureError] = {user: AlreadyInChannel(field="users") for user in users if user in inside}
        coming = [user for user in dict.fromkeys(users) if user not in refused]
        request = ""
        if coming and (force or not refused):
            async with self._state.begin(principal.tenant) as tx:
                await self.people(tx, principal.tenant, coming)
                request = await self._carry(tx, principal, channel, "invite", "", {"users": coming})
        await self._done(request)
        return await self.info(principal, channel), refused

    async def accept(
        self, principal: Principal, channel: str, name: str = "", *, private: bool | None = None
    ) -> Conversation | None:
        if not await self._is_elsewhere(channel):
            return await super().accept(principal, channel, name, private=private)
        async with self._state.begin(principal.tenant) as tx:
            invite = await self._open_to(tx, principal, channel)
            made = await self._accept(tx, principal, invite, name, private)
        made = await self._answered(made)
        return await self.info(principal, channel) if made.state == "connected" else None

    async def accept_invite(
        self, principal: Principal, invite: str, name: str, *, channel: str = "", private: bool | None = None
    ) -> Invite:
        made = await super().accept_invite(principal, invite, name, channel=channel, private=private)
        return await self._answered(made)

    async def approve_invite(self, principal: Principal, invite: str, target: str = "") -> Invite:
        return await self._answered(await super().approve_invite(principal, invite, target))

    async def disconnect(self, principal: Principal, channel: str, workspace: str = "") -> None:
        if not await self._is_elsewhere(channel):
            return await super().disconnect(principal, channel, workspace)
        async with self._state.begin(principal.tenant) as tx:
            await self._shared(tx, principal, channel)
            request = await self._carry(tx, principal, channel, "disconnect", "", {}, inside=False)
        return await self._done(request)

    # -- parts ------------------------------------------------------------------------------------------------------

    async def _is_elsewhere(self, channel: str) -> bool:
        if self.elsewhere is None:
            return False
        async with self._state.begin_system() as tx:
            return bool(await names.home_of(tx, str(clean(channel))))

    async def _carry(
        self, tx: Tx, principal: Principal, channel: str, what: str, subject: str, body: Mapping[str, Any], *,
        inside: bool = True,
    ) -> str:  # fmt: skip
        """Keeps the act as a request of somebody who may see the conversation, and with `inside` is in it."""
        access(principal, "channels:write")
        found = await self.see(tx, principal, channel, lock=True)
        if found.side.archived:
            raise IsArchived(field="channel")
        if inside and not found.is_member:
            raise NotInChannel(field="channel")
        assert self.elsewhere is not None  # noqa: S101
        author = await self.author(tx, principal)
        return await self.elsewhere.ask(tx, replace(principal, user=author.user), found, what, subject, body)

    async def _done(self, request: str) -> None:
        if request and self.elsewhere is not None:
            await self.elsewhere.done(request)

    async def _answered(self, invite: Invite) -> Invite:
        """Waits for the home's word where it is another server."""
        if self.elsewhere is None or not await self._is_elsewhere(invite.channel):
            return invite
        await self.elsewhere.settled(invite)
        async with self._state.begin_system() as tx:
            return await self._found(tx, invite.id)
