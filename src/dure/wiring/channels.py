"""Channels' room: what people say to each other there, what is kept of it, and how they hear of it.

Apps come by `slack`, other servers by `federation`.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from fastapi import APIRouter

from dure.automation.api import Automation
from dure.channels import routes
from dure.channels.api import Channels
from dure.channels.canvas.api import Pages
from dure.channels.canvas.routes import router as page_router
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
from dure.channels.notice.follow import NoticeFollower
from dure.channels.notice.mailing import Mailing
from dure.channels.notice.pushing import Pushing
from dure.channels.places import ChannelPlaces
from dure.channels.retention import routes as retention_routes
from dure.channels.retention.purge import Purge
from dure.channels.routes import notices as notice_routes
from dure.channels.routes import search as search_routes
from dure.channels.search.api import Search
from dure.channels.search.index import Indexer
from dure.channels.spanning import routes as spanning_routes
from dure.channels.spanning.newcomers import Newcomers
from dure.channels.takeout import routes as takeout_routes
from dure.channels.takeout.api import Takeouts
from dure.channels.takeout.making import Maker
from dure.connectors.s3_files import S3Blobs
from dure.metrics.api import Metrics
from dure.segments.api import Segments
from dure.settings import Settings
from dure.wiring.ground import Ground
from dure.work import Loop, every


class ChannelsRoom:
    """Who leaves takes automations, segments, boards and metrics along, so they are asked for by `maker`."""

    def __init__(self, ground: Ground, automation: Automation, segments: Segments, metrics: Metrics) -> None:
        self.ground = ground
        state, log, clock, settings = ground.state, ground.log, ground.clock, ground.settings
        governance = ground.governance
        self.channels = Channels(
            state, clock, governance, public_url=settings.url, edit_minutes=settings.edit_minutes
        )  # fmt: skip
        governance.barriers.groups.append(UserGroups(governance))
        governance.seats.places = ChannelPlaces(self.channels)
        self.files = Files(state, clock, self.channels, _blobs(settings), largest=settings.largest_file)
        self.canvases = Pages(state, clock, self.channels)
        self.guards = Guards(state, clock, governance, self.channels)
        self.purge = Purge(state, log, clock, governance, self.channels)
        self.maker = Maker(
            state, log, clock, governance, self.channels.keeping, self.files,
            {"automations": automation.automations, "segments": segments.segments, "boards": metrics.boards,
             "metrics": metrics.metrics},
        )  # fmt: skip
        self.pushing = Pushing(state, clock, governance, ground.outgoing(), ground.push_sender)
        self.mailing = Mailing(state, clock, governance, ground.postman(), key=ground.key, site=settings.url)
        self.forms = Forms(state, clock, governance, self.channels)
        self.search = Search(state, clock, governance, self.channels)

    def routers(self) -> Sequence[APIRouter]:
        state, clock, governance = self.ground.state, self.ground.clock, self.ground.governance
        return (
            notice_routes.router(self.channels, self.ground.push_sender),
            notice_routes.outside(self.mailing),
            routes.router(self.channels),
            spanning_routes.router(self.channels.spanning),
            file_router(self.files, self.channels),
            file_door(self.files),
            page_router(self.canvases, self.channels),
            guard_routes.router(self.guards),
            retention_routes.router(self.channels.retention),
            takeout_routes.router(Takeouts(state, clock, governance, self.files)),
            form_routes.router(self.forms),
            asked_routes.router(Answering(state, self.channels, self.forms)),
            search_routes.router(self.search, self.channels),
        )

    def loops(self) -> Mapping[str, Loop]:
        channels, bell = self.channels, self.ground.bell
        state, clock, governance = self.ground.state, self.ground.clock, self.ground.governance
        indexer, bringer = Indexer(state), Bringer(state, governance, self.forms)
        loops: dict[str, Loop] = {
            "search": lambda: indexer.run(bell),
            "questions": lambda: bringer.run(bell),
            "response-clocks": every(1, lambda: channels.tick(clock.now())),
            "scheduled-messages": every(1, lambda: channels.say_due(clock.now())),
            "ephemeral-messages": every(600, channels.forget_shown),
            "share-invites": every(30, channels.expire_due),
            "files": every(60, self.files.sweep),
            "guard-trials": every(2, self.guards.go_on),
            "purge": every(5, self.purge.go_on),
            "purge-log": every(60, self.purge.log_tick),
            "takeouts": every(2, self.maker.tick),
            "colleagues": every(2, channels.colleagues.tick),
            "notices": lambda: NoticeFollower(state, clock, governance).run(bell),
            "notice-drop": every(3600, channels.colleagues.notices.forget),
            "newcomers": lambda: Newcomers(state, clock, governance, channels).run(bell),
            "bulk-channels": every(2, channels.spanning.bulks.step),
            "pushes": every(1, self.pushing.tick),
        }
        if self.ground.settings.smtp_url:
            loops["digests"] = every(20, self.mailing.tick)
        return loops


def _blobs(settings: Settings) -> Blobs:
    """Where the bytes of files are: a folder of this machine, or a storage that all machines reach."""
    return S3Blobs(settings.files_url, settings.files / INCOMING) if settings.files_url else FolderBlobs(settings.files)
