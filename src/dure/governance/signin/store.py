"""Second factors, passkeys and ceremonies in PostgreSQL."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from psycopg.types.json import Jsonb

from dure.governance.signin.model import Factors
from dure.state import Tx


async def factors(tx: Tx, account: str) -> Factors:
    row = await tx.row(
        "select exists (select from governance.totp where account = %(a)s and confirmed_at is not null) as code,"
        " (select count(*) from governance.passkey where account = %(a)s) as passkeys,"
        " (select count(*) from governance.recovery_code where account = %(a)s) as recovery",
        {"a": account},
    )
    return Factors(row["code"], row["passkeys"], row["recovery"]) if row else Factors(False, 0, 0)


# -- codes of an authenticator --------------------------------------------------------------------------------------


async def put_totp(tx: Tx, account: str, sealed: bytes, at: datetime) -> bool:
    """Keeps a secret that is not confirmed yet, in the place of another such; False where one is confirmed."""
    return (
        await tx.run(
            "insert into governance.totp (account, sealed, added_at) values (%s, %s, %s)"
            " on conflict (account) do update set sealed = excluded.sealed, added_at = excluded.added_at, last_step = 0"
            " where totp.confirmed_at is null",
            (account, sealed, at),
        )
        > 0
    )


async def totp(tx: Tx, account: str) -> dict[str, Any] | None:
    return await tx.row("select * from governance.totp where account = %s for update", (account,))


async def confirm_totp(tx: Tx, account: str, step: int, at: datetime) -> None:
    await tx.run("update governance.totp set confirmed_at = %s, last_step = %s where account = %s", (at, step, account))


async def pass_step(tx: Tx, account: str, step: int) -> bool:
    """Whether the step was not passed before."""
    return (
        await tx.run(
            "update governance.totp set last_step = %s where account = %s and last_step < %s", (step, account, step)
        )
        > 0
    )


async def drop_totp(tx: Tx, account: str) -> bool:
    return await tx.run("delete from governance.totp where account = %s", (account,)) > 0


async def put_recovery(tx: Tx, account: str, digests: list[bytes]) -> None:
    await drop_recovery(tx, account)
    await tx.run(
        "insert into governance.recovery_code (account, digest) select %s, unnest(%s::bytea[])", (account, digests)
    )


async def use_recovery(tx: Tx, account: str, digest: bytes) -> bool:
    return (
        await tx.run("delete from governance.recovery_code where account = %s and digest = %s", (account, digest)) > 0
    )


async def drop_recovery(tx: Tx, account: str) -> None:
    await tx.run("delete from governance.recovery_code where account = %s", (account,))


# -- passkeys -------------------------------------------------------------------------------------------------------


async def passkeys(tx: Tx, account: str) -> list[dict[str, Any]]:
    return await tx.rows("select * from governance.passkey where account = %s order by added_at, id", (account,))


async def passkey(tx: Tx, credential: bytes) -> dict[str, Any] | None:
    """A passkey with whose it is, where they can still act somewhere; the row stays locked."""
    return await tx.row(
        "select p.*, s.workspace, w.org from governance.passkey p"
        " join governance.account a on a.id = p.account and a.deleted_at is null"
        " join governance.seat s on s.account = a.id and s.left_at is null"
        " join governance.workspace w on w.id = s.workspace"
        " where p.id = %s order by s.workspace <> a.workspace, s.joined_at limit 1 for update of p",
        (credential,),
    )


async def passkeys_by_email(tx: Tx, email: str) -> list[dict[str, Any]]:
    """Those of everybody with this e-mail, in whatever organisation of this server."""
    return await tx.rows(
        "select p.id from governance.passkey p join governance.account a on a.id = p.account"
        " where lower(a.email) = lower(%s) and a.deleted_at is null order by p.added_at, p.id",
        (email,),
    )


async def add_passkey(
    tx: Tx, credential: bytes, account: str, public_key: bytes, counter: int, name: str, at: datetime
) -> bool:
    return (
        await tx.run(
            "insert into governance.passkey (id, account, public_key, counter, name, added_at)"
            " values (%s, %s, %s, %s, %s, %s) on conflict do nothing",
            (credential, account, public_key, counter, name, at),
        )
        > 0
    )


async def count_passkey(tx: Tx, credential: bytes, counter: int, at: datetime) -> None:
    await tx.run(
        "update governance.passkey set counter = %s, used_at = date_trunc('hour', %s::timestamptz) where id = %s",
        (counter, at, credential),
    )


async def rename_passkey(tx: Tx, account: str, credential: bytes, name: str) -> bool:
    return (
        await tx.run(
            "update governance.passkey set name = %s where account = %s and id = %s", (name, account, credential)
        )
        > 0
    )


async def drop_passkey(tx: Tx, account: str, credential: bytes) -> str | None:
    """The name of the passkey that there was."""
    found = await tx.value(
        "delete from governance.passkey where account = %s and id = %s returning name", (account, credential)
    )
    return None if found is None else str(found)


async def drop_passkeys(tx: Tx, account: str) -> int:
    return await tx.run("delete from governance.passkey where account = %s", (account,))


# -- ceremonies -----------------------------------------------------------------------------------------------------


async def begin_ceremony(
    tx: Tx, digest: bytes, kind: str, said: Mapping[str, object], now: datetime, until: datetime
) -> None:
    await tx.run("delete from governance.ceremony where expires_at < %s", (now,))
    await tx.run(
        "insert into governance.ceremony (digest, kind, said, expires_at) values (%s, %s, %s, %s)",
        (digest, kind, Jsonb(dict(said)), until),
    )


async def end_ceremony(tx: Tx, digest: bytes, kind: str, now: datetime) -> dict[str, Any] | None:
    """What was said when it began; it is over by this look."""
    row = await tx.row(
        "delete from governance.ceremony where digest = %s and kind = %s returning said, expires_at", (digest, kind)
    )
    return None if row is None or row["expires_at"] < now else row["said"]


# -- people ---------------------------------------------------------------------------------------------------------


async def account(tx: Tx, org: str, account: str) -> dict[str, Any] | None:
    """An account of the organisation's that is not gone: what is needed of it to let it in."""
    return await tx.row(
        "select a.id, a.email, a.name, a.language, a.password, a.org_role, w.org from governance.account a"
        " join governance.workspace w on w.id = a.workspace"
        " where a.id = %s and w.org = %s and a.app is null and a.deleted_at is null",
        (account, org),
    )


async def roster(tx: Tx, workspace: str, now: datetime) -> list[dict[str, Any]]:
    """Everybody with a seat here, with what they can prove themselves by and how many sessions they have."""
    return await tx.rows(
        "select a.id, a.name, coalesce(a.email, '') as email, s.role, a.org_role, a.password is not null as password,"
        " exists (select from governance.totp t where t.account = a.id and t.confirmed_at is not null) as code,"
        " (select count(*) from governance.passkey p where p.account = a.id) as passkeys,"
        " (select count(*) from governance.identity i where i.account = a.id) as identities,"
        " (select count(*) from governance.session e where e.account = a.id and e.purpose = 'session'"
        "  and e.expires_at > %s) as sessions"
        " from governance.seat s join governance.account a on a.id = s.account"
        " where s.workspace = %s and s.left_at is null and a.app is null and a.deleted_at is null"
        " order by a.name, a.id",
        (now, workspace),
    )
