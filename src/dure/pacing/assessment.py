"""One look at a workspace's line items: what changed for each, what to write, whom to tell."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, datetime, timedelta
from typing import Any

from dure.feed.api import Event
from dure.governance.api import Principal
from dure.kernel.ids import uuid7
from dure.pacing import events
from dure.pacing.curve import Curve
from dure.pacing.forecast import FULL
from dure.pacing.gate import Certainty, decide
from dure.pacing.model import Alert, AlertKind, Assessed, LineItem, Outlook, Status
from dure.pacing.standing import Now, Standing, stand

_KINDS: tuple[AlertKind, ...] = ("not_launched", "at_risk")


@dataclass
class Changes:
    """What a look leaves behind; the caller writes it in one transaction."""

    outlooks: list[Outlook] = field(default_factory=list)
    items: list[LineItem] = field(default_factory=list)
    alerts: list[Alert] = field(default_factory=list)
    forgotten: list[str] = field(default_factory=list)
    events: list[Event] = field(default_factory=list)
    raised: list[str] = field(default_factory=list)
    recovered: list[str] = field(default_factory=list)

    def summary(self, now: Now) -> Assessed:
        statuses: dict[str, Status] = {outlook.line_item: outlook.status for outlook in self.outlooks}
        return Assessed(statuses, tuple(self.raised), tuple(self.recovered), now.stale)


def stand_all(
    items: Sequence[LineItem], totals: Mapping[str, Mapping[date, int]], now: Now, curve: Curve
) -> list[Standing]:
    """Every item's standing; pure computing, about a millisecond an item."""
    return [stand(item, totals.get(item.id, {}), now, curve) for item in items]


def judge(
    principal: Principal, items: Sequence[LineItem], standings: Sequence[Standing],
    alerts: Mapping[tuple[str, str], Alert], now: Now, at: datetime,
) -> Changes:  # fmt: skip
    """Milestones and alerts. While figures are stale nothing is raised and nothing clears."""
    changes = Changes()
    for item, standing in zip(items, standings, strict=True):
        outlook = standing.outlook
        kept = _milestones(principal, changes, item, outlook, now, at)
        for kind in _KINDS:
            last = alerts.get((item.id, kind))
            if kept.ended_at is not None or item.state != "active":
                _put_away(changes, last, "ended" if kept.ended_at else item.state, at)
            elif not now.stale and kind in standing.findings:
                _weigh(principal, changes, item, outlook, kind, standing.findings[kind], last, at)
        if outlook.status == "healthy" and _is_open(changes, item, alerts.get((item.id, "at_risk"))):
            outlook = replace(outlook, status="at_risk")
        changes.outlooks.append(outlook)
    return changes


def _milestones(
    principal: Principal, changes: Changes, item: LineItem, outlook: Outlook, now: Now, at: datetime
) -> LineItem:
    kept = item
    if item.ended_at is not None:
        return item
    if item.delivered_at is None and outlook.delivered >= item.goal:
        kept = replace(kept, delivered_at=at)
        facts = events.ended_facts(item, outlook.delivered, in_full=True)
        changes.events.append(events.item_event(principal, events.DELIVERED, at, at, item, facts))
    if outlook.status in ("delivered", "missed") and (now.today > item.end_day):
        kept = replace(kept, ended_at=at)
        facts = events.ended_facts(item, outlook.delivered, in_full=outlook.delivered >= item.goal * FULL)
        changes.events.append(events.item_event(principal, events.ENDED, at, at, item, facts))
    elif item.state == "cancelled" and now.today > item.end_day:
        kept = replace(kept, ended_at=at)
    if kept is not item:
        changes.items.append(kept)
    return kept


def _weigh(
    principal: Principal, changes: Changes, item: LineItem, outlook: Outlook, kind: AlertKind, found: Certainty,
    last: Alert | None, at: datetime,
) -> None:  # fmt: skip
    short = max(item.goal - (outlook.middle or 0), 0) / item.goal if kind == "at_risk" else 1.0
    day = outlook.as_of or at.date() - timedelta(days=1)
    move = decide(last, found, short, day, at)
    facts = events.alert_facts(item, outlook)
    current = last if last is not None and last.state != "closed" else None
    if move == "wait":
        episode = last.episode + 1 if last else 1
        changes.alerts.append(_new(item, kind, episode, short, day, at, facts))
    elif move == "forget" and current:
        changes.forgotten.append(current.id)
    elif move in ("raise", "again"):
        alert = current or _new(item, kind, last.episode + 1 if last else 1, short, day, at, facts)
        alert = replace(
            alert, state="open", notices=alert.notices + 1, worst=max(short, alert.worst), data_day=day, seen_at=at,
            raised_at=alert.raised_at or at, notified_at=at, facts=facts,
        )  # fmt: skip
        changes.alerts.append(alert)
        changes.raised.append(item.id)
        _tell(principal, changes, events.RAISED[kind], item, alert, at, facts)
    elif move == "clear" and current:
        alert = replace(current, state="closed", closed_at=at, closed_because="recovered", seen_at=at)
        changes.alerts.append(alert)
        changes.recovered.append(item.id)
        _tell(principal, changes, events.RECOVERED, item, alert, at, facts)


def _tell(
    principal: Principal, changes: Changes, name: str, item: LineItem, alert: Alert, at: datetime,
    facts: dict[str, Any],
) -> None:  # fmt: skip
    about = {"kind": alert.kind, "alert": alert.id, "episode": alert.episode, "notice": alert.notices}
    changes.events.append(events.item_event(principal, name, at, at, item, {**facts, **about}))


def _put_away(changes: Changes, last: Alert | None, because: str, at: datetime) -> None:
    if last is None or last.state == "closed":
        return
    if last.state == "pending":
        changes.forgotten.append(last.id)
    else:
        changes.alerts.append(replace(last, state="closed", closed_at=at, closed_because=because, seen_at=at))


def _is_open(changes: Changes, item: LineItem, before: Alert | None) -> bool:
    """Whether the item is at risk after this look; between entry and exit that depends on what was said before."""
    for alert in changes.alerts:
        if (alert.line_item, alert.kind) == (item.id, "at_risk"):
            return alert.state == "open"
    return before is not None and before.state == "open"


def _new(
    item: LineItem, kind: AlertKind, episode: int, short: float, day: date, at: datetime, facts: dict[str, Any]
) -> Alert:
    return Alert(str(uuid7()), item.id, kind, "pending", episode, 0, short, day, at, None, None, None, "", facts)
