"""Why channels refuse something. Each code is the name that Slack's clients know it by.

NotFound    channel_not_found, message_not_found, thread_not_found, user_not_found, users_not_found,
            no_reaction, invite_not_found, no_pin, not_found (a bookmark), invalid_scheduled_message_id,
            emoji_not_found, invalid_app_id
Conflict    name_taken, is_archived, not_archived, already_archived, already_in_channel, already_reacted,
            has_already_connected_to_org, already_pinned, error_name_taken
NotAllowed  not_in_channel, cant_update_message, cant_delete_message, restricted_action and its kinds, not_owner,
            edit_window_closed, user_not_in_channel
Invalid     invalid_name, no_text, bad_timestamp, method_not_supported_for_channel_type, invalid_blocks, …
TooLarge    msg_too_long, msg_blocks_too_long, too_many_attachments, metadata_too_large, too_many_emoji, …
"""

from __future__ import annotations

from collections.abc import Sequence

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


class ReadOnlyChannel(RestrictedAction):
    """Only administrators write in this channel."""

    code = "restricted_action_read_only_channel"


class ThreadOnlyChannel(RestrictedAction):
    """In this channel only administrators begin; everybody answers in threads."""

    code = "restricted_action_thread_only_channel"


class NonThreadableChannel(RestrictedAction):
    """This channel has no threads."""

    code = "restricted_action_non_threadable_channel"


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


class FileNotFound(NotFound):
    """There is no such file here."""

    code = "file_not_found"


class FileDeleted(NotFound):
    """The file was deleted."""

    code = "file_deleted"


class CantDeleteFile(NotAllowed):
    """Only its owner or an administrator of their workspace can delete a file."""

    code = "cant_delete_file"


class FileTooLarge(TooLarge):
    """The file is larger than this server takes."""

    code = "file_upload_size_restricted"


class SnippetTooLarge(TooLarge):
    """A snippet has at most 1 MB."""

    code = "snippet_too_large"


class UnknownSnippetType(Invalid):
    """There is no such kind of snippet."""

    code = "unknown_snippet_type"


class AltTooLong(TooLarge):
    """A description for screen readers has at most 1,000 characters."""

    code = "alt_txt_too_large"


class ChannelsLimit(Invalid):
    """A file is shared to at most a hundred channels at once."""

    code = "channels_limit_exceeded"


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


class InvalidAppId(NotFound):
    """There is no such app here."""

    code = "invalid_app_id"


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
