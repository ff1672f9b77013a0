"""Funnels: the published cases, each named for what it shows.

What a question cannot express, and so is no test: *totals*, which count a person several times (M3's and M8's second
halves, M5, X7's entries); a grace of two seconds in which steps may change places (the Mixpanel variant of O10); how
often a step was repeated as a value to group by (M6); anchored steps among any order (U4).
"""

from __future__ import annotations

import csv
import gzip
from datetime import timedelta

import pytest

from dure.kernel.errors import Invalid
from tests.metrics.journeys import Journeys, at_utc, every, funnel
from tests.real_data import real

pytestmark = pytest.mark.anyio


@pytest.fixture
def journeys(journeys: Journeys) -> Journeys:
    return journeys


MAY = {"from": "2021-05-01", "to": "2021-05-14"}
JANUARY = {"from": "2021-01-01", "to": "2021-01-31"}


async def test_o1_the_window_closes(journeys: Journeys) -> None:
    journeys.write({f"u{n}": [("one", "2021-05-01"), ("two", "2021-05-02")] for n in range(10)})
    journeys.write({f"u{n}": [("one", "2021-05-01"), ("two", "2021-05-10")] for n in range(10, 25)})
    steps = ["one", "two", "three"]
    assert await journeys.counts(steps, window="7d", **MAY) == [25, 10, 0]
    assert await journeys.at_step(steps, 1, window="7d", **MAY) == {f"u{n}" for n in range(10)}


async def test_o2_a_window_of_seconds(journeys: Journeys) -> None:
    start = at_utc("2021-05-01")
    journeys.write(
        {f"u{n}": [("one", start), ("two", start + timedelta(seconds=10 if n < 10 else 20))] for n in range(25)}
    )
    assert await journeys.counts(["one", "two", "three"], window="15s", **MAY) == [25, 10, 0]


@pytest.mark.parametrize("order", ["ordered", "strict", "any"])
async def test_o3_one_event_does_not_do_two_steps(journeys: Journeys, order: str) -> None:
    journeys.write({"u1": every("A A", "2021-05-01"), "u2": every("A", "2021-05-01")})
    assert await journeys.counts(["A", "A"], order=order, **MAY) == [2, 1]


@pytest.mark.parametrize(
    ("did", "reached"), [("su", 1), ("su A", 2), ("su A B", 3), ("su A B B", 4), ("su A B B z", 5), ("su A A B", 3)]
)
async def test_o4_a_repeated_step_and_any_event_each_take_their_own(journeys: Journeys, did: str, reached: int) -> None:
    journeys.write({"p": every(did, "2021-05-01")})
    counts = await journeys.counts(["su", "A", "B", "B", "*"], **MAY)
    assert counts == [1] * reached + [0] * (5 - reached)


async def test_o5_later_incomplete_tries_do_not_change_the_time(journeys: Journeys) -> None:
    journeys.write(
        {
            "p": [
                ("su", "2021-05-01 01:00"), ("pv", "2021-05-01 02:00"), ("other", "2021-05-01 03:00"),
                ("su", "2021-05-03 04:00"), ("pv", "2021-05-03 05:00"),
                ("su", "2021-05-04 07:00"), ("pv", "2021-05-04 10:00"),
            ]
        }
    )  # fmt: skip
    answer = await journeys.ask(funnel(["su", "pv", "other"], window="1d", **MAY))
    assert [step["count"] for step in answer["steps"]] == [1, 1, 1]
    assert (answer["steps"][1]["average_seconds"], answer["steps"][1]["median_seconds"]) == (3600, 3600)
    assert answer["steps"][0]["average_seconds"] is None


@pytest.mark.parametrize(("window", "counts", "seconds"), [("14d", [3, 2], 600), ("5m", [3, 1], 300)])
async def test_o7_exactly_the_window_converts(journeys: Journeys, window: str, counts: list[int], seconds: int) -> None:
    journeys.write(
        {
            "a": [("su", "2021-05-01 14:00"), ("pv", "2021-05-01 14:05")],
            "b": [("su", "2021-05-01 14:03")],
            "c": [("su", "2021-05-01 12:00"), ("pv", "2021-05-01 12:15")],
        }
    )
    answer = await journeys.ask(funnel(["su", "pv"], window=window, **MAY))
    assert [step["count"] for step in answer["steps"]] == counts
    assert answer["steps"][1]["average_seconds"] == seconds


