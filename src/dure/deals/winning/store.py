"""The SQL of forecasts and win models."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from dure.deals.model import DEAL
from dure.deals.winning.chances import Chance
from dure.deals.winning.past import Act, Known, Tag, Was
from dure.state import Tx

# Every deal; what its owner was before somebody changed it is in the changes of its fields.
_DEALS = """
select o.id, o.created_at, o.closed_at, s.outcome, o.owner, coalesce(o.account, '') as account,
       coalesce(a.industry, '') as sector
from deals.opportunity o
join deals.stage s on s.workspace = o.workspace and s.key = o.stage
left join deals.account a on a.workspace = o.workspace and a.id = o.account
where o.workspace = %s and o.deleted_at is null order by o.id
"""
_HISTORY = """
select h.opportunity, h.at, h.probability, h.amount, h.close_date from deals.history h
where h.workspace = %s order by h.opportunity, h.number
"""
_OWNERS = """
select record, at, coalesce(before #>> '{}', '') as before, coalesce(after #>> '{}', '') as after
from deals.change where workspace = %s and object = %s and field = 'owner' order by record, id
"""
# The product that makes most of a deal, from when it was put there.
_PRODUCTS = """
select distinct on (opportunity) opportunity, product, created_at from deals.line_item
where workspace = %s order by opportunity, amount desc, id
"""
_ACTS = """
select opportunity, at, customer from deals.activity
where workspace = %s and kind in ('message', 'meeting', 'work') order by opportunity, at
"""
_STANDINGS = """
select o.id, o.name, o.owner, o.currency, o.stage, o.amount, o.close_date, o.closed_at, o.created_at, s.outcome,
       s.forecast, s.pipeline, coalesce(o.own_probability, s.probability) as probability, c.chance
from deals.opportunity o
join deals.stage s on s.workspace = o.workspace and s.key = o.stage
left join deals.win_chance c on c.workspace = o.workspace and c.opportunity = o.id
where o.workspace = %(workspace)s and o.deleted_at is null
  and (o.closed_at is null or (o.closed_at >= %(since)s and (s.outcome = 'won' or %(lost)s)))
  and (%(pipeline)s::text is null or s.pipeline = %(pipeline)s)
  and (%(owner)s::text is null or o.owner = %(owner)s)
"""
_THEN = """
select distinct on (opportunity) opportunity, stage, probability, amount, close_date from deals.history
where workspace = %s and at <= %s and opportunity = any(%s) order by opportunity, number desc
"""


async def past(tx: Tx, workspace: str) -> list[Known]:
    """Every deal of the workspace from beginning to end."""
    was: dict[str, list[Was]] = {}
    for row in await tx.rows(_HISTORY, (workspace,)):
        was.setdefault(row["opportunity"], []).append(
            Was(row["at"], row["probability"], row["amount"], row["close_date"])
        )
    owners: dict[str, list[dict[str, Any]]] = {}
    for row in await tx.rows(_OWNERS, (workspace, DEAL.object)):
        owners.setdefault(row["record"], []).append(row)
    products = {row["opportunity"]: row for row in await tx.rows(_PRODUCTS, (workspace,))}
    acts: dict[str, list[Act]] = {}
    for row in await tx.rows(_ACTS, (workspace,)):
        acts.setdefault(row["opportunity"], []).append(Act(row["at"], row["customer"]))
    found = []
    for row in await tx.rows(_DEALS, (workspace,)):
        of, begun = row["id"], row["created_at"]
        product = products.get(of)
        found.append(
            Known(
                id=of, created_at=begun, closed_at=row["closed_at"],
                won=row["outcome"] == "won" if row["closed_at"] else None,
                owners=_owners(row["owner"], begun, owners.get(of, ())),
                products=[Tag(product["created_at"], product["product"])] if product else [],
                accounts=[Tag(begun, row["account"])], sectors=[Tag(begun, row["sector"])],
                was=was.get(of, ()), acts=acts.get(of, ()),
            )
        )  # fmt: skip
    return found


def _owners(owner: str, begun: datetime, changes: Sequence[Mapping[str, Any]]) -> list[Tag]:
    if not changes:
        return [Tag(begun, owner)]
    return [Tag(begun, changes[0]["before"]), *(Tag(one["at"], one["after"]) for one in changes)]


async def due(tx: Tx, learned_before: datetime, told_before: datetime) -> tuple[set[str], set[str]]:
    """Workspaces with deals whose model is missing or old, and those whose chances are: an hour went by, or a deal
    changed since."""
    rows = await tx.rows(
        "select o.workspace, m.workspace is null or m.learned_at < %s as learn,"
        " m.told_at is null or m.told_at < %s or exists(select from deals.opportunity c"
        "  where c.workspace = o.workspace and c.changed_at > m.told_at) as tell"
        " from (select distinct workspace from deals.opportunity) o"
        " left join deals.win_model m on m.workspace = o.workspace",
        (learned_before, told_before),
    )
    return {row["workspace"] for row in rows if row["learn"]}, {row["workspace"] for row in rows if row["tell"]}


async def lock(tx: Tx, workspace: str) -> bool:
    """Whether this transaction alone learns in the workspace now."""
    return bool(
        await tx.value("select pg_try_advisory_xact_lock(hashtext('deals.winning'), hashtext(%s))", (workspace,))
    )


async def model(tx: Tx, workspace: str) -> dict[str, Any] | None:
    """learned_at, told_at, card, model and drift; None where nothing was ever learned."""
    return await tx.row("select * from deals.win_model where workspace = %s", (workspace,))


async def closed(tx: Tx, workspace: str) -> int:
    """How many deals came to their end."""
    return int(
        await tx.value(
            "select count(*) from deals.opportunity where workspace = %s and closed_at is not null"
            " and deleted_at is null",
            (workspace,),
        )
    )


async def keep_model(tx: Tx, workspace: str, at: datetime, card: str, learned: str | None, drift: float) -> None:
    await tx.run(
        "insert into deals.win_model (workspace, learned_at, card, model, drift) values (%s, %s, %s, %s, %s)"
        " on conflict (workspace) do update set learned_at = excluded.learned_at, card = excluded.card,"
        " model = excluded.model, drift = excluded.drift, told_at = null",
        (workspace, at, card, learned, drift),
    )


async def keep_chances(tx: Tx, workspace: str, found: Sequence[Chance], reasons: Sequence[str], at: datetime) -> None:
    """Puts these in place of all the workspace's chances."""
    await tx.run("delete from deals.win_chance where workspace = %s", (workspace,))
    rows = [
        {"deal": one.deal, "chance": one.chance, "why": one.why, "reasons": why}
        for one, why in zip(found, reasons, strict=True)
    ]
    await tx.run(
        "insert into deals.win_chance (workspace, opportunity, chance, why, reasons, at)"
        " select %s, c.deal, c.chance, c.why, c.reasons::jsonb, %s"
        " from jsonb_to_recordset(%s::jsonb) as c (deal text, chance float8, why text, reasons text)"
        " join deals.opportunity o on o.workspace = %s and o.id = c.deal",
        (workspace, at, json.dumps(rows), workspace),
    )
    await tx.run("update deals.win_model set told_at = %s where workspace = %s", (at, workspace))


async def chances(tx: Tx, workspace: str, deals: Sequence[str] | None) -> list[dict[str, Any]]:
    """What was told of these deals with its reasons, or without them of all open ones."""
    reasons = "" if deals is None else "reasons, "
    return await tx.rows(
        f"select opportunity as deal, chance, why, {reasons}at from deals.win_chance"
        " where workspace = %(w)s and (%(d)s::text[] is null or opportunity = any(%(d)s::text[]))",
        {"w": workspace, "d": None if deals is None else list(deals)},
    )


async def standings(
    tx: Tx, workspace: str, since: datetime, pipeline: str | None, owner: str | None, *, lost: bool = False
) -> list[dict[str, Any]]:
    """Open deals and those won (with `lost` those lost too) since a moment."""
    return await tx.rows(
        _STANDINGS, {"workspace": workspace, "since": since, "pipeline": pipeline, "owner": owner, "lost": lost}
    )


async def then(tx: Tx, workspace: str, at: datetime, deals: Sequence[str]) -> dict[str, dict[str, Any]]:
    """What these deals were at a moment; those that were not there yet are left out."""
    return {row["opportunity"]: row for row in await tx.rows(_THEN, (workspace, at, list(deals)))}


async def positions(tx: Tx, workspace: str) -> dict[str, int]:
    """Stage → its place in its pipeline."""
    rows = await tx.rows("select key, position from deals.stage where workspace = %s", (workspace,))
    return {row["key"]: row["position"] for row in rows}
