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
from dure.campaigns.plugs import Carrier
from dure.kernel.ids import uuid7s
from dure.state import Tx


@dataclass(slots=True)
class Row:
    """A message about to be: of a way, to an address, as it will be kept."""

    id: UUID
    stand: Stand
    address: str = ""
    reason: str = ""


async def add(
    doing: Doing, plan: Plan, node: Messaging | Webhook | None, state: State, rows: Sequence[Row]
) -> Sequence[Row]:  # fmt: skip
    """Writes rows in a state; returns those whose way had no message at this node. All others were sent before. Caps
    look at messages that were claimed, not at calls."""
    if not rows:
        return rows
    channel = node.channel if isinstance(node, Messaging) else "webhook" if node is not None else ""
    written = await doing.tx.run(
        "insert into campaigns.message (workspace, id, campaign, person, distinct_id, arm, state, reason, address,"
        " entered_at, changed_at, way, version, node, channel, claimed_at)"
        " select %(workspace)s, i, %(campaign)s, p, d, a, %(state)s, r, e, %(now)s, %(now)s, w, %(version)s, %(node)s,"
        " %(channel)s, %(counted)s::timestamptz from unnest(%(ids)s::uuid[], %(people)s::uuid[], %(distinct)s::text[],"
        " %(arms)s::text[], %(reasons)s::text[], %(addresses)s::text[], %(ways)s::uuid[]) as t (i, p, d, a, r, e, w)"
        " on conflict (way, node) do nothing",
        {
            "workspace": plan.tenant.workspace, "campaign": plan.campaign.id, "version": plan.version,
            "node": node.id if node is not None else "", "channel": channel, "state": state.value, "now": doing.now,
            "counted": doing.now if state is State.CLAIMED and isinstance(node, Messaging) else None,
            "ids": [one.id for one in rows], "people": [one.stand.person for one in rows],
            "distinct": [one.stand.distinct_id for one in rows], "arms": [one.stand.arm for one in rows],
            "reasons": [one.reason for one in rows], "addresses": [one.address for one in rows],
            "ways": [one.stand.id for one in rows],
        },
    )  # fmt: skip
    fresh = rows if written == len(rows) else await _written(doing.tx, plan.tenant.workspace, rows)
    counts = Counter({f"state:{state.value}": len(fresh)})
    counts.update(f"reason:{one.reason}" for one in fresh if one.reason)
    for what, n in counts.items():
        doing.tally.add(plan.tenant.workspace, plan.campaign.id, node.id if node is not None else "", what, n)
    return fresh


async def _written(tx: Tx, workspace: str, rows: Sequence[Row]) -> list[Row]:
    found = await tx.tuples(
        "select id from campaigns.message where workspace = %s and id = any(%s)", (workspace, [one.id for one in rows])
    )
    there = {row[0] for row in found}
    return [one for one in rows if one.id in there]


async def skip(
    doing: Doing, plan: Plan, node: Messaging | None, stands: Sequence[Stand], reasons: Mapping[UUID, str]
) -> None:
    """Nothing goes to these, each for its reason by way."""
    rows = [Row(made, stand, reason=reasons[stand.id]) for made, stand in zip(uuid7s(len(stands)), stands, strict=True)]
    channel = node.channel if node is not None else ""
    for row in await add(doing, plan, node, State.SKIPPED, rows):
        doing.tell(plan, events.SKIPPED, row.stand, message=str(row.id), channel=channel, reason=row.reason)


async def hold(
    doing: Doing, plan: Plan, node: Messaging, stands: Sequence[Stand], carrier: Carrier | None, reason: str = ""
) -> None:
    """Control: what would have been sent, to whom, and was not."""
    rows = [
        Row(made, stand, carrier.address(stand.to) if carrier else "", reason)
        for made, stand in zip(uuid7s(len(stands)), stands, strict=True)
    ]
    fresh = await add(doing, plan, node, State.HELD, rows)
    more = {"reason": reason} if reason else {}
    doing.tell_all(
        plan, events.HELD_BACK, [one.stand for one in fresh], [one.id for one in fresh], channel=node.channel, **more
    )


# -- claims -------------------------------------------------------------------------------------------------------


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
