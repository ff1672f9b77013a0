"""Who acts, where, and with which rights."""

from __future__ import annotations

import enum
import re
from collections.abc import Set
from dataclasses import dataclass, field
from datetime import datetime
from typing import Literal

from dure.kernel.tenant import Tenant

FUNCTIONS = ("product", "marketing", "sales", "ad_ops", "social", "care", "people", "press", "executives")


Guest = Literal["", "single", "multi"]
"""A guest of one channel, of several, or none."""


class Role(enum.StrEnum):
    OWNER = "owner"
    ADMIN = "admin"
    MEMBER = "member"
    GUEST = "guest"


class OrgRole(enum.StrEnum):
    """What somebody may do with the organisation itself, beside their role in each workspace."""

    NONE = ""
    OWNER = "owner"
    ADMIN = "admin"
    AUDITOR = "auditor"  # reads what the organisation can prove, changes nothing


@dataclass(frozen=True, slots=True)
class Principal:
    """Who acts: a user, a bot, an app, or the system itself on behalf of an automation.

    `grants` are the rights that custom roles give beside the role: `right`, or `right@channel` for one channel alone.
    `guest` tells a guest of one channel from one of several; "" for who is none.

    `run` is the automation run that causes the act, "" otherwise; it is carried into the events, so that an
    automation can be told from a person and cannot feed itself unseen. `token` is the id of the token it came with.
    """

    tenant: Tenant
    user: str
    role: Role
    scopes: frozenset[str] = frozenset({"*"})
    kind: Literal["user", "bot", "app", "system"] = "user"
    app: str = ""
    run: str = ""
    token: str = field(default="", compare=False)
    org_role: OrgRole = field(default=OrgRole.NONE, compare=False)
    guest: Guest = field(default="", compare=False)
    grants: frozenset[str] = field(default=frozenset(), compare=False)

    @property
    def actor(self) -> str:
        """What goes into an event's `actor`."""
        return self.user or self.app


@dataclass(frozen=True, slots=True)
class Workspace:
    """A workspace and the settings that questions and screens default to.

    With `playground_of`, another workspace's id, it is a playground: nothing leaves it, ever. With `server` it lives on
    another server, and is known here by the partnership of that id: nobody signs in to it, and no work is done for it.
    """

    id: str
    org: str
    org_name: str
    name: str
    domain: str
    timezone: str
    currency: str
    language: str
    playground_of: str = ""
    server: str = ""

    @property
    def tenant(self) -> Tenant:
        return Tenant(self.org, self.id)


@dataclass(frozen=True, slots=True)
class User:
    """Somebody who can act in a workspace; a bot has an app and no e-mail.

    People are one across their organisation's workspaces: the same id, with a role in each. `deleted` is who has no
    seat in this workspace any more.
    """

    id: str
    workspace: str
    email: str
    name: str
    display: str
    role: Role
    function: str
    title: str
    language: str
    app: str
    deleted: bool
    guest: Guest = ""
    expires_at: datetime | None = None  # when a guest's seat ends

    @property
    def is_bot(self) -> bool:
        return bool(self.app)


Discoverability = Literal["open", "invite_only", "closed", "unlisted"]


@dataclass(frozen=True, slots=True)
class About:
    """What a workspace says of itself. `owner` is who has been an owner of it longest, None where nobody is."""

    workspace: Workspace
    description: str
    discoverability: Discoverability
    has_icon: bool
    owner: User | None


@dataclass(frozen=True, slots=True)
class TokenInfo:
    """A token as it may be listed: never the token itself. `app` is whose program carries it, "" for a person's own."""

    id: str
    kind: str
    holder: str
    scopes: tuple[str, ...]
    hint: str
    revoked: bool
    app: str = ""
    account: str = ""
    created_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class Founding:
    """What `found` made; the tokens are shown this once."""

    workspace: Workspace
    owner: User
    app: str
    bot: str
    user_token: str
    bot_token: str
    app_token: str
    sign_in: str


def domain_of(name: str, taken: Set[str]) -> str:
    """A workspace's address: its name in small letters, with a number where that is taken."""
    base = re.sub(r"[^a-z0-9]+", "-", name.lower()).strip("-") or "workspace"
    domain, number = base, 2
    while domain in taken:
        domain, number = f"{base}-{number}", number + 1
    return domain
