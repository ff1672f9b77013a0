"""Why user groups are refused something; each code is Slack's name for it."""

from __future__ import annotations

from dure.kernel.errors import Conflict, Invalid, NotAllowed, NotFound


class GroupNotFound(NotFound):
    """There is no such group in this organisation."""

    code = "usergroup_not_found"


class InvalidTeams(Invalid):
    """One of these is no workspace of this organisation."""

    code = "invalid_team_ids"


class NoSuchGroup(NotFound):
    """There is no such user group here."""

    code = "no_such_subteam"


class GroupNameTaken(Conflict):
    """A user group of this name exists already."""

    code = "name_already_exists"


class HandleTaken(Conflict):
    """A user, channel or user group has this handle already."""

    code = "handle_already_exists"


class BadHandle(Invalid):
    """A handle has small letters, digits, hyphens, dots and underscores."""

    code = "invalid_handle"


class NoUsersProvided(Invalid):
    """Name at least one user."""

    code = "no_users_provided"


class InvalidUsers(Invalid):
    """There is somebody among these who is not here."""

    code = "invalid_users"


class PermissionDenied(NotAllowed):
    """Your role does not allow changing user groups."""

    code = "permission_denied"
