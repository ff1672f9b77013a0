"""Everybody is in exactly one stage: the decision, and the statement that asks the log for it."""

from __future__ import annotations

import random
from collections import Counter
from datetime import datetime, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dure.kernel.errors import Invalid
from dure.kernel.filters import Filter
from dure.log.api import Log
from dure.segments.model import Selector
from dure.segments.stages.model import STAGES, Facts, Settings
from dure.segments.stages.partition import flows_between, read_settings, sizes_at, stage_of, stages_at
from tests.conftest import RIVAL, SORI
from tests.people_of import MONDAY_NOON as NOW
from tests.segments.writing import happened, merged, person, write

pytestmark = pytest.mark.anyio

SEOUL = "Asia/Seoul"
_days = st.one_of(st.none(), st.floats(-5, 400))


def _at(days: float | None) -> datetime | None:
    return None if days is None else NOW - timedelta(days=days)


@given(
    st.booleans(), _days, st.booleans(), _days, _days, _days,
    st.lists(st.integers(1, 200), min_size=3, max_size=3, unique=True).map(sorted), st.integers(1, 60),
)  # fmt: skip
def test_whatever_is_known_of_somebody_there_is_one_stage(
    seen: bool, signed: float | None, activated: bool, last: float | None, before: float | None, back: float | None,
    limits: list[int], new: int,
) -> None:  # fmt: skip
    settings = Settings(new_days=new, at_risk_days=limits[0], dormant_days=limits[1], churned_days=limits[2])
    stage = stage_of(Facts(seen, _at(signed), activated, _at(last), _at(before), _at(back)), settings, NOW)
    assert (stage in STAGES) is seen
    assert (stage is None) is not seen


LIVES: dict[str, tuple[str, list[tuple[str, float]]]] = {
    "visited": ("not_signed_up", [("Page Viewed", 3)]),
    "signed today": ("new", [("Signed Up", 0.5)]),
    "listened twice": ("activated", [("Signed Up", 3), ("Listen Started", 2), ("Listen Started", 1)]),
    "always there": ("current", [("Signed Up", 200), *[("Listen Started", days) for days in range(1, 190, 5)]]),
    "back again": ("resurrected", [("Signed Up", 100), ("Listen Started", 90), ("Listen Started", 4)]),
    "quiet for a week": ("at_risk", [("Signed Up", 60), ("Listen Started", 8)]),
    "never began": ("dormant", [("Signed Up", 40)]),
    "gone": ("churned", [("Signed Up", 300), ("Listen Started", 120)]),
}
SETTINGS = Settings(
    activity=Selector("Listen Started"), signup=Selector("Signed Up"), activation=Selector("Listen Started"),
    activation_measure="times",
)  # fmt: skip


async def test_each_stage_is_found_in_the_log(log: Log) -> None:
    await write(
        log,
        [
            happened(SORI, who, event, NOW - timedelta(days=days))
            for who, (_, life) in LIVES.items()
            for event, days in life
        ],
    )
    statement = stages_at(SETTINGS, [NOW], SEOUL)
    found = {row[0]: row[1] for row in (await log.query(SORI, statement.sql, statement.params)).rows}
    assert found == {person(SORI, who): [stage] for who, (stage, _) in LIVES.items()}
    assert set(STAGES) == {stage for stage, _ in LIVES.values()}


async def test_merged_people_have_one_stage_and_another_workspace_has_none(log: Log) -> None:
    await write(
        log,
        [
            happened(SORI, "old", "Listen Started", NOW - timedelta(days=60)),
            happened(SORI, "new", "Listen Started", NOW - timedelta(days=1)),
            merged(SORI, "old", "new", NOW),
            happened(RIVAL, "theirs", "Listen Started", NOW),
        ],
    )
    statement = stages_at(Settings(activity=Selector("Listen Started")), [NOW], SEOUL)
    rows = (await log.query(SORI, statement.sql, statement.params)).rows
    assert [(row[0], row[1]) for row in rows] == [(person(SORI, "new"), ["resurrected"])]


