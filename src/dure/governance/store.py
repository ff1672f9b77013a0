"""Governance's SQL."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from dure.governance.model import Guest, OrgRole, Role, TokenInfo, User, Workspace
from dure.state import Tx

_WORKSPACE = """
select w.*, o.name as org_name from governance.workspace w join governance.organisation o on o.id = w.org
"""
_SEATED = """
select a.*, s.workspace as seat, s.role, s.left_at, s.guest, s.expires_at
from governance.account a join governance.seat s on s.account = a.id
"""

# What custom roles give an account in a workspace; `account`, `workspace` and `org` are what stands outside.
GRANTS = """
array(select distinct case g.channel when '' then r else r || '@' || g.channel end from governance.given_role g
join governance.custom_role c on c.id = g.role and c.org = w.org cross join unnest(c.rights) r
where g.account = s.account and g.workspace in ('', s.workspace)) as grants
"""


async def add_organisation(tx: Tx, org: str, name: str, at: datetime) -> None:
    await tx.run("insert into governance.organisation (id, name, founded_at) values (%s, %s, %s)", (org, name, at))


async def add_workspace(tx: Tx, workspace: Workspace, at: datetime) -> None:
    await tx.run(
        "insert into governance.workspace (id, org, name, domain, timezone, currency, language, founded_at,"
        " playground_of, server) values (%s, %s, %s, %s, %s, %s, %s, %s, %s, %s)",
        (workspace.id, workspace.org, workspace.name, workspace.domain, workspace.timezone, workspace.currency,
         workspace.language, at, workspace.playground_of or None, workspace.server),
    )  # fmt: skip


async def workspaces(tx: Tx, *, elsewhere: bool = False) -> list[Workspace]:
    """Those of this server; with `elsewhere` those of other servers too."""
    rows = await tx.rows(f"{_WORKSPACE} where w.server = '' or %s order by w.founded_at", (elsewhere,))
    return [_workspace(row) for row in rows]


async def workspace(tx: Tx, workspace_id: str) -> Workspace | None:
    row = await tx.row(f"{_WORKSPACE} where w.id = %s", (workspace_id,))
    return None if row is None else _workspace(row)


async def playgrounds_of(tx: Tx, workspace_id: str) -> list[Workspace]:
    """A workspace's playgrounds, oldest first."""
    return [
        _workspace(row)
        for row in await tx.rows(f"{_WORKSPACE} where w.playground_of = %s order by w.founded_at", (workspace_id,))
    ]


async def allowed_hosts(tx: Tx, workspace_id: str) -> list[str]:
    """By name."""
    rows = await tx.rows("select host from governance.allowed_host where workspace = %s order by host", (workspace_id,))
    return [row["host"] for row in rows]


async def set_allowed_hosts(tx: Tx, workspace_id: str, hosts: Sequence[str], by: str, at: datetime) -> None:
    """Puts this list in the place of the one before; of a host that stays it stays known who added it."""
    await tx.run(
        "delete from governance.allowed_host where workspace = %s and not host = any(%s)", (workspace_id, list(hosts))
    )
    await tx.run(
        "insert into governance.allowed_host (workspace, host, added_by, added_at)"
        " select %s, unnest(%s::text[]), %s, %s on conflict do nothing",
        (workspace_id, list(hosts), by, at),
    )


async def add_app(tx: Tx, app: str, workspace_id: str, name: str, at: datetime) -> None:
    await tx.run(
        "insert into governance.app (id, workspace, name, created_at) values (%s, %s, %s, %s)",
        (app, workspace_id, name, at),
    )


async def add_user(
    tx: Tx, user: User, at: datetime, password: str | None = None, org_role: OrgRole = OrgRole.NONE
) -> None:
    """A new account, with its seat in the user's workspace."""
    await tx.run(
        "insert into governance.account (id, workspace, email, name, display, function, title, language, app, password,"
        " created_at, org_role, realm) select %s, id, %s, %s, %s, %s, %s, %s, %s, %s, %s, %s,"
        " case when playground_of is null then org else id end from governance.workspace where id = %s",
        (user.id, user.email or None, user.name, user.display, user.function, user.title, user.language,
         user.app or None, password, at, org_role.value, user.workspace),
    )  # fmt: skip
    await seat(tx, user.workspace, user.id, user.role, at, guest=user.guest, expires_at=user.expires_at)


