"""The groups that a directory keeps; one may be linked to a workspace, and then its members have seats there."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

from dure.feed.api import append
from dure.governance import events
from dure.governance import store as accounts
from dure.governance.access import access
from dure.governance.leaving import leave_in
from dure.governance.model import Principal, Role
from dure.governance.scim import store
from dure.governance.scim.errors import BadValue, Gone, NotUnique
from dure.governance.scim.model import Group
from dure.kernel.clock import Clock
from dure.kernel.errors import NotFound
from dure.kernel.ids import slack_id
from dure.kernel.tenant import Tenant
from dure.state import State, Tx

_RIGHT = "scim:write"
MOST_MEMBERS = 5_000


class Groups:
    def __init__(self, state: State, clock: Clock) -> None:
        self._state = state
        self._clock = clock

    async def listed(self, principal: Principal) -> Sequence[Group]:
        """Every group of the organisation, for those who look after it."""
        access(principal, "org:read")
        async with self._state.begin(principal.tenant) as tx:
            return await store.groups(tx, principal.tenant.org)

    async def group(self, principal: Principal, id: str) -> Group:
        access(principal, _RIGHT)
        async with self._state.begin(principal.tenant) as tx:
            return await self._found(tx, principal, id)

    async def groups_of_in(self, tx: Tx, org: str, people: Sequence[str]) -> Mapping[str, frozenset[str]]:
        """The ids of the groups that people are in, within a transaction; for rules that go by groups."""
        return await store.groups_of(tx, org, people)

    async def named_in(self, tx: Tx, org: str) -> Mapping[str, str]:
        """What the organisation's groups are called, by id, within a transaction."""
        return {one.id: one.name for one in await store.groups(tx, org)}

    async def create(self, principal: Principal, name: str, external_id: str, members: Sequence[str]) -> Group:
        access(principal, _RIGHT)
        now = self._clock.now()
        made = Group(slack_id("S"), name, external_id, "", now, now)
        async with self._state.begin(principal.tenant) as tx:
            await self._require_free(tx, principal, name, "")
            await self._require_people(tx, principal, members)
            await store.put_group(tx, principal.tenant.org, made)
            await store.add_members(tx, made.id, members)
            told = {"name": name, "members": len(members)}
            await append(tx, self._event(principal, events.IDP_GROUP_CREATED, made.id, told))
            return await self._found(tx, principal, made.id)

    async def change(
        self, principal: Principal, id: str, name: str, external_id: str, members: Sequence[str] | None
    ) -> Group:
        """`members` are all there are from now on; None leaves them."""
        access(principal, _RIGHT)
        async with self._state.begin(principal.tenant) as tx:
            before = await self._found(tx, principal, id, lock=True)
            were = {account for account, _ in before.members}
            wanted = were if members is None else set(members)
            added, removed = sorted(wanted - were), sorted(were - wanted)
            if (name, external_id) == (before.name, before.external_id) and not added and not removed:
                return before
            if name != before.name:
                await self._require_free(tx, principal, name, id)
            await self._require_people(tx, principal, added)
            now = self._clock.now()
            made = replace(before, name=name, external_id=external_id, changed_at=now)
            await store.put_group(tx, principal.tenant.org, made)
            if before.workspace:
                await self._unseat(tx, principal, before, removed)
            await store.remove_members(tx, id, removed)
            await store.add_members(tx, id, added)
            told = {"name": name, "before": before.name, "added": added, "removed": removed}
            await append(tx, self._event(principal, events.IDP_GROUP_CHANGED, id, told))
            if before.workspace:
                await self._seat(tx, principal, before, added)
            return await self._found(tx, principal, id)

    async def delete(self, principal: Principal, id: str) -> None:
        """For ever; seats that it gave end with it."""
        access(principal, _RIGHT)
        async with self._state.begin(principal.tenant) as tx:
            before = await self._found(tx, principal, id, lock=True)
            if before.workspace:
                await self._unseat(tx, principal, before, [account for account, _ in before.members])
            await store.drop_group(tx, principal.tenant.org, id)
            told = {"name": before.name, "members": len(before.members)}
            await append(tx, self._event(principal, events.IDP_GROUP_DELETED, id, told))

    async def link(self, principal: Principal, id: str, workspace: str) -> Group:
        """Gives all members seats in a workspace of the organisation, from now on; "" ends the link and those seats."""
        access(principal, _RIGHT)
        org = principal.tenant.org
        async with self._state.begin(principal.tenant) as tx:
            before = await self._found(tx, principal, id, lock=True)
            if before.workspace == workspace:
                return before
            if workspace:
                space = await accounts.workspace(tx, workspace)
                if space is None or space.org != org or space.playground_of:
                    raise NotFound("There is no such workspace in this organisation.", field="workspace")
            people = [account for account, _ in before.members]
            if before.workspace:
                await self._unseat(tx, principal, before, people)
            made = replace(before, workspace=workspace, changed_at=self._clock.now())
            await store.put_group(tx, org, made)
            told = {"name": made.name, "workspace": workspace, "before": before.workspace}
            await append(tx, self._event(principal, events.IDP_GROUP_CHANGED, id, told))
            if workspace:
                await self._seat(tx, principal, made, people)
            return await self._found(tx, principal, id)

    # -- within a transaction ---------------------------------------------------------------------------------------

    async def _seat(self, tx: Tx, principal: Principal, group: Group, people: Sequence[str]) -> None:
        there = replace(principal, tenant=Tenant(principal.tenant.org, group.workspace))
        for account in people:
            known = await accounts.user(tx, group.workspace, account)
            person = await store.person(tx, principal.tenant.org, account)
            if person is None or not person.active or (known is not None and not known.deleted):
                continue
            role = Role.GUEST if person.guest else Role.MEMBER
            await accounts.seat(tx, group.workspace, account, role, self._clock.now())
            if person.guest:
                await store.set_guest(tx, group.workspace, account, person.guest, person.expires_at)
            await store.note_seated(tx, group.id, account, seated=True)
            about = {"name": person.name, "email": person.email, "role": role.value, "function": "", "by": "scim"}
            told = events.governance_event(there, self._clock, events.USER_SEATED, "user", account, about)
            await append(tx, told)

    async def _unseat(self, tx: Tx, principal: Principal, group: Group, people: Sequence[str]) -> None:
        """Seats that this group gave, but where another group gives one, too, or it is somebody's last."""
        there = replace(principal, tenant=Tenant(principal.tenant.org, group.workspace))
        by_this = await store.seated_by(tx, group.id)
        for account in (one for one in people if one in by_this):
            await store.note_seated(tx, group.id, account, seated=False)
            other = await store.also_by(tx, group.workspace, account, group.id)
            if other is not None:
                await store.note_seated(tx, other, account, seated=True)
                continue
            seats = await store.seats(tx, principal.tenant.org, account)
            person = await store.person(tx, principal.tenant.org, account)
            if person is not None and group.workspace in seats and len(seats) > 1:
                await leave_in(tx, there, self._clock, account, person.name, seats[group.workspace], "scim")

    async def _found(self, tx: Tx, principal: Principal, id: str, *, lock: bool = False) -> Group:
        found = await store.group(tx, principal.tenant.org, id, lock=lock)
        if found is None:
            raise Gone("There is no such group.", field="id")
        return found

    async def _require_free(self, tx: Tx, principal: Principal, name: str, but: str) -> None:
        await tx.run("select pg_advisory_xact_lock(hashtext('governance.scim ' || %s))", (principal.tenant.org,))
        if await store.group_named(tx, principal.tenant.org, name, but):
            raise NotUnique("Another group has this displayName already.", field="displayName")

    async def _require_people(self, tx: Tx, principal: Principal, people: Sequence[str]) -> None:
        if len(people) > MOST_MEMBERS:
            raise BadValue(f"A group is given at most {MOST_MEMBERS:,} members at once.", field="members")
        strangers = set(people) - await store.known(tx, principal.tenant.org, people)
        if strangers:
            raise BadValue(f"There is no user {min(strangers)!r}.", field="members")

    def _event(self, principal: Principal, name: str, group: str, about: Mapping[str, Any]) -> Any:
        return events.governance_event(principal, self._clock, name, "idp_group", group, dict(about))
