"""Why quiet hours are refused something; each code is Slack's name for it."""

from __future__ import annotations

from dure.kernel.errors import Conflict


class SnoozeNotActive(Conflict):
    """Notifications are not paused."""

    code = "snooze_not_active"
