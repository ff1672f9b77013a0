"""Social's screens: the stream of mentions, how they are routed, and the ideas that people ask for."""

from __future__ import annotations

from dure.web.page import Page

_PUBLISHING = {"ko": "게시", "en": "Publishing"}
_REVIEW = {"ko": "게시글 승인", "en": "Posts to approve"}
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
    # As the sidebar has them: what is heard and answered, what is said, what comes of it.
    Page("/inbox", "inbox", {"ko": "상담함", "en": "Inbox"}, "inbox", "work", "social/care/page.js", "i"),
    Page(
        "/response-times", "response-times", {"ko": "응답 시간", "en": "Response times"}, "clock", "work",
        "social/clocks/page.js",
    ),
    Page("/routing", "social-routing", {"ko": "언급 배정", "en": "Routing"}, "send", "work", "social/routing.js"),
    Page("/listening", "listening", {"ko": "듣기", "en": "Listening"}, "mega", "work", "social/listening.js", "w"),
    Page("/publishing", "publishing", _PUBLISHING, "calendar", "work", "social/publishing/calendar.js", "k"),
    Page("/advocacy", "advocacy", {"ko": "사내 공유", "en": "Advocacy"}, "reply", "work", "social/advocacy.js"),
    Page("/ideas", "social-ideas", {"ko": "아이디어", "en": "Ideas"}, "star", "work", "social/ideas.js"),
    # The longer address stands before the one that takes any word for a source's id.
    Page("/social/sources", "social-sources", _SOURCES, "globe", None, "social/sources.js"),
    Page("/social/sources/connect", "connect-source", _SOURCES, "globe", None, "social/sources_connect.js"),
    Page("/social/sources/{id}", "social-source", _SOURCES, "globe", None, "social/source.js"),
    Page("/social/reader", "reader", {"ko": "글 읽는 모델", "en": "Reader"}, "chat", None, "social/reading/page.js"),
    Page("/publishing/review", "publishing-review", _REVIEW, "check", None, "social/publishing/review.js"),
    Page("/publishing/rules", "publishing-rules", _PUBLISHING, "cog", None, "social/publishing/rules.js"),
    Page("/publishing/{id}", "publishing-post", _PUBLISHING, "calendar", None, "social/publishing/composer.js"),
]  # fmt: skip
