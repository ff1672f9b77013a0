"""The screens of metrics."""

from dure.web.page import Page

PAGES = [
    Page("/analytics", "metrics", {"ko": "지표", "en": "Metrics"}, "chart", "today", "metrics/board.js", key="m"),
    Page("/explore", "explore", {"ko": "질문", "en": "Explore"}, "find", "today", "metrics/explore.js", "x"),
]
