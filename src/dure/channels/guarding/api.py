"""Guarding's entrance for those who answer for it: rules, what met them, and trying a rule before it is switched on."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime
from typing import Any

import msgspec

from dure.channels.api import Channels
from dure.channels.files import store as file_store
from dure.channels.guarding import store
from dure.channels.guarding.events import (
    DECIDED,
    RULE_CHANGED,
    RULE_CREATED,
    RULE_DELETED,
    about,
    guard_event,
)
from dure.channels.guarding.matching import check
from dure.channels.guarding.model import Rule, Violation
from dure.channels.guarding.refusals import Decided, RuleNotFound, ViolationNotFound
from dure.channels.guarding.trying import Trials
from dure.channels.model import Draft
from dure.channels.moving import putting
from dure.channels.refusals import AuthorGone, MessageNotFound
from dure.channels.rules import clean
from dure.channels.store import messages
from dure.channels.subjects import require_known
from dure.feed.api import append
from dure.governance.api import Governance, Principal, access, allowed
from dure.kernel.clock import Clock
from dure.kernel.ids import slack_id
from dure.kernel.tenant import Tenant
from dure.state import State, Tx

__all__ = ["Guards", "Rule", "Violation"]


class Guards(Trials):
    """`Guards(state, clock, governance, channels)`.

    A workspace's rules are its administrators'; the whole organisation's are those who look after the organisation.
    """

    def __init__(self, state: State, clock: Clock, governance: Governance, channels: Channels) -> None:
        super().__init__(state, clock)
        self._governance = governance
        self._channels = channels

    # -- rules -------------------------------------------------------------------------------------------------------

    async def rules(self, principal: Principal) -> list[Rule]:
        """The organisation's and this workspace's."""
        _reads(principal)
        async with self._state.begin(principal.tenant) as tx:
            every = await store.rules(tx, principal.tenant.org)
        return [rule for rule in every if rule.workspace in ("", principal.tenant.workspace)]

    async def put(self, principal: Principal, rule: Rule, *, whole: bool) -> Rule:
        """Makes a rule (`id` empty) or writes one anew; `enabled` switches it on. Raises Invalid, RuleNotFound."""
        _writes(principal, whole)
        tenant = principal.tenant
        rule = replace(
            check(_cleaned(rule)), org=tenant.org, workspace="" if whole else tenant.workspace,
            changed_by=principal.user, changed_at=self._clock.now(),
        )  # fmt: skip
        async with self._state.begin(tenant) as tx:
            version = await store.raise_version(tx, tenant.org)
            before = await self._rule(tx, principal, rule.id) if rule.id else None
            named = (*before.except_people, *before.channels) if before else ()
            await require_known(
                tx, self._governance, tenant.org, [one for one in rule.except_people if one not in named],
                [one for one in rule.channels if one not in named], who="except_people",
            )  # fmt: skip
            rule = rule if before else replace(rule, id=slack_id("G"))
            if before is not None and before.workspace != rule.workspace:
                _writes(principal, not before.workspace)
            await store.put(tx, rule, version)
            told = {"name": rule.name, "action": rule.action, "enabled": rule.enabled, "whole": whole}
            name = RULE_CHANGED if before else RULE_CREATED
            await append(tx, guard_event(principal, self._clock, name, "guard", rule.id, told))
        return rule

    async def drop(self, principal: Principal, rule: str) -> None:
        _reads(principal)
        async with self._state.begin(principal.tenant) as tx:
            await store.raise_version(tx, principal.tenant.org)
            found = await self._rule(tx, principal, rule)
            _writes(principal, not found.workspace)
            await store.drop(tx, found.org, found.id)
            told = {"name": found.name, "whole": not found.workspace}
            await append(tx, guard_event(principal, self._clock, RULE_DELETED, "guard", found.id, told))

    # -- what met them -----------------------------------------------------------------------------------------------

    async def violations(
        self, principal: Principal, *, whole: bool = False, state: str = "", before: datetime | None = None,
        limit: int = 50,
    ) -> tuple[list[Violation], dict[str, int]]:  # fmt: skip
        """The newest of the workspace or of the organisation, and how many there are in each state."""
        _reads(principal, whole=whole)
        org, workspace = principal.tenant.org, "" if whole else principal.tenant.workspace
        async with self._state.begin(principal.tenant) as tx:
            found = await store.violations(tx, org, workspace, state=state, before=before, limit=limit)
            return found, await store.counts(tx, org, workspace)

    async def rooms(self, principal: Principal, channels: Sequence[str]) -> dict[str, str]:
        """What the organisation calls channels, for who answers for what is said there."""
        _reads(principal)
        async with self._state.begin(principal.tenant) as tx:
            return await store.names(tx, principal.tenant.org, channels)

    async def mine(self, principal: Principal) -> list[Violation]:
        """What of the caller's own waits for an administrator."""
        access(principal, "channels:read")
        async with self._state.begin(principal.tenant) as tx:
            user = (await self._channels.author(tx, principal)).user
            return await store.waiting_of(tx, principal.tenant.workspace, user)

    async def take_back(self, principal: Principal, violation: str) -> None:
        """The writer gives up what waits."""
        access(principal, "channels:write")
        async with self._state.begin(principal.tenant) as tx:
            found = await store.violation(tx, principal.tenant.org, violation)
            user = (await self._channels.author(tx, principal)).user
            if found is None or found.user != user or found.workspace != principal.tenant.workspace:
                raise ViolationNotFound
            await self._decide(tx, principal, found, "removed")

    async def let(self, principal: Principal, violation: str) -> Violation:
        """Lets through what waits, as its writer; of what was only noted it says that somebody has seen it."""
        async with self._state.begin(principal.tenant) as tx:
            found = await self._open(tx, principal, violation)
            if found.state == "waiting":
                found = replace(found, ts=await self._say(tx, found))
            return await self._decide(tx, principal, found, "let")

    async def remove(self, principal: Principal, violation: str) -> Violation:
        """Throws away what waits, or deletes the message that was noted."""
        async with self._state.begin(principal.tenant) as tx:
            found = await self._open(tx, principal, violation)
            if found.state == "noted" and found.ts:
                try:
                    system = self._governance.system(Tenant(found.org, found.workspace), "guarding")
                    await self._channels.remove_in(tx, system, found.channel, found.ts)
                except MessageNotFound:
                    pass  # its writer has deleted it
            return await self._decide(tx, principal, found, "removed")

    # -- within ------------------------------------------------------------------------------------------------------

    async def _rule(self, tx: Tx, principal: Principal, rule: str) -> Rule:
        found = await store.rule(tx, principal.tenant.org, rule)
        if found is None or found.workspace not in ("", principal.tenant.workspace):
            raise RuleNotFound(field="guard")
        return found

    async def _open(self, tx: Tx, principal: Principal, violation: str) -> Violation:
        found = await store.violation(tx, principal.tenant.org, violation)
        elsewhere = found is not None and found.workspace != principal.tenant.workspace
        if found is None or (elsewhere and not allowed(principal, "org:write")):
            _writes(principal, False)
            raise ViolationNotFound(field="violation")
        if not elsewhere:
            _writes(principal, False)
        if found.state not in ("waiting", "noted"):
            raise Decided(field="violation")
        return found

    async def _say(self, tx: Tx, found: Violation) -> int:
        """Says what waited, or makes the change that waited, as who wrote it."""
        brought = await putting.let_in(tx, found.id)
        if brought is not None:
            return brought
        draft = msgspec.convert(found.draft, Draft)
        tenant = Tenant(found.org, found.workspace)
        users = await self._governance.users_in(tx, tenant)
        user = next((one for one in users if one.id == found.user), None)
        if user is None or user.deleted:
            raise AuthorGone(field="user")
        writer = Principal(tenant, user.id, user.role, kind="bot" if found.app else "user", app=found.app)
        if found.what == "edit" or (found.ts and await messages.find(tx, found.channel, found.ts)):
            return (await self._channels.update_in(tx, writer, found.channel, found.ts, draft)).ts
        return (await self._channels.post_in(tx, writer, found.channel, draft)).ts

    async def _decide(self, tx: Tx, principal: Principal, found: Violation, state: Any) -> Violation:
        if state == "removed" and found.state not in ("waiting", "noted"):
            raise Decided(field="violation")
        if found.draft and state == "removed":
            await file_store.let_go(tx, found.workspace, found.draft["files"], self._clock.now())
        decided = replace(found, state=state, draft=None, decided_by=principal.actor, decided_at=self._clock.now())
        await store.decide(tx, decided)
        told = guard_event(
            principal, self._clock, DECIDED, "violation", found.id, about(decided), workspace=found.workspace
        )
        await append(tx, told)
        return decided


def _reads(principal: Principal, *, whole: bool = False) -> None:
    if allowed(principal, "org:read"):
        return
    if whole:
        access(principal, "org:read")
    access(principal, "keeping:write")


def _writes(principal: Principal, whole: bool) -> None:
    access(principal, "org:write" if whole else "keeping:write")


def _cleaned(rule: Rule) -> Rule:
    def texts(given: Sequence[str]) -> tuple[str, ...]:
        return tuple(dict.fromkeys(text for one in given if (text := str(clean(one)).strip())))

    return replace(
        rule, name=str(clean(rule.name)).strip(), patterns=texts(rule.patterns), words=texts(rule.words),
        channels=texts(rule.channels), except_people=texts(rule.except_people),
        except_functions=texts(rule.except_functions),
    )  # fmt: skip
