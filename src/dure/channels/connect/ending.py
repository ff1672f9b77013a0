"""How sharing ends: by either side at any moment, or by itself when an invitation's time is over.

Who is disconnected with full rights keeps an archived copy as it stood, who could only write keeps nothing; the home
goes on. Everybody's files are cut from the others at once: they are shown where their owner's side is connected, their
public addresses are taken back, and the words in them find nothing.
"""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from dure.channels import events
from dure.channels.connect import copies, store
from dure.channels.connect.by_letter import ByLetter
from dure.channels.connect.inviting import administers, no_guest, team
from dure.channels.connect.machine import Act, step
from dure.channels.connect.model import standing_of
from dure.channels.connect.refusals import CannotKickHomeTeam
from dure.channels.model import Conversation, Share
from dure.channels.refusals import NotInChannel
from dure.channels.responding import store as response_store
from dure.channels.search.index import index
from dure.channels.store import conversations
from dure.channels.store import indexed as indexed_store
from dure.governance.api import Principal, access
from dure.kernel.ids import slack_id
from dure.state import Tx

_AT_ONCE = 100


class Ending(ByLetter):
    async def disconnect(self, principal: Principal, channel: str, workspace: str = "") -> None:
        """Ends a share: the home side any other's, the other side its own. Its people leave with it."""
        access(principal, "channels:write")
        no_guest(principal)
        async with self._state.begin(principal.tenant) as tx:
            found = await self._shared(tx, principal, channel)
            if not administers(principal) and not found.is_member:
                raise NotInChannel(field="channel")
            await self._disconnect(tx, principal, found, workspace or team(principal))

    async def expire_due(self) -> int:
        """Closes the invitations and requests whose time is over, each told once; how many."""
        async with self._state.begin_system() as tx:
            due = await store.due(tx, self._clock.now(), _AT_ONCE)
        told = 0
        for one in due:
            async with self._state.begin_system() as tx:
                await conversations.lock(tx, one.channel)
                found = await store.find(tx, one.id)
                if found is not None and found.at(self._clock.now()) == "expired" and found.state != "expired":
                    await self._expire(tx, found)
                    told += 1
        return told

    # -- within a transaction ---------------------------------------------------------------------------------------

    async def _shared(self, tx: Tx, principal: Principal, channel: str) -> Conversation:
        """The channel, locked; an administrator ends what is shared in a channel that they are not in, too."""
        system = self._governance.system(principal.tenant, "sharing")
        return await self.see(tx, system if administers(principal) else principal, channel, lock=True)

    async def _disconnect(self, tx: Tx, principal: Principal, found: Conversation, leaving: str) -> None:
        if found.side.home and leaving in (found.home.workspace, found.home.org):
            raise CannotKickHomeTeam(field="workspace")
        own = leaving in (found.side.workspace, found.side.org)
        act: Act = "disconnect" if found.side.home else "leave" if own else "kick_home"
        channel, now = found.id, self._clock.now()
        invites = await store.open_of(tx, channel)
        state, workspace = standing_of(found, found.side.workspace if act != "disconnect" else leaving, invites, now)
        step(state, act, field="workspace")
        for invite in invites:
            if workspace in invite.targets and invite.state != "requested":
                await store.put(tx, replace(invite, state="revoked", changed_at=now))
                told = {"by_workspace": team(principal)}
                await self._tell_invite(tx, principal, invite, events.SHARE_REVOKED, told)
                await self._drop_shares(tx, invite, invite.targets)
        share = next((s for s in found.connected if s.workspace == workspace and not s.home), None)
        if share is not None:
            await self._part(tx, principal, found, share)

    async def _part(self, tx: Tx, principal: Principal, found: Conversation, share: Share) -> None:
        channel, workspace, now = found.id, share.workspace, self._clock.now()
        copy = "" if share.limited else slack_id("C")

        def of_side(side: Share) -> dict[str, Any]:
            return {"kept": copy} if side.workspace == workspace else {}

        told = {"workspace_left": workspace, "org_left": share.org, "by_workspace": team(principal)}
        await self.tell(tx, principal, found, events.UNSHARED, told, of_side=of_side)
        await copies.met(tx, channel, channel, workspace, own=True)
        await conversations.add_share(tx, replace(share, state="disconnected", archived=False), now)
        if copy:
            await copies.keep(tx, channel, copy, share, now)
            await indexed_store.owed(tx, copy)
        await copies.end_links(tx, channel)
        await conversations.remove_members_of(tx, channel, workspace)
        if found.transfer_to == workspace:
            await store.ask_transfer(tx, found.home.workspace, channel, "", "", None)
        await index(tx, await copies.carrying(tx, channel, workspace))
        if len(found.connected) <= 2:
            await response_store.cancel(tx, channel)
