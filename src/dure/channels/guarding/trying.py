"""A rule tried on what was said before: in sets, with progress, until it is through or somebody stops it."""

from __future__ import annotations

import asyncio
from dataclasses import replace
from datetime import timedelta
from typing import Any

from dure.channels.guarding import pieces as taken
from dure.channels.guarding import store
from dure.channels.guarding.events import TRIAL_ENDED, TRIED, guard_event
from dure.channels.guarding.matching import Ready, check
from dure.channels.guarding.model import Rule, Trial
from dure.channels.guarding.refusals import TrialNotFound
from dure.channels.guarding.watch import met_by
from dure.channels.model import Draft, ts_at, ts_text
from dure.feed.api import append
from dure.governance.api import Principal, Role, access
from dure.kernel.clock import Clock
from dure.kernel.errors import Invalid
from dure.kernel.ids import uuid7
from dure.kernel.tenant import Tenant
from dure.state import State

_A_SET = 500
_EXAMPLES = 20
_DAYS = 3_650
_SYSTEM_ROLE = Role.OWNER


class Trials:
    def __init__(self, state: State, clock: Clock) -> None:
        self._state = state
        self._clock = clock

    async def try_out(self, principal: Principal, rule: Rule, *, whole: bool, days: int = 90) -> Trial:
        """Begins to look for a rule in what people of the workspace, or of the organisation, said lately."""
        access(principal, "org:write" if whole else "keeping:write")
        if not 1 <= days <= _DAYS:
            raise Invalid(f"`days` is 1 to {_DAYS:,}.", field="days")
        tenant, now = principal.tenant, self._clock.now()
        rule = replace(check(rule), org=tenant.org, workspace="" if whole else tenant.workspace)
        since = ts_at(now - timedelta(days=days))
        async with self._state.begin(tenant) as tx:
            teams = await store.workspaces_of(tx, tenant, whole=whole)
            total = await store.total_of(tx, teams, since)
            made = Trial(str(uuid7()), tenant.org, rule.workspace, rule, "running", since, total, principal.user, now)
            await store.begin_trial(tx, made)
            told = {"name": rule.name, "whole": whole, "days": days}
            await append(tx, guard_event(principal, self._clock, TRIED, "guard_trial", made.id, told))
        return made

    async def trial(self, principal: Principal, trial: str) -> Trial:
        async with self._state.begin(principal.tenant) as tx:
            found = await store.trial(tx, principal.tenant.org, trial)
        return _own(principal, found)

    async def cancel(self, principal: Principal, trial: str) -> Trial:
        """Stops it; what it has found so far stays to be seen."""
        async with self._state.begin(principal.tenant) as tx:
            found = _own(principal, await store.trial(tx, principal.tenant.org, trial, lock=True))
            if found.state != "running":
                return found
            found = replace(found, state="cancelled", ended_at=self._clock.now())
            await store.keep_trial(tx, found)
            await append(tx, guard_event(principal, self._clock, TRIAL_ENDED, "guard_trial", found.id, _told(found)))
        return found

    async def go_on(self) -> int:
        """Goes on with one set of one trial; how many messages it looked at. Any process may."""
        async with self._state.begin_system() as tx:
            found = await store.due_trial(tx)
            if found is None:
                return 0
            tenant = Tenant(found.org, found.workspace)
            teams = await store.workspaces_of(tx, tenant, whole=not found.workspace)
            rows = await store.next_said(tx, teams, found.since, (found.channel, found.ts), _A_SET)
            hits, examples = await asyncio.to_thread(self._look, found.rule, rows)
            found = replace(
                found, looked=found.looked + len(rows), hits=found.hits + hits,
                examples=[*found.examples, *examples][:_EXAMPLES],
            )  # fmt: skip
            if rows:
                found = replace(found, channel=rows[-1]["channel"], ts=rows[-1]["ts"])
            if len(rows) < _A_SET:
                found = replace(found, state="done", ended_at=self._clock.now())
                system = Principal(
                    Tenant(found.org, found.workspace or teams[0]), "", _SYSTEM_ROLE, kind="system", app="guarding"
                )
                told = guard_event(system, self._clock, TRIAL_ENDED, "guard_trial", found.id, _told(found))
                await append(tx, told)
            await store.keep_trial(tx, found)
        return len(rows)

    def _look(self, rule: Rule, rows: list[dict[str, Any]]) -> tuple[int, list[dict[str, Any]]]:
        ready, today, hits, examples = Ready(rule), self._clock.now().date(), 0, list[dict[str, Any]]()
        for row in rows:
            if row["account"] in rule.except_people or (
                rule.where == "channels" and row["channel"] not in rule.channels
            ):
                continue
            draft = Draft(row["text"], row["blocks"], row["attachments"], row["metadata"], username=row["username"])
            pieces = taken.of_draft(draft)
            for met in met_by([ready], taken.folded(pieces), today):
                hits += 1
                if len(examples) < _EXAMPLES:
                    examples.append(
                        {"channel": row["channel"], "ts": ts_text(row["ts"]), "user": row["account"],
                         "excerpt": taken.excerpt(pieces, met.finds)}
                    )  # fmt: skip
        return hits, examples


def _own(principal: Principal, found: Trial | None) -> Trial:
    access(principal, "org:write" if found is not None and not found.workspace else "keeping:write")
    if found is None or found.workspace not in ("", principal.tenant.workspace):
        raise TrialNotFound(field="trial")
    return found


def _told(trial: Trial) -> dict[str, Any]:
    return {"name": trial.rule.name, "looked": trial.looked, "hits": trial.hits, "state": trial.state}
