"""Which earlier things go with reaching a goal: worked by hand."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

import pytest

from dure.kernel.errors import Invalid
from dure.metrics.kinds.association import Table, fisher
from tests.metrics.journeys import Happening, Journeys, at_utc

pytestmark = pytest.mark.anyio

SIGNED_UP: dict[str, Any] = {
    "kind": "correlation", "start": {"event": "Signed Up"}, "goal": {"event": "Subscribed"}, "window": "1d",
    "minimum": 1, "from": "2020-01-01", "to": "2020-01-31",
}  # fmt: skip


async def test_an_event_before_the_goal(journeys: Journeys) -> None:
    people = {f"did{n}": did("su listen sub") for n in range(3)} | {"did3": did("su listen")}
    people |= {f"not{n}": did("su") for n in range(3)} | {"not3": did("su sub")}
    journeys.write(people)
    answer = await journeys.ask(SIGNED_UP)
    assert answer["base"] == {"started": 8, "reached": 4, "rate": 0.5}
    (row,) = answer["rows"]
    assert row == {
        "kind": "event", "name": "Listen", "value": None, "people": 4, "reached": 3, "rate": 0.75, "lift": 1.5,
        "odds_ratio": 9, "p": pytest.approx(fisher(Table(3, 4, 4, 8))), "p_corrected": row["p"], "direction": "up",
    }  # fmt: skip
    assert answer["tested"] == 1


async def test_only_what_lies_strictly_between_start_and_goal_counts(journeys: Journeys) -> None:
    minute = at_utc("2020-01-05")

    def at(name: str, seconds: int) -> Happening:
        return (name, minute + timedelta(seconds=seconds))

    ends = 86_400
    journeys.write(
        {
            "reached": [at("Signed Up", 0), at("Subscribed", 60), *(at(f"at{s}", s) for s in (-1, 0, 1, 59, 60, 61))],
            "missed": [at("Signed Up", 0), *(at(f"at{s}", s) for s in (1, ends, ends + 1))],
            "late": [at("Signed Up", 0), at("Subscribed", ends + 1)],
            "on time": [at("Signed Up", 0), at("Subscribed", ends)],
        }
    )
    answer = await journeys.ask(SIGNED_UP)
    assert answer["base"] == {"started": 4, "reached": 2, "rate": 0.5}
    assert {row["name"]: row["people"] for row in answer["rows"]} == {"at1": 2, "at59": 1, f"at{ends}": 1}


async def test_the_first_start_in_the_range_and_a_goal_after_it(journeys: Journeys) -> None:
    journeys.write(
        {"p": did("sub su listen su listen sub"), "q": did("sub su"), "r": did("su sub", "2020-01-31 23:30")}
    )
    answer = await journeys.ask({**SIGNED_UP, "to": "2020-01-31"})
    assert answer["base"] == {"started": 3, "reached": 2, "rate": pytest.approx(2 / 3)}
    assert {row["name"]: row["people"] for row in answer["rows"]} == {"Listen": 1, "Signed Up": 1}


async def test_properties_of_earlier_events(journeys: Journeys) -> None:
    def listened(genre: str, then: str = "") -> list[Happening]:
        return [
            *did("su"),
            ("Listen", "2020-01-05 00:30", {"genre": genre, "id": genre * 3}),
            *did(then, "2020-01-05 01:00"),
        ]

    journeys.write({"a": listened("jazz", "sub"), "b": listened("jazz", "sub"), "c": listened("talk"), "d": did("su")})
    answer = await journeys.ask({**SIGNED_UP, "look": ["properties"], "props": ["genre"]})
    rows = {(row["kind"], row["name"], row["value"]): (row["people"], row["reached"]) for row in answer["rows"]}
    assert rows == {("property", "genre", "jazz"): (2, 2), ("property", "genre", "talk"): (1, 0)}
    assert [row["direction"] for row in answer["rows"]] == ["up", "down"]


async def test_properties_and_traits_that_are_not_named_are_found_but_no_ids(journeys: Journeys) -> None:
    def person(n: int) -> list[Happening]:
        traits = {"plan": "plus" if n % 2 else "free", "email": f"{n}@x.example"}
        listen = {"genre": "jazz" if n % 3 else "talk", "nth": n, "deep": {"a": 1}}
        goal = did("sub" if n % 2 else "", "2020-01-05 01:00")
        return [("Identified", "2020-01-01", traits), *did("su"), ("Listen", "2020-01-05 00:30", listen), *goal]

    journeys.write({f"p{n}": person(n) for n in range(60)})
    answer = await journeys.ask({**SIGNED_UP, "look": ["properties", "traits"]})
    found = {(row["kind"], row["name"], row["value"]) for row in answer["rows"]}
    assert found == {
        ("trait", "person.plan", "plus"), ("trait", "person.plan", "free"), ("property", "genre", "jazz"),
        ("property", "genre", "talk"),
    }  # fmt: skip
    assert [row["name"] for row in answer["rows"]][:2] == ["person.plan", "person.plan"]
    assert any("person.plan" in said for said in answer["meta"]["definitions"])


async def test_a_trait_counts_as_it_was_before_the_goal(journeys: Journeys) -> None:
    journeys.write(
        {
            "changed by the goal": [
                ("Identified", "2019-05-01", {"plan": "free"}), *did("su sub"),
                ("Identified", "2020-01-05 01:00", {"plan": "plus"}),
            ],
            "taken away": [
                ("Identified", "2019-05-01", {"plan": "plus"}),
                ("Identified", "2019-06-01", {"removed_traits": ["plan"]}), *did("su"),
            ],
            "within the window": [*did("su"), ("Identified", "2020-01-05 10:00", {"plan": "free"})],
            "later": [*did("su"), ("Identified", "2020-01-09", {"plan": "plus"})],
        }
    )  # fmt: skip
    answer = await journeys.ask({**SIGNED_UP, "props": ["person.plan"], "look": ["traits"]})
    assert [(row["value"], row["people"], row["reached"]) for row in answer["rows"]] == [("free", 2, 1)]


async def test_an_accounts_traits(journeys: Journeys) -> None:
    for account, size in (("acme", "big"), ("tiny", "small"), ("none", "")):
        happened = [("Account Identified", "2020-01-01", {"size": size})] if size else []
        journeys.write({"someone": [*happened, *did("su sub" if size == "big" else "su")]}, account=account)
    answer = await journeys.ask({**SIGNED_UP, "by": "account", "look": ["traits"]})
    assert [(row["name"], row["value"], row["reached"]) for row in answer["rows"]] == [
        ("account.size", "big", 1), ("account.size", "small", 0),
    ]  # fmt: skip
    with pytest.raises(Invalid) as error:
        await journeys.ask({**SIGNED_UP, "by": "account", "props": ["person.plan"]})
    assert error.value.field == "props[0]"


async def test_named_events_only_and_a_minimum_of_people(journeys: Journeys) -> None:
    journeys.write({"a": did("su listen share sub"), "b": did("su listen"), "c": did("su share"), "d": did("su")})
    answer = await journeys.ask({**SIGNED_UP, "events": ["Listen"]})
    assert [row["name"] for row in answer["rows"]] == ["Listen"]
    assert (await journeys.ask({**SIGNED_UP, "minimum": 3}))["rows"] == []


async def test_what_is_told_about_people_is_no_event_unless_it_is_named(journeys: Journeys) -> None:
    entered = ("Segment Entered", "2020-01-05 00:05", {"segment": "s1"})
    journeys.write({"a": [*did("su sub"), entered], "b": did("su")})
    both = {**SIGNED_UP, "look": ["events", "properties"]}
    assert (await journeys.ask(both))["rows"] == []
    assert [row["name"] for row in (await journeys.ask({**both, "events": ["Segment Entered"]}))["rows"]] == [
        "Segment Entered", "segment",
    ]  # fmt: skip


async def test_what_everybody_did_is_no_comparison(journeys: Journeys) -> None:
    journeys.write({"a": did("su listen sub"), "b": did("su listen")})
    answer = await journeys.ask(SIGNED_UP)
    assert (answer["rows"], answer["tested"]) == ([], 0)


async def test_a_merged_person_is_one(journeys: Journeys) -> None:
    journeys.write({"phone": did("su"), "laptop": did("listen sub", "2020-01-05 00:30"), "other": did("su")})
    journeys.merge("laptop", into="phone")
    answer = await journeys.ask(SIGNED_UP)
    assert answer["base"] == {"started": 2, "reached": 1, "rate": 0.5}
    assert [(row["name"], row["people"], row["reached"]) for row in answer["rows"]] == [("Listen", 1, 1)]


async def test_a_window_that_is_still_open_is_a_warning(journeys: Journeys) -> None:
    journeys.write({"p": did("su"), "q": did("su sub")})
    answer = await journeys.ask(SIGNED_UP, now=at_utc("2020-01-05 12:00"))
    assert answer["meta"]["warnings"][0].startswith("1 have not reached the goal but still may")


@pytest.mark.parametrize("exposure", ["window", "matched"])
async def test_nobody_began(journeys: Journeys, exposure: str) -> None:
    answer = await journeys.ask({**SIGNED_UP, "exposure": exposure})
    assert answer["base"] == {"started": 0, "reached": 0, "rate": None}
    assert (answer["rows"], answer["tested"]) == ([], 0)


async def test_nobody_reached_the_goal(journeys: Journeys) -> None:
    journeys.write({"p": did("su listen"), "q": did("su")})
    answer = await journeys.ask({**SIGNED_UP, "exposure": "matched"})
    assert answer["base"] == {"started": 2, "reached": 0, "rate": 0}
    assert [(row["people"], row["lift"], row["p"]) for row in answer["rows"]] == [(1, None, 1)]


async def test_on_a_log_of_pure_chance_next_to_nothing_is_found(journeys: Journeys) -> None:
    await journeys.log.command(
        journeys.tenant,
        "insert into events select {org:String}, {workspace:String}, name, toDateTime64('2020-01-05', 6, 'UTC')"
        " + toIntervalSecond(n), reinterpretAsUUID(sipHash128(person)), toString(person), '', '', '', 'web',"
        " concat(toString(person), '-', toString(n)), '', '', '{}'::JSON, now() from (select number as person,"
        " arrayJoin(range(102)) as n, multiIf(n = 0, 'Signed Up', n = 101, 'Subscribed', concat('e', toString(n)))"
        " as name from numbers(600)) where n = 0 or cityHash64(person, n, 7) % 3 = 0",
    )
    answer = await journeys.ask({**SIGNED_UP, "minimum": 20, "limit": 200})
    assert answer["tested"] == 100
    assert 0 < sum(row["p"] < 0.05 for row in answer["rows"]) <= 10
    assert not [row for row in answer["rows"] if row["p_corrected"] < 0.05]


async def test_who_reaches_a_goal_soon_had_less_time_and_matching_makes_up_for_it(journeys: Journeys) -> None:
    """Goals and events at times of their own: nothing goes with anything."""
    minute = "toDateTime64('2020-01-05', 6, 'UTC') + toIntervalMinute(if(n = 0, 0, 1 + cityHash64(person, n) % 1438))"
    await journeys.log.command(
        journeys.tenant,
        f"insert into events select {{org:String}}, {{workspace:String}}, name, {minute},"
        " reinterpretAsUUID(sipHash128(person)), toString(person), '', '', '', 'web',"
        " concat(toString(person), '-', toString(n)), '', '', '{}'::JSON, now() from (select number as person,"
        " arrayJoin(range(62)) as n, multiIf(n = 0, 'Signed Up', n = 61, 'Subscribed', concat('e', toString(n)))"
        " as name from numbers(800)) where n = 0 or cityHash64(person, n, 7) % 5 < 2",
    )
    by_window = await journeys.ask({**SIGNED_UP, "limit": 200})
    assert sum(row["p_corrected"] < 0.05 and row["direction"] == "down" for row in by_window["rows"]) > 50
    assert "`exposure: matched`" in by_window["meta"]["warnings"][0]
    matched = await journeys.ask({**SIGNED_UP, "limit": 200, "exposure": "matched"})
    assert (matched["base"], matched["tested"]) == (by_window["base"], 60)
    assert sum(row["p"] < 0.05 for row in matched["rows"]) <= 8
    assert not [row for row in matched["rows"] if row["p_corrected"] < 0.05]
    assert matched["meta"]["warnings"] == []


def did(names: str, start: str | datetime = "2020-01-05") -> list[Happening]:
    """The events of the short names, ten minutes journeys."""
    long = {"su": "Signed Up", "sub": "Subscribed", "listen": "Listen", "share": "Shared"}
    first = at_utc(start)
    return [(long[name], first + timedelta(minutes=10 * n)) for n, name in enumerate(names.split())]
