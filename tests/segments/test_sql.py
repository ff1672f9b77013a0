"""Segments' SQL names the same people as a slow and obvious reading of the same rule."""

from __future__ import annotations

import random
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from msgspec import structs

from dure.feed.api import NOBODY, Event
from dure.kernel.filters import Filter
from dure.kernel.lots import lot
from dure.log.api import Log
from dure.segments.ids import uuids_of
from dure.segments.model import Did, Share
from dure.segments.reading import read_rule
from dure.segments.recomputing import SETTINGS
from dure.segments.rules import as_json
from dure.segments.sql import holders_of, people_of
from dure.segments.wholly import everybody
from tests.conftest import RIVAL, SORI
from tests.segments.by_hand import ByHand
from tests.segments.writing import happened, merged, person, write

pytestmark = pytest.mark.anyio

NOW = datetime(2026, 11, 23, 3, tzinfo=UTC)
ZONE = "Asia/Seoul"


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
                [{"country": "KR"}, {"country": "US", "plan": "plus"}, {"plan": "free"}, {"age": 7},
                 {"removed_traits": ["plan"]}]
            )  # fmt: skip
        source = "segments" if event == "Segment Entered" else "web"
        made = happened(SORI, who, event, at, properties, source)
        if rng.random() < 0.3:
            made = structs.replace(made, account=rng.choice(["acme", "bora"]))
        history += [made] * (2 if rng.random() < 0.1 else 1)  # some messages come twice
    for account, tier in (("acme", "gold"), ("bora", "free"), ("acme", "free"), ("bora", "gold")):
        at = NOW - timedelta(seconds=rng.randrange(-3600, 20 * 86_400))
        said = happened(SORI, "", "Account Identified", at, {"tier": tier})
        history.append(structs.replace(said, account=account, person=NOBODY))
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
            {"kind": "last_seen", "event": "Listen Ended", "under": "7d",
             "where": [{"prop": "genre", "op": "=", "value": "asmr"}]},
            {"kind": "first_seen", "event": rng.choice(["*", "Gift Sent"]), rng.choice(["over", "under"]): "7d"},
            {"kind": "frequency", "event": rng.choice(["*", "Listen Started"]), "per": rng.choice(["day", "week"]),
             "periods": rng.randrange(1, 5), "at_least": rng.choice([0, 0.5, 1, 2]), "every": rng.random() < 0.5,
             **({"at_most": 3} if rng.random() < 0.3 else {})},
            {"kind": "amount", "event": "Listen Ended", "prop": "seconds", **window,
             "measure": rng.choice(["sum", "average", "min", "max"]), "op": rng.choice([">", ">=", "<", "<=", "!="]),
             "value": rng.choice([0, 60, 61.5, 300])},
            {"kind": "sequence", "steps": [{"event": name} for name in rng.choice([
                ["Listen Started", "Listen Ended"], ["*", "Gift Sent", "Listen Ended"], ["Gift Sent", "Gift Sent"]])],
             **({"without": [{"event": "Identified"}]} if rng.random() < 0.5 else {}),
             **({"span": rng.choice(["1d", "7d"])} if rng.random() < 0.7 else {}),
             **({"within": rng.choice(["7d", "28d"])} if rng.random() < 0.5 else {})},
            {"kind": "trait", "of": "account", "prop": "tier", "op": rng.choice(["=", "!=", "set", "not_set"]),
             "value": "gold"},
            {"kind": "share", "share": rng.choice([0.25, 0.5]), "start": rng.choice([0, 0.25])},
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
    by_hand = ByHand(history, NOW, ZONE)
    drawn = [read_rule(random_rule(rng)) for _ in range(80)]
    wanted = [by_hand.people(rule) for rule in drawn]
    for rule, people in list(zip(drawn, wanted, strict=True))[:15]:
        statement = people_of(rule, NOW, ZONE)
        answer = await log.query(SORI, statement.sql, statement.params)
        assert sorted((row[0] for row in answer.rows), key=str) == people, as_json(rule)
    for at in range(0, len(drawn), 20):
        together = holders_of(drawn[at : at + 20], NOW, ZONE)
        answer = await log.query(SORI, together.sql, together.params, settings=SETTINGS)
        for number, (rule, people) in enumerate(zip(drawn[at : at + 20], wanted[at : at + 20], strict=True)):
            found = sorted((who for who, numbers in answer.rows if number in numbers), key=str)
            assert found == people, as_json(rule)
    for room in (1 << 30, 3_000):  # at once, and everybody in many parts
        crowd = await everybody(log, SORI, drawn, NOW, ZONE, SETTINGS, room)
        for number, (rule, people) in enumerate(zip(drawn, wanted, strict=True)):
            assert sorted(uuids_of(crowd.people(number)), key=str) == people, as_json(rule)
            assert crowd.size(number) == len(people)
    assert len(crowd.parts) > 3
    sizes = {len(people) for people in wanted}
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


async def test_a_share_draws_the_same_lots_as_everywhere(log: Log) -> None:
    await write(log, [happened(SORI, f"u-{n}", "X", NOW) for n in range(600)])
    for share, start in ((0.1, 0.0), (0.5, 0.25), (1.0, 0.0)):
        statement = people_of(Share(share, "spring", start), NOW, ZONE)
        found = {row[0] for row in (await log.query(SORI, statement.sql, statement.params)).rows}
        meant = await everybody(log, SORI, [Share(share, "spring", start)], NOW, ZONE, SETTINGS)
        assert set(uuids_of(meant.people(0))) == found
        there = [person(SORI, f"u-{n}") for n in range(600)]
        assert found == {one for one in there if start <= lot("segment:spring:", str(one)) < start + share}
    assert len(found) == 600