async def describe(tx: Tx, user: User) -> None:
    """Keeps what a user is called."""
    await tx.run(
        "update governance.account set name = %s, display = %s, title = %s where id = %s",
        (user.name, user.display, user.title, user.id),
    )


async def set_password(tx: Tx, user: str, password: str) -> None:
    await tx.run("update governance.account set password = %s where id = %s", (password, user))


async def users(tx: Tx, workspace_id: str) -> list[User]:
    rows = await tx.rows(f"{_SEATED} where s.workspace = %s order by s.joined_at, a.id", (workspace_id,))
    return [_user(row) for row in rows]


async def users_named(tx: Tx, ids: Sequence[str]) -> list[User]:
    """As what they are where they were made; gone are only those who have no seat anywhere."""
    rows = await tx.rows(f"{_SEATED} where a.id = any(%s) and s.workspace = a.workspace", (list(ids),))
    return [_user({**row, "left_at": None}) for row in rows]


async def user(tx: Tx, workspace_id: str, user_id: str) -> User | None:
    row = await tx.row(f"{_SEATED} where s.workspace = %s and a.id = %s", (workspace_id, user_id))
    return None if row is None else _user(row)


async def user_by_email(tx: Tx, workspace_id: str, email: str) -> User | None:
    row = await tx.row(
        f"{_SEATED} where s.workspace = %s and lower(a.email) = lower(%s)"
        " and a.deleted_at is null and s.left_at is null",
        (workspace_id, email),
    )
    return None if row is None else _user(row)


async def passwords(tx: Tx, email: str) -> list[dict[str, Any]]:
    """Every account with this e-mail that has a password, oldest first, with a workspace where it has a seat."""
    return await tx.rows(
        "select distinct on (a.created_at, a.id) a.id, s.workspace, w.org, a.password"
        " from governance.account a join governance.seat s on s.account = a.id and s.left_at is null"
        " join governance.workspace w on w.id = s.workspace"
        " where lower(a.email) = lower(%s) and a.password is not null and a.deleted_at is null"
        " order by a.created_at, a.id, s.workspace <> a.workspace, s.joined_at",
        (email,),
    )


# -- seats ----------------------------------------------------------------------------------------------------------


async def seat(
    tx: Tx, workspace_id: str, user_id: str, role: Role, at: datetime, *, guest: Guest = "",
    expires_at: datetime | None = None,
) -> None:  # fmt: skip
    """Gives somebody a seat, or takes it up again."""
    await tx.run(
        "insert into governance.seat (workspace, account, role, joined_at, guest, expires_at)"
        " values (%s, %s, %s, %s, %s, %s) on conflict (workspace, account) do update set role = excluded.role,"
        " guest = excluded.guest, expires_at = excluded.expires_at, left_at = null",
        (workspace_id, user_id, role.value, at, guest_of(role, guest), expires_at),
    )


def guest_of(role: Role, guest: str) -> Guest:
    """Which guest somebody of a role is: one of several channels where nothing is said."""
    if role is not Role.GUEST:
        return ""
    return "single" if guest == "single" else "multi"


async def known_by_email(tx: Tx, workspace_id: str, email: str) -> str | None:
    """The account of this e-mail in the workspace's realm, whether it has a seat here or not."""
    found = await tx.value(
        "select a.id from governance.account a join governance.workspace w"
        " on a.realm = case when w.playground_of is null then w.org else w.id end"
        " where w.id = %s and lower(a.email) = lower(%s) and a.deleted_at is null",
        (workspace_id, email),
    )
    return None if found is None else str(found)


async def known(tx: Tx, workspace_id: str, user_id: str) -> bool:
    """Whether an account that is not gone is of the workspace's realm."""
    return bool(
        await tx.value(
            "select exists (select from governance.account a join governance.workspace w"
            " on a.realm = case when w.playground_of is null then w.org else w.id end"
            " where w.id = %s and a.id = %s and a.app is null and a.deleted_at is null)",
            (workspace_id, user_id),
        )
    )


async def seats_of(tx: Tx, user_id: str) -> dict[str, Role]:
    """The workspaces in which somebody can act, and as what, the first joined first."""
    rows = await tx.rows(
        "select workspace, role from governance.seat where account = %s and left_at is null"
        " order by joined_at, workspace",
        (user_id,),
    )
    return {row["workspace"]: Role(row["role"]) for row in rows}


