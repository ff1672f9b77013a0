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
    Page("/listening", "listening", {"ko": "듣기", "en": "Listening"}, "mega", "work", "social/listening.js", "w"),
]
