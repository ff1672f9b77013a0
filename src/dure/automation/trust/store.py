"""The SQL of trust: versions as lists, automations found for an imported text."""

from __future__ import annotations

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