async def people(tx: Tx, org: str) -> list[dict[str, Any]]:
    """An organisation's people, who is gone included, each with the workspaces where they have a seat."""
    return await tx.rows(
        "select a.id, coalesce(a.email, '') as email, a.name, a.function, a.title, a.org_role,"
        " a.deleted_at is not null as gone,"
        " coalesce(jsonb_object_agg(s.workspace, s.role) filter (where s.left_at is null), '{}') as seats"
        " from governance.account a join governance.seat s on s.account = a.id"
        " where a.realm = %s and a.app is null group by a.id order by a.name, a.id",
        (org,),
    )


async def set_org_role(tx: Tx, org: str, user_id: str, role: OrgRole) -> None:
    await tx.run("update governance.account set org_role = %s where realm = %s and id = %s", (role.value, org, user_id))


async def org_role(tx: Tx, org: str, user_id: str) -> OrgRole | None:
    """None for who is not of the organisation, or is gone."""
    found = await tx.value(
        "select org_role from governance.account where realm = %s and id = %s and app is null and deleted_at is null",
        (org, user_id),
    )
    return None if found is None else OrgRole(found)


async def org_owners(tx: Tx, org: str) -> list[str]:
    rows = await tx.rows(
        "select id from governance.account where realm = %s and org_role = 'owner' and deleted_at is null"
        " order by id for update",
        (org,),
    )
    return [row["id"] for row in rows]


async def unseat(tx: Tx, workspace_id: str, user_id: str, at: datetime) -> None:
    """Ends somebody's seat with its sessions and tokens; with the last one the account ends."""
    await tx.run(
        "update governance.seat set left_at = %s where workspace = %s and account = %s and left_at is null",
        (at, workspace_id, user_id),
    )
    await tx.run("delete from governance.session where account = %s and workspace = %s", (user_id, workspace_id))
    await tx.run(
        "update governance.token set revoked_at = %s where account = %s and workspace = %s and revoked_at is null",
        (at, user_id, workspace_id),
    )
    await tx.run(
        "update governance.account a set deleted_at = %s where id = %s and deleted_at is null and not exists"
        " (select from governance.seat s where s.account = a.id and s.left_at is null)",
        (at, user_id),
    )


async def add_token(
    tx: Tx, token_id: UUID, digest: bytes, kind: str, workspace_id: str, account: str | None, app: str | None,
    scopes: list[str], hint: str, at: datetime,
) -> None:  # fmt: skip
    await tx.run(
        "insert into governance.token (id, digest, kind, workspace, account, app, scopes, hint, created_at)"
        " values (%s, %s, %s, %s, %s, %s, %s, %s, %s)",
        (token_id, digest, kind, workspace_id, account, app, scopes, hint, at),
    )


async def token_holders(tx: Tx, digests: Sequence[bytes], at: datetime) -> dict[bytes, dict[str, Any]]:
    """Tokens with their workspace's organisation and what their account is and holds, unless revoked or ended."""
    rows = await tx.rows(
        "select t.digest, t.id, t.kind, t.workspace, w.org, t.account, t.app, t.scopes, s.role, a.org_role, s.guest,"
        f" {GRANTS} from governance.token t join governance.workspace w on w.id = t.workspace"
        " left join governance.account a on a.id = t.account"
        " left join governance.seat s on s.account = t.account and s.workspace = t.workspace"
        " where t.digest = any(%s) and t.revoked_at is null and a.deleted_at is null and s.left_at is null"
        " and (s.expires_at is null or s.expires_at > %s)",
        (list(digests), at),
    )
    return {bytes(row["digest"]): row for row in rows}


async def token_fate(tx: Tx, digest: bytes, at: datetime) -> str:
    """Why a token that once was one is none any more: `revoked`, `inactive` (its holder is gone), or "" for unknown."""
    row = await tx.row(
        "select coalesce(a.deleted_at, s.left_at, case when s.expires_at <= %s then s.expires_at end) as gone"
        " from governance.token t left join governance.account a on a.id = t.account"
        " left join governance.seat s on s.account = t.account and s.workspace = t.workspace where t.digest = %s",
        (at, digest),
    )
    if row is None:
        return ""
    return "inactive" if row["gone"] is not None else "revoked"


