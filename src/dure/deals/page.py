"""Deals' screens: the board, and a deal's own address that opens it beside the board."""

from __future__ import annotations

from dure.web.page import Page

PAGES = [
    Page(
        "/deals",
        "deals",
        {"ko": "거래", "en": "Deals"},
        "board",
        "work",
        "deals/board.js",
        key="d",
        startup="deals/ready.js",
    ),
    Page("/deals/{id}", "deal", {"ko": "거래", "en": "Deal"}, "board", None, "deals/board.js"),
]
