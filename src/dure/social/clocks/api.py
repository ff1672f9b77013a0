"""Clocks' entrance: what is promised, how promises stand, and the loop that says when time runs short."""

from __future__ import annotations

import uuid
from collections.abc import Mapping, Sequence
from dataclasses import asdict, replace
from datetime import datetime
from typing import Any

from dure.automation.plugs import Lookup
from dure.feed.api import Event, append
from dure.governance.api import Governance, Principal, Role, access, seconds_between
from dure.kernel.clock import Clock
from dure.kernel.errors import Invalid
from dure.kernel.tenant import Tenant
from dure.social.care import store as talks
from dure.social.care.api import Care
from dure.social.care.model import Conversation
from dure.social.clocks import events, rules, store
from dure.social.clocks.keeping import Keeping
from dure.social.clocks.model import ResponseClock, Setting
from dure.social.clocks.report import Report, Reports
from dure.social.clocks.surveys.api import Surveys
from dure.social.conflicts import conflict
from dure.state import State, Tx

__all__ = ["Report", "ResponseClock", "ResponseClocks", "Setting", "Surveys"]

_MOST, _DUE, _AT_ONCE = 500, 200, 100


class ResponseClocks:
    """`keeping` is what care tells of every change; `surveys` ask customers; `reports` count."""

    def __init__(
        self, state: State, clock: Clock, governance: Governance, care: Care, accounts: Lookup, surveys: Surveys
    ) -> None:
        self._state = state
        self._clock = clock
        self._hours = governance.hours
        self._care = care
        self.keeping = Keeping(clock, governance.hours, accounts)
        self.surveys = surveys
        self.reports = Reports(state, clock, governance)

    # -- looking ----------------------------------------------------------------------------------------------------

    async def of(
        self, principal: Principal, conversations: Sequence[uuid.UUID]
    ) -> Mapping[uuid.UUID, list[ResponseClock]]:
        """Promised clocks that have not stopped, by conversation, the next one due first."""
        access(principal, "social:read")
        if len(conversations) > _MOST:
            raise Invalid(f"At most {_MOST} conversations are asked for at once.", field="ids")
        async with self._state.begin(principal.tenant) as tx:
            return store.by_conversation(await store.of(tx, principal.tenant.workspace, conversations))

    async def standing(self, principal: Principal, how: str, limit: int = 200) -> list[ResponseClock]:
        """Running clocks whose time is `overdue`, or runs short (`soon`), the longest due first."""
        access(principal, "social:read")
        if how not in ("overdue", "soon"):
            raise Invalid("`how` is overdue or soon.", field="how")
        async with self._state.begin(principal.tenant) as tx:
            return await store.standing(
                tx, principal.tenant.workspace, self._clock.now(), how == "soon", min(max(limit, 1), _MOST)
            )

    async def ever(self, principal: Principal, conversation: uuid.UUID) -> list[ResponseClock]:
        """Every clock of a conversation, the oldest first."""
        access(principal, "social:read")
        async with self._state.begin(principal.tenant) as tx:
            return await store.ever(tx, principal.tenant.workspace, conversation)

    async def setting(self, principal: Principal) -> Setting:
        access(principal, "social:read")
        async with self._state.begin(principal.tenant) as tx:
            return await store.setting(tx, principal.tenant.workspace)

    # -- changing ---------------------------------------------------------------------------------------------------

    async def set_setting(self, principal: Principal, told: Mapping[str, Any], version: int) -> Setting:
        """Puts other policies in place. Clocks that run keep what they were given, until `retime`."""
        access(principal, "social:configure")
        made = rules.setting_of(told, version + 1)
        now, workspace = self._clock.now(), principal.tenant.workspace
        async with self._state.begin(principal.tenant) as tx:
            before = await store.setting(tx, workspace, lock=True)
            if before.version != version or not await store.set_setting(tx, workspace, made, now, principal.actor):
                raise conflict(
                    "그 사이 다른 사람이 정책을 바꾸었습니다.", "Somebody changed the policies meanwhile.", "version"
                )
            facts = {**_plain(made), "before": _plain(before)}
            await append(tx, events.setting_event(principal, events.POLICIES, now, facts))
        return made

    async def retime(self, principal: Principal) -> int:
        """Gives clocks that run what policies and calendars say today; how many conversations' changed."""
        access(principal, "social:configure")
        now, workspace, changed = self._clock.now(), principal.tenant.workspace, 0
        async with self._state.begin(principal.tenant) as tx:
            ids = await store.open_in(tx, workspace)
        for at in range(0, len(ids), _AT_ONCE):
            async with self._state.begin(principal.tenant) as tx:
                for talk in await talks.several(tx, workspace, ids[at : at + _AT_ONCE], lock=True):
                    changed += await self.keeping.retime(tx, principal.tenant, talk, now)
        async with self._state.begin(principal.tenant) as tx:
            await append(tx, events.setting_event(principal, events.RETIMED, now, {"clocks": changed}))
        return changed

    # -- time passes ------------------------------------------------------------------------------------------------

    async def tick(self) -> int:
        """Says of clocks that their time runs short or is over, each once; takes conversations from those who are
        silent; sends surveys. Any number of processes may call it. Returns how much was done."""
        return await self._warn() + await self._take_back() + await self.surveys.tick()

    async def _warn(self) -> int:
        now = self._clock.now()
        async with self._state.begin_system() as tx:
            found = await store.due(tx, now, _DUE)
            by_tenant: dict[Tenant, list[ResponseClock]] = {}
            for tenant, one in found:
                by_tenant.setdefault(tenant, []).append(one)
            for tenant, clocks in by_tenant.items():
                await self._tell(tx, tenant, clocks, now)
        return len(found)

    async def _tell(self, tx: Tx, tenant: Tenant, clocks: Sequence[ResponseClock], now: datetime) -> None:
        setting = await store.setting(tx, tenant.workspace)
        ids = list(dict.fromkeys(one.conversation for one in clocks))
        known = {one.id: one for one in await talks.several(tx, tenant.workspace, ids)}
        hours = await self._hours.of_in(tx, tenant, [one.team for one in clocks])
        acting, said, kept = _acting(tenant), list[Event](), list[ResponseClock]()
        for one in clocks:
            talk, name, more = known[one.conversation], events.OVERDUE, dict[str, Any]()
            if one.due_at is not None and one.due_at <= now:
                kept.append(replace(one, breached_at=now))
            else:
                name = events.DUE_SOON
                if one.due_at is not None:
                    more = {"left_seconds": round(seconds_between(hours[one.team], now, one.due_at))}
                kept.append(replace(one, warned_at=now))
            said.append(events.clock_event(acting, name, now, talk, one, setting, more))
        await store.keep(tx, tenant, kept)
        await append(tx, *said)

    async def _take_back(self) -> int:
        now = self._clock.now()
        async with self._state.begin_system() as tx:
            silent = await store.silent(tx, now, _DUE)
        taken = 0
        for tenant, conversation, agent in silent:
            async with self._state.begin(tenant) as tx:
                # The conversation is held first, as by everybody who changes it; what was read before may be over.
                talk = await talks.conversation(tx, tenant.workspace, conversation, lock=True)
                clocks = await store.running(tx, tenant.workspace, [conversation])
                held = next((one for one in clocks if one.kind == "agent"), None)
                if talk is None or held is None or held.look_at is None or held.look_at > now or held.agent != agent:
                    continue
                await self._give_back(tx, tenant, talk, held, now)
                taken += 1
        return taken

    async def _give_back(
        self, tx: Tx, tenant: Tenant, talk: Conversation, held: ResponseClock, now: datetime
    ) -> None:  # fmt: skip
        acting, setting = _acting(tenant), await store.setting(tx, tenant.workspace)
        await store.keep(tx, tenant, [replace(held, breached_at=now)])
        after = await self._care.assign_in(tx, acting, talk.id, "", expect=held.agent)
        more = {"agent": held.agent, "agent_mention": f"<@{held.agent}>"}
        await append(tx, events.clock_event(acting, events.GIVEN_BACK, now, after, held, setting, more))


def _acting(tenant: Tenant) -> Principal:
    return Principal(tenant, "", Role.ADMIN, frozenset({"*"}), "system", "social")


def _plain(setting: Setting) -> dict[str, Any]:
    told = asdict(setting)
    told.pop("version")
    return told
