"""One look at a workspace's line items: what changed for each, what to write, whom to tell."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta

from dure.feed.api import Event
from dure.governance.api import Principal
from dure.pacing import events
from dure.pacing.alerts.kinds import BY_FIGURES, INHIBITED, KINDS, Seen
from dure.pacing.alerts.weighing import Weighed, Weighing
from dure.pacing.forecast import FULL
from dure.pacing.model import Alert, AlertKind, Assessed, Gap, LineItem, Outlook, Status

_OUTCOMES = ("delivered", "missed")


@dataclass
class Changes(Weighed):
    """What a look leaves behind; the caller writes it in one transaction."""

    outlooks: list[Outlook] = field(default_factory=list)
    items: list[LineItem] = field(default_factory=list)

    def summary(self, stale_sources: Sequence[str], *, stale: bool) -> Assessed:
        statuses: dict[str, Status] = {outlook.line_item: outlook.status for outlook in self.outlooks}
        return Assessed(statuses, tuple(self.raised), tuple(self.recovered), stale, tuple(stale_sources))


def judge(
    principal: Principal, seen: Sequence[Seen], alerts: Mapping[tuple[str, str], Alert],
    before: Mapping[str, Outlook], at: datetime, *, quiet: bool = False,
) -> Changes:  # fmt: skip
    """Milestones and alerts. While a source's figures are stale nothing that goes by them is raised or clears."""
    changes = Changes()
    weighing = Weighing(principal, changes, at, quiet=quiet)
    for one in seen:
        item, outlook = one.item, one.standing.outlook
        kept, told = _milestones(principal, one, before.get(item.id), at)
        changes.events += told
        if kept is not item:
            changes.items.append(kept)
            one = replace(one, item=kept, just_ended=kept.ended_at is not None and item.ended_at is None)
        mine = {kind: alert for kind in KINDS if (alert := alerts.get((item.id, kind))) is not None}
        _alerts(weighing, one, mine)
        if outlook.status == "healthy" and weighing.is_raised(item.id, "at_risk", mine.get("at_risk")):
            outlook = replace(outlook, status="at_risk")
        changes.outlooks.append(outlook)
    return changes


def _alerts(weighing: Weighing, seen: Seen, mine: Mapping[AlertKind, Alert]) -> None:
    item, ended = seen.item, seen.item.ended_at is not None
    for kind, look in KINDS.items():
        last = mine.get(kind)
        outlives = kind in ("ended_short", "tracking_gap") if ended else item.state == "active"
        if not outlives and not (kind == "paused_with_budget" and item.state == "paused"):
            weighing.put_away(item, last, "ended" if ended else item.state)
            continue
        if seen.now.stale and kind in BY_FIGURES:
            continue
        if (found := look(seen)) is None:
            continue
        hushed = any(weighing.is_raised(item.id, other, mine.get(other)) for other in INHIBITED.get(kind, ()))  # type: ignore[call-overload]
        if hushed and (last is None or not last.raised):
            continue
        weighing.weigh(item, seen.standing.outlook, kind, found, last, seen.rules)


def _milestones(principal: Principal, seen: Seen, before: Outlook | None, at: datetime) -> tuple[LineItem, list[Event]]:
    item, outlook, now = seen.item, seen.standing.outlook, seen.now
    gap: Gap | None = max(seen.gaps, key=lambda one: one.share, default=None)
    full = outlook.delivered >= item.goal * FULL

    def told(name: str) -> Event:
        facts = events.ended_facts(item, outlook.delivered, in_full=full, gap=gap)
        return events.item_event(principal, name, at, at, item, facts)

    if item.ended_at is not None:
        corrected = before is not None and before.status in _OUTCOMES and before.delivered != outlook.delivered
        if not corrected or before is None:
            return item, []
        event = told(events.CORRECTED)
        event.properties.update(delivered_before=before.delivered, in_full_before=before.status == "delivered")
        return item, [event]
    kept, written = item, []
    if item.launched_at is None and outlook.delivered > 0:
        kept = replace(kept, launched_at=at, trafficking="live")
        written.append(told(events.LAUNCHED))
    half = item.start_day + timedelta(days=item.days // 2)
    if item.halfway_at is None and item.state == "active" and half <= now.today <= item.end_day and item.days > 1:
        kept = replace(kept, halfway_at=at)
        facts = events.alert_facts(item, outlook)
        written.append(events.item_event(principal, events.MIDPOINT, at, at, item, facts))
    if item.delivered_at is None and outlook.delivered >= item.goal:
        kept = replace(kept, delivered_at=at)
        written.append(told(events.DELIVERED))
    if outlook.status in _OUTCOMES and now.today > item.end_day:
        kept = replace(kept, ended_at=at)
        written.append(told(events.ENDED))
    elif item.state == "cancelled" and now.today > item.end_day:
        kept = replace(kept, ended_at=at)
    return kept, written
