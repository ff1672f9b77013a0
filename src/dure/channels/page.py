"""Channels' screens."""

from __future__ import annotations

from dure.web.page import Page

_BROWSE = {"ko": "채널 둘러보기", "en": "Browse channels"}

# The list has an address beside the channels', so that the sidebar does not show it as open while a channel is.
PAGES = [
    Page(
        "/channels/threads", "threads", {"ko": "스레드", "en": "Threads"}, "thread", "channels", "channels/threads.js",
        key="r", minimum_role="guest",
    ),
    Page(
        "/channels/drafts", "drafts", {"ko": "임시 저장과 예약", "en": "Drafts and scheduled"}, "edit", "channels",
        "channels/drafts_page.js", minimum_role="guest",
    ),
    Page(
        "/channels/all", "channels", _BROWSE, "find", "channels", "channels/browse.js", key="c",
        minimum_role="guest", startup="channels/ready.js",
    ),
    Page("/channels", "channels-root", _BROWSE, "find", None, "channels/browse.js", minimum_role="guest"),
    Page(
        "/channels/{id}", "channel", {"ko": "채널", "en": "Channel"}, "hash", None, "channels/channel.js",
        minimum_role="guest",
    ),
]  # fmt: skip
