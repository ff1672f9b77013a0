"""Providers and the people they know in PostgreSQL."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from psycopg.types.json import Jsonb

from dure.governance.signin.provider_model import Provider
from dure.state import Tx


async def put(tx: Tx, provider: Provider, sealed: bytes | None, by: str, at: datetime) -> bool:
    """Adds or changes one; without `sealed` the secret stays. False where the id is another organisation's."""
    return (
        await tx.run(
            "insert into governance.provider (id, org, kind, name, said, sealed, domains, joins, workspace, enabled,"
            " changed_at, changed_by) values (%s, %s, %s, %s, %s, %s, %s, %s, %s, %s, %s, %s)"
            " on conflict (id) do update set name = excluded.name, said = excluded.said,"
            " sealed = coalesce(excluded.sealed, provider.sealed), domains = excluded.domains, joins = excluded.joins,"
            " workspace = excluded.workspace, enabled = excluded.enabled, changed_at = excluded.changed_at,"
            " changed_by = excluded.changed_by where provider.org = excluded.org and provider.kind = excluded.kind",
            (
                provider.id, provider.org, provider.kind, provider.name, Jsonb(dict(provider.said)), sealed,
                list(provider.domains), provider.joins, provider.workspace, provider.enabled, at, by,
            ),
        )
        > 0
    )  # fmt: skip


async def listed(tx: Tx, org: str) -> list[Provider]:
    rows = await tx.rows("select * from governance.provider where org = %s order by name, id", (org,))
    return [_provider(row) for row in rows]


async def enabled(tx: Tx) -> list[Provider]:
    """Those of every organisation of this server, for the sign-in page."""
    return [
        _provider(row) for row in await tx.rows("select * from governance.provider where enabled order by name, id")
    ]


async def find(tx: Tx, id: str, org: str | None = None) -> tuple[Provider, bytes | None] | None:
    """One with its sealed secret."""
    row = await tx.row(
        "select * from governance.provider where id::text = %s and (%s::text is null or org = %s)", (id, org, org)
    )
    return None if row is None else (_provider(row), None if row["sealed"] is None else bytes(row["sealed"]))


async def remove(tx: Tx, org: str, id: str) -> str | None:
    found = await tx.value("delete from governance.provider where org = %s and id::text = %s returning name", (org, id))
    return None if found is None else str(found)


async def ruled(tx: Tx, org: str) -> bool:
    """Whether a rule of the organisation or of one of its workspaces says: by the provider alone."""
    return bool(
        await tx.value(
            "select exists (select from governance.policy where org = %s and name = 'signin.methods'"
            " and value = '\"provider\"')", (org,),
        )
    )  # fmt: skip


async def organisations(tx: Tx) -> int:
    return int(await tx.value("select count(*) from governance.organisation"))


# -- people ---------------------------------------------------------------------------------------------------------


async def known_as(tx: Tx, provider: str, subject: str) -> str | None:
    found = await tx.value(
        "select account from governance.identity where provider::text = %s and subject = %s", (provider, subject)
    )
    return None if found is None else str(found)


async def by_email(tx: Tx, org: str, email: str) -> str | None:
    """The organisation's person of this e-mail."""
    found = await tx.value(
        "select id from governance.account where realm = %s and lower(email) = lower(%s) and app is null"
        " and deleted_at is null",
        (org, email),
    )
    return None if found is None else str(found)


async def keep(tx: Tx, provider: str, subject: str, account: str, at: datetime) -> None:
    await tx.run(
        "insert into governance.identity (provider, subject, account, known_at) values (%s, %s, %s, %s)",
        (provider, subject, account, at),
    )


async def seats(tx: Tx, org: str, account: str) -> Sequence[str]:
    """The workspaces of the organisation in which somebody can act, the one they were made in first."""
    rows = await tx.rows(
        "select s.workspace from governance.seat s join governance.account a on a.id = s.account"
        " join governance.workspace w on w.id = s.workspace"
        " where s.account = %s and a.realm = %s and w.org = %s and a.deleted_at is null and s.left_at is null"
        " order by s.workspace <> a.workspace, s.joined_at",
        (account, org, org),
    )
    return [row["workspace"] for row in rows]


def _provider(row: dict[str, Any]) -> Provider:
    return Provider(
        str(row["id"]), row["org"], row["kind"], row["name"], row["said"], tuple(row["domains"]), row["joins"],
        row["workspace"], row["enabled"], row["sealed"] is not None,
    )  # fmt: skip
