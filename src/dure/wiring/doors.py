"""The ASGI application: what may come in and how large, in which order addresses are looked through, the screens."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import chain

from fastapi import FastAPI
from starlette.routing import BaseRoute
from starlette.types import ASGIApp

from dure import __version__, screens
from dure.automation.hooks import PREFIX as HOOKS
from dure.automation.page import PAGES as AUTOMATION
from dure.campaigns.door import PREFIX as REACH
from dure.campaigns.page import PAGES as CAMPAIGNS
from dure.channels.api import Channels
from dure.channels.federation.model import MOST_BYTES
from dure.channels.page import PAGES as CHANNELS
from dure.channels.slack.door import PREFIX as SLACK
from dure.customers.page import PAGES as CUSTOMERS
from dure.deals.page import PAGES as DEALS
from dure.deals.salesforce.bulk.api import MOST_BYTES as LARGEST_JOB
from dure.deals.salesforce.door import PREFIX as SALESFORCE
from dure.experiments.page import PAGES as EXPERIMENTS
from dure.exports.page import PAGES as EXPORTS
from dure.governance.page import PAGES as GOVERNANCE
from dure.home.page import PAGES as HOME
from dure.ingest import door as ingest_door
from dure.ingest.api import Ingest
from dure.ingest.page import PAGES as INGEST
from dure.metrics.page import PAGES as METRICS
from dure.pacing.page import PAGES as PACING
from dure.people.page import PAGES as PEOPLE
from dure.segments.page import PAGES as SEGMENTS
from dure.settings import Settings
from dure.social.page import PAGES as SOCIAL
from dure.social.sources.api import LARGEST_FILE
from dure.web import front
from dure.web.first import First
from dure.web.page import in_order
from dure.web.routing import APIRouter, include
from dure.wiring.errors import ERRORS
from dure.wiring.ground import Ground
from dure.wiring.room import Room

# Screens of one group stand in the order of this list.
PAGES = in_order(
    chain(
        HOME, METRICS, CHANNELS, DEALS, CUSTOMERS, PACING, SOCIAL, AUTOMATION, PEOPLE, SEGMENTS, EXPERIMENTS, CAMPAIGNS,
        INGEST, EXPORTS, GOVERNANCE,
    )
)  # fmt: skip


def application(
    ground: Ground, beside: Sequence[APIRouter], rooms: Sequence[Room], first: Sequence[BaseRoute], channels: Channels
) -> FastAPI:
    """The web framework's part: `first` are looked through before all else, then `beside` the rooms, then each room.
    `channels` say who may hear what on a live screen."""
    app = FastAPI(title="Dure", version=__version__, openapi_url="/api/v1/openapi.json", docs_url=None, redoc_url=None)
    app.state.governance = ground.governance
    front.install(app, also=ERRORS, max_body=ground.settings.max_body, larger=_larger(ground.settings))
    include(app, *beside, *chain.from_iterable(room.routers() for room in rooms))
    app.router.routes[:0] = first
    screens.install(app, ground.assets, PAGES, ground.governance, ground.hub, channels.may_hear)
    return app


def in_front(app: FastAPI, ingest: Ingest, *, slack: ASGIApp, hooks: ASGIApp, reach: ASGIApp) -> ASGIApp:
    """Doors that need nothing of the web framework stand before it."""
    behind = First(First(First(app, SLACK, slack), HOOKS, hooks, ERRORS), REACH, reach, ERRORS)
    return ingest_door.DoorsFirst(behind, ingest)


def _larger(settings: Settings) -> dict[str, int]:
    """Where more than the usual may come in: {path prefix: bytes}."""
    with_form = settings.largest_file + (1 << 16)
    return {
        "/slack/upload/": with_form,
        "/api/v1/files/upload": with_form,
        "/federation/v1/": MOST_BYTES,
        SALESFORCE: LARGEST_JOB,
        "/api/v1/social-sources/": LARGEST_FILE,
    }
