"""Pacing's screens: today's risks, the tables of line items and orders, and a line item's own page."""

from __future__ import annotations

from dure.web.page import Page

_TITLE = {"ko": "페이싱", "en": "Pacing"}

# The longer addresses stand before the one that takes any word for a line item's id.
PAGES = [
    Page("/pacing", "pacing", _TITLE, "gauge", "work", "pacing/board.js", key="p", startup="pacing/ready.js"),
    Page("/pacing/lines", "line-items", {"ko": "라인아이템", "en": "Line items"}, "gauge", None, "pacing/table.js"),
    Page("/pacing/orders", "orders", {"ko": "주문", "en": "Orders"}, "gauge", None, "pacing/orders.js"),
    Page("/pacing/servers", "ad-servers", {"ko": "애드서버", "en": "Ad servers"}, "gauge", None, "pacing/servers.js"),
    Page("/pacing/{id}", "line-item", _TITLE, "gauge", None, "pacing/line.js"),
]
