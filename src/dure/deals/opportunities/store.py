"""The SQL that only deals need: slugs, teams, what they were after each change, the board."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Any

from dure.deals.model import DEAL, Deal, HistoryEntry, Stage, TeamMember
from dure.deals.record_id import TEAM_MEMBER, new_id
from dure.deals.records.store import pour, select
from dure.deals.rules import slug_of
from dure.state import Tx


async def slugs(tx: Tx, workspace: str) -> set[str]:
    """Every slug in use. Until the transaction ends nobody else gives out one in this workspace."""
    await tx.run("select pg_advisory_xact_lock(hashtext('deals.slug'), hashtext(%s))", (workspace,))
    rows = await tx.rows("select slug from deals.opportunity where workspace = %s", (workspace,))
    return {row["slug"] for row in rows}


async def free_slug(tx: Tx, workspace: str, name: str) -> str:
    """A slug for a deal of this name that no other has; the same lock."""
    await tx.run("select pg_advisory_xact_lock(hashtext('deals.slug'), hashtext(%s))", (workspace,))
    first, base = 1, slug_of(name, ())
    while True:
        tried = [base if n == 1 else f"{base}-{n}" for n in range(first, first + 100)]
        rows = await tx.rows(
            "select slug from deals.opportunity where workspace = %s and slug = any(%s)", (workspace, tried)
        )
        taken = {row["slug"] for row in rows}
        free = next((one for one in tried if one not in taken), None)
        if free is not None:
            return free
        first += 100


async def board(tx: Tx, workspace: str, closed_since: datetime, account_id: str | None) -> list[Deal]:
    """Open deals and those closed since, the nearest close date first."""
    rows = await tx.rows(
        select(DEAL) + " where r.workspace = %(workspace)s and (r.closed_at is null or r.closed_at >= %(since)s)"
        " and (%(account)s::text is null or r.account = %(account)s) and r.deleted_at is null"
        " order by r.close_date, r.id",
        {"workspace": workspace, "since": closed_since, "account": account_id},
    )
    return [DEAL.make(row) for row in rows]


async def with_stages(tx: Tx, workspace: str, ids: Sequence[str]) -> dict[str, tuple[Deal, Stage]]:
    """Those of the deals that are there and not deleted, each with its stage, by id."""
    rows = await tx.rows(
        f"select d.*, to_jsonb(t) as standing from ({select(DEAL)} where r.workspace = %s and r.id = any(%s)"
        " and r.deleted_at is null) d join deals.stage t on t.workspace = d.workspace and t.key = d.stage",
        (workspace, list(ids)),
    )
    names: tuple[str, ...] = Stage.__slots__
    found = {}
    for row in rows:
        said = {name: row["standing"][name] for name in names}
        found[row["id"]] = (DEAL.make(row), Stage(**said | {"required": tuple(said["required"])}))
    return found


async def open_at(tx: Tx, workspace: str, account_id: str) -> int:
    """How many open deals an account has."""
    return int(
        await tx.value(
            "select count(*) from deals.opportunity where workspace = %s and account = %s and closed_at is null"
            " and deleted_at is null",
            (workspace, account_id),
        )
    )


async def open_with(tx: Tx, workspace: str, lowered: Sequence[str], ids: Sequence[str]) -> list[dict[str, Any]]:
    """Accounts by id, domain or a contact's address (`asked`, in small letters), each with its open deals, the largest
    first; without deals the deal's columns are null."""
    return await tx.rows(
        "with asked as (select id, lower(id) as asked from deals.account where workspace = %(w)s and id = any(%(ids)s)"
        " union select id, lower(domain) from deals.account where workspace = %(w)s and domain <> ''"
        "   and lower(domain) = any(%(lowered)s) and deleted_at is null"
        " union select account, lower(email) from deals.contact where workspace = %(w)s and email <> ''"
        "   and lower(email) = any(%(lowered)s) and account <> '' and deleted_at is null)"
        " select s.asked, a.id as account, a.name as account_name, a.owner as account_owner, a.revenue,"
        " a.currency as account_currency, o.id, o.name, o.stage, o.amount, o.currency, o.owner from asked s"
        " join deals.account a on a.workspace = %(w)s and a.id = s.id and a.deleted_at is null"
        " left join deals.opportunity o on o.workspace = %(w)s and o.account = a.id and o.closed_at is null"
        "   and o.deleted_at is null order by s.asked, o.amount desc nulls last, o.id",
        {"w": workspace, "ids": list(ids), "lowered": list(lowered)},
    )


async def add_team(tx: Tx, workspace: str, members: Iterable[tuple[str, TeamMember]], now: datetime) -> None:
    """(deal, member) each; who is there already gets the role and the access that are said now."""
    await tx.many(
        "insert into deals.team_member (workspace, opportunity, member, role, access, id, created_at)"
        " values (%s, %s, %s, %s, %s, %s, %s) on conflict (workspace, opportunity, member)"
        " do update set role = excluded.role, access = excluded.access",
        [
            (workspace, deal, one.user, one.role, one.access, one.id or new_id(TEAM_MEMBER), now)
            for deal, one in members
        ],
    )


async def drop_team(tx: Tx, workspace: str, deal_id: str, users: Sequence[str]) -> None:
    await tx.run(
        "delete from deals.team_member where workspace = %s and opportunity = %s and member = any(%s)",
        (workspace, deal_id, list(users)),
    )


async def team(tx: Tx, workspace: str, deal_id: str) -> list[TeamMember]:
    rows = await tx.rows(
        "select member, role, access, id from deals.team_member where workspace = %s and opportunity = %s"
        " order by member",
        (workspace, deal_id),
    )
    return [TeamMember(row["member"], row["role"], row["access"], row["id"]) for row in rows]


async def add_history(tx: Tx, workspace: str, entries: Iterable[tuple[str, HistoryEntry]]) -> None:
    """(deal, entry) each; an entry's number is the deal's version after the change."""
    names: tuple[str, ...] = HistoryEntry.__slots__
    rows = [(workspace, of, *(getattr(one, name) for name in names)) for of, one in entries]
    await pour(tx, "deals.history", ("workspace", "opportunity", *names), rows)


async def history(tx: Tx, workspace: str, deal_id: str) -> list[HistoryEntry]:
    """Newest first."""
    rows = await tx.rows(
        "select * from deals.history where workspace = %s and opportunity = %s order by number desc",
        (workspace, deal_id),
    )
    names: tuple[str, ...] = HistoryEntry.__slots__
    return [HistoryEntry(**{name: row[name] for name in names}) for row in rows]
