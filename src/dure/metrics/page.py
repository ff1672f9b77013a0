"""The screens of metrics."""

from dure.web.page import Page

PAGES = [
    Page("/analytics", "metrics", {"ko": "지표", "en": "Metrics"}, "chart", "today", "metrics/board.js", key="m"),
    Page("/journey", "journey", {"ko": "여정", "en": "Journey"}, "flag", "today", "metrics/journey.js", key="j"),
    Page("/explore", "explore", {"ko": "질문", "en": "Explore"}, "find", "today", "metrics/explore.js", "x"),
]
