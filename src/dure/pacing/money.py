"""Amounts as cards say them."""

from __future__ import annotations

_WHOLE = frozenset({"KRW", "JPY", "VND", "CLP", "ISK", "UGX", "XAF", "XOF"})


def in_words(minor: int, currency: str) -> str:
    """1,230,400 KRW, 12,304.00 USD."""
    if currency in _WHOLE:
        return f"{minor:,} {currency}"
    return f"{minor / 100:,.2f} {currency}"
