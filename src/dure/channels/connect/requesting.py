"""Asking for leave to invite another organisation, where the rules want an administrator to look first."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from dure.channels import events
from dure.channels.connect import store
from dure.channels.connect.inviting import Inviting, approves, no_guest, team
from dure.channels.connect.machine import State, step
from dure.channels.connect.model import VALID_FOR, Invite, standing
from dure.channels.connect.refusals import ChannelArchived
from dure.channels.refusals import InviteNotFound, RestrictedAction
from dure.channels.rules import clean
from dure.channels.store import conversations
from dure.governance.api import Principal, access
from dure.state import Tx


class Requesting(Inviting):
    async def requests(
        self, principal: Principal, *, by: str = "", ids: Sequence[str] = (), after: str = "", limit: int = 200
    ) -> list[Invite]:
        """What was asked for, answered or not: an administrator sees everybody's, a member their own."""
        access(principal, "channels:read")
        no_guest(principal)
        async with self._state.begin(principal.tenant) as tx:
            if not approves(principal):
                me = (await self.author(tx, principal)).user
                if by not in ("", me):
                    return []
                by = me
            found = await store.requests(tx, team(principal), by=by, ids=ids, after=after, limit=limit)
        now = self._clock.now()
        return [replace(one, state=one.at(now)) for one in found]

    async def allow_request(self, principal: Principal, invite: str, *, limited: bool | None = None) -> Invite:
        """Lets a request go: the invitation is sent, approved by the home side. `limited` overrides what was asked."""
        async with self._state.begin(principal.tenant) as tx:
            found = await self._request(tx, principal, invite)
            now = self._clock.now()
            step(await self._standing(tx, found), "allow", field="invite_id")
            home = await conversations.find_home(tx, found.channel)
            if home.side.archived:
                raise ChannelArchived(field="invite_id")
            by = (await self.author(tx, principal)).user
            made = replace(
                found, state="sent", limited=found.limited if limited is None else limited, home_approved_at=now,
                changed_at=now, expires_at=now + VALID_FOR, reviewed_by=by, reviewed_at=now,
            )  # fmt: skip
            await store.put(tx, made)
            await self._send(tx, principal, home, made)
            return made

    async def deny_request(self, principal: Principal, invite: str) -> Invite:
        """Turns a request down; nobody outside has heard of it."""
        async with self._state.begin(principal.tenant) as tx:
            found = await self._request(tx, principal, invite)
            step(await self._standing(tx, found), "deny", field="invite_id")
            return await self._deny(tx, principal, found)

    async def _standing(self, tx: Tx, invite: Invite) -> State:
        found = await conversations.find_home(tx, invite.channel)
        return standing(invite, self._clock.now(), found)

    async def _deny(self, tx: Tx, principal: Principal, found: Invite) -> Invite:
        now, by = self._clock.now(), (await self.author(tx, principal)).user
        made = replace(found, state="denied", changed_at=now, reviewed_by=by, reviewed_at=now)
        await store.put(tx, made)
        await self._tell_invite(tx, principal, made, events.SHARE_DENIED, {"by": by}, inside=True)
        return made

    async def _request(self, tx: Tx, principal: Principal, invite: str) -> Invite:
        access(principal, "channels:write")
        if not approves(principal):
            raise RestrictedAction("Only an administrator can answer this.")
        seen = await store.find(tx, str(clean(invite)))
        if seen is None or seen.workspace != team(principal):
            raise InviteNotFound(field="invite_id")
        await conversations.lock(tx, seen.channel)
        found = await store.find(tx, seen.id)
        if found is None:
            raise InviteNotFound(field="invite_id")
        return found
