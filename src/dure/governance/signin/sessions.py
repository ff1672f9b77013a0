"""Sessions: begun by a way in, seen as devices, ended one by one or all."""

from __future__ import annotations

import functools
import hashlib
import secrets
from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any

from dure.feed.api import append
from dure.governance import events, store
from dure.governance.access import access
from dure.governance.model import OrgRole, Principal, Role, User
from dure.governance.policies.api import Policies
from dure.governance.policies.model import KINDS
from dure.governance.roles.account_store import session_seconds
from dure.governance.signin import session_store
from dure.governance.signin.model import Device, Means, Purpose
from dure.governance.signin.rules import demanded
from dure.kernel.clock import Clock
from dure.kernel.errors import NotFound, NotSignedIn
from dure.kernel.tenant import Tenant
from dure.state import State, Together, Tx


class Sessions:
    def __init__(self, state: State, clock: Clock, policies: Policies) -> None:
        self._state = state
        self._clock = clock
        self._policies = policies
        # Every request asks: those of one moment are asked with one statement.
        self._holders: Together[bytes, Principal] = Together(self._holders_of)

    async def holder(self, secret: str) -> Principal:
        """Who a browser's session speaks for; NotSignedIn for none, and for one that still owes a second factor."""
        return await self._holders.ask(digest(secret))

    async def row(self, tx: Tx, secret: str, *purposes: Purpose) -> dict[str, Any] | None:
        """What there is about a secret, of these purposes; None where it is not good any more."""
        return await session_store.holder(tx, digest(secret), purposes, self._clock.now())

    async def begin_in(
        self, tx: Tx, tenant: Tenant, account: str, *, device: str = "", means: Means = "", strong: bool = False,
        proven: bool = True,
    ) -> str:  # fmt: skip
        """Somebody is in: the secret of a new session, for as long as the rules say."""
        acting, now, secret = Principal(tenant, account, Role.MEMBER), self._clock.now(), secrets.token_urlsafe(32)
        about = {"means": means, "device": device}
        await append(tx, events.governance_event(acting, self._clock, events.SIGNED_IN, "user", account, about))
        lasts = await self._policies.session_length(tx, tenant)
        own = await session_seconds(tx, account)
        if own is not None:
            lasts = min(lasts, timedelta(seconds=own))
        await session_store.add(
            tx, digest(secret), tenant.workspace, account, "session", now, now + lasts, device=device, means=means,
            strong=strong, proven=now if proven else None,
        )  # fmt: skip
        return secret

    async def open_in(
        self, tx: Tx, workspace: str, account: str, purpose: Purpose, lasts: timedelta, *, device: str = "",
        means: Means = "",
    ) -> str:  # fmt: skip
        """A link, or half a session: what leads to one."""
        secret, now = secrets.token_urlsafe(32), self._clock.now()
        await session_store.add(
            tx, digest(secret), workspace, account, purpose, now, now + lasts, device=device, means=means
        )
        return secret

    async def end(self, secret: str) -> None:
        """Signs out; open sockets are closed by the event."""
        async with self._state.begin_system() as tx:
            row = await session_store.holder(tx, digest(secret), ["session"], self._clock.now())
            await session_store.end(tx, digest(secret))
            if row is None:
                return
            acting = Principal(Tenant(row["org"], row["workspace"]), row["account"], Role(row["role"]))
            await append(tx, events.governance_event(acting, self._clock, events.SIGNED_OUT, "user", acting.user, {}))

    async def end_in(
        self, tx: Tx, principal: Principal, account: str, *, workspace: str | None = None, but: bytes = b""
    ) -> int:
        """Ends an account's sessions and links, within an act that has checked who may: in all of the principal's
        organisation, or in one `workspace`; the session whose digest is `but` stays. How many sessions ended."""
        ended = await session_store.end_of(tx, principal.tenant.org, account, workspace, but)
        if ended:
            about = {"sessions": ended}
            told = events.governance_event(principal, self._clock, events.SIGNED_OUT, "user", account, about)
            await append(tx, told)
        return ended

    # -- as devices ---------------------------------------------------------------------------------------------------

    async def devices(self, principal: Principal, account: str, secret: str = "") -> Sequence[Device]:
        """One's own sessions, or another's for who looks after people; `secret` says which is the caller's."""
        async with self._state.begin(principal.tenant) as tx:
            await self._may(tx, principal, account)
            rows = await session_store.of(tx, principal.tenant.org, account, self._clock.now())
        here = digest(secret) if secret else b""
        return [
            Device(
                r["id"], r["workspace"], r["device"], r["means"], r["first"], r["seen_at"], bytes(r["digest"]) == here
            )
            for r in rows
        ]

    async def end_device(self, principal: Principal, account: str, session: str) -> None:
        """Ends one session by its id."""
        async with self._state.begin(principal.tenant) as tx:
            await self._may(tx, principal, account)
            if not await session_store.end_one(tx, principal.tenant.org, account, session):
                raise NotFound("There is no such session, or it ended before.", field="session")
            about = {"sessions": 1}
            told = events.governance_event(principal, self._clock, events.SIGNED_OUT, "user", account, about)
            await append(tx, told)

    async def end_all(self, principal: Principal, account: str, secret: str = "") -> int:
        """Ends every session but the caller's own; how many."""
        async with self._state.begin(principal.tenant) as tx:
            await self._may(tx, principal, account)
            return await self.end_in(tx, principal, account, but=digest(secret) if secret else b"")

    async def sign_ins(self, principal: Principal) -> list[tuple[User, datetime, datetime, int]]:
        """Who has sessions: the first and the last one's beginning, and how many; the last to come first."""
        access(principal, "governance:write")
        async with self._state.begin(principal.tenant) as tx:
            users = {user.id: user for user in await store.users(tx, principal.tenant.workspace)}
            rows = await session_store.sign_ins(tx, principal.tenant.workspace)
        return [(users[row["account"]], row["first"], row["last"], row["times"]) for row in rows]

    async def _may(self, tx: Tx, principal: Principal, account: str) -> None:
        if principal.user == account and principal.kind == "user":
            return
        access(principal, "governance:write")
        if not await store.known(tx, principal.tenant.workspace, account) or (
            principal.org_role not in (OrgRole.OWNER, OrgRole.ADMIN)
            and await store.user(tx, principal.tenant.workspace, account) is None
        ):
            raise NotFound("There is no such user.", field="user")

    async def _holders_of(self, digests: Sequence[bytes]) -> list[Principal | Exception]:
        now = self._clock.now()
        async with self._state.begin_system() as tx:
            rows = await session_store.holders(tx, digests, ["session"], now)
            stale = [key for key, row in rows.items() if now - row["seen_at"] >= 2 * session_store.COARSE]
            if stale:
                await session_store.seen(tx, stale, now)
        return [_principal(rows[one]) if one in rows and not owes(rows[one]) else NotSignedIn() for one in digests]


def digest(secret: str) -> bytes:
    """Secrets are kept as this alone: 256 random bits, nothing to guess and nothing to steal from a backup."""
    return hashlib.sha256(secret.encode()).digest()


def owes(row: Mapping[str, Any]) -> bool:
    """Whether a session lacks the second factor that the rules ask of its owner today: then it speaks for nobody."""
    if row["strong"] or row["playground"] or not row["demands"]:
        return False
    rule = KINDS["signin.second_factor"]
    strictest = str(functools.reduce(rule.stricter, row["demands"]))
    return demanded(strictest, Role(row["role"]), OrgRole(row["org_role"]))


def _principal(row: Mapping[str, Any]) -> Principal:
    role = Role(row["role"])
    return Principal(
        Tenant(row["org"], row["workspace"]), row["account"], role, org_role=OrgRole(row["org_role"]),
        guest=store.guest_of(role, row["guest"]), grants=frozenset(row["grants"]),
    )  # fmt: skip
