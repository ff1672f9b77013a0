"""Campaigns' only SQL on PostgreSQL."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Mapping
from datetime import datetime
from typing import Any
from uuid import UUID

import msgspec
from psycopg.types.json import Jsonb

from dure.campaigns.design import Design
from dure.campaigns.model import Campaign, Counts, Message, State, Version
from dure.campaigns.rules import kept_design
from dure.governance.api import Principal
from dure.kernel.seal import Seal
from dure.state import Tx


async def campaigns(tx: Tx, workspace: str) -> list[Campaign]:
    """Every campaign, newest first."""
    rows = await tx.rows(
        "select * from campaigns.campaign where workspace = %s order by created_at desc, id desc", (workspace,)
    )
    return [campaign_of(row) for row in rows]


async def campaign(tx: Tx, workspace: str, id: str, *, lock: bool = False) -> Campaign | None:
    row = await tx.row(
        f"select * from campaigns.campaign where workspace = %s and id = %s{' for update' if lock else ''}",
        (workspace, id),
    )
    return campaign_of(row) if row else None


async def add_campaign(tx: Tx, workspace: str, made: Campaign) -> None:
    await tx.run(
        "insert into campaigns.campaign (workspace, id, org, design, status, created_by, created_at)"
        " values (%s, %s, %s, %s, %s, %s, %s)",
        (workspace, made.id, made.org, _json(made.design), made.status, made.created_by, made.created_at),
    )


async def pause_in(tx: Tx, workspace: str, id: str) -> None:
    """Puts a live campaign on hold, and nothing else of it."""
    await tx.run(
        "update campaigns.campaign set status = 'paused' where workspace = %s and id = %s and status = 'live'",
        (workspace, id),
    )


async def save_campaign(tx: Tx, workspace: str, changed: Campaign) -> None:
    await tx.run(
        "update campaigns.campaign set design = %s, status = %s, version = %s, launched_at = %s, since = %s"
        " where workspace = %s and id = %s",
        (_json(changed.design), changed.status, changed.version, changed.launched_at, changed.since, workspace,
         changed.id),
    )  # fmt: skip


async def add_version(tx: Tx, principal: Principal, campaign: Campaign, now: datetime) -> None:
    """Keeps the campaign's design as what its version is."""
    await tx.run(
        "insert into campaigns.version values (%s, %s, %s, %s, %s, %s)",
        (principal.tenant.workspace, campaign.id, campaign.version, _json(campaign.design), principal.actor, now),
    )


async def version(tx: Tx, workspace: str, campaign_id: str, number: int) -> Version:
    row = await tx.row(
        "select * from campaigns.version where workspace = %s and campaign = %s and version = %s",
        (workspace, campaign_id, number),
    )
    if row is None:
        raise LookupError(f"campaign {campaign_id} has no version {number}")
    return _version(row)


async def versions(tx: Tx, workspace: str, campaign_id: str) -> list[Version]:
    """Newest first."""
    rows = await tx.rows(
        "select * from campaigns.version where workspace = %s and campaign = %s order by version desc",
        (workspace, campaign_id),
    )
    return [_version(row) for row in rows]


# -- messages -----------------------------------------------------------------------------------------------------


async def message(tx: Tx, workspace: str, id: UUID, *, lock: bool = False) -> Message | None:
    row = await tx.row(
        f"select * from campaigns.message where workspace = %s and id = %s{' for update' if lock else ''}",
        (workspace, id),
    )
    return message_of(row) if row else None


async def messages(
    tx: Tx, workspace: str, campaign_id: str, state: str | None, node: str | None, before: datetime | None, limit: int
) -> list[Message]:
    """Newest first."""
    rows = await tx.rows(
        "select * from campaigns.message where workspace = %(workspace)s and campaign = %(campaign)s"
        " and (%(state)s::text is null or state = %(state)s) and (%(node)s::text is null or node = %(node)s)"
        " and (%(before)s::timestamptz is null or entered_at < %(before)s)"
        " order by entered_at desc, id desc limit %(limit)s",
        {
            "workspace": workspace,
            "campaign": campaign_id,
            "state": state,
            "node": node,
            "before": before,
            "limit": limit,
        },
    )
    return [message_of(row) for row in rows]


async def counts(tx: Tx, workspace: str, campaign_id: str | None = None) -> dict[str, Counts]:
    """By campaign."""
    rows = await tx.rows(
        "select campaign, what, sum(n)::bigint as n from campaigns.tally where workspace = %(workspace)s"
        " and (%(campaign)s::text is null or campaign = %(campaign)s) group by campaign, what",
        {"workspace": workspace, "campaign": campaign_id},
    )
    found: dict[str, dict[str, int]] = defaultdict(dict)
    for row in rows:
        found[row["campaign"]][row["what"]] = row["n"]
    return {name: counts_of(told) for name, told in found.items()}


def counts_of(told: Mapping[str, int]) -> Counts:
    """Counts out of a campaign's tally."""

    def below(prefix: str) -> dict[str, int]:
        return {name.removeprefix(prefix): n for name, n in told.items() if name.startswith(prefix) and n}

    return Counts(sum(below("arm:").values()), below("state:"), below("reason:"), told.get("here", 0))


# -- who must not be written to -----------------------------------------------------------------------------------


async def consent(tx: Tx, workspace: str, person: UUID, channel: str, topic: str) -> bool | None:
    """What somebody said of a topic ("" is all) on a channel; None for not a word."""
    said: bool | None = await tx.value(
        "select allowed from campaigns.consent where workspace = %s and person = %s and channel = %s and topic = %s",
        (workspace, person, channel, topic),
    )
    return said


async def set_consent(
    tx: Tx, workspace: str, person: UUID, allowed: bool, source: str, now: datetime, *, channel: str = "email",
    topic: str = "",
) -> None:  # fmt: skip
    """What somebody said of a topic on a channel; "" is all topics."""
    await tx.run(
        "insert into campaigns.consent (workspace, person, channel, allowed, source, at, topic)"
        " values (%s, %s, %s, %s, %s, %s, %s) on conflict (workspace, person, channel, topic)"
        " do update set allowed = excluded.allowed, source = excluded.source, at = excluded.at",
        (workspace, person, channel, allowed, source, now, topic),
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


async def way_out(tx: Tx, digest: bytes) -> dict[str, Any] | None:
    """Whose a secret is; across workspaces, because the secret is all that the reader brings."""
    return await tx.row("select org, workspace, message from campaigns.way_out where digest = %s", (digest,))


def _json(design: Design) -> Jsonb:
    return Jsonb(msgspec.to_builtins(design))


def campaign_of(row: Mapping[str, Any]) -> Campaign:
    return Campaign(
        row["id"], kept_design(row["design"]), row["status"], row["version"], row["created_by"], row["created_at"],
        row["launched_at"], row["since"], row["org"],
    )  # fmt: skip


def _version(row: Mapping[str, Any]) -> Version:
    return Version(row["version"], kept_design(row["design"]), row["created_by"], row["created_at"])


def message_of(row: Mapping[str, Any]) -> Message:
    return Message(
        row["id"], row["campaign"], row["person"], row["arm"], State(row["state"]), row["reason"], row["detail"],
        row["address"], row["subject"], tuple(row["items"] or ()), row["entered_at"], row["changed_at"], row["way"],
        row["version"], row["node"], row["channel"],
    )  # fmt: skip
