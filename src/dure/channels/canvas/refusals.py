"""Why a channel's page are refused something; each code is Slack's name for it."""

from __future__ import annotations

from dure.kernel.errors import Conflict, Invalid, NotFound


class CanvasNotFound(NotFound):
    """There is no such page here."""

    code = "canvas_not_found"


class CanvasDeleted(NotFound):
    """The page was deleted."""

    code = "canvas_deleted"


class CanvasExists(Conflict):
    """The channel has a page already."""

    code = "channel_canvas_already_exists"


class CanvasEditingFailed(Invalid):
    """The changes cannot be made to this page."""

    code = "canvas_editing_failed"
