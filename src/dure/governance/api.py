"""Governance's entrance: founding, users, tokens, sessions, and the principal behind a credential."""

from __future__ import annotations

import secrets
from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

from dure.feed.api import append
from dure.governance import events, store
from dure.governance.access import access, allowed, covers, rights_of
from dure.governance.arrivals import Arrival, Arrivals
from dure.governance.audit.api import Audit
from dure.governance.audited import AUDITED
from dure.governance.barriers.api import Barriers
from dure.governance.barriers.model import Barrier, GroupName, Subject
from dure.governance.hosts import Hosts
from dure.governance.hours.api import OpeningHours
from dure.governance.hours.counting import NeverOpen, after, is_open, seconds_between
from dure.governance.hours.model import Hours
from dure.governance.leaving import leave_in
from dure.governance.model import (
    FUNCTIONS,
    Founding,
    Guest,
    OrgRole,
    Principal,
    Role,
    TokenInfo,
    User,
    Workspace,
    domain_of,
)
from dure.governance.organisation import Colleague, Organisation, require_zone
from dure.governance.playgrounds import Playgrounds
from dure.governance.policies.api import Policies
from dure.governance.roles.accounts import LONGEST, PASSWORD, Accounts
from dure.governance.roles.custom import CustomRoles
from dure.governance.roles.guests import guest_facts, require_guest
from dure.governance.roles.model import InviteRequest, Place
from dure.governance.roles.requests import InviteRequests
from dure.governance.roles.seats import LastOwner, NoGuest, Seats
from dure.governance.scim.api import Directory
from dure.governance.scim.barred import DirectoryGroups
from dure.governance.scim.groups import Groups
from dure.governance.signin import passwords
from dure.governance.signin.api import SignIn
from dure.governance.signin.people import require_email
from dure.governance.signin.sessions import Sessions
from dure.governance.signin.sessions import digest as _digest
from dure.governance.strangers import Strangers
from dure.governance.workspaces import Workspaces
from dure.kernel.clock import Clock
from dure.kernel.errors import Conflict, Invalid, NotAllowed, NotFound, NotSignedIn
from dure.kernel.ids import slack_id, uuid7
from dure.kernel.origin import proven
from dure.kernel.tenant import Tenant
from dure.state import State, Together, Tx