async def tokens(tx: Tx, workspace_id: str) -> list[TokenInfo]:
    rows = await tx.rows(
        "select t.*, coalesce(a.email, a.name, p.name, '') as holder from governance.token t"
        " left join governance.account a on a.id = t.account left join governance.app p on p.id = t.app"
        " where t.workspace = %s order by t.created_at",
        (workspace_id,),
    )
    return [
        TokenInfo(
            str(r["id"]), r["kind"], r["holder"], tuple(r["scopes"]), r["hint"], r["revoked_at"] is not None,
            r["app"] or "", r["account"] or "", r["created_at"],
        )
        for r in rows
    ]  # fmt: skip


async def revoke_token(tx: Tx, workspace_id: str, token_id: str, at: datetime) -> dict[str, Any] | None:
    """The kind, account and app of the token that ended; None where there is none that holds."""
    return await tx.row(
        "update governance.token set revoked_at = %s where workspace = %s and id::text = %s and revoked_at is null"
        " returning kind, coalesce(account, '') as user, coalesce(app, '') as app",
        (at, workspace_id, token_id),
    )


# -- apps -----------------------------------------------------------------------------------------------------------


async def app_names(tx: Tx, workspace_id: str) -> set[str]:
    return {
        row["name"] for row in await tx.rows("select name from governance.app where workspace = %s", (workspace_id,))
    }


async def rename_app(tx: Tx, app: str, name: str) -> None:
    await tx.run("update governance.app set name = %s where id = %s", (name, app))


async def bot(tx: Tx, workspace_id: str, app: str) -> str | None:
    """The account by which an app acts, or acted, in a workspace."""
    found = await tx.value(
        "select a.id from governance.account a join governance.seat s on s.account = a.id"
        " where s.workspace = %s and a.app = %s order by a.created_at limit 1",
        (workspace_id, app),
    )
    return None if found is None else str(found)


async def revive_bot(tx: Tx, workspace_id: str, bot_user: str, name: str) -> None:
    await tx.run("update governance.account set deleted_at = null, name = %s where id = %s", (name, bot_user))
    await tx.run(
        "update governance.seat set left_at = null where workspace = %s and account = %s", (workspace_id, bot_user)
    )


async def rename_bots(tx: Tx, app: str, name: str) -> None:
    await tx.run("update governance.account set name = %s where app = %s", (name, app))


async def retire_bot(tx: Tx, workspace_id: str, app: str, at: datetime) -> None:
    found = await bot(tx, workspace_id, app)
    if found is not None:
        await unseat(tx, workspace_id, found, at)


async def revoke_app(
    tx: Tx, workspace_id: str, app: str, kinds: list[str], at: datetime
) -> list[dict[str, Any]]:  # fmt: skip
    """Ends an app's tokens of these kinds in a workspace; which they were."""
    return await tx.rows(
        "update governance.token set revoked_at = %s where workspace = %s and app = %s and kind = any(%s)"
        " and revoked_at is null returning id::text, kind, coalesce(account, '') as user, app",
        (at, workspace_id, app, kinds),
    )


async def widen_tokens(tx: Tx, workspace_id: str, app: str, before: list[str], after: list[str]) -> None:
    """Gives the bot tokens that carried all of an installation's scopes those of the new one."""
    await tx.run(
        "update governance.token set scopes = %(after)s where workspace = %(workspace)s and app = %(app)s"
        " and kind = 'bot' and revoked_at is null and scopes @> %(before)s and scopes <@ %(before)s",
        {"after": after, "workspace": workspace_id, "app": app, "before": before},
    )


def _workspace(row: dict[str, Any]) -> Workspace:
    return Workspace(
        row["id"], row["org"], row["org_name"], row["name"], row["domain"], row["timezone"], row["currency"],
        row["language"], row["playground_of"] or "", row["server"],
    )  # fmt: skip


def _user(row: dict[str, Any]) -> User:
    return User(
        row["id"], row["seat"], row["email"] or "", row["name"], row["display"], Role(row["role"]),
        row["function"], row["title"], row["language"], row["app"] or "",
        row["deleted_at"] is not None or row["left_at"] is not None, guest_of(Role(row["role"]), row["guest"]),
        row["expires_at"],
    )  # fmt: skip
