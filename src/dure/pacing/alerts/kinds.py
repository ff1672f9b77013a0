"""The kinds of alerts: what each looks for in a line item. A finding is None where nothing can be said."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import asdict, dataclass, field
from datetime import date, datetime, timedelta
from typing import Any

from dure.pacing.alerts import severity
from dure.pacing.alerts.rules import Rules
from dure.pacing.creatives.check import sentences
from dure.pacing.creatives.model import Creative
from dure.pacing.curve import Curve
from dure.pacing.forecast import FULL
from dure.pacing.gate import Certainty
from dure.pacing.model import AlertKind, DayTotal, Gap, LineItem, Remedy, Severity
from dure.pacing.plan import allowed_hours
from dure.pacing.standing import Now, Standing

_SILENT_HOURS = 3
_OLD = timedelta(days=14)
_GAP_DAYS = 2
_FAR_OVER = 1.5


@dataclass(frozen=True, slots=True)
class Seen:
    """Everything that is known of one line item at a look.

    `hours` are today's, as far as its source reports by the hour, `hourly` whether its own figures lately came so;
    `spent` is what it has cost; `remedies` what would help one that may miss; `made_good` whether a make-good was
    booked; `just_ended` at this look.
    """

    item: LineItem
    standing: Standing
    now: Now
    at: datetime
    rules: Rules
    curve: Curve
    creatives: Sequence[Creative] = ()
    gaps: Sequence[Gap] = ()
    hours: Mapping[int, DayTotal] = field(default_factory=dict)
    day: DayTotal | None = None
    spent: int = 0
    made_good: bool = False
    just_ended: bool = False
    hourly: bool = False
    remedies: Sequence[Remedy] = ()

    @property
    def total(self) -> int:
        return self.standing.outlook.delivered

    @property
    def running(self) -> bool:
        return self.item.start_day <= self.now.today <= self.item.end_day and self.item.state == "active"


@dataclass(frozen=True, slots=True)
class Finding:
    """`share` of the goal and `money` at stake; `at_once` for facts, which need no second look."""

    found: Certainty
    severity: Severity
    day: date
    share: float = 1.0
    money: int = 0
    probability: float = 1.0
    at_once: bool = False
    facts: Mapping[str, Any] = field(default_factory=dict)


def not_launched(seen: Seen) -> Finding | None:
    """Its flight has begun and nothing was delivered: on a whole day, or for some hours of the first."""
    found = seen.standing.findings.get("not_launched")
    item, now = seen.item, seen.now
    if found is None and not seen.running:
        return None
    if found != "sure" and seen.total == 0 and item.start_day == now.today:
        begin = next((hour for hour in range(24) if allowed_hours(item, now.today)[hour]), 24)
        found = "sure" if now.hours_today >= begin + seen.rules.launch_hours else found
    if seen.total > 0:
        found = "fine"
    if found is None:
        return None
    days = max((now.today - item.start_day).days, 0)
    share = max(item.goal - seen.total, 0) / item.goal
    bad = severity.of_silence(days, seen.standing.outlook.days_left, share, seen.rules)
    return Finding(found, bad, _day(seen), share, _money(item, share), at_once=True, facts=_cause(seen))


def at_risk(seen: Seen) -> Finding | None:
    """Its learned pace will miss the goal."""
    found, outlook, item = seen.standing.findings.get("at_risk"), seen.standing.outlook, seen.item
    if found is None:
        return None
    share = max(item.goal - (outlook.middle or 0), 0) / item.goal
    chance, money = outlook.miss or 0.0, _money(item, share)
    bad = severity.of_miss(chance, share, money, outlook.days_left, seen.rules)
    best = seen.remedies[0] if seen.remedies else None
    facts = {
        "remedies": [asdict(one) for one in seen.remedies],
        "remedy_ko": best.text_ko if best else "",
        "remedy_en": best.text_en if best else "",
    }
    return Finding(found, bad, _day(seen), share, money, chance, facts=facts)


def over(seen: Seen) -> Finding | None:
    """It went past a cap or its budget, or is heading well past its goal (which as-fast-as-possible is meant to)."""
    item, outlook = seen.item, seen.standing.outlook
    today = seen.day.of(item.goal_unit) if seen.day else 0
    for breached, cause, part in (
        (item.cap is not None and seen.total > item.cap, "cap", seen.total - (item.cap or 0)),
        (item.budget > 0 and seen.spent > item.budget * seen.rules.over_cost, "budget", 0),
        (item.cap_daily is not None and today > item.cap_daily, "cap_daily", today - (item.cap_daily or 0)),
    ):
        if breached:
            spent = max(seen.spent - item.budget, 0) if cause == "budget" else _money(item, part / item.goal)
            bad: Severity = "critical" if cause == "budget" and seen.spent > item.budget * _FAR_OVER else "warning"
            return Finding(
                "sure", bad, _day(seen), part / item.goal, spent, at_once=True, facts=_told(OVER[cause], cause)
            )
    pace = seen.standing.pace
    if outlook.middle is None or pace is None or item.pacing == "asap":
        return Finding("fine", "watch", _day(seen), 0.0) if outlook.as_of else None
    # If nothing stopped it: an ad server that stops at the goal is through with it days too early.
    reach = float(pace.reach[-1])
    beyond = reach / item.goal - 1
    if reach >= item.goal * seen.rules.over and outlook.status == "over":
        found: Certainty = "likely"
    else:
        found = "fine" if reach < item.goal * (1 + (seen.rules.over - 1) / 2) else "unclear"
    return Finding(found, "watch", _day(seen), max(beyond, 0), 0, facts=_told(OVER["forecast"], "forecast"))


def stopped(seen: Seen) -> Finding | None:
    """It delivered and does not any more, where at least so much was to be expected."""
    item, outlook = seen.item, seen.standing.outlook
    usual = outlook.running_per_day
    if not seen.running or seen.total == 0 or usual is None or seen.total >= item.goal:
        return Finding("fine", "watch", _day(seen)) if seen.total and seen.running else None
    found, silent = _silent(seen, usual)
    share = max(item.goal - seen.total, 0) / item.goal
    bad = severity.of_silence(silent, outlook.days_left, share, seen.rules)
    return Finding(found, bad, _day(seen), share, _money(item, share), at_once=True, facts=_cause(seen))


def creative_rejected(seen: Seen) -> Finding | None:
    """A creative was rejected and there are not enough others."""
    rejected = [one for one in seen.creatives if one.status == "rejected"]
    if not rejected or seen.now.today > seen.item.end_day:
        return Finding("fine", "watch", seen.now.today, at_once=True) if seen.creatives else None
    short = _there(seen) < max(seen.item.creatives_wanted, 1)
    before = (seen.item.start_day - seen.now.today).days
    one = rejected[-1]
    ko, en = sentences(list(one.reasons))
    facts = {
        "creative": one.id, "creative_name": one.name, "reason": one.reason, "reasons": list(one.reasons),
        "reasons_ko": ko, "reasons_en": en, "days_before": max(before, 0),
    }  # fmt: skip
    bad = severity.of_start(before, seen.rules)
    return Finding("sure" if short else "fine", bad, seen.now.today, at_once=True, facts=facts)


def creative_missing(seen: Seen) -> Finding | None:
    """Its start is near and its creatives are not all here: told first some days ahead, and again close before."""
    item, before = seen.item, (seen.item.start_day - seen.now.today).days
    if item.creatives_wanted == 0 or before > seen.rules.creative_first:
        return None
    if before < 0:  # what has begun without is not launched, and that says why
        return Finding("fine", "watch", seen.now.today, at_once=True)
    missing = item.creatives_wanted - _there(seen)
    held = [code for one in seen.creatives if one.status == "received" for code in one.reasons]
    ko, en = sentences(list(dict.fromkeys(held)))
    facts = {
        "days_before": max(before, 0), "missing": max(missing, 0), "wanted": item.creatives_wanted,
        "reasons_ko": ko, "reasons_en": en,
    }  # fmt: skip
    bad = severity.of_start(before, seen.rules)
    return Finding("sure" if missing > 0 else "fine", bad, seen.now.today, at_once=True, facts=facts)


def not_ready(seen: Seen) -> Finding | None:
    """It starts tomorrow or today, and something that it needs was not done."""
    item, before = seen.item, (seen.item.start_day - seen.now.today).days
    if before > 1 or before < 0 or seen.total > 0:
        return Finding("fine", "watch", seen.now.today, at_once=True) if before >= -1 else None
    open_ = [
        code for code, wrong in (
            ("qa", item.trafficking in ("open", "trafficked")),
            ("targeting", not item.targeting.strip()),
            ("budget", item.budget == 0 and not item.original),
            ("paused", item.state == "paused"),
        ) if wrong
    ]  # fmt: skip
    ko, en = ", ".join(CHECKS[code][0] for code in open_), ", ".join(CHECKS[code][1] for code in open_)
    facts = {"open_checks": open_, "cause": open_[0] if open_ else "", "cause_ko": ko, "cause_en": en,
             "days_before": before}  # fmt: skip
    # Without targeting it runs everywhere, which may be meant.
    bad: Severity = "critical" if set(open_) - {"targeting"} else "warning"
    return Finding("sure" if open_ else "fine", bad, seen.now.today, at_once=True, facts=facts)


def tracking_gap(seen: Seen) -> Finding | None:
    """The ad server and a third party count differently by more than a tenth."""
    if not seen.gaps:
        return None
    gap = max(seen.gaps, key=lambda one: one.share)
    enough = gap.days >= _GAP_DAYS and max(gap.first, gap.third) >= seen.rules.gap_units
    if not enough:
        return None
    found: Certainty = "sure" if gap.share > seen.rules.gap else "fine"
    if found == "fine" and gap.share > seen.rules.gap * 0.8:
        found = "unclear"
    facts = {"gap_percent": round(gap.share * 100, 1), "first_party": gap.first, "third_party": gap.third,
             "counter": gap.source}  # fmt: skip
    bad: Severity = "critical" if gap.share > 2 * seen.rules.gap else "warning"
    return Finding(found, bad, _day(seen), gap.share, _money(seen.item, abs(gap.first - gap.third) / seen.item.goal),
                   at_once=True, facts=facts)  # fmt: skip


def ended_short(seen: Seen) -> Finding | None:
    """Its flight is over and its goal was not reached; until somebody made good for it, or a fortnight passed."""
    item = seen.item
    if item.ended_at is None and not seen.just_ended:
        return None
    short = seen.total < item.goal * FULL and item.state != "cancelled"
    settled = seen.made_good or (item.ended_at is not None and seen.at - item.ended_at > _OLD)
    share = max(item.goal - seen.total, 0) / item.goal
    bad: Severity = "critical" if share >= 0.1 else "warning"
    return Finding(
        "sure" if short and not settled else "fine", bad, _day(seen), share, _money(item, share), at_once=True
    )


def paused_with_budget(seen: Seen) -> Finding | None:
    """It has been paused for a while in the middle of its flight, with its goal still open."""
    item = seen.item
    in_flight = item.start_day <= seen.now.today <= item.end_day and seen.total < item.goal * FULL
    if item.state != "paused" or not in_flight:
        return Finding("fine", "watch", seen.now.today, at_once=True)
    long = item.paused_at is not None and seen.at - item.paused_at >= timedelta(hours=seen.rules.paused_hours)
    share = max(item.goal - seen.total, 0) / item.goal
    left = seen.standing.outlook.days_left
    bad: Severity = "critical" if left <= seen.rules.critical_days else "warning"
    return Finding("sure" if long else "unclear", bad, seen.now.today, share, _money(item, share), at_once=True)


# In the order in which one keeps the others quiet: a line item that has not launched is at risk too.
KINDS: dict[AlertKind, Callable[[Seen], Finding | None]] = {
    "not_launched": not_launched,
    "at_risk": at_risk,
    "stopped": stopped,
    "over": over,
    "tracking_gap": tracking_gap,
    "creative_rejected": creative_rejected,
    "creative_missing": creative_missing,
    "not_ready": not_ready,
    "paused_with_budget": paused_with_budget,
    "ended_short": ended_short,
}
# What is judged by figures waits while they are stale.
BY_FIGURES = frozenset({"not_launched", "at_risk", "stopped", "over", "tracking_gap"})
INHIBITED: dict[str, frozenset[str]] = {
    "stopped": frozenset({"at_risk", "not_launched"}),
    "at_risk": frozenset({"stopped", "not_launched"}),
    "not_ready": frozenset({"not_launched"}),
    "creative_missing": frozenset({"creative_rejected"}),
}

OVER = {
    "cap": ("캡을 넘겼습니다", "it went past its cap"),
    "cap_daily": ("하루 캡을 넘겼습니다", "it went past its cap for a day"),
    "budget": ("예산을 넘겨 집행됐습니다", "it has cost more than its budget"),
    "forecast": ("이대로면 목표를 크게 넘깁니다", "it is heading well past its goal"),
}
CHECKS = {
    "creative": ("소재 없음", "no creative"),
    "creative_rejected": ("소재 반려", "creative rejected"),
    "qa": ("QA 승인 전", "QA not approved"),
    "targeting": ("타기팅 없음", "no targeting"),
    "budget": ("예산 0", "budget is 0"),
    "paused": ("일시정지 상태", "it is paused"),
    "unknown": ("애드서버에서 확인 필요", "to be looked up in the ad server"),
}


def _cause(seen: Seen) -> dict[str, Any]:
    """The likeliest cause that Dure knows of for a line item that does not deliver."""
    item = seen.item
    if item.creatives_wanted and any(one.status == "rejected" for one in seen.creatives) and not _there(seen):
        code = "creative_rejected"
    elif item.creatives_wanted and not _there(seen):
        code = "creative"
    elif item.trafficking in ("open", "trafficked"):
        code = "qa"
    else:
        code = "budget" if item.budget == 0 else "unknown"
    return _told(CHECKS[code], code)


def _told(words: tuple[str, str], code: str) -> dict[str, Any]:
    return {"cause": code, "cause_ko": words[0], "cause_en": words[1]}


def _silent(seen: Seen, usual: int) -> tuple[Certainty, int]:
    """Whether it is silent now, and for how many whole days: by today's hours, else by the last complete day."""
    item, now = seen.item, seen.now
    done = seen.standing.days_silent
    if seen.hourly and now.hours_today >= _SILENT_HOURS:
        allowed = allowed_hours(item, now.today)
        last = max((hour for hour, one in seen.hours.items() if one.of(item.goal_unit) > 0), default=-1)
        silent = range(last + 1, now.hours_today)
        expected = usual * sum(float(seen.curve.hours_on(seen.now.today)[hour]) for hour in silent if allowed[hour])
        if len(silent) >= _SILENT_HOURS and expected >= seen.rules.stopped_units:
            return "sure", done
        if last >= 0:
            return "fine", 0
    if done and not any(allowed_hours(item, _day(seen))):
        return "unclear", 0  # it may not run on such a day
    if done and usual * 7 / max(7 - done, 1) >= seen.rules.stopped_units:
        return "sure", done
    return "fine" if done == 0 else "unclear", done


def _there(seen: Seen) -> int:
    return sum(one.there for one in seen.creatives)


def _day(seen: Seen) -> date:
    return seen.standing.outlook.as_of or seen.at.date() - timedelta(days=1)


def _money(item: LineItem, share: float) -> int:
    return round(item.budget * max(share, 0))
