"""What roles are made of: custom roles, where they were given, guests, requests to invite somebody."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from dure.governance.model import Guest, OrgRole, Role


@dataclass(frozen=True, slots=True)
class CustomRole:
    """A named set of rights of an organisation's own; `given` says to how many people it is given."""

    id: str
    name: str
    description: str
    rights: tuple[str, ...]
    given: int = 0


@dataclass(frozen=True, slots=True)
class Given:
    """That somebody has a custom role: everywhere (`workspace` ""), in a workspace, or in one `channel` of it."""

    role: str
    account: str
    workspace: str
    channel: str
    given_by: str
    given_at: datetime


@dataclass(frozen=True, slots=True)
class Place:
    """A channel somebody is in, by the name it has in their workspace."""

    id: str
    name: str


@dataclass(frozen=True, slots=True)
class Listed:
    """Somebody as the list of people shows them; `channels` are a guest's, `gone` is why they have no seat now."""

    id: str
    email: str
    name: str
    title: str
    function: str
    role: Role
    guest: Guest
    expires_at: datetime | None
    org_role: OrgRole
    gone: str
    channels: Sequence[Place]
    given: Sequence[Mapping[str, str]]


@dataclass(frozen=True, slots=True)
class InviteRequest:
    """Whom somebody asked to have invited."""

    id: str
    workspace: str
    email: str
    name: str
    guest: Guest
    channels: tuple[str, ...]
    expires_at: datetime | None
    reason: str
    asked_by: str
    asked_at: datetime
    state: str
    decided_by: str
    decided_at: datetime | None
