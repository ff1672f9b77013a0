"""Custom roles: named sets of rights, given to people for the organisation, a workspace or a channel."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from dure.feed.api import append
from dure.governance import events
from dure.governance import store as people
from dure.governance.access import access, allowed, covers
from dure.governance.model import Principal
from dure.governance.roles import store
from dure.governance.roles.model import CustomRole, Given
from dure.governance.roles.seats import Seats
from dure.governance.roles.table import TABLE, Level, reaches
from dure.kernel.clock import Clock
from dure.kernel.errors import Conflict, Invalid, NotAllowed, NotFound
from dure.kernel.ids import slack_id
from dure.state import State, Tx

MOST_ROLES = 100


class CustomRoles:
    def __init__(self, state: State, clock: Clock, seats: Seats) -> None:
        self._state = state
        self._clock = clock
        self._seats = seats  # where channels are known

    # -- the roles --------------------------------------------------------------------------------------------------

    async def listed(self, principal: Principal) -> Sequence[CustomRole]:
        """The organisation's own roles by name; who holds one may know what it gives."""
        access(principal, "governance:read")
        async with self._state.begin(principal.tenant) as tx:
            return await store.roles(tx, principal.tenant.org)

    async def make(self, principal: Principal, name: str, description: str, rights: Sequence[str]) -> CustomRole:
        """A new role. Raises Invalid for a right that there is not, NotAllowed for one that the caller has not."""
        access(principal, "org:write")
        made = CustomRole(slack_id("Rl"), *_read(name, description, rights))
        _within(principal, made.rights)
        async with self._state.begin(principal.tenant) as tx:
            if len(await store.roles(tx, principal.tenant.org)) >= MOST_ROLES:
                raise Conflict(f"An organisation has at most {MOST_ROLES} roles of its own.")
            await self._require_free(tx, principal, made)
            await store.put(tx, principal.tenant.org, made, principal.actor, self._clock.now())
            await self._tell(tx, principal, events.ROLE_CREATED, made)
        return made

    async def change(
        self, principal: Principal, role: str, name: str, description: str, rights: Sequence[str]
    ) -> CustomRole:
        """Whoever has the role holds the new rights from their next act on."""
        access(principal, "org:write")
        async with self._state.begin(principal.tenant) as tx:
            before = await self._found(tx, principal, role, lock=True)
            made = replace(CustomRole(role, *_read(name, description, rights)), given=before.given)
            _within(principal, made.rights)
            await self._still_fits(tx, principal, made)
            await self._require_free(tx, principal, made)
            await store.put(tx, principal.tenant.org, made, principal.actor, self._clock.now())
            added, gone = set(made.rights) - set(before.rights), set(before.rights) - set(made.rights)
            await self._tell(tx, principal, events.ROLE_EDITED, made, added=sorted(added), removed=sorted(gone))
        return made

    async def remove(self, principal: Principal, role: str) -> None:
        """Takes the role away from everybody and out of the list."""
        access(principal, "org:write")
        async with self._state.begin(principal.tenant) as tx:
            found = await self._found(tx, principal, role, lock=True)
            await store.drop(tx, principal.tenant.org, role)
            await self._tell(tx, principal, events.ROLE_REMOVED, found)

    # -- who has them -----------------------------------------------------------------------------------------------

    async def given(self, principal: Principal, *, whole: bool = False) -> Sequence[Given]:
        """Who has which role, as far as it holds in the caller's workspace; of the `whole` organisation too."""
        access(principal, "org:read" if whole else "governance:write")
        async with self._state.begin(principal.tenant) as tx:
            return await store.given(tx, principal.tenant.org, "" if whole else principal.tenant.workspace)

    async def give(self, principal: Principal, role: str, user: str, *, whole: bool = False, channel: str = "") -> bool:
        """Gives a role for the caller's workspace, for one channel of it, or for the `whole` organisation.

        False where they have it there already. Nobody gives rights that they do not hold there themselves, nor to
        themselves.
        """
        _may_give(principal, whole=whole, channel=channel)
        async with self._state.begin(principal.tenant) as tx:
            return await self.give_in(tx, principal, role, user, whole=whole, channel=channel)

    async def give_in(
        self, tx: Tx, principal: Principal, role: str, user: str, *, whole: bool = False, channel: str = ""
    ) -> bool:
        """`give` within a transaction."""
        _may_give(principal, whole=whole, channel=channel)
        found = await self._found(tx, principal, role, lock=True)
        if user == principal.user:
            raise NotAllowed("Nobody gives a role to themselves.")
        _within(principal, found.rights, channel)
        _require_reach(found, _level(whole, channel))
        if whole:
            there = await people.org_role(tx, principal.tenant.org, user) is not None
        else:
            seated = await people.user(tx, principal.tenant.workspace, user)
            there = seated is not None and not seated.deleted and not seated.is_bot
        if not there:
            raise NotFound("There is no such person here.", field="user")
        if channel and not await self._seats.places.is_channel(tx, principal.tenant.workspace, channel):
            raise NotFound("There is no such channel here.", field="channel")
        made = Given(
            role, user, "" if whole else principal.tenant.workspace, channel, principal.actor, self._clock.now()
        )
        if not await store.give(tx, made):
            return False
        await self._tell_given(tx, principal, events.ROLE_GIVEN, found, made)
        return True

    async def take(self, principal: Principal, role: str, user: str, *, whole: bool = False, channel: str = "") -> None:
        """Takes a role away again. Raises NotFound where they do not have it there."""
        async with self._state.begin(principal.tenant) as tx:
            await self.take_in(tx, principal, role, user, whole=whole, channel=channel)

    async def take_in(
        self, tx: Tx, principal: Principal, role: str, user: str, *, whole: bool = False, channel: str = ""
    ) -> None:
        """`take` within a transaction."""
        _may_give(principal, whole=whole, channel=channel)
        found = await self._found(tx, principal, role, lock=True)
        workspace = "" if whole else principal.tenant.workspace
        if not await store.take(tx, role, user, workspace, channel):
            raise NotFound("They do not have this role there.", field="role")
        taken = Given(role, user, workspace, channel, principal.actor, self._clock.now())
        await self._tell_given(tx, principal, events.ROLE_TAKEN, found, taken)

    # -- within a transaction ---------------------------------------------------------------------------------------

    async def _found(self, tx: Tx, principal: Principal, role: str, *, lock: bool = False) -> CustomRole:
        found = await store.role(tx, principal.tenant.org, role, lock=lock)
        if found is None:
            raise NotFound("There is no such role.", field="role")
        return found

    async def _require_free(self, tx: Tx, principal: Principal, made: CustomRole) -> None:
        if await store.is_taken(tx, principal.tenant.org, made.name, made.id):
            raise Conflict(f"There is a role {made.name!r} already.", field="name")

    async def _still_fits(self, tx: Tx, principal: Principal, made: CustomRole) -> None:
        """A role that was given for a channel gets no right that means nothing there."""
        for one in await store.given(tx, principal.tenant.org):
            if one.role == made.id:
                _require_reach(made, _level(one.workspace == "", one.channel))

    async def _tell(self, tx: Tx, principal: Principal, name: str, role: CustomRole, **more: object) -> None:
        about = {"name": role.name, "rights": list(role.rights), **more}
        await append(tx, events.governance_event(principal, self._clock, name, "role", role.id, about))

    async def _tell_given(self, tx: Tx, principal: Principal, name: str, role: CustomRole, given: Given) -> None:
        about = {
            "role": role.id, "name": role.name, "rights": list(role.rights), "channel": given.channel,
            "whole": given.workspace == "",
        }  # fmt: skip
        await append(tx, events.governance_event(principal, self._clock, name, "user", given.account, about))


