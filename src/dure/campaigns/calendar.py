"""How far a campaign is, and what goes out when."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from dure.campaigns import store
from dure.campaigns.gate import store as gate
from dure.campaigns.gate.halting import EVERYTHING
from dure.campaigns.gate.model import Halt
from dure.campaigns.journeys import store as ways
from dure.campaigns.journeys.clockwork import occurrences
from dure.campaigns.model import Campaign, Halted, NodeCount, Progress, Slot
from dure.state import Tx

_MINUTE = timedelta(minutes=1)
_SHOWN = timedelta(minutes=60)
MOST = 500


async def progress(tx: Tx, workspace: str, campaign: Campaign, now: datetime) -> Progress:
    tally = await ways.tally(tx, workspace, campaign.id)
    whole: dict[str, int] = {}
    for told in tally.values():
        for what, n in told.items():
            whole[what] = whole.get(what, 0) + n
    minutes = await ways.pace(tx, workspace, campaign.id, now - _SHOWN)
    outside = {node.id for node in campaign.design.messages}
    waiting = sum(max(0, told.get("here", 0)) for node, told in tally.items() if node in outside)
    waiting += await ways.not_in_yet(tx, workspace, campaign.id)
    last = [sent for minute, sent in minutes if minute >= now - 2 * _MINUTE]
    rate = float(max(last, default=0))
    ends = now + _MINUTE * (waiting / rate) if waiting and rate and campaign.status in ("live", "finished") else None
    return Progress(
        campaign.status, store.counts_of(whole), {node: node_count(told) for node, told in tally.items()}, waiting,
        rate, tuple(minutes), ends, tuple(await ways.occurrences(tx, workspace, campaign.id)),
        halted(await gate.halts(tx, workspace, [campaign.id]), campaign),
    )  # fmt: skip


def halted(halts: Mapping[str, Halt], campaign: Campaign) -> Halted | None:
    """What keeps a campaign from sending: its own sign first, which nobody else's word undoes."""
    own, everything = halts.get(campaign.id), halts.get(EVERYTHING)
    if own is not None and (alarm := own.why.get("alarm")):
        told: Mapping[str, Any] = alarm  # type: ignore[assignment]
        return Halted(
            own.reason, own.by, own.at, True, count=told["count"], of=told["of"], share=told["share"],
            most=told["most"],
        )  # fmt: skip
    if everything is not None and campaign.status != "stopped":
        return Halted("switch", everything.by, everything.at, False, everything.reason)
    return Halted(own.reason, own.by, own.at, False) if own is not None else None


def node_count(told: Mapping[str, int]) -> NodeCount:
    counts = store.counts_of(told)
    return NodeCount(
        told.get("here", 0), told.get("reached", 0), told.get("left", 0), counts.states, counts.reasons
    )  # fmt: skip


async def slots(
    tx: Tx, workspace: str, since: datetime, until: datetime, zone: str, now: datetime
) -> list[Slot]:  # fmt: skip
    """In time's order, at most 500: what was and is planned, and what recurring campaigns will plan."""
    known = {one.id: one for one in await store.campaigns(tx, workspace)}
    found: list[Slot] = []
    seen: set[tuple[str, str]] = set()
    for row in await ways.occurrences_between(tx, workspace, since, until, MOST):
        campaign = known[row["campaign"]]
        seen.add((campaign.id, row["key"]))
        if row["state"] != "cancelled":
            people = row["people"] if row["begun_at"] else None
            found.append(_slot(campaign, row["due"], people))
    for campaign in known.values():
        entry = campaign.design.entry
        if campaign.status not in ("draft", "live", "paused") or (entry.at is None and entry.every is None):
            continue
        for key, at in occurrences(entry, max(now, since), ZoneInfo(zone), 400):
            if since <= at < until and (campaign.id, key) not in seen:
                found.append(_slot(campaign, at, None))
    return sorted(found, key=lambda slot: (slot.at, slot.campaign))[:MOST]


def _slot(campaign: Campaign, at: datetime, people: int | None) -> Slot:
    design = campaign.design
    return Slot(
        campaign.id, design.name, design.kind, campaign.status, at, design.entry.zone == "person", people
    )  # fmt: skip
