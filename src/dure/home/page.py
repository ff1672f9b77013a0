"""Home."""

from __future__ import annotations

from dure.web.page import Page

PAGES = [
    Page("/", "home", {"ko": "홈", "en": "Home"}, "inbox", "today", "home/home.js", key="h", minimum_role="guest"),
]
