"""What a funnel may be asked beyond its steps: optional ones, times, whom it counts, and what it refuses."""

from __future__ import annotations

from typing import Any

import pytest

from dure.kernel.errors import Invalid
from tests.metrics.journeys import Journeys, every, funnel

pytestmark = pytest.mark.anyio

MAY = {"from": "2021-05-01", "to": "2021-05-14"}
MAYBE = {"event": "O", "optional": True}


@pytest.fixture
def journeys(journeys: Journeys) -> Journeys:
    return journeys


async def test_an_optional_step_beside_an_exclusion(journeys: Journeys) -> None:
    journeys.write({"with": every("A O B", "2021-05-01"), "out": every("A O x B", "2021-05-01")})
    more = {"exclude": [{"event": "x", "from": 0, "to": 2}], **MAY}
    assert await journeys.counts(["A", MAYBE, "B"], **more) == [1, 1, 1]
    assert await journeys.at_step(["A", MAYBE, "B"], 1, **more) == {"with"}


async def test_a_strict_funnel_may_leave_a_step_out_and_lets_nothing_else_between(journeys: Journeys) -> None:
    journeys.write(
        {"with": every("A O B", "2021-05-01"), "without": every("A B", "2021-05-01"),
         "repeats": every("A O O B", "2021-05-01"), "stopped": every("A O x B", "2021-05-01")}
    )  # fmt: skip
    assert await journeys.counts(["A", MAYBE, "B"], order="strict", **MAY) == [4, 3, 3]
    assert await journeys.at_step(["A", MAYBE, "B"], 2, order="strict", **MAY) == {"with", "without", "repeats"}


async def test_two_optional_steps_take_an_event_each_and_in_order(journeys: Journeys) -> None:
    journeys.write({"one": every("A O B", "2021-05-01"), "two": every("A O O B", "2021-05-01")})
    assert await journeys.counts(["A", MAYBE, MAYBE, "B"], **MAY) == [2, 2, 1, 2]


async def test_who_left_an_optional_step_out(journeys: Journeys) -> None:
    journeys.write({"with": every("A O B", "2021-05-01"), "without": every("A B", "2021-05-01")})
    answer = await journeys.ask(funnel(["A", MAYBE, "B"], actors={"step": 1, "dropped": True}, **MAY))
    ((actor),) = answer["actors"]
    assert (actor["distinct_ids"], actor["reached"]) == (["without"], 2)
    assert actor["times"] == ["2021-05-01T00:00:00Z", None, "2021-05-01T01:00:00Z"]


async def test_the_group_of_an_optional_step(journeys: Journeys) -> None:
    journeys.write(
        {"with": [("A", "2021-05-01"), ("O", "2021-05-02", {"via": "push"}), ("B", "2021-05-03")],
         "without": every("A B", "2021-05-01")}
    )  # fmt: skip
    breakdown = {"prop": "via", "attribution": "step", "step": 1}
    answer = await journeys.ask(funnel(["A", MAYBE, "B"], breakdown=breakdown, **MAY))
    assert {group["value"]: group["steps"][2]["count"] for group in answer["groups"]} == {"push": 1, None: 1}


async def test_how_long_converting_took(journeys: Journeys) -> None:
    minutes = {"p10": 10, "p20": 20, "p30": 30, "p40": 40, "never": None}
    journeys.write(
        {
            name: [("A", "2021-05-01 10:00"), *([("B", f"2021-05-01 10:{after}")] if after else [])]
            for name, after in minutes.items()
        }
    )
    answer = await journeys.ask(funnel(["A", "B"], times={"bins": 3}, **MAY))
    times = answer["times"]
    assert (times["from"], times["to"], times["count"]) == (0, 1, 4)
    assert (times["average"], times["median"], times["min"], times["max"]) == (1500, 1500, 600, 2400)
    assert (times["percentiles"]["p25"], times["percentiles"]["p75"]) == (1050, 1950)
    assert times["histogram"] == [
        {"from": 600, "to": 1200, "count": 1}, {"from": 1200, "to": 1800, "count": 1},
        {"from": 1800, "to": 2400, "count": 2},
    ]  # fmt: skip


