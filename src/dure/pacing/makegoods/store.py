"""The table of make-goods."""

from __future__ import annotations

from dure.pacing.makegoods.model import Makegood
from dure.state import Tx

_COLUMNS = tuple(Makegood.__slots__)


async def keep(tx: Tx, workspace: str, makegood: Makegood) -> None:
    sets = ", ".join(f"{name} = excluded.{name}" for name in _COLUMNS if name not in ("id", "line_item"))
    await tx.run(
        f"insert into pacing.makegood (workspace, {', '.join(_COLUMNS)}) values (%s{', %s' * len(_COLUMNS)})"
        f" on conflict (workspace, id) do update set {sets}",
        (workspace, *(getattr(makegood, name) for name in _COLUMNS)),
    )


async def one(tx: Tx, workspace: str, makegood: str) -> Makegood | None:
    row = await tx.row(
        "select * from pacing.makegood where workspace = %s and id = %s for update", (workspace, makegood)
    )
    return None if row is None else Makegood(**{name: row[name] for name in _COLUMNS})


async def of_item(tx: Tx, workspace: str, item_id: str) -> list[Makegood]:
    """Those proposed for a line item, newest first."""
    rows = await tx.rows(
        "select * from pacing.makegood where workspace = %s and line_item = %s order by proposed_at desc, id desc",
        (workspace, item_id),
    )
    return [Makegood(**{name: row[name] for name in _COLUMNS}) for row in rows]
