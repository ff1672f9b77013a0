"""The SQL of prices, line items and exchange rates."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from decimal import Decimal
from typing import Any

from dure.deals.products.model import LineItem
from dure.deals.records.store import pour
from dure.state import Tx

_LINE = """
select l.*, p.name as product_name from deals.line_item l
join deals.product p on p.workspace = l.workspace and p.id = l.product
where l.workspace = %s and l.opportunity = %s order by l.position, l.created_at, l.id
"""


async def set_prices(tx: Tx, workspace: str, product: str, prices: Mapping[str, int]) -> None:
    await tx.run("delete from deals.price where workspace = %s and product = %s", (workspace, product))
    await add_prices(tx, workspace, ((product, currency, amount) for currency, amount in prices.items()))


async def add_prices(tx: Tx, workspace: str, prices: Iterable[tuple[str, str, int]]) -> None:
    """(product, currency, amount) each."""
    await tx.many(
        "insert into deals.price (workspace, product, currency, amount) values (%s, %s, %s, %s)",
        [(workspace, *price) for price in prices],
    )


async def lines(tx: Tx, workspace: str, deal: str) -> list[LineItem]:
    names: tuple[str, ...] = LineItem.__slots__
    return [LineItem(**{name: row[name] for name in names}) for row in await tx.rows(_LINE, (workspace, deal))]


async def add_lines(tx: Tx, workspace: str, found: Iterable[LineItem]) -> None:
    await tx.many(
        "insert into deals.line_item (workspace, id, opportunity, product, quantity, unit_price, currency, amount,"
        " description, starts_on, ends_on, position, created_at, changed_at)"
        " values (%s, %s, %s, %s, %s, %s, %s, %s, %s, %s, %s, %s, %s, %s)"
        " on conflict (workspace, id) do update set quantity = excluded.quantity, unit_price = excluded.unit_price,"
        " currency = excluded.currency, amount = excluded.amount, description = excluded.description,"
        " starts_on = excluded.starts_on, ends_on = excluded.ends_on, position = excluded.position,"
        " changed_at = excluded.changed_at",
        [
            (workspace, one.id, one.opportunity, one.product, one.quantity, one.unit_price, one.currency, one.amount,
             one.description, one.starts_on, one.ends_on, one.position, one.created_at, one.changed_at)
            for one in found
        ],
    )  # fmt: skip


async def first_lines(tx: Tx, workspace: str, found: Iterable[LineItem]) -> None:
    """Lines of deals that are new."""
    names = tuple(name for name in LineItem.__slots__ if name != "product_name")
    rows = [(workspace, *(getattr(one, name) for name in names)) for one in found]
    await pour(tx, "deals.line_item", ("workspace", *names), rows)


async def drop_lines(tx: Tx, workspace: str, ids: Sequence[str]) -> None:
    await tx.run("delete from deals.line_item where workspace = %s and id = any(%s)", (workspace, list(ids)))


async def deal_of(tx: Tx, workspace: str, line: str) -> str:
    """The deal that a line is of, "" where there is no such line."""
    found = await tx.value(
        "select opportunity from deals.line_item where workspace = %s and id = %s", (workspace, line)
    )
    return found or ""


async def sold(tx: Tx, workspace: str, product: str) -> int:
    """In how many lines a product stands."""
    return int(
        await tx.value(
            "select count(*) from deals.line_item where workspace = %s and product = %s", (workspace, product)
        )
    )


async def rates(tx: Tx, workspace: str) -> list[dict[str, Any]]:
    """Every rate: currency, day from which it holds, rate; the newest first."""
    return await tx.rows(
        "select currency, day, rate from deals.rate where workspace = %s order by currency, day desc", (workspace,)
    )


async def set_rates(tx: Tx, workspace: str, told: Iterable[tuple[str, date, Decimal]]) -> None:
    await tx.many(
        "insert into deals.rate (workspace, currency, day, rate) values (%s, %s, %s, %s)"
        " on conflict (workspace, currency, day) do update set rate = excluded.rate",
        [(workspace, *one) for one in told],
    )


async def drop_rate(tx: Tx, workspace: str, currency: str, day: date) -> int:
    return await tx.run(
        "delete from deals.rate where workspace = %s and currency = %s and day = %s", (workspace, currency, day)
    )
