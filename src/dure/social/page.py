"""Social's screens: the stream of mentions, how they are routed, and the ideas that people ask for."""

from __future__ import annotations

from dure.web.page import Page

_SOURCES = {"ko": "소스", "en": "Sources"}

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
    # The longer address stands before the one that takes any word for a source's id.
    Page("/social/sources", "social-sources", _SOURCES, "globe", None, "social/sources.js"),
    Page("/social/sources/connect", "connect-source", _SOURCES, "globe", None, "social/sources_connect.js"),
    Page("/social/sources/{id}", "social-source", _SOURCES, "globe", None, "social/source.js"),
    Page("/social/reader", "reader", {"ko": "글 읽는 모델", "en": "Reader"}, "chat", None, "social/reading/page.js"),
    Page("/routing", "social-routing", {"ko": "언급 배정", "en": "Routing"}, "send", "work", "social/routing.js"),
    Page("/ideas", "social-ideas", {"ko": "아이디어", "en": "Ideas"}, "star", "work", "social/ideas.js"),
    Page("/advocacy", "advocacy", {"ko": "사내 공유", "en": "Advocacy"}, "reply", "work", "social/advocacy.js"),
    Page("/listening", "listening", {"ko": "듣기", "en": "Listening"}, "mega", "work", "social/listening.js", "w"),
]
