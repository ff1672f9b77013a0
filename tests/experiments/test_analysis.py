"""An experiment read from the log: who counts, in which arm, from when until when, and what is said."""

from __future__ import annotations

from datetime import timedelta

import pytest

from dure.experiments.api import Exposure, PlannedArm, read_measure
from dure.experiments.statistics import sides
from dure.experiments.statistics.sums import Sums
from tests.experiments.lab import CONVERTED, Lab, names

pytestmark = pytest.mark.anyio


async def test_both_arms_are_noted_at_the_same_moment_and_the_result_is_counted_from_there(lab: Lab) -> None:
    experiment = await lab.running(metrics=[CONVERTED, {
        "role": "guardrail", "kind": "mean", "event": "Listened", "prop": "minutes", "window": "3d", "margin": 0.5,
    }])  # fmt: skip
    people = names("u-", 600)
    arms = await lab.arms(experiment, *people)
    assert set(arms.values()) == {"control", "treated"}
    noted = await lab.events("Experiment Exposed")
    assert {(event.properties["arm"], event.time) for event in noted} == {
        ("control", lab.clock.now()), ("treated", lab.clock.now())
    }  # fmt: skip
    in_arm = {arm: [who for who in people if arms[who] == arm] for arm in ("control", "treated")}
    lab.clock.advance(timedelta(hours=1))
    did = in_arm["control"][:20] + in_arm["treated"][:120]
    await lab.happen("Subscribed", *did)
    await lab.happen("Subscribed", *did[:5])  # twice is once
    await lab.events_of([
        ("Listened", who, lab.clock.now(), "", {"minutes": 3 + place % 4}) for place, who in enumerate(people)
    ])  # fmt: skip
    lab.clock.advance(timedelta(days=4))
    await lab.happen("Subscribed", *in_arm["control"])  # too late
    await lab.settle()
    found = await lab.experiments.analyse(lab.cast.joon, experiment.id)
    assert {arm.name: arm.people for arm in found.arms} == {arm: len(some) for arm, some in in_arm.items()}
    goal, guard = found.metrics
    (seen,) = goal.contrasts
    assert (seen.control.people, seen.control.value) == (len(in_arm["control"]), 20 / len(in_arm["control"]))
    assert seen.treated.value == 120 / len(in_arm["treated"])
    assert (seen.finding, found.verdict, found.arm) == ("better", "better", "treated")
    assert seen.looks[-1].p == seen.p
    assert guard.contrasts[0].finding == "safe"
    assert "‘treated’ 쪽이 낫습니다" in found.sentence["ko"]
    assert "“treated” is better" in found.sentence["en"]


async def test_people_whose_window_is_not_over_are_pending(lab: Lab) -> None:
    experiment = await lab.running()
    await lab.arms(experiment, *names("early-", 40))
    lab.clock.advance(timedelta(days=2))
    await lab.arms(experiment, *names("late-", 10))
    lab.clock.advance(timedelta(days=2))
    await lab.settle()
    found = await lab.experiments.analyse(lab.cast.joon, experiment.id)
    assert sum(arm.people for arm in found.arms) == 50
    assert found.metrics[0].pending == 10
    (seen,) = found.metrics[0].contrasts
    assert seen.control.people + seen.treated.people == 40
    assert (seen.difference, found.verdict) == (None, "nothing")
    assert "아직 아무 말도 할 수 없습니다" in found.sentence["ko"]


