"""What a metric's alert may start: it crossed its threshold, or is not as usual. Alerts are made where metrics are."""

from __future__ import annotations

from typing import Literal

import msgspec

from dure.automation.plugs import TriggerKind
from dure.kernel.filters import Filter
from dure.metrics.boards import events


class Told(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """`metric` is an id of the catalogue, empty for every metric that has an alert; `alert` one of several alerts."""

    metric: str = ""
    direction: Literal["above", "below", "either"] = "either"
    alert: str = ""


def _told(given: Told) -> list[Filter]:
    wanted = {"metric": given.metric, "alert": given.alert, "direction": given.direction.replace("either", "")}
    return [Filter(name, "=", value) for name, value in wanted.items() if value]


TRIGGERS = [
    TriggerKind(
        "metrics.crossed", {"ko": "지표가 기준을 넘으면", "en": "A metric crosses its threshold"}, events.CROSSED, Told,
        _told,
        {"ko": "지표에 건 알림의 기준을 위나 아래로 넘으면 시작합니다. 기준은 지표 화면의 알림에서 정합니다.",
         "en": "A metric goes above or below the threshold of an alert, which is made on the metric's page."},
    ),
    TriggerKind(
        "metrics.unusual", {"ko": "지표가 평소와 다르면", "en": "A metric is unusual"}, events.UNUSUAL, Told, _told,
        {"ko": "지표가 요일과 시간에 견주어 평소 범위를 벗어나면 시작합니다.",
         "en": "A metric leaves its usual range for this weekday and hour."},
    ),
]  # fmt: skip
