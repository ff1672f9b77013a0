"""The one rule of who may do what. Every slice's first act is `access(principal, "slice:read" or "slice:write")`."""

from __future__ import annotations

from dataclasses import replace

from dure.governance.model import OrgRole, Principal, Role
from dure.kernel.errors import NotAllowed

# Slack's scopes say what they allow in Slack's words; all of them lie within channels.
_SLACK = (
    "channels", "groups", "im", "mpim", "chat", "reactions", "users", "files", "pins", "bookmarks", "team",
    "conversations", "usergroups", "reminders", "dnd", "search", "commands", "incoming-webhook", "connections",
    "canvases", "remote_files", "app_mentions", "emoji", "links", "metadata.message", "users.profile",
    "conversations.connect", "team.preferences", "team.billing", "admin", "admin.conversations",
)  # fmt: skip
# These let an app be asked, called or told; what it says back goes by scopes of its own.
_NO_WORD = frozenset({"commands", "incoming-webhook", "connections", "app_mentions"})
# What is the organisation's own goes by the role there, whatever one is in a workspace.
_ORGANISATION = {
    "org:read": frozenset({OrgRole.OWNER, OrgRole.ADMIN, OrgRole.AUDITOR}),
    "org:write": frozenset({OrgRole.OWNER, OrgRole.ADMIN}),
    "partners:write": frozenset({OrgRole.OWNER, OrgRole.ADMIN}),
}
_GUEST = frozenset({"channels:read", "channels:write", "governance:read"})
_ADMIN_ONLY = frozenset(
    {
        "governance:write",
        "campaigns:configure",
        "deals:configure",
        "experiments:configure",
        "ingest:write",
        "metrics:share",
        "people:erase",
        "people:export",
        "social:configure",
        "exports:read",
        "exports:write",
    }
)


def allowed(principal: Principal, right: str) -> bool:
    """Whether the principal holds the right."""
    return _holds(principal, right) and _scopes_allow(principal.scopes, right)


def access(principal: Principal, right: str) -> None:
    """Returns when the principal holds the right, raises NotAllowed when not."""
    if not _holds(principal, right):
        told = "Who does not look after the organisation" if right in _ORGANISATION else f"A {principal.role}"
        raise NotAllowed(f"{told} may not do this.", data={"right": right})
    if not _scopes_allow(principal.scopes, right):
        raise NotAllowed("The token does not carry the scope for this.", data={"right": right})


def at_own_door(principal: Principal) -> Principal:
    """What an app's token may do at Dure's own door: nothing that Slack's scopes say.

    At Slack's door each method asks for its own scope, `channels:history` to read; here one right is all of a slice's.
    """
    if not principal.app or "*" in principal.scopes:
        return principal
    return replace(principal, scopes=frozenset(s for s in principal.scopes if s.split(":")[0] not in _SLACK))


def _holds(principal: Principal, right: str) -> bool:
    if right in _ORGANISATION:
        return principal.org_role in _ORGANISATION[right]
    return _role_allows(principal.role, right)


def _role_allows(role: Role, right: str) -> bool:
    if role in (Role.OWNER, Role.ADMIN):
        return True
    if role is Role.GUEST:
        return right in _GUEST
    return right not in _ADMIN_ONLY


def _scopes_allow(scopes: frozenset[str], right: str) -> bool:
    if "*" in scopes or right in scopes:
        return True
    if right == "channels:read" or right == "governance:read":
        return any(scope.split(":")[0] in _SLACK for scope in scopes)
    if right == "channels:write":
        return any(_may_write(scope) for scope in scopes)
    return False


def _may_write(scope: str) -> bool:
    family = scope.split(":")[0]
    return family in _SLACK and family not in _NO_WORD and not scope.endswith((":read", ":history", ":read.email"))
