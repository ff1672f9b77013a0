"""What channels write to the feed, and the events that automations may start from."""

from __future__ import annotations

from typing import Any

from dure.automation.plugs import EventKind
from dure.channels.model import Conversation, Scheduled, Share
from dure.feed.api import Event
from dure.governance.api import Principal
from dure.kernel.clock import Clock
from dure.kernel.ids import uuid7

CREATED = "Channel Created"
CHANGED = "Channel Changed"
ARCHIVED = "Channel Archived"
UNARCHIVED = "Channel Unarchived"
JOINED = "Member Joined"
LEFT = "Member Left"
READ = "Channel Read"
POSTED = "Message Posted"
MESSAGE_CHANGED = "Message Changed"
DELETED = "Message Deleted"
PINNED = "Message Pinned"
UNPINNED = "Message Unpinned"
BOOKMARKED = "Bookmark Added"
BOOKMARK_CHANGED = "Bookmark Changed"
BOOKMARK_REMOVED = "Bookmark Removed"
SCHEDULED = "Message Scheduled"
UNSCHEDULED = "Message Unscheduled"
SCHEDULE_FAILED = "Scheduled Message Failed"
EMOJI_ADDED = "Emoji Added"
EMOJI_REMOVED = "Emoji Removed"
EMOJI_RENAMED = "Emoji Renamed"
REACTED = "Reaction Added"
UNREACTED = "Reaction Removed"
SHARE_OFFERED = "Channel Share Offered"
SHARE_DECLINED = "Channel Share Declined"
SHARED = "Channel Shared"
UNSHARED = "Channel Unshared"
WARNED = "Response Warned"
OVERDUE = "Response Overdue"
ANSWERED = "Response Answered"
SEEN = "Response Seen"
RESTED = "Response Paused"
RESUMED = "Response Resumed"
ESCALATED = "Response Escalated"
FILE_CREATED = "File Created"
FILE_SHARED = "File Shared"
FILE_CHANGED = "File Changed"
FILE_DELETED = "File Deleted"
PAGE_CHANGED = "Page Changed"
PAGE_DELETED = "Page Deleted"
PROFILE_CHANGED = "Profile Changed"
GROUP_CREATED = "User Group Created"
GROUP_CHANGED = "User Group Changed"
GROUP_MEMBERS = "User Group Members Changed"
QUIET_CHANGED = "Do Not Disturb Changed"
REMINDER_ADDED = "Reminder Added"
REMINDER_DONE = "Reminder Completed"
REMINDER_DELETED = "Reminder Deleted"
NOTICES_CHANGED = "Notice Settings Changed"
DEVICE_ADDED = "Push Device Added"
DEVICE_REMOVED = "Push Device Removed"
SHARE_ACCEPTED = "Channel Share Accepted"
SHARE_APPROVED = "Channel Share Approved"
SHARE_LIMITED = "Channel Share Rights Changed"
WORKSPACES = "Channel Workspaces Changed"
CHANNEL_DELETED = "Channel Deleted"
DEFAULTS = "Default Channels Changed"
BULK_BEGUN = "Bulk Channel Action Started"
CUSTOMER_LINKED = "Customer Channel Linked"
CUSTOMER_UNLINKED = "Customer Channel Unlinked"
CHARTER_CHANGED = "Charter Changed"
CHARTER_READ = "Charter Read"
LEAVE_ASKED = "Leave Asked"
SHARE_REQUESTED = "Channel Share Requested"
SHARE_DENIED = "Channel Share Request Denied"
SHARE_REVOKED = "Channel Share Revoked"
SHARE_EXPIRED = "Channel Share Expired"
HOST_ASKED = "Channel Host Transfer Asked"
HOST_REFUSED = "Channel Host Transfer Refused"
HOST_MOVED = "Channel Host Transferred"
# What a side shares with others, or is asked to share, is another after these.
SHARING = frozenset({
    SHARE_OFFERED, SHARE_DECLINED, SHARED, UNSHARED, SHARE_ACCEPTED, SHARE_APPROVED, SHARE_LIMITED, SHARE_REQUESTED,
    SHARE_DENIED, SHARE_REVOKED, SHARE_EXPIRED, HOST_ASKED, HOST_REFUSED, HOST_MOVED,
})  # fmt: skip


def channel_event(
    principal: Principal, clock: Clock, conversation: Conversation, side: Share, name: str, properties: dict[str, Any]
) -> Event:
    """One act in a conversation as one of its sides records it, under that side's name for it.

    A private conversation's name is not told: the log is read by the whole workspace.
    """
    now = clock.now()
    told = {"channel_name": "" if side.private else side.name, "kind": conversation.kind, "private": side.private}
    return Event(
        org=side.org,
        workspace=side.workspace,
        event=name,
        time=now,
        received_at=now,
        message_id=str(uuid7()),
        source="channels",
        object_type="channel",
        object=conversation.id,
        actor=principal.actor,
        run=principal.run,
        properties={**told, **properties},
    )


def scheduled_event(principal: Principal, clock: Clock, name: str, one: Scheduled) -> Event:
    """Something kept for later. Nothing of what it says is told, and who looks at the channel does not hear of it."""
    properties = {"channel": one.channel, "user": one.user, "post_at": one.post_at.isoformat(), "failed": one.failed}
    return _event(principal, clock, name, "scheduled", one.id, properties)


