"""Apps and their installations in PostgreSQL."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any

from psycopg.types.json import Jsonb

from dure.channels.apps.model import App, Consent, Credentials, Installation, Seat, Webhook, installation_of
from dure.channels.rules import clean
from dure.governance.api import Governance
from dure.kernel.tenant import Tenant
from dure.state import Tx

_INSTALLED = """
select a.id, a.manifest, a.signing_secret, a.verification_token, i.bot_user, i.scopes
from channels.installation i join channels.app a on a.id = i.app
where i.workspace = %s and i.removed_at is null
"""


async def installations(tx: Tx, governance: Governance, tenant: Tenant) -> list[Installation]:
    """Every app that acts in a workspace, those that the command line made included, by id."""
    rows = {row["id"]: row for row in await tx.rows(_INSTALLED, (tenant.workspace,))}
    everywhere = await tx.rows("select app from channels.installation where workspace = %s", (tenant.workspace,))
    known = {row["app"] for row in everywhere}
    found = [
        installation_of(
            row["manifest"], app=row["id"], org=tenant.org, workspace=tenant.workspace, bot_user=row["bot_user"],
            scopes=frozenset(row["scopes"]), signing_secret=row["signing_secret"],
            verification_token=row["verification_token"],
        )
        for row in rows.values()
    ]  # fmt: skip
    bots = [user for user in await governance.users_in(tx, tenant) if user.is_bot and not user.deleted]
    found += [
        Installation(bot.app, tenant.org, tenant.workspace, bot.name, bot.id) for bot in bots if bot.app not in known
    ]
    return sorted(found, key=lambda one: one.app)


# -- what was made --------------------------------------------------------------------------------------------------


async def add(tx: Tx, app: App, secrets: Credentials, client_digest: bytes) -> None:
    await tx.run(
        "insert into channels.app (id, workspace, manifest, client_id, client_secret, signing_secret,"
        " verification_token, created_by, created_at, changed_at) values (%s, %s, %s, %s, %s, %s, %s, %s, %s, %s)",
        (app.id, app.workspace, Jsonb(app.manifest), app.client_id, client_digest, secrets.signing_secret,
         secrets.verification_token, app.created_by, app.created_at, app.changed_at),
    )  # fmt: skip


async def find(tx: Tx, app: str, *, lock: bool = False) -> App | None:
    """An app of any workspace; whether the caller may know of it is the caller's to ask."""
    row = await tx.row(f"select * from channels.app where id = %s{' for update' if lock else ''}", (clean(app),))
    return _app(row) if row else None


async def by_client(tx: Tx, client_id: str) -> App | None:
    row = await tx.row("select * from channels.app where client_id = %s", (clean(client_id),))
    return _app(row) if row else None


async def knows_secret(tx: Tx, app: str, digest: bytes) -> bool:
    return bool(await tx.value("select count(*) from channels.app where id = %s and client_secret = %s", (app, digest)))


async def of_workspace(tx: Tx, workspace: str) -> list[App]:
    """Apps that were made in a workspace or are installed there, by id."""
    rows = await tx.rows(
        "select * from channels.app a where a.workspace = %(workspace)s or exists (select from channels.installation i"
        " where i.app = a.id and i.workspace = %(workspace)s and i.removed_at is null) order by a.id",
        {"workspace": workspace},
    )
    return [_app(row) for row in rows]


async def change(tx: Tx, app: str, manifest: dict[str, Any], at: datetime) -> None:
    await tx.run("update channels.app set manifest = %s, changed_at = %s where id = %s", (Jsonb(manifest), at, app))


async def set_client_secret(tx: Tx, app: str, digest: bytes, at: datetime) -> None:
    await tx.run("update channels.app set client_secret = %s, changed_at = %s where id = %s", (digest, at, app))


async def set_signing_secret(tx: Tx, app: str, secret: str, at: datetime) -> None:
    await tx.run("update channels.app set signing_secret = %s, changed_at = %s where id = %s", (secret, at, app))


async def delete(tx: Tx, app: str) -> None:
    """The app, with its installations and what people allowed it; its webhooks end."""
    await tx.run("delete from channels.webhook where app = %s", (app,))
    await tx.run("delete from channels.app where id = %s", (app,))


# -- where it is installed ------------------------------------------------------------------------------------------


async def seat(
    tx: Tx, app: str, workspace: str, bot_user: str, scopes: Sequence[str], by: str, at: datetime
) -> None:  # fmt: skip
    await tx.run(
        "insert into channels.installation (app, workspace, bot_user, scopes, installed_by, installed_at)"
        " values (%s, %s, %s, %s, %s, %s) on conflict (app, workspace) do update set bot_user = excluded.bot_user,"
        " scopes = excluded.scopes, installed_by = excluded.installed_by, installed_at = excluded.installed_at,"
        " removed_at = null",
        (app, workspace, bot_user, list(scopes), by, at),
    )


async def seats(tx: Tx, apps: Sequence[str]) -> list[Seat]:
    """Where apps are or were installed, the oldest first."""
    rows = await tx.rows(
        "select * from channels.installation where app = any(%s) order by installed_at, workspace", (list(apps),)
    )
    return [
        Seat(row["app"], row["workspace"], row["bot_user"], tuple(row["scopes"]), row["installed_by"],
             row["installed_at"], row["removed_at"])
        for row in rows
    ]  # fmt: skip


