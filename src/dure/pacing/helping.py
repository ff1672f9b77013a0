"""What would help a line item, in words and as the change to make: remedies as screens, cards and people read them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import timedelta
from typing import Any

from dure.pacing import remedy
from dure.pacing.curve import Curve
from dure.pacing.model import LineItem, Remedy
from dure.pacing.remedy import Spare, remedies
from dure.pacing.standing import Standing

_STEP = 2  # standard line items stand at 6, 8 and 10 in an ad server's order


def help_for(
    item: LineItem, standing: Standing, curve: Curve, siblings: Sequence[tuple[LineItem, Standing]] = ()
) -> tuple[Remedy, ...]:  # fmt: skip
    """What helps, the best first. `siblings` are the running line items of the same order, by which budget may go."""
    if standing.ask is None or standing.pace is None or item.state != "active":
        return ()
    spares: list[Spare] = []
    for other, its in siblings:
        if other.id == item.id or its.ask is None or its.pace is None or other.goal_unit != item.goal_unit:
            continue
        if (left_over := remedy.spare(other.id, its.ask, its.pace)) is not None:
            spares.append(left_over)
    names = {other.id: other.name for other, _ in siblings}
    found = remedies(standing.ask, standing.pace, curve, spares=spares)
    return tuple(_told(item, one, names) for one in found)


def _told(item: LineItem, one: remedy.Remedy, names: Mapping[str, str]) -> Remedy:
    cost, change = 0, dict[str, Any]()
    if one.kind == "extend":
        days, end = int(one.amount), item.end_day + timedelta(days=int(one.amount))
        change = {"end_day": end.isoformat()}
        ko, en = f"종료를 {days}일 늦추기 ({end:%m월 %d일}까지)", f"End {days} days later ({end.isoformat()})"
    elif one.kind == "widen":
        ko = f"타기팅을 넓혀 남은 날을 {one.amount:.2f}배로"
        en = f"Widen targeting: {one.amount:.2f} × the days to come"
    elif one.kind == "priority":
        priority = max(item.priority - _STEP, 1)
        if priority != item.priority:
            change = {"priority": priority}
        ko = f"우선순위를 {priority}(으)로: 좋았던 날만큼이면 {one.amount:.2f}배"
        en = f"Priority {priority}: as on its best days, {one.amount:.2f} × the days to come"
    else:
        units = int(one.amount)
        change = {"goal": item.goal - units}
        cost = item.budget * units // item.goal
        to = ", ".join(names.get(line, line) for line in one.to)
        ko, en = f"{units:,}을(를) {to}(으)로 옮기기", f"Move {units:,} to {to}"
    return Remedy(one.kind, ko, en, one.gain, round(one.before, 3), round(one.after, 3), cost, change)
