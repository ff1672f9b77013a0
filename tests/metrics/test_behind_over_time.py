"""Whoever a number of a question over time counted can be named: each cell opens to exactly so many."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest

from dure.log.api import Log
from dure.metrics import asking, behind
from dure.metrics.asking import Reading
from dure.metrics.behind import Cell
from dure.metrics.kinds.lifecycle import STATES
from dure.metrics.question import parse
from tests.metrics.journeys import NOW, Journeys
from tests.metrics.worlds import drawn

pytestmark = pytest.mark.anyio

Json = dict[str, Any]
Opened = tuple[Cell, int]


def lifecycle_cells(answer: Json) -> Iterator[Opened]:
    for state in STATES:
        for interval, people in enumerate(answer[state]):
            yield Cell(interval=interval, state=state), abs(people)  # type: ignore[arg-type]


def stickiness_cells(answer: Json) -> Iterator[Opened]:
    for bar in answer["bars"]:
        yield Cell(intervals=bar["intervals"]), bar["people"]


def sessions_cells(answer: Json) -> Iterator[Opened]:
    for group in (answer, *answer.get("groups", [])):
        which: Json = {"grouped": True, "value": group["value"]} if "value" in group else {}
        yield Cell(**which), group["total"]["people"]
        for interval, people in enumerate(group["people"]):
            yield Cell(interval=interval, **which), people


def retention_cells(answer: Json) -> Iterator[Opened]:
    for group in (answer, *answer.get("groups", [])):
        which: Json = {"grouped": True, "value": group["value"]} if "value" in group else {}
        for number, cohort in enumerate(group["cohorts"]):
            for column, people in enumerate(cohort["counts"]):
                yield Cell(cohort=number, column=column, **which), people


def trend_cells(answer: Json) -> Iterator[Opened]:
    for line in answer["series"]:
        which: Json = {"grouped": True, "value": line["value"]} if "value" in line else {}
        yield Cell(**which), line["total"]
        for interval, people in enumerate(line["values"]):
            yield Cell(interval=interval, **which), people


SPLIT = [{}, {"breakdown": {"prop": "plan"}}, {"breakdown": {"prop": "person.country"}}]
BACK = {"start": {"event": "in"}, "return": {"event": "back"}, "intervals": 3}


@pytest.mark.parametrize(
    ("kind", "cells", "variants"),
    [
        ("lifecycle", lifecycle_cells, [{}]),
        ("stickiness", stickiness_cells, [{}]),
        ("sessions", sessions_cells, SPLIT),
        ("retention", retention_cells, [{**BACK, **split} for split in SPLIT[:2]]),
        ("retention", retention_cells, [{**BACK, "mode": "rolling"}, {**BACK, "measure": "on_or_after", "minimum": 2}]),
        ("trend", trend_cells, [{"series": [{"event": "in", "math": "people"}], **split} for split in SPLIT]),
    ],
)
async def test_every_number_opens_to_as_many(shared_log: Log, kind: str, cells: Any, variants: list[Json]) -> None:
    world = drawn(15)  # days in New York when clocks change, people of whom two were merged
    journeys = world.written(shared_log)
    for variant in variants:
        question = {**world.common, "kind": kind, **variant}
        wanted = list(cells(await journeys.ask(question)))
        assert any(people for _, people in wanted)
        assert await opened(journeys, question, [cell for cell, _ in wanted]) == [people for _, people in wanted]


async def opened(journeys: Journeys, question: Json, cells: list[Cell]) -> list[int]:
    """How many are behind each cell, asked as one statement."""
    reading = Reading(journeys.log, journeys.tenant)
    ask, ruler = await asking.prepare(reading, parse(question), NOW, "UTC")
    counts = []
    for some in (cells[first : first + 8] for first in range(0, len(cells), 8)):
        each = [f"(select uniqExact(unit) from ({behind.units(ask, ruler, cell)[0]}))" for cell in some]
        counts += (await reading.rows_of(f"select {', '.join(each)}", ask))[0]
    return [int(count) for count in counts]
