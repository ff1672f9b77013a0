"""When an alert tells: after a run of intervals, once an episode, not within its rest."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from dure.kernel.errors import Invalid
from dure.metrics.alerts.model import Alert, Reading, read_alert
from dure.metrics.alerts.rules import Watch, after, met

START = datetime(2026, 11, 1, tzinfo=UTC)


def alert(**more: Any) -> Alert:
    return read_alert({"metric": "m", "kind": "above", "threshold": 100, **more}, "a", "joon", START)


def told(alert: Alert, values: list[float | None]) -> list[int]:
    """The places of the values at which the alert tells."""
    watch, places = Watch(), []
    for place, value in enumerate(values):
        reading = Reading(START, value, verdict="met" if met(alert, value) else "ordinary")
        watch, fired = after(alert, watch, reading, START + timedelta(days=place))
        if fired:
            places.append(place)
    return places


@pytest.mark.parametrize(
    ("more", "values", "places"),
    [
        ({}, [99, 100, 101, 150, 90, 101], [2, 5]),
        ({"kind": "below"}, [101, 100, 99, 98, 100, 99], [2, 5]),
        ({"intervals": 3}, [101, 102, 90, 101, 102, 103, 104], [5]),
        # Between 90 and 100 it is neither met nor over.
        ({"back_at": 90}, [101, 95, 101, 91, 101, 90, 101], [0, 6]),
        ({"rest": "3d"}, [101, 90, 101, 90, 101], [0, 4]),
        # It was still beyond when the rest ended.
        ({"rest": "3d"}, [101, 90, 101, 101, 101], [0, 3]),
        # No value says nothing: the run goes on, and the episode too.
        ({"intervals": 2}, [101, None, 101], [2]),
        ({}, [101, None, 101], [0]),
    ],
)
def test_it_tells_once_an_episode(more: dict[str, Any], values: list[float | None], places: list[int]) -> None:
    assert told(alert(**more), values) == places


@pytest.mark.parametrize(
    ("more", "field"),
    [
        ({"threshold": None}, "threshold"), ({"back_at": 110}, "back_at"), ({"rate": 0.01}, "rate"),
        ({"kind": "unusual"}, "threshold"), ({"kind": "unusual", "threshold": None, "every": "week"}, "every"),
        ({"kind": "unusual", "threshold": None, "rate": 0.9}, "rate"),
        ({"kind": "unusual", "threshold": None, "rate": 0.002}, "rate"), ({"intervals": 0}, "intervals"),
        ({"rest": "soon"}, "rest"), ({"every": "month"}, "every"), ({"where": [{"op": "="}]}, "where[0].prop"),
    ],
)  # fmt: skip
def test_an_alert_without_sense_is_refused_by_its_field(more: dict[str, Any], field: str) -> None:
    with pytest.raises(Invalid) as refused:
        alert(**more)
    assert refused.value.field == field
