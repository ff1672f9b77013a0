"""What would help a line item, in words and as the change to make: remedies as screens, cards and people read them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import timedelta
from typing import Any

from dure.pacing import remedy
from dure.pacing.curve import Curve
from dure.pacing.model import LineItem, Remedy
from dure.pacing.remedy import Spare, remedies, remedies_many
from dure.pacing.standing import Standing

_STEP = 2  # standard line items stand at 6, 8 and 10 in an ad server's order


def help_for(
    item: LineItem, standing: Standing, curve: Curve, siblings: Sequence[tuple[LineItem, Standing]] = ()
) -> tuple[Remedy, ...]:  # fmt: skip
    """What helps, the best first. `siblings` are the running line items of the same order, by which budget may go."""
    if standing.ask is None or standing.pace is None or item.state != "active":
        return ()
    found = remedies(standing.ask, standing.pace, curve, spares=_spares(item, siblings))
    names = {other.id: other.name for other, _ in siblings}
    return tuple(_told(item, one, names) for one in found)


def help_for_all(
    items: Sequence[LineItem], standings: Sequence[Standing], curve: Curve
) -> dict[str, tuple[Remedy, ...]]:  # fmt: skip
    """What helps each item that may miss, by its id: all at once."""
    in_need = [
        (item, standing.ask, standing.pace)
        for item, standing in zip(items, standings, strict=True)
        if standing.ask is not None and standing.pace is not None and item.state == "active"
        and standing.findings.get("at_risk") in ("sure", "likely")
    ]  # fmt: skip
    by_order: dict[str, list[tuple[LineItem, Standing]]] = {}
    for item, standing in zip(items, standings, strict=True):
        if item.order and item.ended_at is None:
            by_order.setdefault(item.order, []).append((item, standing))
    siblings = [by_order.get(item.order, []) if item.order else [] for item, _, _ in in_need]
    cases = [(ask, pace, _spares(item, others)) for (item, ask, pace), others in zip(in_need, siblings, strict=True)]
    return {
        item.id: tuple(_told(item, one, {other.id: other.name for other, _ in others}) for one in found)
        for (item, _, _), others, found in zip(in_need, siblings, remedies_many(cases, curve), strict=True)
    }


def _spares(item: LineItem, siblings: Sequence[tuple[LineItem, Standing]]) -> list[Spare]:
    spares: list[Spare] = []
    for other, its in siblings:
        if other.id == item.id or its.ask is None or its.pace is None or other.goal_unit != item.goal_unit:
            continue
        if (left_over := remedy.spare(other.id, its.ask, its.pace)) is not None:
            spares.append(left_over)
    return spares


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
        ko = f"우선순위 {priority}: 좋았던 날만큼이면 {one.amount:.2f}배"
        en = f"Priority {priority}: as on its best days, {one.amount:.2f} × the days to come"
    else:
        units = int(one.amount)
        change = {"goal": item.goal - units}
        cost = item.budget * units // item.goal
        to = ", ".join(names.get(line, line) for line in one.to)
        ko, en = f"{units:,} 옮기기 → {to}", f"Move {units:,} to {to}"
    return Remedy(one.kind, ko, en, one.gain, round(one.before, 3), round(one.after, 3), cost, change)
