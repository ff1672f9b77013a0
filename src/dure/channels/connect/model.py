"""An invitation, and where it and a share stand in the table of `machine`."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Literal

from dure.channels.connect.machine import State
from dure.channels.model import Conversation, Share

InviteState = Literal["requested", "denied", "sent", "accepted", "connected", "declined", "revoked", "expired"]
OPEN: tuple[InviteState, ...] = ("requested", "sent", "accepted")
VALID_FOR = timedelta(days=14)
FAR = datetime(9999, 1, 1, tzinfo=UTC)
MOST_SIDES = 250


@dataclass(frozen=True, slots=True)
class Invite:
    """`targets` are the workspaces any one of which may accept; `name` and `private` are the accepting side's."""

    id: str
    channel: str
    workspace: str
    org: str
    inviter: str
    to_account: str
    to_email: str
    targets: tuple[str, ...]
    limited: bool
    state: InviteState
    created_at: datetime
    changed_at: datetime
    expires_at: datetime
    accepted_workspace: str = ""
    accepted_org: str = ""
    accepted_by: str = ""
    accepted_at: datetime | None = None
    name: str = ""
    private: bool = False
    home_approved_at: datetime | None = None
    away_approved_at: datetime | None = None
    reviewed_by: str = ""  # who let a request go, or did not
    reviewed_at: datetime | None = None

    def at(self, now: datetime) -> InviteState:
        """Its state at a moment: one that nobody connected in time has expired."""
        return "expired" if self.state in OPEN and now >= self.expires_at else self.state

    @property
    def agreed(self) -> bool:
        return self.home_approved_at is not None and self.away_approved_at is not None


def standing(invite: Invite, now: datetime, found: Conversation | None = None) -> State:
    """Where an invitation stands; `found` is its channel, which tells what became of one that was connected."""
    state = invite.at(now)
    if state == "sent":
        return "offered" if invite.home_approved_at is not None else "sent"
    if state == "accepted":
        if invite.home_approved_at is not None:
            return "home_approved"
        return "away_approved" if invite.away_approved_at is not None else "accepted"
    if state == "connected":
        share = _side(found, invite.accepted_workspace) if found else None
        return shared(share, found.transfer_to if found else "")
    return state


def standing_of(found: Conversation, target: str, invites: Sequence[Invite], now: datetime) -> tuple[State, str]:
    """Where a channel and another side, a workspace or an organisation, stand; and the workspace that is meant.

    `invites` are the channel's that are open.
    """
    # The sides of the home's own organisation are not shared with: it spans them.
    others = [share for share in found.shares if not share.home and share.org != found.home.org]
    share = next((one for one in others if one.state == "connected" and target in (one.workspace, one.org)), None)
    if share is not None:
        return shared(share, found.transfer_to), share.workspace
    for invite in invites:
        if invite.at(now) in OPEN and (target in invite.targets or target == invite.accepted_org):
            return standing(invite, now), invite.accepted_workspace or (
                target if target in invite.targets else invite.targets[0]
            )
    return ("disconnected" if _side(found, target) is not None else "none"), target


def shared(share: Share | None, transfer_to: str) -> State:
    if share is None or share.state != "connected":
        return "disconnected"
    if share.limited:
        return "post_only"
    return "moving" if transfer_to and transfer_to == share.workspace else "connected"


def _side(found: Conversation, workspace: str) -> Share | None:
    others = [share for share in found.shares if not share.home and share.org != found.home.org]
    return next((share for share in others if workspace in (share.workspace, share.org)), None)
