"""User groups' entrance."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

from dure.channels import events
from dure.channels.groups import store
from dure.channels.groups.model import Group, group_handle, group_name
from dure.channels.groups.refusals import (
    GroupNameTaken,
    HandleTaken,
    InvalidUsers,
    NoSuchGroup,
    NoUsersProvided,
    PermissionDenied,
)
from dure.channels.refusals import ChannelNotFound
from dure.channels.rules import clean
from dure.channels.seats import Seats
from dure.channels.store import conversations
from dure.feed.api import append
from dure.governance.api import Governance, Principal, Role, access
from dure.governance.events import act
from dure.kernel.clock import Clock
from dure.kernel.errors import Invalid
from dure.kernel.ids import slack_id
from dure.kernel.tenant import Tenant
from dure.state import State, Tx


async def members_of_groups(tx: Tx, workspace: str, ids: Sequence[str]) -> Mapping[str, set[str]]:
    """Whom `<!subteam^S…>` means: the people of each group of the workspace that is not disabled."""
    return await store.members(tx, workspace, ids) if ids else {}


class Groups:
    def __init__(self, state: State, clock: Clock, governance: Governance, desk: Seats) -> None:
        self._state = state
        self._clock = clock
        self._governance = governance
        self._desk = desk

    async def listed(self, principal: Principal, *, disabled: bool = False) -> list[Group]:
        access(principal, "channels:read")
        async with self._state.begin(principal.tenant) as tx:
            return await store.listed(tx, principal.tenant.workspace, disabled=disabled)

    async def find(self, principal: Principal, group: str) -> Group:
        access(principal, "channels:read")
        async with self._state.begin(principal.tenant) as tx:
            return await self._group(tx, principal, group)

    async def create(
        self, principal: Principal, name: str, *, handle: str = "", description: str = "",
        channels: Sequence[str] = (), users: Sequence[str] = (),
    ) -> Group:  # fmt: skip
        """A new group. Raises GroupNameTaken, HandleTaken, BadHandle, ChannelNotFound, InvalidUsers."""
        _may_change(principal)
        async with self._state.begin(principal.tenant) as tx:
            author, now = (await self._desk.author(tx, principal)).user, self._clock.now()
            name = group_name(name)
            made = Group(
                slack_id("S"), principal.tenant.workspace, name, group_handle(handle, name), _description(description),
                await self._channels(tx, principal, channels), author, now, author, now,
            )  # fmt: skip
            await self._free(tx, principal.tenant, made)
            await store.put(tx, made)
            if users:
                made = await self._set_users(tx, principal, made, users)
            await self._tell(tx, principal, events.GROUP_CREATED, made, {"users": list(made.users)})
            return made

    async def change(
        self, principal: Principal, group: str, *, name: str | None = None, handle: str | None = None,
        description: str | None = None, channels: Sequence[str] | None = None,
    ) -> Group:  # fmt: skip
        """Changes what is given."""
        _may_change(principal)
        async with self._state.begin(principal.tenant) as tx:
            found = await self._group(tx, principal, group, lock=True)
            made = replace(
                found, name=found.name if name is None else group_name(name),
                handle=found.handle if handle is None else group_handle(handle, found.name),
                description=found.description if description is None else _description(description),
                channels=found.channels if channels is None else await self._channels(tx, principal, channels),
            )  # fmt: skip
            await self._free(tx, principal.tenant, made)
            return await self._keep(tx, principal, made)

    async def set_enabled(self, principal: Principal, group: str, enabled: bool) -> Group:
        """A group that is disabled means nobody; it keeps its people and its names."""
        _may_change(principal)
        async with self._state.begin(principal.tenant) as tx:
            found = await self._group(tx, principal, group, lock=True)
            author = (await self._desk.author(tx, principal)).user
            deleted = (None, "") if enabled else (found.deleted_at or self._clock.now(), author)
            return await self._keep(tx, principal, replace(found, deleted_at=deleted[0], deleted_by=deleted[1]))

    async def set_users(self, principal: Principal, group: str, users: Sequence[str]) -> Group:
        """Exactly these people from now on; they are brought into the group's channels."""
        _may_change(principal)
        if not users:
            raise NoUsersProvided(field="users")
        async with self._state.begin(principal.tenant) as tx:
            before = await self._group(tx, principal, group, lock=True)
            made = await self._set_users(tx, principal, before, users)
            made = replace(made, updated_at=self._clock.now(),
                           updated_by=(await self._desk.author(tx, principal)).user)  # fmt: skip
            await store.put(tx, made)
            added, removed = set(made.users) - set(before.users), set(before.users) - set(made.users)
            await self._tell(
                tx, principal, events.GROUP_MEMBERS, made,
                {"added": sorted(added), "removed": sorted(removed), "before": before.updated_at.isoformat()},
            )  # fmt: skip
            return made

    async def _group(self, tx: Tx, principal: Principal, group: str, *, lock: bool = False) -> Group:
        found = await store.find(tx, principal.tenant.workspace, str(clean(group)), lock=lock)
        if found is None:
            raise NoSuchGroup(field="usergroup")
        if lock and found.workspace != principal.tenant.workspace:
            raise PermissionDenied("This group is another workspace's; it is only known here.")
        return found

    async def _set_users(self, tx: Tx, principal: Principal, group: Group, users: Sequence[str]) -> Group:
        known = {one.id for one in await self._governance.users_in(tx, principal.tenant) if not one.deleted}
        wanted = sorted(set(users))
        if not known.issuperset(wanted):
            raise InvalidUsers(field="users")
        await store.set_users(tx, group.workspace, group.id, wanted)
        now = self._clock.now()
        for channel in group.channels:
            found = await conversations.find(tx, group.workspace, principal.user, channel)
            if found is not None and not found.side.archived and found.is_member:
                await self._desk.invite_in(tx, principal, channel, wanted)
        return replace(group, users=tuple(wanted), updated_at=now)

    async def _channels(self, tx: Tx, principal: Principal, channels: Sequence[str]) -> tuple[str, ...]:
        found = [await self._desk.see(tx, principal, channel) for channel in dict.fromkeys(channels)]
        if any(one.kind != "channel" for one in found):
            raise ChannelNotFound(field="channels")
        return tuple(one.id for one in found)

    async def _free(self, tx: Tx, tenant: Tenant, group: Group) -> None:
        taken = await store.taken(tx, group.workspace, group.name, group.handle, group.id)
        if taken:
            raise GroupNameTaken(field="name") if taken == "name" else HandleTaken(field="handle")
        people = {one.email.partition("@")[0].lower() for one in await self._governance.users_in(tx, tenant)}
        if group.handle in people | await conversations.names_like(tx, group.workspace, group.handle):
            raise HandleTaken(field="handle")

    async def _keep(self, tx: Tx, principal: Principal, group: Group) -> Group:
        author = (await self._desk.author(tx, principal)).user
        made = replace(group, updated_at=self._clock.now(), updated_by=author)
        await store.put(tx, made)
        await self._tell(tx, principal, events.GROUP_CHANGED, made, {"enabled": made.deleted_at is None})
        return made

    async def _tell(self, tx: Tx, principal: Principal, name: str, group: Group, more: Mapping[str, Any]) -> None:
        told = {"name": group.name, "handle": group.handle, **more}
        await append(tx, act(principal, "channels", name, "usergroup", group.id, told, self._clock.now()))


def _may_change(principal: Principal) -> None:
    access(principal, "channels:write")
    if principal.role is Role.GUEST:
        raise PermissionDenied


def _description(text: str) -> str:
    told = str(clean(text)).strip()
    if len(told) > 140:
        raise Invalid("A description has at most 140 characters.", field="description")
    return told
