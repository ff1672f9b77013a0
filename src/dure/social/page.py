"""Social's screens: the stream of mentions, how they are routed, and the ideas that people ask for."""

from __future__ import annotations

from dure.web.page import Page

PAGES = [
    Page(
        path="/social",
        name="social",
        title={"ko": "소셜", "en": "Social"},
        icon="chat",
        group="work",
        module="social/social.js",
        key="s",
    ),
    Page("/routing", "social-routing", {"ko": "언급 배정", "en": "Routing"}, "send", "work", "social/routing.js"),
    Page("/ideas", "social-ideas", {"ko": "아이디어", "en": "Ideas"}, "star", "work", "social/ideas.js"),
]
