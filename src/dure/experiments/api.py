"""Experiments' entrance: planning, starting, who is in which arm, what it says, deciding. The statistics are here by
name too: they are pure, and other slices may use them."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

import structlog

from dure.experiments import analysis, events, planning, store
from dure.experiments.asking import of_experiment
from dure.experiments.assignment import arm_of, held_back
from dure.experiments.catalogue import from_catalogue
from dure.experiments.compare import compare
from dure.experiments.design import (
    BUCKETS,
    Design,
    Exposure,
    Measure,
    PlannedArm,
    Selector,
    as_json,
    check_measures,
    read_design,
    read_measure,
)
from dure.experiments.drawing import Holdout, balanced, take
from dure.experiments.flags import store as flag_store
from dure.experiments.flags.audience import asks_the_log
from dure.experiments.model import Arm, Comparison, Decision, Experiment, Interval, Verdict
from dure.experiments.outcome import Outcome
from dure.experiments.planning import Plan
from dure.experiments.sentence import HANDED_OVER, describe
from dure.experiments.statistics.balance import ALARM, balance
from dure.experiments.statistics.bayes import chances, thompson
from dure.experiments.statistics.exact import clopper_pearson, fisher
from dure.experiments.statistics.proportions import newcombe, people_needed, wilson, z_test
from dure.experiments.statistics.sequential import anytime, anytime_p
from dure.feed.api import Event, append, append_lines, lines_of, message_key
from dure.governance.api import Governance, Principal, access
from dure.kernel.clock import Clock
from dure.kernel.errors import Conflict, DureError, Invalid, NotFound
from dure.kernel.ids import uuid7
from dure.kernel.tenant import Tenant
from dure.log.api import Log
from dure.metrics.api import Metrics
from dure.people.api import People
from dure.segments.api import Segments, read_rule
from dure.state import State, Tx

__all__ = [
    "ALARM",
    "HANDED_OVER",
    "Arm",
    "Comparison",
    "Decision",
    "Design",
    "Experiment",
    "Experiments",
    "Exposed",
    "Exposure",
    "Holdout",
    "Interval",
    "Measure",
    "Outcome",
    "PlannedArm",
    "Selector",
    "Verdict",
    "anytime",
    "anytime_p",
    "arm_of",
    "as_json",
    "balance",
    "balanced",
    "chances",
    "check_measures",
    "clopper_pearson",
    "compare",
    "describe",
    "fisher",
    "global_holdout",
    "held_back",
    "newcombe",
    "people_needed",
    "read_design",
    "read_measure",
    "thompson",
    "wilson",
    "z_test",
]  # fmt: skip

log = structlog.get_logger("experiments")

EVENTS_A_BATCH = 5_000
_READ, _WRITE = "experiments:read", "experiments:write"
HALVES = (PlannedArm(name="control", share=0.5), PlannedArm(name="treated", share=0.5))


@dataclass(frozen=True, slots=True)
class Exposed:
    """Somebody's arm, or None with the reason: `holdout`, `layer` or `audience`."""

    person: UUID
    arm: str | None
    reason: str = ""


