"""All of a house that reaches people outside: carriers by channel, what they need, and what hears from there."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from types import MappingProxyType

from dure.automation.plugs import Outgoing
from dure.campaigns.cards.api import Cards
from dure.campaigns.carriers import routes as provider_routes
from dure.campaigns.carriers.calls import Caller, SmsCarrier, WebhookCarrier
from dure.campaigns.carriers.email import EmailCarrier
from dure.campaigns.carriers.plugs import Pusher
from dure.campaigns.carriers.posts import PostCarrier
from dure.campaigns.carriers.providers import Providers
from dure.campaigns.carriers.push import PushCarrier
from dure.campaigns.carriers.web_push import WebPusher
from dure.campaigns.devices import routes as device_routes
from dure.campaigns.devices.api import Devices
from dure.campaigns.door import ReachDoor
from dure.campaigns.plugs import Carrier, Directory, Keys, Mailer, Poster
from dure.campaigns.responses import routes as response_routes
from dure.campaigns.responses.api import Responses
from dure.campaigns.responses.tickets import Tickets
from dure.governance.api import Governance
from dure.kernel.clock import Clock
from dure.state import State
from dure.web.push import Sender
from dure.web.routing import APIRouter


class Reach:
    """`pushers` are the services of phones; browsers' own are added. `key` is the data folder's signing key."""

    def __init__(
        self, state: State, clock: Clock, governance: Governance, directory: Directory, *, mailer: Mailer,
        outgoing: Outgoing, pushers: Sequence[Pusher], poster: Poster, vapid: Sender, key: bytes, site: str,
        sender: str, envelope: str = "",
    ) -> None:  # fmt: skip
        self.tickets = Tickets(key, site)
        self.providers = Providers(state, clock, key)
        self.devices = Devices(state, clock, governance, directory)
        self.cards = Cards(state, clock, governance, directory)
        self.responses = Responses(state, clock, governance, self.tickets)
        self.push_key = vapid.public
        caller = Caller(clock, outgoing, key)
        browsers = WebPusher(clock, outgoing, vapid)
        made: Sequence[Carrier] = (
            EmailCarrier(mailer, self.providers, self.tickets, sender=sender, envelope=envelope),
            PushCarrier("web_push", [browsers], self.providers, self.devices, self.tickets),
            PushCarrier("push", pushers, self.providers, self.devices, self.tickets),
            SmsCarrier(caller, self.providers),
            self.cards,
            WebhookCarrier(caller, self.providers),
            PostCarrier(poster, self.providers),
        )
        self.carriers: Mapping[str, Carrier] = MappingProxyType({one.channel: one for one in made})

    def door(self, keys: Keys) -> ReachDoor:
        """What stands at `/reach/`."""
        return ReachDoor(keys, self.providers, self.devices, self.cards, self.responses, self.push_key)

    def router(self) -> APIRouter:
        """What staff and a company's own servers ask."""
        routes = APIRouter()
        for one in (
            provider_routes.router(self.providers, self.push_key), device_routes.router(self.devices),
            response_routes.router(self.responses),
        ):  # fmt: skip
            routes.include_router(one)
        return routes

    def outside(self) -> APIRouter:
        """What letters lead to."""
        return response_routes.outside(self.responses)
