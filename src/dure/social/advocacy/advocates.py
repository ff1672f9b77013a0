"""Advocates: what an employee wants, and which connected sources are accounts of their own rather than the brand's."""

from __future__ import annotations

import uuid
from dataclasses import replace
from typing import Any, Protocol

from dure.feed.api import append
from dure.governance.api import Governance, Principal, User, access
from dure.kernel.clock import Clock
from dure.kernel.errors import Invalid, NotAllowed, NotFound
from dure.social.advocacy import events, store
from dure.social.advocacy.model import Advocate
from dure.social.advocacy.networks import HOST
from dure.social.conflicts import conflict
from dure.social.plugs import Publishes, Source
from dure.social.sources.api import Health
from dure.state import State


class Accounts(Protocol):
    """Connected sources, and the kinds that there are."""

    connectors: dict[str, Source]

    async def sources(self, principal: Principal) -> list[Health]: ...


class Advocates:
    def __init__(self, state: State, clock: Clock, governance: Governance, accounts: Accounts) -> None:
        self._state = state
        self._clock = clock
        self._governance = governance
        self._accounts = accounts

    async def me(self, principal: Principal) -> User:
        """Who acts; NotAllowed for what is no person."""
        if principal.kind != "user" or not principal.user:
            raise NotAllowed("Employees share in their own name.")
        return await self._governance.user(principal.tenant, principal.user)

    async def of(self, principal: Principal) -> tuple[Advocate, list[dict[str, Any]]]:
        """The caller's settings, and the sources that they may call their own account."""
        access(principal, "social:read")
        me = await self.me(principal)
        async with self._state.begin(principal.tenant) as tx:
            found = (await store.advocates(tx, principal.tenant.workspace, [me.id]))[me.id]
        return found, await self.own(principal)

    async def set(self, principal: Principal, wanted: Advocate) -> Advocate:
        """A source is called one's own by whoever connected it, and by one alone."""
        access(principal, "social:write")
        me = await self.me(principal)
        host = wanted.mastodon.strip().lower().removeprefix("https://").rstrip("/")
        if host and not HOST.fullmatch(host):
            raise Invalid("The server is a name such as mastodon.social.", field="mastodon")
        mine = {one["id"] for one in await self.own(principal)}
        if [one for one in wanted.sources if one not in mine]:
            raise NotAllowed("Whoever connected a source, or an administrator, calls it yours.", field="sources")
        kept = replace(wanted, employee=me.id, mastodon=host, sources=list(dict.fromkeys(wanted.sources)))
        async with self._state.begin(principal.tenant) as tx:
            await store.one_at_a_time(tx, principal.tenant.workspace)
            for source in kept.sources:
                if await store.owner_of(tx, principal.tenant.workspace, source) not in ("", me.id):
                    raise conflict(
                        "이미 다른 동료의 개인 계정입니다.", "A colleague calls this source their own.", "sources"
                    )
            await store.set_advocate(tx, principal.tenant.workspace, kept)
            told = {"named": kept.named, "reminders": kept.reminders, "sources": [str(one) for one in kept.sources]}
            await append(tx, events.house_event(principal, events.JOINED, self._clock.now(), told, me.id))
        return kept

    async def accounts(self, principal: Principal) -> list[dict[str, Any]]:
        """For administrators: every source that posts can go to, and whose own account it is, "" for the brand's."""
        access(principal, "social:configure")
        found = await self._spoken(principal)
        async with self._state.begin(principal.tenant) as tx:
            owners = [await store.owner_of(tx, principal.tenant.workspace, one["id"]) for one in found]
        return [
            {"id": one["id"], "name": one["name"], "network": one["network"], "employee": owner}
            for one, owner in zip(found, owners, strict=True)
        ]

    async def give(self, principal: Principal, source: uuid.UUID, employee: str) -> Advocate:
        """An administrator says whose own account a source is, "" for nobody's: it is the brand's then."""
        access(principal, "social:configure")
        if source not in {one["id"] for one in await self._spoken(principal)}:
            raise NotFound("There is no such source that could publish.", field="source")
        workspace = principal.tenant.workspace
        async with self._state.begin(principal.tenant) as tx:
            users = {one.id for one in await self._governance.users_in(tx, principal.tenant) if not one.deleted}
            if employee and employee not in users:
                raise NotFound("There is no such user.", field="employee")
            await store.one_at_a_time(tx, workspace)
            before = await store.owner_of(tx, workspace, source)
            known = await store.advocates(tx, workspace, [one for one in (before, employee) if one])
            for one in known.values():
                rest = [other for other in one.sources if other != source]
                kept = replace(one, sources=[*rest, source] if one.employee == employee else rest)
                await store.set_advocate(tx, workspace, kept)
                known[one.employee] = kept
            told = {"source": str(source), "user": employee, "before": before}
            await append(tx, events.house_event(principal, events.ACCOUNT_GIVEN, self._clock.now(), told, employee))
        return known.get(employee, Advocate(""))

    async def own(self, principal: Principal) -> list[dict[str, Any]]:
        """Sources that the caller connected, or that an administrator called theirs."""
        found = await self._spoken(principal)
        async with self._state.begin(principal.tenant) as tx:
            known = (await store.advocates(tx, principal.tenant.workspace, [principal.user]))[principal.user]
        return [one for one in found if one.pop("by") == principal.user or one["id"] in known.sources]

    # -- within -----------------------------------------------------------------------------------------------------

    async def _spoken(self, principal: Principal) -> list[dict[str, Any]]:
        """Sources that posts can go to."""
        found: list[dict[str, Any]] = []
        for health in await self._accounts.sources(principal):
            one, connector = health.source, self._accounts.connectors.get(health.source.connector)
            if one.state == "on" and isinstance(connector, Publishes):
                network = connector.manifest.network
                found.append({"id": one.id, "name": one.name, "network": network, "by": one.created_by})
        return found
