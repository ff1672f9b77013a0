"""The SQL of relationships: whose channel it is, what was said there, and the standing that is kept."""

from __future__ import annotations

import json
from collections.abc import Collection, Iterable, Sequence
from dataclasses import asdict
from datetime import date, datetime
from typing import TYPE_CHECKING, Any

from dure.deals.relations.model import Measures, Peers, Standing
from dure.state import Tx

if TYPE_CHECKING:
    from dure.deals.health.follow import Sign

_KEEP = """
update deals.relation r set score = d.score, band = d.band, why = d.why, momentum = d.momentum, age_days = d.age_days,
    parts = d.parts, reasons = d.reasons, weeks = d.weeks, last_theirs = d.last_theirs, computed_at = %s, stale = false
from jsonb_to_recordset(%s::jsonb) as d (account text, score int, band text, why text, momentum float8, age_days float8,
    parts jsonb, reasons text[], weeks jsonb, last_theirs timestamptz)
where r.workspace = %s and r.account = d.account
"""


# -- channels ----------------------------------------------------------------------------------------------------------


async def link(tx: Tx, workspace: str, channel: str, account: str) -> None:
    """The channel is this account's; its past is to be read."""
    await tx.run(
        "insert into deals.account_channel (workspace, channel, account, caught_up)"
        " select %s, %s, id, false from deals.account where workspace = %s and id = %s"
        " on conflict (workspace, channel) do update set account = excluded.account",
        (workspace, channel, workspace, account),
    )


async def unlink(tx: Tx, workspace: str, channel: str) -> None:
    """What was said there counts for nobody any more."""
    await tx.run("delete from deals.account_channel where workspace = %s and channel = %s", (workspace, channel))


async def linked(tx: Tx, workspace: str, channels: Collection[str]) -> dict[str, str]:
    """Channel → the account whose it is."""
    if not channels:
        return {}
    rows = await tx.rows(
        "select channel, account from deals.account_channel where workspace = %s and channel = any(%s)",
        (workspace, list(channels)),
    )
    return {row["channel"]: row["account"] for row in rows}


async def catching_up(tx: Tx) -> list[dict[str, Any]]:
    """Channels whose past is to be read, held until the transaction ends."""
    return await tx.rows(
        "select workspace, channel, account from deals.account_channel where not caught_up"
        " order by workspace, channel limit 20 for update skip locked"
    )


async def caught_up(tx: Tx, workspace: str, channel: str) -> None:
    await tx.run(
        "update deals.account_channel set caught_up = true where workspace = %s and channel = %s", (workspace, channel)
    )


async def keep_signs(tx: Tx, workspace: str, signs: Sequence[Sign]) -> None:
    """Adds signs of linked channels; one that is there already is left as it is."""
    if not signs:
        return
    rows = [
        {"channel": s.channel, "message": s.message, "at": s.at.isoformat(), "kind": s.kind, "customer": s.customer,
         "who": s.who, "place": s.place, "thread": s.thread, "asks": s.asks}
        for s in signs
    ]  # fmt: skip
    await tx.run(
        "insert into deals.channel_activity"
        " (workspace, channel, message, at, kind, customer, who, place, thread, asks)"
        " select %s, s.channel, message, at, kind, customer, who, place, thread, asks"
        " from jsonb_to_recordset(%s::jsonb) as s (channel text, message text, at timestamptz, kind text,"
        " customer boolean, who text, place text, thread text, asks boolean)"
        " join deals.account_channel l on l.workspace = %s and l.channel = s.channel"
        " on conflict do nothing",
        (workspace, json.dumps(rows), workspace),
    )


async def drop_messages(tx: Tx, workspace: str, gone: Sequence[tuple[str, str]]) -> None:
    """(channel, timestamp) of messages that were deleted."""
    if gone:
        await tx.run(
            "delete from deals.channel_activity a using unnest(%s::text[], %s::text[]) as g (channel, place)"
            " where a.workspace = %s and a.channel = g.channel and a.kind = 'message' and a.place = g.place",
            ([channel for channel, _ in gone], [place for _, place in gone], workspace),
        )


# -- standing ----------------------------------------------------------------------------------------------------------


async def touch(tx: Tx, workspace: str, accounts: Iterable[str], deals: Iterable[str] = ()) -> None:
    """What is known of these accounts, and of those whose deals these are, has changed."""
    await tx.run(
        "insert into deals.relation (workspace, account, computed_at, stale)"
        " select workspace, id, 'epoch', true from deals.account where workspace = %(workspace)s"
        " and (id = any(%(accounts)s) or id in (select account from deals.opportunity"
        "      where workspace = %(workspace)s and id = any(%(deals)s))) order by id"
        " on conflict (workspace, account) do update set stale = true",
        {"workspace": workspace, "accounts": sorted(accounts), "deals": sorted(deals)},
    )


