"""Which of channels' events are proven for ever: what changes rooms, files and apps, not what is said in them."""

from __future__ import annotations

from dure.channels import events
from dure.channels.apps import events as apps
from dure.channels.delivery import events as delivery
from dure.channels.federation import events as federation
from dure.channels.forms import events as forms
from dure.channels.guarding import events as guarding
from dure.channels.interaction import events as interaction
from dure.channels.moving import events as moving
from dure.channels.retention import events as retention
from dure.channels.takeout import events as takeout
from dure.feed.api import Event
from dure.governance.plugs import Audited, AuditTable, audited, left_out

_ROOM = ("channel_name", "private", "kind")
_INVITE = (*_ROOM, "invite", "from_workspace", "to_workspace", "to_org", "by_workspace")
_GUARD = ("name", "action", "detectors", "where", "enabled", "whole")
_FILE = ("filetype", "size", "owner", "by", "public")
_APP = ("name", "scopes", "user_scopes", "bot_user", "users", "deleted", "secret", "webhook", "channel", "why")


def _of_room(public: str, private: str) -> Audited:
    def action(event: Event) -> str:
        if event.properties["kind"] != "channel":
            return ""  # direct conversations come and go by themselves
        return private if event.properties["private"] else public

    return Audited(action, "channel", (*_ROOM, "creator"), (public, private))


_CHANGES = (
    "channel_renamed", "channel_posting_permissions_updated", "channel_topic_changed", "channel_purpose_changed",
    "channel_response_minutes_changed", "channel_response_team_changed", "channel_standing_changed",
    "channel_groups_changed", "channel_prefs_changed", "public_channel_converted_to_private",
    "private_channel_converted_to_public",
)  # fmt: skip


def _changed(event: Event) -> str:
    what = str(event.properties["what"])
    if what == "privacy":
        now_private = bool(event.properties.get("private"))
        return "public_channel_converted_to_private" if now_private else "private_channel_converted_to_public"
    return {"name": "channel_renamed", "posting": "channel_posting_permissions_updated"}.get(
        what, f"channel_{what}_changed"
    )


def _came(event: Event) -> str:
    return {"channel": "user_channel_join", "mpim": "dm_user_added"}.get(str(event.properties["kind"]), "")


def _limited(event: Event) -> str:
    way = "downgraded" if event.properties["limited"] else "upgraded"
    return f"external_shared_channel_access_{way}"


def _link(event: Event) -> str:
    public = event.properties.get("public")
    return "file_changed" if public is None else f"file_public_link_{'created' if public else 'revoked'}"


def _file(event: Event) -> tuple[str, str]:
    return "file", str(event.properties["file"])


