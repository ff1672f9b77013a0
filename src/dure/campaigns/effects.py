"""What all campaigns did: how many of them work by themselves, whom they reached, and who was there again on day N."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from dure.campaigns import effects_sql
from dure.campaigns.model import Campaign
from dure.experiments.api import Arm, Comparison, compare, describe
from dure.kernel.tenant import Tenant
from dure.log.api import Log
from dure.segments.api import Segments, Selector

LONGEST_DAYS = 90


@dataclass(frozen=True, slots=True)
class Effect:
    """One campaign: the people who got something of it, and how many of each half were active on day N after they came
    in. `pending` came in too lately for that day to be over; they do not count."""

    campaign: str
    reached: int
    messages: int
    comparison: Comparison
    pending: int
    sentence: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Month:
    """What went out in a month, by campaigns that work by themselves and by those sent once."""

    month: date
    automated: int
    one_off: int
    automated_messages: int
    one_off_messages: int


@dataclass(frozen=True, slots=True)
class Effects:
    """Over all campaigns; `days` is N, `returning` the event that counts as being there again (`*` is any)."""

    days: int
    returning: str
    campaigns: tuple[Effect, ...]
    months: tuple[Month, ...]


async def effects_of(
    log: Log, segments: Segments, tenant: Tenant, campaigns: Sequence[Campaign], activity: Selector, days: int,
    zone: str, now: datetime,
) -> Effects:  # fmt: skip
    """Day N of somebody is the 24 hours that begin N days after they came in; `activity` is what counts as being
    there. Whoever was assigned counts, whatever became of their message. A campaign of any kind but `once` works by
    itself."""
    at = now.astimezone(UTC).strftime("%Y-%m-%d %H:%M:%S.%f")
    sent = await log.query(tenant, effects_sql.SENT, {"zone": zone, "now": at})
    span = {"from": days * 86_400, "to": (days + 1) * 86_400, "now": at}
    (active,), bound = segments.meant(activity)
    came = await log.query(tenant, effects_sql.DAY_N.format(active=active), {**bound, **span})
    arms: dict[str, dict[str, Arm]] = defaultdict(dict)
    pending: dict[str, int] = defaultdict(int)
    for campaign, arm, people, back, waiting in came.rows:
        arms[campaign][arm] = Arm(people, back)
        pending[campaign] += waiting
    reached = {row[1]: (row[2], row[3]) for row in sent.rows if row[0] is None}
    effects = tuple(
        _effect(each, arms[each.id], pending[each.id], *reached.get(each.id, (0, 0)))
        for each in campaigns if each.launched_at is not None
    )  # fmt: skip
    automated, today = {each.id: each.design.kind != "once" for each in campaigns}, now.astimezone(ZoneInfo(zone))
    return Effects(days, activity.event, effects, _months(sent.rows, automated, today.date()))


def _effect(campaign: Campaign, arms: Mapping[str, Arm], pending: int, people: int, messages: int) -> Effect:
    none = Arm(0, 0)
    compared = compare(arms.get("control", none), arms.get("treated", none), share=campaign.design.holdout)
    return Effect(campaign.id, people, messages, compared, pending, describe(compared))


def _months(rows: Sequence[Sequence[Any]], automated: Mapping[str, bool], today: date) -> tuple[Month, ...]:
    """From the first month in which anything went out to the present one, also those in which nothing did."""
    found: dict[date, list[int]] = defaultdict(lambda: [0, 0, 0, 0])
    for month, campaign, _, messages in rows:
        if month is None or campaign not in automated:
            continue
        count = found[month]
        count[0 if automated[campaign] else 1] += 1
        count[2 if automated[campaign] else 3] += messages
    months = []
    month = min(found, default=today)
    while found and month <= today:
        months.append(Month(month, *found[month]))
        month = (month + timedelta(days=31)).replace(day=1)
    return tuple(months)
