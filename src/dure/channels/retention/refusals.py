"""Why retention refuses something. Each code is the name that Slack's clients know it by."""

from __future__ import annotations

from dure.channels.refusals import RestrictedAction
from dure.kernel.errors import Conflict, Invalid, NotAllowed, NotFound


class OverrideNotAllowed(NotAllowed):
    """The organisation does not let a channel have a length of its own."""

    code = "retention_override_not_allowed"


class DurationOutOfRange(Invalid):
    """A message is kept for 1 to 36,499 days."""

    code = "invalid_duration"


class ChannelTypeNotSupported(Invalid):
    """A direct conversation has no length of its own."""

    code = "channel_type_not_supported"


class DeletionPrevented(NotAllowed):
    """What was said here is kept; nobody deletes it."""

    code = "compliance_exports_prevent_deletion"


class HostAlone(RestrictedAction):
    """A side that may only write here does not say how long it is kept."""


class HoldNotFound(NotFound):
    """There is no such hold."""

    code = "hold_not_found"


class HoldReleased(Conflict):
    """The hold was released already."""

    code = "hold_released"
