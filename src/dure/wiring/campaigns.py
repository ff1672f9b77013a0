"""Campaigns' room: what people get and by which carriers, playgrounds, demand tests."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping, Sequence

from fastapi import APIRouter
from starlette.types import ASGIApp

from dure.campaigns import routes
from dure.campaigns.api import Campaigns
from dure.campaigns.approval import routes as approval_routes
from dure.campaigns.demand import routes as demand_routes
from dure.campaigns.demand.api import DemandTests
from dure.campaigns.gate import routes as gate_routes
from dure.campaigns.playground import routes as playground_routes
from dure.campaigns.playground.api import Playground
from dure.campaigns.plugs import Keys
from dure.campaigns.reach import Reach
from dure.campaigns.recommending import routes as recommending_routes
from dure.campaigns.trials import routes as trial_routes
from dure.channels.api import Channels
from dure.connectors.apns import ApnsPusher
from dure.connectors.fcm import FcmPusher
from dure.connectors.poster import ChannelPoster
from dure.experiments.api import Experiments
from dure.experiments.flags.api import Flags
from dure.metrics.api import Metrics
from dure.people.api import People
from dure.segments.api import Segments
from dure.wiring.ground import Ground
from dure.work import Loop, every


class CampaignsRoom:
    def __init__(
        self, ground: Ground, people: People, metrics: Metrics, segments: Segments, experiments: Experiments,
        flags: Flags, channels: Channels,
    ) -> None:  # fmt: skip
        state, log, clock, governance = ground.state, ground.log, ground.clock, ground.governance
        settings, mailer = ground.settings, ground.mailer
        self.ground = ground
        self.fcm = FcmPusher(clock, settings.fcm_url, settings.fcm_token_url)
        self.apns = ApnsPusher(clock, settings.apns_url)
        self.reach = Reach(
            state, clock, governance, people, mailer=mailer, outgoing=ground.outgoing(),
            pushers=[self.fcm, self.apns], poster=ChannelPoster(channels, governance), vapid=ground.push_sender,
            key=ground.key, site=settings.url, sender=settings.mail_from, envelope=settings.mail_bounces,
        )  # fmt: skip
        self.campaigns = Campaigns(
            state, log, clock, governance, segments, people, mailer, sender=settings.mail_from, site=settings.url,
            seal=ground.ledger.seal, key=ground.key, carriers=list(self.reach.carriers.values()),
            outgoing=ground.outgoing(), patience=2.0, experiments=experiments,
        )  # fmt: skip
        self.playground = Playground(
            state, clock, governance, segments, people, self.campaigns, metrics, experiments, flags
        )
        self.demand = DemandTests(state, log, clock, governance, segments, people, self.campaigns)

    def door(self, keys: Keys) -> ASGIApp:
        """What a person's site or app asks, by a write key."""
        return self.reach.door(keys)

    def routers(self) -> Sequence[APIRouter]:
        campaigns, safety = self.campaigns, self.campaigns.safety
        return (
            gate_routes.router(safety.gate),
            approval_routes.router(safety.approvals, safety.listing),
            trial_routes.router(safety.trials),
            playground_routes.router(self.playground, self.ground.governance),
            routes.router(campaigns),
            recommending_routes.router(campaigns.recommending),
            demand_routes.router(self.demand),
            demand_routes.door(self.demand, self.ground.assets),
            routes.way_out(campaigns),
            self.reach.router(),
            self.reach.outside(),
        )

    def loops(self) -> Mapping[str, Loop]:
        campaigns = self.campaigns
        return {
            "campaign-events": lambda: campaigns.engine.follow(self.ground.bell),
            "campaigns": campaigns.engine.work,
            "campaign-watch": every(5, campaigns.safety.watch.tick),
            "trials": every(1, campaigns.safety.trials.tick),
            "cards": every(3600, self.reach.cards.forget),
            "histories": every(2, campaigns.recommending.tick),
            "recommendations": every(5, campaigns.recommending.learn),
            "lines": self._kept_open,
        }

    async def _kept_open(self) -> None:
        """Until cancelled; then the connections to outside services are ended."""
        try:
            await asyncio.Event().wait()
        finally:
            for line in (self.ground.mailer, self.fcm, self.apns):
                await line.close()
