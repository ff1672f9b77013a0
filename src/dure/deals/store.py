"""Deals' only SQL."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from typing import Any

from dure.deals.model import Account, Contact, Deal, HistoryEntry, Stage, TeamMember
from dure.deals.rules import FIRST_STAGES
from dure.state import Tx

_DEAL = """
select o.*, a.name as account_name, s.probability,
       coalesce((select array_agg(m.member order by m.member) from deals.team_member m
                 where m.workspace = o.workspace and m.opportunity = o.id), '{}') as team
from deals.opportunity o
join deals.account a on a.workspace = o.workspace and a.id = o.account
join deals.stage s on s.workspace = o.workspace and s.key = o.stage
"""


async def stages(tx: Tx, workspace: str) -> dict[str, Stage]:
    """The workspace's pipeline in order, by key; the first look lays down the one every workspace begins with."""
    sql = "select * from deals.stage where workspace = %s order by position"
    rows = await tx.rows(sql, (workspace,))
    if not rows:
        await tx.many(
            "insert into deals.stage (workspace, key, name_ko, name_en, probability, position, outcome)"
            " values (%s, %s, %s, %s, %s, %s, %s) on conflict do nothing",
            [(workspace, s.key, s.name_ko, s.name_en, s.probability, s.position, s.outcome) for s in FIRST_STAGES],
        )
        rows = await tx.rows(sql, (workspace,))
    return {
        row["key"]: Stage(
            row["key"], row["name_ko"], row["name_en"], row["probability"], row["position"], row["outcome"]
        )
        for row in rows
    }


async def add_accounts(tx: Tx, workspace: str, accounts: Iterable[Account]) -> None:
    await tx.many(
        "insert into deals.account (workspace, id, name, industry, country, size, domain, external, created_at,"
        " changed_at) values (%s, %s, %s, %s, %s, %s, %s, %s, %s, %s)",
        [
            (workspace, a.id, a.name, a.industry, a.country, a.size, a.domain, a.external, a.created_at, a.changed_at)
            for a in accounts
        ],
    )


async def account(tx: Tx, workspace: str, account_id: str) -> Account | None:
    row = await tx.row("select * from deals.account where workspace = %s and id = %s", (workspace, account_id))
    return None if row is None else _account(row)


async def accounts(tx: Tx, workspace: str, search: str, limit: int) -> list[Account]:
    """Accounts whose name contains `search`, by name."""
    rows = await tx.rows(
        "select * from deals.account where workspace = %s and strpos(lower(name), lower(%s)) > 0"
        " order by lower(name), id limit %s",
        (workspace, search, limit),
    )
    return [_account(row) for row in rows]


async def externals(tx: Tx, workspace: str, table: str, keys: Sequence[str]) -> dict[str, str]:
    """External id → id of what is known already; `table` is account or opportunity."""
    rows = await tx.rows(
        f"select external, id from deals.{table} where workspace = %s and external = any(%s)", (workspace, list(keys))
    )
    return {row["external"]: row["id"] for row in rows}


async def add_contacts(tx: Tx, workspace: str, found: Iterable[Contact], at: datetime) -> None:
    await tx.many(
        "insert into deals.contact (workspace, id, account, name, email, title, created_at)"
        " values (%s, %s, %s, %s, %s, %s, %s)",
        [(workspace, c.id, c.account, c.name, c.email, c.title, at) for c in found],
    )


async def contacts(tx: Tx, workspace: str, account_id: str) -> list[Contact]:
    rows = await tx.rows(
        "select * from deals.contact where workspace = %s and account = %s order by created_at, id",
        (workspace, account_id),
    )
    return [Contact(row["id"], row["account"], row["name"], row["email"], row["title"]) for row in rows]


async def slugs(tx: Tx, workspace: str) -> set[str]:
    """Every slug in use. Until the transaction ends nobody else gives out one in this workspace."""
    await tx.run("select pg_advisory_xact_lock(hashtext('deals.slug'), hashtext(%s))", (workspace,))
    return {
        row["slug"] for row in await tx.rows("select slug from deals.opportunity where workspace = %s", (workspace,))
    }


