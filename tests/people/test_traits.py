"""Traits: news in any order, operations once a message, and a history that tells how each came to be."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest

from dure.kernel.errors import Invalid, NotFound
from dure.metrics.api import Metrics
from dure.people import history
from dure.people.history import Entry
from dure.people.traits import operate, tell
from tests.people.conftest import Crowd
from tests.people_of import MONDAY_NOON

pytestmark = pytest.mark.anyio


def test_late_news_does_not_overwrite() -> None:
    told = tell({}, {}, {"plan": "plus", "name": "Mina"}, "2026-11-23")
    told = tell(told.values, told.times, {"plan": "free", "city": "Seoul"}, "2026-11-20")
    assert told.values == {"plan": "plus", "name": "Mina", "city": "Seoul"}
    assert (told.changes, told.late) == ({"city": [None, "Seoul"]}, {"plan": "free"})
    told = tell(told.values, told.times, {"plan": None}, "2026-11-24")
    assert told.values == {"name": "Mina", "city": "Seoul"}
    told = tell(told.values, told.times, {"plan": "free"}, "2026-11-22")
    assert "plan" not in told.values


def test_of_two_values_of_one_moment_the_later_arrival_stands() -> None:
    told = tell({}, {}, {"plan": "plus"}, "1")
    told = tell(told.values, told.times, {"plan": "free"}, "1")
    assert (told.values, told.changes) == ({"plan": "free"}, {"plan": ["plus", "free"]})


def test_no_more_than_the_most_are_kept() -> None:
    told = tell({}, {}, {str(number): number for number in range(5)}, "1", most=3)
    assert len(told.values) == 3
    assert tell(told.values, told.times, {"0": "new"}, "2", most=3).values["0"] == "new"


@pytest.mark.parametrize(
    ("known", "operations", "after"),
    [
        ({}, {"set_once": {"first": "web"}}, {"first": "web"}),
        ({"first": "app"}, {"set_once": {"first": "web"}}, {}),
        ({"n": 2}, {"add": {"n": 3, "m": -1}}, {"n": 5, "m": -1}),
        ({"n": "two"}, {"add": {"n": 3}}, {}),
        ({}, {"add": {"n": True}}, {}),
        ({"tags": ["a"]}, {"append": {"tags": "b"}}, {"tags": ["a", "b"]}),
        ({"tags": "a"}, {"append": {"tags": ["b", "c"]}}, {"tags": ["a", "b", "c"]}),
        ({"tags": ["a"]}, {"prepend": {"tags": ["b", "a"]}}, {"tags": ["b", "a", "a"]}),
        ({"tags": ["a"]}, {"union": {"tags": ["a", "b"]}}, {"tags": ["a", "b"]}),
        ({"tags": ["a"]}, {"post_insert": {"tags": ["a", "b"]}}, {"tags": ["a", "b"]}),
        ({"tags": ["a"]}, {"pre_insert": {"tags": ["a", "b"]}}, {"tags": ["b", "a"]}),
        ({"tags": ["a", "b", "a"]}, {"remove": {"tags": "a"}}, {"tags": ["b"]}),
        ({"tag": "a"}, {"remove": {"tag": "a"}}, {"tag": None}),
        ({"a": 1, "b": 2}, {"unset": ["a", "c"]}, {"a": None}),
        ({"a": 1, "b": 2}, {"unset": {"a": "-"}}, {"a": None}),
        ({"a": 1, "b": 2}, {"clear": []}, {"a": None, "b": None}),
        ({"a": 1, "b": 2}, {"delete": {}}, {"a": None, "b": None}),
        ({"a": 1}, {"add": {"a": 5}, "clear": []}, {"a": 5}),
        ({"a": 1}, {"fly": {"a": 2}, "add": "all"}, {}),
    ],
)
def test_an_operation_ends_in_a_value(known: dict[str, Any], operations: dict[str, Any], after: dict[str, Any]) -> None:
    assert operate(known, operations) == after


def test_a_list_does_not_grow_without_end() -> None:
    assert operate({"seen": list(range(1000))}, {"append": {"seen": 1}}) == {}


async def test_operations_of_a_message_that_comes_twice_are_done_once(crowd: Crowd) -> None:
    await crowd.identify("u-1", minutes=1, songs=10, plan="free")
    await crowd.settle()
    for _ in range(2):
        crowd.sent = 7  # the same message id again, as a follower of the feed may see it
        await crowd.identify("u-1", minutes=2, trait_changes={"add": {"songs": 5}, "append": {"genres": "jazz"}})
        await crowd.settle()
    person = await crowd.people.person(crowd.mina, "u-1")
    assert person.traits == {"songs": 15, "plan": "free", "genres": ["jazz"]}


async def test_a_late_add_adds(crowd: Crowd) -> None:
    await crowd.identify("u-1", minutes=5, songs=9)
    await crowd.identify("u-1", minutes=2, trait_changes={"add": {"songs": 1}})
    await crowd.identify("u-1", minutes=1, trait_changes={"add": {"songs": -8}})
    await crowd.settle()
    assert (await crowd.people.person(crowd.mina, "u-1")).traits == {"songs": 2}


async def test_questions_see_what_operations_end_in(crowd: Crowd) -> None:
    await crowd.identify("u-1", "d-1", minutes=1, songs=1, plan="plus")
    await crowd.identify("u-2", minutes=1, songs=7, plan="plus")
    await crowd.send("Paid", "u-1", minutes=2)
    await crowd.send("Paid", "u-2", minutes=2)
    await crowd.identify("u-1", minutes=3, trait_changes={"add": {"songs": 4}, "unset": ["plan"]})
    await crowd.settle()
    metrics = Metrics(crowd.state, crowd.log, crowd.people._clock, crowd.cast.governance)
    day = {"from": "2026-11-23", "to": "2026-11-23", "interval": "day", "kind": "trend"}
    for trait, values in (("songs", {"5": 1, "7": 1}), ("plan", {"plus": 1, None: 1})):
        asked = {**day, "series": [{"event": "Paid"}], "breakdown": {"prop": f"person.{trait}"}}
        answer = await metrics.ask(crowd.mina, asked)
        assert {one.get("value"): one["total"] for one in answer["series"]} == values


async def test_a_history_tells_every_change_with_the_event_that_made_it(crowd: Crowd) -> None:
    await crowd.identify("", "d-1", minutes=1, plan="none")
    await crowd.identify("u-1", "d-1", minutes=3, plan="plus", source="app")
    await crowd.identify("u-1", minutes=2, plan="free")
    await crowd.identify("u-1", minutes=4, plan="plus")
    await crowd.settle()
    told = await crowd.people.trait_history(crowd.mina, "d-1")
    assert [(one.before, one.after, one.late, one.distinct_id) for one in told] == [
        ("none", "plus", False, "u-1"),
        (None, "free", True, "u-1"),
        (None, "none", False, "d-1"),
    ]
    assert (told[0].trait, told[0].at, told[0].message_id) == ("plan", MONDAY_NOON + timedelta(minutes=3), "m-2")
    assert (told[0].event, told[0].source) == ("Identified", "app")
    assert await crowd.people.trait_history(crowd.mina, "u-1", trait="city") == []
    older = await crowd.people.trait_history(crowd.mina, "u-1", before=told[0].at)
    assert [one.after for one in older] == ["free", "none"]
    with pytest.raises(Invalid):
        await crowd.people.trait_history(crowd.mina, "u-1", limit=0)
    assert await crowd.people.trait_history(crowd.cast.rina, "u-1") == []


async def test_a_history_keeps_the_latest_thousand_messages(crowd: Crowd, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(history, "KEPT", 3)
    workspace = crowd.cast.tenant.workspace
    async with crowd.state.begin(crowd.cast.tenant) as tx:
        for minute in range(6):
            at = MONDAY_NOON + timedelta(minutes=minute)
            entry = Entry("person", "u-1", at, f"m-{minute}", "Identified", "web", {"n": [None, minute]}, {})
            await history.write(tx, workspace, [entry])
        kept = await history.read(tx, workspace, "person", ["u-1"], trait="", before=None, limit=100)
    assert [one.after for one in kept] == [5, 4, 3]


async def test_an_account_has_traits_people_history_and_a_line(crowd: Crowd) -> None:
    await crowd.send("Account Identified", "u-1", account="acme", name="한빛커피", seats=40)
    await crowd.send("Account Identified", "u-2", account="acme", trait_changes={"add": {"seats": 2}})
    await crowd.send("Listen Started", "u-2")
    await crowd.send("Listen Started", "u-3")
    await crowd.settle()
    directory = crowd.people.directory
    account = await directory.account(crowd.mina, "acme")
    assert (account.traits, account.people) == ({"name": "한빛커피", "seats": 42}, 2)
    for text in ("", "acm", "커피", "seats>41", "seats:42 한빛"):
        assert [one.id for one in await directory.find(crowd.mina, text)] == ["acme"], text
    assert await directory.find(crowd.mina, "seats>42") == []
    assert {one.distinct_ids[0] for one in await directory.people(crowd.mina, "acme")} == {"u-1", "u-2"}
    assert [one.after for one in await directory.trait_history(crowd.mina, "acme", trait="seats")] == [42, 40]
    line = await directory.timeline(crowd.mina, "acme", kinds=["activity"])
    assert [moment.event for moment in line] == ["Listen Started", "Account Identified", "Account Identified"]
    assert [person.distinct_ids for person in await crowd.people.search(crowd.mina, "account:acme u-2")] == [("u-2",)]
    with pytest.raises(NotFound):
        await directory.account(crowd.cast.rina, "acme")
