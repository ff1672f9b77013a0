"""The composition root: settings → slices → one ASGI application, the loops beside it."""

from __future__ import annotations

import asyncio
import gc
import re
from collections.abc import AsyncIterator, Callable, Mapping, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from typing import Any
from uuid import UUID

import psycopg
from fastapi import FastAPI
from starlette.routing import Route
from starlette.types import ASGIApp

from dure import __version__, backup, local, probes, screens
from dure.automation import routes as automation_routes
from dure.automation.allowed import Allowed
from dure.automation.api import Automation
from dure.automation.holding import AutomationHolder
from dure.automation.hook_door import HookDoor
from dure.automation.hooks import PREFIX as HOOKS
from dure.automation.outgoing import HttpOutgoing
from dure.automation.page import PAGES as AUTOMATION_PAGES
from dure.automation.plugs import Lookup
from dure.campaigns import routes as campaign_routes
from dure.campaigns.api import Campaigns
from dure.campaigns.approval import routes as approval_routes
from dure.campaigns.demand import routes as demand_routes
from dure.campaigns.demand.api import DemandTests
from dure.campaigns.door import PREFIX as REACH
from dure.campaigns.gate import routes as gate_routes
from dure.campaigns.holding import CampaignHolder
from dure.campaigns.page import PAGES as CAMPAIGN_PAGES
from dure.campaigns.playground import routes as playground_routes
from dure.campaigns.playground.api import Playground
from dure.campaigns.plugs import Keys
from dure.campaigns.reach import Reach
from dure.campaigns.recommending import routes as recommending_routes
from dure.campaigns.trials import routes as trial_routes
from dure.campaigns.willing import Willing
from dure.channels import routes as channel_routes
from dure.channels.api import Channels
from dure.channels.apps.api import Apps
from dure.channels.canvas.api import Pages
from dure.channels.canvas.routes import router as page_router
from dure.channels.delivery.api import Deliveries
from dure.channels.delivery.door import socket_router
from dure.channels.federation import routes as federation_routes
from dure.channels.federation.api import Federation
from dure.channels.federation.door import door as federation_door
from dure.channels.federation.keys import Keys as ServerKeys
from dure.channels.federation.model import MOST_BYTES
from dure.channels.files.api import Files
from dure.channels.files.door import file_door
from dure.channels.files.folder import INCOMING, FolderBlobs
from dure.channels.files.plugs import Blobs
from dure.channels.files.routes import router as file_router
from dure.channels.forms import asked_routes
from dure.channels.forms import routes as form_routes
from dure.channels.forms.answering import Answering
from dure.channels.forms.api import Forms
from dure.channels.forms.bringing import Bringer
from dure.channels.groups.across import UserGroups
from dure.channels.guarding import routes as guard_routes
from dure.channels.guarding.api import Guards
from dure.channels.holding import ChannelHolder
from dure.channels.interaction import routes as interaction_routes
from dure.channels.interaction.api import Interaction
from dure.channels.interaction.asides import ShownAsides
from dure.channels.interaction.door import replies
from dure.channels.notice.follow import NoticeFollower
from dure.channels.notice.mailing import Mailing
from dure.channels.notice.pushing import Pushing
from dure.channels.page import PAGES as CHANNEL_PAGES
from dure.channels.places import ChannelPlaces
from dure.channels.retention import routes as retention_routes
from dure.channels.retention.purge import Purge
from dure.channels.routes import apps as app_routes
from dure.channels.routes import deliveries as delivery_routes
from dure.channels.routes import notices as notice_routes
from dure.channels.routes import search as channel_search_routes
from dure.channels.search.api import Search
from dure.channels.search.index import Indexer
from dure.channels.slack.call import Services
from dure.channels.slack.door import PREFIX as SLACK
from dure.channels.slack.door import SlackDoor, slack_router
from dure.channels.slack.incoming import incoming_router
from dure.channels.slack.install import install_router
from dure.channels.slack.limits import Limits
from dure.channels.slack.site import BASE
from dure.channels.spanning import routes as spanning_routes
from dure.channels.spanning.newcomers import Newcomers
from dure.channels.takeout import routes as takeout_routes
from dure.channels.takeout.api import Takeouts
from dure.channels.takeout.making import Maker
from dure.connectors.apns import ApnsPusher
from dure.connectors.fcm import FcmPusher
from dure.connectors.mail import NoMailer, mailer_from
from dure.connectors.poster import ChannelPoster
from dure.connectors.postman import MailerPostman
from dure.connectors.provider_calls import ProviderCalls
from dure.connectors.s3 import S3Storage
from dure.connectors.s3_files import S3Blobs
from dure.connectors.salesforce import Credentials, SalesforceOrg
from dure.connectors.smtp import SmtpMailer
from dure.connectors.social import sources as social_sources
from dure.customers.page import PAGES as CUSTOMER_PAGES
from dure.customers.wire import RoomsForCustomers
from dure.deals import lookups as deal_lookups
from dure.deals import routes as deal_routes
from dure.deals.api import Deals
from dure.deals.holding import DealHolder
from dure.deals.insight import Insight
from dure.deals.page import PAGES as DEAL_PAGES
from dure.deals.salesforce import routes as salesforce_routes
from dure.deals.salesforce.apps import Apps as SalesforceApps
from dure.deals.salesforce.bulk.api import MOST_BYTES as LARGEST_JOB
from dure.deals.salesforce.door import PREFIX as SALESFORCE
from dure.deals.salesforce.door import SalesforceDoor
from dure.deals.salesforce.holding import SalesforceHolder
from dure.deals.sync import routes as sync_routes
from dure.deals.sync.api import Sync
from dure.experiments import routes as experiment_routes
from dure.experiments.api import Experiments
from dure.experiments.flags import routes as flag_routes
from dure.experiments.flags.api import Flags
from dure.experiments.halves import compare_halves
from dure.experiments.holding import ExperimentHolder
from dure.experiments.page import PAGES as EXPERIMENT_PAGES
from dure.exports import routes as export_routes
from dure.exports.api import Exports
from dure.exports.folder import FolderStorage
from dure.exports.model import Kind as StorageKind
from dure.exports.page import PAGES as EXPORT_PAGES
from dure.feed.api import Bell, Whispers, drop_passed, newest_position, position_of
from dure.folder import Folder
from dure.governance import host_routes, organisation_routes
from dure.governance import routes as governance_routes
from dure.governance.api import Governance
from dure.governance.audit import door as audit_door
from dure.governance.audit import routes as audit_routes
from dure.governance.barriers import routes as barrier_routes
from dure.governance.holding import GovernanceHolder
from dure.governance.hosts import fits
from dure.governance.hours import routes as hours_routes
from dure.governance.pace import Pace
from dure.governance.page import PAGES as GOVERNANCE_PAGES
from dure.governance.policies import routes as policy_routes
from dure.governance.roles import routes as role_routes
from dure.governance.scim import door as scim_door
from dure.governance.scim import routes as scim_routes
from dure.governance.signin import keeping_routes as signin_keeping_routes
from dure.governance.signin import own_routes as own_security_routes
from dure.governance.signin import routes as signin_routes
from dure.health import Checkup
from dure.home.page import PAGES as HOME_PAGES
from dure.ingest import door as ingest_door
from dure.ingest import routes as ingest_routes
from dure.ingest import rule_routes as ingest_rule_routes
from dure.ingest.api import Ingest
from dure.ingest.holding import IngestHolder
from dure.ingest.page import PAGES as INGEST_PAGES
from dure.kernel.clock import Clock, SystemClock
from dure.kernel.errors import DureError, Invalid, Unavailable
from dure.kernel.tenant import Tenant
from dure.log.api import LOG_FOLLOWER, Log, LogWriter
from dure.metrics import routes as metric_routes
from dure.metrics.alerts import routes as alert_routes
from dure.metrics.alerts.api import Alerts
from dure.metrics.api import Bounds, Metrics
from dure.metrics.boards import routes as board_routes
from dure.metrics.boards import shared_page
from dure.metrics.boards.api import Boards
from dure.metrics.boards.posting import Posting
from dure.metrics.boards.sharing import Shares
from dure.metrics.page import PAGES as METRIC_PAGES
from dure.offers import offer
from dure.pacing import import_routes as pacing_import_routes
from dure.pacing import routes as pacing_routes
from dure.pacing import server_routes as pacing_server_routes
from dure.pacing.api import Pacing
from dure.pacing.imports.api import Imports as PacingImports
from dure.pacing.page import PAGES as PACING_PAGES
from dure.pacing.sources.ad_manager import AdManager
from dure.pacing.sources.api import AdServers
from dure.pacing.sources.spotify import SpotifyAds
from dure.people import erasure_routes
from dure.people import routes as people_routes
from dure.people.api import People
from dure.people.erasing import Erasing
from dure.people.erasure import Erasures
from dure.people.follow import PeopleFollower
from dure.people.holding import PeopleHolder
from dure.people.ledger import Ledger
from dure.people.page import PAGES as PEOPLE_PAGES
from dure.proof import prove
from dure.segments import routes as segment_routes
from dure.segments.api import Segments
from dure.segments.handover import routes as handover_routes
from dure.segments.handover.api import Handovers
from dure.segments.holding import SegmentHolder
from dure.segments.page import PAGES as SEGMENT_PAGES
from dure.segments.scores import routes as score_routes
from dure.segments.scores.api import Scores
from dure.segments.stages import routes as stage_routes
from dure.segments.stages.api import Stages
from dure.segments.stages.lookups import with_stages
from dure.settings import Settings
from dure.social import routes as social_routes
from dure.social.advocacy import routes as advocacy_routes
from dure.social.advocacy.advocates import Advocates
from dure.social.advocacy.api import Advocacy
from dure.social.advocacy.leaving import Leaving as AdvocatesLeaving
from dure.social.advocacy.report import Report as AdvocacyReport
from dure.social.advocacy.sharing import Sharing
from dure.social.api import Social
from dure.social.becoming import routes as becoming_routes
from dure.social.becoming.api import Becoming
from dure.social.care import routes as care_routes
from dure.social.care.api import Care
from dure.social.clocks import routes as clock_routes
from dure.social.clocks.api import ResponseClocks, Surveys
from dure.social.clocks.surveys.door import door as survey_door
from dure.social.effect import routes as effect_routes
from dure.social.effect.api import Effect
from dure.social.holding import SocialHolder
from dure.social.ideas import routes as idea_routes
from dure.social.ideas.api import Ideas
from dure.social.linking import routes as linking_routes
from dure.social.linking.api import Linking
from dure.social.links import routes as link_routes
from dure.social.links.api import Links
from dure.social.links.door import PATH as LINK
from dure.social.links.door import LinkDoor
from dure.social.listening import routes as listening_routes
from dure.social.listening.api import Listening
from dure.social.listening.shelf import Shelf
from dure.social.page import PAGES as SOCIAL_PAGES
from dure.social.publishing import routes as publishing_routes
from dure.social.publishing.api import Publishing
from dure.social.publishing.tracking import Tracking
from dure.social.reading import routes as reading_routes
from dure.social.routing import routes as routing_routes
from dure.social.routing.api import Routing
from dure.social.sources import routes as source_routes
from dure.social.sources.api import LARGEST_FILE, Sources
from dure.social.withdrawing import Withdrawing
from dure.state import State, Tx
from dure.state.migrations import migrate
from dure.web import front
from dure.web.assets import Assets, gather
from dure.web.first import First
from dure.web.live import Hub
from dure.web.page import in_order
from dure.web.push import Sender
from dure.web.routing import include
from dure.work import Loop, every, working

