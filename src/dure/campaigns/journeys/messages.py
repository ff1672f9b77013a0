"""Messages in sets: their rows, the claims on them, and what became of them."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from dure.campaigns import events
from dure.campaigns.design import Messaging, Webhook
from dure.campaigns.journeys.doing import Doing
from dure.campaigns.journeys.plan import Plan
from dure.campaigns.journeys.store import Stand
from dure.campaigns.model import State
from dure.kernel.ids import uuid7s
from dure.state import Tx


@dataclass(slots=True)
class Row:
    """A message about to be: of a way, to an address, as it will be kept."""

    id: UUID
    stand: Stand
    state: State
    reason: str = ""
    address: str = ""
    counted: bool = True  # whether caps look at it once it was claimed


async def add(doing: Doing, plan: Plan, node: Messaging | Webhook | None, rows: Sequence[Row]) -> set[UUID]:
    """Writes rows; returns the ids of those whose way had no message at this node. All others were sent before."""
    if not rows:
        return set()
    channel = node.channel if isinstance(node, Messaging) else "webhook" if node is not None else ""
    written = await doing.tx.tuples(
        "insert into campaigns.message (workspace, id, campaign, person, distinct_id, arm, state, reason, address,"
        " entered_at, changed_at, way, version, node, channel, claimed_at)"
        " select %(workspace)s, i, %(campaign)s, p, d, a, s, r, e, %(now)s, %(now)s, w, %(version)s, %(node)s,"
        " %(channel)s, case when c then %(now)s::timestamptz end from unnest(%(ids)s::uuid[], %(people)s::uuid[],"
        " %(distinct)s::text[], %(arms)s::text[], %(states)s::text[], %(reasons)s::text[], %(addresses)s::text[],"
        " %(ways)s::uuid[], %(counted)s::boolean[]) as t (i, p, d, a, s, r, e, w, c)"
        " on conflict (way, node) do nothing returning id",
        {
            "workspace": plan.tenant.workspace, "campaign": plan.campaign.id, "version": plan.version,
            "node": node.id if node is not None else "", "channel": channel, "now": doing.now,
            "ids": [one.id for one in rows], "people": [one.stand.person for one in rows],
            "distinct": [one.stand.distinct_id for one in rows], "arms": [one.stand.arm for one in rows],
            "states": [one.state.value for one in rows], "reasons": [one.reason for one in rows],
            "addresses": [one.address for one in rows], "ways": [one.stand.id for one in rows],
            "counted": [one.counted and one.state is State.CLAIMED for one in rows],
        },
    )  # fmt: skip
    fresh = {row[0] for row in written}
    for what, n in Counter(_told(one) for one in rows if one.id in fresh).items():
        for each in what:
            doing.tally.add(plan.tenant.workspace, plan.campaign.id, node.id if node is not None else "", each, n)
    return fresh


async def skip(
    doing: Doing, plan: Plan, node: Messaging | None, stands: Sequence[Stand], reasons: Mapping[UUID, str]
) -> None:
    """Nothing goes to these, each for its reason by way."""
    rows = [
        Row(made, stand, State.SKIPPED, reasons[stand.id])
        for made, stand in zip(uuid7s(len(stands)), stands, strict=True)
    ]
    fresh = await add(doing, plan, node, rows)
    channel = node.channel if node is not None else ""
    for row in rows:
        if row.id in fresh:
            doing.tell(plan, events.SKIPPED, row.stand, message=str(row.id), channel=channel, reason=row.reason)


async def hold(
    doing: Doing, plan: Plan, node: Messaging, stands: Sequence[Stand], addresses: Mapping[UUID, str], reason: str = ""
) -> None:
    """Control: what would have been sent, to whom by way, and was not."""
    rows = [
        Row(made, stand, State.HELD, reason, addresses.get(stand.id, ""))
        for made, stand in zip(uuid7s(len(stands)), stands, strict=True)
    ]
    fresh = await add(doing, plan, node, rows)
    for row in rows:
        if row.id in fresh:
            more = {"reason": reason} if reason else {}
            doing.tell(plan, events.HELD_BACK, row.stand, message=str(row.id), channel=node.channel, **more)


# -- claims -------------------------------------------------------------------------------------------------------


async def lock_workspace(tx: Tx, workspace: str) -> None:
    """One who claims in a workspace at a time: two campaigns that reach for one person go one after the other."""
    await tx.run("select pg_advisory_xact_lock(hashtextextended(%s, 11))", (f"claim:{workspace}",))


async def claim(tx: Tx, id: UUID, workspace: str, worker: UUID, messages: Sequence[UUID], seconds: float) -> None:
    """Notes that a worker has messages in hand, for so long unless it says that it lives."""
    await tx.run(
        "insert into campaigns.claim values (%s, %s, %s, %s, clock_timestamp() + make_interval(secs => %s))",
        (id, workspace, worker, list(messages), seconds),
    )


async def extend(tx: Tx, ids: Collection[UUID], seconds: float) -> None:
    """Their worker lives."""
    await tx.run(
        "update campaigns.claim set lease_until = clock_timestamp() + make_interval(secs => %s) where id = any(%s)",
        (seconds, list(ids)),
    )


async def release(tx: Tx, ids: Collection[UUID]) -> None:
    """What became of all messages of these claims is noted."""
    if ids:
        await tx.run("delete from campaigns.claim where id = any(%s)", (list(ids),))


async def abandoned(tx: Tx) -> list[dict[str, Any]]:
    """Messages still claimed by workers whose lease is over, with their campaigns; the claims are gone."""
    claims = await tx.rows(
        "delete from campaigns.claim where id in (select id from campaigns.claim where lease_until < clock_timestamp()"
        " limit 20 for update skip locked) returning workspace, messages"
    )
    found = []
    for one in claims:
        found += await tx.rows(
            "select workspace, id, campaign, version, node, way, person, distinct_id, arm, channel, entered_at"
            " from campaigns.message where workspace = %s and id = any(%s) and state = 'claimed' for update",
            (one["workspace"], one["messages"]),
        )
    return found


@dataclass(slots=True)
class Outcome:
    """What became of a message that was in hand."""

    id: UUID
    state: State
    reason: str = ""
    detail: str = ""
    subject: str = ""
    items: Sequence[str] = ()


async def note(tx: Tx, workspace: str, outcomes: Sequence[Outcome], now: datetime) -> set[UUID]:
    """Writes what became of messages; returns those that were still open. One whose lease was over is told as unknown
    by then, and who had it in hand knows better."""
    rows = await tx.rows(
        "update campaigns.message m set state = s, reason = r, detail = d, subject = j,"
        " items = string_to_array(nullif(l, ''), E'\\n'), changed_at = %(now)s from unnest(%(ids)s::uuid[],"
        " %(states)s::text[], %(reasons)s::text[], %(details)s::text[], %(subjects)s::text[], %(items)s::text[])"
        " as t (i, s, r, d, j, l) where m.workspace = %(workspace)s and m.id = i"
        " and (m.state = 'claimed' or (m.state = 'unknown' and m.reason = 'crashed' and s <> 'unknown'))"
        " returning m.id",
        {
            "workspace": workspace, "now": now, "ids": [one.id for one in outcomes],
            "states": [one.state.value for one in outcomes], "reasons": [one.reason for one in outcomes],
            "details": [one.detail for one in outcomes], "subjects": [one.subject for one in outcomes],
            "items": ["\n".join(one.items) for one in outcomes],
        },
    )  # fmt: skip
    return {row["id"] for row in rows}


async def recommended(tx: Tx, workspace: str, ways: Collection[UUID]) -> dict[UUID, list[str]]:
    """What messages of these ways recommend, by way. Until the transaction ends nobody else says so of them: two
    messages of one way that go out at the same moment name what the other does not."""
    rows = await tx.rows(
        "select way, items from campaigns.message where workspace = %s and way = any(%s) order by way, node for update",
        (workspace, sorted(ways)),
    )
    found: dict[UUID, list[str]] = {}
    for row in rows:
        found.setdefault(row["way"], []).extend(row["items"] or ())
    return found


async def recommend(tx: Tx, workspace: str, named: Mapping[UUID, Sequence[str]]) -> None:
    """Notes what messages in hand recommend, before they are handed over."""
    await tx.run(
        "update campaigns.message m set items = string_to_array(nullif(l, ''), E'\\n')"
        " from unnest(%s::uuid[], %s::text[]) as t (i, l) where m.workspace = %s and m.id = i",
        (list(named), ["\n".join(items) for items in named.values()], workspace),
    )


async def newest_of(tx: Tx, workspace: str, way: UUID) -> dict[str, Any] | None:
    """The newest message of a way, or the message of that id."""
    return await tx.row(
        "select * from campaigns.message where workspace = %(workspace)s and (way = %(id)s or id = %(id)s)"
        " order by entered_at desc, id desc limit 1",
        {"workspace": workspace, "id": way},
    )


def _told(row: Row) -> tuple[str, ...]:
    return (f"state:{row.state.value}", f"reason:{row.reason}") if row.reason else (f"state:{row.state.value}",)