def _may_give(principal: Principal, *, whole: bool, channel: str) -> None:
    if whole:
        access(principal, "org:write")
    elif not (channel and allowed(principal, "channel:oversee", channel)):
        access(principal, "governance:write")


def _within(principal: Principal, rights: Sequence[str], channel: str = "") -> None:
    if not covers(principal, rights, channel):
        beyond = next(right for right in rights if not covers(principal, [right], channel))
        raise NotAllowed(f"You do not hold {beyond} yourself.", data={"right": beyond})


def _level(whole: bool, channel: str) -> Level:
    return "organisation" if whole else "channel" if channel else "workspace"


def _require_reach(role: CustomRole, level: Level) -> None:
    wide = [right for right in role.rights if not reaches(right, level)]
    if wide:
        raise Invalid(f"{wide[0]} cannot be given for a {level} alone.", field="role")


def _read(name: str, description: str, rights: Sequence[str]) -> tuple[str, str, tuple[str, ...]]:
    name, description = name.strip(), description.strip()
    if not name or len(name) > 60:
        raise Invalid("`name` is a text of 1 to 60 characters.", field="name")
    if len(description) > 300:
        raise Invalid("`description` has at most 300 characters.", field="description")
    unknown = [right for right in rights if right not in TABLE]
    if unknown:
        raise Invalid(f"There is no right {unknown[0][:60]!r}.", field="rights")
    if not rights:
        raise Invalid("A role gives at least one right.", field="rights")
    return name, description, tuple(right for right in TABLE if right in set(rights))
