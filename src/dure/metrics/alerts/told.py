"""What an alert says: the properties of its event, with a sentence in each language."""

from __future__ import annotations

from typing import Any
from zoneinfo import ZoneInfo

from dure.metrics.alerts.model import Alert, Reading
from dure.metrics.boards.written import written
from dure.metrics.model import Metric

_WAY = {"above": ("위", "above"), "below": ("아래", "below")}
# A metric that is shown by the week may be watched by the day: its number is then another, and says so.
_EVERY = {"hour": ("시간별", "hourly"), "day": ("일별", "daily"), "week": ("주별", "weekly")}


def sentences(alert: Alert, metric: Metric, reading: Reading, zone: ZoneInfo, currency: str) -> dict[str, Any]:
    """The properties of *Metric Crossed* or *Metric Unusual*."""
    at = reading.at.astimezone(zone)
    when = at.strftime("%m/%d %H:%M" if alert.every == "hour" else "%m/%d")

    def text(value: float | None, language: str) -> str:
        return written(value, metric.unit, language, metric.currency or currency)

    named_ko, named_en = f"{metric.name_ko}({_EVERY[alert.every][0]})", f"{metric.name_en} ({_EVERY[alert.every][1]})"
    shared: dict[str, Any] = {
        "alert": alert.id, "metric": metric.id, "name_ko": metric.name_ko, "name_en": metric.name_en,
        "function": metric.function, "value": reading.value, "value_text": text(reading.value, "en"),
        "interval": at.isoformat(), "every": alert.every, "channel": alert.channel,
        "path": f"/analytics?alert={alert.id}",
    }  # fmt: skip
    if alert.kind != "unusual":
        ko, en = _WAY[alert.kind]
        row = "" if alert.intervals == 1 else str(alert.intervals)
        return {
            **shared, "direction": alert.kind, "threshold": alert.threshold, "expected": None, "low": None,
            "high": None,
            "text_ko": f"{named_ko} {text(reading.value, 'ko')}: 기준 {text(alert.threshold, 'ko')}보다 {ko}"
            f"{f', {row}번 연속' if row else ''} ({when})",
            "text_en": f"{named_en} {text(reading.value, 'en')}: {en} {text(alert.threshold, 'en')}"
            f"{f', {row} in a row' if row else ''} ({when})",
        }  # fmt: skip
    direction = "above" if (reading.value or 0) > (reading.expected or 0) else "below"
    ko, en = _WAY[direction]
    return {
        **shared, "direction": direction, "threshold": None, "expected": reading.expected, "low": reading.low,
        "high": reading.high, "rate": alert.rate,
        "text_ko": f"{named_ko} {text(reading.value, 'ko')}: 평소보다 {ko}. 보통 {text(reading.low, 'ko')}"
        f"에서 {text(reading.high, 'ko')} 사이 ({when})",
        "text_en": f"{named_en} {text(reading.value, 'en')}: unusual, {en} the usual {text(reading.low, 'en')}"
        f" to {text(reading.high, 'en')} ({when})",
    }  # fmt: skip
