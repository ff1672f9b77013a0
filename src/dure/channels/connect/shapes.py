"""An invitation in Slack's words, for the method that lists them and for the events about them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from dure.channels.connect.model import Invite
from dure.channels.slack.shapes import handle
from dure.channels.store import conversations
from dure.governance.api import Governance, User, Workspace
from dure.kernel.tenant import Tenant
from dure.state import Tx


@dataclass(frozen=True, slots=True)
class Names:
    """Workspaces and people by id, and what the home side calls the channel and how it keeps it."""

    spaces: Mapping[str, Workspace]
    people: Mapping[str, User]
    channels: Mapping[str, tuple[str, bool]]


async def names_for(tx: Tx, governance: Governance, invites: Sequence[Invite]) -> Names:
    spaces = {one.id: one for one in await governance.workspaces(elsewhere=True)}
    people: dict[str, User] = {}
    for space in sorted({one.workspace for one in invites} | {one.accepted_workspace for one in invites} - {""}):
        people |= {user.id: user for user in await governance.users_in(tx, Tenant("", space))}
    homes = {one.channel: (await conversations.find_home(tx, one.channel)).home for one in invites}
    return Names(spaces, people, {channel: (home.name, home.private) for channel, home in homes.items()})


def invite(it: Invite, names: Names) -> dict[str, Any]:
    shape: dict[str, Any] = {
        "id": it.id,
        "date_created": int(it.created_at.timestamp()),
        "date_invalid": int(it.expires_at.timestamp()),
        "inviting_team": team(it.workspace, names),
        "inviting_user": person(it.inviter, names),
    }
    if it.to_email:
        shape["recipient_email"] = it.to_email
    if it.to_account:
        shape["recipient_user_id"] = it.to_account
    return shape


def request(it: Invite, names: Names) -> dict[str, Any]:
    """An invitation that waits for leave, or waited."""
    shape: dict[str, Any] = {
        "id": it.id,
        "is_external_limited": it.limited,
        "channel": channel(it, names),
        "inviting_team": team(it.workspace, names),
        "inviting_user": person(it.inviter, names),
        "target_user": {"recipient_email": it.to_email} if it.to_email else {"recipient_user_id": it.to_account},
        "date_created": int(it.created_at.timestamp()),
        "date_last_updated": int(it.changed_at.timestamp()),
        "expires_at": int(it.expires_at.timestamp()),
    }
    if it.reviewed_at is not None:
        shape |= {"date_reviewed": int(it.reviewed_at.timestamp()), "reviewing_user": person(it.reviewed_by, names)}
    return shape


def channel(it: Invite, names: Names) -> dict[str, Any]:
    name, private = names.channels[it.channel]
    return {"id": it.channel, "is_im": False, "is_private": private, "name": name}


def team(workspace: str, names: Names) -> dict[str, Any]:
    it = names.spaces.get(workspace)
    return {
        "id": workspace,
        "name": it.name if it else workspace,
        "domain": it.domain if it else "",
        "icon": {"image_default": True},
        "is_verified": False,
        "date_created": 0,
    }


def person(user: str, names: Names) -> dict[str, Any]:
    """Somebody as the other organisation may see them: no e-mail."""
    it = names.people.get(user)
    if it is None:
        return {"id": user}
    profile = {"real_name": it.name, "real_name_normalized": it.name, "display_name": it.display,
               "display_name_normalized": it.display, "team": it.workspace, "avatar_hash": ""}  # fmt: skip
    return {
        "id": it.id,
        "team_id": it.workspace,
        "name": handle(it, own=False),
        "updated": 0,
        "profile": profile,
        "who_can_share_contact_card": "EVERYONE",
    }


def acceptances(it: Invite, names: Names) -> list[dict[str, Any]]:
    """Who has accepted, and which sides have approved of it."""
    if it.accepted_at is None:
        return []
    status = {"accepted": "pending_approval", "connected": "approved", "declined": "declined"}.get(it.state, it.state)
    reviews = [
        {"type": "approved", "date_review": int(at.timestamp()), "reviewing_team": team(space, names)}
        for space, at in ((it.workspace, it.home_approved_at), (it.accepted_workspace, it.away_approved_at))
        if at is not None
    ]
    return [
        {
            "approval_status": status,
            "date_accepted": int(it.accepted_at.timestamp()),
            "date_invalid": int(it.expires_at.timestamp()),
            "date_last_updated": int(it.changed_at.timestamp()),
            "accepting_team": team(it.accepted_workspace, names),
            "accepting_user": person(it.accepted_by, names),
            "reviews": reviews,
        }
    ]
