"""The screens of metrics."""

from dure.web.page import Page

_CATALOGUE = {"ko": "지표 목록", "en": "Catalogue"}
_TREE = {"ko": "북극성", "en": "North Star"}

PAGES = [
    Page("/analytics", "metrics", {"ko": "지표", "en": "Metrics"}, "chart", "today", "metrics/board.js", key="m"),
    Page("/journey", "journey", {"ko": "여정", "en": "Journey"}, "flag", "today", "metrics/journey.js", key="j"),
    Page("/explore", "explore", {"ko": "질문", "en": "Explore"}, "find", "today", "metrics/explore.js", "x"),
    Page("/metrics/catalogue", "catalogue", _CATALOGUE, "book", "today", "metrics/catalogue/list.js", "l"),
    Page("/metrics/catalogue/{id}", "metric", _CATALOGUE, "book", None, "metrics/catalogue/metric.js"),
    Page("/metrics/trees", "trees", _TREE, "star", "today", "metrics/tree/page.js", "y"),
    Page("/metrics/trees/{id}", "tree", _TREE, "star", None, "metrics/tree/page.js"),
]