async def unseat(tx: Tx, app: str, workspace: str, at: datetime) -> bool:
    return bool(
        await tx.run(
            "update channels.installation set removed_at = %s where app = %s and workspace = %s and removed_at is null",
            (at, app, workspace),
        )
    )


# -- webhooks -------------------------------------------------------------------------------------------------------


async def add_webhook(tx: Tx, hook: Webhook, digest: bytes) -> None:
    await tx.run(
        "insert into channels.webhook (id, workspace, app, channel, digest, created_by, created_at)"
        " values (%s, %s, %s, %s, %s, %s, %s)",
        (hook.id, hook.workspace, hook.app, hook.channel, digest, hook.created_by, hook.created_at),
    )


async def webhooks(tx: Tx, workspace: str, app: str) -> list[Webhook]:
    rows = await tx.rows(
        "select * from channels.webhook where workspace = %s and app = %s and revoked_at is null order by created_at",
        (workspace, app),
    )
    return [_webhook(row) for row in rows]


async def webhook(tx: Tx, workspace: str, hook: str) -> tuple[Webhook, bytes] | None:
    """A webhook with its secret's digest, a revoked one too."""
    row = await tx.row("select * from channels.webhook where workspace = %s and id = %s", (workspace, clean(hook)))
    return (_webhook(row), bytes(row["digest"])) if row else None


async def used_webhook(tx: Tx, hook: str, at: datetime) -> None:
    """Notes that it is in use, to the minute: a busy one is not a row that all its posts wait for."""
    await tx.run(
        "update channels.webhook set used_at = %s where id = %s and (used_at is null or used_at < %s)",
        (at, hook, at - timedelta(minutes=1)),
    )


async def revoke_webhook(tx: Tx, workspace: str, app: str, hook: str, at: datetime) -> bool:
    return bool(
        await tx.run(
            "update channels.webhook set revoked_at = %s where workspace = %s and app = %s and id = %s"
            " and revoked_at is null",
            (at, workspace, clean(app), clean(hook)),
        )
    )


async def revoke_webhooks(tx: Tx, workspace: str, app: str, at: datetime) -> None:
    await tx.run(
        "update channels.webhook set revoked_at = %s where workspace = %s and app = %s and revoked_at is null",
        (at, workspace, app),
    )


# -- what people allowed --------------------------------------------------------------------------------------------


async def add_consent(tx: Tx, code: bytes, consent: Consent, at: datetime, until: datetime) -> None:
    """Keeps what was allowed, and forgets what nobody can fetch any more."""
    await tx.run("delete from channels.consent where expires_at < %s", (at - timedelta(days=1),))
    await tx.run(
        "insert into channels.consent (code, app, workspace, account, scopes, user_scopes, redirect_uri, channel,"
        " given_at, expires_at, identity, nonce, challenge)"
        " values (%s, %s, %s, %s, %s, %s, %s, %s, %s, %s, %s, %s, %s)",
        (code, consent.app, consent.workspace, consent.account, list(consent.scopes), list(consent.user_scopes),
         consent.redirect_uri, consent.channel, at, until, consent.identity, consent.nonce, consent.challenge),
    )  # fmt: skip


async def use_consent(tx: Tx, code: bytes, app: str, at: datetime, *, identity: bool = False) -> Consent | None:
    """What a code stands for; it is used up by this. None for a used, an old, another app's or an unknown one, and for
    one that was given for the other purpose."""
    row = await tx.row(
        "update channels.consent set used_at = %(at)s where code = %(code)s and app = %(app)s and used_at is null"
        " and expires_at > %(at)s and identity = %(identity)s returning *",
        {"at": at, "code": code, "app": app, "identity": identity},
    )
    if row is None:
        return None
    return Consent(
        row["app"], row["workspace"], row["account"], tuple(row["scopes"]), tuple(row["user_scopes"]),
        row["redirect_uri"], row["channel"], row["identity"], row["nonce"], row["challenge"], row["given_at"],
    )  # fmt: skip


def _app(row: dict[str, Any]) -> App:
    return App(
        row["id"], row["workspace"], row["manifest"], row["client_id"], row["created_by"], row["created_at"],
        row["changed_at"],
    )  # fmt: skip


def _webhook(row: dict[str, Any]) -> Webhook:
    return Webhook(
        row["id"], row["workspace"], row["app"], row["channel"], row["created_by"], row["created_at"], row["used_at"],
        row["revoked_at"],
    )  # fmt: skip


async def once_installed(tx: Tx, tenant: Tenant, app: str) -> Installation | None:
    """An app from a manifest as it was installed, though it is no more."""
    row = await tx.row(
        "select a.manifest, a.signing_secret, a.verification_token, i.bot_user, i.scopes from channels.installation i"
        " join channels.app a on a.id = i.app where i.workspace = %s and i.app = %s",
        (tenant.workspace, app),
    )
    if row is None:
        return None
    return installation_of(
        row["manifest"], app=app, org=tenant.org, workspace=tenant.workspace, bot_user=row["bot_user"],
        scopes=frozenset(row["scopes"]), signing_secret=row["signing_secret"],
        verification_token=row["verification_token"],
    )  # fmt: skip
