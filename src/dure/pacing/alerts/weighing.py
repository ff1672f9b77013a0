"""From findings to alerts and events: every step of an alert's life is written down once."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Any

from dure.feed.api import Event
from dure.governance.api import Principal
from dure.kernel.ids import uuid7
from dure.pacing import events
from dure.pacing.alerts.kinds import Finding
from dure.pacing.alerts.rules import Rules
from dure.pacing.gate import RANK, checked, decide, flapping, flaps_of
from dure.pacing.model import Alert, AlertKind, LineItem, Outlook

_A_TWENTIETH = 20


@dataclass
class Weighed:
    """What became of findings. `raised` and `recovered` name line items whose alerts were told at this look; to those
    in `unsaid` nothing that people said holds any more, the snooze of those in `woken` is over."""

    alerts: list[Alert] = field(default_factory=list)
    forgotten: list[str] = field(default_factory=list)
    events: list[Event] = field(default_factory=list)
    raised: list[str] = field(default_factory=list)
    recovered: list[str] = field(default_factory=list)
    unsaid: list[str] = field(default_factory=list)
    woken: list[str] = field(default_factory=list)


class Weighing:
    """Weighs findings one after another; what it decides goes into `into`. `quiet`: only critical ones are told."""

    def __init__(self, principal: Principal, into: Weighed, at: datetime, *, quiet: bool = False) -> None:
        self._principal = principal
        self._into = into
        self._at = at
        self._quiet = quiet
        self._states: dict[tuple[str, str], Alert] = {}

    def weigh(
        self, item: LineItem | None, outlook: Outlook | None, kind: AlertKind, found: Finding, last: Alert | None,
        rules: Rules, *, source: str = "",
    ) -> None:  # fmt: skip
        """One finding about a line item, or (without one) about a source of figures."""
        if (last is None or last.state == "resolved") and found.found in ("fine", "unclear"):
            return  # of a hundred thousand findings nearly all are this one
        material = rules.worse_money if rules.worse_money is not None else item.budget // _A_TWENTIETH if item else None
        move = decide(
            last, found.found, found.share, found.day, self._at, rules=rules, severity=found.severity,
            money=found.money, material=material, at_once=found.at_once, quiet=self._quiet,
        )  # fmt: skip
        facts = {**(events.alert_facts(item, outlook) if item and outlook else {}), **found.facts}
        current = last if last is not None and last.state != "resolved" else None
        alert = current or self._new(item, kind, last, found, rules, source)
        alert = replace(
            alert, checks=checked(current, found.found, found.day, rules), seen_at=self._at, severity=found.severity
            if found.found in ("sure", "likely") or current is None else alert.severity,
        )  # fmt: skip
        if found.found in ("sure", "likely"):
            alert = replace(
                alert,
                probability=found.probability,
                money=found.money,
                worst=max(alert.worst, found.share),
                facts=facts,
            )
        if alert.state == "pending" or (alert.state == "open" and found.found in ("sure", "likely")):
            alert = replace(alert, data_day=found.day)
        if move in ("raise", "again"):
            self._raise(item, alert, facts, found)
        elif move == "wait":
            self._step(item, alert, events.PENDING, facts)
        elif move == "forget":
            self._into.forgotten.append(alert.id)
            self._tell(events.FORGOTTEN, item, alert, facts)
        elif move == "clearing":
            self._step(item, replace(alert, state="clearing", fine_since=self._at, data_day=found.day),
                       events.CLEARING, facts)  # fmt: skip
        elif move == "back":
            self._step(item, replace(alert, state="open", fine_since=None, data_day=found.day), events.BACK, facts)
        elif move == "clear":
            closed = replace(alert, state="resolved", closed_at=self._at, closed_because="recovered")
            self._step(item, closed, events.RECOVERED if item else events.FRESH, facts)
            if item:
                self._into.recovered.append(item.id)
        elif current is not None:
            self._keep(self._woken(item, alert, facts))

    def put_away(self, item: LineItem, last: Alert | None, because: str) -> None:
        """The line item ended, was paused or cancelled: nothing more to be done about this."""
        if last is None or last.state == "resolved":
            return
        if last.state == "pending":
            self._into.forgotten.append(last.id)
            self._tell(events.FORGOTTEN, item, last, last.facts)
            return
        closed = replace(last, state="resolved", closed_at=self._at, closed_because=because, seen_at=self._at)
        self._step(item, closed, events.RESOLVED, last.facts)

    def is_raised(self, item_id: str, kind: str, before: Alert | None) -> bool:
        """Whether an alert stands open after this look, as far as it has come."""
        alert = self._states.get((item_id, kind), before)
        return alert is not None and alert.raised

    def _raise(self, item: LineItem | None, alert: Alert, facts: Mapping[str, Any], found: Finding) -> None:
        hushed = self._quiet and found.severity != "critical"
        alert = replace(
            alert, state="open" if alert.state == "pending" else alert.state, raised_at=alert.raised_at or self._at,
            facts=facts,
        )  # fmt: skip
        if hushed:  # it stands on the board, and is told when the quiet hours are over
            self._step(item, alert, events.HELD_BACK, facts) if alert.notices == 0 else self._keep(alert)
            return
        if alert.snoozed_until is not None and self._at >= alert.snoozed_until:
            alert = replace(alert, snoozed_until=None, snoozed_by="", snoozed_severity="")
            self._into.woken.append(alert.id)
        risen = RANK[found.severity] > RANK[alert.told_severity]
        if risen and alert.told_severity:
            # What was said to a smaller problem does not hold for this one.
            self._into.unsaid.append(alert.id)
            alert = replace(alert, snoozed_until=None, snoozed_by="", snoozed_severity="", acknowledged_at=None,
                            acknowledged_by="", ack_reason="", ack_note="")  # fmt: skip
        alert = replace(
            alert, notices=alert.notices + 1, notified_at=self._at, told_severity=found.severity,
            told_money=found.money, told_share=found.share,
        )  # fmt: skip
        self._step(item, alert, events.RAISED[alert.kind], facts)
        if item:
            self._into.raised.append(item.id)

    def _woken(self, item: LineItem | None, alert: Alert, facts: Mapping[str, Any]) -> Alert:
        """A snooze that is over is taken off, so that the board shows the alert again."""
        if alert.snoozed_until is None or self._at < alert.snoozed_until:
            return alert
        woken = replace(alert, snoozed_until=None, snoozed_by="", snoozed_severity="")
        self._into.woken.append(alert.id)
        self._tell(events.UNSNOOZED, item, woken, facts)
        return woken

    def _step(self, item: LineItem | None, alert: Alert, name: str, facts: Mapping[str, Any]) -> None:
        self._keep(alert)
        self._tell(name, item, alert, facts)

    def _keep(self, alert: Alert) -> None:
        self._into.alerts.append(alert)
        self._states[alert.line_item, alert.kind] = alert

    def _tell(self, name: str, item: LineItem | None, alert: Alert, facts: Mapping[str, Any]) -> None:
        self._into.events.append(alert_event(self._principal, name, self._at, item, alert, facts))

    def _new(
        self, item: LineItem | None, kind: AlertKind, last: Alert | None, found: Finding, rules: Rules, source: str
    ) -> Alert:
        return Alert(
            str(uuid7()), item.id if item else "", kind, "pending", last.episode + 1 if last else 1, 0, found.share,
            found.day, self._at, None, None, None, "", dict(found.facts), source, found.severity, found.probability,
            found.money, (), flaps_of(last, self._at, rules),
        )  # fmt: skip


def alert_event(
    principal: Principal, name: str, at: datetime, item: LineItem | None, alert: Alert, facts: Mapping[str, Any]
) -> Event:
    """An event of an alert's life. `alert` and `episode` name the card that it belongs to."""
    about = {
        **facts,
        "kind": alert.kind,
        "alert": alert.id,
        "episode": alert.episode,
        "notice": alert.notices,
        "severity": alert.severity,
        "alert_state": alert.state,
        "flapping": flapping(alert),
        "money_at_risk": alert.money,
        "raised_at": alert.raised_at.isoformat() if alert.raised_at else "",
        "resolved_because": alert.closed_because,
    }
    if item is None:
        return events.source_event(principal, name, at, alert.source, about)
    return events.item_event(principal, name, at, at, item, about)
