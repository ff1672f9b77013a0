"""What personal data a workspace keeps: its rules, read and set."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import msgspec

from dure.feed.api import append
from dure.governance.api import Principal, access
from dure.ingest import events, rules_store
from dure.ingest.personal import PersonalRule, checked
from dure.ingest.rulebook import RuleBook, personal_of
from dure.kernel.clock import Clock


@dataclass(frozen=True, slots=True)
class Kept:
    """`keep_address` keeps the client's IP; `read_context` lays user agents and campaigns out as properties."""

    keep_address: bool = False
    read_context: bool = True
    rules: tuple[PersonalRule, ...] = ()


class Privacy:
    def __init__(self, rules: RuleBook, clock: Clock) -> None:
        self._rules = rules
        self._clock = clock

    async def kept(self, principal: Principal) -> Kept:
        access(principal, "ingest:read")
        async with self._rules.state.begin(principal.tenant) as tx:
            row = await rules_store.rule_set(tx, principal.tenant.workspace)
        return Kept(row["keep_address"], row["read_context"], personal_of(row).rules) if row else Kept()

    async def keep(
        self, principal: Principal, keep_address: bool, read_context: bool, rules: Sequence[PersonalRule]
    ) -> Kept:
        """Sets all of it; holds for events that come from now on, and at once in this process."""
        made = Kept(keep_address, read_context, checked(rules))
        async with self._rules.changing(principal) as (tx, _):
            text = msgspec.json.encode(made.rules).decode()
            await rules_store.set_personal(tx, principal.tenant.workspace, keep_address, read_context, text)
            about = {"keep_address": keep_address, "read_context": read_context, "rules": text}
            await append(
                tx,
                events.rule_event(
                    principal, self._clock, events.PRIVACY_SET, "privacy", principal.tenant.workspace, about
                ),
            )
        return made
