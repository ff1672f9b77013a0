"""What goes into a channel: the day's digest of a channel's or an order's lines, and a report of their numbers.

Each in Korean and English, as text and as blocks, from the same facts that screens show.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

from dure.pacing.gate import RANK
from dure.pacing.model import Alert, LineItem, Outlook
from dure.pacing.money import in_words

_MOST_LINES = 20
_MARK = {"critical": "🔴", "warning": "🟠", "watch": "🟡", "": "🟢"}
KINDS = {
    "not_launched": ("미송출", "Not launched"),
    "at_risk": ("미달 위험", "At risk"),
    "over": ("초과 집행", "Over-delivering"),
    "stopped": ("송출 중단", "Stopped"),
    "creative_rejected": ("소재 반려", "Creative rejected"),
    "creative_missing": ("소재 미수령", "Creative missing"),
    "not_ready": ("송출 준비 안 됨", "Not ready to launch"),
    "tracking_gap": ("집계 차이", "Tracking gap"),
    "ended_short": ("미달 종료", "Ended short"),
    "paused_with_budget": ("예산 남기고 정지", "Paused with budget left"),
    "data_stale": ("집계 지연", "Figures are stale"),
}


def digest(
    day: date, items: Sequence[LineItem], outlooks: Mapping[str, Outlook], alerts: Sequence[Alert], site: str
) -> dict[str, Any]:
    """Lines by severity: the alerts of each, the worst first, then how many are well."""
    by_item: dict[str, list[Alert]] = {}
    for alert in alerts:
        by_item.setdefault(alert.line_item, []).append(alert)
    worst = {key: max((RANK[alert.severity] for alert in found), default=0) for key, found in by_item.items()}
    troubled = sorted(
        (item for item in items if item.id in by_item), key=lambda one: (-worst[one.id], one.end_day, one.id)
    )
    well = [item for item in items if item.id not in by_item]
    money = sum(alert.money for alert in alerts)
    currency = items[0].currency if items else "KRW"
    counts = {
        level: sum(RANK[level] == worst[item.id] for item in troubled) for level in ("critical", "warning", "watch")
    }
    blocks: list[dict[str, Any]] = [
        {"type": "header", "text": {"type": "plain_text", "text": f"📋 {day.isoformat()} 페이싱 · Pacing today"}},
        _section(
            f"심각 Critical *{counts['critical']}* · 주의 Warning *{counts['warning']}*"
            f" · 관찰 Watch *{counts['watch']}* · 정상 Healthy *{len(well)}*"
            + (f"\n위험 금액 Money at risk *{in_words(money, currency)}*" if money else "")
        ),
    ]
    for item in troubled[:_MOST_LINES]:
        blocks.append(_section(_line(item, outlooks.get(item.id), by_item[item.id], site)))
    if len(troubled) > _MOST_LINES:
        blocks.append(_note(f"그 밖에 {len(troubled) - _MOST_LINES}건 · {len(troubled) - _MOST_LINES} more"))
    if not troubled:
        blocks.append(_section("모든 라인아이템이 정상입니다. · Every line item is healthy."))
    text = (
        f"{day.isoformat()} 페이싱 Pacing: 살펴볼 것 {len(troubled)} to look at, 정상 {len(well)} healthy"
        f" (심각 critical {counts['critical']})"
    )
    return {"text": text, "blocks": blocks, "troubled": len(troubled), "healthy": len(well), "money_at_risk": money,
            **counts}  # fmt: skip


def report(facts: Mapping[str, Any], site: str) -> dict[str, Any]:
    """The numbers of an order or a line item as a card."""
    lines: Sequence[Mapping[str, Any]] = facts["line_items"]
    blocks: list[dict[str, Any]] = [
        {"type": "header", "text": {"type": "plain_text", "text": f"📊 {facts['name']}"[:150]}},
        {
            "type": "section",
            "fields": [
                _field("달성 Delivered", f"{facts['delivered_percent']}%"),
                _field("온전히 집행 In full", f"{facts['in_full']} / {len(lines)}"),
                _field("예약 Booked", facts["booked_text"]),
                _field("청구 가능 Billable", facts["billable_text"]),
            ],
        },
    ]
    for line in lines[:_MOST_LINES]:
        forecast = f" → {line['forecast_percent']}%" if line["forecast_percent"] is not None else ""
        gap = f" · 집계 차이 gap {line['gap_percent']}%" if line["third_party"] else ""
        head = f"*<{site}/pacing/{line['line_item']}|{_plain(line['name'])}>*"
        got = f"{line['delivered_text']} / {line['goal']:,} ({line['delivered_percent']}%{forecast})"
        blocks.append(_section(f"{head}\n{got} · {line['start']} ~ {line['end']} · CTR {line['click_rate']}%{gap}"))
    if len(lines) > _MOST_LINES:
        blocks.append(_note(f"그 밖에 {len(lines) - _MOST_LINES}건 · {len(lines) - _MOST_LINES} more"))
    text = (
        f"{facts['name']}: {facts['delivered_percent']}% 달성 delivered, {facts['in_full']}/{len(lines)} 온전히 in full"
    )
    return {"text": text, "blocks": blocks}


def _line(item: LineItem, outlook: Outlook | None, alerts: Sequence[Alert], site: str) -> str:
    alerts = sorted(alerts, key=lambda one: -RANK[one.severity])
    ko, en = zip(*(KINDS[one.kind] for one in alerts), strict=True)
    mark = _MARK[alerts[0].severity]
    said = " · 확인됨 acknowledged" if all(one.acknowledged_at for one in alerts) else ""
    forecast = ""
    if outlook is not None and outlook.middle is not None:
        forecast = f"\n예상 Forecast {outlook.middle / item.goal:.0%} · 남은 {outlook.days_left}일 days left"
    return f"{mark} *<{site}/pacing/{item.id}|{_plain(item.name)}>* — {', '.join(ko)} · {', '.join(en)}{said}{forecast}"


def _plain(text: str) -> str:
    """Names are other people's words: no markup comes of them."""
    return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;").replace("|", "¦").replace("*", "∗")


def _section(text: str) -> dict[str, Any]:
    return {"type": "section", "text": {"type": "mrkdwn", "text": text[:2900]}}


def _note(text: str) -> dict[str, Any]:
    return {"type": "context", "elements": [{"type": "mrkdwn", "text": text}]}


def _field(label: str, value: str) -> dict[str, str]:
    return {"type": "mrkdwn", "text": f"*{label}*\n{value}"}
