"""What pacing offers automations: a step, and the events that may start one."""

from __future__ import annotations

import msgspec

from dure.automation.plugs import EventKind, StepCall, StepKind
from dure.pacing import events
from dure.pacing.api import Pacing
from dure.state import Tx


class SetChannel(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A line item's id, and the id of the channel where its alerts go."""

    line_item: str
    channel: str


class Done(msgspec.Struct, frozen=True):
    line_item: str


def steps(api: Pacing) -> list[StepKind]:
    """pacing.set_channel."""

    async def set_channel(tx: Tx, call: StepCall, inputs: SetChannel) -> Done:
        item = await api.update_in(tx, call.principal, inputs.line_item, channel=inputs.channel)
        return Done(item.id)

    title = {"ko": "라인아이템의 채널 정하기", "en": "Set a line item's channel"}
    return [StepKind("pacing.set_channel", title, SetChannel, Done, set_channel)]


_ITEM = {
    "line_item": "id",
    "name": "text",
    "account_name": "text",
    "campaign": "text",
    "deal": "id",
    "channel": "id of its room, or nothing",
    "manager": "user id",
    "goal": "impressions",
    "goal_text": "text",
    "budget": "minor units",
    "currency": "ISO 4217",
    "start": "date",
    "end": "date",
    "path": "its page",
    "loaded": "true where it was brought in with its past",
}
_TOTAL = {"delivered": "impressions", "delivered_text": "text", "delivered_percent": "percent of the goal"}
_ALERT = {
    **_ITEM,
    **_TOTAL,
    "days_left": "days, today included",
    "needed_per_day": "impressions",
    "needed_text": "text",
    "kind": "at_risk or not_launched",
    "alert": "id",
    "episode": "how often this problem began",
    "notice": "how often this episode was told",
}
_FORECAST = {
    "forecast": "impressions",
    "forecast_low": "impressions, 10th percentile",
    "forecast_high": "impressions, 90th percentile",
    "forecast_text": "text",
    "forecast_percent": "percent of the goal",
    "forecast_low_percent": "percent of the goal",
    "forecast_high_percent": "percent of the goal",
    "straight_percent": "percent of the goal at an even pace",
    "shortfall": "impressions",
    "shortfall_text": "text",
    "shortfall_percent": "percent of the goal",
    "shortfall_money": "minor units",
    "miss_percent": "probability to end below 99 % of the goal",
    "expected_per_day": "impressions",
    "expected_text": "text",
    "running_per_day": "impressions, the mean of the last seven days",
    "running_text": "text",
    "reason": "stopped, slowing, weekdays or behind",
    "reason_ko": "text",
    "reason_en": "text",
}
_ENDED = {**_ITEM, **_TOTAL, "shortfall": "impressions", "in_full": "true from 99 % of the goal on"}


def _kind(name: str, ko: str, en: str, properties: dict[str, str]) -> EventKind:
    return EventKind(name, {"ko": ko, "en": en}, "pacing", properties)


EVENTS = [
    _kind(events.CREATED, "라인아이템 생성", "Line item created", _ITEM),
    _kind(
        events.CHANGED, "라인아이템 변경", "Line item changed",
        {**_ITEM, "changed": "names of fields", "state": "active, paused or cancelled"},
    ),
    _kind(
        events.RECORDED, "노출 집계", "Delivery recorded",
        {**_ITEM, "date": "day", "impressions": "added to the day", "clicks": "added to the day",
         "spend": "minor units added to the day", "correction": "true where figures were replaced"},
    ),
    _kind(events.AT_RISK, "라인아이템 미달 위험", "Line item at risk", {**_ALERT, **_FORECAST}),
    _kind(events.NOT_LAUNCHED, "라인아이템 미송출", "Line item not launched", _ALERT),
    _kind(events.RECOVERED, "라인아이템 회복", "Line item recovered", {**_ALERT, **_FORECAST}),
    _kind(events.DELIVERED, "라인아이템 목표 달성", "Line item delivered", _ENDED),
    _kind(events.ENDED, "라인아이템 종료", "Line item ended", _ENDED),
]  # fmt: skip
