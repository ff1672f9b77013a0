"""Pacing's screens: the table, and a line item's own address that opens it beside the table."""

from __future__ import annotations

from dure.web.page import Page

PAGES = [
    Page(
        "/pacing",
        "pacing",
        {"ko": "페이싱", "en": "Pacing"},
        "gauge",
        "work",
        "pacing/table.js",
        key="p",
        startup="pacing/ready.js",
    ),
    Page("/pacing/{id}", "line-item", {"ko": "페이싱", "en": "Pacing"}, "gauge", None, "pacing/table.js"),
]
