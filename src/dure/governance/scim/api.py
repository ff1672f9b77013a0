"""Provisioning's entrance: people made, changed, ended and taken up again as an organisation's directory says."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import asdict, replace
from typing import Any

from dure.feed.api import append
from dure.governance import events
from dure.governance import store as accounts
from dure.governance.access import access
from dure.governance.leaving import leave_in
from dure.governance.model import OrgRole, Principal, Role, User
from dure.governance.scim import store
from dure.governance.scim.errors import BadValue, Gone, NotUnique
from dure.governance.scim.filters import Filter, conjuncts, holds
from dure.governance.scim.model import Person, Wish, person_resource, wish_of
from dure.kernel.clock import Clock
from dure.kernel.errors import Conflict, NotAllowed
from dure.kernel.ids import slack_id
from dure.kernel.tenant import Tenant
from dure.state import State, Tx

_RIGHT = "scim:write"
_BY = "scim"
_QUICK = {"username": "username", "externalid": "externalid", "id": "id"}


class Directory:
    """The people of the caller's organisation."""

    def __init__(self, state: State, clock: Clock) -> None:
        self._state = state
        self._clock = clock

    async def people(self, principal: Principal, said: Filter | None = None) -> Sequence[Person]:
        """Everybody for whom a filter holds, who has no access any more included; the first made first."""
        access(principal, _RIGHT)
        quick = None
        for one in conjuncts(said) if said is not None else ():
            if one.op == "eq" and isinstance(one.value, str) and (name := _QUICK.get(one.path.lower())):
                quick = (name, one.value)
        async with self._state.begin(principal.tenant) as tx:
            found = await store.people(tx, principal.tenant.org, quick)
        return found if said is None else [one for one in found if holds(said, person_resource(one))]

    async def person(self, principal: Principal, id: str) -> Person:
        access(principal, _RIGHT)
        async with self._state.begin(principal.tenant) as tx:
            return await self._found(tx, principal, id)

    async def create(self, principal: Principal, wish: Wish) -> Person:
        """A new account with a seat in the caller's workspace. A name or an address that is there is NotUnique."""
        access(principal, _RIGHT)
        tenant, now = principal.tenant, self._clock.now()
        role = Role.GUEST if wish.guest else Role.MEMBER
        async with self._state.begin(tenant) as tx:
            await self._require_free(tx, tenant.org, wish)
            user = User(
                slack_id("U"), tenant.workspace, wish.email, wish.name, wish.display, role, "", wish.title,
                wish.language, "", False,
            )  # fmt: skip
            await accounts.add_user(tx, user, now)
            await store.keep(tx, tenant.org, user.id, wish, now)
            if wish.guest:
                await store.set_guest(tx, tenant.workspace, user.id, wish.guest, wish.expires_at)
            told = {"name": wish.name, "email": wish.email, "role": role.value, "function": "", "by": _BY}
            await append(tx, self._event(principal, events.USER_CREATED, user.id, told))
            if not wish.active:
                await self._end(tx, principal, await self._found(tx, principal, user.id))
            return await self._found(tx, principal, user.id)

    async def change(self, principal: Principal, id: str, wish: Wish) -> Person:
        """Makes somebody what the directory says now: changed, ended, or taken up again."""
        access(principal, _RIGHT)
        org, now = principal.tenant.org, self._clock.now()
        async with self._state.begin(principal.tenant) as tx:
            before = await self._found(tx, principal, id, lock=True)
            changed = _differences(before, wish)
            if not changed and wish.active == before.active:
                return before
            self._require_right_over(principal, before)
            if changed or (wish.active and not before.active):
                await self._require_free(tx, org, wish, id)
            if wish.active and not before.active:
                await self._take_up(tx, principal, before)
            if changed:
                await store.keep(tx, org, id, wish, now)
                if "guest" in changed:
                    if before.org_role or _looks_after(await store.seats(tx, org, id)):
                        raise BadValue("Who looks after a workspace is no guest.", field="type")
                    await store.set_guest(tx, principal.tenant.workspace, id, wish.guest, wish.expires_at)
                await append(tx, self._event(principal, events.USER_CHANGED, id, {"changed": changed, "by": _BY}))
            if before.active and not wish.active:
                await self._end(tx, principal, before)
            return await self._found(tx, principal, id)

    async def end(self, principal: Principal, id: str) -> Person:
        """Ends somebody's access to all of the organisation's workspaces; what they wrote stays."""
        access(principal, _RIGHT)
        async with self._state.begin(principal.tenant) as tx:
            before = await self._found(tx, principal, id, lock=True)
            if not before.active:
                return before
            self._require_right_over(principal, before)
            await self._end(tx, principal, before)
            return await self._found(tx, principal, id)

    # -- within a transaction ---------------------------------------------------------------------------------------

    async def _end(self, tx: Tx, principal: Principal, person: Person) -> None:
        org = principal.tenant.org
        if person.id == principal.user:
            raise NotAllowed("Nobody ends their own access.")
        if await accounts.org_owners(tx, org) == [person.id]:
            raise Conflict("The organisation would have no owner.", field="active")
        for workspace, role in (await store.seats(tx, org, person.id)).items():
            there = replace(principal, tenant=Tenant(org, workspace))
            await leave_in(tx, there, self._clock, person.id, person.name, role, _BY)

    async def _take_up(self, tx: Tx, principal: Principal, person: Person) -> None:
        """The seats come back that ended last; sessions and tokens do not."""
        org = principal.tenant.org
        seats = await store.take_up(tx, org, person.id)
        for workspace, role in sorted(seats.items()):
            there = replace(principal, tenant=Tenant(org, workspace))
            about = {"name": person.name, "role": role, "by": _BY}
            await append(tx, self._event(there, events.USER_REACTIVATED, person.id, about))

    async def _found(self, tx: Tx, principal: Principal, id: str, *, lock: bool = False) -> Person:
        found = await store.person(tx, principal.tenant.org, id, lock=lock)
        if found is None:
            raise Gone("There is no such user.", field="id")
        return found

    async def _require_free(self, tx: Tx, org: str, wish: Wish, but: str = "") -> None:
        await tx.run("select pg_advisory_xact_lock(hashtext('governance.scim ' || %s))", (org,))
        if known := await store.named(tx, org, wish.user_name, wish.email, but):
            name = "userName" if known[1] else "emails"
            raise NotUnique(f"{known[0]} has this {name} already.", field=name, data={"user": known[0]})

    def _require_right_over(self, principal: Principal, person: Person) -> None:
        """An owner's address leads to their account, so only owners change it."""
        if person.org_role is OrgRole.OWNER and principal.org_role is not OrgRole.OWNER:
            raise NotAllowed("Only an owner of the organisation changes an owner.")

    def _event(self, principal: Principal, name: str, user: str, about: Mapping[str, Any]) -> Any:
        return events.governance_event(principal, self._clock, name, "user", user, dict(about))


def _looks_after(seats: Mapping[str, str]) -> bool:
    return any(role in ("owner", "admin") for role in seats.values())


def _differences(before: Person, wish: Wish) -> list[str]:
    """What would change, by name; never to what. Both are compared as the directory would say them."""
    try:
        was = asdict(wish_of(person_resource(before)))
    except BadValue:  # an account without an address
        was = {}
    named = {"user_name": "userName", "external_id": "externalId", "display": "displayName", "expires_at": "guest"}
    changed = [key for key, value in asdict(wish).items() if key != "active" and was.get(key) != value]
    return list(dict.fromkeys(named.get(key, key) for key in changed))
