"""Elements into which something is written or put: texts, numbers, addresses, files."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from dure.channels.blockkit.composition import action_id, dispatch, kind, placeholder
from dure.channels.blockkit.rich_text import rich_text
from dure.channels.blockkit.shape import Check, Findings, Place, fail, flag, many, pattern, shape, text, whole

_FIELD: dict[str, Check] = {
    "action_id": action_id, "placeholder": placeholder, "focus_on_load": flag, "dispatch_action_config": dispatch,
}  # fmt: skip
_number = pattern(r"[+-]?\d{1,30}(\.\d{1,30})?", "a number")


def _lengths(value: Mapping[str, Any], place: Place, found: Findings) -> None:
    least, most = value.get("min_length"), value.get("max_length")
    if isinstance(least, int) and isinstance(most, int) and least > most:
        fail(found, "`min_length` must be less than or equal to `max_length`", (place, "min_length"))


FIELDS: Mapping[str, Check] = {
    "plain_text_input": shape(
        {"type": kind},
        {**_FIELD, "initial_value": text(3000, 0), "multiline": flag, "min_length": whole(0, 3000),
         "max_length": whole(1, 3000)},
        _lengths,
    ),
    "rich_text_input": shape({"type": kind}, {**_FIELD, "initial_value": rich_text}),
    "email_text_input": shape({"type": kind}, {**_FIELD, "initial_value": text(3000, 0)}),
    "url_text_input": shape({"type": kind}, {**_FIELD, "initial_value": text(3000, 0)}),
    "number_input": shape(
        {"type": kind, "is_decimal_allowed": flag},
        {**_FIELD, "initial_value": _number, "min_value": _number, "max_value": _number},
    ),
    "file_input": shape(
        {"type": kind}, {"action_id": action_id, "filetypes": many(text(50), 100), "max_files": whole(1, 10)}
    ),
}  # fmt: skip
