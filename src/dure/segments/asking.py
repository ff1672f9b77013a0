"""Asking the log whom a rule holds for: now, at a past moment, among some people, or out of a sample."""

from __future__ import annotations

import math
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from dure.governance.api import Governance, Principal
from dure.kernel.clock import Clock
from dure.kernel.errors import Invalid
from dure.log.api import Log, Rows, kill
from dure.metrics.api import Metrics
from dure.segments import store
from dure.segments.model import All, Counted, Either, Metric, Not, Preview, Rule, Segment
from dure.segments.recomputing import SETTINGS, Asked
from dure.segments.rules import leaves_of
from dure.segments.sql import Statement, people_of
from dure.segments.standing import Known, fingerprint
from dure.segments.words import Names
from dure.state import State

LARGE = 3_000_000
"""A log of more events than these is sampled first."""
SAMPLE = 16
"""One person in so many."""


@dataclass
class Asking:
    """What rules mean, and the log's answers to them."""

    state: State
    log: Log
    clock: Clock
    governance: Governance
    metrics: Metrics | None

    async def known(
        self, principal: Principal, *also: Rule, segments: Sequence[Segment] | None = None, at: datetime | None = None
    ) -> Known:
        """What rules may name; other segments' rules as they were `at` a past moment, where they were there."""
        workspace = principal.tenant.workspace
        async with self.state.begin(principal.tenant) as tx:
            if segments is None:
                segments = await store.segments(tx, workspace)
            past = await store.rules_at(tx, workspace, at) if at is not None else {}
        rules = {segment.id: past.get(segment.id, segment.rule) for segment in segments}
        rules |= {segment.built_in: rules[segment.id] for segment in segments if segment.built_in}
        metrics: dict[str, Mapping[str, Any]] = {}
        named = any(isinstance(leaf, Metric) for rule in (*rules.values(), *also) for leaf in leaves_of(rule))
        if named and self.metrics is not None:
            # Whoever may read segments may read who is in them, whatever else a token's scopes leave out.
            catalogue = await self.metrics.metrics(self.governance.system(principal.tenant, "segments"))
            metrics = {one["id"]: {"question": one["question"], "reading": one["reading"]} for one in catalogue}
        return Known(rules, metrics)

    async def names(self, principal: Principal, rules: Sequence[Rule]) -> Names:
        """What the segments and metrics that rules name are called."""
        async with self.state.begin(principal.tenant) as tx:
            segments = await store.segments(tx, principal.tenant.workspace)
        called = {segment.id: dict(segment.name) for segment in segments}
        called |= {segment.built_in: dict(segment.name) for segment in segments if segment.built_in}
        metrics: dict[str, dict[str, str]] = {}
        if self.metrics is not None and any(isinstance(leaf, Metric) for rule in rules for leaf in leaves_of(rule)):
            catalogue = await self.metrics.metrics(self.governance.system(principal.tenant, "segments"))
            metrics = {one["id"]: {"ko": one["name_ko"], "en": one["name_en"]} for one in catalogue}
        return Names(called, metrics)

    async def zone(self, principal: Principal) -> str:
        return (await self.governance.workspace(principal.tenant)).timezone

    async def asked(self, principal: Principal, segment: Segment) -> Asked:
        unfolded = (await self.known(principal)).unfold(segment.rule, (segment.id,))
        return Asked(segment, unfolded, fingerprint(unfolded, await self.zone(principal)))

    async def unfolded(
        self, principal: Principal, rule: Rule, inside: tuple[str, ...] = (), at: datetime | None = None
    ) -> Rule:
        return (await self.known(principal, rule, at=at)).unfold(rule, inside)

    async def checked(self, principal: Principal, rule: Rule) -> Rule:
        """The rule with its questions checked, and as they are kept: a metric by its definition of today."""
        if isinstance(rule, All | Either):
            return type(rule)(tuple([await self.checked(principal, part) for part in rule.of]))
        if isinstance(rule, Not):
            return Not(await self.checked(principal, rule.of))
        if not isinstance(rule, Counted):
            return rule
        try:
            return Counted(*await self._asked().countable(principal, rule.question, rule.cell))
        except Invalid as error:
            raise Invalid(error.message, field=f"rule.{error.field}") from error

    async def people(
        self, principal: Principal, unfolded: Rule, at: datetime, among: Collection[UUID] | None = None, *,
        sample: int = 1, mark: str = "",
    ) -> list[UUID]:  # fmt: skip
        """Those an unfolded rule holds for at a moment, by id."""
        statement = await self.statement(principal, unfolded, at, among, sample=sample)
        return [row[0] for row in (await self.ask(principal, statement, mark=mark)).rows]

    async def statement(
        self, principal: Principal, unfolded: Rule, at: datetime, among: Collection[UUID] | None = None, *,
        sample: int = 1,
    ) -> Statement:  # fmt: skip
        counted = [
            await self._asked().counted(principal, leaf.question, leaf.cell, f"q{number}_", at)
            for number, leaf in enumerate(leaf for leaf in leaves_of(unfolded) if isinstance(leaf, Counted))
        ]
        return people_of(unfolded, at, await self.zone(principal), among, counted, sample)

    async def ask(self, principal: Principal, statement: Statement, *, mark: str = "") -> Rows:
        return await self.log.query(principal.tenant, statement.sql, statement.params, settings=SETTINGS, mark=mark)

    async def preview(
        self, principal: Principal, rule: Rule, at: datetime, examples: int, *, sample: bool, query: str
    ) -> Preview:
        """How many and a few of them. With `sample` an estimate where the log is large. The question asked before
        under the same name `query` is ended."""
        past = at if at < self.clock.now() else None
        unfolded = await self.unfolded(principal, await self.checked(principal, rule), at=past)
        mark = f"segments:{principal.tenant.workspace}:{principal.actor}:{query}" if query else ""
        if mark:
            await kill(self.log, mark)
        wide = sample and not any(isinstance(leaf, Counted) for leaf in leaves_of(unfolded))
        if wide and await self._events(principal) > LARGE:
            some = await self.people(principal, unfolded, at, sample=SAMPLE, mark=mark)
            low, high = bounds(len(some))
            return Preview(
                len(some) * SAMPLE, tuple(some[:examples]), math.floor(low * SAMPLE), math.ceil(high * SAMPLE), False
            )
        people = await self.people(principal, unfolded, at, mark=mark)
        return Preview(len(people), tuple(people[:examples]), len(people), len(people))

    async def _events(self, principal: Principal) -> int:
        rows = await self.log.query(
            principal.tenant, "select count() from events where workspace = {workspace:String}", {}
        )
        return int(rows.rows[0][0])

    def _asked(self) -> Metrics:
        if self.metrics is None:
            raise Invalid("Here no question is answered, so no segment is made of one.", field="rule.kind")
        return self.metrics


def bounds(hits: int) -> tuple[float, float]:
    """Between which two the mean of a Poisson count lies in 19 of 20 cases (score interval)."""
    z = 1.96
    middle, wide = hits + z * z / 2, z * math.sqrt(hits + z * z / 4)
    return max(0.0, middle - wide), middle + wide
