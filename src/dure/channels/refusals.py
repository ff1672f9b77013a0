"""Why channels refuse something. Each code is the name that Slack's clients know it by.

Errors of one room alone (files, groups, connect and others) lie in that room's own `refusals`; here are those of
messages and conversations:

NotFound    channel_not_found, message_not_found, thread_not_found, user_not_found, users_not_found,
            no_reaction, invite_not_found, no_pin, not_found (a bookmark), invalid_scheduled_message_id,
            emoji_not_found
Conflict    name_taken, is_archived, not_archived, already_archived, already_in_channel, already_reacted,
            has_already_connected_to_org, already_pinned, error_name_taken
NotAllowed  not_in_channel, cant_update_message, cant_delete_message, restricted_action and its kinds, not_owner,
            edit_window_closed, user_not_in_channel, user_is_restricted
Invalid     invalid_name, no_text, bad_timestamp, method_not_supported_for_channel_type, invalid_blocks, …
TooLarge    msg_too_long, msg_blocks_too_long, too_many_attachments, metadata_too_large, too_many_emoji, …
"""

from __future__ import annotations

from collections.abc import Sequence

from dure.kernel.errors import Conflict, Invalid, NotAllowed, NotFound, TooLarge


class ChannelNotFound(NotFound):
    """There is no such channel here."""

    code = "channel_not_found"


class HomeElsewhere(NotAllowed):
    """The home of this channel is another server; this can only be done there."""

    code = "restricted_action"


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


class ResponseNotFound(NotFound):
    """Nobody waits for that answer here."""

    code = "response_not_found"


class NoPin(NotFound):
    """The message is not pinned here."""

    code = "no_pin"


class BookmarkNotFound(NotFound):
    """There is no such bookmark in this channel."""

    code = "not_found"


class ScheduledNotFound(NotFound):
    """There is no such message waiting to be sent."""

    code = "invalid_scheduled_message_id"


class EmojiNotFound(NotFound):
    """There is no such emoji in this workspace."""

    code = "emoji_not_found"


class AlreadyPinned(Conflict):
    """The message is pinned already."""

    code = "already_pinned"


class EmojiTaken(Conflict):
    """An emoji of this name exists already."""

    code = "error_name_taken"


class NameTaken(Conflict):
    """A channel of this name exists already."""

    code = "name_taken"


class IsArchived(Conflict):
    """The channel is archived."""

    code = "is_archived"


class DefaultOrgWide(Conflict):
    """It is a default channel of the whole organisation."""

    code = "default_org_wide_channel"


class AlreadyArchived(Conflict):
    """The channel is archived already."""

    code = "already_archived"


class NotArchived(Conflict):
    """The channel is not archived."""

    code = "not_archived"


class IsAnswered(Conflict):
    """This was answered already."""

    code = "response_answered"


class IsOverdue(Conflict):
    """The promised time is over; answer first."""

    code = "response_overdue"


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


class TopicNotYours(NotAllowed):
    """A guest cannot say what a channel is about."""

    code = "user_is_restricted"


class RestrictedAction(NotAllowed):
    """Your role does not allow this."""

    code = "restricted_action"


class UraMaxChannels(RestrictedAction):
    """A guest of one channel is in one already, and cannot come to another."""

    code = "ura_max_channels"


class ReadOnlyChannel(RestrictedAction):
    """Only administrators write in this channel."""

    code = "restricted_action_read_only_channel"


class ThreadOnlyChannel(RestrictedAction):
    """In this channel only administrators begin; everybody answers in threads."""

    code = "restricted_action_thread_only_channel"


class NonThreadableChannel(RestrictedAction):
    """This channel has no threads."""

    code = "restricted_action_non_threadable_channel"


class NoWholeMention(RestrictedAction):
    """Nobody calls this whole channel with @here, @channel or @everyone."""

    code = "restricted_action"


class DirectReadOnly(RestrictedAction):
    """An information barrier keeps the people of this conversation apart; it can only be read."""

    code = "restricted_action"


class CantLeaveMandatory(RestrictedAction):
    """Everybody of the organisation is in this channel; nobody leaves it."""

    code = "cant_leave_general"


class MemberLimit(TooLarge):
    """The channel holds as many people as it may."""

    code = "member_limit_exceeded"


class EditWindowClosed(NotAllowed):
    """The time in which a message can be changed is over."""

    code = "edit_window_closed"


class AuthorGone(NotAllowed):
    """Who wrote this is no longer in the workspace."""

    code = "account_inactive"


class UserNotInChannel(NotAllowed):
    """They are not in this channel."""

    code = "user_not_in_channel"


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


class InvalidTimestamp(Invalid):
    """This moment has not come yet."""

    code = "invalid_timestamp"


class InvalidMetadata(Invalid):
    """Metadata is an object with `event_type` and `event_payload`."""

    code = "invalid_metadata_format"


class InvalidMetadataSchema(InvalidMetadata):
    """Metadata needs an `event_type` (a text) and an `event_payload` (an object)."""

    code = "invalid_metadata_schema"


class TimeInPast(Invalid):
    """The time has passed already."""

    code = "time_in_past"


class TimeTooFar(Invalid):
    """A message can be scheduled for at most 120 days ahead."""

    code = "time_too_far"


class InvalidLink(Invalid):
    """A link begins with http:// or https://."""

    code = "invalid_link"


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
    """The blocks are not as Block Kit has them."""

    code = "invalid_blocks"

    def __init__(self, problems: Sequence[str] = (), *, field: str = "blocks") -> None:
        told = f"The {field} are not as Block Kit has them: {problems[0]}." if problems else None
        super().__init__(told, field=field, data={"problems": list(problems)} if problems else None)
        self.problems = tuple(problems)


class InvalidBlocksFormat(Invalid):
    """The blocks are not a list."""

    code = "invalid_blocks_format"


class InvalidAttachments(Invalid):
    """The attachments are not a list of objects."""

    code = "invalid_attachments"


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


class TooManyAttachments(TooLarge):
    """A message has at most 100 attachments."""

    code = "too_many_attachments"


class MetadataTooLarge(TooLarge):
    """The metadata of a message is too long."""

    code = "metadata_too_large"


class TooManyEmoji(TooLarge):
    """A message bears no more different reactions."""

    code = "too_many_emoji"


class TooManyReactions(TooLarge):
    """Nobody adds more reactions to one message."""

    code = "too_many_reactions"


class TooManyPins(TooLarge):
    """A channel has at most 100 pins."""

    code = "too_many_pins"


class TooManyBookmarks(TooLarge):
    """A channel has at most 100 bookmarks."""

    code = "too_many_bookmarks"


class TooManyScheduled(TooLarge):
    """At most 30 messages are scheduled in one channel for the same five minutes."""

    code = "restricted_too_many"


class CantInvite(NotAllowed):
    """They cannot be invited to this channel."""

    code = "cant_invite"
