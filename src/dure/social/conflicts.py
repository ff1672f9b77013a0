"""Conflicts that screens show: in both languages, so that nobody reads the other one's."""

from __future__ import annotations

from typing import Any

from dure.kernel.errors import Conflict


def conflict(ko: str, en: str, field: str = "", **data: Any) -> Conflict:
    """`data` goes along with the sentences; a screen takes the one of its language."""
    return Conflict(en, field=field or None, data={**data, "ko": ko, "en": en})