async def test_a_filter_decides_what_activity_is(log: Log) -> None:
    at = NOW - timedelta(days=30)
    await write(
        log,
        [
            happened(SORI, "u", "Listen Started", at, {"seconds": 600}),
            happened(SORI, "u", "Listen Started", NOW, {"seconds": 3}),
        ],
    )
    long = Settings(activity=Selector("Listen Started", (Filter("seconds", ">", 60),)))
    statement = stages_at(long, [NOW], SEOUL)
    assert (await log.query(SORI, statement.sql, statement.params)).rows[0][1] == ["dormant"]


async def test_random_lives_are_in_one_stage_each_at_every_moment_and_as_the_rule_says(log: Log) -> None:
    """The statement against the rule itself, over three hundred random lives and four moments."""
    chance = random.Random(7)
    lives: dict[str, list[tuple[str, float]]] = {
        f"r-{number}": [
            (chance.choice(["Signed Up", "Listen Started", "Listen Started", "Page Viewed"]), chance.uniform(0, 250))
            for _ in range(chance.randint(1, 9))
        ]
        for number in range(300)
    }
    await write(
        log,
        [happened(SORI, who, event, NOW - timedelta(days=days)) for who, life in lives.items() for event, days in life],
    )
    moments = [NOW - timedelta(days=days) for days in (90, 45, 14, 0)]
    statement = stages_at(SETTINGS, moments, SEOUL)
    rows = (await log.query(SORI, statement.sql, statement.params)).rows
    found = {row[0]: row[1] for row in rows}
    assert len(rows) == len(found) == 300
    for who, life in lives.items():
        told = [stage_of(_facts(life, at), SETTINGS, at) or "" for at in moments]
        assert found[person(SORI, who)] == told, (who, life)
    sizes = sizes_at(SETTINGS, moments, SEOUL)
    counted = Counter[int]()
    for number, stage, people in (await log.query(SORI, sizes.sql, sizes.params)).rows:
        assert stage in STAGES
        counted[number] += people
    born = [sum(1 for life in lives.values() if any(_ago(days) <= at for _, days in life)) for at in moments]
    assert [counted[number] for number in (1, 2, 3, 4)] == born
    assert born[-1] == 300
    flows = flows_between(SETTINGS, moments[1], moments[3], SEOUL)
    assert sum(row[2] for row in (await log.query(SORI, flows.sql, flows.params)).rows) == 300


@pytest.mark.parametrize(
    ("raw", "field"),
    [
        ({"at_risk_days": 30}, "dormant_days"),
        ({"churned_days": 20}, "churned_days"),
        ({"back_days": 29}, "back_days"),
        ({"new_days": 0}, "new_days"),
        ({"activity": {"event": " "}}, "activity.event"),
        ({"signup": {"event": "x", "where": [{"prop": "a`b"}]}}, "signup.where[0].prop"),
        ({"nonsense": 1}, "settings"),
    ],
)
def test_settings_that_make_no_sense_name_their_field(raw: dict[str, Any], field: str) -> None:
    with pytest.raises(Invalid) as refused:
        read_settings(raw)
    assert refused.value.field == field


def _ago(days: float) -> datetime:
    return NOW - timedelta(days=days)


def _facts(life: list[tuple[str, float]], at: datetime) -> Facts:
    times = [(event, _ago(days)) for event, days in life if _ago(days) <= at]
    back = at - timedelta(days=SETTINGS.back_days)
    active = [when for event, when in times if event == "Listen Started"]
    return Facts(
        bool(times), min((when for event, when in times if event == "Signed Up"), default=None), len(active) >= 2,
        max(active, default=None), max((when for when in active if when <= back), default=None),
        min((when for when in active if when > back), default=None),
    )  # fmt: skip
