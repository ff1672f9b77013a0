"""The watch: looks at live campaigns, and stops those with which something is wrong."""

from __future__ import annotations

from dataclasses import asdict
from typing import Any

import structlog

from dure.campaigns import events as campaign_events
from dure.campaigns import store as campaigns
from dure.campaigns.gate import store as gate_store
from dure.campaigns.gate.model import Halt
from dure.campaigns.journeys import store as ways
from dure.campaigns.watch import events, store
from dure.campaigns.watch.rules import Alarm, Seen, alarm
from dure.feed.api import append
from dure.governance.api import Governance
from dure.kernel.clock import Clock
from dure.kernel.ids import uuid7
from dure.kernel.tenant import Tenant
from dure.state import State

log = structlog.get_logger("campaigns")

BY = "watch"


class Watch:
    def __init__(self, state: State, clock: Clock, governance: Governance) -> None:
        self._state = state
        self._clock = clock
        self._governance = governance

    async def tick(self) -> int:
        """Looks at every live campaign; how many were stopped. For the server's own loop."""
        async with self._state.begin_system() as tx:
            found = await store.seen(tx)
        stopped = 0
        for row, counted in found:
            tenant = Tenant(row["org"], row["workspace"])
            async with self._state.begin(tenant) as tx:
                watching = (await gate_store.policy(tx, tenant.workspace)).watch
                since = counted.since(await store.counted_before(tx, tenant.workspace, row["id"]))
                wrong = alarm(watching, since, float(row["holdout"]))
            if wrong is not None:
                stopped += await self._stop(tenant, row["id"], wrong, counted)
        return stopped

    async def _stop(self, tenant: Tenant, id: str, wrong: Alarm, counted: Seen) -> bool:
        principal, now = self._governance.system(tenant, BY), self._clock.now()
        async with self._state.begin(tenant) as tx:
            campaign = await campaigns.campaign(tx, tenant.workspace, id, lock=True)
            if campaign is None or campaign.status != "live":
                return False
            why: dict[str, Any] = {"alarm": asdict(wrong), "seen": asdict(counted)}
            await gate_store.add_halt(tx, tenant.workspace, uuid7(), Halt(id, BY, wrong.sign, now, why))
            await campaigns.pause_in(tx, tenant.workspace, id)
            await ways.listen_anew(tx, tenant.workspace)
            told = {"reason": wrong.sign, "by_itself": True, **told_of(wrong)}
            await append(tx, campaign_events.campaign_event(principal, now, campaign_events.PAUSED, campaign, told))
        log.warning("campaigns.stopped_by_itself", campaign=id, sign=wrong.sign, share=wrong.share)
        return True


def told_of(wrong: Alarm) -> dict[str, Any]:
    """What an event, and so a card in a channel, says of it, in both languages."""
    ko, en = events.SIGNS[wrong.sign]
    if wrong.sign == "balance":
        share = f"p = {wrong.share:.2g}"
        return {"text_ko": f"{ko}: {wrong.of:,}명 가운데 {wrong.count:,}명 ({share})",
                "text_en": f"{en}: {wrong.count:,} of {wrong.of:,} people ({share})"}  # fmt: skip
    share, most = f"{wrong.share:.2%}", f"{wrong.most:.2%}"
    return {"text_ko": f"{ko}: {wrong.of:,}통 가운데 {wrong.count:,}통 ({share}, 한도 {most})",
            "text_en": f"{en}: {wrong.count:,} of {wrong.of:,} messages ({share}, limit {most})"}  # fmt: skip
