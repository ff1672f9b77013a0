"""Who is behind a number of paths, attribution, lifetime value and correlation."""

from __future__ import annotations

from typing import Any

import msgspec
import pytest

from dure.kernel.errors import Invalid
from dure.metrics import asking, behind
from dure.metrics.question import parse
from dure.metrics.serving.reading import Reading
from tests.metrics.journeys import NOW, Journeys

pytestmark = pytest.mark.anyio

JANUARY = {"from": "2020-01-01", "to": "2020-01-31"}


@pytest.fixture
def shop(journeys: Journeys) -> Journeys:
    journeys.write(
        {
            "mina": [("Identified", "2020-01-01", {"plan": "plus"}), ("visit", "2020-01-02 10:00", {"s": "ad"}),
                     ("browse", "2020-01-02 10:01", {"genre": "jazz"}), ("buy", "2020-01-02 10:02", {"price": 3}),
                     ("buy", "2020-01-09", {"price": 3})],
            "joon": [("visit", "2020-01-02 10:00", {"s": "ad"}), ("browse", "2020-01-02 10:01", {"genre": "talk"})],
            "sora": [("visit", "2020-01-02 10:00"), ("buy", "2020-01-02 10:01", {"price": 9})],
        }
    )  # fmt: skip
    return journeys


@pytest.mark.parametrize(
    ("edge", "people"),
    [
        ({"from": "1_visit", "to": "2_browse"}, {"mina", "joon"}),
        ({"from": "2_browse", "to": "3_buy", "count": 1}, {"mina"}),
        ({"from": "1_visit", "to": "2_buy"}, {"sora"}),
        ({"from": "2_browse"}, {"joon"}),
        ({"from": "1_browse", "to": "2_buy"}, set()),
    ],
)
async def test_who_walked_an_edge_or_stopped(shop: Journeys, edge: dict[str, Any], people: set[str]) -> None:
    question = {"kind": "paths", "events": ["visit", "browse", "buy"], **JANUARY}
    assert await who(shop, question, {"edge": edge}) == people


async def test_whose_conversions_credited_a_value(shop: Journeys) -> None:
    question = {"kind": "attribution", "conversion": {"event": "buy"}, "touch": {"event": "visit"}, "prop": "s",
                **JANUARY}  # fmt: skip
    for model in ("last", "linear"):
        assert await who(shop, {**question, "model": model}, {"value": "ad"}) == {"mina"}
        assert await who(shop, {**question, "model": model}, {"value": "(direct)"}) == {"sora"}
        assert await who(shop, {**question, "model": model}, {"value": None}) == {"sora"}


async def test_who_of_a_cohort_bought(shop: Journeys) -> None:
    question = {"kind": "lifetime_value", "purchase": {"event": "buy"}, "prop": "price", "interval": "week", **JANUARY}
    assert await who(shop, question, {"cohort": 0, "column": 0}) == {"mina", "sora"}
    assert await who(shop, question, {"cohort": 0, "column": 1}) == {"mina"}
    by_price = {**question, "breakdown": {"prop": "price"}}
    assert await who(shop, by_price, {"cohort": 0, "column": 0, "grouped": True, "value": "9"}) == {"sora"}


@pytest.mark.parametrize(
    ("cell", "people"),
    [
        ({}, {"mina", "joon", "sora"}),
        ({"reached": True}, {"mina", "sora"}),
        ({"row": {"kind": "event", "name": "browse"}}, {"mina", "joon"}),
        ({"row": {"kind": "event", "name": "browse"}, "reached": False}, {"joon"}),
        ({"row": {"kind": "property", "name": "genre", "value": "jazz"}, "reached": True}, {"mina"}),
        ({"row": {"kind": "trait", "name": "person.plan", "value": "plus"}}, {"mina"}),
        ({"row": {"kind": "trait", "name": "person.plan", "value": "plus"}, "reached": False}, set()),
    ],
)
async def test_who_did_or_had_a_thing(shop: Journeys, cell: dict[str, Any], people: set[str]) -> None:
    assert await who(shop, {**REACHING, **JANUARY}, cell) == people


REACHING = {"kind": "correlation", "start": {"event": "visit"}, "goal": {"event": "buy"}, "minimum": 1}


async def test_every_row_of_an_answer_opens_to_as_many_people_as_it_says(shop: Journeys) -> None:
    question = {**REACHING, "look": ["events", "properties", "traits"], **JANUARY}
    rows = (await shop.ask(question))["rows"]
    assert len(rows) >= 4
    for row in rows:
        cell = {"row": {name: row[name] for name in ("kind", "name", "value")}}
        assert len(await who(shop, question, cell)) == row["people"]
        assert len(await who(shop, question, {**cell, "reached": True})) == row["reached"]


@pytest.mark.parametrize(
    ("question", "cell", "field"),
    [
        ({"kind": "paths"}, {}, "cell.edge"),
        ({"kind": "paths"}, {"edge": {"from": "visit", "to": "2_buy"}}, "cell.edge.from"),
        ({"kind": "paths"}, {"edge": {"from": "1_visit", "to": "3_buy"}}, "cell.edge.to"),
        ({**REACHING, "by": "object"}, {"row": {"kind": "trait", "name": "person.x", "value": "y"}}, "cell.row.kind"),
    ],
)
async def test_a_cell_that_is_not_there_names_its_field(
    shop: Journeys, question: dict[str, Any], cell: dict[str, Any], field: str
) -> None:
    with pytest.raises(Invalid) as error:
        await who(shop, {**question, **JANUARY}, cell)
    assert error.value.field == field


async def who(journeys: Journeys, question: dict[str, Any], cell: dict[str, Any]) -> set[str]:
    """The distinct ids of those whom a cell counted."""
    reading = Reading(journeys.log, journeys.tenant)
    ask, ruler = await asking.prepare(reading, parse(question), NOW, "UTC")
    found = await behind.rows(reading, ask, ruler, msgspec.convert(cell, behind.Cell))
    assert found["total"] == len(found["people"])
    return {one for person in found["people"] for one in person["distinct_ids"]}
