"""An invitation, and the one rule of what may happen to it next.

    sent ──accept──► accepted ──approved by both──► connected
      └──────────────────┴──► declined · revoked · expired

Nothing leads out of the last four. Only one workspace can accept, whoever else was asked.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Literal

from dure.channels.connect.refusals import AlreadyApproved, ApprovalInactive, InviteOver, InviteUsed

InviteState = Literal["sent", "accepted", "connected", "declined", "revoked", "expired"]
VALID_FOR = timedelta(days=14)
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

    def at(self, now: datetime) -> InviteState:
        """Its state at a moment: one that nobody connected in time has expired."""
        return "expired" if self.state in ("sent", "accepted") and now >= self.expires_at else self.state

    @property
    def agreed(self) -> bool:
        return self.home_approved_at is not None and self.away_approved_at is not None


def may_accept(invite: Invite, now: datetime) -> None:
    """Raises InviteUsed where somebody has accepted, InviteOver where it is over."""
    state = invite.at(now)
    if state in ("accepted", "connected"):
        raise InviteUsed(field="invite_id")
    if state != "sent":
        raise InviteOver(field="invite_id")


def may_approve(invite: Invite, now: datetime, *, home: bool) -> None:
    """Raises AlreadyApproved for a side's second approval, ApprovalInactive where nothing waits for one."""
    approved = invite.home_approved_at if home else invite.away_approved_at
    if approved is not None and invite.at(now) in ("accepted", "connected"):
        raise AlreadyApproved(field="invite_id")
    if invite.at(now) != "accepted":
        raise ApprovalInactive(field="invite_id")


def may_decline(invite: Invite, now: datetime) -> None:
    """Either side may, until it is connected. Raises ApprovalInactive where it is over."""
    if invite.at(now) not in ("sent", "accepted"):
        raise ApprovalInactive(field="invite_id")