async def test_o8_the_bound_is_included_and_not_a_second_more(journeys: Journeys) -> None:
    journeys.write(
        {
            "in": [("A", "2021-05-01 00:00:00"), ("B", "2021-05-01 00:01:00")],
            "out": [("A", "2021-05-01 00:00:00"), ("B", "2021-05-01 00:01:01")],
        }
    )
    assert await journeys.at_step(["A", "B"], 1, window="60s", **MAY) == {"in"}


@pytest.mark.parametrize("order", ["ordered", "strict"])
async def test_o10_ties_are_taken_in_step_order(journeys: Journeys, order: str) -> None:
    at = "2021-05-01 10:00"
    journeys.write({"p": [("B", at), ("A", at)], "q": [("C", at), ("B", at), ("A", at)]})
    assert await journeys.counts(["A", "B", "C"], order=order, **MAY) == [2, 2, 1]


async def test_o10_within_a_tie_nothing_lies_between(journeys: Journeys) -> None:
    journeys.write(
        {
            "p": [
                ("A", "2021-05-01 10:00"),
                ("x", "2021-05-01 11:00"),
                ("B", "2021-05-01 11:00"),
                ("C", "2021-05-01 12:00"),
            ]
        }
    )
    assert await journeys.counts(["A", "B", "C"], order="strict", **MAY) == [1, 1, 1]
    excluded = [{"event": "x", "from": 0, "to": 1}]
    assert await journeys.counts(["A", "B", "C"], exclude=excluded, **MAY) == [1, 1, 1]


async def test_o11_an_optional_step_may_be_left_out(journeys: Journeys) -> None:
    journeys.write(
        {"with": every("A O B", "2021-05-01"), "without": every("A B", "2021-05-01"), "not": every("A O", "2021-05-01")}
    )
    steps = ["A", {"event": "O", "optional": True}, "B"]
    answer = await journeys.ask(funnel(steps, **MAY))
    assert [step["count"] for step in answer["steps"]] == [3, 2, 2]
    assert [step["average_seconds"] for step in answer["steps"]] == [None, 3600, 5400]
    assert await journeys.at_step(steps, 2, **MAY) == {"with", "without"}


S1 = {
    "p1": "su", "p2": "pv su", "p3": "su pv bl iv", "p4": "iv bl pv su", "p5": "pv su bl pv iv",
    "p6": "bl su bl pv", "p7": "bl su pv iv bl", "p8": "iv pv",
}  # fmt: skip


async def test_s1_strict_and_ordered_on_the_same_data(journeys: Journeys) -> None:
    journeys.write({name: every(names, "2021-05-01") for name, names in S1.items()})
    steps = ["su", "pv", "iv"]
    assert await journeys.counts(steps, order="strict", **MAY) == [7, 2, 1]
    assert await journeys.at_step(steps, 1, order="strict", **MAY) == {"p3", "p7"}
    assert await journeys.at_step(steps, 2, order="strict", **MAY) == {"p7"}
    assert await journeys.counts(steps, **MAY) == [7, 4, 3]


async def test_s2_strict_by_browser(journeys: Journeys) -> None:
    journeys.write(
        {
            "p1": [(name, f"2021-05-01 1{n}:00", {"browser": "Chrome"}) for n, name in enumerate(["su", "bl", "play"])],
            "p2": [
                ("su", "2021-05-01 13:00", {"browser": "Safari"}),
                ("play", "2021-05-01 14:00", {"browser": "Safari"}),
            ],
        }
    )
    for attribution in ("first", "last", "all", "step"):
        answer = await journeys.ask(
            funnel(["su", "play"], order="strict", breakdown={"prop": "browser", "attribution": attribution}, **MAY)
        )
        groups = {group["value"]: group["steps"] for group in answer["groups"]}
        assert [step["count"] for step in groups["Safari"]] == [1, 1]
        assert groups["Safari"][1]["average_seconds"] == 3600
        assert [step["count"] for step in groups["Chrome"]] == [1, 0]


