"""The SQL of trust: versions as lists, the pause of a workspace, automations found for an imported text."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from dure.state import Tx


async def versions(tx: Tx, workspace: str, automation: str) -> list[dict[str, Any]]:
    """Every version without its text, newest first."""
    return await tx.rows(
        """select v.version, v.name, v.note, v.published_by, v.published_at, v.version = a.version as live,
                  jsonb_array_length(v.doc -> 'nodes') as nodes
           from automation.version v join automation.automation a on a.workspace = v.workspace and a.id = v.automation
           where v.workspace = %s and v.automation = %s order by v.version desc""",
        (workspace, automation),
    )


async def runs_under_way(tx: Tx, workspace: str, automation: str) -> dict[int, int]:
    """How many runs stand on each version; counted up to a hundred thousand."""
    rows = await tx.rows(
        """select version, count(*) as runs from (
               select version from automation.run where workspace = %s and automation = %s
               and status in ('running', 'waiting') limit 100000) r group by version""",
        (workspace, automation),
    )
    return {row["version"]: row["runs"] for row in rows}


async def version(tx: Tx, workspace: str, automation: str, number: int) -> dict[str, Any] | None:
    return await tx.row(
        "select version, name, note, published_by, published_at, doc from automation.version"
        " where workspace = %s and automation = %s and version = %s",
        (workspace, automation, number),
    )


async def known_as(tx: Tx, workspace: str, id: str, recipe: str, name: str) -> str | None:
    """The automation that an imported text means: the one with its id, of its recipe, or of its name."""
    found: str | None = await tx.value(
        """select id from automation.automation where workspace = %(workspace)s
             and (id = %(id)s or (recipe = %(recipe)s and recipe <> '') or name = %(name)s)
           order by id = %(id)s desc, recipe = %(recipe)s and recipe <> '' desc, created_at limit 1""",
        {"workspace": workspace, "id": id, "recipe": recipe, "name": name},
    )
    return found


async def pause(tx: Tx, workspace: str, reason: str, by: str, now: datetime) -> bool:
    """Stops everything of a workspace; False where it was stopped already."""
    return bool(
        await tx.run(
            "insert into automation.pause (workspace, reason, paused_by, paused_at) values (%s, %s, %s, %s)"
            " on conflict (workspace) do nothing",
            (workspace, reason, by, now),
        )
    )


async def resume(tx: Tx, workspace: str) -> bool:
    """Lets it go on; False where nothing was stopped."""
    return bool(await tx.run("delete from automation.pause where workspace = %s", (workspace,)))


async def paused(tx: Tx, workspace: str) -> dict[str, Any] | None:
    return await tx.row("select reason, paused_by, paused_at from automation.pause where workspace = %s", (workspace,))
