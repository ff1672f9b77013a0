"""Numbers as texts for messages and pictures, in Korean and English. Screens write their own (`static/written.js`)."""

from __future__ import annotations

from dure.metrics.model import Unit

_DECIMALS = {"KRW": 0, "JPY": 0}
_SIGNS = {"KRW": "₩", "JPY": "¥", "USD": "$", "EUR": "€", "GBP": "£"}
_SPANS = ((86_400, "일", "d"), (3600, "시간", "h"), (60, "분", "m"), (1, "초", "s"))


def written(value: float | None, unit: Unit = "count", language: str = "ko", currency: str = "KRW") -> str:
    """A metric's number: shares as percent, seconds as durations, money from minor units."""
    if value is None:
        return "–"
    match unit:
        case "percent":
            return f"{value * 100:,.1f}%"
        case "seconds":
            return duration(value, language)
        case "money":
            return money(value, currency, language)
        case _:
            return f"{value:,.0f}" if float(value).is_integer() or abs(value) >= 1000 else f"{value:,.2f}"


def duration(seconds: float, language: str) -> str:
    """The two largest units: `1분 30초`, `2h 5m`."""
    left, parts = round(abs(seconds)), []
    for size, ko, en in _SPANS:
        count, left = divmod(left, size)
        parts.append(f"{count:,}{ko if language == 'ko' else en}" if count else "")
    first = next((at for at, part in enumerate(parts) if part), len(parts) - 1)
    text = " ".join(part for part in parts[first : first + 2] if part)
    return ("-" if seconds < 0 else "") + (text or ("0초" if language == "ko" else "0s"))


def money(minor: float, currency: str, language: str) -> str:
    """`₩1,250,000`, `1,250,000원`, `$12.50`."""
    decimals = _DECIMALS.get(currency, 2)
    amount = abs(minor) / 10**decimals
    sign = "-" if minor < 0 else ""
    if currency == "KRW" and language == "ko":
        return f"{sign}{amount:,.0f}원"
    return f"{sign}{_SIGNS.get(currency, currency + ' ')}{amount:,.{decimals}f}"


def changed(change: float | None) -> str:
    """A change as a signed percent, "" where there is none."""
    return "" if change is None else f"{change * 100:+,.1f}%"
