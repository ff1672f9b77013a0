"""Home."""

from __future__ import annotations

from dure.web.page import Page

PAGES = [
    Page(
        "/",
        "home",
        {"ko": "홈", "en": "Home"},
        "inbox",
        "today",
        "home/home.js",
        key="h",
        minimum_role="guest",
        startup="home/late.js",
    ),
    Page(
        "/status",
        "status",
        {"ko": "상태", "en": "Status"},
        "gauge",
        "admin",
        "home/status.js",
        key="t",
        minimum_role="admin",
    ),
]
