"""An experiment's life: what may be planned, started, drawn, stopped and decided, and what is refused."""

from __future__ import annotations

from collections import Counter
from datetime import timedelta
from typing import Any

import pytest

from dure.experiments.api import balanced, read_design
from dure.experiments.design import BUCKETS
from dure.experiments.drawing import Draw, Holdout, free, take
from dure.experiments.flags.evaluating import drawn
from dure.kernel.errors import Conflict, DureError, Invalid, NotAllowed, NotFound
from dure.kernel.lots import lot_v1
from tests.experiments.lab import CONVERTED, DESIGN, Lab, names

pytestmark = pytest.mark.anyio


@pytest.mark.parametrize(
    ("change", "field"),
    [
        ({"name": " "}, "name"),
        ({"arms": [{"name": "control", "share": 1}]}, "arms"),
        ({"arms": [{"name": "control", "share": 0.5}, {"name": "b", "share": 0.4}]}, "arms"),
        ({"arms": [{"name": "a b", "share": 0.5}, {"name": "b", "share": 0.5}]}, "arms[0].name"),
        ({"metrics": [{"kind": "mean", "event": "Listened"}]}, "metrics[0].prop"),
        ({"metrics": [{"kind": "ratio", "event": "Listened"}]}, "metrics[0].over"),
        ({"metrics": [{"kind": "conversion"}]}, "metrics[0].event"),
        ({"metrics": [{"role": "guardrail", "event": "Left"}]}, "metrics[0].margin"),
        ({"metrics": [{"event": "Left", "window": "soon"}]}, "metrics[0].window"),
        ({"metrics": [{"event": "Left", "window": "999d"}]}, "metrics[0].window"),
        ({"metrics": [{"event": {"event": "Left", "where": [{"prop": "a`b"}]}}]}, "metrics[0].event.where[0].prop"),
        ({"metrics": [{"kind": "retention", "event": "Left", "day": 0}]}, "metrics[0].day"),
        ({"metrics": [{"metric": "no-such"}]}, "metrics[0].metric"),
        ({"method": "fixed"}, "size"),
        ({"layer": {"id": "first", "share": 0}}, "layer.share"),
        ({"audience": {"kind": "did"}}, "audience.rule"),
        ({"confidence": 1}, "confidence"),
        ({"colour": "red"}, None),
    ],
)
async def test_a_design_that_makes_no_sense_is_refused_by_field(
    lab: Lab, change: dict[str, Any], field: str | None
) -> None:
    with pytest.raises(Invalid) as refused:
        await lab.experiments.create(lab.cast.joon, {**DESIGN, **change})
    assert refused.value.field == field


async def test_from_draft_to_decided_with_one_event_an_act(lab: Lab) -> None:
    api, joon = lab.experiments, lab.cast.joon
    made = await api.create(joon, {**DESIGN, "metrics": []})
    with pytest.raises(Invalid, match="goal"):
        await api.start(joon, made.id)
    with pytest.raises(Conflict):
        await api.analyse(joon, made.id)
    await api.change(joon, made.id, DESIGN)
    running = await api.start(joon, made.id)
    assert (running.state, running.started_at, running.owner) == ("running", lab.clock.now(), joon.actor)
    renamed = await api.change(joon, made.id, {**DESIGN, "name": "다른 이름"})
    assert renamed.design.name["ko"] == "다른 이름"
    with pytest.raises(Conflict, match="has begun"):
        await api.change(joon, made.id, {**DESIGN, "confidence": 0.9})
    with pytest.raises(Conflict):
        await api.delete(joon, made.id)
    stopped = await api.stop(joon, made.id)
    with pytest.raises(Conflict):
        await api.expose(joon, made.id, [lab.who("u-1")])
    with pytest.raises(Invalid) as refused:
        await api.decide(joon, made.id, "treated", " ")
    assert refused.value.field == "why"
    decided = await api.decide(joon, made.id, "treated", "구독이 늘었다")
    assert (decided.state, decided.stopped_at) == ("decided", stopped.stopped_at)
    assert decided.decision is not None
    assert (decided.decision.arm, decided.decision.by) == ("treated", joon.actor)
    with pytest.raises(Conflict):
        await api.decide(joon, made.id, "control", "noch einmal")
    told = await lab.events(*(f"Experiment {what}" for what in ("Created", "Changed", "Started", "Stopped", "Decided")))
    assert [event.event.split()[1] for event in told] == [
        "Created", "Changed", "Started", "Changed", "Stopped", "Decided",
    ]  # fmt: skip
    assert await api.experiments(joon) == [decided]