async def test_times_of_nobody_and_of_one(journeys: Journeys) -> None:
    journeys.write({"p": every("A B", "2021-05-01")})
    nobody = await journeys.ask(funnel(["A", "z"], times={}, **MAY))
    assert (nobody["times"]["count"], nobody["times"]["median"], nobody["times"]["histogram"]) == (0, None, [])
    one = await journeys.ask(funnel(["A", "B"], times={}, **MAY))
    assert one["times"]["histogram"] == [{"from": 3600, "to": 3600, "count": 1}]


async def test_a_day_of_23_hours_is_a_day(journeys: Journeys) -> None:
    journeys.write(
        {
            "before": [("A", "2026-03-28 22:59"), ("B", "2026-03-28 23:01")],
            "first": [("A", "2026-03-28 23:00")],
            "last": [("A", "2026-03-29 21:59"), ("B", "2026-03-29 22:01")],
            "after": [("A", "2026-03-29 22:00")],
        }
    )
    dates = {"from": "2026-03-29", "to": "2026-03-29", "timezone": "Europe/Berlin"}
    assert await journeys.counts(["A", "B"], **dates) == [2, 0]
    longer = {**dates, "from": "2026-03-28", "to": "2026-03-30"}
    answer = await journeys.ask(funnel(["A", "B"], window="1h", trend={}, **longer))
    assert answer["trend"]["entered"] == [1, 2, 1]
    assert answer["trend"]["converted"] == [1, 1, 0]
    assert answer["trend"]["complete"] == [True, True, False]


async def test_an_interval_is_complete_when_its_last_window_is_over(journeys: Journeys) -> None:
    journeys.write({"p": every("A B", "2026-11-20")})
    dates = {"from": "2026-11-20", "to": "2026-11-30"}
    answer = await journeys.ask(funnel(["A", "B"], window="1d", trend={}, **dates))
    # It is 23 November, 3 o'clock: the windows of the 21st ended at midnight.
    assert answer["trend"]["complete"][:4] == [True, True, False, False]


@pytest.mark.parametrize("by", ["account", "object"])
async def test_accounts_and_objects_have_funnels_of_their_own(journeys: Journeys, by: str) -> None:
    for unit, people in {"acme": {"mina": ["A"], "joon": ["B"]}, "": {"nobody": ["A", "B"]}}.items():
        at = {"A": "2021-05-01 10:00", "B": "2021-05-01 11:00"}
        journeys.write(
            {name: [(event, at[event]) for event in events] for name, events in people.items()}, **{by: unit}
        )
    assert await journeys.counts(["A", "B"], by=by, **MAY) == [1, 1]
    answer = await journeys.ask(funnel(["A", "B"], by=by, actors={"step": 1}, **MAY))
    assert [actor[by] for actor in answer["actors"]] == ["acme"]


async def test_two_ids_found_to_be_one_person_are_one_in_the_funnel(journeys: Journeys) -> None:
    journeys.write({"phone": every("A x", "2021-05-01"), "desk": [("B", "2021-05-01 09:00")]})
    assert await journeys.counts(["A", "B"], **MAY) == [1, 0]
    journeys.merge("desk", into="phone")
    assert await journeys.counts(["A", "B"], **MAY) == [1, 1]
    assert await journeys.counts(["A", "B"], order="strict", **MAY) == [1, 0]
    assert await journeys.at_step(["A", "B"], 1, **MAY) == {"phone", "desk"}


async def test_a_trait_chooses_a_step_and_splits(journeys: Journeys) -> None:
    journeys.write(
        {
            name: [("Identified", "2021-04-01", {"plan": plan}), *every("A B", "2021-05-01")]
            for name, plan in {"mina": "pro", "joon": "free"}.items()
        }
    )
    journeys.write({"sora": every("A", "2021-05-01")})
    pro = {"event": "B", "where": [{"prop": "person.plan", "op": "=", "value": "pro"}]}
    assert await journeys.counts(["A", pro], **MAY) == [3, 1]
    assert await journeys.at_step(["A", pro], 1, **MAY) == {"mina"}
    answer = await journeys.ask(funnel(["A", "B"], breakdown={"prop": "person.plan"}, **MAY))
    groups = {group["value"]: [step["count"] for step in group["steps"]] for group in answer["groups"]}
    assert groups == {"pro": [1, 1], "free": [1, 1], None: [1, 0]}
    assert [step["count"] for step in answer["steps"]] == [3, 2]


