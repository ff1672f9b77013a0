"""Pacing's events as automations see them: each property with its type or a few words."""

from __future__ import annotations

from dure.automation.plugs import EventKind
from dure.pacing import events

_ITEM = {
    "line_item": "id",
    "name": "text",
    "account_name": "text",
    "campaign": "text",
    "deal": "id",
    "channel": "id of its room, or nothing",
    "manager": "user id",
    "goal": "units of its goal",
    "goal_text": "text",
    "goal_unit": "impressions, clicks, views, listens or spend",
    "budget": "minor units",
    "currency": "ISO 4217",
    "start": "date",
    "end": "date",
    "path": "its page",
    "order": "id, or nothing",
    "priority": "1 (first) to 16",
    "original": "id of the line item that it makes good for, or nothing",
    "loaded": "true where it was brought in with its past",
}
_TOTAL = {"delivered": "units", "delivered_text": "text", "delivered_percent": "percent of the goal"}
_STANDING = {
    **_TOTAL,
    "days_left": "days, today included",
    "needed_per_day": "units",
    "needed_text": "text",
}
_LIFE = {
    "kind": "kind of alert: " + ", ".join(events.RAISED),
    "alert": "id, the same for all of an episode: what its card is known by",
    "episode": "how often this problem began",
    "notice": "how often this episode was told",
    "severity": "watch, warning or critical",
    "alert_state": "pending, open, clearing or resolved",
    "flapping": "true where it keeps coming back",
    "money_at_risk": "minor units",
    "raised_at": "time, or nothing",
    "resolved_because": "recovered, ended, paused or cancelled, or nothing",
}
_FORECAST = {
    "forecast": "units",
    "forecast_low": "units, 10th percentile",
    "forecast_high": "units, 90th percentile",
    "forecast_text": "text",
    "forecast_percent": "percent of the goal",
    "forecast_low_percent": "percent of the goal",
    "forecast_high_percent": "percent of the goal",
    "straight_percent": "percent of the goal at an even pace",
    "shortfall": "units",
    "shortfall_text": "text",
    "shortfall_percent": "percent of the goal",
    "shortfall_money": "minor units",
    "miss_percent": "probability to end below 99 % of the goal",
    "expected_per_day": "units",
    "expected_text": "text",
    "running_per_day": "units, the mean of the last seven days",
    "running_text": "text",
    "reason": "stopped, slowing, weekdays or behind",
    "reason_ko": "text",
    "reason_en": "text",
}
_ALERT = {**_ITEM, **_STANDING, **_FORECAST, **_LIFE}
_CAUSE = {"cause": "code", "cause_ko": "text", "cause_en": "text"}
_MISSING = {
    "days_before": "days to the start",
    "missing": "creatives not here",
    "wanted": "creatives it needs",
    "reasons_ko": "why those here are held",
    "reasons_en": "why those here are held",
}
_REJECTION = {
    "creative": "id",
    "creative_name": "text",
    "reason": "text",
    "reasons": "codes of its kind's rules",
    "reasons_ko": "the same in words",
    "reasons_en": "the same in words",
    "days_before": "days to the start",
}
_CHECKS = {"open_checks": "qa, targeting, budget, paused", "days_before": "days to the start"}
_GAP = {
    "gap_percent": "percent of the ad server's count",
    "first_party": "impressions",
    "third_party": "impressions",
    "counter": "who counted beside the ad server",
}
_SOURCE = {
    **_LIFE,
    "source": "name of the source of figures",
    "source_name": "text",
    "channel": "nothing: it belongs to no line item",
    "path": "the board",
    "as_of": "time up to which its figures hold",
    "data_through": "its last complete day",
    "days_stale": "days",
    "line_items": "how many running line items wait for it",
    "line_item_names": "the first ten of them",
}
_HELP = {
    "remedies": "what would help, the best first: kind, text_ko, text_en, gain, chance_before, chance_after, change",
    "remedy_ko": "the first of them, or nothing",
    "remedy_en": "the first of them, or nothing",
}
# What any alert may carry beside its life.
_ANY = {**_ALERT, **_HELP, **_CAUSE, **_MISSING, **_REJECTION, **_CHECKS, **_GAP, **_SOURCE}
_ENDED = {
    **_ITEM,
    **_TOTAL,
    "shortfall": "units",
    "shortfall_text": "text",
    "in_full": "true from 99 % of the goal on",
    "third_party": "impressions counted by a third party, 0 without one",
    "gap_percent": "percent between the two counters",
    "billable": "units that can be billed",
    "billable_text": "text",
    "billable_money": "minor units",
}
_CREATIVE = {
    **_ITEM,
    "creative": "id",
    "creative_name": "text",
    "creative_kind": "audio, display, video and the like",
    "status": "missing, received, checking, approved, rejected or live",
    "due": "date, or nothing",
    "reason": "why it was rejected",
}
_ORDER = {
    "order": "id",
    "name": "text",
    "account_name": "text",
    "advertiser": "text",
    "deal": "id",
    "channel": "id of its room, or nothing",
    "manager": "user id",
    "budget": "minor units",
    "currency": "ISO 4217",
    "state": "active, closed or cancelled",
    "path": "its page",
}
_MAKEGOOD = {
    **_ITEM,
    "makegood": "id",
    "units": "units of the goal",
    "units_text": "text",
    "makegood_start": "date",
    "makegood_end": "date",
    "reason": "text",
    "proposed_by": "who",
    "decided_by": "who, or nothing",
    "booked": "id of the line item that delivers it, or nothing",
}
_QA = {**_ITEM, "trafficked_by": "who set it up"}
_SERVER = {"ad_server": "id", "name": "text", "kind": "kind of ad server"}


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
         "spend": "minor units added to the day", "views": "added to the day", "listens": "added to the day",
         "correction": "true where figures were replaced", "source": "who counted"},
    ),
    _kind(
        events.COUNTED, "제3자 집계", "Third-party delivery recorded",
        {**_ITEM, "source": "who counted", "days": "how many days", "impressions": "as reported, of these days"},
    ),
    _kind(events.AT_RISK, "라인아이템 미달 위험", "Line item at risk", {**_ALERT, **_HELP}),
    _kind(events.NOT_LAUNCHED, "라인아이템 미송출", "Line item not launched", {**_ALERT, **_CAUSE}),
    _kind(events.OVER, "라인아이템 초과 집행", "Line item over-delivering", {**_ALERT, **_CAUSE}),
    _kind(events.STOPPED, "라인아이템 송출 중단", "Line item stopped", {**_ALERT, **_CAUSE}),
    _kind(events.PAUSED_WITH_BUDGET, "예산 남기고 정지", "Line item paused with budget left", _ALERT),
    _kind(events.NOT_READY, "송출 준비 안 됨", "Line item not ready", {**_ALERT, **_CAUSE, **_CHECKS}),
    _kind(events.TRACKING_GAP, "집계 차이", "Tracking gap", {**_ALERT, **_GAP}),
    _kind(events.ENDED_SHORT, "라인아이템 미달 종료", "Line item ended short", _ALERT),
    _kind(events.CREATIVE_MISSING, "소재 미수령", "Creative missing", {**_ALERT, **_MISSING}),
    _kind(events.REJECTION_OPEN, "소재 반려 미해결", "Creative rejection open", {**_ALERT, **_REJECTION}),
    _kind(events.STALE, "집계 지연", "Delivery data stale", _SOURCE),
    _kind(events.FRESH, "집계 재개", "Delivery data fresh", _SOURCE),
    _kind(events.RECOVERED, "라인아이템 회복", "Line item recovered", _ANY),
    _kind(events.PENDING, "알림 대기", "Alert pending", _ANY),
    _kind(events.HELD_BACK, "조용한 시간의 알림", "Alert held back", _ANY),
    _kind(events.FORGOTTEN, "알림 취소", "Alert forgotten", _ANY),
    _kind(events.CLEARING, "알림 해소 중", "Alert clearing", _ANY),
    _kind(events.BACK, "알림 재발", "Alert back", _ANY),
    _kind(events.RESOLVED, "알림 종료", "Alert resolved", _ANY),
    _kind(
        events.ACKNOWLEDGED, "알림 확인", "Alert acknowledged",
        {**_ANY, "ack_reason": "makegood_agreed, creative_late, client_paused, being_fixed, expected or other",
         "ack_note": "text", "acknowledged_by": "who"},
    ),
    _kind(events.SNOOZED, "알림 미루기", "Alert snoozed", {**_ANY, "snoozed_until": "time", "snoozed_by": "who"}),
    _kind(events.UNSNOOZED, "알림 다시 받기", "Alert unsnoozed", _ANY),
    _kind(
        events.RULES_SET, "알림 기준 변경", "Alert rules changed",
        {"changed": "names of thresholds", "rules": "all thresholds"},
    ),
    _kind(events.LAUNCHED, "라인아이템 첫 송출", "Line item launched", _ENDED),
    _kind(events.WENT_LIVE, "라인아이템 송출 시작", "Line item went live", _ITEM),
    _kind(events.MIDPOINT, "집행 중간 지점", "Flight midpoint", {**_ITEM, **_STANDING, **_FORECAST}),
    _kind(events.DELIVERED, "라인아이템 목표 달성", "Line item delivered", _ENDED),
    _kind(events.ENDED, "라인아이템 종료", "Line item ended", _ENDED),
    _kind(
        events.CORRECTED, "종료 결과 정정", "Line item result corrected",
        {**_ENDED, "delivered_before": "units", "in_full_before": "true or false"},
    ),
    _kind(events.TRAFFICKED, "트래피킹 완료", "Trafficking done", _QA),
    _kind(
        events.QA_APPROVED, "QA 승인", "QA approved",
        {**_QA, "approved_by": "who", "checks": "preview, click, targeting, pixels"},
    ),
    _kind(events.QA_REJECTED, "QA 반려", "QA rejected", {**_QA, "reason": "text"}),
    _kind(events.ORDER_CREATED, "주문 생성", "Order created", _ORDER),
    _kind(events.ORDER_CHANGED, "주문 변경", "Order changed", {**_ORDER, "changed": "names of fields"}),
    _kind(events.CREATIVE_AWAITED, "소재 기다림", "Creative awaited", _CREATIVE),
    _kind(events.CREATIVE_RECEIVED, "소재 수령", "Creative received", _CREATIVE),
    _kind(
        events.CREATIVE_CHECKED, "소재 규격 확인", "Creative checked",
        {**_CREATIVE, "ok": "true where it fits its kind's rules", "reasons": "codes", "reasons_ko": "text",
         "reasons_en": "text"},
    ),
    _kind(events.CREATIVE_APPROVED, "소재 승인", "Creative approved", _CREATIVE),
    _kind(events.CREATIVE_REJECTED, "소재 반려", "Creative rejected", _CREATIVE),
    _kind(events.CREATIVE_CHANGED, "소재 변경", "Creative changed", _CREATIVE),
    _kind(events.SPEC_SET, "소재 규격 변경", "Creative rules changed", {"kind": "of creative", "spec": "its rules"}),
    _kind(events.MAKEGOOD_PROPOSED, "보상 제안", "Make-good proposed", _MAKEGOOD),
    _kind(events.MAKEGOOD_APPROVED, "보상 승인", "Make-good approved", _MAKEGOOD),
    _kind(events.MAKEGOOD_DECLINED, "보상 거절", "Make-good declined", _MAKEGOOD),
    _kind(events.MAKEGOOD_BOOKED, "보상 집행 예약", "Make-good booked", _MAKEGOOD),
    _kind(events.SERVER_ADDED, "애드서버 연결", "Ad server added", _SERVER),
    _kind(events.SERVER_CHANGED, "애드서버 변경", "Ad server changed", {**_SERVER, "changed": "names of fields"}),
    _kind(events.SERVER_REMOVED, "애드서버 해제", "Ad server removed", _SERVER),
]  # fmt: skip