async def test_arms_of_the_wrong_sizes_override_every_result(lab: Lab) -> None:
    experiment = await lab.running(exposure={"event": "Shown", "arm": "variant"})
    then = lab.clock.now() + timedelta(hours=1)
    rows = [("Shown", who, then, "", {"variant": "control"}) for who in names("c-", 400)]
    rows += [("Shown", who, then, "", {"variant": "treated"}) for who in names("t-", 280)]
    rows += [("Subscribed", who, then + timedelta(hours=1), "", {}) for who in names("t-", 280)]
    await lab.events_of(rows)
    lab.clock.advance(timedelta(days=5))
    await lab.settle()
    found = await lab.experiments.analyse(lab.cast.joon, experiment.id)
    assert found.balance is not None
    assert found.balance < 0.001
    assert (found.verdict, found.metrics[0].contrasts[0].finding) == ("unbalanced", "unbalanced")
    assert "읽으면 안 됩니다" in found.sentence["ko"]
    assert await lab.experiments.tick() > 0
    assert await lab.experiments.tick() == 0  # looked at a moment ago
    lab.clock.advance(timedelta(minutes=11))
    assert await lab.experiments.tick() > 0  # looked at again, and nothing changed
    (told,) = await lab.events("Experiment Verdict Changed")
    assert told.properties["verdict"] == "unbalanced"
    assert (await lab.experiments.experiment(lab.cast.joon, experiment.id)).verdict == "unbalanced"


async def test_somebody_with_two_ids_is_one_person_in_the_arm_they_met_first(lab: Lab) -> None:
    experiment = await lab.running(exposure={"event": "Shown"})
    await lab.know("phone")
    first = lab.clock.now() + timedelta(minutes=1)
    await lab.happen("Shown", "phone", at=first, arm="control")
    await lab.happen("Shown", "laptop", at=first + timedelta(hours=1), arm="treated")
    await lab.happen("Shown", "other", at=first, arm="treated")
    await lab.happen("Shown", "stranger", at=first, arm="no such arm")
    await lab.people.ids.join(lab.cast.mina, "phone", "laptop", "same e-mail")
    await lab.happen("Subscribed", "laptop", at=first + timedelta(hours=2))
    lab.clock.advance(timedelta(days=5))
    await lab.settle()
    found = await lab.experiments.analyse(lab.cast.joon, experiment.id)
    assert {arm.name: arm.people for arm in found.arms} == {"control": 1, "treated": 1}
    assert found.mixed == 1
    (seen,) = found.metrics[0].contrasts
    assert (seen.control.value, seen.treated.value) == (1.0, 0.0)