async def waiting(tx: Tx, before: datetime) -> list[str]:
    """Workspaces with relationships that are stale or from before."""
    rows = await tx.rows("select distinct workspace from deals.relation where stale or computed_at < %s", (before,))
    return [row["workspace"] for row in rows]


async def lock(tx: Tx, workspace: str) -> bool:
    """Whether this transaction alone computes relationships in the workspace now."""
    return bool(
        await tx.value("select pg_try_advisory_xact_lock(hashtext('deals.relations'), hashtext(%s))", (workspace,))
    )


async def due(tx: Tx, workspace: str, before: datetime, limit: int) -> list[str]:
    """Accounts to compute, those that changed first."""
    rows = await tx.rows(
        "select account from deals.relation where workspace = %s and (stale or computed_at < %s)"
        " order by stale desc, account limit %s",
        (workspace, before, limit),
    )
    return [row["account"] for row in rows]


async def bands(tx: Tx, workspace: str, accounts: Sequence[str]) -> dict[str, str]:
    """The bands that accounts were last found in."""
    rows = await tx.rows(
        "select account, band from deals.relation where workspace = %s and account = any(%s) and band is not null",
        (workspace, list(accounts)),
    )
    return {row["account"]: row["band"] for row in rows}


async def keep(
    tx: Tx, workspace: str, accounts: Sequence[str], found: Sequence[tuple[Standing, Measures]], now: datetime
) -> None:
    """Keeps the standing of these accounts; those with whom nothing was done (any more) have none."""
    rows = [
        {"account": s.account, "score": s.score, "band": s.band, "why": s.why, "momentum": round(s.momentum, 3),
         "age_days": round(m.age_days, 2), "parts": [asdict(part) for part in s.parts], "reasons": list(s.reasons),
         "weeks": [None if one is None else round(one, 2) for one in m.weeks],
         "last_theirs": m.last_theirs.isoformat() if m.last_theirs else None}
        for s, m in found
    ]  # fmt: skip
    nothing = sorted({*accounts} - {s.account for s, _ in found})
    if nothing:
        await tx.run("delete from deals.relation where workspace = %s and account = any(%s)", (workspace, nothing))
    await tx.run(_KEEP, (now, json.dumps(rows), workspace))


async def measured_on(tx: Tx, workspace: str, accounts: Sequence[str], day: date) -> list[str]:
    """Which of these were not measured yet on the day; they are now."""
    rows = await tx.rows(
        "update deals.relation set measured_on = %s where workspace = %s and account = any(%s)"
        " and (measured_on is null or measured_on < %s) returning account",
        (day, workspace, list(accounts), day),
    )
    return [row["account"] for row in rows]


async def named(tx: Tx, workspace: str, accounts: Sequence[str]) -> dict[str, tuple[str, str]]:
    """Account → its name and owner."""
    rows = await tx.rows(
        "select id, name, owner from deals.account where workspace = %s and id = any(%s)", (workspace, list(accounts))
    )
    return {row["id"]: (row["name"], row["owner"]) for row in rows}


async def of(tx: Tx, workspace: str, account: str | None) -> list[dict[str, Any]]:
    """The kept standing of an account with parts and weeks, or without them of all."""
    more = "" if account is None else " r.parts, r.weeks,"
    return await tx.rows(
        f"select r.account, r.score, r.band, r.why, r.momentum, r.age_days, r.reasons,{more} r.last_theirs,"
        " r.computed_at from deals.relation r"
        " join deals.account a on a.workspace = r.workspace and a.id = r.account and a.deleted_at is null"
        " where r.workspace = %(workspace)s and r.computed_at > 'epoch'"
        " and (%(account)s::text is null or r.account = %(account)s) order by r.account",
        {"workspace": workspace, "account": account},
    )


async def peers(tx: Tx, workspace: str) -> tuple[Peers, datetime | None]:
    """What is usual for accounts with a won deal, and when that was looked at; None where it never was."""
    row = await tx.row("select at, momenta from deals.relation_norm where workspace = %s", (workspace,))
    if row is None:
        return Peers(), None
    return Peers({int(day): tuple(values) for day, values in row["momenta"].items()}), row["at"]


async def keep_peers(tx: Tx, workspace: str, found: Peers, now: datetime) -> None:
    await tx.run(
        "insert into deals.relation_norm (workspace, at, momenta) values (%s, %s, %s)"
        " on conflict (workspace) do update set at = excluded.at, momenta = excluded.momenta",
        (workspace, now, json.dumps({str(day): list(values) for day, values in found.momenta.items()})),
    )
