"""Sessions in PostgreSQL: the digest of the secret, whom it speaks for, on which device."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any

from dure.governance.signin.model import Purpose
from dure.governance.store import GRANTS
from dure.state import Tx

# A session's last sign of life is written down no finer than this, and so no more often.
COARSE = timedelta(hours=1)


async def add(
    tx: Tx, digest: bytes, workspace: str, account: str, purpose: Purpose, at: datetime, expires: datetime,
    *, device: str = "", means: str = "", strong: bool = False, proven: datetime | None = None,
) -> None:  # fmt: skip
    await tx.run(
        "insert into governance.session"
        " (digest, workspace, account, purpose, created_at, expires_at, device, means, strong, proven_at, seen_at)"
        " values (%s, %s, %s, %s, %s, %s, %s, %s, %s, %s, date_trunc('hour', %s::timestamptz))",
        (digest, workspace, account, purpose, at, expires, device, means, strong, proven, at),
    )


async def holder(tx: Tx, digest: bytes, purposes: Sequence[Purpose], at: datetime) -> dict[str, Any] | None:
    return (await holders(tx, [digest], purposes, at)).get(digest)


async def holders(
    tx: Tx, digests: Sequence[bytes], purposes: Sequence[Purpose], at: datetime
) -> dict[bytes, dict[str, Any]]:
    """Whom the sessions or links speak for, of those that are still good."""
    rows = await tx.rows(
        "select s.digest, s.id::text, s.purpose, s.workspace, w.org, s.account, s.device, s.means, s.strong,"
        " s.proven_at, s.seen_at, t.role, t.guest, a.org_role, w.playground_of is not null as playground,"
        " array(select p.value #>> '{}' from governance.policy p where p.org = w.org"
        "  and p.workspace in ('', s.workspace) and p.name = 'signin.second_factor') as demands,"
        f" {GRANTS} from governance.session s"
        " join governance.workspace w on w.id = s.workspace join governance.account a on a.id = s.account"
        " join governance.seat t on t.account = s.account and t.workspace = s.workspace"
        " where s.digest = any(%s) and s.purpose = any(%s) and s.expires_at > %s and a.deleted_at is null"
        " and t.left_at is null and (t.expires_at is null or t.expires_at > %s)",
        (list(digests), list(purposes), at, at),
    )
    return {bytes(row["digest"]): row for row in rows}


async def seen(tx: Tx, digests: Sequence[bytes], at: datetime) -> None:
    await tx.run(
        "update governance.session set seen_at = date_trunc('hour', %s::timestamptz) where digest = any(%s)",
        (at, list(digests)),
    )


async def prove(tx: Tx, digest: bytes, at: datetime, *, strong: bool) -> None:
    """Its owner has just shown that it is them."""
    await tx.run(
        "update governance.session set proven_at = %s, strong = strong or %s where digest = %s", (at, strong, digest)
    )


async def of(tx: Tx, org: str, account: str, at: datetime) -> list[dict[str, Any]]:
    """Somebody's sessions across the organisation, the one used last first."""
    return await tx.rows(
        "select s.digest, s.id::text, s.workspace, s.device, s.means, s.seen_at,"
        " date_trunc('hour', s.created_at) as first from governance.session s"
        " join governance.workspace w on w.id = s.workspace"
        " where w.org = %s and s.account = %s and s.purpose = 'session' and s.expires_at > %s"
        " order by s.seen_at desc, s.created_at desc",
        (org, account, at),
    )


async def sign_ins(tx: Tx, workspace: str) -> list[dict[str, Any]]:
    return await tx.rows(
        "select account, min(created_at) as first, max(created_at) as last, count(*) as times"
        " from governance.session where workspace = %s and purpose = 'session' group by account order by last desc",
        (workspace,),
    )


async def end(tx: Tx, digest: bytes) -> bool:
    """Whether there was one to end: of two who come with the same link, one is told so."""
    return await tx.run("delete from governance.session where digest = %s", (digest,)) > 0


async def end_of(tx: Tx, org: str, account: str, workspace: str | None, but: bytes) -> int:
    """Ends somebody's sessions and links in the organisation, or in one of its workspaces; how many sessions."""
    rows = await tx.rows(
        "delete from governance.session s using governance.workspace w where w.id = s.workspace and w.org = %s"
        " and s.account = %s and (%s::text is null or s.workspace = %s) and s.digest <> %s returning s.purpose",
        (org, account, workspace, workspace, but),
    )
    return sum(row["purpose"] == "session" for row in rows)


async def end_one(tx: Tx, org: str, account: str, session: str) -> bool:
    return (
        await tx.run(
            "delete from governance.session s using governance.workspace w where w.id = s.workspace and w.org = %s"
            " and s.account = %s and s.id::text = %s and s.purpose = 'session'",
            (org, account, session),
        )
        > 0
    )