async def test_every_kind_of_measure_is_the_sums_of_what_people_did(lab: Lab) -> None:
    """Against the same numbers added up by hand."""
    metrics = [
        {"kind": "count", "event": "Listened", "window": "2d"},
        {"kind": "mean", "event": "Listened", "prop": "minutes", "window": "2d", "role": "secondary"},
        {"kind": "ratio", "event": "Listened", "prop": "minutes", "over": "Session", "window": "2d",
         "role": "secondary"},
        {"kind": "retention", "event": "Listened", "day": 1, "role": "secondary"},
        {"kind": "quantile", "event": "Listened", "prop": "minutes", "share": 0.5, "window": "2d",
         "role": "secondary"},
        {"kind": "conversion", "event": {"event": "Listened", "where": [{"prop": "minutes", "op": ">", "value": 8}]},
         "after": "1d", "window": "2d", "role": "secondary"},
    ]  # fmt: skip
    experiment = await lab.running(exposure={"event": "Shown"}, metrics=metrics, cuped="7d")
    at = lab.clock.now() + timedelta(hours=1)
    rows, by_hand = [], {}
    for arm, extra in (("control", 0), ("treated", 1)):
        for number in range(60):
            who = f"{arm}-{number}"
            rows.append(("Shown", who, at, "", {"arm": arm}))
            before, after, next_day = number % 5, number % 5 + number % 3 + extra, number % 2
            rows.append(("Listened", who, at - timedelta(days=1), "", {"minutes": before}))
            rows.append(("Listened", who, at - timedelta(days=8), "", {"minutes": 99}))  # before what is looked at
            rows.append(("Listened", who, at + timedelta(hours=2), "", {"minutes": str(after)}))
            rows += [("Session", who, at + timedelta(hours=hour), "", {}) for hour in range(1, 2 + number % 2)]
            if next_day:
                rows.append(("Listened", who, at + timedelta(hours=30), "", {"minutes": 9}))
            rows.append(("Listened", who, at + timedelta(days=2, seconds=1), "", {"minutes": 99}))  # too late
            y = after + 9 * next_day
            by_hand[who] = (1 + next_day, y, 1 + number % 2, next_day, before)
    await lab.events_of(rows)
    lab.clock.advance(timedelta(days=4))
    await lab.settle()
    found = await lab.experiments.analyse(lab.cast.joon, experiment.id)

    def of(arm: str, place: int) -> list[int]:
        return [one[place] for who, one in by_hand.items() if who.startswith(arm)]

    counts, means, ratios, retained, medians, later = (one.contrasts[0] for one in found.metrics)
    assert counts.treated.value == pytest.approx(sum(of("treated", 0)) / 60)
    assert means.control.value == pytest.approx(sum(of("control", 1)) / 60)
    assert ratios.treated.value == pytest.approx(sum(of("treated", 1)) / sum(of("treated", 2)))
    assert (retained.control.value, retained.treated.value) == (0.5, 0.5)
    assert later.treated.value == 0.5
    ordered = sorted(of("control", 1))
    assert medians.control.value == ordered[sides.ranks(60, 0.5)[0] - 1]

    def sums(arm: str) -> Sums:
        y, x = of(arm, 1), of(arm, 4)
        return Sums(60, sum(y), sum(v * v for v in y), x=sum(x), xx=sum(v * v for v in x),
                    xy=sum(a * b for a, b in zip(x, y, strict=True)))  # fmt: skip

    expected = sides.absolute(*sides.adjusted(sums("control"), sums("treated")))
    assert means.difference is not None
    assert expected is not None
    assert means.difference.value == pytest.approx(expected.value)
    assert means.once.low == pytest.approx(expected.interval().low)  # type: ignore[union-attr]
    assert means.noise is not None
    assert means.noise > 0.05


async def test_a_fixed_experiment_says_nothing_before_its_size_and_a_planned_look_may_stop_it(lab: Lab) -> None:
    fixed = await lab.running(exposure={"event": "Shown"}, method="fixed", size=1200)
    planned = await lab.running(exposure={"event": "Shown"}, method="looks", size=1200, looks=3)
    at = lab.clock.now() + timedelta(hours=1)

    async def show(prefix: str, count: int, day: int) -> None:
        rows = []
        for arm, share in (("control", 8), ("treated", 3)):
            for number in range(count):
                who, then = f"{prefix}-{arm}-{number}", at + timedelta(days=day)
                rows.append(("Shown", who, then, "", {"arm": arm}))
                if number % share == 0:
                    rows.append(("Subscribed", who, then + timedelta(hours=2), "", {}))
        await lab.events_of(rows)
        await lab.settle()

    await show("a", 250, 0)
    lab.clock.advance(timedelta(days=4))
    early = await lab.experiments.analyse(lab.cast.joon, fixed.id)
    assert (early.verdict, early.progress) == ("waiting", pytest.approx(500 / 1200))
    assert "계획한 1,200명 가운데 42%" in early.sentence["ko"]
    stopped = await lab.experiments.analyse(lab.cast.joon, planned.id)
    assert stopped.verdict == "better"  # the first of three looks was passed at 500 of 1,200, and by far
    assert stopped.metrics[0].contrasts[0].difference.low > 0  # type: ignore[union-attr]
    await show("b", 350, 4)
    lab.clock.advance(timedelta(days=4))
    whole = await lab.experiments.analyse(lab.cast.joon, fixed.id)
    assert (whole.verdict, whole.progress) == ("better", 1.0)


