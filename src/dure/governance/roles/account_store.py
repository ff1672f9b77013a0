"""The organisation's accounts, their sessions and what was said of them, in PostgreSQL."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any

from dure.state import Tx

# Slack's name for the one rule that people are exempted from: by which ways they come in.
PASSWORD = "email_password"  # noqa: S105


async def accounts(tx: Tx, org: str) -> list[dict[str, Any]]:
    """By id; `seats` are {workspace, role, guest, expires_at (seconds), left} each. Bots have an app."""
    return await tx.rows(
        "select a.id, coalesce(a.email, '') as email, a.name, a.display, a.org_role, coalesce(a.app, '') as app,"
        " a.created_at, a.deleted_at, jsonb_agg(jsonb_build_object('workspace', s.workspace, 'role', s.role,"
        " 'guest', s.guest, 'expires_at', extract(epoch from s.expires_at)::bigint, 'left', s.left_at is not null)"
        " order by s.joined_at) as seats from governance.account a join governance.seat s on s.account = a.id"
        " where a.realm = %s group by a.id order by a.id",
        (org,),
    )


async def sessions(tx: Tx, org: str, at: datetime) -> list[dict[str, Any]]:
    return await tx.rows(
        "select s.id::text, s.account, s.workspace, s.device, s.created_at from governance.session s"
        " join governance.workspace w on w.id = s.workspace"
        " where w.org = %s and s.purpose = 'session' and s.expires_at > %s order by s.id",
        (org, at),
    )


async def session_account(tx: Tx, org: str, workspace: str, session: str) -> str | None:
    found = await tx.value(
        "select s.account from governance.session s join governance.workspace w on w.id = s.workspace"
        " where w.org = %s and s.workspace = %s and s.id::text = %s and s.purpose = 'session' for update of s",
        (org, workspace, session),
    )
    return None if found is None else str(found)


async def end_session(tx: Tx, session: str) -> None:
    await tx.run("delete from governance.session where id::text = %s", (session,))


async def settings(tx: Tx, org: str, users: Sequence[str]) -> dict[str, dict[str, Any]]:
    rows = await tx.rows(
        "select account, seconds, ends_with_app from governance.session_setting where org = %s and account = any(%s)",
        (org, list(users)),
    )
    return {row["account"]: row for row in rows}


async def session_seconds(tx: Tx, account: str) -> int | None:
    found = await tx.value("select seconds from governance.session_setting where account = %s", (account,))
    return None if found is None else int(found)


async def set_setting(
    tx: Tx, org: str, account: str, seconds: int | None, ends_with_app: bool, by: str, at: datetime
) -> None:
    await tx.run(
        "insert into governance.session_setting (account, org, seconds, ends_with_app, set_by, set_at)"
        " values (%s, %s, %s, %s, %s, %s) on conflict (account) do update set seconds = excluded.seconds,"
        " ends_with_app = excluded.ends_with_app, set_by = excluded.set_by, set_at = excluded.set_at",
        (account, org, seconds, ends_with_app, by, at),
    )


async def clear_setting(tx: Tx, org: str, account: str) -> None:
    await tx.run("delete from governance.session_setting where org = %s and account = %s", (org, account))


async def shorten(tx: Tx, org: str, account: str, seconds: int) -> None:
    """Sessions that there are end as early as new ones would."""
    length = timedelta(seconds=seconds)
    await tx.run(
        "update governance.session s set expires_at = s.created_at + %s from governance.workspace w"
        " where w.id = s.workspace and w.org = %s and s.account = %s and s.purpose = 'session'"
        " and s.expires_at > s.created_at + %s",
        (length, org, account, length),
    )


async def exempted(tx: Tx, org: str, policy: str) -> list[dict[str, Any]]:
    return await tx.rows(
        "select account, added_at from governance.signing_exemption where org = %s and policy = %s order by account",
        (org, policy),
    )


async def is_exempted(tx: Tx, org: str, policy: str, account: str) -> bool:
    return bool(
        await tx.value(
            "select exists (select from governance.signing_exemption where org = %s and policy = %s and account = %s)",
            (org, policy, account),
        )
    )


async def exempt(tx: Tx, org: str, policy: str, account: str, by: str, at: datetime) -> bool:
    return bool(
        await tx.run(
            "insert into governance.signing_exemption (org, policy, account, added_by, added_at)"
            " values (%s, %s, %s, %s, %s) on conflict do nothing",
            (org, policy, account, by, at),
        )
    )


async def end_exemption(tx: Tx, org: str, policy: str, account: str, by: str, at: datetime) -> bool:  # noqa: ARG001
    return bool(
        await tx.run(
            "delete from governance.signing_exemption where org = %s and policy = %s and account = %s",
            (org, policy, account),
        )
    )
