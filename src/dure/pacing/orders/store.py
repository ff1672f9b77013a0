"""The table of orders."""

from __future__ import annotations

from collections.abc import Sequence

from dure.pacing.orders.model import Order
from dure.state import Tx

_COLUMNS = tuple(Order.__slots__)


async def add(tx: Tx, workspace: str, order: Order) -> None:
    await tx.run(
        f"insert into pacing.insertion_order (workspace, {', '.join(_COLUMNS)}) values (%s{', %s' * len(_COLUMNS)})",
        (workspace, *(getattr(order, name) for name in _COLUMNS)),
    )


async def keep(tx: Tx, workspace: str, order: Order) -> None:
    sets = ", ".join(f"{name} = %({name})s" for name in _COLUMNS if name not in ("id", "external", "created_at"))
    await tx.run(
        f"update pacing.insertion_order set {sets} where workspace = %(workspace)s and id = %(id)s",
        {name: getattr(order, name) for name in _COLUMNS} | {"workspace": workspace},
    )


async def ids(tx: Tx, workspace: str, given: Sequence[str], *, lock: bool = False) -> dict[str, Order]:
    """Orders by whichever of id and external id was given."""
    rows = await tx.rows(
        "select * from pacing.insertion_order where workspace = %(workspace)s and"
        " (id = any(%(given)s) or (external <> '' and external = any(%(given)s)))" + (" for update" if lock else ""),
        {"workspace": workspace, "given": list(given)},
    )
    found: dict[str, Order] = {}
    for row in rows:
        order = Order(**{name: row[name] for name in _COLUMNS})
        found[order.id] = order
        if order.external:
            found.setdefault(order.external, order)
    return found


async def every(tx: Tx, workspace: str) -> list[Order]:
    """All orders, the newest first."""
    rows = await tx.rows(
        "select * from pacing.insertion_order where workspace = %s order by created_at desc, id desc limit 5000",
        (workspace,),
    )
    return [Order(**{name: row[name] for name in _COLUMNS}) for row in rows]
