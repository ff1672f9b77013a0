"""What a row becomes when a merge is undone: as it was, but for what others changed since."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from dure.deals.merge.model import Touched

_COUNTING = frozenset({"version", "changed_at"})


def reverted(
    one: Touched, current: Mapping[str, Any] | None, now: datetime
) -> tuple[list[str], Mapping[str, Any] | None]:
    """Fields that the merge and somebody since changed both, and the row with the merge's own changes taken back.

    A row that nobody touched since is exactly what it was before.
    """
    if current == one.after:
        return [], one.before
    if one.after is None:  # the merge took the row away, and somebody made one at its place
        return ["*"], one.before
    if current is None:  # somebody took away what the merge had left or made
        return (["*"] if one.before is not None else []), one.before
    if one.before is None:
        return ["*"], None
    clashes: list[str] = []
    row = dict(current)
    for name in one.after:
        was, became, is_now = one.before.get(name), one.after[name], current.get(name)
        if name == "custom":
            lost, row["custom"] = _custom(was or {}, became or {}, is_now or {})
            clashes += lost
        elif was != became:
            if is_now != became and name not in _COUNTING:
                clashes.append(name)
            row[name] = was
    if "version" in current:
        row["version"] = int(current["version"]) + 1
        row["changed_at"] = now.isoformat()
    return clashes, row


def _custom(
    was: Mapping[str, Any], became: Mapping[str, Any], is_now: Mapping[str, Any]
) -> tuple[list[str], dict[str, Any]]:
    clashes: list[str] = []
    row = dict(is_now)
    for name in {*was, *became}:
        if was.get(name) != became.get(name):
            if is_now.get(name) != became.get(name):
                clashes.append(name)
            row.pop(name, None)
            if name in was:
                row[name] = was[name]
    return sorted(clashes), row
