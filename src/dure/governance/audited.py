"""Which of governance's events are proven for ever."""

from __future__ import annotations

from dure.feed.api import Event
from dure.governance import events
from dure.governance.plugs import Audited, AuditTable, audited

# Rules that Slack has a name for.
_PREFERENCES = {
    "channels.create_public": "pref.who_can_create_public_channels",
    "channels.create_private": "pref.who_can_create_private_channels",
    "channels.connect": "pref.who_can_manage_ext_shared_channels",
    "apps.install": "pref.app_whitelist_enabled",
    "session.hours": "pref.session_duration_changed",
    "people.invite": "pref.who_can_invite_people",
    "signin.second_factor": "pref.two_factor_auth_changed",
    "signin.methods": "pref.sso_setting_changed",
    "exports.make": "pref.who_can_export",
    "retention.public": "pref.public_channel_retention_changed",
    "retention.private": "pref.private_channel_retention_changed",
    "retention.direct": "pref.dm_retention_changed",
    "retention.files": "pref.file_retention_changed",
}
_ROLE = {
    "owner": "role_change_to_owner", "admin": "role_change_to_admin", "auditor": "role_change_to_auditor",
    "": "role_change_to_user",
}  # fmt: skip


def _guest_or(event: Event, guest: str, user: str) -> str:
    return guest if event.properties.get("role") == "guest" else user


def _policy(event: Event) -> str:
    return _PREFERENCES.get(str(event.properties["policy"]), "pref.rule_changed")


def _where(event: Event) -> tuple[str, str]:
    """A rule is the whole organisation's or a workspace's."""
    return ("enterprise", event.org) if event.properties.get("whole") else ("workspace", event.workspace)


AUDITED: AuditTable = {
    events.FOUNDED: Audited("workspace_created", "workspace", ("org", "workspace", "playground_of")),
    events.PLAYGROUND_MADE: Audited("playground_created", "workspace", ("playground", "name")),
    events.USER_CREATED: Audited(
        lambda event: _guest_or(event, "guest_created", "user_created"), "user", ("role", "function", "by"),
        ("guest_created", "user_created"),
    ),
    events.USER_SEATED: Audited(
        lambda event: _guest_or(event, "guest_joined_workspace", "user_joined_workspace"), "user",
        ("role", "function", "by"),
        ("guest_joined_workspace", "user_joined_workspace"),
    ),
    events.USER_DEACTIVATED: Audited(
        lambda event: _guest_or(event, "guest_deactivated", "user_deactivated"), "user", ("role", "by"),
        ("guest_deactivated", "user_deactivated"),
    ),
    events.USER_REACTIVATED: Audited("user_reactivated", "user", ("role", "by")),
    events.USER_CHANGED: Audited("user_profile_updated", "user", ("changed", "by")),
    events.ORG_ROLE_CHANGED: Audited(lambda event: _ROLE[event.properties["role"]], "user", ("role", "before"),
                                     tuple(_ROLE.values())),
    events.PASSWORD_SET: Audited("user_password_set", "user"),
    events.SIGNED_IN: Audited("user_login", "user", ("from", "means", "device")),
    events.SIGNED_OUT: Audited(
        lambda event: "user_logout" if event.actor == event.object else "user_session_invalidated", "user",
        ("sessions",), ("user_logout", "user_session_invalidated"),
    ),
    events.POLICY_CHANGED: Audited(
        _policy, _where, ("policy", "value", "before", "whole"), (*_PREFERENCES.values(), "pref.rule_changed"),
        "workspace",
    ),
    events.TOKEN_CREATED: Audited(entity="token", keep=("kind", "holder", "scopes")),
    events.TOKEN_REVOKED: Audited(entity="token", keep=("kind", "user", "app")),
    events.APP_INSTALLED: Audited("app_installed", "app", ("name", "scopes", "bot_user")),
    events.AUDIT_EXPORTED: Audited("audit_logs_export_json_started", "enterprise"),
    events.IDP_GROUP_CREATED: Audited("idp_group_created", "usergroup", ("name", "members", "workspace")),
    events.IDP_GROUP_CHANGED: Audited(
        "idp_group_changed", "usergroup", ("name", "before", "added", "removed", "workspace")
    ),
    events.IDP_GROUP_DELETED: Audited("idp_group_deleted", "usergroup", ("name", "members")),
    **audited(
        events.HOSTS_CHANGED, events.HOURS_CREATED, events.HOURS_CHANGED, events.HOURS_REMOVED, events.TEAM_HOURS_SET,
        keep=("hosts", "name", "zone", "version", "team", "hours", "before"),
    ),
}  # fmt: skip
