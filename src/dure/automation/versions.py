"""Runs moved from one version to another on purpose, with a look at the nodes that are no more."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

import msgspec

from dure.automation.model import Definition
from dure.kernel.errors import Invalid, NotFound
from dure.state import Tx


@dataclass(frozen=True, slots=True)
class Moved:
    """How many runs were moved, and how many were left because a call of theirs is under way."""

    moved: int
    left: int
    by_node: Mapping[str, int]


async def definition_of(tx: Tx, workspace: str, automation: str, version: int, field: str) -> Definition:
    doc = await tx.value(
        "select doc from automation.version where workspace = %s and automation = %s and version = %s",
        (workspace, automation, version),
    )
    if doc is None:
        raise NotFound(f"There is no version {version}.", field=field)
    return msgspec.convert(doc, Definition)


async def move(
    tx: Tx, workspace: str, automation: str, source: int, target: int, mapping: Mapping[str, str], now: datetime
) -> Moved:
    """Moves the open runs of one version to another.

    A run stays on its node where the new version has it with the same kind: a wait goes on waiting. `mapping` sends
    runs from a node to another, which they enter anew. Invalid names the nodes that are no more and are not mapped.
    """
    old = {node.id: node for node in (await definition_of(tx, workspace, automation, source, "from")).nodes}
    new = {node.id: node for node in (await definition_of(tx, workspace, automation, target, "to")).nodes}
    for name, to in mapping.items():
        if to not in new:
            raise Invalid(f"Version {target} has no node {to!r}.", field=f"mapping.{name}")
    rows = await tx.rows(
        """select id, node, visit, exists (select from automation.step s where s.run = r.id and s.visit = r.visit
                                           and s.status = 'claimed') as calling
           from automation.run r where workspace = %s and automation = %s and version = %s and ended_at is null
           order by id for update""",
        (workspace, automation, source),
    )
    calling = [row for row in rows if row["calling"]]
    going = [row for row in rows if not row["calling"]]
    gone = Counter(row["node"] for row in going if _to(row["node"], old, new, mapping) is None)
    if gone:
        said = ", ".join(f"{node} ({count})" for node, count in sorted(gone.items()))
        raise Invalid(
            f"Runs stand on nodes that version {target} does not have or has as another kind; say in `mapping` where"
            f" they go: {said}.",
            field="mapping", data={"nodes": dict(gone)},
        )  # fmt: skip
    by_node: dict[tuple[str, str], list[dict[str, Any]]] = {}
    for row in going:
        by_node.setdefault((row["node"], _to(row["node"], old, new, mapping) or ""), []).append(row)
    for (node, to), some in by_node.items():
        ids = [row["id"] for row in some]
        await tx.run("update automation.run set version = %s where id = any(%s)", (target, ids))
        if node != to:
            await _enter(tx, ids, to, now)
    return Moved(len(going), len(calling), Counter(row["node"] for row in going))


async def _enter(tx: Tx, runs: list[UUID], node: str, now: datetime) -> None:
    """Takes runs off the step they stand on and to the beginning of another node."""
    await tx.run(
        "update automation.step s set status = 'skipped', ended_at = %s, due_at = null from automation.run r"
        " where r.id = any(%s) and s.run = r.id and s.visit = r.visit"
        " and s.status in ('ready', 'waiting', 'failed', 'unknown')",
        (now, runs),
    )
    await tx.run(
        """update automation.run set node = %(node)s, visit = visit + 1, attempts = 0, error = '', wait_event = null,
                  wait_key = null, due_at = case when status = 'queued' then due_at else %(now)s end,
                  status = case when status = 'queued' then status else 'running' end
           where id = any(%(runs)s)""",
        {"node": node, "now": now, "runs": runs},
    )


def _to(node: str, old: Mapping[str, Any], new: Mapping[str, Any], mapping: Mapping[str, str]) -> str | None:
    """Where runs on a node go; None where nobody has said."""
    if node in mapping:
        return mapping[node]
    if node in new and node in old and new[node].kind == old[node].kind:
        return node
    return None