_UUID = re.compile(r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}")
PACKAGE = Path(__file__).resolve().parent


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
    """Wires the slices by hand; the order is that of the rooms, from the floor up."""
    ledger = ledger or Ledger.passing()
    bell, hub = Bell(state), Hub()
    log_writer = LogWriter(state, log)
    governance = Governance(state, clock)
    prove(governance)
    people = People(state, log, clock)
    people_follower = PeopleFollower(state, clock)
    automation = Automation(
        state, clock, governance, log=log, signing_key=signing_key, site=settings.url,
        outgoing=Allowed(_outgoing(settings, governance), governance.hosts.allowed, fits),
        lookups={"person": _person_traits(people), "account": _accounts(people)},
    )  # fmt: skip
    ingest = Ingest(state, clock, log=log)
    metrics = Metrics(state, log, clock, governance, bounds=_bounds(settings))
    boards = Boards(state, clock, governance, metrics)
    shares = Shares(state, clock, governance, metrics, boards)
    posting = Posting(state, clock, governance, metrics, boards, key=signing_key, site=settings.url)
    alerts = Alerts(state, clock, governance, metrics)
    segments = Segments(state, log, clock, governance, people=people, metrics=metrics)
    metrics.know_segments_by(segments.is_known)
    segments.consents = Willing(people, ledger.seal)
    stages, scores = Stages(state, log, clock, governance), Scores(state, log, clock, governance)
    experiments = Experiments(state, log, clock, governance, segments, people=people, metrics=metrics)
    flags = Flags(state, clock, governance, people, segments)
    ingest.know_flags_by(flags)
    channels = Channels(state, clock, governance, public_url=settings.url, edit_minutes=settings.edit_minutes)
    governance.barriers.groups.append(UserGroups(governance))
    governance.seats.places = ChannelPlaces(channels)
    files = Files(state, clock, channels, _blobs(settings), largest=settings.largest_file)
    federation = Federation(
        state, clock, governance, channels, _outgoing(settings, governance), federation_keys or ServerKeys(None),
        settings.url, plain=settings.allow_private_networks or bool(settings.allowed_networks),
    )  # fmt: skip
    files.elsewhere = federation.content
    canvases = Pages(state, clock, channels)
    guards = Guards(state, clock, governance, channels)
    purge = Purge(state, log, clock, governance, channels)
    maker = Maker(
        state, log, clock, governance, channels.keeping, files,
        {"automations": automation.automations, "segments": segments.segments, "boards": metrics.boards,
         "metrics": metrics.metrics},
    )  # fmt: skip
    BASE.set(settings.url + "/")
    apps = Apps(state, clock, governance, channels)
    push_sender = Sender(signing_key, f"mailto:{settings.mail_from}")
    pushing = Pushing(state, clock, governance, _outgoing(settings, governance), push_sender)
    mailer = mailer_from(settings.smtp_url)
    governance.signin.furnish(
        key=signing_key, site=settings.url, postman=MailerPostman(mailer, settings.mail_from),
        fetching=ProviderCalls(_outgoing(settings, governance)),
    )  # fmt: skip
    federation.links.postman = MailerPostman(mailer, settings.mail_from) if settings.smtp_url else None
    mailing = Mailing(
        state, clock, governance, MailerPostman(mailer, settings.mail_from), key=signing_key, site=settings.url,
    )  # fmt: skip
    deliveries = Deliveries(
        state, clock, governance, _outgoing(settings, governance), kept=timedelta(seconds=settings.events_kept),
        public_url=settings.public_url,
    )  # fmt: skip
    forms = Forms(state, clock, governance, channels)
    interaction = Interaction(
        state,
        clock,
        governance,
        channels,
        deliveries,
        ShownAsides(clock, channels),
        fetching=_outgoing(settings, governance),
        site=settings.url,
        forms=forms,
        automations=automation,
    )
    search = Search(state, clock, governance, channels)
    deals = Deals(state, clock, governance)
    insight = Insight(state, log, clock, governance, people)
    salesforce_apps = SalesforceApps(state, clock, governance)
    salesforce = SalesforceDoor(
        deals, salesforce_apps, public_url=settings.public_url, daily_calls=settings.salesforce_daily_calls
    )
    deal_sync = Sync(deals, _org(settings, governance), settings.salesforce_workspace)
    pacing = Pacing(state, clock, governance, site=settings.url)
    way_out = _outgoing(settings, governance)
    ad_servers = AdServers(state, clock, governance, pacing, [AdManager(way_out), SpotifyAds(way_out)], signing_key)
    social = Social(state, clock)
    heard_from = Sources(state, clock, governance, social, social_sources(way_out), signing_key)
    routing, becoming = Routing(state, clock, social.shelf), Becoming(state, clock)
    linking = social.linker = Linking(state, clock, people, deal_lookups.open_deals)
    ideas = Ideas(state, clock, people, deal_lookups.open_deals)
    care = Care(state, clock, governance, social, heard_from)
    surveys = Surveys(
        state, clock, governance, heard_from, MailerPostman(mailer, settings.mail_from), key=signing_key,
        site=settings.url,
    )  # fmt: skip
    waits = ResponseClocks(state, clock, governance, care, _accounts(people), surveys)
    care.timed_by(waits.keeping)
    listening, shelf = Listening(state, log, clock), Shelf(state, log)
    links = Links(state, log, clock, settings.url)
    publishing = Publishing(state, clock, governance, heard_from.connectors, heard_from.saying, Tracking(links))
    advocacy = Advocacy(state, clock, governance, links)
    advocates = Advocates(state, clock, governance, heard_from)
    sharing = Sharing(state, clock, governance, links, advocates, heard_from.saying)
    advocacy_report = AdvocacyReport(state, clock, governance, links)
    customers = RoomsForCustomers(
        state, clock, governance, channels, deals, insight.health, insight.relations, insight.timeline,
        pacing, social, accounts=deal_lookups.accounts, open_deals=deal_lookups.open_deals,
    )  # fmt: skip
    fcm, apns = FcmPusher(clock, settings.fcm_url, settings.fcm_token_url), ApnsPusher(clock, settings.apns_url)
    reach = Reach(
        state, clock, governance, people, mailer=mailer, outgoing=_outgoing(settings, governance),
        pushers=[fcm, apns], poster=ChannelPoster(channels, governance), vapid=push_sender, key=signing_key,
        site=settings.url, sender=settings.mail_from, envelope=settings.mail_bounces,
    )  # fmt: skip
    campaigns = Campaigns(
        state, log, clock, governance, segments, people, mailer, sender=settings.mail_from, site=settings.url,
        seal=ledger.seal, key=signing_key, carriers=list(reach.carriers.values()),
        outgoing=_outgoing(settings, governance), patience=2.0, experiments=experiments,
    )  # fmt: skip

    playground = Playground(state, clock, governance, segments, people, campaigns, metrics, experiments, flags)

    demand = DemandTests(state, log, clock, governance, segments, people, campaigns)

    erasures = Erasures(people, Erasing(state, log, clock, ledger, people_follower, log_writer))
    erasures.held_by(
        PeopleHolder(), CampaignHolder(clock, ledger.seal), SocialHolder(), DealHolder(), SalesforceHolder(),
        SegmentHolder(), ExperimentHolder(), IngestHolder(), ChannelHolder(log), GovernanceHolder(), AutomationHolder(),
    )  # fmt: skip

    exports = Exports(
        state, log, clock, signing_key=signing_key,
        storages={
            StorageKind.FOLDER: FolderStorage(settings.exports),
            StorageKind.S3: S3Storage(_outgoing(settings, governance)),
        },
    )  # fmt: skip

    handovers = Handovers(
        state, log, clock, governance, people, _outgoing(settings, governance), exports, consents=segments.consents,
        comparing=compare_halves,
    )  # fmt: skip

    # Products meet here and only here: by the steps they offer and the events they write.
    offer(
        automation, governance=governance, people=people, channels=channels, forms=forms, interaction=interaction,
        segments=segments, deals=deals, pacing=pacing, social=social, campaigns=campaigns, metrics=metrics,
        posting=posting, experiments=experiments, routing=routing, ideas=ideas, care=care,
        publishing=publishing, advocacy=advocacy, customers=customers,
    )  # fmt: skip

    slack = Services(
        channels=channels, governance=governance, apps=apps, files=files, pages=canvases, interaction=interaction,
        deliveries=deliveries, search=search, fetching=_outgoing(settings, governance),
        limits=Limits(settings.slack_rate_factor),
    )  # fmt: skip
    pace = Pace(settings.slack_rate_factor)
    assets = Assets(gather(PACKAGE))
    app = FastAPI(title="Dure", version=__version__, openapi_url="/api/v1/openapi.json", docs_url=None, redoc_url=None)
    app.state.governance = governance
    with_form = settings.largest_file + (1 << 16)
    front.install(
        app, also=_ERRORS, max_body=settings.max_body,
        larger={
            "/slack/upload/": with_form, "/api/v1/files/upload": with_form, "/federation/v1/": MOST_BYTES,
            SALESFORCE: LARGEST_JOB,
            "/api/v1/social-sources/": LARGEST_FILE,
        },
    )  # fmt: skip
    for router in (
        probes.router(Checkup(state, log, ingest, settings.data), ingest, lambda: hub.connections),
        local.router(settings, governance, ingest),
        backup.router(),
        governance_routes.router(governance),
        host_routes.router(governance.hosts),
        hours_routes.router(governance.hours),
        organisation_routes.router(governance.organisation, governance.sign_out, governance.about),
        barrier_routes.router(governance.barriers),
        policy_routes.router(governance.policies),
        role_routes.router(governance),
        signin_routes.router(governance.signin),
        own_security_routes.router(governance.signin),
        signin_keeping_routes.router(governance.signin),
        audit_routes.router(governance.audit),
        audit_door.router(governance, pace),
        scim_door.router(governance, pace),
        scim_routes.router(governance.idp_groups),
        ingest_routes.router(ingest),
        export_routes.router(exports),
        ingest_rule_routes.router(ingest),
        people_routes.router(people),
        erasure_routes.router(erasures),
        *insight.routers(),
        sync_routes.router(deal_sync),
        deal_routes.router(deals),
        salesforce_routes.router(salesforce_apps),
        pacing_routes.router(pacing),
        pacing_server_routes.router(ad_servers),
        pacing_import_routes.router(PacingImports(state, clock, governance, pacing)),
        segment_routes.router(segments),
        stage_routes.router(stages, segments),
        score_routes.router(scores, segments),
        handover_routes.router(handovers, segments),
        experiment_routes.router(experiments),
        flag_routes.router(flags),
        flag_routes.definitions(flags),
        routing_routes.router(routing),
        linking_routes.router(linking),
        becoming_routes.router(becoming),
        idea_routes.router(ideas),
        care_routes.router(care),
        clock_routes.router(waits),
        survey_door(surveys, assets),
        link_routes.router(links),
        advocacy_routes.router(advocacy, advocates, sharing, advocacy_report),
        publishing_routes.router(publishing),
        social_routes.router(social),
        source_routes.router(heard_from, settings.url),
        source_routes.outside(heard_from),
        reading_routes.router(social),
        listening_routes.router(listening),
        effect_routes.router(Effect(state, log, clock, metrics, listening)),
        gate_routes.router(campaigns.safety.gate),
        approval_routes.router(campaigns.safety.approvals, campaigns.safety.listing),
        trial_routes.router(campaigns.safety.trials),
        playground_routes.router(playground, governance),
        campaign_routes.router(campaigns),
        recommending_routes.router(campaigns.recommending),
        demand_routes.router(demand),
        demand_routes.door(demand, assets),
        campaign_routes.way_out(campaigns),
        reach.router(),
        reach.outside(),
        automation_routes.router(automation),
        metric_routes.router(metrics),
        board_routes.router(boards, shares, settings.url),
        board_routes.outside(shares, posting),
        alert_routes.router(alerts),
        shared_page.router(shares, assets),
        notice_routes.router(channels, push_sender),
        notice_routes.outside(mailing),
        channel_routes.router(channels),
        spanning_routes.router(channels.spanning),
        file_router(files, channels),
        file_door(files),
        page_router(canvases, channels),
        guard_routes.router(guards),
        retention_routes.router(channels.retention),
        takeout_routes.router(Takeouts(state, clock, governance, files)),
        interaction_routes.router(interaction),
        form_routes.router(forms),
        asked_routes.router(Answering(state, channels, forms)),
        replies(interaction),
        slack_router(slack),
        app_routes.router(apps, channels),
        incoming_router(apps),
        install_router(apps, channels, assets),
        delivery_routes.router(deliveries),
        socket_router(deliveries),
        channel_search_routes.router(search, channels),
        customers.router(),
        federation_routes.router(federation),
        federation_door(federation, files),
    ):
        include(app, router)
    app.router.routes[:0] = [
        Route(LINK, LinkDoor(links, governance, assets)), *ingest_door.routes(ingest), salesforce.route(),
        salesforce.identity_route(),
    ]  # fmt: skip
    pages = [
        *HOME_PAGES, *METRIC_PAGES, *CHANNEL_PAGES, *DEAL_PAGES, *CUSTOMER_PAGES, *PACING_PAGES, *SOCIAL_PAGES,
        *AUTOMATION_PAGES,
        *PEOPLE_PAGES, *SEGMENT_PAGES, *EXPERIMENT_PAGES, *CAMPAIGN_PAGES, *INGEST_PAGES, *EXPORT_PAGES,
        *GOVERNANCE_PAGES,
    ]  # fmt: skip
    screens.install(app, assets, in_order(pages), governance, hub, channels.may_hear)

    indexer, bringer = Indexer(state), Bringer(state, governance, forms)

    async def answer_clocks() -> None:
        await channels.tick(clock.now())

    async def say_due() -> None:
        await channels.say_due(clock.now())

    loops: dict[str, Loop] = {
        "bell": bell.run,
        "ingest": ingest.run,
        "log": lambda: log_writer.run(bell),
        "people": lambda: people_follower.run(bell),
        "live": screens.broadcasting(state, bell, hub),
        "whispers": Whispers(state, hub.whisper).run,
        "guests": every(2, governance.seats.tick),
        "triggers": lambda: automation.run_followers(bell),
        "automation": automation.work,
        "campaign-events": lambda: campaigns.engine.follow(bell),
        "campaigns": campaigns.engine.work,
        "search": lambda: indexer.run(bell),
        "questions": lambda: bringer.run(bell),
        "response-clocks": every(1, answer_clocks),
        "scheduled-messages": every(1, say_due),
        "ephemeral-messages": every(600, channels.forget_shown),
        "share-invites": every(30, channels.expire_due),
        "files": every(60, files.sweep),
        "guard-trials": every(2, guards.go_on),
        "purge": every(5, purge.go_on),
        "takeouts": every(2, maker.tick),
        "purge-log": every(60, purge.log_tick),
        "colleagues": every(2, channels.colleagues.tick),
        "notices": lambda: NoticeFollower(state, clock, governance).run(bell),
        "newcomers": lambda: Newcomers(state, clock, governance, channels).run(bell),
        "bulk-channels": every(2, channels.spanning.bulks.step),
        "pushes": every(1, pushing.tick),
        "notice-drop": every(3600, channels.colleagues.notices.forget),
        **deliveries.loops(bell),
        "deal-signs": lambda: insight.follow(bell),
        **{name: every(10, tick) for name, tick in insight.ticks().items()},
        "salesforce-jobs": every(0.5, salesforce.tick),
        "salesforce-drop": every(600, salesforce.forget),
        "pacing": every(2, pacing.tick),
        "deal-imports": every(1, deals.imports.tick),
        "deal-look": every(60, deals.daily.tick),
        "ad-servers": every(5, ad_servers.tick),
        "campaign-watch": every(5, campaigns.safety.watch.tick),
        "trials": every(1, campaigns.safety.trials.tick),
        "cards": every(3600, reach.cards.forget),
        "lines": lambda: _kept_open([mailer, fcm, apns]),
        "segments": every(5, segments.tick),
        "stages": every(20, stages.tick),
        "scores": every(2, scores.working.tick),
        "handovers": every(20, handovers.tick),
        "experiments": every(20, experiments.tick),
        "flags": lambda: flags.shelf.run(bell),
        "alerts": every(5, alerts.tick),
        "histories": every(2, campaigns.recommending.tick),
        "recommendations": every(5, campaigns.recommending.learn),
        "social": every(2, social.tick),
        "sources": heard_from.pulling.work,
        "source-streams": heard_from.streaming.work,
        "source-payloads": every(600, heard_from.forget_payloads),
        "reading": every(5, social.readers.tick),
        "mention-router": every(20, routing.tick),
        "inbox": lambda: care.follower.run(bell),
        "inbox-look": every(2, care.tick),
        "inbox-clocks": every(2, waits.tick),
        "links": links.run,
        "publishing": publishing.posting.work,
        "advocacy": every(2, advocacy.tick),
        "advocacy-reach": every(60, sharing.measure),
        "advocates": lambda: AdvocatesLeaving(state, clock, governance, links).run(bell),
        "listening-shelf": lambda: shelf.run(bell),
        "listening": every(1, listening.tick),
        "withdrawing": every(30, Withdrawing(state, log, clock).tick),
        "exports": exports.run,
        "erasures": every(1, erasures.tick),
        "federation": lambda: federation.outward.run(bell),
        "federation-sending": federation.sending.run,
        "federation-answers": federation.asking.run,
        "federation-drop": every(600, federation.tick),
        "federation-letters": every(5, federation.links.tick),
        "feed-drop": every(600, lambda: drop_passed(state)),
    }
    if settings.salesforce_url:
        loops["salesforce-sync"] = every(settings.salesforce_every, deal_sync.tick)
    if settings.smtp_url:
        loops["digests"] = every(20, mailing.tick)
    return House(
        settings, clock, state, log, log_writer, people_follower, governance, people, automation, ingest, metrics,
        alerts, segments, experiments, flags, channels, deliveries, federation, deals, pacing, social, heard_from,
        campaigns, exports,
        erasures, app,
        ingest_door.DoorsFirst(
            First(
                First(First(app, SLACK, SlackDoor(slack)), HOOKS, HookDoor(automation.hooks), _ERRORS),
                REACH, reach.door(_keys(ingest)), _ERRORS,
            ),
            ingest,
        ), loops,
    )  # fmt: skip