@pytest.mark.parametrize(
    "names",
    [
        "main x main catalog cart",
        "main catalog x main catalog cart",
        "x main catalog cart",
        "main catalog catalog cart",
    ],
)
async def test_s3_a_violation_does_not_stop_a_later_clean_pass(journeys: Journeys, names: str) -> None:
    journeys.write({"p": every(names, "2021-05-01")})
    assert await journeys.counts(["main", "catalog", "cart"], order="strict", **MAY) == [1, 1, 1]


async def test_s4_a_shop_with_repeats_between(journeys: Journeys) -> None:
    people: dict[str, list[tuple[str, str]]] = {}
    with gzip.open(real("onlineshop_clickstream.csv.gz"), "rt", encoding="utf-8") as lines:
        for row in csv.DictReader(lines):
            people.setdefault(row["client_id"], []).append((row["event"], row["timestamp"]))
    journeys.write(people)
    more = {"window": "200d", "from": "2019-11-01", "to": "2020-04-30"}
    assert await journeys.counts(["main", "catalog", "cart"], order="strict", **more) == [2385, 2015, 592]
    assert await journeys.counts(["main", "catalog", "cart"], **more) == [2385, 2015, 1109]


async def test_u1_any_order_with_one_value_on_all_events(journeys: Journeys) -> None:
    journeys.write(
        {
            "p1": [
                ("sign up", "2021-01-01 12:00", {"browser": "Chrome"}),
                ("sign up", "2021-01-02 13:00", {"browser": "Safari"}),
                ("play", "2021-01-02 14:00", {"browser": "Safari"}),
            ]
        }
    )
    answer = await journeys.ask(
        funnel(["sign up", "play"], order="any", breakdown={"prop": "browser", "attribution": "all"}, **JANUARY)
    )
    groups = {group["value"]: group["steps"] for group in answer["groups"]}
    assert [step["count"] for step in groups["Safari"]] == [1, 1]
    assert groups["Safari"][1]["average_seconds"] == 3600
    assert [step["count"] for step in groups["Chrome"]] == [1, 0]


async def test_u2_any_order_has_no_second_step_to_attribute_to(journeys: Journeys) -> None:
    with pytest.raises(Invalid) as error:
        await journeys.ask(
            funnel(["a", "b"], order="any", breakdown={"prop": "x", "attribution": "step", "step": 1}, **MAY)
        )
    assert error.value.field == "breakdown.step"


async def test_u3_any_order_an_exclusion_between_removes_the_attempt(journeys: Journeys) -> None:
    journeys.write(
        {
            "clean": every("B A", "2021-05-01"),
            "between": every("B x A", "2021-05-01"),
            "after": every("B A x", "2021-05-01"),
            "again": every("A x B A", "2021-05-01"),
            "gone": every("B x", "2021-05-01"),
        }
    )
    # The second event of `between` is itself an attempt that got as far as the removed one.
    excluded = [{"event": "x", "from": 0, "to": 1}]
    assert await journeys.at_step(["A", "B"], 1, order="any", exclude=excluded, **MAY) == {"clean", "after", "again"}
    assert await journeys.counts(["A", "B"], order="any", exclude=excluded, **MAY) == [4, 3]


async def test_x1_an_excluded_attempt_takes_the_person_from_every_step(journeys: Journeys) -> None:
    journeys.write(
        {
            "p1": [("su", "2021-05-01 01:00"), ("paid", "2021-05-01 02:00")],
            "p2": [("su", "2021-05-01 03:00"), ("x", "2021-05-01 03:30"), ("paid", "2021-05-01 04:00")],
            "p3": [("su", "2021-05-01 05:00"), ("x", "2021-05-01 06:00")],
            "p4": [("su", "2021-05-01 07:00"), ("x", "2021-05-02 08:00")],
        }
    )
    more = {"window": "1d", "exclude": [{"event": "x"}], **MAY}
    assert await journeys.counts(["su", "paid"], **more) == [2, 1]
    assert await journeys.at_step(["su", "paid"], 0, **more) == {"p1", "p4"}
    assert await journeys.at_step(["su", "paid"], 1, **more) == {"p1"}


