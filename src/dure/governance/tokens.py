"""Tokens: made, given back, and the principal that one speaks for."""

from __future__ import annotations

import secrets
from collections.abc import Mapping, Sequence
from functools import cached_property
from typing import Any

from dure.feed.api import append
from dure.governance import events, store
from dure.governance.access import access
from dure.governance.desk import Desk, not_above
from dure.governance.model import OrgRole, Principal, Role, TokenInfo, User
from dure.governance.signin.sessions import digest as _digest
from dure.kernel.errors import Invalid, NotAllowed, NotFound, NotSignedIn
from dure.kernel.ids import slack_id, uuid7
from dure.kernel.origin import proven
from dure.kernel.tenant import Tenant
from dure.state import Together, Tx

_PREFIX = {"user": "xoxp-", "bot": "xoxb-", "app": "xapp-"}


class TokenRevoked(NotSignedIn):
    """The token was revoked."""


class AccountInactive(NotSignedIn):
    """The account that the token belongs to was deactivated."""


class Tokens(Desk):
    async def principal(self, token: str) -> Principal:
        """Who a token speaks for. Raises NotSignedIn for one that is unknown, TokenRevoked, AccountInactive."""
        found = await self._tokens.ask(_digest(token))
        proven(token=found.token, app=found.app)
        return found

    async def create_token(self, principal: Principal, kind: str, holder: str, scopes: Sequence[str]) -> str:
        """A new token for a user (by e-mail or id) or an app (by name); it is shown this once."""
        access(principal, "governance:write")
        if kind not in _PREFIX:
            raise Invalid("`kind` is user, bot or app.", field="kind")
        if not scopes:
            raise Invalid("Name at least one scope, or `*`.", field="scopes")
        if "*" not in principal.scopes and not principal.scopes.issuperset(scopes):
            raise NotAllowed("A token makes no token with scopes that it does not carry itself.")
        workspace = principal.tenant.workspace
        async with self._state.begin(principal.tenant) as tx:
            if kind == "user":
                user = await store.user_by_email(tx, workspace, holder) or await store.user(tx, workspace, holder)
                if user is None or user.is_bot:
                    raise NotFound(f"There is no user {holder!r} in this workspace.", field="user")
                not_above(principal, user)
                return await self._issue(tx, principal, kind, user.id, None, list(scopes))
            row = await tx.row(
                "select p.id as app, a.id as bot from governance.app p join governance.account a on a.app = p.id"
                " where p.workspace = %s and p.name = %s", (workspace, holder),
            )  # fmt: skip
            if row is None:
                app, bot = await self._install(tx, principal.tenant, holder)
                await append(
                    tx,
                    events.governance_event(principal, self._clock, events.APP_INSTALLED, "app", app, {"name": holder}),
                )
            else:
                app, bot = row["app"], row["bot"]
            return await self._issue(tx, principal, kind, bot if kind == "bot" else None, app, list(scopes))

    async def tokens(self, principal: Principal) -> list[TokenInfo]:
        access(principal, "governance:write")
        async with self._state.begin(principal.tenant) as tx:
            return await store.tokens(tx, principal.tenant.workspace)

    async def revoke_token(self, principal: Principal, token_id: str) -> None:
        access(principal, "governance:write")
        async with self._state.begin(principal.tenant) as tx:
            await self._revoke(tx, principal, token_id)

    async def give_back(self, principal: Principal) -> None:
        """Ends the token that the caller came with; whoever holds a token may."""
        async with self._state.begin(principal.tenant) as tx:
            await self._revoke(tx, principal, principal.token)

    @cached_property
    def _tokens(self) -> Together[bytes, Principal]:
        """Every request with a token asks: those of one moment are asked with one statement."""
        return Together(self._holders_of_tokens)

    async def _holders_of_tokens(self, digests: Sequence[bytes]) -> list[Principal | Exception]:
        async with self._state.begin_system() as tx:
            now = self._clock.now()
            rows = await store.token_holders(tx, digests, now)
            fates = {digest: await store.token_fate(tx, digest, now) for digest in set(digests) - rows.keys()}
        return [_bearer(rows[digest]) if digest in rows else _ended(fates[digest]) for digest in digests]

    async def _install(self, tx: Tx, tenant: Tenant, name: str) -> tuple[str, str]:
        app, now = slack_id("A"), self._clock.now()
        bot = User(slack_id("U"), tenant.workspace, "", name, "", Role.MEMBER, "", "", "", app, False)
        await store.add_app(tx, app, tenant.workspace, name, now)
        await store.add_user(tx, bot, now)
        return app, bot.id

    async def _issue(
        self, tx: Tx, principal: Principal, kind: str, account: str | None, app: str | None, scopes: list[str]
    ) -> str:
        token, token_id = _PREFIX[kind] + secrets.token_urlsafe(32), uuid7()
        await store.add_token(
            tx, token_id, _digest(token), kind, principal.tenant.workspace, account, app, scopes, token[:9] + "…",
            self._clock.now(),
        )  # fmt: skip
        await append(
            tx,
            events.governance_event(
                principal, self._clock, events.TOKEN_CREATED, "token", str(token_id),
                {"kind": kind, "holder": account or app, "scopes": scopes},
            ),
        )  # fmt: skip
        return token

    async def _revoke(self, tx: Tx, principal: Principal, token_id: str) -> None:
        ended = await store.revoke_token(tx, principal.tenant.workspace, token_id, self._clock.now())
        if ended is None:
            raise NotFound("There is no such token, or it was revoked before.", field="id")
        await append(
            tx, events.governance_event(principal, self._clock, events.TOKEN_REVOKED, "token", token_id, ended)
        )


def _bearer(row: Mapping[str, Any]) -> Principal:
    """Whom a token's row speaks for."""
    role = Role(row["role"]) if row["role"] else Role.MEMBER
    return Principal(
        Tenant(row["org"], row["workspace"]), row["account"] or "", role, frozenset(row["scopes"]), row["kind"],
        row["app"] or "", token=str(row["id"]), org_role=OrgRole(row["org_role"] or ""),
        guest=store.guest_of(role, row["guest"] or ""), grants=frozenset(row["grants"]),
    )  # fmt: skip


def _ended(fate: str) -> NotSignedIn:
    """Why a token speaks for nobody."""
    if fate == "inactive":
        return AccountInactive()
    return TokenRevoked() if fate == "revoked" else NotSignedIn("The token is not known here, or it was revoked.")
