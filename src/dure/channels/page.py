"""Channels' screens."""

from __future__ import annotations

from dure.web.page import Page

PAGES = [
    Page(
        "/channels", "channels", {"ko": "채널", "en": "Channels"}, "hash", "channels", "channels/browse.js", key="c",
        minimum_role="guest", startup="channels/ready.js",
    ),
    Page(
        "/channels/{id}", "channel", {"ko": "채널", "en": "Channel"}, "hash", None, "channels/channel.js",
        minimum_role="guest",
    ),
]  # fmt: skip
