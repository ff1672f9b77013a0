"""Social's screen: the stream of mentions, how many there are, and what one of them says."""

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
    Page("/social/reader", "reader", {"ko": "글 읽는 모델", "en": "Reader"}, "chat", None, "social/reading/page.js"),
]
