"""The composition root: settings → rooms → one ASGI application, the loops beside it.

How a room is put together is in `wiring`, a file a room; what products offer each other is in `offers`.
"""

from __future__ import annotations

import asyncio
import gc
from collections.abc import AsyncIterator, Iterable
from contextlib import asynccontextmanager
from pathlib import Path

from dure import backup, local, probes
from dure.channels.federation.keys import Keys as ServerKeys
from dure.folder import Folder
from dure.health import Checkup
from dure.ingest import door as ingest_door
from dure.kernel.clock import Clock, SystemClock
from dure.log.api import Log
from dure.offers import offer
from dure.people.ledger import Ledger
from dure.settings import Settings
from dure.state import State
from dure.state.migrations import migrate
from dure.wiring.automation import AutomationRoom
from dure.wiring.campaigns import CampaignsRoom
from dure.wiring.channels import ChannelsRoom
from dure.wiring.customers import CustomersRoom
from dure.wiring.deals import DealsRoom
from dure.wiring.doors import application, in_front
from dure.wiring.experiments import ExperimentsRoom
from dure.wiring.exports import ExportsRoom
from dure.wiring.federation import FederationRoom
from dure.wiring.governance import GovernanceRoom
from dure.wiring.ground import PACKAGE, Ground
from dure.wiring.house import House
from dure.wiring.ingest import IngestRoom
from dure.wiring.metrics import MetricsRoom
from dure.wiring.pacing import PacingRoom
from dure.wiring.people import PeopleRoom
from dure.wiring.room import Room
from dure.wiring.segments import SegmentsRoom
from dure.wiring.slack import SlackRoom
from dure.wiring.social import SocialRoom
from dure.work import Loop, working

__all__ = ["PACKAGE", "House", "compose", "house"]


@asynccontextmanager
async def house(settings: Settings, folder: Folder, clock: Clock | None = None) -> AsyncIterator[House]:
    """Opens the databases, brings their schemas up to date, builds every slice, runs the loops; closes all again."""
    postgres, clickhouse = folder.databases()
    state = State(postgres, connections=24)
    log = Log(clickhouse, database=settings.clickhouse_database)
    await state.open()
    try:
        await migrate(state)
        await asyncio.to_thread(log.open)
        ledger = Ledger.open(folder.path, Path(settings.erasure_ledger) if settings.erasure_ledger else None,
                             settings.erasure_key)  # fmt: skip
        gc.disable()  # hundreds of routes are made, and every one stays: there is nothing to collect
        try:
            made = compose(settings, clock or SystemClock(), state, log, folder.signing_key(), ledger,
                           ServerKeys(folder.path))  # fmt: skip
        finally:
            gc.enable()
        made.app.state.local_secret = folder.secret
        made.app.state.backups = backup.Backups(folder, state, log, made.clock)
        # Before any loop runs and any door is open: a restored backup must not bring back who was erased since.
        await made.erasures.catch_up()
        async with working({"postgres": folder.keep, **made.loops}):
            yield made
    finally:
        await state.close()
        log.close()


def compose(
    settings: Settings, clock: Clock, state: State, log: Log, signing_key: bytes = b"", ledger: Ledger | None = None,
    federation_keys: ServerKeys | None = None,
) -> House:  # fmt: skip
    """Makes the rooms from the floor up, lets products meet, and opens the doors."""
    ground = Ground(settings, clock, state, log, key=signing_key, ledger=ledger or Ledger.passing())
    governance = GovernanceRoom(ground)
    people = PeopleRoom(ground)
    automation = AutomationRoom(ground, people.people)
    ingest = IngestRoom(ground)
    exports = ExportsRoom(ground)
    metrics = MetricsRoom(ground)
    segments = SegmentsRoom(ground, people.people, metrics.metrics, exports.exports)
    experiments = ExperimentsRoom(ground, people.people, ingest.ingest, metrics.metrics, segments.segments)

    channels = ChannelsRoom(ground, automation.automation, segments.segments, metrics.metrics)
    federation = FederationRoom(ground, channels.channels, channels.files, federation_keys or ServerKeys(None))
    slack = SlackRoom(ground, channels, automation.automation)
    deals = DealsRoom(ground, people.people)
    pacing = PacingRoom(ground)
    social = SocialRoom(ground, people.people, metrics.metrics)
    customers = CustomersRoom(ground, channels.channels, deals, pacing.pacing, social.social)
    campaigns = CampaignsRoom(
        ground, people.people, metrics.metrics, segments.segments, experiments.experiments, experiments.flags,
        channels.channels,
    )  # fmt: skip

    # Products meet here and only here: by the steps they offer and the events they write.
    offer(
        automation.automation, governance=ground.governance, people=people.people, channels=channels.channels,
        forms=channels.forms, interaction=slack.interaction, segments=segments.segments, deals=deals.deals,
        pacing=pacing.pacing, social=social.social, campaigns=campaigns.campaigns, metrics=metrics.metrics,
        posting=metrics.posting, experiments=experiments.experiments, routing=social.routing, ideas=social.ideas,
        care=social.care, publishing=social.publishing, advocacy=social.advocacy, customers=customers.customers,
    )  # fmt: skip

    # In the order in which addresses are looked through.
    rooms: tuple[Room, ...] = (
        ground, governance, ingest, exports, people, deals, pacing, segments, experiments, social, campaigns,
        automation, metrics, channels, slack, customers, federation,
    )  # fmt: skip
    beside = (
        probes.router(Checkup(state, log, ingest.ingest, settings.data), ingest.ingest, lambda: ground.hub.connections),
        local.router(settings, ground.governance, ingest.ingest),
        backup.router(),
    )
    first = (*social.first(), *ingest_door.routes(ingest.ingest), *deals.first())
    app = application(ground, beside, rooms, first, channels.channels)
    front_door = in_front(
        app, ingest.ingest, slack=slack.door(), hooks=automation.hook_door(), reach=campaigns.door(ingest.keys())
    )

    return House(
        settings=settings, clock=clock, state=state, log=log, log_writer=ground.log_writer,
        people_follower=people.follower, governance=ground.governance, people=people.people,
        automation=automation.automation, ingest=ingest.ingest, metrics=metrics.metrics, alerts=metrics.alerts,
        segments=segments.segments, experiments=experiments.experiments, flags=experiments.flags,
        channels=channels.channels, deliveries=slack.deliveries, federation=federation.federation, deals=deals.deals,
        pacing=pacing.pacing, social=social.social, heard_from=social.sources, campaigns=campaigns.campaigns,
        exports=exports.exports, erasures=people.erasures, app=app, front_door=front_door, loops=_together(rooms),
    )  # fmt: skip


def _together(rooms: Iterable[Room]) -> dict[str, Loop]:
    """The loops of all rooms. Two of one name would hide one another, so they are an error of the program."""
    loops: dict[str, Loop] = {}
    for room in rooms:
        own = room.loops()
        if taken := loops.keys() & own.keys():
            raise ValueError(f"two loops are called {', '.join(sorted(taken))}")
        loops.update(own)
    return loops
