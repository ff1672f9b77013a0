"""Why a takeout is refused."""

from __future__ import annotations

from dure.kernel.errors import Conflict, NotFound


class TakeoutNotFound(NotFound):
    """There is no such export here (any more)."""

    code = "takeout_not_found"


class TakeoutNotReady(Conflict):
    """The export is not made yet."""

    code = "takeout_not_ready"
