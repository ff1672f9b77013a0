"""The gate's SQL: demands, consent, caps, places held by others, halts, tokens."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

import msgspec
from psycopg.types.json import Jsonb

from dure.campaigns.design import Design
from dure.campaigns.gate.caps import Went
from dure.campaigns.gate.model import Halt, Policy
from dure.kernel.seal import Seal
from dure.state import Tx

_ERASED = "erased:"


# -- demands ------------------------------------------------------------------------------------------------------


async def policy(tx: Tx, workspace: str) -> Policy:
    """What the workspace demands, the defaults where it never said."""
    found = await tx.value("select policy from campaigns.policy where workspace = %s", (workspace,))
    return Policy() if found is None else msgspec.convert(found, Policy)


async def set_policy(tx: Tx, workspace: str, changed: Policy, by: str, now: datetime) -> None:
    await tx.run(
        "insert into campaigns.policy values (%s, %s, %s, %s) on conflict (workspace) do update set"
        " policy = excluded.policy, changed_by = excluded.changed_by, changed_at = excluded.changed_at",
        (workspace, Jsonb(msgspec.to_builtins(changed)), by, now),
    )


# -- people -------------------------------------------------------------------------------------------------------


async def lock(tx: Tx, workspace: str) -> None:
    """Whoever looks at people of this workspace too waits until this transaction ends: two campaigns that reach for one
    person go one after the other."""
    await tx.run("select pg_advisory_xact_lock(hashtextextended(%s, 11))", (f"gate:{workspace}",))


async def words(tx: Tx, workspace: str, owners: Mapping[UUID, UUID]) -> dict[UUID, dict[tuple[str, str], bool]]:
    """What people said of messages: yes or no by (topic, channel). `owners` says by id who that is now; of what they
    said under several ids the newest counts."""
    rows = await tx.rows(
        "select person, topic, channel, allowed from campaigns.consent where workspace = %s and person = any(%s)"
        " order by at", (workspace, list(owners)),
    )  # fmt: skip
    found: dict[UUID, dict[tuple[str, str], bool]] = defaultdict(dict)
    for row in rows:
        found[owners[row["person"]]][row["topic"], row["channel"]] = row["allowed"]
    return found


def sealed(seal: Seal, workspace: str, address: str) -> str:
    """What stands for the address of somebody who was erased."""
    return f"{_ERASED}{seal(workspace, address.lower())}"


async def suppressed(tx: Tx, workspace: str, addresses: Collection[str], seal: Seal) -> dict[str, str]:
    """Why each of these addresses (lower case) is suppressed, also by a hash of it alone."""
    # Where fewer are suppressed than are asked about, all of them are read, and most often none is known by a hash.
    few = await tx.tuples(
        "select address, reason from campaigns.suppression where workspace = %s limit %s",
        (workspace, len(addresses) + 1),
    )
    if len(few) <= len(addresses) and not any(address.startswith(_ERASED) for address, _ in few):
        return {address: reason for address, reason in few if address in addresses}
    forms = {sealed(seal, workspace, address): address for address in addresses if address}
    rows = await tx.rows(
        "select address, reason from campaigns.suppression where workspace = %s and address = any(%s)",
        (workspace, [*addresses, *forms]),
    )
    return {forms.get(row["address"], row["address"]): row["reason"] for row in rows}


async def went(
    tx: Tx, workspace: str, owners: Mapping[UUID, UUID], since: datetime
) -> dict[UUID, list[Went]]:  # fmt: skip
    """What went out to each since then, or may have, of all campaigns but the transactional ones; under all of the ids
    that are theirs by `owners`."""
    rows = await tx.rows(
        "select m.person, m.claimed_at, m.channel, coalesce(c.design ->> 'topic', 'marketing') as topic"
        " from campaigns.message m join campaigns.campaign c on c.workspace = m.workspace and c.id = m.campaign"
        " where m.workspace = %s and m.person = any(%s) and m.claimed_at > %s"
        " and m.state in ('claimed', 'sent', 'unknown') and coalesce(c.design ->> 'topic', '') <> 'transactional'",
        (workspace, list(owners), since),
    )
    found: dict[UUID, list[Went]] = defaultdict(list)
    for row in rows:
        found[owners[row["person"]]].append(Went(row["claimed_at"], row["channel"], row["topic"]))
    return found


async def going_first(tx: Tx, workspace: str, priority: int) -> dict[str, Design]:
    """Live campaigns that go before one of this priority, as people go through them now."""
    rows = await tx.rows(
        "select c.id, v.design from campaigns.campaign c join campaigns.version v on v.workspace = c.workspace"
        " and v.campaign = c.id and v.version = c.version where c.workspace = %s and c.status = 'live'"
        " and coalesce((v.design ->> 'priority')::int, 3) < %s", (workspace, priority),
    )  # fmt: skip
    return {row["id"]: msgspec.convert(row["design"], Design) for row in rows}


async def due_soon(
    tx: Tx, workspace: str, campaigns: Collection[str], people: Collection[UUID], until: datetime
) -> list[dict[str, Any]]:
    """Where these people stand in these campaigns, of ways that go on before `until`."""
    return await tx.rows(
        "select person, campaign, node, due from campaigns.way where workspace = %s and campaign = any(%s)"
        " and person = any(%s) and due <= %s and state in ('moving', 'waiting') and arm <> 'control'",
        (workspace, list(campaigns), list(people), until),
    )


# -- stopping -----------------------------------------------------------------------------------------------------


async def halts(tx: Tx, workspace: str, campaigns: Sequence[str] = ()) -> dict[str, Halt]:
    """What is stopped now, by campaign; "" is the whole workspace. Only of these campaigns where some are named."""
    rows = await tx.rows(
        "select campaign, by, reason, why, at from campaigns.halt where workspace = %(workspace)s and ended_at is null"
        " and (%(all)s or campaign = any(%(only)s))",
        {"workspace": workspace, "all": not campaigns, "only": ["", *campaigns]},
    )
    return {row["campaign"]: Halt(row["campaign"], row["by"], row["reason"], row["at"], row["why"]) for row in rows}


async def halted_workspaces(tx: Tx) -> set[str]:
    """Where all sending is stopped."""
    rows = await tx.rows("select workspace from campaigns.halt where campaign = '' and ended_at is null")
    return {row["workspace"] for row in rows}


async def add_halt(tx: Tx, workspace: str, id: UUID, halt: Halt) -> bool:
    """False where it is stopped already."""
    return bool(
        await tx.run(
            "insert into campaigns.halt (workspace, id, campaign, by, reason, why, at) values (%s, %s, %s, %s, %s, %s,"
            " %s) on conflict (workspace, campaign) where ended_at is null do nothing",
            (workspace, id, halt.campaign, halt.by, halt.reason, Jsonb(halt.why), halt.at),
        )
    )


async def end_halt(tx: Tx, workspace: str, campaign: str, by: str, reason: str, now: datetime) -> bool:
    return bool(
        await tx.run(
            "update campaigns.halt set ended_by = %s, ended_reason = %s, ended_at = %s"
            " where workspace = %s and campaign = %s and ended_at is null", (by, reason, now, workspace, campaign),
        )
    )  # fmt: skip


async def past_halts(tx: Tx, workspace: str, limit: int) -> list[dict[str, Any]]:
    """What was stopped, by whom, why, and how it ended; newest first."""
    return await tx.rows(
        "select campaign, by, reason, why, at, ended_by, ended_reason, ended_at from campaigns.halt"
        " where workspace = %s order by at desc, id desc limit %s", (workspace, limit),
    )  # fmt: skip


async def free_tokens(tx: Tx, workspace: str, provider: str, limits: Sequence[tuple[int, timedelta]]) -> int:
    """How many no limit would forbid at this moment; nobody has taken them."""
    return int(
        await tx.value(
            "select greatest(0, min(l.most - coalesce((select sum(p.count) from campaigns.permit p"
            " where p.workspace = %s and p.provider = %s and p.at > clock_timestamp() - l.span), 0)))"
            " from unnest(%s::int[], %s::interval[]) as l (most, span)",
            (workspace, provider, [most for most, _ in limits], [span for _, span in limits]),
        )
    )


# -- providers that asked for time ---------------------------------------------------------------------------------


async def slow_down(tx: Tx, workspace: str, provider: str, now: datetime, until: datetime) -> None:
    """A provider asks for time. One that asks again while it is still waited for asks for longer, never for less."""
    await tx.run(
        "insert into campaigns.slow as s values (%s, %s, %s, %s) on conflict (workspace, provider) do update set"
        " since = case when s.until < excluded.since then excluded.since else s.since end,"
        " until = greatest(s.until, excluded.until)", (workspace, provider, now, until),
    )  # fmt: skip


async def slowed(tx: Tx, workspace: str) -> dict[str, tuple[datetime, datetime]]:
    """Since when and until when each provider is waited for, or was last."""
    rows = await tx.rows("select provider, since, until from campaigns.slow where workspace = %s", (workspace,))
    return {row["provider"]: (row["since"], row["until"]) for row in rows}


# -- playgrounds --------------------------------------------------------------------------------------------------


async def record(
    tx: Tx, workspace: str, key: str, campaign: str, channel: str, address: str, person: UUID | None, content: Jsonb,
    now: datetime,
) -> None:  # fmt: skip
    """Keeps what would have left a playground, once."""
    await tx.run(
        "insert into campaigns.recorded (workspace, key, campaign, channel, address, person, content, at)"
        " values (%s, %s, %s, %s, %s, %s, %s, %s) on conflict do nothing",
        (workspace, key, campaign, channel, address, person, content, now),
    )


async def recorded(tx: Tx, workspace: str, before: datetime | None, limit: int) -> list[dict[str, Any]]:
    """What would have left, newest first."""
    return await tx.rows(
        "select key, campaign, channel, address, person, content, at from campaigns.recorded"
        " where workspace = %(workspace)s and (%(before)s::timestamptz is null or at < %(before)s)"
        " order by at desc limit %(limit)s", {"workspace": workspace, "before": before, "limit": limit},
    )  # fmt: skip


# -- tokens -------------------------------------------------------------------------------------------------------


async def queue_at_bucket(tx: Tx, workspace: str, provider: str) -> None:
    """One taker at a time, until the transaction ends."""
    await tx.run(
        "insert into campaigns.bucket values (%s, %s) on conflict (workspace, provider)"
        " do update set provider = excluded.provider", (workspace, provider),
    )  # fmt: skip


async def take_tokens(
    tx: Tx, workspace: str, provider: str, wanted: int, limits: Sequence[tuple[int, timedelta]]
) -> tuple[int, float]:
    """How many of `wanted` no limit forbids, taken at once; and where none, after how many seconds one is back."""
    row = await tx.row(
        """
        with now as materialized (select clock_timestamp() as at),
        limits as (select * from unnest(%(most)s::int[], %(spans)s::interval[]) as t (most, span)),
        used as (
            select most, coalesce(sum(p.count), 0) as taken, min(p.at) + span - (select at from now) as back
            from limits left join campaigns.permit p on p.workspace = %(workspace)s and p.provider = %(provider)s
                and p.at > (select at from now) - span
            group by most, span
        ),
        free as (
            select greatest(0, least(%(wanted)s, min(most - taken)))::int as count,
                max(back) filter (where taken >= most) as back from used
        ),
        given as (
            insert into campaigns.permit select %(workspace)s, %(provider)s, (select at from now), count
            from free where count > 0
        ),
        dropped as (
            delete from campaigns.permit where workspace = %(workspace)s and provider = %(provider)s
            and at < (select at from now) - (select max(span) from limits)
        )
        select count, coalesce(extract(epoch from back), 0)::float as wait from free
        """,
        {
            "workspace": workspace, "provider": provider, "wanted": wanted, "most": [most for most, _ in limits],
            "spans": [span for _, span in limits],
        },
    )  # fmt: skip
    if row is None:
        raise LookupError("a statement over one row gave none")
    return row["count"], 0.0 if row["count"] else max(row["wait"], 0.01)
