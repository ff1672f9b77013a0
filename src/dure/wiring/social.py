"""Social's room: what is heard, whose it is, what is answered and published, and what came of it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from fastapi import APIRouter
from starlette.routing import BaseRoute, Route

from dure.connectors.social import sources as social_sources
from dure.deals.lookups import open_deals
from dure.metrics.api import Metrics
from dure.people.api import People
from dure.social import routes
from dure.social.advocacy import routes as advocacy_routes
from dure.social.advocacy.advocates import Advocates
from dure.social.advocacy.api import Advocacy
from dure.social.advocacy.leaving import Leaving
from dure.social.advocacy.report import Report
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
from dure.social.ideas import routes as idea_routes
from dure.social.ideas.api import Ideas
from dure.social.linking import routes as linking_routes
from dure.social.linking.api import Linking
from dure.social.links import routes as link_routes
from dure.social.links.api import Links
from dure.social.links.door import PATH, LinkDoor
from dure.social.listening import routes as listening_routes
from dure.social.listening.api import Listening
from dure.social.listening.shelf import Shelf
from dure.social.publishing import routes as publishing_routes
from dure.social.publishing.api import Publishing
from dure.social.publishing.tracking import Tracking
from dure.social.reading import routes as reading_routes
from dure.social.routing import routes as routing_routes
from dure.social.routing.api import Routing
from dure.social.sources import routes as source_routes
from dure.social.sources.api import Sources
from dure.social.withdrawing import Withdrawing
from dure.wiring.ground import Ground
from dure.wiring.lookups import accounts
from dure.work import Loop, every


class SocialRoom:
    def __init__(self, ground: Ground, people: People, metrics: Metrics) -> None:
        state, log, clock, governance = ground.state, ground.log, ground.clock, ground.governance
        self.ground, site = ground, ground.settings.url
        self.social = Social(state, clock)
        self.sources = Sources(
            state, clock, governance, self.social, social_sources(ground.outgoing()), ground.key
        )  # fmt: skip
        self.routing, self.becoming = Routing(state, clock, self.social.shelf), Becoming(state, clock)
        self.linking = self.social.linker = Linking(state, clock, people, open_deals)
        self.ideas = Ideas(state, clock, people, open_deals)
        self.care = Care(state, clock, governance, self.social, self.sources)
        self.surveys = Surveys(state, clock, governance, self.sources, ground.postman(), key=ground.key, site=site)
        self.waits = ResponseClocks(state, clock, governance, self.care, accounts(people), self.surveys)
        self.care.timed_by(self.waits.keeping)
        self.listening, self.shelf = Listening(state, log, clock), Shelf(state, log)
        self.effect = Effect(state, log, clock, metrics, self.listening)
        self.withdrawing = Withdrawing(state, log, clock)
        self.links = Links(state, log, clock, site)
        self.publishing = Publishing(
            state, clock, governance, self.sources.connectors, self.sources.saying, Tracking(self.links)
        )
        self.advocacy = Advocacy(state, clock, governance, self.links)
        self.advocates = Advocates(state, clock, governance, self.sources)
        self.sharing = Sharing(state, clock, governance, self.links, self.advocates, self.sources.saying)
        self.report = Report(state, clock, governance, self.links)

    def routers(self) -> Sequence[APIRouter]:
        return (
            routing_routes.router(self.routing),
            linking_routes.router(self.linking),
            becoming_routes.router(self.becoming),
            idea_routes.router(self.ideas),
            care_routes.router(self.care),
            clock_routes.router(self.waits),
            survey_door(self.surveys, self.ground.assets),
            link_routes.router(self.links),
            advocacy_routes.router(self.advocacy, self.advocates, self.sharing, self.report),
            publishing_routes.router(self.publishing),
            routes.router(self.social),
            source_routes.router(self.sources, self.ground.settings.url),
            source_routes.outside(self.sources),
            reading_routes.router(self.social),
            listening_routes.router(self.listening),
            effect_routes.router(self.effect),
        )

    def first(self) -> Sequence[BaseRoute]:
        """Where tracked links lead through, before everything else."""
        return (Route(PATH, LinkDoor(self.links, self.ground.governance, self.ground.assets)),)

    def loops(self) -> Mapping[str, Loop]:
        state, clock, governance, bell = self.ground.state, self.ground.clock, self.ground.governance, self.ground.bell
        return {
            "social": every(2, self.social.tick),
            "sources": self.sources.pulling.work,
            "source-streams": self.sources.streaming.work,
            "source-payloads": every(600, self.sources.forget_payloads),
            "reading": every(5, self.social.readers.tick),
            "mention-router": every(20, self.routing.tick),
            "inbox": lambda: self.care.follower.run(bell),
            "inbox-look": every(2, self.care.tick),
            "inbox-clocks": every(2, self.waits.tick),
            "links": self.links.run,
            "publishing": self.publishing.posting.work,
            "advocacy": every(2, self.advocacy.tick),
            "advocacy-reach": every(60, self.sharing.measure),
            "advocates": lambda: Leaving(state, clock, governance, self.links).run(bell),
            "listening-shelf": lambda: self.shelf.run(bell),
            "listening": every(1, self.listening.tick),
            "withdrawing": every(30, self.withdrawing.tick),
        }
