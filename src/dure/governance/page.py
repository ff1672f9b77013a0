"""Governance's screens: who is here, what tokens are out, how the server is; when teams are open."""

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
    ),
    Page(
        "/opening-hours", "opening-hours", {"ko": "영업시간", "en": "Opening hours"}, "clock", "admin",
        "governance/hours.js", minimum_role="admin",
    ),
    Page(
        "/my-security", "my-security", {"ko": "내 보안", "en": "My security"}, "lock", None,
        "governance/signin/mine.js", minimum_role="guest",
    ),
    Page(
        "/audit", "audit", {"ko": "감사 기록", "en": "Audit"}, "clock", "admin", "governance/audit_page.js",
        minimum_role="guest", organisation=True,
    ),
]  # fmt: skip
