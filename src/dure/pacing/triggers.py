"""What pacing's alerts may start: each kind of alert is an event of its own."""

from __future__ import annotations

from typing import Literal

import msgspec

from dure.automation.plugs import TriggerKind
from dure.kernel.filters import Filter

ALERTS = {
    "at_risk": "Line Item At Risk",
    "not_launched": "Line Item Not Launched",
    "over": "Line Item Over Delivering",
    "stopped": "Line Item Stopped",
    "creative_rejected": "Creative Rejected",
    "creative_missing": "Creative Missing",
    "tracking_gap": "Tracking Gap",
    "ended_short": "Line Item Ended Short",
    "paused_with_budget": "Line Item Paused With Budget",
    "data_stale": "Delivery Data Stale",
    "recovered": "Line Item Recovered",
}


class Alert(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """`kind` is a kind of alert, or `recovered`; `channel` the id of the room where the line item's alerts go;
    `manager` a user's id."""

    kind: Literal[
        "at_risk", "not_launched", "over", "stopped", "creative_rejected", "creative_missing", "tracking_gap",
        "ended_short", "paused_with_budget", "data_stale", "recovered",
    ] = "at_risk"  # fmt: skip
    channel: str = ""
    manager: str = ""


def _where(given: Alert) -> list[Filter]:
    wanted = {"channel": given.channel, "manager": given.manager}
    return [Filter(name, "=", value) for name, value in wanted.items() if value]


TRIGGERS = [
    TriggerKind(
        "pacing.alert", {"ko": "페이싱 알림이 오면", "en": "Pacing alerts"}, ALERTS["at_risk"], Alert, _where,
        {"ko": "미달 위험, 미송출, 과다 집행 같은 알림이 시작되면 시작합니다.",
         "en": "A line item is at risk, has not launched, over-delivers or has another alert."},
        event_of=lambda given: ALERTS[given.kind],
    ),
]  # fmt: skip
