"""Fills care's `Clocks`: what each change of a conversation makes of its clocks, within the transaction of the change.

The customer's words start a clock, a person's answer stops it, waiting for the customer and putting aside pause it,
another team or priority re-times it, resolving ends all of them. What automations and bots say is not told here at all.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from datetime import datetime

from dure.automation.plugs import Lookup
from dure.feed.api import append
from dure.governance.api import Hours, OpeningHours, Principal, Role
from dure.kernel.clock import Clock
from dure.kernel.ids import uuid7
from dure.kernel.tenant import Tenant
from dure.social import store as mentions
from dure.social.care import store as talks
from dure.social.care.model import Conversation, Why
from dure.social.clocks import events, rules, store
from dure.social.clocks.model import Kind, Outcome, Policy, ResponseClock, Setting
from dure.social.clocks.surveys import store as surveys
from dure.state import Tx

_STILL = ("waiting", "snoozed")
_ANSWERS: tuple[Kind, ...] = ("first", "next")


class Keeping:
    """`accounts` are asked for a customer's tier, where a policy depends on it."""

    def __init__(self, clock: Clock, hours: OpeningHours, accounts: Lookup) -> None:
        self._clock = clock
        self._hours = hours
        self._accounts = accounts

    async def moved(
        self, tx: Tx, tenant: Tenant, before: Conversation | None, after: Conversation, why: Why, at: datetime
    ) -> None:  # fmt: skip
        desk = await self._desk(tx, tenant, before, after)
        if why == "in":
            await desk.asked(at)
        elif why == "out":
            await desk.answered(at)
        elif why == "state":
            await desk.stood(before, at)
        if before is not None and (before.team, before.priority) != (after.team, after.priority):
            desk.retimed(at)
        desk.looked_after(at)
        await desk.keep(self._clock.now())

    async def retime(self, tx: Tx, tenant: Tenant, talk: Conversation, at: datetime) -> bool:
        """Gives running clocks the times that policies and calendars say today; whether any changed."""
        desk = await self._desk(tx, tenant, None, talk)
        desk.retimed(at)
        return await desk.keep(self._clock.now())

    async def _desk(self, tx: Tx, tenant: Tenant, before: Conversation | None, after: Conversation) -> _Desk:
        setting = await store.setting(tx, tenant.workspace)
        teams = [after.team, *([before.team] if before else [])]
        hours = await self._hours.of_in(tx, tenant, teams)
        tier = ""
        if after.account and any(one.tiers for one in setting.policies):
            known = (await self._accounts(tx, tenant, [after.account])).get(after.account, {})
            tier = str(known.get("tier") or known.get("plan") or "")
        clocks = await store.running(tx, tenant.workspace, after.id)
        was = hours[before.team] if before else hours[after.team]
        return _Desk(tx, tenant, after, setting, rules.policy_of(setting, after, tier), was, hours[after.team], clocks)


