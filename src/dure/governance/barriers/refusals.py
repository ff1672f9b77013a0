"""Why a barrier is refused, and what it refuses; each code is Slack's name for it, where it has one."""

from __future__ import annotations

from dure.kernel.errors import Conflict, Invalid, NotAllowed, NotFound


class BarrierNotFound(NotFound):
    """There is no such barrier."""

    code = "barrier_not_found"


class PrimaryNotFound(NotFound):
    """There is no such group to keep apart."""

    code = "primary_usergroup_not_found"


class GroupsNotFound(NotFound):
    """One of the groups to be kept apart from is not there."""

    code = "barriered_from_usergroups_not_found"


class BarrierExists(Conflict):
    """A barrier stands between two of these groups already."""

    code = "barrier_already_exists"


class InvalidSubjects(Invalid):
    """A barrier keeps people from direct messages, group messages and calls: all of im, mpim, call."""

    code = "invalid_restricted_subjects"


class BarrierCrossed(NotAllowed):
    """An information barrier keeps these people apart."""

    code = "restricted_action"
