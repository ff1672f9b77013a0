"""From sums to a result: estimates by the method that was planned, findings, and the verdict over all of them."""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta

from dure.experiments.design import Design, Measure
from dure.experiments.model import Arm, Interval
from dure.experiments.outcome import (
    ArmCount,
    Contrast,
    Estimate,
    Finding,
    Guard,
    Look,
    Measured,
    Outcome,
    Reading,
    Stratum,
    Verdict,
)
from dure.experiments.saying import say
from dure.experiments.statistics import sides
from dure.experiments.statistics.balance import ALARM, balance
from dure.experiments.statistics.bayes import belief
from dure.experiments.statistics.corrections import corrected
from dure.experiments.statistics.effect import Effect
from dure.experiments.statistics.exact import clopper_pearson, fisher
from dure.experiments.statistics.looks import bounds
from dure.experiments.statistics.proportions import newcombe
from dure.experiments.statistics.sequential import TUNED_FOR
from dure.experiments.statistics.sides import Side
from dure.experiments.statistics.sums import Sums
from dure.experiments.tally import Strata, Tally, together

# Below this many people in an arm, or of either outcome of a rate, the normal approximation is idle talk.
FEWEST_PEOPLE = 30
FEWEST_OUTCOMES = 10

Quantiles = Mapping[int, Mapping[str, Side]]
"""Measure → arm → its quantile, for the measures that sums do not make."""


