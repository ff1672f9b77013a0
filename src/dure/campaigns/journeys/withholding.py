"""What was claimed and certainly not taken, because sending was stopped or a provider asked for time: it waits again
where it stood."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any
from uuid import UUID

from dure.campaigns.design import Messaging
from dure.campaigns.journeys.doing import Doing
from dure.campaigns.journeys.plan import CALLS, queue_of
from dure.campaigns.journeys.store import Stand

if TYPE_CHECKING:
    from dure.campaigns.journeys.claiming import Handed

LOOK_AGAIN = timedelta(seconds=1)
TIMES, LONGEST = 6, timedelta(hours=1)
"""So often, and for so long since it was first, a message is put back that a provider refuses for now."""


def again_at(stand: Stand, now: datetime, seconds: float) -> datetime | None:
    """When what was refused for `seconds` is taken up again; None where it was put back often or long enough."""
    at = now + timedelta(seconds=seconds)
    return at if stand.tries < TIMES and at - (stand.tried_since or now) <= LONGEST else None


async def take_back(doing: Doing, withheld: Sequence[tuple[Handed, datetime, bool]]) -> None:
    """Takes claims back and puts their ways where they were claimed, of one workspace, each until a moment; whether
    it was a refusal counts.

    A way that went on meanwhile comes back too: what it was sent after this is known by its row, and is not sent again.
    Whoever left the campaign stays out.
    """
    by_place: dict[tuple[str, int, str, bool, datetime, bool], list[Handed]] = {}
    for one, until, refused in withheld:
        key = (one.plan.campaign.id, one.plan.version, one.node.id, one.plan.bulk, until, refused)
        by_place.setdefault(key, []).append(one)
    for (campaign, _, node, bulk, until, refused), some in sorted(by_place.items(), key=lambda each: each[0]):
        workspace = some[0].plan.tenant.workspace
        channel = some[0].node.channel if isinstance(some[0].node, Messaging) else CALLS
        back = await doing.tx.rows(
            "delete from campaigns.message where workspace = %s and id = any(%s) and state = 'claimed' returning way",
            (workspace, [one.id for one in some]),
        )
        doing.tally.add(workspace, campaign, node, "state:claimed", -len(back))
        stood = await doing.tx.rows(
            "select id, node, state from campaigns.way where workspace = %s and id = any(%s) and state <> 'left'"
            " for update", (workspace, [row["way"] for row in back]),
        )  # fmt: skip
        await doing.tx.many(
            "update campaigns.way set node = %s, queue = %s, state = 'moving', reason = '', due = %s, parked = null,"
            " left_at = null, tries = %s, tried_since = %s where workspace = %s and id = any(%s)",
            [
                (node, queue_of(channel, bulk=bulk), until, tries, since, workspace, ways)
                for (tries, since), ways in _tried(some, stood, doing.now, refused=refused).items()
            ],
        )
        for row in stood:
            if row["state"] != "done":
                doing.tally.add(workspace, campaign, row["node"], "here", -1)
        doing.tally.add(workspace, campaign, node, "here", len(stood))


def _tried(
    some: Sequence[Handed], stood: Sequence[dict[str, Any]], now: datetime, *, refused: bool
) -> dict[tuple[int, datetime | None], list[UUID]]:
    """Ways by how often they were put back, and since when."""
    stands = {one.stand.id: one.stand for one in some}
    found: dict[tuple[int, datetime | None], list[UUID]] = {}
    for row in stood:
        before = stands[row["id"]]
        key = (before.tries + 1, before.tried_since or now) if refused else (before.tries, before.tried_since)
        found.setdefault(key, []).append(row["id"])
    return found
