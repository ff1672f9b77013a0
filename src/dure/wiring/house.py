"""A house that is put together."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass

from fastapi import FastAPI
from starlette.types import ASGIApp

from dure.automation.api import Automation
from dure.campaigns.api import Campaigns
from dure.channels.api import Channels
from dure.channels.delivery.api import Deliveries
from dure.channels.federation.api import Federation
from dure.deals.api import Deals
from dure.experiments.api import Experiments
from dure.experiments.flags.api import Flags
from dure.exports.api import Exports
from dure.feed.api import newest_position, position_of
from dure.governance.api import Governance
from dure.ingest.api import Ingest
from dure.kernel.clock import Clock
from dure.log.api import LOG_FOLLOWER, Log, LogWriter
from dure.metrics.alerts.api import Alerts
from dure.metrics.api import Metrics
from dure.pacing.api import Pacing
from dure.people.api import People
from dure.people.erasure import Erasures
from dure.people.follow import PeopleFollower
from dure.segments.api import Segments
from dure.settings import Settings
from dure.social.api import Social
from dure.social.sources.api import Sources
from dure.state import State
from dure.work import Loop


@dataclass
class House:
    """Everything of one running Dure: what the doors, the demo and the tests hold."""

    settings: Settings
    clock: Clock
    state: State
    log: Log
    log_writer: LogWriter
    people_follower: PeopleFollower
    governance: Governance
    people: People
    automation: Automation
    ingest: Ingest
    metrics: Metrics
    alerts: Alerts
    segments: Segments
    experiments: Experiments
    flags: Flags
    channels: Channels
    deliveries: Deliveries
    federation: Federation
    deals: Deals
    pacing: Pacing
    social: Social
    heard_from: Sources
    campaigns: Campaigns
    exports: Exports
    erasures: Erasures
    app: FastAPI
    front_door: ASGIApp
    loops: dict[str, Loop]

    async def settle_log(self) -> None:
        """Brings the log up to everything the feed holds now, by this hand or by the loop that writes at the moment."""
        async with self.state.begin_system() as tx:
            newest = await newest_position(tx)
        while True:
            async with self.state.begin_system() as tx:
                if await position_of(tx, LOG_FOLLOWER) >= newest:
                    return
            if not await self.log_writer.step():
                await asyncio.sleep(0.05)
