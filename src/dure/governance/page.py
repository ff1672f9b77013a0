"""Governance's screen: who is here, what tokens are out, how the server is."""

from __future__ import annotations

from dure.web.page import Page

PAGES = [
    Page(
        path="/admin",
        name="admin",
        title={"ko": "사람과 권한", "en": "People and access"},
        icon="cog",
        group="admin",
        module="governance/admin.js",
        key="u",
        minimum_role="admin",
    )
]