async def test_x5_an_exclusion_that_is_a_narrower_step(journeys: Journeys) -> None:
    journeys.write(
        {
            "p1": [("sign up", "2021-05-01 01:00"), ("paid", "2021-05-01 02:00")],
            "p2": [
                ("sign up", "2021-05-01 03:00"), ("sign up", "2021-05-01 03:30", {"key": "val"}),
                ("paid", "2021-05-01 04:00"),
            ],
            "p3": [("sign up", "2021-05-01 05:00"), ("paid", "2021-05-01 06:00")],
        }
    )  # fmt: skip
    narrower = {"event": "sign up", "where": [{"prop": "key", "op": "=", "value": "val"}]}
    more = {"window": "14d", "exclude": [narrower], **MAY}
    assert await journeys.counts(["sign up", "paid"], **more) == [2, 2]
    assert await journeys.at_step(["sign up", "paid"], 1, **more) == {"p1", "p3"}


@pytest.mark.parametrize(("first", "last"), [(1, 1), (1, 2), (2, 1), (0, 2), (-1, 1)])
async def test_x6_an_exclusion_lies_between_steps_there_are(journeys: Journeys, first: int, last: int) -> None:
    with pytest.raises(Invalid) as error:
        await journeys.ask(funnel(["a", "b"], exclude=[{"event": "x", "from": first, "to": last}], **MAY))
    assert error.value.field == ("exclude[0].from" if first < 0 else "exclude[0].to")


async def test_x7_excluding_the_first_step_itself_takes_the_last_try(journeys: Journeys) -> None:
    journeys.write({"p": every("A A A B", "2021-05-01")})
    answer = await journeys.ask(funnel(["A", "B"], exclude=[{"event": "A"}], **MAY))
    assert [step["count"] for step in answer["steps"]] == [1, 1]
    assert answer["steps"][1]["average_seconds"] == 3600


async def test_an_older_attempt_stands_where_a_newer_one_was_removed(journeys: Journeys) -> None:
    second = ["2021-05-01 00:00:00", "2021-05-01 00:00:02", "2021-05-01 00:00:03", "2021-05-01 00:00:07"]
    journeys.write({"p": list(zip(["A", "A", "B", "x"], second, strict=True))})
    answer = await journeys.ask(funnel(["A", "B", "C"], window="5s", exclude=[{"event": "x", "to": 2}], **MAY))
    assert [step["count"] for step in answer["steps"]] == [1, 1, 0]
    assert answer["steps"][1]["average_seconds"] == 3


async def test_an_exclusion_holds_only_between_its_steps(journeys: Journeys) -> None:
    journeys.write({"early": every("A x B C", "2021-05-01"), "late": every("A B x C", "2021-05-01")})
    steps = ["A", "B", "C"]
    assert await journeys.at_step(steps, 2, exclude=[{"event": "x", "from": 1, "to": 2}], **MAY) == {"early"}
    assert await journeys.at_step(steps, 2, exclude=[{"event": "x", "from": 0, "to": 1}], **MAY) == {"late"}
    assert await journeys.counts(steps, exclude=[{"event": "x", "from": 0, "to": 2}], **MAY) == [0, 0, 0]


async def test_two_kinds_of_exclusion_at_one_instant_both_count(journeys: Journeys) -> None:
    at = "2021-05-01 11:00"
    journeys.write({"p": [("A", "2021-05-01 10:00"), ("x", at), ("z", at), ("B", "2021-05-01 12:00")]})
    for first, second in (("x", "z"), ("z", "x")):
        out = [{"event": first, "from": 1, "to": 2}, {"event": second, "from": 0, "to": 1}]
        assert await journeys.counts(["A", "B", "C"], exclude=out, **MAY) == [0, 0, 0]


@pytest.mark.parametrize("did", ["A B C D E", "A B F C D E", "A B D C D E"])
async def test_m1_other_events_may_lie_between(journeys: Journeys, did: str) -> None:
    journeys.write({"p": every(did, "2021-05-01"), "stops": every("A B C E", "2021-05-01")})
    assert await journeys.counts(["A", "B", "C", "D", "E"], **MAY) == [2, 2, 2, 1, 1]


