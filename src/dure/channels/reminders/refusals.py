"""Why reminders are refused something; each code is Slack's name for it."""

from __future__ import annotations

from dure.kernel.errors import Invalid, NotAllowed, NotFound


class CannotParse(Invalid):
    """The time is not clear: write 20, in 5 minutes, tomorrow at 9, 30분 뒤 or 내일 9시."""

    code = "cannot_parse"


class CannotAddBot(Invalid):
    """An app cannot be reminded."""

    code = "cannot_add_bot"


class CannotAddOthers(NotAllowed):
    """A guest can remind nobody else."""

    code = "cannot_add_others"


class CannotCompleteOthers(NotAllowed):
    """Only who is reminded can complete this."""

    code = "cannot_complete_others"


class ReminderNotFound(NotFound):
    """There is no such reminder."""

    code = "not_found"