AUDITED: AuditTable = {
    events.CREATED: _of_room("public_channel_created", "private_channel_created"),
    events.CHANGED: Audited(_changed, "channel", (*_ROOM, "what", "posting", "response_minutes", "before"), _CHANGES),
    events.ARCHIVED: _of_room("public_channel_archive", "private_channel_archive"),
    events.UNARCHIVED: _of_room("public_channel_unarchive", "private_channel_unarchive"),
    events.JOINED: Audited(_came, "channel", (*_ROOM, "user", "inviter"), ("user_channel_join", "dm_user_added")),
    events.LEFT: Audited(lambda e: "user_channel_leave" if _came(e) else "", "channel", (*_ROOM, "user"),
                         ("user_channel_leave",)),
    events.SHARE_OFFERED: Audited("external_shared_channel_invite_sent", "channel", _INVITE),
    events.SHARE_ACCEPTED: Audited(
        "external_shared_channel_invite_accepted", "channel", (*_INVITE, "approval_required")
    ),
    events.SHARE_APPROVED: Audited("external_shared_channel_invite_approved", "channel", _INVITE),
    events.SHARE_DECLINED: Audited("external_shared_channel_invite_declined", "channel", _INVITE),
    events.SHARED: Audited(
        lambda event: f"external_shared_channel_{'re' if event.properties.get('again') else ''}connected", "channel",
        (*_ROOM, "invite", "with_workspace", "with_org", "again"),
        ("external_shared_channel_connected", "external_shared_channel_reconnected"),
    ),
    events.UNSHARED: Audited("external_shared_channel_disconnected", "channel", (*_ROOM, "workspace_left")),
    events.SHARE_LIMITED: Audited(
        _limited, "channel", (*_ROOM, "with_workspace", "limited"),
        ("external_shared_channel_access_downgraded", "external_shared_channel_access_upgraded"),
    ),
    events.EMOJI_ADDED: Audited(
        lambda event: "emoji_aliased" if event.properties.get("alias") else "emoji_added", "emoji", ("alias",),
        ("emoji_aliased", "emoji_added"),
    ),
    events.EMOJI_REMOVED: Audited("emoji_removed", "emoji"),
    events.FILE_CREATED: Audited("file_uploaded", "file", _FILE),
    events.FILE_SHARED: Audited("file_shared", _file, (*_ROOM, "ts", *_FILE), of="file"),
    events.FILE_CHANGED: Audited(
        _link, "file", _FILE, ("file_changed", "file_public_link_created", "file_public_link_revoked")
    ),
    events.FILE_DELETED: Audited("file_deleted", "file", _FILE),
    events.PAGE_DELETED: Audited("canvas_deleted", lambda event: ("canvas", _file(event)[1]), ("by", "version"),
                                 of="canvas"),
    events.GROUP_CREATED: Audited("usergroup_created", "usergroup", ("name", "handle", "users")),
    events.GROUP_CHANGED: Audited("usergroup_updated", "usergroup", ("name", "handle", "enabled")),
    events.GROUP_MEMBERS: Audited("usergroup_members_updated", "usergroup", ("name", "handle", "added", "removed")),
    apps.INSTALLED: Audited("app_installed", "app", _APP),
    apps.UNINSTALLED: Audited("app_uninstalled", "app", _APP),
    **audited(
        apps.CREATED, apps.CHANGED, apps.SECRET_ROTATED, apps.DELETED, apps.ALLOWED, apps.WEBHOOK_CREATED,
        apps.WEBHOOK_REVOKED, delivery.DISABLED, delivery.ENABLED, keep=_APP, entity="app",
    ),
    apps.REQUESTED: Audited("app_requested", "app", ("name", "user")),
    apps.REQUEST_CANCELLED: Audited("app_request_cancelled", "app", ("name", "request")),
    apps.APPROVED: Audited("app_approved", "app", ("name", "whole")),
    apps.RESTRICTED: Audited("app_restricted", "app", ("name", "whole")),
    apps.RESOLUTION_CLEARED: Audited("app_resolution_cleared", "app", ("name", "whole")),
    events.WORKSPACES: Audited("channel_workspaces_updated", "channel", (*_ROOM, "reach", "added", "removed")),
    events.CHANNEL_DELETED: _of_room("public_channel_deleted", "private_channel_deleted"),
    events.DEFAULTS: Audited("default_channels_changed", "workspace", ("channels", "before")),
    events.BULK_BEGUN: Audited("bulk_channel_action_started", "", ("act", "channels", "target")),
    events.EMOJI_RENAMED: Audited("emoji_renamed", "emoji", ("before", "alias")),
    events.SHARE_REQUESTED: Audited("external_shared_channel_invite_requested", "channel", _INVITE),
    events.SHARE_DENIED: Audited("external_shared_channel_invite_request_denied", "channel", _INVITE),
    events.SHARE_REVOKED: Audited("external_shared_channel_invite_revoked", "channel", _INVITE),
    events.SHARE_EXPIRED: Audited("external_shared_channel_invite_expired", "channel", _INVITE),
    events.HOST_ASKED: Audited("external_shared_channel_host_transfer_asked", "channel", (*_ROOM, "to_workspace")),
    events.HOST_REFUSED: Audited("external_shared_channel_host_transfer_refused", "channel", (*_ROOM, "to_workspace")),
    events.HOST_MOVED: Audited(
        "external_shared_channel_host_transferred", "channel", (*_ROOM, "from_workspace", "to_workspace")
    ),
    events.CUSTOMER_LINKED: Audited("customer_channel_linked", "channel", (*_ROOM, "account", "topic")),
    events.CUSTOMER_UNLINKED: Audited("customer_channel_unlinked", "channel", (*_ROOM, "account", "topic")),
    events.CHARTER_CHANGED: Audited("channel_charter_changed", "channel", (*_ROOM, "version")),
    events.RESTED: Audited("channel_response_paused", "channel", (*_ROOM, "response", "asked_ts", "by")),
    events.ESCALATED: Audited("channel_response_escalated", "channel", (*_ROOM, "response", "asked_ts", "to", "added")),
    guarding.RULE_CREATED: Audited("native_dlp_rule_created", "", _GUARD),
    guarding.RULE_CHANGED: Audited("native_dlp_rule_edited", "", _GUARD),
    guarding.RULE_DELETED: Audited("native_dlp_rule_deleted", "", _GUARD),
    guarding.MET: Audited(
        "native_dlp_rule_action_applied", "", ("rules", "action", "what", "channel", "user", "state")
    ),
    guarding.DECIDED: Audited(
        lambda event: "native_dlp_violation_deleted" if event.properties["state"] == "removed"
        else "native_dlp_violation_let", "", ("rules", "state", "channel", "user"),
        ("native_dlp_violation_deleted", "native_dlp_violation_let"),
    ),
    **audited(guarding.TRIED, guarding.TRIAL_ENDED, keep=("seen", "found", "state")),
    retention.LENGTH_CHANGED: Audited("channel_retention_changed", "channel", (*_ROOM, "days", "before")),
    **audited(retention.PURGED, retention.FILES_PURGED, keep=("messages", "files", "channels", "before")),
    retention.HELD: Audited("legal_hold_policy_created", "", ("name", "users", "channels", "from", "to")),
    retention.RELEASED: Audited("legal_hold_policy_released", "", ("name",)),
    takeout.ASKED: Audited("manual_export_started", "workspace", ("kind", "from", "to")),
    takeout.COMPLETED: Audited("manual_export_completed", "workspace", ("kind", "messages", "files", "size")),
    takeout.DOWNLOADED: Audited("manual_export_downloaded", "workspace", ("kind",)),
    **audited(takeout.FAILED, takeout.CANCELLED, takeout.DELETED, keep=("kind", "why")),
    moving.CHANNEL_BROUGHT: Audited("channel_brought_in", "channel", ("import", "channel_name", "private", "kind")),
    **audited(
        moving.GIVEN, moving.STARTED, moving.COMPLETED, moving.FAILED, moving.CANCELLED, moving.REMOVED,
        keep=("file", "messages", "files", "held", "left", "people", "private", "direct", "why"),
    ),
    **left_out("what was said elsewhere; the import that brought it in has its rows", moving.MESSAGES_BROUGHT),
    **audited(
        federation.OFFERED, federation.PAIRED, federation.CONFIRMED, federation.ROTATED, federation.ENDED,
        keep=("name", "server", "org", "fingerprint"),
    ),
    **audited(forms.FORM_CREATED, forms.FORM_CHANGED, forms.FORM_CLOSED, keep=("name", "title", "version", "channel")),
    **left_out(
        "what people say to each other; retention, holds and exports rule over it",
        events.POSTED, events.MESSAGE_CHANGED, events.DELETED, events.REACTED, events.UNREACTED, events.PINNED,
        events.UNPINNED, events.BOOKMARKED, events.BOOKMARK_CHANGED, events.BOOKMARK_REMOVED, events.SCHEDULED,
        events.UNSCHEDULED, events.SCHEDULE_FAILED, events.PAGE_CHANGED, forms.ASKED, forms.ANSWERED,
    ),
    **left_out(
        "one's own settings and reading",
        events.READ, events.PROFILE_CHANGED, events.QUIET_CHANGED, events.REMINDER_ADDED, events.REMINDER_DONE,
        events.REMINDER_DELETED, events.NOTICES_CHANGED, events.DEVICE_ADDED, events.DEVICE_REMOVED,
    ),
    **left_out(
        "a clock's word, or what follows from a message or a reaction", events.WARNED, events.OVERDUE, events.ANSWERED,
        events.SEEN, events.RESUMED,
    ),
    **left_out("that somebody read a page, or was asked whether they are needed", events.CHARTER_READ,
               events.LEAVE_ASKED),
    **left_out("an answer between two servers; the act that it carries has a row", federation.ANSWERED),
    **left_out(
        "the use of apps; what they change is told by what they change",
        forms.COMMAND, forms.SHORTCUT, forms.PRESSED, interaction.HOME_OPENED, interaction.FUNCTION_EXECUTED,
        interaction.FUNCTION_COMPLETED, interaction.FUNCTION_FAILED, delivery.RETRIED,
    ),
}  # fmt: skip