async def test_m2_the_first_try_only_or_any(journeys: Journeys) -> None:
    journeys.write({"p": [("A", "2021-05-01 00:00"), ("A", "2021-05-01 02:00"), ("B", "2021-05-01 02:30")]})
    assert await journeys.counts(["A", "B"], window="1h", reentry="first", **MAY) == [1, 0]
    assert await journeys.counts(["A", "B"], window="1h", reentry="any", **MAY) == [1, 1]


async def test_m3_a_try_that_ran_out_and_one_that_did_not(journeys: Journeys) -> None:
    # Each person counts once: of two tries the one that got furthest.
    journeys.write({"p": [("A", "2021-05-01 00:00"), ("A", "2021-05-01 00:40"), ("B", "2021-05-01 01:10")]})
    assert await journeys.counts(["A", "B"], window="1h", reentry="first", **MAY) == [1, 0]
    assert await journeys.counts(["A", "B"], window="1h", **MAY) == [1, 1]


async def test_m4_of_equal_attempts_the_latest_to_begin(journeys: Journeys) -> None:
    journeys.write({"p": every("A A A B", "2021-05-01", 600)})
    for reentry, seconds in (("any", 600), ("first", 1800)):
        answer = await journeys.ask(funnel(["A", "B"], window="1h", reentry=reentry, **MAY))
        assert answer["steps"][1]["median_seconds"] == seconds


@pytest.mark.parametrize(
    ("attribution", "step", "value"), [("first", 0, "red"), ("last", 0, "blue"), ("step", 0, None), ("step", 1, "red")]
)
async def test_m7_which_value_a_journey_has(journeys: Journeys, attribution: str, step: int, value: str | None) -> None:
    journeys.write(
        {
            "p": [
                ("page", "2021-05-01 10:00"), ("view", "2021-05-01 11:00", {"colour": "red"}),
                ("cart", "2021-05-01 12:00", {"colour": "blue"}),
            ]
        }
    )  # fmt: skip
    answer = await journeys.ask(
        funnel(["page", "view", "cart"], breakdown={"prop": "colour", "attribution": attribution, "step": step}, **MAY)
    )
    assert [(group["value"], group["steps"][2]["count"]) for group in answer["groups"]] == [(value, 1)]


async def test_m8_a_person_who_begins_twice_counts_once(journeys: Journeys) -> None:
    journeys.write({"p": every("S1 S1 S2", "2021-05-01")})
    assert await journeys.counts(["S1", "S2"], **MAY) == [1, 1]


async def test_m9_by_day_there_is_a_funnel_a_day(journeys: Journeys) -> None:
    journeys.write(
        {
            "p": [("A", "2021-05-01 10:00"), ("A", "2021-05-02 09:00"), ("B", "2021-05-02 09:30")],
            "q": [("A", "2021-05-02 10:00")],
        }
    )
    dates = {"from": "2021-05-01", "to": "2021-05-03"}
    answer = await journeys.ask(funnel(["A", "B"], window="1d", trend={"interval": "day"}, **dates))
    assert [step["count"] for step in answer["steps"]] == [2, 1]
    assert answer["trend"] == {
        "intervals": ["2021-05-01", "2021-05-02", "2021-05-03"],
        "entered": [1, 2, 0],
        "converted": [1, 1, 0],
        "rate": [1, 0.5, None],
        "complete": [True, True, False],
    }


async def test_m10_a_condition_on_the_step_chooses_who_enters(journeys: Journeys) -> None:
    journeys.write(
        {
            "p": [
                ("view", "2021-05-01 10:00", {"browser": "Chrome"}),
                ("view", "2021-05-01 12:00", {"browser": "Safari"}),
                ("buy", "2021-05-01 12:30"),
            ]
        }
    )  # fmt: skip
    safari = [{"prop": "browser", "op": "=", "value": "Safari"}]
    steps = [{"event": "view", "where": safari}, "buy"]
    assert await journeys.counts(steps, window="1h", reentry="first", **MAY) == [1, 1]
    assert await journeys.counts(["view", "buy"], window="1h", where=safari, **MAY) == [1, 0]
    # Without it the first view enters, and its hour is over before anything is bought.
    grouped = funnel(["view", "buy"], window="1h", reentry="first", breakdown={"prop": "browser"}, **MAY)
    answer = await journeys.ask(grouped)
    assert [(group["value"], group["steps"][1]["count"]) for group in answer["groups"]] == [("Chrome", 0)]