class Experiments:
    """Ideas that are tried on a part of the people before everybody gets them."""

    def __init__(
        self, state: State, log: Log, clock: Clock, governance: Governance, segments: Segments, *,
        people: People | None = None, metrics: Metrics | None = None, every: timedelta = timedelta(minutes=10),
    ) -> None:  # fmt: skip
        self._state = state
        self._log = log
        self._clock = clock
        self._governance = governance
        self._segments = segments
        self._people = people
        self._metrics = metrics
        self._every = every

    # -- planning ---------------------------------------------------------------------------------------------------

    async def experiments(self, principal: Principal) -> list[Experiment]:
        """Newest first."""
        access(principal, _READ)
        async with self._state.begin(principal.tenant) as tx:
            return await store.experiments(tx, principal.tenant.workspace)

    async def experiment(self, principal: Principal, id: str) -> Experiment:
        access(principal, _READ)
        async with self._state.begin(principal.tenant) as tx:
            return await _found(tx, principal, id)

    async def create(self, principal: Principal, raw: Mapping[str, Any], owner: str = "") -> Experiment:
        """A draft out of a design's JSON. Its owner is whoever makes it, unless another is named."""
        access(principal, _WRITE)
        design = await self._checked(principal, raw)
        made = Experiment(str(uuid7()), design, "draft", owner or principal.actor, self._clock.now())
        async with self._state.begin(principal.tenant) as tx:
            await store.add(tx, principal.tenant.org, principal.tenant.workspace, made)
            await append(tx, events.experiment_event(principal, made.created_at, events.CREATED, made))
        return made

    async def change(self, principal: Principal, id: str, raw: Mapping[str, Any]) -> Experiment:
        """Another design. Once it runs only words may change: whatever else changed would make another experiment."""
        access(principal, _WRITE)
        design = await self._checked(principal, raw)
        async with self._state.begin(principal.tenant) as tx:
            before = await _found(tx, principal, id, lock=True)
            if before.state != "draft" and _bones(design) != _bones(before.design):
                raise Conflict("It has begun: only its name, its hypothesis and its arms' titles can be changed.")
            after = replace(before, design=design)
            await store.change(tx, principal.tenant.workspace, id, design)
            await append(tx, events.experiment_event(principal, self._clock.now(), events.CHANGED, after))
        return after

    async def delete(self, principal: Principal, id: str) -> None:
        """Only a draft: what has run is kept."""
        access(principal, _WRITE)
        async with self._state.begin(principal.tenant) as tx:
            found = await _found(tx, principal, id, lock=True)
            if found.state != "draft":
                raise Conflict("An experiment that has run is kept.")
            await flag_store.unlink(tx, principal.tenant.workspace, id)
            await store.delete(tx, principal.tenant.workspace, id)
            await store.touch(tx, principal.tenant.workspace)
            await append(tx, events.experiment_event(principal, self._clock.now(), events.DELETED, found))

    async def plan(self, principal: Principal, raw: Mapping[str, Any]) -> Plan:
        """How many people a wish needs, and how long that takes at today's traffic (`planning.Wish`)."""
        access(principal, _READ)
        wish = planning.read_wish(raw)
        zone = (await self._governance.workspace(principal.tenant)).timezone
        measures = await self._unfolded(principal, (wish.metric,), "metric") if wish.metric is not None else ()
        return await planning.plan(
            self._log, self._segments.condition, principal.tenant, wish, measures, self._clock.now(), zone
        )

    # -- states -----------------------------------------------------------------------------------------------------

    async def start(self, principal: Principal, id: str) -> Experiment:
        """From draft to running; takes its part of its layer. Conflict where the layer has too little left."""
        access(principal, _WRITE)
        now, workspace = self._clock.now(), principal.tenant.workspace
        async with self._state.begin(principal.tenant) as tx:
            before = await _found(tx, principal, id, lock=True)
            if before.state != "draft":
                raise Conflict("It was started before.")
            if not any(measure.role == "goal" for measure in before.design.metrics):
                raise Invalid("An experiment needs a goal before it starts.", field="metrics")
            flags = await flag_store.giving_out(tx, workspace, id)
            if flags and before.design.audience is not None and asks_the_log(read_rule(before.design.audience)):
                raise Invalid(
                    f"The flag {flags[0]!r} must answer at once: the audience may name traits and segments only.",
                    field="audience",
                )
            after = replace(before, state="running", started_at=now)
            if (layer := before.design.layer) is not None:
                await store.lock_layer(tx, workspace, layer.id)
                ranges = take(taken := await store.taken(tx, workspace, layer.id), layer.share)
                if ranges is None:
                    left = 1 - sum(beyond - first for first, beyond in taken) / BUCKETS
                    raise Conflict(
                        f"The layer {layer.id!r} has {left:.0%} left and this needs {layer.share:.0%}.",
                        field="layer.share",
                    )
                await store.hold(tx, workspace, layer.id, id, ranges)
                after = replace(after, buckets=tuple(ranges))
            await self._move(tx, principal, after, events.STARTED)
        return after

    async def stop(self, principal: Principal, id: str) -> Experiment:
        """Nobody new counts from now on. Everybody stays in their arm until it is decided."""
        access(principal, _WRITE)
        async with self._state.begin(principal.tenant) as tx:
            before = await _found(tx, principal, id, lock=True)
            if before.state != "running":
                raise Conflict("It is not running.")
            after = replace(before, state="stopped", stopped_at=self._clock.now())
            await self._move(tx, principal, after, events.STOPPED)
        return after

    async def decide(self, principal: Principal, id: str, arm: str, why: str) -> Experiment:
        """Which arm everybody gets from now on, and why. One that runs is stopped by it; its layer is free again."""
        access(principal, _WRITE)
        now = self._clock.now()
        if not why.strip() or len(why) > 2000:
            raise Invalid("Say in a sentence or two why.", field="why")
        async with self._state.begin(principal.tenant) as tx:
            before = await _found(tx, principal, id, lock=True)
            if before.state not in ("running", "stopped"):
                raise Conflict("Only what has run can be decided, and only once.")
            if arm not in {one.name for one in before.design.arms}:
                raise Invalid(f"There is no arm {arm!r}.", field="arm")
            after = replace(
                before, state="decided", stopped_at=before.stopped_at or now, decided_at=now,
                decision=Decision(arm, why.strip(), principal.actor),
            )  # fmt: skip
            await store.let_go(tx, principal.tenant.workspace, id)
            await self._move(tx, principal, after, events.DECIDED, {"arm": arm, "why": why.strip()})
        return after

    async def _move(
        self, tx: Tx, principal: Principal, now: Experiment, name: str, more: dict[str, Any] | None = None
    ) -> None:
        await store.move(tx, principal.tenant.workspace, now)
        await store.touch(tx, principal.tenant.workspace)
        await append(tx, events.experiment_event(principal, self._clock.now(), name, now, more))

    # -- who is in which arm ----------------------------------------------------------------------------------------

    async def assign(self, principal: Principal, id: str, people: Collection[UUID]) -> list[Exposed]:
        """The arms of these people; nothing is written. For whom the experiment is not meant there is a reason."""
        access(principal, _READ)
        async with self._state.begin(principal.tenant) as tx:
            found = await _found(tx, principal, id)
            return await self._assigned(tx, principal, found, people)

    async def expose(self, principal: Principal, id: str, people: Collection[UUID]) -> list[Exposed]:
        """The same for people who meet it now: each has their *Experiment Exposed*, control's at the same moment as
        treated's. Twice is once. Conflict where it does not run."""
        access(principal, _WRITE)
        async with self._state.begin(principal.tenant) as tx:
            return await self.expose_in(tx, principal, id, people)

    async def expose_in(self, tx: Tx, principal: Principal, id: str, people: Collection[UUID]) -> list[Exposed]:
        """Within a transaction that is open already."""
        access(principal, _WRITE)
        found = await _found(tx, principal, id)
        if found.state != "running":
            raise Conflict("It is not running, so nobody is exposed to it.")
        told, now = await self._assigned(tx, principal, found, people), self._clock.now()
        made = [
            events.exposed(principal.tenant, now, id, one.arm, one.person) for one in told if one.arm is not None
        ]  # fmt: skip
        for at in range(0, len(made), EVENTS_A_BATCH):
            await note_exposed(tx, principal.tenant, made[at : at + EVENTS_A_BATCH])
        return told

    async def _assigned(
        self, tx: Tx, principal: Principal, found: Experiment, people: Collection[UUID]
    ) -> list[Exposed]:
        if self._people is not None and people:
            known = await self._people.known(tx, principal.tenant, people)
            people = {known[one].id if one in known else one for one in people}
        meant = set(people)
        if found.design.audience is not None and people:
            meant = await self._segments.among(principal, found.design.audience, people)
        holdout = await store.holdout(tx, principal.tenant.workspace)
        draw = found.draw(holdout)
        told = []
        for person in sorted(set(people)):
            if person not in meant:
                told.append(Exposed(person, None, "audience"))
            elif draw.holdout.has(str(person)):
                told.append(Exposed(person, None, "holdout"))
            else:
                arm = draw.arm(str(person))
                told.append(Exposed(person, arm, "" if arm else "layer"))
        return told

    async def bound(self, principal: Principal, id: str) -> dict[str, Any] | None:
        """All of an experiment that decides who gets what, as JSON: its design, how far it is, what was decided, and
        the flags that give out its arms. None where there is none of that id."""
        access(principal, _READ)
        async with self._state.begin(principal.tenant) as tx:
            found = await store.experiment(tx, principal.tenant.workspace, id)
            if found is None:
                return None
            flags = await flag_store.flags(tx, principal.tenant.workspace)
        return {
            "design": as_json(found.design), "state": found.state, "buckets": found.buckets,
            "decision": found.decision.arm if found.decision else None,
            "flags": [
                {"key": one.key, "design": as_json(one.design), "overrides": dict(one.overrides)}
                for one in flags if one.design.experiment == id
            ],
        }  # fmt: skip

    # -- the global holdout -----------------------------------------------------------------------------------------

    async def holdout(self, principal: Principal) -> Holdout:
        """Whom no experiment touches and no campaign writes to, unless it says that it does."""
        access(principal, _READ)
        async with self._state.begin(principal.tenant) as tx:
            return await store.holdout(tx, principal.tenant.workspace)

    async def set_holdout(
        self, principal: Principal, share: float, *, rotate: bool = False, rotate_days: int | None = None
    ) -> Holdout:
        """Another share, an administrator's to set; a larger one keeps everybody who was in it. With `rotate` others
        are drawn: those who got nothing new for long are no longer like everybody else. `rotate_days` has that done by
        itself (0: not); None leaves it as it is."""
        access(principal, "experiments:configure")
        if not 0 <= share <= 0.5:
            raise Invalid("The global holdout is from 0 to 0.5 of everybody.", field="share")
        if rotate_days and not 7 <= rotate_days <= 730:
            raise Invalid("It is drawn anew after 7 to 730 days, or by hand only (0).", field="rotate_days")
        async with self._state.begin(principal.tenant) as tx:
            before = await store.lock_holdout(tx, principal.tenant.workspace)
            days = before.rotate_days if rotate_days is None else rotate_days
            return await self._keep_holdout(tx, principal, before, Holdout(share, before.round + rotate, days))

    async def _keep_holdout(self, tx: Tx, principal: Principal, before: Holdout, after: Holdout) -> Holdout:
        if after != before:
            now = self._clock.now()
            await store.set_holdout(tx, principal.tenant.workspace, after, principal.actor, now)
            await store.touch(tx, principal.tenant.workspace)
            await append(tx, events.holdout_event(principal, now, after))
        return after

    async def _rotate(self) -> None:
        """Draws the holdouts anew whose time is over."""
        async with self._state.begin_system() as tx:
            worn = await store.worn_holdouts(tx, self._clock.now())
        for place in await self._governance.workspaces() if worn else ():
            if place.id not in worn:
                continue
            principal = self._governance.system(place.tenant, "experiments")
            async with self._state.begin(place.tenant) as tx:
                before = await store.lock_holdout(tx, place.id)
                # Another server may have drawn meanwhile.
                if place.id in await store.worn_holdouts(tx, self._clock.now()):
                    await self._keep_holdout(tx, principal, before, replace(before, round=before.round + 1))

    async def layers(self, principal: Principal) -> list[dict[str, Any]]:
        """Who holds how many of a layer's 10,000 buckets."""
        access(principal, _READ)
        async with self._state.begin(principal.tenant) as tx:
            return await store.layers(tx, principal.tenant.workspace)

    # -- what it says -----------------------------------------------------------------------------------------------

    async def analyse(self, principal: Principal, id: str, split: str = "") -> Outcome:
        """How it stands now. `split` is a trait to show the result by. A draft is a Conflict."""
        access(principal, _READ)
        async with self._state.begin(principal.tenant) as tx:
            found = await _found(tx, principal, id)
            flags = await flag_store.giving_out(tx, principal.tenant.workspace, id)
        if found.started_at is None:
            raise Conflict("It has not begun.")
        return await self._analysed(principal, found, flags, split)

    async def analyse_exposure(
        self, principal: Principal, exposure: Exposure, metrics: Sequence[Measure], *,
        arms: Sequence[PlannedArm] = HALVES, since: datetime | None = None, until: datetime | None = None,
        split: str = "", **how: Any,
    ) -> Outcome:  # fmt: skip
        """The same for whatever other events say who met which arm, such as a campaign's *Campaign Entered*. `how` are
        more fields of a design: `method`, `size`, `cuped`, `strata`, `correction`, `confidence`."""
        access(principal, _READ)
        check_measures(tuple(metrics))
        design = Design(name={"ko": "-", "en": "-"}, arms=tuple(arms), exposure=exposure, metrics=tuple(metrics), **how)
        measures = await self._unfolded(principal, design.metrics, "metrics")
        zone = (await self._governance.workspace(principal.tenant)).timezone
        now = self._clock.now()
        return await analysis.analyse(
            self._log, self._segments.condition, principal.tenant, design, exposure, measures, (), since=since,
            until=until or now, now=now, zone=zone, split=split,
        )  # fmt: skip

    async def _analysed(self, principal: Principal, found: Experiment, flags: Sequence[str], split: str) -> Outcome:
        if split and (len(split) > 200 or "`" in split or "\\" in split or "" in split.split(".")):
            raise Invalid(f"{split!r} is not the name of a trait.", field="split")
        measures = await self._unfolded(principal, found.design.metrics, "metrics")
        zone = (await self._governance.workspace(principal.tenant)).timezone
        now = self._clock.now()
        exposure = of_experiment(found.design.exposure, found.id)
        return await analysis.analyse(
            self._log, self._segments.condition, principal.tenant, found.design, exposure, measures, flags,
            since=found.started_at, until=min(found.stopped_at or now, now), now=now, zone=zone, split=split,
        )  # fmt: skip

    async def tick(self) -> int:
        """Looks at every running experiment that was not looked at for a while; a verdict that changed is an event.
        For the server's own loop. One that cannot be read keeps no other from it. Holdouts whose time is over are drawn
        anew."""
        await self._rotate()
        async with self._state.begin_system() as tx:
            running = await store.running(tx)
        done, failed = 0, []
        for org, workspace, found, looked_at in running:
            if looked_at is not None and self._clock.now() - looked_at < self._every:
                continue
            principal = self._governance.system(Tenant(org, workspace), "experiments")
            try:
                await self._look(principal, found)
                done += 1
            except DureError as error:
                log.warning("experiments.unread", experiment=found, error=error.message)
                failed.append(error)
        if failed:
            raise failed[0]
        return done

    async def _look(self, principal: Principal, id: str) -> None:
        outcome = await self.analyse(principal, id)
        async with self._state.begin(principal.tenant) as tx:
            found = await _found(tx, principal, id, lock=True)
            await store.note_verdict(tx, principal.tenant.workspace, id, outcome.verdict, outcome.at)
            if found.verdict != outcome.verdict:
                told = {
                    "verdict": outcome.verdict, "before": found.verdict, "text_ko": outcome.sentence["ko"],
                    "text_en": outcome.sentence["en"],
                }  # fmt: skip
                await append(
                    tx, events.experiment_event(principal, outcome.at, events.VERDICT_CHANGED, found, told)
                )  # fmt: skip

    # -- within -----------------------------------------------------------------------------------------------------

    async def _checked(self, principal: Principal, raw: Mapping[str, Any]) -> Design:
        design = read_design(raw)
        if design.audience is not None:
            try:
                await self._segments.preview(principal, read_rule(design.audience), examples=0)
            except Invalid as error:
                raise Invalid(error.message, field=f"audience.{error.field}") from error
        await self._unfolded(principal, design.metrics, "metrics")
        return design

    async def _unfolded(self, principal: Principal, metrics: Sequence[Measure], field: str) -> tuple[Measure, ...]:
        """Measures with the catalogue's metrics in their place."""
        found = []
        for place, measure in enumerate(metrics):
            at = f"{field}[{place}]"
            if measure.metric:
                if self._metrics is None:
                    raise Invalid("Here is no catalogue of metrics.", field=f"{at}.metric")
                try:
                    known = await self._metrics.metric(principal, measure.metric)
                except NotFound as error:
                    raise Invalid(f"There is no metric {measure.metric!r}.", field=f"{at}.metric") from error
                measure = from_catalogue(measure, known, at)
                check_measures((measure,), at)
            found.append(measure)
        return tuple(found)


async def global_holdout(tx: Tx, workspace: str) -> Holdout:
    """Whom nothing new reaches at this moment; for whoever decides about people within a transaction of their own."""
    return await store.holdout(tx, workspace)


async def note_exposed(tx: Tx, tenant: Tenant, made: Sequence[Event]) -> None:
    """Exposures on the feed, in the lane of what comes from outside: there a message that comes twice is kept once."""
    workspace = tenant.workspace.encode()
    keys = b"".join(message_key(workspace, event.message_id).to_bytes(8, "little") for event in made)
    await append_lines(tx, tenant, len(made), lines_of(made), keys)


async def _found(tx: Tx, principal: Principal, id: str, *, lock: bool = False) -> Experiment:
    found = await store.experiment(tx, principal.tenant.workspace, id, lock=lock)
    if found is None:
        raise NotFound("There is no such experiment.", field="experiment")
    return found


def _bones(design: Design) -> dict[str, Any]:
    """What an experiment is, without its words."""
    told = {name: value for name, value in as_json(design).items() if name not in ("name", "hypothesis")}
    return told | {"arms": [(arm.name, arm.share) for arm in design.arms]}