async def add_deals(tx: Tx, workspace: str, deals: Iterable[Deal]) -> None:
    await tx.many(
        "insert into deals.opportunity (workspace, id, name, slug, account, amount, currency, stage, owner, close_date,"
        " next_step, channel, lost_reason, external, entries, version, created_at, changed_at, entered_stage_at,"
        " closed_at) values (%s, %s, %s, %s, %s, %s, %s, %s, %s, %s, %s, %s, %s, %s, %s, %s, %s, %s, %s, %s)",
        [
            (workspace, d.id, d.name, d.slug, d.account, d.amount, d.currency, d.stage, d.owner, d.close_date,
             d.next_step, d.channel, d.lost_reason, d.external, d.entries, d.version, d.created_at, d.changed_at,
             d.entered_stage_at, d.closed_at)
            for d in deals
        ],
    )  # fmt: skip


async def deal(tx: Tx, workspace: str, deal_id: str) -> Deal | None:
    row = await tx.row(_DEAL + " where o.workspace = %s and o.id = %s", (workspace, deal_id))
    return None if row is None else _deal(row)


async def lock_deal(tx: Tx, workspace: str, deal_id: str) -> Deal | None:
    """The deal, which nobody else can change until the transaction ends."""
    await tx.run("select 1 from deals.opportunity where workspace = %s and id = %s for update", (workspace, deal_id))
    return await deal(tx, workspace, deal_id)


async def deals(tx: Tx, workspace: str, closed_since: datetime, account_id: str | None) -> list[Deal]:
    """Open deals and those closed since, the nearest close date first."""
    rows = await tx.rows(
        _DEAL + " where o.workspace = %(workspace)s and (o.closed_at is null or o.closed_at >= %(since)s)"
        " and (%(account)s::text is null or o.account = %(account)s) order by o.close_date, o.id",
        {"workspace": workspace, "since": closed_since, "account": account_id},
    )
    return [_deal(row) for row in rows]


async def keep_deal(tx: Tx, workspace: str, kept: Deal) -> None:
    """Writes every field that may change."""
    await tx.run(
        "update deals.opportunity set name = %(name)s, amount = %(amount)s, stage = %(stage)s, owner = %(owner)s,"
        " close_date = %(close_date)s, next_step = %(next_step)s, channel = %(channel)s,"
        " lost_reason = %(lost_reason)s, entries = %(entries)s, version = %(version)s, changed_at = %(changed_at)s,"
        " entered_stage_at = %(entered_stage_at)s, closed_at = %(closed_at)s"
        " where workspace = %(workspace)s and id = %(id)s",
        {name: getattr(kept, name) for name in Deal.__slots__ if name != "team"} | {"workspace": workspace},
    )


async def add_team(tx: Tx, workspace: str, members: Iterable[tuple[str, str, str]]) -> None:
    """(deal, user, role) each."""
    await tx.many(
        "insert into deals.team_member (workspace, opportunity, member, role) values (%s, %s, %s, %s)"
        " on conflict (workspace, opportunity, member) do update set role = excluded.role",
        [(workspace, *member) for member in members],
    )


async def drop_team(tx: Tx, workspace: str, deal_id: str) -> None:
    await tx.run("delete from deals.team_member where workspace = %s and opportunity = %s", (workspace, deal_id))


async def team(tx: Tx, workspace: str, deal_id: str) -> list[TeamMember]:
    rows = await tx.rows(
        "select member, role from deals.team_member where workspace = %s and opportunity = %s order by member",
        (workspace, deal_id),
    )
    return [TeamMember(row["member"], row["role"]) for row in rows]


async def add_history(tx: Tx, workspace: str, entries: Iterable[tuple[str, HistoryEntry]]) -> None:
    """(deal, entry) each; an entry's number is the deal's version after the change."""
    await tx.many(
        "insert into deals.history (workspace, opportunity, number, at, actor, stage, probability, amount, currency,"
        " close_date) values (%s, %s, %s, %s, %s, %s, %s, %s, %s, %s)",
        [
            (workspace, of, e.number, e.at, e.actor, e.stage, e.probability, e.amount, e.currency, e.close_date)
            for of, e in entries
        ],
    )


async def history(tx: Tx, workspace: str, deal_id: str) -> list[HistoryEntry]:
    """Newest first."""
    rows = await tx.rows(
        "select * from deals.history where workspace = %s and opportunity = %s order by number desc",
        (workspace, deal_id),
    )
    names: tuple[str, ...] = HistoryEntry.__slots__
    return [HistoryEntry(**{name: row[name] for name in names}) for row in rows]


def _account(row: Mapping[str, Any]) -> Account:
    return Account(**{name: row[name] for name in Account.__slots__})


def _deal(row: Mapping[str, Any]) -> Deal:
    return Deal(**{name: row[name] for name in Deal.__slots__} | {"team": tuple(row["team"])})
