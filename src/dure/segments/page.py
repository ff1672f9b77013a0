"""The screens of segments."""

from dure.web.page import Page

PAGES = [
    Page("/segments", "segments", {"ko": "세그먼트", "en": "Segments"}, "segment", "grow", "segments/list.js", key="e"),
    Page(
        "/segments/new", "segment-new", {"ko": "새 세그먼트", "en": "New segment"}, "segment", None,
        "segments/builder/page.js",
    ),
    Page(
        "/segments/{id}/edit", "segment-edit", {"ko": "세그먼트 고치기", "en": "Edit segment"}, "segment", None,
        "segments/builder/page.js",
    ),
    Page("/segments/{id}", "segment", {"ko": "세그먼트", "en": "Segment"}, "segment", None, "segments/segment.js"),
    Page("/stages", "stages", {"ko": "단계", "en": "Stages"}, "board", "grow", "segments/stages.js"),
    Page("/scores", "scores", {"ko": "점수", "en": "Scores"}, "gauge", "grow", "segments/scores.js"),
    Page("/scores/{id}", "score", {"ko": "점수", "en": "Score"}, "gauge", None, "segments/score.js"),
    Page("/handovers", "handovers", {"ko": "인계", "en": "Handovers"}, "send", "grow", "segments/handovers.js"),
    Page("/handovers/{id}", "handover", {"ko": "인계", "en": "Handover"}, "send", None, "segments/handover.js"),
]  # fmt: skip
