"""Why an act on the organisation's channels is refused; each code is Slack's name for it."""

from __future__ import annotations

from dure.kernel.errors import Conflict, Invalid, NotFound


class ChannelTypeNotSupported(Invalid):
    """This cannot be done with this kind of channel."""

    code = "channel_type_not_supported"


class InvalidTargetTeam(NotFound):
    """There is no such workspace in this organisation."""

    code = "invalid_target_team"


class TeamNotFound(NotFound):
    """There is no such workspace in this organisation."""

    code = "team_not_found"


class NoValidTeams(NotFound):
    """None of these is a workspace of this organisation."""

    code = "no_valid_teams"


class CouldNotSetTeams(Conflict):
    """The channel could not be given to these workspaces."""

    code = "could_not_set_teams_for_channel"


class CannotMoveLocal(Conflict):
    """A channel of one workspace is not moved to another by this; name its own workspace, too."""

    code = "cannot_move_local_channel"


class CouldNotDelete(Conflict):
    """A channel that is shared outside is deleted after the sharing has ended."""

    code = "could_not_delete_channel"


class TeamOrWhole(Invalid):
    """Name a workspace, or make it the whole organisation's."""

    code = "team_id_or_org_required"


class InProgress(Conflict):
    """Another act on many channels is under way."""

    code = "action_already_in_progress"


class NoValidChannels(Invalid):
    """None of these is a channel of this organisation."""

    code = "no_valid_channels"


class GroupNotFound(NotFound):
    """There is no such group."""

    code = "group_not_found"


class GroupAlreadyLinked(Conflict):
    """The channel is kept for this group already."""

    code = "group_already_linked_to_channel"


class GroupNotLinked(Conflict):
    """The channel is not kept for this group."""

    code = "group_not_linked_to_channel"


class ChannelNotPrivate(Invalid):
    """Only a private channel that is not shared outside is kept for groups."""

    code = "channel_is_not_private"


class DefaultRestricted(Conflict):
    """A default channel is not kept for groups."""

    code = "default_channel_restricted"


class BulkNotFound(NotFound):
    """There is no such act on many channels."""

    code = "bulk_action_not_found"