async def test_the_trait_of_the_account_an_event_was_about(journeys: Journeys) -> None:
    journeys.write({"crm": [("Account Identified", "2021-04-01", {"size": "big"})]}, account="acme")
    journeys.write({"mina": every("A", "2021-05-01")}, account="acme")
    journeys.write({"mina": every("B", "2021-05-02")}, account="tiny")
    found = {}
    for attribution in ("first", "last", "all"):
        breakdown = {"prop": "account.size", "attribution": attribution}
        answer = await journeys.ask(funnel(["A", "B"], breakdown=breakdown, **MAY))
        found[attribution] = {group["value"]: [step["count"] for step in group["steps"]] for group in answer["groups"]}
    assert found == {"first": {"big": [1, 1]}, "last": {"big": [1, 1]}, "all": {"big": [1, 0]}}


async def test_only_the_largest_groups_are_shown_and_everybody_is_counted(journeys: Journeys) -> None:
    journeys.write({f"p{n}": [("A", "2021-05-01", {"c": "big" if n < 3 else f"c{n}"})] for n in range(6)})
    answer = await journeys.ask(funnel(["A", "B"], breakdown={"prop": "c", "limit": 2}, **MAY))
    assert [(group["value"], group["steps"][0]["count"]) for group in answer["groups"]] == [("big", 3), ("c3", 1)]
    assert answer["steps"][0]["count"] == 6
    assert answer["meta"]["warnings"] == ["4 groups; the 2 largest are shown."]


async def test_a_repeat_at_the_same_instant_is_a_repeat(journeys: Journeys) -> None:
    at = "2021-05-01 10:00"
    journeys.write({"two": [("A", at), ("A", at)], "one": [("A", at)]})
    for order in ("ordered", "strict", "any"):
        assert await journeys.counts(["A", "A"], order=order, **MAY) == [2, 1]


async def test_twenty_steps_in_any_order(journeys: Journeys) -> None:
    names = [f"s{n}" for n in range(20)]
    journeys.write({"all": every(" ".join(reversed(names)), "2021-05-01", 60), "half": every("s3 s1", "2021-05-01")})
    counts = await journeys.counts(names, order="any", **MAY)
    assert counts == [2, 2, *[1] * 18]


@pytest.mark.parametrize(
    ("more", "field"),
    [
        ({"steps": [MAYBE, {"event": "B"}]}, "steps[0].optional"),
        ({"steps": [{"event": "A"}, MAYBE], "order": "any"}, "steps[1].optional"),
        ({"steps": [{"event": "A"}, MAYBE, {"event": "B"}], "exclude": [{"event": "x"}]}, "exclude[0].to"),
        ({"order": "strict", "exclude": [{"event": "x"}]}, "exclude"),
        ({"steps": [{"event": "A"}] * 7, "order": "any"}, "steps"),
        ({"steps": [{"event": f"s{n}"} for n in range(21)]}, "steps"),
        ({"times": {"from": 1, "to": 1}}, "times.to"),
        ({"times": {"bins": 0}}, "times.bins"),
        ({"trend": {"interval": "hour"}, "from": "2020-01-01", "to": "2020-12-31"}, "trend.interval"),
        ({"actors": {"step": 0, "dropped": True}}, "actors.step"),
        ({"breakdown": {"prop": "c", "attribution": "step", "step": 2}}, "breakdown.step"),
        ({"window": "7"}, "window"),
    ],
)
async def test_what_makes_no_sense_is_refused_by_its_name(journeys: Journeys, more: dict[str, Any], field: str) -> None:
    with pytest.raises(Invalid) as error:
        await journeys.ask({**funnel(["A", "B"], **MAY), **more})
    assert error.value.field == field
