"""Apps and their installations in PostgreSQL."""

from __future__ import annotations

from dure.channels.apps.model import Installation, installation_of
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
