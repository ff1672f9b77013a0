"""What governance writes to the feed."""

from __future__ import annotations

from datetime import datetime
from typing import Any
from uuid import UUID

from dure.feed.api import NOBODY, Event
from dure.governance.model import Principal
from dure.kernel.clock import Clock
from dure.kernel.ids import uuid7

FOUNDED = "Workspace Founded"
USER_CREATED = "User Created"
USER_DEACTIVATED = "User Deactivated"
USER_SEATED = "User Seated"
USER_BROUGHT = "User Brought In"
ORG_ROLE_CHANGED = "Organisation Role Changed"
ROLE_CHANGED = "Role Changed"
ROLE_CREATED = "Role Created"
ROLE_EDITED = "Role Edited"
ROLE_REMOVED = "Role Removed"
ROLE_GIVEN = "Role Given"
ROLE_TAKEN = "Role Taken"
GUEST_EXPIRED = "Guest Expired"
GUEST_EXTENDED = "Guest Extended"
INVITE_REQUESTED = "Invite Requested"
INVITE_APPROVED = "Invite Approved"
INVITE_DENIED = "Invite Denied"
SESSION_SETTING_CHANGED = "Session Setting Changed"
SIGNING_EXEMPTED = "Signing Exempted"
SIGNING_EXEMPTION_ENDED = "Signing Exemption Ended"
POLICY_CHANGED = "Policy Changed"
PASSWORD_SET = "Password Set"  # noqa: S105
SIGNED_IN = "Signed In"
SIGNED_OUT = "Signed Out"
PASSWORD_RESET_ASKED = "Password Reset Asked"  # noqa: S105
FACTOR_ADDED = "Second Factor Added"
FACTOR_REMOVED = "Second Factor Removed"
RECOVERY_CODES_MADE = "Recovery Codes Made"
PASSKEY_ADDED = "Passkey Added"
PASSKEY_RENAMED = "Passkey Renamed"
PASSKEY_REMOVED = "Passkey Removed"
PROVIDER_ADDED = "Sign-in Provider Added"
PROVIDER_CHANGED = "Sign-in Provider Changed"
PROVIDER_REMOVED = "Sign-in Provider Removed"
PERSON_INVITED = "Person Invited"
INVITATION_SENT_AGAIN = "Invitation Sent Again"
INVITATION_REVOKED = "Invitation Revoked"
TOKEN_CREATED = "Token Created"  # noqa: S105
TOKEN_REVOKED = "Token Revoked"  # noqa: S105
APP_INSTALLED = "App Installed"
PLAYGROUND_MADE = "Playground Made"
HOSTS_CHANGED = "Allowed Hosts Changed"
HOURS_CREATED = "Opening Hours Created"
HOURS_CHANGED = "Opening Hours Changed"
HOURS_REMOVED = "Opening Hours Removed"
TEAM_HOURS_SET = "Team Hours Set"
BARRIER_CREATED = "Information Barrier Created"
BARRIER_CHANGED = "Information Barrier Changed"
BARRIER_REMOVED = "Information Barrier Removed"
WORKSPACE_CHANGED = "Workspace Changed"
AUDIT_EXPORTED = "Audit Trail Exported"
USER_CHANGED = "User Changed"
USER_REACTIVATED = "User Reactivated"
IDP_GROUP_CREATED = "Directory Group Created"
IDP_GROUP_CHANGED = "Directory Group Changed"
IDP_GROUP_DELETED = "Directory Group Deleted"


def act(
    principal: Principal, source: str, name: str, object_type: str, object_id: str, properties: dict[str, Any],
    now: datetime, *, at: datetime | None = None, account: str = "", person: UUID = NOBODY, distinct_id: str = "",
) -> Event:  # fmt: skip
    """What a slice writes when somebody acts: `source` is the slice, `now` when it is written, `at` when it happened
    where that was earlier."""
    return Event(
        org=principal.tenant.org,
        workspace=principal.tenant.workspace,
        event=name,
        time=at or now,
        received_at=now,
        message_id=str(uuid7()),
        source=source,
        person=person,
        distinct_id=distinct_id,
        account=account,
        object_type=object_type,
        object=object_id,
        actor=principal.actor,
        run=principal.run,
        properties=properties,
    )


def governance_event(
    principal: Principal, clock: Clock, name: str, object_type: str, object_id: str, properties: dict[str, Any]
) -> Event:
    """One act of governance; tokens and passwords never go into `properties`."""
    return act(principal, "governance", name, object_type, object_id, properties, clock.now())
