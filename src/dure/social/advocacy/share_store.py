"""Shares in PostgreSQL."""

from __future__ import annotations

import uuid
from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from dure.kernel.tenant import Tenant
from dure.social.advocacy.model import Share
from dure.state import Tx

_FIELDS = (
    "id, story, employee, team, network, link, state, made_at, how, source, reference, url, reach, reach_by, shared_at"
)


async def add(tx: Tx, tenant: Tenant, share: Share) -> None:
    await tx.run(
        f"insert into social.share (workspace, org, {_FIELDS}) values (%s, %s, %s, %s, %s, %s, %s, %s, %s, %s, %s, %s,"
        " %s, %s, %s, %s, %s)",
        (tenant.workspace, tenant.org, share.id, share.story, share.employee, share.team, share.network, share.link,
         share.state, share.made_at, share.how, share.source, share.reference, share.url, share.reach,
         share.reach_by, share.shared_at),
    )  # fmt: skip


async def keep(tx: Tx, workspace: str, share: Share) -> None:
    await tx.run(
        "update social.share set state = %s, how = %s, source = %s, reference = %s, url = %s, reach = %s,"
        " reach_by = %s, shared_at = %s where workspace = %s and id = %s",
        (share.state, share.how, share.source, share.reference, share.url, share.reach, share.reach_by,
         share.shared_at, workspace, share.id),
    )  # fmt: skip


async def share(tx: Tx, workspace: str, id: uuid.UUID, *, lock: bool = False) -> Share | None:
    row = await tx.row(
        f"select {_FIELDS} from social.share where workspace = %s and id = %s{' for update' if lock else ''}",
        (workspace, id),
    )
    return None if row is None else Share(**row)


async def mine(tx: Tx, workspace: str, story: uuid.UUID, employee: str, network: str) -> Share | None:
    """An employee's share of a story on a network. Until the transaction ends nobody makes a second one."""
    await tx.run("select pg_advisory_xact_lock(hashtext(%s))", (f"share:{story}:{employee}:{network}",))
    row = await tx.row(
        f"select {_FIELDS} from social.share where workspace = %s and story = %s and employee = %s and network = %s",
        (workspace, story, employee, network),
    )
    return None if row is None else Share(**row)


async def of_employee(tx: Tx, workspace: str, employee: str, limit: int = 500) -> list[Share]:
    rows = await tx.rows(
        f"select {_FIELDS} from social.share where workspace = %s and employee = %s order by made_at desc, id limit %s",
        (workspace, employee, limit),
    )
    return [Share(**row) for row in rows]


async def of_stories(tx: Tx, workspace: str, stories: Sequence[uuid.UUID]) -> list[Share]:
    """What was really shared of these: opened or said."""
    rows = await tx.rows(
        f"select {_FIELDS} from social.share where workspace = %s and story = any(%s) and shared_at is not null"
        " order by shared_at desc, id",
        (workspace, list(stories)),
    )
    return [Share(**row) for row in rows]


async def shared(tx: Tx, workspace: str, since: datetime) -> list[Share]:
    """What was shared since then, whoever did."""
    rows = await tx.rows(
        f"select {_FIELDS} from social.share where workspace = %s and shared_at >= %s order by shared_at desc, id",
        (workspace, since),
    )
    return [Share(**row) for row in rows]


async def several(tx: Tx, workspace: str, ids: Sequence[uuid.UUID]) -> list[Share]:
    rows = await tx.rows(f"select {_FIELDS} from social.share where workspace = %s and id = any(%s)",
                         (workspace, list(ids)))  # fmt: skip
    return [Share(**row) for row in rows]


async def measured(tx: Tx, limit: int = 200) -> Sequence[Mapping[str, Any]]:
    """Of all workspaces: shares that were said by a source and of which their network says another reach by now."""
    return await tx.rows(
        "select s.workspace, s.org, s.id, m.reach from social.share s join social.mention m"
        " on m.workspace = s.workspace and m.source = s.source and m.external = s.reference"
        " where s.reference <> '' and m.reach > 0 and m.deleted_at is null"
        " and (s.reach_by <> 'measured' or s.reach is distinct from m.reach) order by s.id limit %s",
        (limit,),
    )


async def anonymise(tx: Tx, workspace: str, employee: str) -> int:
    """The shares stay, and count; whose they were is told by nothing in them."""
    return await tx.run(
        "update social.share set employee = '', url = '', reference = '' where workspace = %s and employee = %s",
        (workspace, employee),
    )
