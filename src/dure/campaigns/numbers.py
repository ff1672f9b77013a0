"""Telephone numbers as people write them, and as providers want them (E.164)."""

from __future__ import annotations

import re

_NUMBER = re.compile(r"\+?\d{7,15}")


def number(text: object) -> str:
    """The digits of a number, with a + where it begins with its country; "" for what is none."""
    digits = re.sub(r"[\s().\-/]", "", str(text)) if isinstance(text, str | int) and not isinstance(text, bool) else ""
    if digits.startswith("00"):
        digits = "+" + digits[2:]
    return digits if _NUMBER.fullmatch(digits) else ""


def international(digits: str, country: str) -> str:
    """With its country, which is `country` where it names none; "" where neither is known."""
    if digits.startswith("+"):
        return digits
    return country + digits.removeprefix("0") if country and digits else ""