@dataclass(frozen=True, slots=True)
class Judge:
    """Judges by a design. `first` is the day that the tally's day 0 is."""

    design: Design
    measures: tuple[Measure, ...]
    tally: Tally
    quantiles: Quantiles
    first: date
    now: datetime
    split: bool = False

    def outcome(self) -> Outcome:
        design, tally = self.design, self.tally
        arms = tuple(ArmCount(arm.name, arm.share, tally.exposed(arm.name)) for arm in design.arms)
        even = balance([arm.people for arm in arms], [arm.share for arm in arms])
        uneven = even is not None and even < ALARM
        metrics = self._corrected([self._measured(number, uneven) for number in range(len(self.measures))])
        verdict, arm = _verdict(metrics, uneven)
        by_day = tuple((self._day(day), people) for day, people in tally.exposed_by_day().items())
        made = Outcome(
            self.now, arms, even, tally.mixed(), by_day, self._progress(), metrics, verdict, arm, {}
        )  # fmt: skip
        return replace(made, sentence=say(made, design))

    # -- one measure ------------------------------------------------------------------------------------------------

    def _measured(self, number: int, uneven: bool) -> Measured:
        measure = self.measures[number]
        treated = [arm.name for arm in self.design.arms[1:]]
        strata = {arm: self._strata(number, arm) for arm in treated} if self._has_strata else {}
        return Measured(
            number, measure.role, measure.kind, dict(measure.name), measure.good, self.tally.pending(number),
            tuple(self._contrast(number, arm, uneven) for arm in treated), strata,
        )  # fmt: skip

    def _contrast(self, number: int, arm: str, uneven: bool) -> Contrast:
        measure, method = self.measures[number], self.design.method
        control, treated = self._sides(number, arm)
        counts = self._rates(number, arm)
        readings = self._readings(control, treated, counts)
        few = self.design.method == "fixed" and counts is not None and _few(*counts)
        enough = _enough(control, treated, counts)
        difference, relative = sides.absolute(control, treated), sides.relative(control, treated)
        looks = self._looks(number, arm) if enough else ()
        stopped = self._stopped(number, arm) if method == "looks" and enough else None
        p = self._p(difference, looks) if enough else None
        near = newcombe(*counts, self.design.confidence) if counts else None
        exactly = fisher(*counts) if counts else None
        gap = self._estimate(difference, stopped)
        if few and gap is not None and near is not None:
            # The normal approximation does not hold for so few; these do.
            gap, p = Estimate(gap.value, near.low, near.high), exactly if enough else None
        guard = self._guard(measure, control, difference) if measure.role == "guardrail" and enough else None
        made = Contrast(
            arm, *readings, gap, self._estimate(relative, stopped),
            difference.interval(self.design.confidence) if difference else None,
            difference.anytime(self.design.confidence, self._tuned) if difference else None, p, p,
            near, exactly, self._of_rates(sides.log_ratio, counts), self._of_rates(sides.fieller, counts),
            belief(relative or difference, less=measure.good == "down") if relative or difference else None,  # type: ignore[arg-type]
            guard, self._noise(number, arm, treated), looks, "nothing",
        )  # fmt: skip
        return replace(made, finding="unbalanced" if uneven else self._finding(number, made, stopped))

    def _finding(self, number: int, seen: Contrast, stopped: _Stop | None) -> Finding:
        measure = self.measures[number]
        if seen.p is None or seen.difference is None:
            return "nothing"
        if measure.role == "guardrail":
            return self._guarded(measure, seen)
        sign = 1 if measure.good == "up" else -1
        towards: Finding = "better" if seen.difference.value * sign > 0 else "worse"
        if self.design.method == "looks":
            if stopped is not None and stopped.crossed:
                return towards
            return "nothing" if stopped is not None and stopped.over else "waiting"
        if self.design.method == "fixed" and self._reached(number) < (self.design.size or 0):
            return "waiting"
        if (seen.corrected or 0.0) < 1 - self.design.confidence:
            return towards
        once = seen.once
        return "leaning" if self.design.method == "always" and once is not None and not once.holds(0) else "nothing"

    def _guarded(self, measure: Measure, seen: Contrast) -> Finding:
        if seen.guard is None or seen.difference is None:
            return "unclear"
        if self.design.method == "fixed" and self._reached(None) < (self.design.size or 0):
            return "waiting"
        if seen.guard.bound > -seen.guard.margin:
            return "safe"
        best = seen.difference.high if measure.good == "up" else -seen.difference.low
        return "harmed" if best < -seen.guard.margin else "unclear"

    def _guard(self, measure: Measure, control: Side, difference: Effect | None) -> Guard | None:
        """Whether treated is worse by less than the margin; on a scale on which more is better."""
        if difference is None or measure.margin is None:
            return None
        margin = measure.margin * (abs(control.whole) if measure.relative else 1)
        upwards = difference if measure.good == "up" else replace(difference, value=-difference.value)
        if self.design.method == "always":
            shifted = replace(upwards, value=upwards.value + margin)
            p = shifted.anytime_p(self.design.confidence, self._tuned) if shifted.value > 0 else 1.0
            return Guard(margin, upwards.anytime(self.design.confidence, self._tuned).low, p)
        bound = upwards.above(-margin, self.design.confidence)
        return Guard(margin, bound.low, bound.p)

    # -- by the method ----------------------------------------------------------------------------------------------

    def _estimate(self, effect: Effect | None, stopped: _Stop | None) -> Estimate | None:
        if effect is None:
            return None
        if self.design.method == "always":
            interval = effect.anytime(self.design.confidence, self._tuned)
        elif stopped is not None:
            interval = effect.within(stopped.bound)
        else:
            interval = effect.interval(self.design.confidence)
        return Estimate(effect.value, interval.low, interval.high)

    def _p(self, difference: Effect | None, looks: Sequence[Look]) -> float | None:
        if difference is None:
            return None
        if self.design.method != "always":
            return difference.p
        now = difference.anytime_p(self.design.confidence, self._tuned)
        return min([now, *(look.p for look in looks)])

    def _looks(self, number: int, arm: str) -> tuple[Look, ...]:
        """How it stood at each day's end, with the always-valid interval and the smallest p so far."""
        if self.measures[number].kind == "quantile":
            return ()
        found: list[Look] = []
        smallest = 1.0
        for day in self.tally.days(number):
            control, treated = self._sides(number, arm, day)
            effect = sides.absolute(control, treated)
            if effect is None or not _enough(control, treated, self._rates(number, arm, day)):
                continue
            interval = effect.anytime(self.design.confidence, self._tuned)
            smallest = min(smallest, effect.anytime_p(self.design.confidence, self._tuned))
            found.append(
                Look(
                    self._day(day), control.people, treated.people, effect.value, interval.low, interval.high, smallest
                )
            )
        return tuple(found)

    def _stopped(self, number: int, arm: str) -> _Stop:
        """Where the planned looks were made: at the first day's end at which each part of the size was reached."""
        size, count = self.design.size or 1, self.design.looks
        made: list[float] = []
        effects: list[Effect | None] = []
        for day in self.tally.days(number):
            control, treated = self._sides(number, arm, day)
            share = min(1.0, self._reached(number, day) / size)
            if len(made) < count and share >= (len(made) + 1) / count - 1e-9 and (not made or share > made[-1]):
                made.append(share)
                effects.append(sides.absolute(control, treated))
        if not made:
            return _Stop(bounds([1 / count], 1 - self.design.confidence)[0], False, False)
        edges = bounds(made, 1 - self.design.confidence)
        crossed = any(
            effect is not None and abs(effect.value) / effect.error > edge
            for effect, edge in zip(effects, edges, strict=True)
        )
        return _Stop(edges[-1], crossed, made[-1] >= 1 - 1e-9)

    @property
    def _tuned(self) -> int:
        return self.design.size or TUNED_FOR

    def _reached(self, number: int | None, day: int | None = None) -> int:
        """People of all arms whose window of this measure (or of the first goal) is over."""
        number = self._first_goal if number is None else number
        return sum(together(self.tally.until(number, arm.name, day)).people for arm in self.design.arms)

    def _progress(self) -> float | None:
        return self._reached(None) / self.design.size if self.design.size else None

    @property
    def _first_goal(self) -> int:
        return next((number for number, one in enumerate(self.measures) if one.role == "goal"), 0)

    # -- sides ------------------------------------------------------------------------------------------------------

    def _sides(self, number: int, arm: str, day: int | None = None) -> tuple[Side, Side]:
        if self.measures[number].kind == "quantile":
            found = self.quantiles.get(number, {})
            return found.get(self.design.control, _NOBODY), found.get(arm, _NOBODY)
        control = self.tally.until(number, self.design.control, day)
        treated = self.tally.until(number, arm, day)
        if not self.design.strata or self.split:
            return self._pair(number, together(control), together(treated))
        return self._evened(number, control, treated)

    def _evened(self, number: int, control: Strata, treated: Strata) -> tuple[Side, Side]:
        """Strata weighted by how many people they have in both arms; one that an arm lacks cannot be compared."""
        shared = [
            one for one in control if min(control[one].people, treated.get(one, Sums()).people) >= FEWEST_PEOPLE
        ]  # fmt: skip
        if not shared:
            return self._pair(number, together(control), together(treated))
        pairs = [self._pair(number, control[one], treated[one]) for one in shared]
        weights = [float(a.people + b.people) for a, b in pairs]
        return (
            sides.pooled([(weight, pair[0]) for weight, pair in zip(weights, pairs, strict=True)]),
            sides.pooled([(weight, pair[1]) for weight, pair in zip(weights, pairs, strict=True)]),
        )

    def _pair(self, number: int, control: Sums, treated: Sums) -> tuple[Side, Side]:
        measure = self.measures[number]
        if measure.kind == "ratio":
            return sides.ratio(control), sides.ratio(treated)
        if self.design.cuped is not None:
            return sides.adjusted(control, treated)
        if measure.is_rate:
            return sides.proportion(control.people, control.y), sides.proportion(treated.people, treated.y)
        return sides.mean(control), sides.mean(treated)

    def _rates(self, number: int, arm: str, day: int | None = None) -> tuple[Arm, Arm] | None:
        """Counts of a rate's arms; None for what is no rate."""
        if not self.measures[number].is_rate:
            return None
        control = together(self.tally.until(number, self.design.control, day))
        treated = together(self.tally.until(number, arm, day))
        return Arm(control.people, round(control.y)), Arm(treated.people, round(treated.y))

    def _readings(self, control: Side, treated: Side, counts: tuple[Arm, Arm] | None) -> tuple[Reading, Reading]:
        exact = [clopper_pearson(arm, self.design.confidence) for arm in counts] if counts else [None, None]
        return Reading(control.people, _value(control), exact[0]), Reading(treated.people, _value(treated), exact[1])

    def _of_rates(
        self, interval: Callable[[Side, Side, float], Interval | None], counts: tuple[Arm, Arm] | None
    ) -> Interval | None:
        if counts is None:
            return None
        rates = [sides.proportion(arm.people, arm.successes) for arm in counts]
        return interval(rates[0], rates[1], self.design.confidence)

    def _noise(self, number: int, arm: str, treated: Side) -> float | None:
        if self.design.cuped is None or self.measures[number].kind in ("ratio", "quantile"):
            return None
        plain = sides.mean(together(self.tally.until(number, arm))).variance
        return 1 - treated.variance / plain if plain > 0 else None

    # -- strata -----------------------------------------------------------------------------------------------------

    @property
    def _has_strata(self) -> bool:
        return bool(self.design.strata) or self.split

    def _strata(self, number: int, arm: str) -> tuple[Stratum, ...]:
        if self.measures[number].kind == "quantile":
            return ()
        control, treated = self.tally.until(number, self.design.control), self.tally.until(number, arm)
        found = []
        for value in sorted({*control, *treated}):
            a, b = self._pair(number, control.get(value, Sums()), treated.get(value, Sums()))
            effect = sides.absolute(a, b) if min(a.people, b.people) >= FEWEST_PEOPLE else None
            found.append(
                Stratum(value, Reading(a.people, _value(a)), Reading(b.people, _value(b)), self._estimate(effect, None))
            )
        return tuple(found)

    def _corrected(self, metrics: list[Measured]) -> tuple[Measured, ...]:
        """Each role's comparisons allow for one another; findings are made anew by what is left of them."""
        for role in ("goal", "secondary"):
            places = [
                (at, place)
                for at, one in enumerate(metrics) if one.role == role
                for place, contrast in enumerate(one.contrasts) if contrast.p is not None
            ]  # fmt: skip
            raised = corrected([metrics[at].contrasts[place].p or 0.0 for at, place in places], self.design.correction)
            for (at, place), p in zip(places, raised, strict=True):
                contrasts = list(metrics[at].contrasts)
                seen = replace(contrasts[place], corrected=p)
                if seen.finding != "unbalanced":
                    stopped = self._stopped(at, seen.arm) if self.design.method == "looks" else None
                    seen = replace(seen, finding=self._finding(at, seen, stopped))
                contrasts[place] = seen
                metrics[at] = replace(metrics[at], contrasts=tuple(contrasts))
        return tuple(metrics)

    def _day(self, day: int) -> date:
        return self.first + timedelta(days=day)