async def test_who_may(lab: Lab) -> None:
    made = await lab.experiments.create(lab.cast.joon, DESIGN)
    with pytest.raises(NotAllowed):
        await lab.experiments.experiments(lab.cast.gil)
    with pytest.raises(NotFound):
        await lab.experiments.start(lab.cast.rina, made.id)


async def test_arms_are_the_same_at_every_time_and_after_a_merge_those_of_the_person(lab: Lab) -> None:
    experiment = await lab.running()
    people = names("u-", 200)
    first = await lab.arms(experiment, *people)
    assert 70 < Counter(first.values())["control"] < 130
    assert await lab.arms(experiment, *people) == first
    await lab.settle()
    rows = (await lab.log.query(
        lab.cast.tenant, "select count() from events where workspace = {workspace:String} and event = {e:String}",
        {"e": "Experiment Exposed"},
    )).rows  # fmt: skip
    assert rows == [(200,)]  # a second exposure of the same person is the same message
    await lab.know("mina")
    await lab.people.ids.join(lab.cast.mina, "mina", "phone", "her own phone")
    assert (await lab.experiments.assign(lab.cast.joon, experiment.id, [lab.who("phone")])) == (
        await lab.experiments.assign(lab.cast.joon, experiment.id, [lab.who("mina")])
    )


async def test_experiments_of_one_layer_never_have_the_same_person(lab: Lab) -> None:
    one = await lab.running(layer={"id": "first-screen", "share": 0.6})
    with pytest.raises(Conflict, match="40% left") as refused:
        await lab.running(layer={"id": "first-screen", "share": 0.5})
    assert refused.value.field == "layer.share"
    other = await lab.running(layer={"id": "first-screen", "share": 0.4})
    elsewhere = await lab.running(layer={"id": "mail"})
    people = names("u-", 400)
    first, second = await lab.arms(one, *people), await lab.arms(other, *people)
    assert all((first[who] is None) != (second[who] is None) for who in people)
    assert 190 < sum(arm is not None for arm in first.values()) < 290
    assert None not in (await lab.arms(elsewhere, *people)).values()
    await lab.experiments.decide(lab.cast.joon, one.id, "control", "여기까지")
    assert [row["buckets"] for row in await lab.experiments.layers(lab.cast.joon)] == [4000, BUCKETS]
    await lab.running(layer={"id": "first-screen", "share": 0.6})


def test_buckets_are_taken_from_what_is_left() -> None:
    assert free([(0, 2000), (5000, 6000)]) == [(2000, 5000), (6000, 10_000)]
    assert take([(0, 2000), (5000, 6000)], 0.5) == [(2000, 5000), (6000, 8000)]
    assert take([(0, 9999)], 0.0002) is None


async def test_the_global_holdout_is_left_alone_and_can_be_rotated(lab: Lab) -> None:
    await lab.experiments.set_holdout(lab.cast.mina, 0.1)
    experiment, boundless = await lab.running(), await lab.running(global_holdout=False)
    people = names("u-", 400)
    arms = await lab.arms(experiment, *people)
    held = {who for who in people if arms[who] is None}
    assert 20 <= len(held) <= 65
    assert None not in (await lab.arms(boundless, *people)).values()
    await lab.experiments.set_holdout(lab.cast.mina, 0.2)
    wider = await lab.arms(experiment, *people)
    assert held <= {who for who in people if wider[who] is None}
    assert all(wider[who] in (None, arms[who]) for who in people)
    turned = await lab.experiments.set_holdout(lab.cast.mina, 0.1, rotate=True)
    assert turned == Holdout(0.1, 2)
    others = {who for who, arm in (await lab.arms(experiment, *people)).items() if arm is None}
    assert len(others & held) < len(held) / 2
    with pytest.raises(Invalid):
        await lab.experiments.set_holdout(lab.cast.mina, 0.9)
    with pytest.raises(NotAllowed):
        await lab.experiments.set_holdout(lab.cast.joon, 0.1)


async def test_only_the_audience_takes_part_and_others_are_told_why(lab: Lab) -> None:
    await lab.happen("Identified", "u-1", "u-2", plan="pro")
    await lab.happen("Identified", "u-3", plan="free")
    await lab.settle()
    lab.clock.advance(timedelta(seconds=1))
    experiment = await lab.running(audience={"kind": "trait", "prop": "plan", "value": "pro"})
    told = await lab.experiments.expose(lab.cast.joon, experiment.id, [lab.who(f"u-{n}") for n in (1, 2, 3)])
    assert {one.person: one.reason for one in told} == {lab.who("u-1"): "", lab.who("u-2"): "",
                                                        lab.who("u-3"): "audience"}  # fmt: skip


