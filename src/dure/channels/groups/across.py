"""User groups for those who look after an organisation: which workspaces know one, into which channels it leads."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING

from dure.channels import events
from dure.channels.groups import store
from dure.channels.groups.model import Group
from dure.channels.groups.refusals import GroupNotFound, InvalidTeams
from dure.channels.refusals import ChannelNotFound
from dure.channels.spanning.looking import hand_in
from dure.channels.spanning.model import Room
from dure.feed.api import append
from dure.governance.api import Governance, GroupName, Principal, Role, access
from dure.governance.events import act
from dure.kernel.clock import Clock
from dure.kernel.tenant import Tenant
from dure.state import State, Tx

if TYPE_CHECKING:
    from dure.channels.api import Channels


class GroupsAcross:
    def __init__(self, state: State, clock: Clock, governance: Governance, channels: Channels) -> None:
        self._state = state
        self._clock = clock
        self._governance = governance
        self._channels = channels

    async def channels_of(self, principal: Principal, group: str) -> Sequence[Room]:
        """The channels into which a group leads. Raises GroupNotFound."""
        access(principal, "org:read")
        async with self._state.begin(principal.tenant) as tx:
            found = await self._found(tx, principal, group)
        if not found.channels:
            return ()
        rooms, _ = await self._channels.spanning.search(principal, channels=found.channels, limit=1_000)
        return rooms

    async def add_channels(self, principal: Principal, group: str, channels: Sequence[str]) -> None:
        """Leads a group into further channels; its people are brought in where they can be."""
        access(principal, "org:write")
        async with self._state.begin(principal.tenant) as tx:
            found = await self._found(tx, principal, group)
            for channel in channels:
                hand, room = await self._channels.spanning.found(tx, principal, channel)
                known = await self._channels.seatable(tx, hand, room)
                coming = [user for user in found.users if user in known]
                if coming and not room.side.archived:
                    await self._channels.invite_in(tx, hand, channel, coming)
            await self._keep(tx, principal, found, (*found.channels, *channels))

    async def remove_channels(self, principal: Principal, group: str, channels: Sequence[str]) -> None:
        """Leads a group into these no longer; who is in them stays. Raises ChannelNotFound for one it does not lead
        into."""
        access(principal, "org:write")
        async with self._state.begin(principal.tenant) as tx:
            found = await self._found(tx, principal, group)
            if not set(channels) <= set(found.channels):
                raise ChannelNotFound(field="channel_ids")
            await self._keep(tx, principal, found, [one for one in found.channels if one not in channels])

    async def add_teams(
        self, principal: Principal, group: str, teams: Sequence[str], *, provision: bool = False
    ) -> None:
        """Makes a group known in further workspaces; with `provision` its people get seats there."""
        access(principal, "org:write")
        async with self._state.begin(principal.tenant) as tx:
            spaces = await self._channels.spanning.spaces(tx, principal)
            found = await self._found(tx, principal, group)
            if not teams or not spaces.keys() >= set(teams):
                raise InvalidTeams(field="team_ids")
            new = [one for one in dict.fromkeys(teams) if one != found.workspace]
            await store.link(tx, found.id, principal.tenant.org, new)
            if provision:
                for team in new:
                    await self._provision(tx, principal, found, Tenant(principal.tenant.org, team))
            told = {"name": found.name, "handle": found.handle, "enabled": True, "workspaces": new}
            hand, now = hand_in(principal, found.workspace), self._clock.now()
            await append(tx, act(hand, "channels", events.GROUP_CHANGED, "usergroup", found.id, told, now))

    async def _provision(self, tx: Tx, principal: Principal, group: Group, tenant: Tenant) -> None:
        seated = {one.id for one in await self._governance.users_in(tx, tenant) if not one.deleted}
        hand = hand_in(principal, tenant.workspace)
        for user in group.users:
            if user not in seated:
                await self._governance.organisation.seat_in(tx, hand, user, Role.MEMBER)

    async def _found(self, tx: Tx, principal: Principal, group: str) -> Group:
        spaces = await self._channels.spanning.spaces(tx, principal)
        found = await store.in_workspaces(tx, list(spaces), group)
        if found is None or found.deleted_at is not None:
            raise GroupNotFound(field="usergroup_id")
        return found

    async def _keep(self, tx: Tx, principal: Principal, found: Group, channels: Sequence[str]) -> None:
        made = replace(
            found, channels=tuple(dict.fromkeys(channels)), updated_at=self._clock.now(), updated_by=principal.user
        )
        await store.put(tx, made)
        told = {"name": made.name, "handle": made.handle, "enabled": True, "channels": list(made.channels)}
        hand = hand_in(principal, made.workspace)
        await append(tx, act(hand, "channels", events.GROUP_CHANGED, "usergroup", made.id, told, self._clock.now()))


class UserGroups:
    """Fills `governance.barriers.plugs.Groups`: user groups of any workspace of the organisation, by their id."""

    def __init__(self, governance: Governance) -> None:
        self._governance = governance

    async def people(self, tx: Tx, org: str, groups: Sequence[str]) -> Mapping[str, set[str]]:
        asked = [one for one in groups if one.startswith("S")]
        return await store.people(tx, await self._spaces(tx, org), asked) if asked else {}

    async def named(self, tx: Tx, org: str) -> Sequence[GroupName]:
        rows = await store.named(tx, await self._spaces(tx, org))
        return [GroupName(row["id"], f"@{row['handle']}", row["people"]) for row in rows]

    async def _spaces(self, tx: Tx, org: str) -> list[str]:
        known = await self._governance.workspaces_in(tx)
        return [one.id for one in known if one.org == org and not one.playground_of]
