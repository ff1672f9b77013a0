"""Policies' entrance: what holds, who sets it, and the one question that slices ask before an act."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from datetime import timedelta

from dure.feed.api import append
from dure.governance import events
from dure.governance.access import access
from dure.governance.model import Principal
from dure.governance.policies import store
from dure.governance.policies.model import KINDS, Policy, Value, may, standing
from dure.kernel.clock import Clock
from dure.kernel.errors import Invalid, NotAllowed
from dure.kernel.tenant import Tenant
from dure.state import State, Tx


class Policies:
    def __init__(self, state: State, clock: Clock) -> None:
        self._state = state
        self._clock = clock

    async def listed(self, principal: Principal) -> Mapping[str, Policy]:
        """Every policy as it stands in the caller's workspace; whoever is bound by rules may read them."""
        access(principal, "governance:read")
        async with self._state.begin(principal.tenant) as tx:
            return await self.all_in(tx, principal.tenant)

    async def set(self, principal: Principal, name: str, value: object, *, whole: bool = False) -> Policy:
        """Sets a policy for the caller's workspace, or for the `whole` organisation; None takes it back.

        A workspace that would loosen what the whole says is Invalid.
        """
        access(principal, "org:write" if whole else "governance:write")
        kind = KINDS.get(name)
        if kind is None:
            raise Invalid(f"There is no policy {name!r}; there are {', '.join(KINDS)}.", field="name")
        wanted = None if value is None else kind.read(value)
        org, workspace = principal.tenant.org, "" if whole else principal.tenant.workspace
        async with self._state.begin(principal.tenant) as tx:
            before = (await self.all_in(tx, principal.tenant))[name]
            said = None if whole else before.whole
            if wanted is not None and said is not None and kind.stricter(said, wanted) != wanted:
                raise Invalid(f"The organisation says {said!r}; a workspace can only be stricter.", field="value")
            was = before.whole if whole else before.here
            if was == wanted:
                return before
            if name == "signin.methods" and wanted == "provider" and not await store.has_provider(tx, org):
                raise Invalid("Set up a provider first, or nobody could sign in.", field="value")
            if wanted is None:
                await store.drop(tx, org, workspace, name)
            else:
                await store.put(tx, org, workspace, name, wanted, principal.actor, self._clock.now())
            if name == "session.hours":
                await self._end_longer(tx, principal, whole=whole)
            about = {"policy": name, "value": wanted, "before": was, "whole": whole}
            told = events.governance_event(principal, self._clock, events.POLICY_CHANGED, "policy", name, about)
            await append(tx, told)
            return (await self.all_in(tx, principal.tenant))[name]

    # -- within a transaction ---------------------------------------------------------------------------------------

    async def all_in(self, tx: Tx, tenant: Tenant) -> Mapping[str, Policy]:
        return standing(await store.said(tx, tenant))

    async def value_in(self, tx: Tx, tenant: Tenant, name: str) -> Value:
        """What holds of one policy."""
        return (await self.all_in(tx, tenant))[name].holds

    async def values_of(
        self, tx: Tx, tenants: Collection[Tenant], names: Collection[str]
    ) -> dict[str, dict[str, Value]]:
        """What holds of some policies in several workspaces at once, by workspace and name."""
        rows = await store.said_of(tx, tenants, names)
        found = {}
        for tenant in tenants:
            said = [row for row in rows if row["org"] == tenant.org and row["workspace"] in ("", tenant.workspace)]
            holds = standing(said)
            found[tenant.workspace] = {name: holds[name].holds for name in names}
        return found

    async def session_length(self, tx: Tx, tenant: Tenant) -> timedelta:
        """For how long a session begun now lasts."""
        return timedelta(hours=int(await self.value_in(tx, tenant, "session.hours")))

    async def lets(self, tx: Tx, principal: Principal, name: str) -> bool:
        """Whether somebody is of those that a policy lets do something."""
        return may(principal, await self.value_in(tx, principal.tenant, name))

    async def require(self, tx: Tx, principal: Principal, name: str) -> None:
        """NotAllowed for who is not of those that a policy lets do something."""
        if not await self.lets(tx, principal, name):
            raise NotAllowed("The rules of this workspace do not let you do this.", data={"policy": name})

    async def _end_longer(self, tx: Tx, principal: Principal, *, whole: bool) -> None:
        """Shortens the sessions that there are to what holds now; one that a rule lets live longer stays as it is."""
        for workspace in await store.workspaces(tx, principal.tenant.org) if whole else [principal.tenant.workspace]:
            length = await self.session_length(tx, Tenant(principal.tenant.org, workspace))
            await store.shorten_sessions(tx, workspace, length)