def _person_traits(people: People) -> Lookup:
    """Traits, and beside them the stage that somebody is in."""

    async def look(tx: Tx, tenant: Tenant, ids: Sequence[str]) -> Mapping[str, Mapping[str, Any]]:
        wanted = [UUID(one) for one in ids if _UUID.fullmatch(one)]
        traits = await people.traits(tx, tenant, wanted)
        return await with_stages(tx, tenant, wanted, traits)

    return look


def _accounts(people: People) -> Lookup:
    """What sales know of an account, and what events said of it, which is the later word."""

    async def look(tx: Tx, tenant: Tenant, ids: Sequence[str]) -> Mapping[str, Mapping[str, Any]]:
        records, traits = await deal_lookups.accounts(tx, tenant, ids), await people.accounts(tx, tenant, ids)
        return {one: {**records.get(one, {}), **traits.get(one, {})} for one in records.keys() | traits.keys()}

    return look


def _keys(ingest: Ingest) -> Keys:
    """Whose a write key is, for what a person's site or app asks."""

    async def tenant_of(key: str) -> Tenant | None:
        source = await ingest.source_of_key(key)
        return source.tenant if source is not None else None

    return tenant_of


async def _kept_open(lines: Sequence[SmtpMailer | NoMailer | FcmPusher | ApnsPusher]) -> None:
    """Until cancelled; then the connections to outside services are ended."""
    try:
        await asyncio.Event().wait()
    finally:
        for line in lines:
            await line.close()


