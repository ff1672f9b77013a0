"""What was claimed and certainly not handed over, because sending was stopped: it waits again where it stood."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta
from typing import TYPE_CHECKING

from dure.campaigns.design import Messaging
from dure.campaigns.journeys.doing import Doing
from dure.campaigns.journeys.plan import queue_of

if TYPE_CHECKING:
    from dure.campaigns.journeys.claiming import Handed

_LOOK_AGAIN = timedelta(seconds=1)


async def take_back(doing: Doing, withheld: Sequence[Handed]) -> None:
    """Takes claims back and puts their ways where they were claimed, of one workspace.

    A way that went on meanwhile comes back too: what it was sent after this is known by its row, and is not sent again.
    Whoever left the campaign stays out.
    """
    by_place: dict[tuple[str, int, str, bool], list[Handed]] = {}
    for one in withheld:
        if isinstance(one.node, Messaging):
            key = (one.plan.campaign.id, one.plan.version, one.node.id, one.plan.bulk)
            by_place.setdefault(key, []).append(one)
    for (campaign, _, node, bulk), some in by_place.items():
        plan = some[0].plan
        workspace = plan.tenant.workspace
        channel = some[0].node.channel if isinstance(some[0].node, Messaging) else ""
        back = await doing.tx.rows(
            "delete from campaigns.message where workspace = %s and id = any(%s) and state = 'claimed' returning way",
            (workspace, [one.id for one in some]),
        )
        doing.tally.add(workspace, campaign, node, "state:claimed", -len(back))
        stood = await doing.tx.rows(
            "select id, node, state from campaigns.way where workspace = %s and id = any(%s) and state <> 'left'"
            " for update", (workspace, [row["way"] for row in back]),
        )  # fmt: skip
        await doing.tx.run(
            "update campaigns.way set node = %s, queue = %s, state = 'moving', reason = '', due = %s, parked = null,"
            " left_at = null where workspace = %s and id = any(%s)",
            (node, queue_of(channel, bulk=bulk), doing.now + _LOOK_AGAIN, workspace, [row["id"] for row in stood]),
        )
        for row in stood:
            if row["state"] != "done":
                doing.tally.add(workspace, campaign, row["node"], "here", -1)
        doing.tally.add(workspace, campaign, node, "here", len(stood))
