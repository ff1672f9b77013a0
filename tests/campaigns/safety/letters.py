"""A campaign of one letter, messages that went out, and the gate's look at them."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from dure.campaigns.design import Messaging
from dure.campaigns.gate.model import Policy
from dure.campaigns.model import Campaign, Recipient, Verdict
from dure.kernel.ids import uuid7
from dure.state import Tx
from tests.campaigns.studio import Studio

LETTER: dict[str, Any] = {
    "name": {"ko": "주말 방송", "en": "Weekend"},
    "kind": "triggered",
    "entry": {"trigger": {"event": "Signed Up"}},
    "start": "say",
    "nodes": [
        {
            "id": "say", "kind": "message", "channel": "email",
            "texts": {"ko": {"subject": "{{ person.name }}님", "body": "주말입니다."}, "en": {"subject": "Hello",
                                                                                          "body": "Weekend."}},
        }
    ],
    "holdout": 0.0,
    "goal": {"event": "Listen Started"},
}  # fmt: skip


def letter(*, node: dict[str, Any] | None = None, **changes: Any) -> dict[str, Any]:
    return {**LETTER, "nodes": [{**LETTER["nodes"][0], **(node or {})}], **changes}


async def drafted(studio: Studio, **changes: Any) -> Campaign:
    return await studio.campaigns.create(studio.cast.joon, letter(**changes))


async def launched(studio: Studio, **changes: Any) -> Campaign:
    return await studio.campaigns.launch(studio.cast.joon, (await drafted(studio, **changes)).id)


async def demand(studio: Studio, **changes: Any) -> Policy:
    """The workspace's rules are these and, for the rest, the defaults."""
    return await studio.campaigns.safety.gate.set_policy(studio.cast.mina, changes)


async def look(
    studio: Studio, campaign: Campaign, *who: str, now: datetime | None = None, tx: Tx | None = None, **traits: Any
) -> list[Verdict]:
    """The gate's verdicts on people of these distinct ids."""
    async with studio.state.begin(studio.cast.tenant) as reading:
        known = await studio.people.known(reading, studio.cast.tenant, {studio.who(one) for one in who})
    ids = {person: one.distinct_ids for person, one in known.items()}
    to = [
        Recipient(
            known[studio.who(one)].id if studio.who(one) in known else studio.who(one), one,
            {"email": f"{one}@listeners.example", **traits}, ids=ids.get(studio.who(one), ()),
        )
        for one in who
    ]  # fmt: skip
    node = campaign.design.nodes[0]
    assert isinstance(node, Messaging)
    system, gate = studio.cast.governance.system(studio.cast.tenant, "campaigns"), studio.campaigns.safety.gate
    at = now or studio.clock.now()
    if tx is not None:
        return await gate.look(tx, system, campaign, node, to, at)
    async with studio.state.begin(studio.cast.tenant) as mine:
        return await gate.look(mine, system, campaign, node, to, at)


async def went(
    studio: Studio, campaign: Campaign, people: Sequence[UUID], at: datetime, *, channel: str = "email",
    state: str = "sent",
) -> None:  # fmt: skip
    """Messages that went out to people at a moment."""
    async with studio.state.begin(studio.cast.tenant) as tx:
        await tx.many(
            "insert into campaigns.message (workspace, id, campaign, person, distinct_id, arm, state, entered_at,"
            " changed_at, channel, claimed_at, way) values (%s, %s, %s, %s, '', 'treated', %s, %s, %s, %s, %s, %s)",
            [
                (studio.cast.tenant.workspace, uuid7(), campaign.id, person, state, at, at, channel, at, uuid7())
                for person in people
            ],
        )


HOUR = timedelta(hours=1)