def test_an_experiment_that_began_elsewhere_keeps_its_arms() -> None:
    draw = Draw("exp1", 1, ("control", "treated"), (0.5, 0.5))
    assert lot_v1("exp1", "user-1") == 0.718
    assert draw.arm("user-1") == "treated"
    design = read_design({**DESIGN, "lots": {"seed": "exp1", "version": 1}})
    assert design.lots is not None


def test_people_known_beforehand_are_split_to_the_last_in_every_stratum() -> None:
    strata = {"free": names("f-", 101), "pro": names("p-", 7), "": names("x-", 2)}
    arms = balanced("campaign:", strata, (0.5, 0.5))
    counted = {
        stratum: sorted(Counter(arms[who] for who in some).values()) for stratum, some in strata.items()
    }  # fmt: skip
    assert counted == {"free": [50, 51], "pro": [3, 4], "": [1, 1]}
    assert balanced("campaign:", strata, (0.5, 0.5)) == arms


async def test_metrics_of_the_catalogue_are_measured_by_person(lab: Lab) -> None:
    for raw in (
        {"id": "return-7", "name_ko": "재청취", "name_en": "Return", "direction": "up", "question": {
            "kind": "retention", "start": {"event": "Signed Up", "first_time": True},
            "return": {"event": "Listened"}, "measure": "bracket", "brackets": [3, 7]}, "reading": {"column": 2}},
        {"id": "wait", "name_ko": "대기", "name_en": "Wait", "direction": "down", "question": {
            "kind": "trend", "where": [{"prop": "kind", "value": "live"}],
            "series": [{"event": "Waited", "math": "average", "prop": "seconds"}]}},
        {"id": "sticky", "name_ko": "끈기", "name_en": "Sticky",
         "question": {"kind": "stickiness", "event": "Listened"}},
    ):  # fmt: skip
        await lab.metrics.create_metric(lab.cast.mina, raw)
    unfolded = await lab.experiments._unfolded(
        lab.cast.joon,
        read_design({**DESIGN, "metrics": [{"metric": "return-7"}, {"metric": "wait"}]}).metrics,
        "metrics",
    )
    returned, waited = unfolded
    assert (returned.kind, returned.after, returned.window) == ("conversion", "4d", "8d")
    assert returned.name == {"ko": "재청취", "en": "Return"}
    assert (waited.kind, waited.prop, waited.good) == ("ratio", "seconds", "down")
    assert waited.event is not None
    assert [each.prop for each in waited.event.where] == ["kind"]
    with pytest.raises(Invalid, match="single people"):
        await lab.experiments.create(lab.cast.joon, {**DESIGN, "metrics": [{"metric": "sticky"}]})


async def test_a_plan_says_how_many_people_and_how_long(lab: Lab) -> None:
    at = lab.clock.now() - timedelta(days=27)
    rows = [("Opened", f"u-{n}", at + timedelta(hours=n % 600), "", {}) for n in range(1200)]
    rows += [("Subscribed", f"u-{n}", at + timedelta(hours=n % 600 + 1), "", {}) for n in range(0, 1200, 10)]
    await lab.events_of(rows)
    await lab.settle()
    wish = {"event": "Opened", "metric": CONVERTED, "lift": 0.5, "method": "fixed"}
    plan = await lab.experiments.plan(lab.cast.joon, wish)
    assert plan.base == pytest.approx(0.1, abs=0.01)
    assert plan.each == pytest.approx(686, abs=60)
    assert plan.people == 2 * (plan.each or 0)
    assert plan.by_day[-1] == 1200
    assert plan.days is not None
    assert plan.days > 28  # 1,200 came in four weeks, and more are needed
    always = await lab.experiments.plan(lab.cast.joon, {**wish, "method": "always"})
    assert (always.each or 0) > 1.7 * (plan.each or 0)
    said = await lab.experiments.plan(lab.cast.joon, {"base": 0.1, "lift": 0.1, "a_day": 1000, "method": "fixed"})
    assert (said.each, said.days) == (14_749, 30)
    mean = await lab.experiments.plan(lab.cast.joon, {"base": 4, "variance": 10, "lift": 0.04, "method": "fixed"})
    assert (mean.each, mean.days) == (6132, None)
    for raw, field in (({"lift": 0}, "lift"), ({"lift": 0.1}, "base"), ({"base": 0.1, "shares": [1]}, "shares")):
        with pytest.raises(DureError) as refused:
            await lab.experiments.plan(lab.cast.joon, raw)
        assert refused.value.field == field


def test_a_flag_draws_as_posthog_does() -> None:
    # The values that posthog's own `_hash` gives.
    from posthog.feature_flags import _hash

    assert [drawn("new-player", f"u-{n}") for n in range(5)] == [_hash("new-player", f"u-{n}") for n in range(5)]
    assert drawn("a", "b", "variant") == _hash("a", "b", salt="variant")