def _blobs(settings: Settings) -> Blobs:
    """Where the bytes of files are: a folder of this machine, or a storage that all machines reach."""
    return S3Blobs(settings.files_url, settings.files / INCOMING) if settings.files_url else FolderBlobs(settings.files)


def _bounds(settings: Settings) -> Bounds:
    return Bounds(settings.question_seconds, settings.question_memory, settings.question_rows)


def _outgoing(settings: Settings, governance: Governance) -> HttpOutgoing:
    """The way out of the house, which a playground's work never takes."""
    return HttpOutgoing(settings.reachable, refuse=governance.playgrounds.refuse)


def _org(settings: Settings, governance: Governance) -> SalesforceOrg | None:
    """The Salesforce org that deals are kept the same as, where the installation has one."""
    if not settings.salesforce_url:
        return None
    credentials = Credentials(
        settings.salesforce_url, settings.salesforce_token, settings.salesforce_client_id,
        settings.salesforce_client_secret, settings.salesforce_username, settings.salesforce_password,
    )  # fmt: skip
    return SalesforceOrg(_outgoing(settings, governance), credentials, settings.salesforce_share)


def _full_disk(_: Exception) -> DureError:
    return Unavailable("The disk is full; nothing of this request was kept. Free some space and send it again.")


def _no_database(_: Exception) -> DureError:
    return Unavailable("The database does not answer right now; nothing of this request was kept.")


def _not_kept(error: Exception) -> DureError:
    """What a client sent and no column can hold; anything else that the database finds wrong is a mistake of ours."""
    if isinstance(error, psycopg.errors.NumericValueOutOfRange):
        return Invalid("A number is larger than can be kept.")
    return Invalid("A text has a NUL in it, which cannot be kept.") if "NUL" in str(error) else DureError()


_ERRORS: dict[type[Exception], Callable[[Exception], DureError]] = {
    psycopg.errors.DiskFull: _full_disk,
    psycopg.OperationalError: _no_database,
    psycopg.DataError: _not_kept,
}
