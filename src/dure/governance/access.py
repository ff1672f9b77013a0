"""The one rule of who may do what. Every slice's first act is `access(principal, "slice:read" or "slice:write")`.

Which role holds which right is the table in `roles/table.py`; custom roles and a token's scopes are asked here.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace

from dure.governance.model import Principal, Role
from dure.governance.roles.table import TABLE, holds
from dure.kernel.errors import NotAllowed

# Slack's scopes say what they allow in Slack's words; all of them lie within channels.
_SLACK = (
    "channels", "groups", "im", "mpim", "chat", "reactions", "users", "files", "pins", "bookmarks", "team",
    "conversations", "usergroups", "reminders", "dnd", "search", "commands", "incoming-webhook", "connections",
    "canvases", "remote_files", "app_mentions", "emoji", "links", "metadata.message", "users.profile",
    "conversations.connect", "team.preferences", "team.billing", "admin", "admin.conversations",
    "admin.apps", "admin.invites", "admin.roles", "admin.teams", "admin.users", "admin.usergroups", "admin.barriers",
)  # fmt: skip
# These let an app be asked, called or told; what it says back goes by scopes of its own.
_NO_WORD = frozenset({"commands", "incoming-webhook", "connections", "app_mentions"})
# What Slack's own scopes for the organisation let a token do.
_SAID_IN_SLACK = {"audit:read": "auditlogs:read", "scim:write": "admin"}


def allowed(principal: Principal, right: str, at: str = "") -> bool:
    """Whether the principal holds the right; `at` a channel where a custom role may have given it."""
    return _holds(principal, right, at) and _scopes_allow(principal.scopes, right)


def access(principal: Principal, right: str, at: str = "") -> None:
    """Returns when the principal holds the right, raises NotAllowed when not."""
    if not _holds(principal, right, at):
        row = TABLE.get(right)
        whole = row is not None and row.level == "organisation"
        told = "Who does not look after the organisation" if whole else f"A {principal.role}"
        raise NotAllowed(f"{told} may not do this.", data={"right": right})
    if not _scopes_allow(principal.scopes, right):
        raise NotAllowed("The token does not carry the scope for this.", data={"right": right})


def columns_of(principal: Principal) -> frozenset[str]:
    """The columns of the permission table that somebody stands in."""
    found = {(principal.guest or "multi") if principal.role is Role.GUEST else principal.role.value}
    if principal.org_role:
        found.add(f"org_{principal.org_role.value}")
    return frozenset(found)


def covers(principal: Principal, rights: Iterable[str], at: str = "") -> bool:
    """Whether the principal, whatever their token's scopes, holds all of these: nobody gives more than they have, nor
    gets hold of it by acting for somebody."""
    return all(_holds(principal, right, at) for right in rights)


def rights_of(role: Role) -> frozenset[str]:
    """What a role in a workspace holds."""
    column = frozenset({"multi" if role is Role.GUEST else role.value})
    return frozenset(name for name in TABLE if holds(column, name))


def at_own_door(principal: Principal) -> Principal:
    """What an app's token may do at Dure's own door: nothing that Slack's scopes say.

    At Slack's door each method asks for its own scope, `channels:history` to read; here one right is all of a slice's.
    """
    if not principal.app or "*" in principal.scopes:
        return principal
    return replace(principal, scopes=frozenset(s for s in principal.scopes if s.split(":")[0] not in _SLACK))


def _holds(principal: Principal, right: str, at: str) -> bool:
    if holds(columns_of(principal), right):
        return True
    return right in TABLE and (right in principal.grants or (at != "" and f"{right}@{at}" in principal.grants))


def _scopes_allow(scopes: frozenset[str], right: str) -> bool:
    if "*" in scopes or right in scopes or _SAID_IN_SLACK.get(right) in scopes:
        return True
    if right == "channels:read" or right == "governance:read":
        return any(scope.split(":")[0] in _SLACK for scope in scopes)
    if right == "connect:approve":
        return bool(scopes & {"conversations.connect:manage", "admin.conversations:write", "admin"})
    if right == "keeping:write":
        return "admin.conversations:write" in scopes
    if right == "channels:write" or TABLE[right].level == "channel":
        return any(_may_write(scope) for scope in scopes)
    return False


def _may_write(scope: str) -> bool:
    family = scope.split(":")[0]
    return family in _SLACK and family not in _NO_WORD and not scope.endswith((":read", ":history", ":read.email"))
