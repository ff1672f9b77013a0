"""Fills care's `Clocks`: what each change of a conversation makes of its clocks, within the transaction of the change.

The customer's words start a clock, a person's answer stops it, waiting for the customer and putting aside pause it,
another team or priority re-times it, resolving ends all of them. What automations and bots say is not told here at all.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from datetime import datetime
from typing import Any
from uuid import UUID

from dure.automation.plugs import Lookup
from dure.feed.api import append
from dure.governance.api import Hours, OpeningHours, Principal, Role
from dure.kernel.clock import Clock
from dure.kernel.ids import uuid7
from dure.kernel.tenant import Tenant
from dure.social import store as mentions
from dure.social.care import store as talks
from dure.social.care.model import Conversation
from dure.social.care.plugs import Move
from dure.social.clocks import events, rules, store
from dure.social.clocks.model import Kind, Outcome, Policy, ResponseClock, Run, Setting
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

    async def moved(self, tx: Tx, tenant: Tenant, moves: Sequence[Move]) -> None:
        """The first moves of all conversations together, then the second: a conversation's clocks are written before
        its next move is looked at."""
        for together in _rounds(moves):
            desks = await self._desks(tx, tenant, together)
            for move, desk in zip(together, desks, strict=True):
                if move.why == "in":
                    await desk.asked(move.at)
                elif move.why == "out":
                    await desk.answered(move.at)
                elif move.why == "state":
                    await desk.stood(move.before, move.at)
                before, after = move.before, move.after
                if before is not None and (before.team, before.priority) != (after.team, after.priority):
                    desk.retimed(move.at)
                desk.looked_after(move.at)
            await _keep(tx, tenant, desks, self._clock.now())

    async def retime(self, tx: Tx, tenant: Tenant, talk: Conversation, at: datetime) -> bool:
        """Gives running clocks the times that policies and calendars say today; whether any changed."""
        desks = await self._desks(tx, tenant, [Move(None, talk, "team", at)])
        for desk in desks:
            desk.retimed(at)
        return await _keep(tx, tenant, desks, self._clock.now())

    async def _desks(self, tx: Tx, tenant: Tenant, moves: Sequence[Move]) -> list[_Desk]:
        """A desk for each move, in their order; the moves are of as many conversations."""
        setting = await store.setting(tx, tenant.workspace)
        talks_ = [one for move in moves for one in (move.after, move.before) if one is not None]
        hours = await self._hours.of_in(tx, tenant, dict.fromkeys(one.team for one in talks_))
        accounts: Mapping[str, Mapping[str, Any]] = {}
        if any(one.tiers for one in setting.policies):
            asked = list(dict.fromkeys(move.after.account for move in moves if move.after.account))
            accounts = await self._accounts(tx, tenant, asked) if asked else {}
        ids = [move.after.id for move in moves]
        clocks: dict[UUID, list[ResponseClock]] = {}
        for one in await store.running(tx, tenant.workspace, ids):
            clocks.setdefault(one.conversation, []).append(one)
        runs = await store.latest(tx, tenant.workspace, ids)
        made = []
        for move in moves:
            talk, known = move.after, accounts.get(move.after.account, {})
            policy = rules.policy_of(setting, talk, str(known.get("tier") or known.get("plan") or ""))
            was = hours[(move.before or talk).team]
            running, run = clocks.get(talk.id, ()), runs.get(talk.id, Run())
            made.append(_Desk(tx, tenant, talk, setting, policy, was, hours[talk.team], running, run))
        return made


def _rounds(moves: Sequence[Move]) -> list[list[Move]]:
    """Of every conversation the first move, then the second of those that have one, and so on."""
    rounds: list[list[Move]] = []
    before: Counter[UUID] = Counter()
    for move in moves:
        number = before[move.after.id]
        before[move.after.id] += 1
        if number == len(rounds):
            rounds.append([])
        rounds[number].append(move)
    return rounds


async def _keep(tx: Tx, tenant: Tenant, desks: Sequence[_Desk], now: datetime) -> bool:
    """Writes what changed, and tells what was given; whether anything did."""
    changed = [desk for desk in desks if desk.changed]
    if not changed:
        return False
    await store.keep(tx, tenant, [clock for desk in changed for clock in desk.changed])
    await talks.set_due(tx, tenant.workspace, {desk.talk.id: desk.due for desk in changed})
    acting = Principal(tenant, "", Role.ADMIN, frozenset({"*"}), "system", "social")
    given = [
        events.given(acting, now, desk.talk, one, desk.setting)
        for desk in changed for one in desk.ended if one.outcome == "given" and one.kind != "agent"
    ]  # fmt: skip
    await append(tx, *given)
    return True


class _Desk:
    """One conversation's clocks on the table. `was` are the hours it was kept by until this change, `run` its newest
    run until then."""

    def __init__(
        self, tx: Tx, tenant: Tenant, talk: Conversation, setting: Setting, policy: Policy | None, was: Hours,
        hours: Hours, clocks: Iterable[ResponseClock], run: Run,
    ) -> None:  # fmt: skip
        self.talk = talk
        self.setting = setting
        self.ended: list[ResponseClock] = []
        self._tx = tx
        self._tenant = tenant
        self._policy = policy
        self._was = was
        self._hours = hours
        self._run = run
        self._running: dict[str, ResponseClock] = {one.kind: one for one in clocks}
        self._before = dict(self._running)

    @property
    def changed(self) -> list[ResponseClock]:
        """What has ended comes first and makes room: one clock of a kind runs at a time."""
        return [*self.ended, *(one for kind, one in self._running.items() if one != self._before.get(kind))]

    @property
    def due(self) -> tuple[datetime | None, str]:
        """When the next clock that runs is due, and its kind."""
        promised = [one for one in self._running.values() if one.due_at and one.kind != "agent"]
        first = min(promised, key=lambda one: (one.due_at, one.kind), default=None)
        return (first.due_at, first.kind) if first else (None, "")

    async def asked(self, at: datetime) -> None:
        """The customer wrote. A talk that was over begins anew, with clocks of its own."""
        run, over, first = self._run.number, self._run.over, self._run.asked
        if over:
            run, first = run + 1, None
            self._start("resolve", run, at)
        if not self.talk.awaits or any(kind in self._running for kind in _ANSWERS):
            return
        began = at if over else await store.resolving(self._tx, self._workspace, self.talk.id, run)
        answered = self.talk.last_out_at is not None and began is not None and self.talk.last_out_at >= began
        self._start("next" if first is not None or answered else "first", run, at)

    async def answered(self, at: datetime) -> None:
        """A person answered, where the customer can read it."""
        by = await store.answered_by(self._tx, self._workspace, self.talk.id)
        who = self.talk.assignee if by is None else by
        for kind in _ANSWERS:
            if kind in self._running and self._running[kind].started_at <= at:
                self._stop(kind, at, "given", who)
        wrote, waits = self.talk.last_in_at, self.talk.awaits and not self._run.over
        if waits and wrote and not any(kind in self._running for kind in _ANSWERS):
            # While the answer was on its way they wrote again.
            self._start("next", self._run.number, wrote)
        holder = self._running.get("agent")
        if holder is not None and holder.started_at <= at:
            # Whoever takes what is nobody's by answering it did not keep anybody waiting.
            theirs = holder.agent == who and holder.started_at < at
            self._stop("agent", at, "given" if theirs else "dropped", holder.agent)

    async def stood(self, before: Conversation | None, at: datetime) -> None:
        """Its state changed."""
        state = self.talk.state
        if state == "resolved":
            run = self._running["resolve"].run if "resolve" in self._running else 0
            self._stop("resolve", at, "given", self.talk.assignee)
            for kind in _ANSWERS:
                self._stop(kind, at, "dropped", "")
            asks = run and self.setting.survey != "off" and self.talk.last_out_at is not None
            # Whom nobody heard from since the last time was asked then.
            if asks and await store.heard(self._tx, self._workspace, self.talk.id, run):
                how = await self._surveyed()
                await surveys.begin(self._tx, self._tenant, self.talk, run, at, by_itself=how)
        elif state in _STILL:
            self._running = {kind: rules.paused(one, self._was, at) for kind, one in self._running.items()}
        else:
            if before is not None and before.state == "resolved" and "resolve" not in self._running:
                self._start("resolve", self._run.number + 1, at)
            self._running = {kind: rules.resumed(one, self._hours, at) for kind, one in self._running.items()}

    def retimed(self, at: datetime) -> None:
        """What is promised now, to whom it is now."""
        for kind, one in self._running.items():
            aimed = rules.aimed(
                replace(one, team=self.talk.team, priority=self.talk.priority), self._policy, self.setting
            )
            self._running[kind] = rules.moved(aimed, self._was, self._hours, at)

    def looked_after(self, at: datetime) -> None:
        """An assignee's own clock runs from when it is theirs and the customer waits, to their answer. Handing it on
        answers nobody."""
        held, who = self._running.get("agent"), self.talk.assignee
        waits = self.talk.awaits and self.talk.state != "resolved"
        if held is not None and (held.agent != who or not waits):
            self._stop("agent", at, "dropped", held.agent)
        if who and waits and "agent" not in self._running and any(kind in self._running for kind in _ANSWERS):
            run = next(self._running[kind].run for kind in _ANSWERS if kind in self._running)
            self._start("agent", run, at, who)

    async def _surveyed(self) -> str:
        """The way a survey goes by itself: as policy says, where the customer alone reads it; else a colleague is
        asked."""
        how = self.setting.survey
        if how == "reply":
            return "reply" if self.talk.direct and self.talk.source else ""
        if how == "email":
            asked = await mentions.mention(self._tx, self._workspace, self.talk.asked)
            return "email" if asked is not None and asked.email else ""
        return ""

    @property
    def _workspace(self) -> str:
        return self._tenant.workspace

    def _start(self, kind: Kind, run: int, at: datetime, agent: str = "") -> None:
        talk = self.talk
        running_at = None if talk.state in _STILL else at
        made = ResponseClock(
            uuid7(), talk.id, kind, run, talk.team, talk.priority, talk.network, at, running_at, agent=agent
        )
        self._running[kind] = rules.timed(rules.aimed(made, self._policy, self.setting), self._hours)

    def _stop(self, kind: Kind, at: datetime, outcome: Outcome, agent: str) -> None:
        found = self._running.pop(kind, None)
        if found is not None:
            self.ended.append(rules.stopped(found, self._was, at, outcome, agent))
