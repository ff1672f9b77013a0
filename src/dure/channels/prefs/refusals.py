"""Why a channel's own rules refuse something; each code is Slack's name for it."""

from __future__ import annotations

from dure.kernel.errors import Invalid


class InvalidPrefs(Invalid):
    """These are no rules for a channel."""

    code = "invalid_value"


class MentionsGoTogether(Invalid):
    """`enable_at_here` and `enable_at_channel` are set together, to the same."""

    code = "channel_mention_sync_required"
