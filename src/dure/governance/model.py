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

    @property
    def is_bot(self) -> bool:
        return bool(self.app)


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
