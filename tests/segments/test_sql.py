"""Segments' SQL names the same people as a slow and obvious reading of the same rule."""

from __future__ import annotations

import random
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

import pytest

from dure.feed.api import Event
from dure.kernel.filters import Filter, all_hold, holds
from dure.log.api import Log
from dure.segments import reading, rules
from dure.segments.model import Did, LastSeen, Rule, Trait
from dure.segments.sql import people_of
from tests.conftest import RIVAL, SORI
from tests.segments.writing import happened, merged, person, write

pytestmark = pytest.mark.anyio

NOW = datetime(2026, 11, 23, 3, tzinfo=UTC)
ZONE = "Asia/Seoul"
OURS = {"segments", "campaigns", "people"}


def people_by_hand(rule: Rule, history: Sequence[Event]) -> list[UUID]:
    """One person after another, one event after another."""
    now_is: dict[UUID, UUID] = {}
    for event in history:
        if event.event == "Person Linked":
            now_is[UUID(event.properties["from_person"])] = UUID(event.properties["to_person"])
    everybody: dict[UUID, list[Event]] = {}
    for event in history:
        if event.time <= NOW:
            everybody.setdefault(now_is.get(event.person, event.person), []).append(event)

    def did(leaf: Did, events: list[Event]) -> bool:
        end = NOW - rules.duration(leaf.before) if leaf.before else NOW
        start = end - rules.duration(leaf.within) if leaf.within else datetime(1970, 1, 1, tzinfo=UTC)
        matching = [
            event
            for event in events
            if start < event.time <= end and named(leaf.event, event) and all_hold(leaf.where, event.properties.get)
        ]
        days = {event.time.astimezone(ZoneInfo(ZONE)).date() for event in matching}
        count = len(days) if leaf.measure == "days" else len(matching)
        return leaf.at_least <= count and (leaf.at_most is None or count <= leaf.at_most)

    def last_seen(leaf: LastSeen, events: list[Event]) -> bool:
        times = [event.time for event in events if named(leaf.event, event)]
        if not times:
            return False
        if leaf.over and not max(times) <= NOW - rules.duration(leaf.over):
            return False
        return not leaf.under or max(times) > NOW - rules.duration(leaf.under)

    def trait(leaf: Trait, events: list[Event]) -> bool:
        values = [
            (event.time, event.message_id, event.properties[leaf.prop])
            for event in events
            if event.event == "Identified" and leaf.prop in event.properties
        ]
        return holds(leaf.filter, max(values)[2] if values else None)

    def named(name: str, event: Event) -> bool:
        return event.source not in OURS if name == "*" else event.event == name

    by_kind: dict[type, Any] = {Did: did, LastSeen: last_seen, Trait: trait}
    found = []
    for who, events in everybody.items():
        if rules.holds(rule, lambda leaf, events=events: by_kind[type(leaf)](leaf, events)):  # type: ignore[misc]
            found.append(who)
    return sorted(found, key=str)


def random_history(rng: random.Random) -> list[Event]:
    history = []
    for _ in range(260):
        who = f"u-{rng.randrange(24)}"
        at = NOW - timedelta(seconds=rng.choice([rng.randrange(-3600, 40 * 86_400), 7 * 86_400, 28 * 86_400]))
        event = rng.choice(["Listen Started", "Listen Ended", "Gift Sent", "Identified", "Segment Entered"])
        properties: dict[str, Any] = {}
        if event == "Listen Ended":
            properties = {"seconds": rng.choice([5, 30, 60, 61.5, "45", 600]), "genre": rng.choice(["asmr", "talk"])}
        if event == "Identified":
            properties = rng.choice(
                [{"country": "KR"}, {"country": "US", "plan": "plus"}, {"plan": "free"}, {"age": 7}]
            )
        source = "segments" if event == "Segment Entered" else "web"
        history.append(happened(SORI, who, event, at, properties, source))
    for number in range(4):
        history.append(merged(SORI, f"u-{20 + number}", f"u-{number}", NOW - timedelta(days=1)))
    return history


