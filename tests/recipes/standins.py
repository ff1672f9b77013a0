"""What other parts bring: stands in only where the main program does not have it yet."""

from __future__ import annotations

from typing import Any

import msgspec

from dure.automation.api import Automation
from dure.automation.plugs import EventKind, StepKind


def _struct(name: str, required: str = "", optional: str = "") -> type[msgspec.Struct]:
    fields: list[Any] = [(one, Any) for one in required.split()] + [(one, Any, None) for one in optional.split()]
    return msgspec.defstruct(name, fields, frozen=True, forbid_unknown_fields=True)


def _out(name: str, texts: str = "", others: str = "") -> type[msgspec.Struct]:
    fields: list[Any] = [(one, str) for one in texts.split()] + [(one, list[Any]) for one in others.split()]
    return msgspec.defstruct(name, fields, frozen=True)


async def _run(*_: Any) -> msgspec.Struct:
    raise NotImplementedError


_KINDS = [
    ("channels.kick", "channel users", "", "", "users"),
    ("channels.archive", "channel", "", "channel", ""),
    ("channels.ask", "channel", "title text form fields button of function once blocks thread", "ask channel ts", ""),
    ("channels.approval", "channel question", "text of function note blocks thread", "ask channel ts", ""),
    ("deals.task", "subject", "about owner due_in priority description", "task", ""),
    ("deals.note", "about text", "title", "note", ""),
    ("pacing.creative", "creative status", "reason", "creative status", ""),
    ("pacing.report", "", "line_item order", "text", "blocks"),
    ("pacing.digest", "", "channel order", "text", "blocks"),
    ("pacing.makegood", "makegood", "by", "line_item", ""),
    ("pacing.update", "line_item", "trafficking by state end priority goal", "line_item", ""),
]
_ITEM = "line_item name account_name campaign deal order channel manager goal goal_text budget currency start end path"
_ALERT = f"{_ITEM} delivered delivered_text delivered_percent days_left needed_text alert notice episode kind"
_DEAL = "deal name stage amount probability account_name owner close_date channel path"
_EVENTS = {
    "deals": {
        "Deal Stale": f"{_DEAL} days_quiet", "Deal Single Threaded": f"{_DEAL} contacts", "Deal Overdue": _DEAL,
        "Task Created": "task subject about owner due", "Task Done": "task subject about owner due",
        "Lead Created": "lead name company owner",
    },
    "pacing": {
        "Creative Received": f"{_ITEM} creative creative_name", "Creative Checked": f"{_ITEM} creative creative_name"
                                                                                    f" ok reasons reasons_text",
        "Creative Rejected": f"{_ITEM} creative creative_name", "Creative Missing": f"{_ITEM} creative creative_name"
                                                                                    f" days_before",
        "Trafficking Done": f"{_ITEM} trafficked_by", "Line Item Launched": _ITEM, "Line Item Over Delivering": _ALERT,
        "Line Item Stopped": _ALERT, "Line Item Paused With Budget": _ALERT, "Tracking Gap": _ALERT,
        "Line Item Ended Short": _ALERT, "Delivery Data Stale": "source", "Delivery Data Fresh": "source",
        "Alert Acknowledged": f"{_ITEM} alert", "Makegood Proposed": f"{_ITEM} makegood units_text makegood_start"
                                                                     f" makegood_end reason",
        "Flight Midpoint": _ITEM,
    },
    "channels": {
        "Form Answered": "ask by values decision note text form what", "Command Used": "command text user channel",
    },
}  # fmt: skip


def lend(automation: Automation) -> list[str]:
    """Offers what is missing; returns its names."""
    lent = []
    for name, required, optional, texts, others in _KINDS:
        if name not in automation._kinds:
            title = {"ko": name, "en": name}
            shape = name.title().replace(".", "")
            automation._kinds[name] = StepKind(
                name, title, _struct(shape, required, optional), _out(f"{shape}Out", texts, others), _run
            )
            lent.append(name)
    for room, kinds in _EVENTS.items():
        for name, properties in kinds.items():
            if name not in automation._events:
                automation.offer(kinds_of_events=[
                    EventKind(name, {"ko": name, "en": name}, room, dict.fromkeys(properties.split(), "text"))
                ])  # fmt: skip
                lent.append(name)
    return lent
