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
    "retention.dm": "pref.dm_retention_changed",
    "retention.files": "pref.file_retention_changed",
}
_ROLE = {
    "owner": "role_change_to_owner", "admin": "role_change_to_admin", "auditor": "role_change_to_auditor",
    "": "role_change_to_user",
}  # fmt: skip


_IN_WORKSPACE = {
    "owner": "role_change_to_owner", "admin": "role_change_to_admin", "member": "role_change_to_user",
    "guest": "role_change_to_guest",
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
    events.USER_BROUGHT: Audited("user_brought_in", "user", ("role", "active")),
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
    events.ROLE_CHANGED: Audited(
        lambda event: _IN_WORKSPACE.get(str(event.properties.get("role")), "role_change_to_user"), "user",
        ("role", "before", "guest"), tuple(_IN_WORKSPACE.values()),
    ),
    events.ROLE_CREATED: Audited("custom_role_created", "role", ("name", "rights")),
    events.ROLE_EDITED: Audited("custom_role_edited", "role", ("name", "rights", "before")),
    events.ROLE_REMOVED: Audited("custom_role_deleted", "role", ("name", "rights")),
    events.ROLE_GIVEN: Audited("role_assigned", "user", ("role", "name", "workspace", "channel")),
    events.ROLE_TAKEN: Audited("role_removed", "user", ("role", "name", "workspace", "channel")),
    events.GUEST_EXPIRED: Audited("guest_expired", "user", ("expires_at", "guest")),
    events.GUEST_EXTENDED: Audited("guest_expiration_set", "user", ("expires_at", "before")),
    events.INVITE_REQUESTED: Audited("invite_request_created", "", ("guest", "channels")),
    events.INVITE_APPROVED: Audited("invite_request_approved", "", ("guest", "channels", "user")),
    events.INVITE_DENIED: Audited("invite_request_denied", "", ("guest", "channels")),
    events.SESSION_SETTING_CHANGED: Audited("user_session_settings_changed", "user", ("seconds", "ends_with_app")),
    events.SIGNING_EXEMPTED: Audited("auth_policy_entity_assigned", "user", ("policy",)),
    events.SIGNING_EXEMPTION_ENDED: Audited("auth_policy_entity_removed", "user", ("policy",)),
    events.PASSWORD_RESET_ASKED: Audited("user_password_reset_asked", "user"),
    events.FACTOR_ADDED: Audited("user_second_factor_added", "user", ("kind",)),
    events.FACTOR_REMOVED: Audited("user_second_factor_removed", "user", ("kind",)),
    events.RECOVERY_CODES_MADE: Audited("user_recovery_codes_made", "user"),
    events.PASSKEY_ADDED: Audited("user_passkey_added", "user", ("name",)),
    events.PASSKEY_RENAMED: Audited("user_passkey_renamed", "user", ("name", "before")),
    events.PASSKEY_REMOVED: Audited("user_passkey_removed", "user", ("name",)),
    **dict.fromkeys(
        (events.PROVIDER_ADDED, events.PROVIDER_CHANGED, events.PROVIDER_REMOVED),
        Audited("pref.sso_setting_changed", "", ("name", "kind", "domains", "joins", "enabled", "before")),
    ),
    events.PERSON_INVITED: Audited("user_invited", "", ("role", "function", "guest")),
    events.INVITATION_SENT_AGAIN: Audited("invitation_sent_again"),
    events.INVITATION_REVOKED: Audited("invitation_revoked"),
    events.BARRIER_CREATED: Audited("barrier_created", "barrier", ("primary", "groups", "subjects", "rooms")),
    events.BARRIER_CHANGED: Audited("barrier_updated", "barrier", ("primary", "groups", "subjects", "rooms", "before")),
    events.BARRIER_REMOVED: Audited("barrier_deleted", "barrier", ("primary", "groups", "subjects", "rooms")),
    events.WORKSPACE_CHANGED: Audited("workspace_settings_changed", "workspace", ("what", "name", "discoverability")),
    **audited(
        events.HOSTS_CHANGED, events.HOURS_CREATED, events.HOURS_CHANGED, events.HOURS_REMOVED, events.TEAM_HOURS_SET,
        keep=("hosts", "name", "zone", "version", "team", "hours", "before"),
    ),
}  # fmt: skip