def random_leaf(rng: random.Random) -> dict[str, Any]:
    window = {"within": rng.choice(["1d", "7d", "28d"])} if rng.random() < 0.7 else {}
    if rng.random() < 0.3:
        window["before"] = rng.choice(["12h", "7d"])
    return rng.choice(
        [
            {"kind": "did", "event": rng.choice(["Listen Started", "Gift Sent", "*"]), **window,
             "at_least": rng.randrange(0, 4), "measure": rng.choice(["times", "days"]),
             **({"at_most": 4} if rng.random() < 0.3 else {})},
            {"kind": "did", "event": "Listen Ended", **window, "where": [
                {"prop": "seconds", "op": rng.choice(["<", ">=", "=", "!="]), "value": rng.choice([60, 45, "45"])},
                {"prop": "genre", "op": rng.choice(["=", "!=", "in", "not_in", "contains", "set", "not_set", ">"]),
                 "value": ["asmr"]}]},
            {"kind": "last_seen", "event": rng.choice(["*", "Gift Sent"]), "over": rng.choice(["7d", "28d"])},
            {"kind": "last_seen", "event": "Listen Started", "under": "7d"},
            {"kind": "trait", "prop": rng.choice(["country", "plan", "age"]),
             "op": rng.choice(["=", "!=", "set", "not_set", ">"]), "value": rng.choice(["KR", "plus", 5])},
        ]
    )  # fmt: skip


def random_rule(rng: random.Random, depth: int = 0) -> dict[str, Any]:
    kind = rng.choice(["all", "any", "not", "leaf", "leaf"]) if depth < 3 else "leaf"
    if kind == "leaf":
        leaf = random_leaf(rng)
        for where in leaf.get("where", []):
            if where["op"] not in ("in", "not_in") and isinstance(where["value"], list):
                where["value"] = where["value"][0]
        return leaf
    if kind == "not":
        return {"kind": "not", "of": random_rule(rng, depth + 1)}
    return {"kind": kind, "of": [random_rule(rng, depth + 1) for _ in range(rng.randrange(1, 4))]}


async def test_a_random_rule_on_a_random_history_equals_the_slow_reading(log: Log) -> None:
    rng = random.Random(20261123)
    history = random_history(rng)
    await write(log, history)
    await write(log, [happened(RIVAL, f"u-{n}", "Gift Sent", NOW - timedelta(hours=n)) for n in range(20)])
    sizes = set()
    for _ in range(120):
        rule = reading.read_rule(random_rule(rng))
        statement = people_of(rule, NOW, ZONE)
        answer = await log.query(SORI, statement.sql, statement.params)
        found = sorted((row[0] for row in answer.rows), key=str)
        assert found == people_by_hand(rule, history), rules.as_json(rule)
        sizes.add(len(found))
    assert len(sizes) > 8  # the rules meant many different sets


async def test_a_list_contains_its_items(log: Log) -> None:
    await write(log, [
        happened(SORI, "u-1", "Cart Viewed", NOW, {"items": ["mug", "pen"]}),
        happened(SORI, "u-2", "Cart Viewed", NOW, {"items": ["mugs"]}),
        happened(SORI, "u-3", "Cart Viewed", NOW, {"items": "a mug"}),
    ])  # fmt: skip
    where = (Filter("items", "contains", "mug"),)
    statement = people_of(Did("Cart Viewed", where), NOW, ZONE)
    found = {row[0] for row in (await log.query(SORI, statement.sql, statement.params)).rows}
    assert found == {person(SORI, "u-1"), person(SORI, "u-3")}


async def test_a_window_leaves_out_its_start_and_includes_its_end(log: Log) -> None:
    week = timedelta(days=7)
    await write(log, [
        happened(SORI, "start", "X", NOW - week),
        happened(SORI, "inside", "X", NOW - week + timedelta(microseconds=1)),
        happened(SORI, "end", "X", NOW),
        happened(SORI, "later", "X", NOW + timedelta(microseconds=1)),
    ])  # fmt: skip
    statement = people_of(Did("X", within="7d"), NOW, ZONE)
    found = {row[0] for row in (await log.query(SORI, statement.sql, statement.params)).rows}
    assert found == {person(SORI, "inside"), person(SORI, "end")}
