"""Why sharing with another organisation are refused something; each code is Slack's name for it."""

from __future__ import annotations

from dure.kernel.errors import Conflict, Invalid, NotAllowed, NotFound


class ChannelArchived(Conflict):
    """An archived channel cannot be shared."""

    code = "channel_archived"


class WrongShareKind(Invalid):
    """A direct conversation cannot be shared."""

    code = "invalid_channel_type"


class PendingInvite(Conflict):
    """An invitation to them is open already."""

    code = "connection_limit_exceeded_pending"


class ConnectionLimit(Conflict):
    """The channel is shared with as many as it can be."""

    code = "connection_limit_exceeded"


class InviteUsed(Conflict):
    """The invitation was accepted already."""

    code = "invite_used"


class InviteOver(Conflict):
    """The invitation is not open any more."""

    code = "invalid_link"


class InviteFromSameOrg(Conflict):
    """The invitation comes from your own organisation."""

    code = "invite_from_same_org"


class InvalidRecipientTeam(NotAllowed):
    """The invitation is not for this workspace."""

    code = "invalid_recipient_team"


class EmailDoesNotMatch(NotAllowed):
    """The invitation is for another e-mail address."""

    code = "email_does_not_match"


class AlreadyApproved(Conflict):
    """Your side has approved this already."""

    code = "already_approved"


class ApprovalInactive(Conflict):
    """There is nothing to approve: nobody has accepted, or it is over."""

    code = "approval_inactive"


class CannotKickHomeTeam(NotAllowed):
    """The home workspace cannot be disconnected."""

    code = "cannot_kick_home_team"


class CannotKickTeam(NotAllowed):
    """Only the home workspace can disconnect another."""

    code = "cannot_kick_team"


class TeamNotFound(NotFound):
    """There is no such workspace."""

    code = "team_not_found"


class NotShared(NotFound):
    """The channel is not shared with this workspace."""


class PostOnlyHost(NotAllowed):
    """Who may only write cannot become the channel's host."""

    code = "post_only_host"


class TransferPending(Conflict):
    """Somebody was asked already to become the channel's host."""

    code = "transfer_pending"


class NoTransfer(Conflict):
    """Nobody was asked to become the channel's host."""

    code = "no_transfer"


class PendingConnected(Conflict):
    """Your organisation has accepted another invitation to this channel, which waits."""

    code = "is_pending_connected_to_org"


class UserIsRestricted(NotAllowed):
    """A guest cannot accept an invitation to share."""

    code = "user_is_restricted"
