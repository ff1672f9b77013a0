"""How far a channel spans its organisation: made for it, given to workspaces and taken from them, moved."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace

from dure.channels import events
from dure.channels.connect import store as invites
from dure.channels.model import Conversation, Share, Standing
from dure.channels.refusals import DefaultOrgWide, NameTaken, RestrictedAction
from dure.channels.rules import channel_name, clean
from dure.channels.search.index import index_anew
from dure.channels.spanning import store
from dure.channels.spanning.looking import Looking, hand_in
from dure.channels.spanning.refusals import (
    CannotMoveLocal,
    ChannelTypeNotSupported,
    CouldNotSetTeams,
    InvalidTargetTeam,
    TeamNotFound,
    TeamOrWhole,
)
from dure.channels.store import conversations
from dure.governance.api import Principal, Workspace, access
from dure.kernel.ids import slack_id
from dure.kernel.tenant import Tenant
from dure.state import Tx

Reached = Mapping[str, Workspace]


class Reaching(Looking):
    async def create(
        self, principal: Principal, name: str, *, private: bool, purpose: str = "", workspace: str = "",
        whole: bool = False,
    ) -> Conversation:  # fmt: skip
        """A new channel in one workspace, or in every one. Its maker sits in it where they have a seat."""
        access(principal, "org:write")
        if not workspace and not whole:
            raise TeamOrWhole(field="team_id")
        async with self._state.begin(principal.tenant) as tx:
            if whole:
                await self._governance.organisation.hold_still(tx)
            spaces = await self.spaces(tx, principal)
            home = workspace or (
                principal.tenant.workspace if principal.tenant.workspace in spaces else next(iter(spaces))
            )
            if home not in spaces:
                raise TeamNotFound(field="team_id")
            await self._take_names(tx, spaces if whole else [home])
            kind = "channels.create_private" if private else "channels.create_public"
            asking = replace(principal, tenant=Tenant(principal.tenant.org, home))
            if not await self._governance.policies.lets(tx, asking, kind):
                raise RestrictedAction("The rules of this organisation do not let you make such a channel.")
            made = await self._make(tx, principal, spaces[home], channel_name(name), private, purpose)
            if whole:
                made = await self._reach(tx, principal, made, list(spaces), spaces, whole=True)
            return made

    async def set_teams(
        self, principal: Principal, channel: str, teams: Sequence[str] = (), *, whole: bool = False
    ) -> Conversation:
        """Gives a channel to exactly these workspaces of the organisation, or to the `whole` of it; its id stays.

        A workspace that is not named any more keeps nothing: it sees the channel no longer, and who sits there only as
        its member goes. Raises InvalidTargetTeam, CannotMoveLocal, CouldNotSetTeams (the name is another's there),
        ChannelTypeNotSupported (shared outside), DefaultOrgWide.
        """
        access(principal, "org:write")
        async with self._state.begin(principal.tenant) as tx:
            if whole:
                await self._governance.organisation.hold_still(tx)
            spaces = await self.spaces(tx, principal)
            wanted = list(spaces) if whole else list(dict.fromkeys(teams))
            if not wanted or not spaces.keys() >= set(wanted):
                raise InvalidTargetTeam(field="target_team_ids")
            await self._take_names(tx, spaces)
            _, found = await self.found(tx, principal, channel, lock=True)
            if not found.reach and found.home.workspace not in wanted:
                raise CannotMoveLocal(field="target_team_ids")
            return await self._reach(tx, principal, found, wanted, spaces, whole=whole)

    async def move(self, principal: Principal, channel: str, workspace: str) -> Conversation:
        """Moves a channel of one workspace to another: what was said goes along, and who has a seat there."""
        access(principal, "org:write")
        async with self._state.begin(principal.tenant) as tx:
            spaces = await self.spaces(tx, principal)
            if workspace not in spaces:
                raise TeamNotFound(field="target_team_id")
            await self._take_names(tx, spaces)
            _, found = await self.found(tx, principal, channel, lock=True)
            if found.reach:
                raise ChannelTypeNotSupported("A channel of several workspaces is not moved.", field="channel_id")
            return await self._reach(tx, principal, found, [workspace], spaces)

    async def set_standing(self, principal: Principal, channel: str, standing: Standing) -> Conversation:
        """Whether a channel of the whole organisation takes in newcomers (`default`), or everybody and for good
        (`mandatory`); guests never."""
        access(principal, "org:write")
        async with self._state.begin(principal.tenant) as tx:
            hand, found = await self.found(tx, principal, channel, lock=True)
            if found.reach != "whole" or found.private or found.side.archived:
                raise ChannelTypeNotSupported("Only an open channel of the whole organisation.", field="channel_id")
            await store.set_standing(tx, found.home.org, found.id, standing)
            await self._channels.tell(tx, hand, found, events.CHANGED, {"what": "standing", "standing": standing})
            if standing == "mandatory":
                await self._seat_everybody(tx, hand, found)
            return await self._channels.see(tx, hand, channel)

    # -- within a transaction ---------------------------------------------------------------------------------------

    async def _make(
        self, tx: Tx, principal: Principal, home: Workspace, name: str, private: bool, purpose: str
    ) -> Conversation:
        channel, now, hand = slack_id("C"), self._clock.now(), hand_in(principal, home.id)
        purpose = str(clean(purpose))[:250]
        if not await conversations.add(
            tx, id=channel, workspace=home.id, org=home.org, kind="channel", people=None, name=name, private=private,
            topic="", purpose=purpose, creator=principal.user, response_minutes=None, at=now,
        ):  # fmt: skip
            raise NameTaken(field="name")
        seated = {one.id for one in await self._governance.users_in(tx, home.tenant) if not one.deleted}
        if principal.user in seated:
            await conversations.add_members(tx, channel, [(principal.user, home.id)], now, 0)
        made = await self._channels.see(tx, hand, channel)
        told = {"purpose": "" if private else purpose, "creator": principal.user, "user": principal.user}
        await self._channels.tell(tx, hand, made, events.CREATED, told)
        return made

    async def _reach(
        self, tx: Tx, principal: Principal, found: Conversation, wanted: Sequence[str], spaces: Reached, *,
        whole: bool = False,
    ) -> Conversation:  # fmt: skip
        """Gives a channel, whose names and row are locked, to these workspaces."""
        org, now = principal.tenant.org, self._clock.now()
        outside = [one for one in found.shares if one.org != org and one.state in ("connected", "invited")]
        if found.home.org != org or outside or await invites.open_of(tx, found.id):
            raise ChannelTypeNotSupported("A channel that is shared outside spans no workspaces.", field="channel_id")
        if found.standing and not whole:
            raise DefaultOrgWide(field="channel_id")
        before = {one.workspace for one in found.connected}
        joining, leaving = [one for one in wanted if one not in before], sorted(before - set(wanted))
        reach = "whole" if whole else "several" if len(wanted) > 1 else ""
        if not joining and not leaving and reach == found.reach:
            return found
        for workspace in joining:
            side = replace(found.side, workspace=workspace, home=False, state="connected", invited_by=principal.user)
            if not await conversations.add_share(tx, side, now):
                raise CouldNotSetTeams(
                    f"{spaces[workspace].name} has a channel named {found.name} already.", field="target_team_ids"
                )
        home = found.home.workspace
        if home in leaving:
            home = next((one for one in wanted if one in before), wanted[0])
            await store.move_home(tx, found.id, found.home.workspace, home)
            await index_anew(tx, found.id)
        await store.set_reach(tx, org, found.id, reach)
        for workspace in leaving:
            await self._take_from(tx, found, workspace, wanted, spaces)
        hand = hand_in(principal, home)
        made = await self._channels.see(tx, hand, found.id)
        heard = {one.workspace: one for one in (*found.connected, *made.connected)}
        told = {"added": joining, "removed": leaving, "reach": reach, "home": home}
        both = replace(made, shares=tuple(replace(one, state="connected") for one in heard.values()))
        await self._channels.tell(tx, hand, both, events.WORKSPACES, told)
        return made

    async def _take_from(
        self, tx: Tx, found: Conversation, workspace: str, wanted: Sequence[str], spaces: Reached
    ) -> None:
        """A workspace keeps nothing of a channel; who has a seat in another one of it stays as that one's."""
        side = next(one for one in found.shares if one.workspace == workspace)
        await conversations.add_share(tx, replace(side, state="disconnected"), self._clock.now())
        seats: dict[str, str] = {}
        for other in wanted:
            for user in await self._governance.users_in(tx, spaces[other].tenant):
                if not user.deleted and not user.is_bot:
                    seats.setdefault(user.id, other)
        await store.reseat(tx, found.id, workspace, seats)
        await conversations.remove_members_of(tx, found.id, workspace)

    async def _seat_everybody(self, tx: Tx, hand: Principal, found: Conversation) -> None:
        pairs: dict[str, str] = {}
        for side in found.own_sides:
            pairs |= {one: side.workspace for one in await self.insiders(tx, side) if one not in pairs}
        added = await conversations.add_members(tx, found.id, list(pairs.items()), self._clock.now(), found.last_ts)
        told = ({"user": user, "inviter": hand.user} for user in added)
        await self._channels.tell(tx, hand, found, events.JOINED, *told)

    async def insiders(self, tx: Tx, side: Share) -> list[str]:
        """The people of a workspace who are no guests there."""
        users = await self._governance.users_in(tx, side.tenant)
        return [one.id for one in users if not one.deleted and not one.is_bot and one.role != "guest"]

    async def _take_names(self, tx: Tx, workspaces: Sequence[str] | Reached) -> None:
        for workspace in sorted(workspaces):
            await conversations.lock_names(tx, workspace)
