"""Taking what points at a person out of rows that are somebody else's."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from dure.kernel.whom import Whom
from dure.state.database import Tx


async def blank(
    tx: Tx,
    table: str,
    columns: Mapping[str, str],
    whom: Whom,
    *,
    also: str = "",
    params: Mapping[str, Any] | None = None,
) -> int:
    """Blanks the person's words in columns (name → type: text or jsonb) of rows; returns how many changed.

    `also` is a condition that finds more rows, known to be about the person: their names are blanked there too.
    """
    told = " || ' ' || ".join(f"coalesce({name}::text, '')" for name in columns)
    found = f"({told}) ~* %(words)s" if whom.strong else "false"
    rows = await tx.rows(
        f"select ctid::text as row_at, ({also or 'false'}) as about, {', '.join(f'{c}::text as {c}' for c in columns)}"
        f" from {table} where workspace = %(workspace)s and ({found} or {also or 'false'}) for update",
        {"words": whom.strong, "workspace": whom.tenant.workspace, **(params or {})},
    )
    changed = 0
    for row in rows:
        # PostgreSQL was asked without the words' edges, so it found too many rather than too few.
        about = row["about"] or any(whom.told_in(row[name] or "") for name in columns)
        new = {name: whom.blank(row[name], about=about) for name in columns if row[name]} if about else {}
        new = {name: text for name, text in new.items() if text != row[name]}
        if new:
            sets = ", ".join(f"{name} = %({name})s::{columns[name]}" for name in new)
            await tx.run(f"update {table} set {sets} where ctid = %(row_at)s::tid", {**new, "row_at": row["row_at"]})
            changed += 1
    return changed


async def there(tx: Tx, table: str) -> bool:
    """Whether a table exists."""
    return await tx.value("select to_regclass(%s) is not null", (table,)) is True
