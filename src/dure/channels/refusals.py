"""Why channels refuse something. Each code is the name that Slack's clients know it by.

NotFound    channel_not_found, message_not_found, thread_not_found, user_not_found, users_not_found,
            no_reaction, invite_not_found
Conflict    name_taken, is_archived, not_archived, already_archived, already_in_channel, already_reacted,
            has_already_connected_to_org
NotAllowed  not_in_channel, cant_update_message, cant_delete_message, restricted_action, not_owner
Invalid     invalid_name, no_text, bad_timestamp, method_not_supported_for_channel_type, invalid_blocks, …
TooLarge    msg_too_long, msg_blocks_too_long
"""

from __future__ import annotations

from dure.kernel.errors import Conflict, Invalid, NotAllowed, NotFound, TooLarge


class ChannelNotFound(NotFound):
    """There is no such channel here."""

    code = "channel_not_found"


class MessageNotFound(NotFound):
    """There is no such message in this channel."""

    code = "message_not_found"


class ThreadNotFound(NotFound):
    """There is no such thread in this channel."""

    code = "thread_not_found"


class UserNotFound(NotFound):
    """There is no such user here."""

    code = "user_not_found"


class UsersNotFound(NotFound):
    """There is nobody with this e-mail here."""

    code = "users_not_found"


class NoReaction(NotFound):
    """You have not reacted so."""

    code = "no_reaction"


class InviteNotFound(NotFound):
    """There is no open invitation to this channel."""

    code = "invite_not_found"


class NameTaken(Conflict):
    """A channel of this name exists already."""

    code = "name_taken"


class IsArchived(Conflict):
    """The channel is archived."""

    code = "is_archived"


class AlreadyArchived(Conflict):
    """The channel is archived already."""

    code = "already_archived"


class NotArchived(Conflict):
    """The channel is not archived."""

    code = "not_archived"


class AlreadyInChannel(Conflict):
    """They are in the channel already."""

    code = "already_in_channel"


class AlreadyReacted(Conflict):
    """You have reacted so already."""

    code = "already_reacted"


class AlreadyConnected(Conflict):
    """The channel is shared with this workspace already."""

    code = "has_already_connected_to_org"


class NotInChannel(NotAllowed):
    """You are not in this channel."""

    code = "not_in_channel"


class CantUpdateMessage(NotAllowed):
    """Only its author can change a message."""

    code = "cant_update_message"


class CantDeleteMessage(NotAllowed):
    """Only its author or an administrator of their workspace can delete a message."""

    code = "cant_delete_message"


class RestrictedAction(NotAllowed):
    """Your role does not allow this."""

    code = "restricted_action"


class NotOwner(NotAllowed):
    """Only the channel's home workspace can do this."""

    code = "not_owner"


class BadTimestamp(Invalid):
    """A timestamp looks like 1763866800.000100."""

    code = "bad_timestamp"


class InvalidName(Invalid):
    """A channel's name has small letters, digits, hyphens and underscores."""

    code = "invalid_name_specials"


class NameRequired(InvalidName):
    """A channel needs a name."""

    code = "invalid_name_required"


class NameTooLong(InvalidName):
    """A channel's name has at most 80 characters."""

    code = "invalid_name_maxlength"


class NamePunctuation(InvalidName):
    """A channel's name has a letter or a digit."""

    code = "invalid_name_punctuation"


class TooLong(Invalid):
    """A topic and a purpose have at most 250 characters."""

    code = "too_long"


class NoText(Invalid):
    """A message needs text or blocks."""

    code = "no_text"


class NoUser(Invalid):
    """Name at least one user."""

    code = "no_user"


class CantInviteSelf(Invalid):
    """You cannot invite yourself."""

    code = "cant_invite_self"


class CantKickSelf(Invalid):
    """You cannot remove yourself; leave instead."""

    code = "cant_kick_self"


class InvalidBlocks(Invalid):
    """The blocks are not a list of at most 50 blocks."""

    code = "invalid_blocks"


class WrongKind(Invalid):
    """This cannot be done in a conversation of this kind."""

    code = "method_not_supported_for_channel_type"


class InvalidEmoji(Invalid):
    """A reaction's name has letters, digits, +, - and _."""

    code = "invalid_name"


class MessageTooLong(TooLarge):
    """A message's text has at most 40,000 characters."""

    code = "msg_too_long"


class BlocksTooLong(TooLarge):
    """The blocks of a message are too long together."""

    code = "msg_blocks_too_long"


class BadProfile(Invalid):
    """The profile cannot be understood."""

    code = "invalid_profile"


class StatusTooLong(BadProfile):
    """A status has at most 100 characters."""

    code = "profile_status_set_failed_too_long"


class BadStatusEmoji(BadProfile):
    """A status' emoji looks like :palm_tree:."""

    code = "profile_status_set_failed_not_emoji_syntax"


class NotAdmin(NotAllowed):
    """Only an administrator can change this for somebody else."""

    code = "not_admin"


class BadImage(Invalid):
    """This is no PNG, JPEG, GIF, WebP or BMP image."""

    code = "bad_image"


class ImageTooLarge(TooLarge):
    """The image has too many pixels."""

    code = "too_large"


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


class SnoozeNotActive(Conflict):
    """Notifications are not paused."""

    code = "snooze_not_active"


class CannotParse(Invalid):
    """The time is not clear: write 20, in 5 minutes, tomorrow at 9, 30분 뒤 or 내일 9시."""

    code = "cannot_parse"


class TimeInPast(Invalid):
    """The time has passed already."""

    code = "time_in_past"


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


class CantInvite(NotAllowed):
    """They cannot be invited to this channel."""

    code = "cant_invite"


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


class InvalidLink(Conflict):
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
