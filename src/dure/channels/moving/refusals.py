"""Why an export is refused."""

from __future__ import annotations

from dure.kernel.errors import Conflict, Invalid, NotFound


class MovingNotFound(NotFound):
    """There is no such import here (any more)."""

    code = "moving_not_found"


class MovingNotReady(Conflict):
    """The export was not read yet, or is being brought in at the moment."""

    code = "moving_not_ready"


class NotAnExport(Invalid):
    """This is no export of Slack."""

    code = "not_an_export"