__all__ = [
    "LONGEST",
    "PASSWORD",
    "AccountInactive",
    "Arrival",
    "Barrier",
    "Colleague",
    "Founding",
    "Governance",
    "GroupName",
    "Hours",
    "InviteRequest",
    "LastOwner",
    "NeverOpen",
    "NoGuest",
    "OpeningHours",
    "OrgRole",
    "Place",
    "Principal",
    "Role",
    "Subject",
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
_PREFIX = {"user": "xoxp-", "bot": "xoxb-", "app": "xapp-"}


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
        self.policies = Policies(state, clock)
        self.sessions = Sessions(state, clock, self.policies)
        self.playgrounds = Playgrounds(state, clock, self.sessions)
        self.organisation = Organisation(state, clock, self.sessions)
        self.barriers = Barriers(state, clock)
        self.about = Workspaces(state, clock)
        self.seats = Seats(state, clock)
        self.accounts = Accounts(state, clock, self.sessions)
        self.custom_roles = CustomRoles(state, clock, self.seats)
        self.invite_requests = InviteRequests(state, clock, self.policies, self._add_in)
        self.signin = SignIn(state, clock, self.policies, self.sessions, self.organisation)
        self.audit = Audit(state, clock)
        self.audit.bring(AUDITED)
        self.directory = Directory(state, clock)
        self.idp_groups = Groups(state, clock)
        self.barriers.groups.append(DirectoryGroups())
        self.strangers = Strangers(clock)
        self.arrivals = Arrivals(clock, self.policies)
        # Every request with a token asks: those of one moment are asked with one statement.
        self._tokens: Together[bytes, Principal] = Together(self._holders_of_tokens)

    # -- founding ---------------------------------------------------------------------------------------------------

    async def found(
        self, org: str, workspace: str, email: str, *, name: str = "", timezone: str = "Asia/Seoul",
        currency: str = "KRW", language: str = "ko", only_first: bool = False,
    ) -> Founding:  # fmt: skip
        """A new organisation with a workspace, its owner, an app named `dure` with a bot, and one token of each kind.

        With `only_first` a data folder that already has an organisation is a Conflict and nothing changes.
        """
        require_email(email)
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
            link = await self.sessions.open_in(tx, space.id, owner.id, "link", _LINK)
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
        title: str = "", display: str = "", language: str = "", password: str | None = None, guest: Guest = "",
        channels: Sequence[str] = (), expires_at: datetime | None = None,
    ) -> User:  # fmt: skip
        """Adds somebody to the workspace, as far as the policy `people.invite` lets the caller. An e-mail that is
        there already is a Conflict. A guest comes to `channels`, for ever or until `expires_at`.

        Who is known in the organisation gets a seat here and stays who they are; their password is theirs.
        """
        if not allowed(principal, "governance:write"):
            access(principal, "governance:invite")
            if role in (Role.OWNER, Role.ADMIN) or password:
                raise NotAllowed("An administrator gives roles and passwords.")
        require_email(email)
        _require_name(name, "name")
        if function and function not in FUNCTIONS:
            raise Invalid(f"`function` is one of {', '.join(FUNCTIONS)}.", field="function")
        if role is Role.OWNER and principal.role is not Role.OWNER:
            raise Invalid("Only an owner can make an owner.", field="role")
        digest = await self._hash(principal, password, email, name) if password else None
        user = User(
            slack_id("U"), principal.tenant.workspace, email, name, display, role, function, title, language, "",
            False, store.guest_of(role, guest), expires_at,
        )  # fmt: skip
        async with self._state.begin(principal.tenant) as tx:
            return await self._add_in(tx, principal, user, channels, digest)

    async def _add_in(
        self, tx: Tx, principal: Principal, user: User, channels: Sequence[str], digest: str | None = None
    ) -> User:
        """Somebody new in the workspace, or a colleague from elsewhere in the organisation, in their channels."""
        require_guest(user, channels, self._clock.now())
        if not covers(principal, rights_of(user.role)):
            raise NotAllowed("This role holds more than you do.")
        await self.policies.require(tx, principal, "people.invite")
        if await store.user_by_email(tx, principal.tenant.workspace, user.email):
            raise Conflict(f"{user.email} is in this workspace already.", field="email")
        known = await store.known_by_email(tx, principal.tenant.workspace, user.email)
        if known is not None:
            if digest is not None:
                raise Invalid(f"{user.email} is in this organisation already, with a password.", field="password")
            user = await self.organisation.seat_in(
                tx, principal, known, user.role, guest=user.guest, expires_at=user.expires_at
            )
        else:
            await store.add_user(tx, user, self._clock.now(), digest)
            about = {"name": user.name, "email": user.email, "role": user.role.value, "function": user.function,
                     **guest_facts(user)}  # fmt: skip
            await append(
                tx, events.governance_event(principal, self._clock, events.USER_CREATED, "user", user.id, about)
            )
        if channels:
            await self.seats.places.bring(tx, principal, user.id, channels)
        return user

    async def assign(
        self, principal: Principal, user: str, role: Role, *, guest: Guest = "", channels: Sequence[str] = (),
        expires_at: datetime | None = None,
    ) -> User:  # fmt: skip
        """Gives somebody of the organisation a seat in the caller's workspace, in these channels."""
        access(principal, "governance:write")
        async with self._state.begin(principal.tenant) as tx:
            if not await store.known(tx, principal.tenant.workspace, user):
                raise NotFound("There is no such person in this organisation.", field="user")
            made = await self.organisation.seat_in(tx, principal, user, role, guest=guest, expires_at=expires_at)
            require_guest(made, channels, self._clock.now())
            if channels:
                await self.seats.places.bring(tx, principal, user, channels)
            return made

    async def set_password(self, principal: Principal, user_id: str, password: str) -> None:
        """One's own password, or another's by an admin; an owner's only by an owner."""
        if principal.user != user_id:
            access(principal, "governance:write")
        async with self._state.begin(principal.tenant) as tx:
            known = await store.user(tx, principal.tenant.workspace, user_id)
        digest = await self._hash(principal, password, *((known.email, known.name) if known else ("", "")))
        async with self._state.begin(principal.tenant) as tx:
            user = await store.user(tx, principal.tenant.workspace, user_id)
            if user is None or user.deleted:
                raise NotFound("There is no such user.", field="user")
            if user.role is Role.OWNER and principal.role is not Role.OWNER:
                raise Invalid("Only an owner can set an owner's password.", field="user")
            _not_above(principal, user)
            if principal.user != user_id:
                await self.organisation.answers_for(tx, principal, user_id)
            await store.set_password(tx, user_id, digest)
            await self.sessions.end_in(tx, principal, user_id)
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
            _not_above(principal, user)
            await leave_in(tx, principal, self._clock, user_id, user.name, user.role.value)

    # -- tokens and sessions ----------------------------------------------------------------------------------------

    async def principal(self, token: str) -> Principal:
        """Who a token speaks for. Raises NotSignedIn for one that is unknown, TokenRevoked, AccountInactive."""
        found = await self._tokens.ask(_digest(token))
        proven(token=found.token, app=found.app)
        return found

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
        if "*" not in principal.scopes and not principal.scopes.issuperset(scopes):
            raise NotAllowed("A token makes no token with scopes that it does not carry itself.")
        workspace = principal.tenant.workspace
        async with self._state.begin(principal.tenant) as tx:
            if kind == "user":
                user = await store.user_by_email(tx, workspace, holder) or await store.user(tx, workspace, holder)
                if user is None or user.is_bot:
                    raise NotFound(f"There is no user {holder!r} in this workspace.", field="user")
                _not_above(principal, user)
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

    async def sign_in(self, email: str, password: str, *, device: str = "") -> str:
        """A session for a program that has a password and nothing else; ten tries in ten minutes are TooMany.

        NotSignedIn, too, where the rules or their owner ask for a second factor: that is the sign-in page's.
        """
        return await self.signin.by_password_alone(email, password, device=device)

    async def sign_in_link(self, principal: Principal, user_id: str) -> str:
        """A link's secret that signs a user in once within a day; for owners handing out first access."""
        access(principal, "governance:write")
        async with self._state.begin(principal.tenant) as tx:
            user = await store.user(tx, principal.tenant.workspace, user_id)
            if user is None or user.deleted:
                raise NotFound("There is no such user.", field="user")
            _not_above(principal, user)
            if principal.user != user_id:
                await self.organisation.answers_for(tx, principal, user_id)
            return await self.sessions.open_in(tx, principal.tenant.workspace, user_id, "link", _LINK)

    async def sign_ins(self, principal: Principal) -> list[tuple[User, datetime, datetime, int]]:
        """Who has sessions: the first and the last one's beginning, and how many; the last to come first."""
        return await self.sessions.sign_ins(principal)

    async def follow_link(self, secret: str, *, device: str = "") -> str:
        """Turns a sign-in link into a session, or half of one; a link works once."""
        return (await self.signin.entering.by_link(secret, device=device)).secret

    async def session(self, secret: str) -> Principal:
        """Who a browser's session speaks for."""
        found = await self.sessions.holder(secret)
        proven(session=session_id(secret))
        return found

    async def sign_out(self, secret: str) -> None:
        """Ends a session; its open sockets are closed by the event."""
        await self.sessions.end(secret)

    async def end_sessions_in(
        self, tx: Tx, principal: Principal, account: str, *, workspace: str | None = None, but: bytes = b""
    ) -> int:
        """Ends an account's sessions, within an act that has checked who may; see `Sessions.end_in`."""
        return await self.sessions.end_in(tx, principal, account, workspace=workspace, but=but)

    # -- many at once -----------------------------------------------------------------------------------------------

    async def _holders_of_tokens(self, digests: Sequence[bytes]) -> list[Principal | Exception]:
        async with self._state.begin_system() as tx:
            now = self._clock.now()
            rows = await store.token_holders(tx, digests, now)
            fates = {digest: await store.token_fate(tx, digest, now) for digest in set(digests) - rows.keys()}
        return [_bearer(rows[digest]) if digest in rows else _ended(fates[digest]) for digest in digests]

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

    async def _hash(self, principal: Principal, password: str, email: str, name: str) -> str:
        async with self._state.begin(principal.tenant) as tx:
            least = await self.signin.entering.password_length_in(tx, principal.tenant)
        passwords.check(password, least=least, about=(email, email.partition("@")[0], name))
        return await passwords.hashed(password)


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


def _not_above(principal: Principal, user: User) -> None:
    """Nobody acts for, or shuts out, who holds more than they do."""
    if principal.user != user.id and not covers(principal, rights_of(user.role)):
        raise NotAllowed("They hold more than you do.")


def session_id(secret: str) -> str:
    """A session's number, by which entries of the audit trail are of one; it tells nothing of the secret."""
    return str(int.from_bytes(_digest(secret)[:6], "big"))


def _require_name(name: str, field: str) -> None:
    if not name.strip() or len(name) > 200:
        raise Invalid(f"`{field}` is a text of 1 to 200 characters.", field=field)
