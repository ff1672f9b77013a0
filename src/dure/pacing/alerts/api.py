"""Alerts' entrance: today's risks, what people say to them, and the workspace's thresholds."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, time, timedelta
from typing import Any, Literal
from zoneinfo import ZoneInfo

import msgspec

from dure.feed.api import append
from dure.governance.api import Governance, Principal, access
from dure.kernel.clock import Clock
from dure.kernel.errors import Invalid, NotFound
from dure.pacing import events, store
from dure.pacing.alerts import rules as rules_of
from dure.pacing.alerts import store as kept
from dure.pacing.alerts.rules import Rules
from dure.pacing.alerts.weighing import alert_event
from dure.pacing.gate import RANK
from dure.pacing.model import Alert, LineItem, Outlook
from dure.state import State

ACK_REASONS = ("makegood_agreed", "creative_late", "client_paused", "being_fixed", "expected", "other")
_MOST = 500
_OPENS = time(9)  # when a snooze until a day is over
_LONGEST = timedelta(days=90)


@dataclass(frozen=True, slots=True)
class Risk:
    """An alert that stands open, with its line item (None for a source of figures) and how that stands."""

    alert: Alert
    item: LineItem | None
    outlook: Outlook | None


class Alerts:
    def __init__(self, state: State, clock: Clock, governance: Governance) -> None:
        self._state = state
        self._clock = clock
        self._governance = governance

    async def board(self, principal: Principal) -> list[Risk]:
        """What stands open, the worst first: by severity, probability, money at risk, the nearest end."""
        access(principal, "pacing:read")
        workspace = principal.tenant.workspace
        async with self._state.begin(principal.tenant) as tx:
            open_ = [alert for alert in await kept.current(tx, workspace) if alert.raised]
            ids = sorted({alert.line_item for alert in open_ if alert.line_item})
            items = await store.ids(tx, workspace, ids)
            outlooks = await store.outlooks(tx, workspace, ids)
        risks = [Risk(alert, items.get(alert.line_item), outlooks.get(alert.line_item)) for alert in open_]
        return sorted(risks, key=_worst_first)

    async def acknowledge(self, principal: Principal, ids: Sequence[str], reason: str, note: str = "") -> list[Alert]:
        """Somebody knows, and says why nothing more need be told while it does not get worse."""
        if reason not in ACK_REASONS:
            raise Invalid(f"`reason` is one of {', '.join(ACK_REASONS)}.", field="reason")
        if len(note) > 1000:
            raise Invalid("`note` has 1,000 characters at most.", field="note")
        now = self._clock.now()
        change = {"acknowledged_at": now, "acknowledged_by": principal.actor, "ack_reason": reason,
                  "ack_note": note.strip()}  # fmt: skip
        facts = {"ack_reason": reason, "ack_note": note.strip(), "acknowledged_by": principal.actor}
        return await self._act(principal, ids, change, events.ACKNOWLEDGED, facts, now)

    async def snooze(
        self, principal: Principal, ids: Sequence[str], *, until: date | Literal["next_business_day"]
    ) -> list[Alert]:
        """Quiet until nine in the morning of a day, or of the next working day; a rise in severity ends it."""
        zone = ZoneInfo((await self._governance.workspace(principal.tenant)).timezone)
        now = self._clock.now()
        day = _next_business_day(now.astimezone(zone).date()) if until == "next_business_day" else until
        end = datetime.combine(day, _OPENS, zone).astimezone(now.tzinfo)
        if not now < end <= now + _LONGEST:
            raise Invalid("`until` is a day to come, within ninety days.", field="until")
        change = {"snoozed_until": end, "snoozed_by": principal.actor}
        facts = {"snoozed_until": end.isoformat(), "snoozed_by": principal.actor}
        return await self._act(principal, ids, change, events.SNOOZED, facts, now)

    async def reopen(self, principal: Principal, ids: Sequence[str]) -> list[Alert]:
        """Takes back an acknowledgement or a snooze."""
        change = {"snoozed_until": None, "snoozed_by": "", "snoozed_severity": "", "acknowledged_at": None,
                  "acknowledged_by": "", "ack_reason": "", "ack_note": ""}  # fmt: skip
        return await self._act(principal, ids, change, events.UNSNOOZED, {}, self._clock.now())

    async def rules(self, principal: Principal) -> Rules:
        access(principal, "pacing:read")
        async with self._state.begin(principal.tenant) as tx:
            return await kept.rules(tx, principal.tenant.workspace)

    async def set_rules(self, principal: Principal, changes: Mapping[str, Any]) -> Rules:
        """Changes the named thresholds; the next look goes by them."""
        access(principal, "pacing:write")
        now, workspace = self._clock.now(), principal.tenant.workspace
        async with self._state.begin(principal.tenant) as tx:
            before = msgspec.to_builtins(await kept.rules(tx, workspace))
            rules = rules_of.read({**before, **changes})
            await kept.keep_rules(tx, workspace, rules, principal.actor, now)
            await store.ask(tx, workspace, now)
            changed = sorted(name for name, value in msgspec.to_builtins(rules).items() if before[name] != value)
            await append(tx, events.rules_event(principal, now, changed, msgspec.to_builtins(rules)))
        return rules

    async def _act(
        self, principal: Principal, ids: Sequence[str], change: Mapping[str, Any], name: str,
        facts: Mapping[str, Any], now: datetime,
    ) -> list[Alert]:  # fmt: skip
        access(principal, "pacing:write")
        if not ids or len(ids) > _MOST:
            raise Invalid(f"`alerts` names 1 to {_MOST} alerts.", field="alerts")
        workspace = principal.tenant.workspace
        async with self._state.begin(principal.tenant) as tx:
            found = {alert.id: alert for alert in await kept.some(tx, workspace, ids)}
            if unknown := [one for one in ids if one not in found or not found[one].raised]:
                raise NotFound(f"No open alert {unknown[0]!r}.", field="alerts", data={"alerts": unknown})
            items = await store.ids(tx, workspace, [alert.line_item for alert in found.values()])
            changed = [replace(alert, **change) for alert in found.values()]
            if name == events.SNOOZED:
                changed = [replace(alert, snoozed_severity=alert.severity) for alert in changed]
            await kept.say(tx, workspace, changed)
            await append(
                tx,
                *(
                    alert_event(principal, name, now, items.get(alert.line_item), alert, {**alert.facts, **facts})
                    for alert in changed
                ),
            )
        return changed


def _worst_first(risk: Risk) -> tuple[Any, ...]:
    alert = risk.alert
    asleep = alert.snoozed_until is not None or alert.acknowledged_at is not None
    end = risk.item.end_day if risk.item else date.min
    return asleep, -RANK[alert.severity], -round(alert.probability, 2), -alert.money, end, alert.id


def _next_business_day(today: date) -> date:
    day = today + timedelta(days=1)
    while day.weekday() >= 5:
        day += timedelta(days=1)
    return day
