"""Exports' screen."""

from __future__ import annotations

from dure.web.page import Page

PAGES = [
    Page(
        "/exports", "exports", {"ko": "내보내기", "en": "Exports"}, "file", "admin", "exports/exports.js",
        minimum_role="admin",
    )
]  # fmt: skip