def emoji_event(principal: Principal, clock: Clock, name: str, emoji: str, alias: str) -> Event:
    return _event(principal, clock, name, "emoji", emoji, {"alias": alias, "user": principal.user})


def _event(principal: Principal, clock: Clock, name: str, kind: str, what: str, properties: dict[str, Any]) -> Event:
    now = clock.now()
    return Event(
        org=principal.tenant.org,
        workspace=principal.tenant.workspace,
        event=name,
        time=now,
        received_at=now,
        message_id=str(uuid7()),
        source="channels",
        object_type=kind,
        object=what,
        actor=principal.actor,
        run=principal.run,
        properties=properties,
    )


_PLACE = {
    "channel_name": "text, empty for a private channel",
    "kind": "channel, im or mpim",
    "private": "true or false",
}
_WAIT = {
    **_PLACE, "response": "id", "response_kind": "first or next", "thread_ts": "text, empty at the top level",
    "asked_ts": "text", "asked_by": "user id", "asked_org": "organisation id",
    "minutes": "open minutes that are promised", "due_at": "time", "seen_by": "who reacted to the question, or nothing",
}  # fmt: skip

EVENTS: list[EventKind] = [
    EventKind(CREATED, {"ko": "채널이 만들어짐", "en": "Channel created"}, "channels",
              {**_PLACE, "purpose": "text", "creator": "user id"}),
    EventKind(ARCHIVED, {"ko": "채널이 보관됨", "en": "Channel archived"}, "channels", _PLACE),
    EventKind(JOINED, {"ko": "멤버가 들어옴", "en": "Member joined"}, "channels",
              {**_PLACE, "user": "user id", "inviter": "user id"}),
    EventKind(POSTED, {"ko": "메시지가 올라옴", "en": "Message posted"}, "channels",
              {**_PLACE, "ts": "text", "thread_ts": "text", "user": "user id", "text": "text, of open channels only",
               "by": "user, bot or system", "mentions": "list of ids",
               "mentions_app": "true where Dure's own app is named",
               "external": "true when the author is of another organisation"}),
    EventKind(REACTED, {"ko": "반응이 달림", "en": "Reaction added"}, "channels",
              {**_PLACE, "ts": "text", "reaction": "name", "user": "user id"}),
    EventKind(PINNED, {"ko": "메시지가 고정됨", "en": "Message pinned"}, "channels",
              {**_PLACE, "ts": "text", "user": "user id", "item_user": "user id"}),
    EventKind(BOOKMARKED, {"ko": "북마크가 달림", "en": "Bookmark added"}, "channels",
              {**_PLACE, "bookmark": "id", "user": "user id"}),
    EventKind(FILE_SHARED, {"ko": "파일이 공유됨", "en": "File shared"}, "channels",
              {**_PLACE, "ts": "text", "file": "file id", "owner": "user id", "by": "user id", "filetype": "name",
               "size": "bytes"}),
    EventKind(SHARED, {"ko": "채널이 다른 조직과 공유됨", "en": "Channel shared"}, "channels",
              {**_PLACE, "with_workspace": "workspace id", "with_org": "organisation id"}),
    EventKind(CUSTOMER_LINKED, {"ko": "채널이 고객에 연결됨", "en": "Channel linked to a customer"}, "channels",
              {**_PLACE, "account": "account id", "topic": "general, deal, pricing, …", "by": "user id"}),
    EventKind(CUSTOMER_UNLINKED, {"ko": "채널의 고객 연결이 풀림", "en": "Channel no longer linked"}, "channels",
              {**_PLACE, "account": "account id", "topic": "name", "by": "user id"}),
    EventKind(CHARTER_CHANGED, {"ko": "채널 헌장이 바뀜", "en": "Charter changed"}, "channels",
              {**_PLACE, "version": "number", "by": "user id", "changed": "list of the parts",
               "shared": "true where another organisation reads it"}),
    EventKind(CHARTER_READ, {"ko": "채널 헌장을 읽음", "en": "Charter read"}, "channels",
              {**_PLACE, "version": "number", "user": "user id"}),
    EventKind(LEAVE_ASKED, {"ko": "채널에서 나가겠는지 물음", "en": "Somebody was asked to leave"}, "channels",
              {**_PLACE, "user": "user id", "by": "user id", "reason": "silent or reads_only"}),
    EventKind(WARNED, {"ko": "응답 시간이 거의 다 됨", "en": "Response warned"}, "channels", _WAIT),
    EventKind(OVERDUE, {"ko": "응답 시간을 넘김", "en": "Response overdue"}, "channels", _WAIT),
    EventKind(ANSWERED, {"ko": "응답함", "en": "Response answered"}, "channels",
              {**_WAIT, "seconds": "number", "open_seconds": "the same in opening hours, without what it stood still",
               "within": "true or false, by opening hours", "answered_by": "user id"}),
    EventKind(SEEN, {"ko": "고객의 질문을 누가 봄", "en": "Response seen"}, "channels", _WAIT),
    EventKind(RESTED, {"ko": "응답 시계를 멈춤", "en": "Response paused"}, "channels", {**_WAIT, "by": "user id"}),
    EventKind(RESUMED, {"ko": "응답 시계가 다시 감", "en": "Response resumed"}, "channels", _WAIT),
    EventKind(ESCALATED, {"ko": "응답을 다른 사람에게 넘김", "en": "Response escalated"}, "channels",
              {**_WAIT, "to": "list of user ids", "added": "those who were not in the channel"}),
]  # fmt: skip
