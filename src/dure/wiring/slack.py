"""Slack's protocols in front of channels: apps, what they are told and asked, and the doors their clients know."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import timedelta

from fastapi import APIRouter

from dure.automation.api import Automation
from dure.channels.apps.api import Apps
from dure.channels.delivery.api import Deliveries
from dure.channels.delivery.door import socket_router
from dure.channels.interaction import routes as interaction_routes
from dure.channels.interaction.api import Interaction
from dure.channels.interaction.asides import ShownAsides
from dure.channels.interaction.door import replies
from dure.channels.routes import apps as app_routes
from dure.channels.routes import deliveries as delivery_routes
from dure.channels.slack.call import Services
from dure.channels.slack.door import SlackDoor, slack_router
from dure.channels.slack.incoming import incoming_router
from dure.channels.slack.install import install_router
from dure.channels.slack.limits import Limits
from dure.channels.slack.site import BASE
from dure.wiring.channels import ChannelsRoom
from dure.wiring.ground import Ground
from dure.work import Loop


class SlackRoom:
    def __init__(self, ground: Ground, room: ChannelsRoom, automation: Automation) -> None:
        state, clock, governance, settings = ground.state, ground.clock, ground.governance, ground.settings
        self._bell, self._assets, self._channels = ground.bell, ground.assets, room.channels
        BASE.set(settings.url + "/")
        self.apps = Apps(state, clock, governance, room.channels)
        self.deliveries = Deliveries(
            state, clock, governance, ground.outgoing(), kept=timedelta(seconds=settings.events_kept),
            public_url=settings.public_url,
        )  # fmt: skip
        self.interaction = Interaction(
            state, clock, governance, room.channels, self.deliveries, ShownAsides(clock, room.channels),
            fetching=ground.outgoing(), site=settings.url, forms=room.forms, automations=automation,
        )  # fmt: skip
        self.services = Services(
            channels=room.channels, governance=governance, apps=self.apps, files=room.files, pages=room.canvases,
            interaction=self.interaction, deliveries=self.deliveries, search=room.search, fetching=ground.outgoing(),
            limits=Limits(settings.slack_rate_factor),
        )  # fmt: skip

    def door(self) -> SlackDoor:
        return SlackDoor(self.services)

    def routers(self) -> Sequence[APIRouter]:
        return (
            interaction_routes.router(self.interaction),
            replies(self.interaction),
            slack_router(self.services),
            app_routes.router(self.apps, self._channels),
            incoming_router(self.apps),
            install_router(self.apps, self._channels, self._assets),
            delivery_routes.router(self.deliveries),
            socket_router(self.deliveries),
        )

    def loops(self) -> Mapping[str, Loop]:
        return self.deliveries.loops(self._bell)
