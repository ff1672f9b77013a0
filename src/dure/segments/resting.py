"""Whether a question's people can be others than they were, told without asking it.

What a question counts is not a sum over one person's events that could be put right for a few people: cohorts, ranges
that move by the day and breakdowns are decided over everybody. So a counted segment is asked wholly or not at all. With
fixed dates it rests while nothing that it counts has come, nobody was merged, and no event of the future has come due;
with a range that moves it is asked anew each time.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from typing import Any

from dure.segments.conditions_sql import Statement, named, text_of
from dure.segments.model import ANYTHING, Counted, Rule

_PLAIN = ("funnel", "retention", "trend", "lifecycle", "stickiness")
_DUE = """select 1 from events as e where e.workspace = {{workspace:String}} and ({which})
and e.time > {{since:DateTime64(6, 'UTC')}} and e.time <= {{now:DateTime64(6, 'UTC')}} limit 1"""


def names_of(rule: Rule) -> set[str] | None:
    """The events that alone can change whom the rule holds for; None where more than that can."""
    if not isinstance(rule, Counted):
        return None
    asked = rule.question
    if asked.get("kind") not in _PLAIN or not (asked.get("from") and asked.get("to")) or asked.get("segment"):
        return None
    words = list(_words(asked))
    if any(key in ("prop", "breakdown") and value.startswith(("person.", "account.")) for key, value in words):
        return None  # traits change with other events
    return {value for key, value in words if key == "event"} or None


def due_between(names: set[str], since: datetime, now: datetime) -> Statement:
    """Has a row where events that had come before have their time between the two moments."""
    statement = Statement(params={"since": text_of(since), "now": text_of(now)})
    which = [named(ANYTHING, statement)] if ANYTHING in names else []
    which += [f"e.event = {statement.bind(name, 'String')}" for name in sorted(names - {ANYTHING})]
    statement.sql = _DUE.format(which=" or ".join(which))
    return statement


def _words(value: Any, key: str = "") -> Iterator[tuple[str, str]]:
    if isinstance(value, str):
        yield key, value
    elif isinstance(value, dict):
        for name, inner in value.items():
            yield from _words(inner, name)
    elif isinstance(value, list | tuple):
        for inner in value:
            yield from _words(inner, key)