async def test_strata_are_told_apart_evened_out_and_taken_from_before_the_exposure(lab: Lab) -> None:
    experiment = await lab.running(exposure={"event": "Shown"}, strata="plan")
    at = lab.clock.now() + timedelta(hours=1)
    rows = []
    # Nothing differs within a plan, but treated happened to get more of the paying ones.
    for arm, plans in (("control", {"free": 320, "pro": 80}), ("treated", {"free": 80, "pro": 320})):
        for plan, count in plans.items():
            for number in range(count):
                who = f"{arm}-{plan}-{number}"
                rows.append(("Identified", who, at - timedelta(days=3), "", {"plan": plan}))
                rows.append(("Shown", who, at, "", {"arm": arm}))
                rows.append(("Identified", who, at + timedelta(hours=1), "", {"plan": f"after {arm}"}))
                if number % (10 if plan == "free" else 2) == 0:
                    rows.append(("Subscribed", who, at + timedelta(hours=2), "", {}))
    await lab.events_of(rows)
    lab.clock.advance(timedelta(days=5))
    await lab.settle()
    found = await lab.experiments.analyse(lab.cast.joon, experiment.id)
    strata = {one.value: one for one in found.metrics[0].strata["treated"]}
    assert set(strata) == {"free", "pro"}
    assert (strata["free"].control.value, strata["free"].treated.value) == (0.1, 0.1)
    (seen,) = found.metrics[0].contrasts
    assert seen.difference is not None
    assert seen.difference.value == pytest.approx(0, abs=1e-9)
    assert found.verdict == "nothing"


async def test_a_small_list_made_by_hand_is_judged_exactly(lab: Lab) -> None:
    """Seven of two hundred against eighteen of two hundred (case C11)."""
    at = lab.clock.now() - timedelta(days=9)
    rows = [("Offered", f"{arm}-{n}", at, "", {"arm": arm}) for arm in ("control", "treated") for n in range(200)]
    rows += [("Subscribed", f"control-{n}", at + timedelta(hours=1), "", {}) for n in range(7)]
    rows += [("Subscribed", f"treated-{n}", at + timedelta(hours=1), "", {}) for n in range(18)]
    await lab.events_of(rows)
    await lab.settle()
    found = await lab.experiments.analyse_exposure(
        lab.cast.joon, Exposure(event="Offered"), [read_measure(CONVERTED)], method="fixed", size=400
    )
    (seen,) = found.metrics[0].contrasts
    assert seen.difference is not None
    assert seen.control.exact is not None
    assert seen.p == seen.fisher == pytest.approx(0.03695243, abs=1e-6)
    assert seen.difference.low == pytest.approx(0.00701807, abs=1e-6)
    assert seen.control.exact.low == pytest.approx(0.01418553, abs=1e-6)
    assert found.verdict == "better"


async def test_other_slices_ask_with_events_of_their_own(lab: Lab) -> None:
    at = lab.clock.now() - timedelta(days=9)
    rows = [
        ("Campaign Entered", who, at, campaign, {"arm": arm})
        for campaign, share in (("c-1", 3), ("c-2", 2))
        for number, who in enumerate(names("p-", 300))
        for arm in ["control" if number % share == 0 else "treated"]
    ]
    rows += [("Subscribed", who, at + timedelta(hours=3), "", {}) for who in names("p-", 60)]
    await lab.events_of(rows)
    await lab.settle()
    found = await lab.experiments.analyse_exposure(
        lab.cast.joon, Exposure(event="Campaign Entered", object="c-1"), [read_measure(CONVERTED)],
        arms=[PlannedArm(name="control", share=1 / 3), PlannedArm(name="treated", share=2 / 3)], method="fixed",
        size=300,
    )  # fmt: skip
    assert {arm.name: arm.people for arm in found.arms} == {"control": 100, "treated": 200}
    assert found.balance == pytest.approx(1)
    assert found.metrics[0].contrasts[0].control.value == pytest.approx(0.2)
    assert found.verdict == "nothing"