@dataclass(frozen=True, slots=True)
class _Stop:
    """A planned look's bound, whether any look so far passed its own, and whether the last one was made."""

    bound: float
    crossed: bool
    over: bool


_NOBODY = Side(0, 0.0, 0.0)


def _value(side: Side) -> float | None:
    return side.whole if side.people and math.isfinite(side.whole) else None


def _few(*arms: Arm) -> bool:
    """Whether an arm has so few of either outcome that only exact methods hold."""
    return min(min(arm.successes, arm.people - arm.successes) for arm in arms) < FEWEST_OUTCOMES


def _enough(control: Side, treated: Side, counts: tuple[Arm, Arm] | None) -> bool:
    if min(control.people, treated.people) < FEWEST_PEOPLE:
        return False
    if counts is None:
        return True
    hits, people = sum(arm.successes for arm in counts), sum(arm.people for arm in counts)
    return min(hits, people - hits) >= FEWEST_OUTCOMES


def _verdict(metrics: Sequence[Measured], uneven: bool) -> tuple[Verdict, str]:
    """The verdict, and the arm that it is about: the best of those that a goal found better, or the one that did harm.

    An arm whose guardrail was harmed is never the better one.
    """
    if uneven:
        return "unbalanced", ""
    found: dict[str, set[Finding]] = {}
    guards: dict[str, set[Finding]] = {}
    gains: dict[str, float] = {}
    for measured in metrics:
        for seen in measured.contrasts:
            if measured.role == "guardrail":
                guards.setdefault(seen.arm, set()).add(seen.finding)
            elif measured.role == "goal":
                found.setdefault(seen.arm, set()).add(seen.finding)
                if seen.relative is not None:
                    sign = 1 if measured.good == "up" else -1
                    gains[seen.arm] = gains.get(seen.arm, 0.0) + sign * seen.relative.value
    order = sorted(found, key=lambda arm: -gains.get(arm, 0.0))
    good = [arm for arm in order if "better" in found[arm] and "worse" not in found[arm]]
    unharmed = [arm for arm in good if "harmed" not in guards.get(arm, set())]
    for arm in unharmed:
        if guards.get(arm, set()) <= {"safe"}:
            return "better", arm
    if unharmed:
        return "careful", unharmed[0]
    for verdict, holders in (
        ("harmed", [arm for arm in order if "harmed" in guards.get(arm, set())]),
        ("worse", [arm for arm in order if "worse" in found[arm]]),
        ("leaning", [arm for arm in order if "leaning" in found[arm]]),
        ("waiting", [arm for arm in order if "waiting" in found[arm]]),
    ):
        if holders:
            return verdict, holders[0]  # type: ignore[return-value]
    return "nothing", order[0] if order else ""
