"""The people tests speak of: mina owns Sorimaru, joon is a member, gil a guest; rina owns a rival."""

from __future__ import annotations

import functools
from dataclasses import dataclass
from datetime import UTC, datetime

import argon2

from dure.governance import store
from dure.governance.api import Governance, Principal, Role, User
from dure.kernel.clock import Clock, StillClock
from dure.kernel.tenant import Tenant
from dure.state import State

MONDAY_NOON = datetime(2026, 11, 23, 3, tzinfo=UTC)  # noon in Seoul


@dataclass(frozen=True)
class Cast:
    governance: Governance
    tenant: Tenant
    mina: Principal
    joon: Principal
    gil: Principal
    rina: Principal
    users: dict[str, User]
    token: str
    bot_token: str
    rival_token: str


@functools.cache
def _correct_horse() -> str:
    return argon2.PasswordHasher().hash("correct horse")


async def found_sori(state: State, clock: Clock | None = None) -> Cast:
    """Sorimaru with mina (owner), joon (member, marketing), gil (guest); and a rival organisation with rina."""
    governance = Governance(state, clock or StillClock(MONDAY_NOON))
    sori = await governance.found("Sorimaru", "sorimaru", "mina@sorimaru.example", name="김미나")
    mina = await governance.principal(sori.user_token)
    joon = await governance.create_user(mina, "joon@sorimaru.example", "박준", function="marketing")
    async with state.begin(sori.workspace.tenant) as tx:  # hashed once for all: that takes long on purpose
        await store.set_password(tx, joon.id, _correct_horse())
    gil = await governance.create_user(mina, "gil@partner.example", "길동", role=Role.GUEST)
    rival = await governance.found("Rival", "rival", "rina@rival.example", name="Rina")
    return Cast(
        governance,
        sori.workspace.tenant,
        mina,
        Principal(sori.workspace.tenant, joon.id, Role.MEMBER),
        Principal(sori.workspace.tenant, gil.id, Role.GUEST),
        await governance.principal(rival.user_token),
        {"mina": sori.owner, "joon": joon, "gil": gil, "rina": rival.owner},
        sori.user_token,
        sori.bot_token,
        rival.user_token,
    )
