"""When a finding becomes a card: one problem one card, no flapping, again only when it got worse.

A state machine for each line item and kind: nothing → pending → open → clearing → resolved. Likely and small problems
wait until they were found on m of the last n days of figures; sure ones open at once. To clear, a problem has to be
plainly gone (the exit lies well below the entry) on figures no older than those it was raised on, and to stay so for
some hours or another day of figures. A resolved one may open a new episode only after a rest, and one that keeps
coming back has to be gone for longer. Facts (a creative is missing) need no second day: they open and clear at once.
"""

from __future__ import annotations

from datetime import date, datetime, timedelta
from typing import Literal

from dure.pacing.alerts.rules import DEFAULT, Rules
from dure.pacing.model import Alert, Severity

Certainty = Literal["sure", "likely", "unclear", "fine"]
Move = Literal["hold", "wait", "raise", "again", "clearing", "back", "clear", "forget"]

RANK: dict[str, int] = {"": 0, "watch": 1, "warning": 2, "critical": 3}
_FLAPPING = 2  # episodes that followed closely on one another
_LONGER = 3


def certainty(probability: float, shortfall: float, rules: Rules = DEFAULT) -> Certainty:
    """How sure a probability to miss makes one; a small shortfall (a share of the goal) is likely at most.

    One more day of figures moves a forecast by a few hundredths: only what is plainly short need not wait for it.
    """
    if probability >= rules.sure and shortfall >= rules.plainly:
        return "sure"
    if probability >= rules.enter:
        return "likely"
    return "fine" if probability <= rules.leave else "unclear"


def checked(last: Alert | None, found: Certainty, data_day: date, rules: Rules = DEFAULT) -> tuple[int, ...]:
    """The last days' answers with this one; the same day looked at again replaces its answer."""
    answer = {"sure": 2, "likely": 1}.get(found, 0)
    if last is None or last.state == "resolved":
        return (answer,)
    before = tuple(last.checks)
    kept = before[:-1] if data_day <= last.data_day else before
    return (*kept, answer)[-rules.window :]


def decide(
    last: Alert | None, found: Certainty, shortfall: float, data_day: date, now: datetime, *,
    rules: Rules = DEFAULT, severity: Severity = "warning", money: int = 0, material: int | None = None,
    at_once: bool = False, quiet: bool = False,
) -> Move:  # fmt: skip
    """What to do about a finding. `last` is the newest alert of this kind; `shortfall` a share of the goal.

    `material` is how much more money must be at risk for it to be told again; `at_once` is for facts.
    """
    if last is None or last.state == "resolved":
        resting = last is not None and last.closed_at is not None and now - last.closed_at < _hours(rules.rest_hours)
        if resting and not at_once:
            return "hold"
        if found == "likely":
            return "raise" if rules.needed == 1 else "wait"
        return "raise" if found == "sure" else "hold"
    if last.state == "pending":
        seen = checked(last, found, data_day, rules)
        if found == "sure" or (found == "likely" and sum(map(bool, seen)) >= rules.needed):
            return "raise"
        # As many clear days as make the wanted number impossible within the window.
        recent = seen[-(rules.window - rules.needed + 1) :]
        return "hold" if any(recent) else "forget"
    if found == "fine" and data_day >= last.data_day:
        return _clearing(last, data_day, now, rules, at_once)
    if last.state == "clearing" and found in ("sure", "likely"):
        return "back"
    return "again" if _to_tell(last, severity, shortfall, money, material, rules, now, quiet=quiet) else "hold"


def flaps_of(last: Alert | None, now: datetime, rules: Rules = DEFAULT) -> int:
    """How often this problem has come back soon after it was gone."""
    if last is None or last.closed_at is None or last.closed_because != "recovered":
        return 0
    return last.flaps + 1 if now - last.closed_at <= _hours(rules.flap_hours) else 0


def flapping(alert: Alert) -> bool:
    return alert.flaps >= _FLAPPING


def _clearing(last: Alert, data_day: date, now: datetime, rules: Rules, at_once: bool) -> Move:
    if at_once:
        return "clear"
    if last.state == "open" or last.fine_since is None:
        return "clearing"
    longer = _LONGER if flapping(last) else 1
    waited = now - last.fine_since >= _hours(rules.clear_hours * longer)
    another = (data_day - last.data_day).days >= longer
    return "clear" if waited or another else "hold"


def _to_tell(
    last: Alert, severity: Severity, shortfall: float, money: int, material: int | None, rules: Rules, now: datetime,
    *, quiet: bool,
) -> bool:  # fmt: skip
    if quiet and severity != "critical":
        return False
    if last.notices == 0 or last.notified_at is None:
        return True
    if RANK[severity] > RANK[last.told_severity]:
        return True  # whatever somebody said to it, they said it to something smaller
    if last.snoozed_until is not None:
        if now < last.snoozed_until:
            return False
        if last.notified_at < last.snoozed_until:
            return True
    if last.acknowledged_at is not None:
        return False
    since = now - last.notified_at
    worse = shortfall >= last.told_share + rules.worse_points or (
        material is not None and 0 < material <= money - last.told_money
    )
    if worse and since >= _hours(rules.rest_hours):
        return True
    return severity != "watch" and rules.repeat_hours > 0 and since >= _hours(rules.repeat_hours)


def _hours(count: int) -> timedelta:
    return timedelta(hours=count)
