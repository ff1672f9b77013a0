"""Governance's entrance: founding, users, tokens, sessions, and the principal behind a credential."""

from __future__ import annotations

import asyncio
import hashlib
import re
import secrets
from base64 import b64encode
from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

import argon2

from dure.feed.api import append
from dure.governance import events, store
from dure.governance.access import access, allowed
from dure.governance.hosts import Hosts
from dure.governance.hours.api import OpeningHours
from dure.governance.hours.counting import NeverOpen, after, is_open, seconds_between
from dure.governance.hours.model import Hours
from dure.governance.model import FUNCTIONS, Founding, OrgRole, Principal, Role, TokenInfo, User, Workspace, domain_of
from dure.governance.organisation import Organisation, require_zone
from dure.governance.playgrounds import Playgrounds
from dure.governance.policies.api import Policies
from dure.governance.strangers import Strangers
from dure.kernel.clock import Clock
from dure.kernel.errors import Conflict, Invalid, NotAllowed, NotFound, NotSignedIn, TooMany
from dure.kernel.ids import slack_id, uuid7
from dure.kernel.tenant import Tenant
from dure.state import State, Together, Tx

__all__ = [
    "AccountInactive",
    "Founding",
    "Governance",
    "Hours",
    "NeverOpen",
    "OpeningHours",
    "OrgRole",
    "Principal",
    "Role",
    "TokenInfo",
    "TokenRevoked",
    "User",
    "Workspace",
    "access",
    "after",
    "allowed",
    "is_open",
    "seconds_between",
]

_LINK = timedelta(days=1)
_ATTEMPTS = 10
_ATTEMPT_WINDOW = timedelta(minutes=10)
_PREFIX = {"user": "xoxp-", "bot": "xoxb-", "app": "xapp-"}
_EMAIL = re.compile(r"[^@\s]+@[^@\s]+\.[^@\s]+")
_HASHER = argon2.PasswordHasher()
# Verifying against this takes as long as against a real one, so an unknown e-mail cannot be told by the time. It is
# made up, for hashing takes long on purpose, and this is needed wherever the module is.
_NOBODY = "$argon2id$v={}$m={},t={},p={}${}${}".format(
    argon2.low_level.ARGON2_VERSION, _HASHER.memory_cost, _HASHER.time_cost, _HASHER.parallelism,
    *(b64encode(secrets.token_bytes(size)).decode().rstrip("=") for size in (_HASHER.salt_len, _HASHER.hash_len)),
)  # fmt: skip


class TokenRevoked(NotSignedIn):
    """The token was revoked."""


class AccountInactive(NotSignedIn):
    """The account that the token belongs to was deactivated."""


