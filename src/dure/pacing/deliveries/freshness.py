"""How fresh each source's figures are: *data is stale* is said once a source, and keeps the rest quiet."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from dure.pacing.alerts.kinds import Finding
from dure.pacing.alerts.rules import Rules
from dure.pacing.deliveries.store import Source
from dure.pacing.model import LineItem, Severity
from dure.pacing.standing import Now

_LONG = 2  # days beyond the limit after which it is critical


def clocks(
    local: datetime, zone: ZoneInfo, sources: Mapping[str, Source], items: Sequence[LineItem], rules: Rules
) -> dict[str, Now]:
    """The moment as each source of the items sees it. What has no source yet goes by the freshest of all."""
    through = max((one.through for one in sources.values() if one.through), default=None)
    found = {}
    for name in {item.source for item in items}:
        known = sources.get(name)
        if known is None:
            found[name] = Now(local.date(), local.hour, through, rules.stale_days)
        else:
            hours = _hours_today(known, local, zone)
            found[name] = Now(local.date(), local.hour, known.through, rules.stale_days, hours)
    return found


def stale_finding(now: Now, known: Source | None, items: Sequence[LineItem], rules: Rules) -> Finding | None:
    """Whether a source that running line items wait for has gone silent. None where nobody waits."""
    waiting = [item for item in items if item.state == "active" and item.start_day < now.today <= item.end_day]
    if known is None or not waiting:
        return None
    silent = (now.today - timedelta(days=1) - now.data_through).days if now.data_through else 0
    facts = {
        "as_of": known.as_of.isoformat() if known.as_of else "",
        "data_through": now.data_through.isoformat() if now.data_through else "",
        "days_stale": silent,
        "line_items": len(waiting),
        "line_item_names": [item.name for item in waiting[:10]],
    }
    stale = now.stale and now.data_through is not None
    bad: Severity = "critical" if silent >= rules.stale_days + _LONG else "warning"
    return Finding("sure" if stale else "fine", bad, _day(now), at_once=True, facts=facts)


def _day(now: Now) -> date:
    return now.today - timedelta(days=1)


def _hours_today(source: Source, local: datetime, zone: ZoneInfo) -> int:
    if source.hourly_through is None:
        return 0
    until = source.hourly_through.astimezone(zone)
    if until.date() > local.date():
        return 24
    return until.hour if until.date() == local.date() else 0