class _Desk:
    """One conversation's clocks on the table. `was` are the hours it was kept by until this change."""

    def __init__(
        self, tx: Tx, tenant: Tenant, talk: Conversation, setting: Setting, policy: Policy | None, was: Hours,
        hours: Hours, clocks: Iterable[ResponseClock],
    ) -> None:  # fmt: skip
        self._tx = tx
        self._tenant = tenant
        self._talk = talk
        self._setting = setting
        self._policy = policy
        self._was = was
        self._hours = hours
        self._running: dict[str, ResponseClock] = {one.kind: one for one in clocks}
        self._before = dict(self._running)
        self._ended: list[ResponseClock] = []

    async def asked(self, at: datetime) -> None:
        """The customer wrote. A talk that was over begins anew, with clocks of its own."""
        run, over, first = await store.latest(self._tx, self._workspace, self._talk.id)
        if over:
            run, first = run + 1, None
            self._start("resolve", run, at)
        if not self._talk.awaits or any(kind in self._running for kind in _ANSWERS):
            return
        began = at if over else await store.resolving(self._tx, self._workspace, self._talk.id, run)
        answered = self._talk.last_out_at is not None and began is not None and self._talk.last_out_at >= began
        self._start("next" if first is not None or answered else "first", run, at)

    async def answered(self, at: datetime) -> None:
        """A person answered, where the customer can read it."""
        by = await store.answered_by(self._tx, self._workspace, self._talk.id)
        who = self._talk.assignee if by is None else by
        for kind in _ANSWERS:
            self._stop(kind, at, "given", who)
        holder = self._running.get("agent")
        if holder is not None:
            # Whoever takes what is nobody's by answering it did not keep anybody waiting.
            theirs = holder.agent == who and holder.started_at < at
            self._stop("agent", at, "given" if theirs else "dropped", holder.agent)

    async def stood(self, before: Conversation | None, at: datetime) -> None:
        """Its state changed."""
        state = self._talk.state
        if state == "resolved":
            run = self._running["resolve"].run if "resolve" in self._running else 0
            self._stop("resolve", at, "given", self._talk.assignee)
            for kind in _ANSWERS:
                self._stop(kind, at, "dropped", "")
            if run and self._setting.survey != "off" and self._talk.last_out_at is not None:
                how = await self._surveyed()
                await surveys.begin(self._tx, self._tenant, self._talk, run, at, by_itself=how)
        elif state in _STILL:
            self._running = {kind: rules.paused(one, self._was, at) for kind, one in self._running.items()}
        else:
            if before is not None and before.state == "resolved" and "resolve" not in self._running:
                run, _, _ = await store.latest(self._tx, self._workspace, self._talk.id)
                self._start("resolve", run + 1, at)
            self._running = {kind: rules.resumed(one, self._hours, at) for kind, one in self._running.items()}

    def retimed(self, at: datetime) -> None:
        """What is promised now, to whom it is now."""
        for kind, one in self._running.items():
            aimed = rules.aimed(
                replace(one, team=self._talk.team, priority=self._talk.priority), self._policy, self._setting
            )
            self._running[kind] = rules.moved(aimed, self._was, self._hours, at)

    def looked_after(self, at: datetime) -> None:
        """An assignee's own clock runs from when it is theirs and the customer waits, to their answer. Handing it on
        answers nobody."""
        held, who = self._running.get("agent"), self._talk.assignee
        waits = self._talk.awaits and self._talk.state != "resolved"
        if held is not None and (held.agent != who or not waits):
            self._stop("agent", at, "dropped", held.agent)
        if who and waits and "agent" not in self._running and any(kind in self._running for kind in _ANSWERS):
            run = next(self._running[kind].run for kind in _ANSWERS if kind in self._running)
            self._start("agent", run, at, who)

    async def keep(self, now: datetime) -> bool:
        """Writes what changed, and tells what was given; whether anything did."""
        left = [one for kind, one in self._running.items() if one != self._before.get(kind)]
        if not left and not self._ended:
            return False
        # What has ended makes room first: one clock of a kind runs at a time.
        await store.keep(self._tx, self._tenant, [*self._ended, *left])
        due = min(
            (one for one in self._running.values() if one.due_at and one.kind != "agent"),
            key=lambda one: (one.due_at, one.kind), default=None,
        )  # fmt: skip
        if (due.due_at if due else None, due.kind if due else "") != (self._talk.due_at, self._talk.due):
            await talks.set_due(
                self._tx, self._workspace, self._talk.id, due.due_at if due else None, due.kind if due else ""
            )
        given = [one for one in self._ended if one.outcome == "given" and one.kind != "agent"]
        acting = Principal(self._tenant, "", Role.ADMIN, frozenset({"*"}), "system", "social")
        await append(self._tx, *(events.given(acting, now, self._talk, one, self._setting) for one in given))
        return True

    async def _surveyed(self) -> str:
        """The way a survey goes by itself: as policy says, where the customer alone reads it; else a colleague is
        asked."""
        how = self._setting.survey
        if how == "reply":
            return "reply" if self._talk.direct and self._talk.source else ""
        if how == "email":
            asked = await mentions.mention(self._tx, self._workspace, self._talk.asked)
            return "email" if asked is not None and asked.email else ""
        return ""

    @property
    def _workspace(self) -> str:
        return self._tenant.workspace

    def _start(self, kind: Kind, run: int, at: datetime, agent: str = "") -> None:
        talk = self._talk
        running_at = None if talk.state in _STILL else at
        made = ResponseClock(
            uuid7(), talk.id, kind, run, talk.team, talk.priority, talk.network, at, running_at, agent=agent
        )
        self._running[kind] = rules.timed(rules.aimed(made, self._policy, self._setting), self._hours)

    def _stop(self, kind: Kind, at: datetime, outcome: Outcome, agent: str) -> None:
        found = self._running.pop(kind, None)
        if found is not None:
            self._ended.append(rules.stopped(found, self._was, at, outcome, agent))