class Governance:
    """Who there is and who may do what."""

    def __init__(self, state: State, clock: Clock) -> None:
        self._state = state
        self._clock = clock
        self.hosts = Hosts(state, clock)
        self.hours = OpeningHours(state, clock)
        self.playgrounds = Playgrounds(state, clock)
        self.policies = Policies(state, clock)
        self.organisation = Organisation(state, clock, self.policies)
        self.strangers = Strangers(clock)
        self._hasher = _HASHER
        # Every request asks one of these: those of one moment are asked with one statement.
        self._tokens: Together[bytes, Principal] = Together(self._holders_of_tokens)
        self._sessions: Together[bytes, Principal] = Together(self._holders_of_sessions)

    # -- founding ---------------------------------------------------------------------------------------------------

    async def found(
        self, org: str, workspace: str, email: str, *, name: str = "", timezone: str = "Asia/Seoul",
        currency: str = "KRW", language: str = "ko", only_first: bool = False,
    ) -> Founding:  # fmt: skip
        """A new organisation with a workspace, its owner, an app named `dure` with a bot, and one token of each kind.

        With `only_first` a data folder that already has an organisation is a Conflict and nothing changes.
        """
        _require_email(email)
        _require_name(org, "org")
        _require_name(workspace, "workspace")
        require_zone(timezone)
        now = self._clock.now()
        async with self._state.begin_system() as tx:
            await tx.run("select pg_advisory_xact_lock(hashtext('governance.found'))")
            known = await store.workspaces(tx, elsewhere=True)
            if only_first and known:
                raise Conflict(f"This data folder already belongs to {known[0].org_name}; nothing was changed.")
            space = Workspace(
                slack_id("T"), slack_id("E"), org, workspace,
                domain_of(workspace, {other.domain for other in known}), timezone, currency, language,
            )  # fmt: skip
            await store.add_organisation(tx, space.org, org, now)
            await store.add_workspace(tx, space, now)
            owner = User(
                slack_id("U"), space.id, email, name or email.split("@")[0], "", Role.OWNER, "", "", language, "", False
            )
            await store.add_user(tx, owner, now, org_role=OrgRole.OWNER)
            app, bot = await self._install(tx, space.tenant, "dure")
            acting = Principal(space.tenant, owner.id, Role.OWNER, org_role=OrgRole.OWNER)
            user_token = await self._issue(tx, acting, "user", owner.id, None, ["*"])
            bot_token = await self._issue(tx, acting, "bot", bot, app, ["*"])
            app_token = await self._issue(tx, acting, "app", None, app, ["connections:write", "authorizations:read"])
            link = await self._open(tx, acting, "link", _LINK)
            await append(
                tx,
                events.governance_event(
                    acting, self._clock, events.FOUNDED, "workspace", space.id,
                    {"org": org, "workspace": workspace, "owner": email},
                ),
            )  # fmt: skip
        return Founding(space, owner, app, bot, user_token, bot_token, app_token, link)

    # -- who is there -----------------------------------------------------------------------------------------------

    async def workspaces(self, *, elsewhere: bool = False) -> list[Workspace]:
        """Every workspace of this server; for the system's own loops. With `elsewhere` those of other servers that
        this one knows of too: for names only."""
        async with self._state.begin_system() as tx:
            return await store.workspaces(tx, elsewhere=elsewhere)

    async def workspaces_in(self, tx: Tx, *, elsewhere: bool = False) -> list[Workspace]:
        """The same within a transaction that is open already."""
        return await store.workspaces(tx, elsewhere=elsewhere)

    async def workspace(self, tenant: Tenant) -> Workspace:
        async with self._state.begin(tenant) as tx:
            found = await store.workspace(tx, tenant.workspace)
        if found is None:
            raise NotFound("There is no such workspace.")
        return found

    async def users(self, tenant: Tenant) -> list[User]:
        """Everybody of the workspace, bots and deactivated ones included, oldest first."""
        async with self._state.begin(tenant) as tx:
            return await store.users(tx, tenant.workspace)

    async def users_in(self, tx: Tx, tenant: Tenant) -> list[User]:
        """The same within a transaction that is open already."""
        return await store.users(tx, tenant.workspace)

    async def users_named_in(self, tx: Tx, ids: Sequence[str]) -> list[User]:
        """People of any workspace by id, within a transaction; whose name may be told is the caller's to know."""
        return await store.users_named(tx, ids)

    async def user(self, tenant: Tenant, user_id: str) -> User:
        async with self._state.begin(tenant) as tx:
            found = await store.user(tx, tenant.workspace, user_id)
        if found is None:
            raise NotFound("There is no such user.", field="user")
        return found

    async def user_by_email(self, tenant: Tenant, email: str) -> User | None:
        async with self._state.begin(tenant) as tx:
            return await store.user_by_email(tx, tenant.workspace, email)

    async def workspace_in(self, tx: Tx, workspace: str) -> Workspace:
        """`workspace` by its id, within a transaction that is open already."""
        found = await store.workspace(tx, workspace)
        if found is None:
            raise NotFound("There is no such workspace.")
        return found

    async def create_user(
        self, principal: Principal, email: str, name: str, *, role: Role = Role.MEMBER, function: str = "",
        title: str = "", display: str = "", language: str = "", password: str | None = None,
    ) -> User:  # fmt: skip
        """Adds somebody to the workspace, as far as the policy `people.invite` lets the caller. An e-mail that is
        there already is a Conflict.

        Who is known in the organisation gets a seat here and stays who they are; their password is theirs.
        """
        if not allowed(principal, "governance:write"):
            access(principal, "governance:invite")
            if role in (Role.OWNER, Role.ADMIN) or password:
                raise NotAllowed("An administrator gives roles and passwords.")
        _require_email(email)
        _require_name(name, "name")
        if function and function not in FUNCTIONS:
            raise Invalid(f"`function` is one of {', '.join(FUNCTIONS)}.", field="function")
        if role is Role.OWNER and principal.role is not Role.OWNER:
            raise Invalid("Only an owner can make an owner.", field="role")
        digest = await self._hash(password) if password else None
        user = User(
            slack_id("U"), principal.tenant.workspace, email, name, display, role, function, title, language, "", False
        )
        async with self._state.begin(principal.tenant) as tx:
            await self.policies.require(tx, principal, "people.invite")
            if await store.user_by_email(tx, principal.tenant.workspace, email):
                raise Conflict(f"{email} is in this workspace already.", field="email")
            known = await store.known_by_email(tx, principal.tenant.workspace, email)
            if known is not None:
                if digest is not None:
                    raise Invalid(f"{email} is in this organisation already, with a password.", field="password")
                return await self.organisation.seat_in(tx, principal, known, role)
            await store.add_user(tx, user, self._clock.now(), digest)
            await append(
                tx,
                events.governance_event(
                    principal, self._clock, events.USER_CREATED, "user", user.id,
                    {"name": name, "email": email, "role": role.value, "function": function},
                ),
            )  # fmt: skip
        return user

    async def set_password(self, principal: Principal, user_id: str, password: str) -> None:
        """One's own password, or another's by an admin; an owner's only by an owner."""
        if principal.user != user_id:
            access(principal, "governance:write")
        digest = await self._hash(password)
        async with self._state.begin(principal.tenant) as tx:
            user = await store.user(tx, principal.tenant.workspace, user_id)
            if user is None or user.deleted:
                raise NotFound("There is no such user.", field="user")
            if user.role is Role.OWNER and principal.role is not Role.OWNER:
                raise Invalid("Only an owner can set an owner's password.", field="user")
            if principal.user != user_id:
                await self.organisation.answers_for(tx, principal, user_id)
            await store.set_password(tx, user_id, digest)
            await append(tx, events.governance_event(principal, self._clock, events.PASSWORD_SET, "user", user_id, {}))

    async def describe_in(
        self, tx: Tx, tenant: Tenant, user_id: str, *, name: str | None = None, display: str | None = None,
        title: str | None = None,
    ) -> User:  # fmt: skip
        """Changes what somebody is called, within an act that has checked who may and tells the feed; None stays."""
        user = await store.user(tx, tenant.workspace, user_id)
        if user is None or user.deleted:
            raise NotFound("There is no such user.", field="user")
        if name is not None:
            _require_name(name, "name")
        made = replace(
            user, name=user.name if name is None else name, display=user.display if display is None else display,
            title=user.title if title is None else title,
        )  # fmt: skip
        await store.describe(tx, made)
        return made

    async def deactivate(self, principal: Principal, user_id: str) -> None:
        """Ends somebody's access to the workspace: sessions and tokens stop at once, what they wrote stays."""
        access(principal, "governance:write")
        async with self._state.begin(principal.tenant) as tx:
            user = await store.user(tx, principal.tenant.workspace, user_id)
            if user is None:
                raise NotFound("There is no such user.", field="user")
            if user.role is Role.OWNER and principal.role is not Role.OWNER:
                raise Invalid("Only an owner can deactivate an owner.", field="user")
            await store.unseat(tx, principal.tenant.workspace, user_id, self._clock.now())
            await append(
                tx,
                events.governance_event(
                    principal, self._clock, events.USER_DEACTIVATED, "user", user_id, {"name": user.name}
                ),
            )

    # -- tokens and sessions ----------------------------------------------------------------------------------------

    async def principal(self, token: str) -> Principal:
        """Who a token speaks for. Raises NotSignedIn for one that is unknown, TokenRevoked, AccountInactive."""
        return await self._tokens.ask(_digest(token))

    async def local(self, workspace: str) -> Principal:
        """Whoever holds the data folder acts as an owner: of the named workspace (id or domain), else of the first."""
        for space in await self.workspaces():
            if workspace in ("", space.id, space.domain):
                return Principal(
                    space.tenant, "", Role.OWNER, frozenset({"*"}), "system", "command line", org_role=OrgRole.OWNER
                )
        if workspace:
            raise NotFound(f"There is no workspace {workspace!r} in this data folder.", field="workspace")
        raise NotFound("This data folder has no organisation yet; make one with `dure init`.")

    def system(self, tenant: Tenant, name: str, run: str = "") -> Principal:
        """The server's own hand in a workspace: automations, followers, clocks."""
        return Principal(tenant, "", Role.ADMIN, frozenset({"*"}), "system", name, run)

    async def create_token(self, principal: Principal, kind: str, holder: str, scopes: Sequence[str]) -> str:
        """A new token for a user (by e-mail or id) or an app (by name); it is shown this once."""
        access(principal, "governance:write")
        if kind not in _PREFIX:
            raise Invalid("`kind` is user, bot or app.", field="kind")
        if not scopes:
            raise Invalid("Name at least one scope, or `*`.", field="scopes")
        workspace = principal.tenant.workspace
        async with self._state.begin(principal.tenant) as tx:
            if kind == "user":
                user = await store.user_by_email(tx, workspace, holder) or await store.user(tx, workspace, holder)
                if user is None or user.is_bot:
                    raise NotFound(f"There is no user {holder!r} in this workspace.", field="user")
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

    async def sign_in(self, email: str, password: str) -> str:
        """A session for the right password; ten wrong ones in ten minutes are TooMany, right or wrong after that."""
        now = self._clock.now()
        async with self._state.begin_system() as tx:
            if await store.count_attempts(tx, email, now - _ATTEMPT_WINDOW) >= _ATTEMPTS:
                raise TooMany("Too many wrong passwords for this e-mail; try again later.", retry_after=600)
            rows = await store.passwords(tx, email)
        if not rows:
            await self._matches(_NOBODY, password)
        for row in rows:
            if await self._matches(row["password"], password):
                tenant = Tenant(row["org"], row["workspace"])
                async with self._state.begin(tenant) as tx:
                    await store.forget_attempts(tx, email)
                    return await self._session(tx, tenant, row["id"])
        async with self._state.begin_system() as tx:
            await store.note_attempt(tx, email, now)
        raise NotSignedIn("The e-mail and the password do not go together.", field="password")

    async def sign_in_link(self, principal: Principal, user_id: str) -> str:
        """A link's secret that signs a user in once within a day; for owners handing out first access."""
        access(principal, "governance:write")
        async with self._state.begin(principal.tenant) as tx:
            user = await store.user(tx, principal.tenant.workspace, user_id)
            if user is None or user.deleted:
                raise NotFound("There is no such user.", field="user")
            if principal.user != user_id:
                await self.organisation.answers_for(tx, principal, user_id)
            return await self._open(tx, Principal(principal.tenant, user_id, user.role), "link", _LINK)

    async def sign_ins(self, principal: Principal) -> list[tuple[User, datetime, datetime, int]]:
        """Who has sessions: the first and the last one's beginning, and how many; the last to come first."""
        access(principal, "governance:write")
        async with self._state.begin(principal.tenant) as tx:
            users = {user.id: user for user in await store.users(tx, principal.tenant.workspace)}
            rows = await store.sign_ins(tx, principal.tenant.workspace)
        return [(users[row["account"]], row["first"], row["last"], row["times"]) for row in rows]

    async def follow_link(self, secret: str) -> str:
        """Turns a sign-in link into a session; a link works once."""
        async with self._state.begin_system() as tx:
            row = await store.session_holder(tx, _digest(secret), "link", self._clock.now())
            if row is None:
                raise NotSignedIn("This link was used before or is too old; ask for a new one.")
            await store.end_session(tx, _digest(secret))
            return await self._session(tx, Tenant(row["org"], row["workspace"]), row["account"])

    async def session(self, secret: str) -> Principal:
        """Who a browser's session speaks for."""
        return await self._sessions.ask(_digest(secret))

    async def sign_out(self, secret: str) -> None:
        """Ends a session; its open sockets are closed by the event."""
        async with self._state.begin_system() as tx:
            row = await store.session_holder(tx, _digest(secret), "session", self._clock.now())
            if row is None:
                return
            await store.end_session(tx, _digest(secret))
            acting = Principal(Tenant(row["org"], row["workspace"]), row["account"], Role(row["role"]))
            await append(tx, events.governance_event(acting, self._clock, events.SIGNED_OUT, "user", acting.user, {}))

    # -- many at once -----------------------------------------------------------------------------------------------

    async def _holders_of_tokens(self, digests: Sequence[bytes]) -> list[Principal | Exception]:
        async with self._state.begin_system() as tx:
            rows = await store.token_holders(tx, digests)
            fates = {digest: await store.token_fate(tx, digest) for digest in set(digests) - rows.keys()}
        return [_bearer(rows[digest]) if digest in rows else _ended(fates[digest]) for digest in digests]

    async def _holders_of_sessions(self, digests: Sequence[bytes]) -> list[Principal | Exception]:
        async with self._state.begin_system() as tx:
            rows = await store.session_holders(tx, digests, "session", self._clock.now())
        return [
            Principal(
                Tenant(row["org"], row["workspace"]),
                row["account"],
                Role(row["role"]),
                org_role=OrgRole(row["org_role"]),
            )
            if (row := rows.get(digest))
            else NotSignedIn()
            for digest in digests
        ]

    # -- apps, within the transaction of whoever keeps them; the event is theirs ------------------------------------

    async def register_app_in(self, tx: Tx, principal: Principal, name: str) -> str:
        """A new app's id. Names here are one app's only, so a second of the same name is told apart by a number."""
        access(principal, "governance:write")
        await tx.run("select pg_advisory_xact_lock(hashtext('governance.app ' || %s))", (principal.tenant.workspace,))
        taken, free, number = await store.app_names(tx, principal.tenant.workspace), name, 2
        while free in taken:
            free, number = f"{name} {number}", number + 1
        app = slack_id("A")
        await store.add_app(tx, app, principal.tenant.workspace, free, self._clock.now())
        return app

    async def seat_bot_in(self, tx: Tx, tenant: Tenant, app: str, name: str) -> str:
        """The bot's account by which an app acts in a workspace: made, or taken up again as it was."""
        known = await store.bot(tx, tenant.workspace, app)
        if known is not None:
            await store.revive_bot(tx, tenant.workspace, known, name)
            return known
        bot = User(slack_id("U"), tenant.workspace, "", name, "", Role.MEMBER, "", "", "", app, False)
        await store.add_user(tx, bot, self._clock.now())
        return bot.id

    async def bot_in(self, tx: Tx, tenant: Tenant, app: str) -> str | None:
        """The account by which an app acts, or acted, in a workspace."""
        return await store.bot(tx, tenant.workspace, app)

    async def rename_bots_in(self, tx: Tx, app: str, name: str) -> None:
        await store.rename_bots(tx, app, name)

    async def retire_app_in(self, tx: Tx, principal: Principal, app: str, *, wholly: bool = False) -> list[str]:
        """Ends an app's bot and tokens in the principal's workspace, each with its event; who held one.

        App-level tokens, by which it hears that it is gone, end only `wholly`.
        """
        kinds, now = ["bot", "user", "app"] if wholly else ["bot", "user"], self._clock.now()
        ended = await store.revoke_app(tx, principal.tenant.workspace, app, kinds, now)
        for token in ended:
            about = {name: token[name] for name in ("kind", "user", "app")}
            told = events.governance_event(principal, self._clock, events.TOKEN_REVOKED, "token", token["id"], about)
            await append(tx, told)
        await store.retire_bot(tx, principal.tenant.workspace, app, now)
        return sorted({str(token["user"]) for token in ended if token["user"]})

    async def forget_app_name_in(self, tx: Tx, app: str, name: str) -> None:
        """A deleted app's name may be another's; what it wrote keeps its bot's name."""
        await store.rename_app(tx, app, f"{name} ({app})")

    async def widen_tokens_in(
        self, tx: Tx, tenant: Tenant, app: str, before: Sequence[str], after: Sequence[str]
    ) -> None:
        await store.widen_tokens(tx, tenant.workspace, app, list(before), list(after))

    async def issue_in(
        self, tx: Tx, principal: Principal, kind: str, account: str | None, app: str, scopes: Sequence[str]
    ) -> str:
        """A token for an app in the principal's workspace; it is shown this once."""
        return await self._issue(tx, principal, kind, account, app, list(scopes))

    async def tokens_in(self, tx: Tx, tenant: Tenant, app: str) -> list[TokenInfo]:
        """An app's tokens in a workspace, without their secrets."""
        return [token for token in await store.tokens(tx, tenant.workspace) if token.app == app]

    # -- within a transaction ---------------------------------------------------------------------------------------

    async def _session(self, tx: Tx, tenant: Tenant, account: str) -> str:
        acting = Principal(tenant, account, Role.MEMBER)
        await append(tx, events.governance_event(acting, self._clock, events.SIGNED_IN, "user", account, {}))
        return await self._open(tx, acting, "session", await self.policies.session_length(tx, tenant))

    async def _open(self, tx: Tx, principal: Principal, purpose: str, lasts: timedelta) -> str:
        secret, now = secrets.token_urlsafe(32), self._clock.now()
        await store.add_session(
            tx, _digest(secret), principal.tenant.workspace, principal.user, purpose, now, now + lasts
        )
        return secret

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

    async def _hash(self, password: str) -> str:
        if len(password) < 8:
            raise Invalid("A password has at least eight characters.", field="password")
        return await asyncio.to_thread(self._hasher.hash, password)

    async def _matches(self, digest: str, password: str) -> bool:
        def verify() -> bool:
            try:
                return self._hasher.verify(digest, password)
            except argon2.exceptions.VerifyMismatchError:
                return False

        return await asyncio.to_thread(verify)


def _bearer(row: Mapping[str, Any]) -> Principal:
    """Whom a token's row speaks for."""
    role = Role(row["role"]) if row["role"] else Role.MEMBER
    return Principal(
        Tenant(row["org"], row["workspace"]), row["account"] or "", role, frozenset(row["scopes"]), row["kind"],
        row["app"] or "", token=str(row["id"]), org_role=OrgRole(row["org_role"] or ""),
    )  # fmt: skip


def _ended(fate: str) -> NotSignedIn:
    """Why a token speaks for nobody."""
    if fate == "inactive":
        return AccountInactive()
    return TokenRevoked() if fate == "revoked" else NotSignedIn("The token is not known here, or it was revoked.")


def _digest(secret: str) -> bytes:
    return hashlib.sha256(secret.encode()).digest()


def _require_email(email: str) -> None:
    if not _EMAIL.fullmatch(email) or len(email) > 254:
        raise Invalid(f"{email!r} is not an e-mail address.", field="email")


def _require_name(name: str, field: str) -> None:
    if not name.strip() or len(name) > 200:
        raise Invalid(f"`{field}` is a text of 1 to 200 characters.", field=field)
