"""Campaigns' only SQL on PostgreSQL."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

import msgspec
from psycopg.types.json import Jsonb

from dure.campaigns.model import Campaign, Counts, Design, Message, State
from dure.kernel.seal import Seal
from dure.state import Tx


async def campaigns(tx: Tx, workspace: str) -> list[Campaign]:
    """Every campaign, newest first."""
    rows = await tx.rows(
        "select * from campaigns.campaign where workspace = %s order by created_at desc, id desc", (workspace,)
    )
    return [_campaign(row) for row in rows]


async def campaign(tx: Tx, workspace: str, id: str, *, lock: bool = False) -> Campaign | None:
    row = await tx.row(
        f"select * from campaigns.campaign where workspace = %s and id = %s{' for update' if lock else ''}",
        (workspace, id),
    )
    return _campaign(row) if row else None


async def add_campaign(tx: Tx, org: str, workspace: str, made: Campaign) -> None:
    await tx.run(
        "insert into campaigns.campaign (workspace, id, org, design, status, created_by, created_at)"
        " values (%s, %s, %s, %s, %s, %s, %s)",
        (workspace, made.id, org, Jsonb(msgspec.to_builtins(made.design)), made.status, made.created_by,
         made.created_at),
    )  # fmt: skip


async def save_campaign(tx: Tx, workspace: str, changed: Campaign) -> None:
    await tx.run(
        "update campaigns.campaign set design = %s, status = %s, automation = %s, launched_at = %s"
        " where workspace = %s and id = %s",
        (Jsonb(msgspec.to_builtins(changed.design)), changed.status, changed.automation, changed.launched_at,
         workspace, changed.id),
    )  # fmt: skip


# -- messages -----------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Entry:
    """Somebody about to enter: the message row as it will be."""

    message: UUID
    person: UUID
    distinct_id: str
    arm: str
    state: State
    reason: str
    address: str
    items: Sequence[str] = ()


async def claim(
    tx: Tx, workspace: str, campaign_id: str, people: Sequence[UUID], keys: Sequence[str], messages: Sequence[UUID],
    now: datetime,
) -> set[UUID]:  # fmt: skip
    """Claims a way through the campaign for each; returns the message ids of those that nobody had before."""
    rows = await tx.rows(
        "insert into campaigns.claim (workspace, campaign, person, trigger_key, message, at)"
        " select %(workspace)s, %(campaign)s, p, k, m, %(now)s"
        " from unnest(%(people)s::uuid[], %(keys)s::text[], %(messages)s::uuid[]) as t (p, k, m)"
        " on conflict do nothing returning message",
        {"workspace": workspace, "campaign": campaign_id, "people": list(people), "keys": list(keys),
         "messages": list(messages), "now": now},
    )  # fmt: skip
    return {row["message"] for row in rows}


async def claimed(tx: Tx, workspace: str, campaign_id: str, people: Collection[UUID]) -> dict[tuple[UUID, str], UUID]:
    """The messages of ways claimed before, by person and key."""
    rows = await tx.rows(
        "select person, trigger_key, message from campaigns.claim"
        " where workspace = %s and campaign = %s and person = any(%s)", (workspace, campaign_id, list(people)),
    )  # fmt: skip
    return {(row["person"], row["trigger_key"]): row["message"] for row in rows}


async def add_messages(tx: Tx, workspace: str, campaign_id: str, entries: Sequence[Entry], now: datetime) -> None:
    await tx.run(
        "insert into campaigns.message (workspace, id, campaign, person, distinct_id, arm, state, reason, address,"
        " items, entered_at, changed_at)"
        " select %(workspace)s, i, %(campaign)s, p, d, a, s, r, e, string_to_array(nullif(l, ''), E'\\n'),"
        " %(now)s, %(now)s from unnest("
        "%(ids)s::uuid[], %(people)s::uuid[], %(distinct)s::text[], %(arms)s::text[], %(states)s::text[],"
        " %(reasons)s::text[], %(addresses)s::text[], %(items)s::text[]) as t (i, p, d, a, s, r, e, l)",
        {
            "workspace": workspace, "campaign": campaign_id, "now": now, "ids": [e.message for e in entries],
            "people": [e.person for e in entries], "distinct": [e.distinct_id for e in entries],
            "arms": [e.arm for e in entries], "states": [e.state.value for e in entries],
            "reasons": [e.reason for e in entries], "addresses": [e.address for e in entries],
            "items": ["\n".join(e.items) for e in entries],
        },
    )  # fmt: skip


async def message(tx: Tx, workspace: str, id: UUID, *, lock: bool = False) -> Message | None:
    row = await tx.row(
        f"select * from campaigns.message where workspace = %s and id = %s{' for update' if lock else ''}",
        (workspace, id),
    )
    return _message(row) if row else None


async def messages_of(tx: Tx, workspace: str, ids: Collection[UUID]) -> dict[UUID, Message]:
    rows = await tx.rows(
        "select * from campaigns.message where workspace = %s and id = any(%s)", (workspace, list(ids))
    )
    return {row["id"]: _message(row) for row in rows}


async def set_message(
    tx: Tx, workspace: str, id: UUID, state: State, now: datetime, *, reason: str = "", detail: str = "",
    subject: str = "",
) -> None:  # fmt: skip
    await tx.run(
        "update campaigns.message set state = %s, reason = %s, detail = %s, changed_at = %s,"
        " subject = case when %s = '' then subject else %s end where workspace = %s and id = %s",
        (state.value, reason, detail, now, subject, subject, workspace, id),
    )


async def messages(
    tx: Tx, workspace: str, campaign_id: str, state: str | None, before: datetime | None, limit: int
) -> list[Message]:
    """Newest first."""
    rows = await tx.rows(
        "select * from campaigns.message where workspace = %(workspace)s and campaign = %(campaign)s"
        " and (%(state)s::text is null or state = %(state)s)"
        " and (%(before)s::timestamptz is null or entered_at < %(before)s)"
        " order by entered_at desc, id limit %(limit)s",
        {"workspace": workspace, "campaign": campaign_id, "state": state, "before": before, "limit": limit},
    )
    return [_message(row) for row in rows]


async def counts(tx: Tx, workspace: str) -> dict[str, Counts]:
    """By campaign."""
    rows = await tx.rows(
        "select campaign, state, reason, count(*) as n, count(*) filter (where arm <> '') as entered"
        " from campaigns.message where workspace = %s group by campaign, state, reason", (workspace,),
    )  # fmt: skip
    found: dict[str, tuple[int, dict[str, int], dict[str, int]]] = {}
    for row in rows:
        entered, states, reasons = found.get(row["campaign"], (0, {}, {}))
        states[row["state"]] = states.get(row["state"], 0) + row["n"]
        if row["reason"]:
            reasons[row["reason"]] = reasons.get(row["reason"], 0) + row["n"]
        found[row["campaign"]] = (entered + row["entered"], states, reasons)
    return {name: Counts(*one) for name, one in found.items()}


async def lock_person(tx: Tx, workspace: str, person: UUID) -> None:
    """Two campaigns that reach for the same person at the same moment go one after the other."""
    await tx.run("select pg_advisory_xact_lock(hashtextextended(%s, 11))", (f"person:{workspace}:{person}",))


async def capped(
    tx: Tx, workspace: str, people: Collection[UUID], since: datetime, besides: UUID | None = None
) -> set[UUID]:
    """Those to whom something went out, or may have, after `since`."""
    rows = await tx.rows(
        "select distinct person from campaigns.message where workspace = %(workspace)s and person = any(%(people)s)"
        " and state in ('claimed', 'sent', 'unknown') and changed_at > %(since)s"
        " and (%(besides)s::uuid is null or id <> %(besides)s)",
        {"workspace": workspace, "people": list(people), "since": since, "besides": besides},
    )
    return {row["person"] for row in rows}


# -- who must not be written to -----------------------------------------------------------------------------------


async def consents(tx: Tx, workspace: str, people: Collection[UUID]) -> dict[UUID, bool]:
    rows = await tx.rows(
        "select person, allowed from campaigns.consent where workspace = %s and channel = 'email' and person = any(%s)",
        (workspace, list(people)),
    )
    return {row["person"]: row["allowed"] for row in rows}


async def set_consent(tx: Tx, workspace: str, person: UUID, allowed: bool, source: str, now: datetime) -> None:
    await tx.run(
        "insert into campaigns.consent values (%s, %s, 'email', %s, %s, %s) on conflict (workspace, person, channel)"
        " do update set allowed = excluded.allowed, source = excluded.source, at = excluded.at",
        (workspace, person, allowed, source, now),
    )


def sealed(seal: Seal, workspace: str, address: str) -> str:
    """What stands for the address of somebody who was erased."""
    return f"erased:{seal(workspace, address.lower())}"


async def suppressed(tx: Tx, workspace: str, addresses: Collection[str], seal: Seal) -> set[str]:
    """Those of the addresses (lower case) that are suppressed, also by a hash of them alone."""
    forms = {sealed(seal, workspace, address): address for address in addresses if address}
    rows = await tx.rows(
        "select address from campaigns.suppression where workspace = %s and address = any(%s)",
        (workspace, [*addresses, *forms]),
    )
    return {forms.get(row["address"], row["address"]) for row in rows}


async def suppress(tx: Tx, workspace: str, address: str, reason: str, now: datetime) -> bool:
    """False where it was suppressed before."""
    return bool(
        await tx.run(
            "insert into campaigns.suppression values (%s, %s, %s, %s) on conflict do nothing",
            (workspace, address.lower(), reason, now),
        )
    )


async def release(tx: Tx, workspace: str, address: str, seal: Seal) -> bool:
    forms = [address.lower(), sealed(seal, workspace, address)]
    return bool(
        await tx.run("delete from campaigns.suppression where workspace = %s and address = any(%s)", (workspace, forms))
    )


async def add_way_out(tx: Tx, org: str, workspace: str, digest: bytes, message_id: UUID) -> None:
    await tx.run("insert into campaigns.way_out values (%s, %s, %s, %s)", (digest, org, workspace, message_id))


async def way_out(tx: Tx, digest: bytes) -> dict[str, Any] | None:
    """Whose a secret is; across workspaces, because the secret is all that the reader brings."""
    return await tx.row("select org, workspace, message from campaigns.way_out where digest = %s", (digest,))


def _campaign(row: Mapping[str, Any]) -> Campaign:
    return Campaign(
        row["id"], msgspec.convert(row["design"], Design), row["status"], row["automation"], row["created_by"],
        row["created_at"], row["launched_at"],
    )  # fmt: skip


def _message(row: Mapping[str, Any]) -> Message:
    return Message(
        row["id"], row["campaign"], row["person"], row["arm"], State(row["state"]), row["reason"], row["detail"],
        row["address"], row["subject"], tuple(row["items"] or ()), row["entered_at"], row["changed_at"],
    )  # fmt: skip
