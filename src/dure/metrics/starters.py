"""One metric of each team to begin with, and the board that shows them side by side."""

from __future__ import annotations

from typing import Any

from dure.metrics.model import NewBoard, NewMetric, Reading, Tile


def _trend(*series: dict[str, Any], **more: Any) -> dict[str, Any]:
    return {"kind": "trend", "series": list(series), **more}


METRICS = (
    NewMetric(
        id="weekly-listeners", name_ko="주간 청취자", name_en="Weekly listeners", function="product",
        about_ko="한 주에 한 번이라도 방송을 들은 사람. 우리의 북극성 지표입니다.",
        about_en="People who listened to at least one broadcast in a week. Our North Star.",
        question=_trend({"event": "Listen Started", "math": "people"}, interval="week"), reading=Reading(at="last"),
    ),
    NewMetric(
        id="day-7-return", name_ko="가입 7일 뒤 재청취", name_en="Day-7 return", function="marketing", unit="percent",
        about_ko="가입한 뒤 1일에서 7일 사이에 다시 들은 사람의 비율.",
        about_en="Share of new sign-ups who listened again one to seven days later.",
        question={
            "kind": "retention", "start": {"event": "Signed Up", "first_time": True},
            "return": {"event": "Listen Started"}, "measure": "bracket", "brackets": [7], "intervals": 30,
        },
        reading=Reading(column=1), target=0.4,
    ),
    NewMetric(
        id="deals-won", name_ko="성사된 계약", name_en="Deals won", function="sales",
        about_ko="기간 안에 성사된 계약의 수.", about_en="Deals won in the range.",
        question=_trend({"event": "Deal Won"}, interval="week"),
    ),
    NewMetric(
        id="delivered-impressions", name_ko="집행된 노출", name_en="Delivered impressions", function="ad_ops",
        about_ko="광고 서버가 알려 준 노출 수의 합.", about_en="Impressions that ad servers reported as delivered.",
        question=_trend({"event": "Delivery Recorded", "math": "sum", "prop": "impressions"}),
    ),
    NewMetric(
        id="mention-sentiment", name_ko="언급의 감정", name_en="Mention sentiment", function="social",
        about_ko="들어온 언급의 감정 평균. -1은 모두 부정, 1은 모두 긍정입니다.",
        about_en="Mean sentiment of the mentions that arrived: -1 all negative, 1 all positive.",
        question=_trend({"event": "Mention Arrived", "math": "average", "prop": "sentiment"}, interval="day"),
        target=0.2,
    ),
    NewMetric(
        id="response-seconds", name_ko="응답까지 걸린 시간", name_en="Time to answer", function="care", unit="seconds",
        about_ko="고객의 글에 답할 때까지 걸린 시간의 중앙값.", 
        about_en="Median time until a customer's message was answered.",
        question=_trend({"event": "Response Answered", "math": "median", "prop": "seconds"}),
        direction="down", target=3600,
    ),
)  # fmt: skip

BOARD = NewBoard(
    id="teams", name_ko="다섯 팀", name_en="Five teams", tiles=tuple(Tile(metric=metric.id) for metric in METRICS)
)
