"""The groups of a breakdown: the largest are shown, and how many there are is told."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from dure.metrics.question import Breakdown
from dure.metrics.sql import text_of


def trait_of(breakdown: Breakdown | None) -> str | None:
    """The trait a breakdown splits by; None where it is a property of the event."""
    if breakdown is None or not breakdown.prop.startswith(("person.", "account.")):
        return None
    return breakdown.prop


def property_of(breakdown: Breakdown | None) -> dict[str, str]:
    """The column `value` beside the table, where a breakdown splits by a property of the event."""
    return {} if breakdown is None or trait_of(breakdown) else {"value": text_of(breakdown.prop, "breakdown.prop")}


def ranked(rows: str, by: str, limit: int) -> str:
    """The rows of a SELECT with a column `value`, each with the `place` of its group (1 is the largest).

    `by` is an expression, the same on every row of a group. Places after `limit` are all `limit` + 1, and there
    `value` is empty: the answer does not grow with the number of groups. `groups` is how many there are.
    """
    numbered = f"select *, dense_rank() over (order by {by}, value) as ranking from ({rows})"
    return (
        f"select * replace (if(ranking <= {limit}, value, '') as value), least(ranking, {limit + 1}) as place,"
        f" max(ranking) over () as groups from ({numbered})"
    )


def left_out(breakdown: Breakdown | None, groups: Iterable[Any]) -> list[str]:
    """The warning that there are more groups than shown, of the column `groups` of `ranked`."""
    if breakdown is None:
        return []
    count = max(map(int, groups), default=0)
    return [f"{count} groups; the {breakdown.limit} largest are shown."] if count > breakdown.limit else []
