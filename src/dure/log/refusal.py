"""What ClickHouse refuses, as an error that says which limit was met and what to do."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

from dure.kernel.errors import Cancelled, DureError, Invalid, TooLarge, Unavailable

_SAID = re.compile(r"Code: \d+\. DB::Exception: ([^\n]*?)(?: \(version [^()]*(?:\([^()]*\))?\))?$", re.MULTILINE)
# chdb shows the statement with the settings that we added behind it.
_SETTING = r"\w+ = (?:'(?:[^'\\]|\\.)*'|[\w.]+)"
_OURS = re.compile(rf" SETTINGS max_execution_time{_SETTING[3:]}(?:, {_SETTING})*(?: FORMAT Native)?")
_ASK_LESS = "Ask a shorter range, fewer events or a breakdown with fewer values."


def refusal(error: Exception, settings: Mapping[str, Any], *, unreachable: bool = False) -> DureError:
    """The error of ours for one of ClickHouse's; `settings` are those the statement ran with, `unreachable` whether
    the client says that nobody answers."""
    match getattr(error, "name", None):
        case "QUERY_WAS_CANCELLED" | "QUERY_WAS_CANCELLED_BY_CLIENT":
            return Cancelled("The question was cancelled.")
        case "TIMEOUT_EXCEEDED" | "TOO_SLOW":
            return _stopped(Unavailable, "time", f"{float(settings['max_execution_time']):g} seconds", settings)
        case "MEMORY_LIMIT_EXCEEDED":
            most = int(settings.get("max_memory_usage", 0))
            return _stopped(Unavailable, "memory", f"{most >> 20} MB of memory" if most else "memory", settings)
        case "TOO_MANY_ROWS" | "TOO_MANY_BYTES":
            return _stopped(TooLarge, "rows", f"{settings.get('max_rows_to_read', 0):,} rows to read", settings)
        case "TOO_MANY_ROWS_OR_BYTES":
            return _stopped(TooLarge, "result_rows", f"{settings.get('max_result_rows', 0):,} rows of answer", settings)
    if unreachable:
        return Unavailable(f"The log does not answer: {first_line(error)}")
    return Invalid(first_line(error))


def first_line(error: Exception) -> str:
    """What ClickHouse says, without its own numbering around it."""
    text = str(error)
    said = _SAID.search(text)
    return _OURS.sub("", said[1] if said else text.split("\n")[0]).strip()[:600]


_SETTINGS = {
    "time": "max_execution_time", "memory": "max_memory_usage", "rows": "max_rows_to_read",
    "result_rows": "max_result_rows",
}  # fmt: skip


def _stopped(kind: type[DureError], limit: str, of: str, settings: Mapping[str, Any]) -> DureError:
    data = {"limit": limit, "most": settings.get(_SETTINGS[limit])}
    return kind(f"The question was stopped at its limit of {of}. {_ASK_LESS}", data=data)
