"""The screens of metrics."""

from dure.web.page import Page

PAGES = [
    Page("/metrics", "metrics", {"ko": "지표", "en": "Metrics"}, "chart", "today", "metrics/board.js", key="m"),
    Page("/metrics/explore", "explore", {"ko": "질문", "en": "Explore"}, "find", "today", "metrics/explore.js", "x"),
]
