"""What every act on the organisation's channels begins with: who may, which workspaces there are, which channel."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING

from dure.channels.model import Conversation
from dure.channels.refusals import ChannelNotFound
from dure.channels.rules import clean
from dure.channels.spanning import store
from dure.channels.spanning.model import Room
from dure.channels.spanning.refusals import NoValidTeams, TeamNotFound
from dure.governance.api import Colleague, Governance, Principal, Role, Workspace, access
from dure.kernel.clock import Clock
from dure.kernel.tenant import Tenant
from dure.state import State, Tx

if TYPE_CHECKING:
    from dure.channels.api import Channels


class Looking:
    def __init__(self, state: State, clock: Clock, governance: Governance, channels: Channels) -> None:
        self._state = state
        self._clock = clock
        self._governance = governance
        self._channels = channels

    async def search(
        self, principal: Principal, query: str = "", *, kinds: Sequence[str] = (), teams: Sequence[str] = (),
        sort: str = "name", descending: bool = False, after: int = 0, limit: int = 50, channels: Sequence[str] = (),
    ) -> tuple[Sequence[Room], int]:  # fmt: skip
        """A page of the organisation's channels, and where the next one begins, 0 for nowhere. Raises TeamNotFound."""
        access(principal, "org:read")
        async with self._state.begin(principal.tenant) as tx:
            spaces = await self.spaces(tx, principal)
            if not spaces.keys() >= set(teams):
                raise TeamNotFound(field="team_ids")
            return await store.rooms(
                tx, principal.tenant.org, list(spaces), query=str(clean(query)).strip().lstrip("#"), kinds=kinds,
                teams=teams, sort="name" if sort == "relevant" else sort, descending=descending, after=after,
                limit=limit, channels=channels,
            )  # fmt: skip

    async def lookup(
        self, principal: Principal, teams: Sequence[str], quiet_since: int, *, most_members: int | None = None,
        after: int = 0, limit: int = 100,
    ) -> tuple[Sequence[Room], int]:  # fmt: skip
        """Open channels of some workspaces in which nothing was said since a moment (microseconds)."""
        access(principal, "org:read")
        async with self._state.begin(principal.tenant) as tx:
            spaces = await self.spaces(tx, principal)
            known = [team for team in teams if team in spaces]
            if not known:
                raise NoValidTeams(field="team_ids")
            return await store.rooms(
                tx, principal.tenant.org, list(spaces), kinds=("public", "archived_exclude"), teams=known,
                sort="created", after=after, limit=limit, quiet_since=quiet_since, most_members=most_members,
            )  # fmt: skip

    async def find(self, principal: Principal, channel: str) -> Conversation:
        """One of the organisation's channels, as its own side has it."""
        access(principal, "org:read")
        async with self._state.begin(principal.tenant) as tx:
            _, found = await self.found(tx, principal, channel)
            return found

    async def workspaces(self, principal: Principal) -> Mapping[str, Workspace]:
        """The organisation's workspaces by id, without playgrounds."""
        access(principal, "org:read")
        async with self._state.begin(principal.tenant) as tx:
            return await self.spaces(tx, principal)

    async def people(self, principal: Principal) -> Sequence[Colleague]:
        """Everybody of the organisation."""
        return await self._governance.organisation.people(principal)

    # -- within a transaction ---------------------------------------------------------------------------------------

    async def spaces(self, tx: Tx, principal: Principal) -> Mapping[str, Workspace]:
        known = await self._governance.workspaces_in(tx)
        return {one.id: one for one in known if one.org == principal.tenant.org and not one.playground_of}

    async def found(
        self, tx: Tx, principal: Principal, channel: str, *, lock: bool = False
    ) -> tuple[Principal, Conversation]:
        """A channel of the organisation's, and the hand that acts in it: the caller's, in the workspace that has it.
        Raises ChannelNotFound for what is none, or another organisation's."""
        spaces = await self.spaces(tx, principal)
        workspace = await store.own_side(tx, principal.tenant.org, list(spaces), str(clean(channel)))
        if workspace is None:
            raise ChannelNotFound(field="channel_id")
        hand = hand_in(principal, workspace)
        return hand, await self._channels.see(tx, hand, channel, lock=lock)


def hand_in(principal: Principal, workspace: str) -> Principal:
    """Somebody who looks after the organisation, as they act in one of its workspaces without being there."""
    tenant = Tenant(principal.tenant.org, workspace)
    return replace(principal, tenant=tenant, role=Role.ADMIN, kind="system", app="", scopes=frozenset({"*"}))
