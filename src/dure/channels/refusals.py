"""Why channels refuse something. Each code is the name that Slack's clients know it by.

NotFound    channel_not_found, message_not_found, thread_not_found, user_not_found, users_not_found,
            no_reaction, invite_not_found, invalid_app_id
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


class InvalidAppId(NotFound):
    """There is no such app here."""

    code = "invalid_app_id"
