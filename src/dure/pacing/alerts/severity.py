"""How bad: from the probability, the money at stake and the days that are left to do something."""

from __future__ import annotations

from dure.pacing.alerts.rules import Rules
from dure.pacing.model import Severity


def of_miss(probability: float, share: float, money: int, days_left: int, rules: Rules) -> Severity:
    """For what will be missing at the end: `share` of the goal, worth `money`."""
    if rules.critical_money is not None and money >= rules.critical_money and probability >= rules.enter:
        return "critical"
    if probability >= rules.sure and (share >= 0.15 or (days_left <= rules.critical_days and share >= 0.05)):
        return "critical"
    return "watch" if share < 0.03 and probability < rules.sure else "warning"


def of_silence(days_silent: int, days_left: int, share: float, rules: Rules) -> Severity:
    """For a line item that delivers nothing now: `share` of the goal is still to come."""
    late = days_silent >= 1 or days_left <= rules.critical_days
    return "critical" if late and share >= 0.1 else "warning"


def of_start(days_before: int, rules: Rules) -> Severity:
    """For what is not ready so many days before the start."""
    return "critical" if days_before <= rules.creative_last else "warning"
