"""Ingest's screen: where events come from, and what was refused."""

from __future__ import annotations

from dure.web.page import Page

PAGES = [
    Page(
        "/sources", "sources", {"ko": "이벤트 소스", "en": "Event sources"}, "send", "admin", "ingest/sources.js",
        key="o", minimum_role="admin",
    )
]  # fmt: skip
