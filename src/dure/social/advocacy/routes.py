"""Advocacy over HTTP: the employee's feed and shares, the manager's stories, rules and report."""

from __future__ import annotations

import uuid
from dataclasses import asdict, field
from datetime import UTC, datetime
from typing import Any

import msgspec

from dure.governance.http import Caller
from dure.social.advocacy.advocates import Advocates
from dure.social.advocacy.api import Advocacy, Content, Rules, Story
from dure.social.advocacy.model import DISCLOSURE, STATES, Advocate, How, Share, Text
from dure.social.advocacy.networks import NETWORKS
from dure.social.advocacy.report import Report
from dure.social.advocacy.rules import LANGUAGES
from dure.social.advocacy.sharing import Offered, Sharing
from dure.web.body import body
from dure.web.routing import APIRouter


@body
class NewText:
    language: str
    text: str
    network: str = ""


@body
class NewStory:
    """With a `post` (its id) it is offered from that post, once. Times are ISO 8601; `teams` none: everybody."""

    title: str
    url: str
    about: str = ""
    texts: list[NewText] = field(default_factory=list)
    networks: list[str] = field(default_factory=list)
    teams: list[str] = field(default_factory=list)
    campaign: str = ""
    starts_at: datetime | None = None
    ends_at: datetime | None = None
    post: str = ""

    def content(self) -> Content:
        # A post may be in any language; what colleagues begin with is Korean or English.
        texts = [
            Text(one.language if one.language in LANGUAGES or not self.post else "en", one.text, one.network)
            for one in self.texts if one.text.strip() or not self.post
        ]  # fmt: skip
        return Content(
            self.title, self.url, self.about, texts, self.networks, self.teams, self.campaign, _utc(self.starts_at),
            _utc(self.ends_at),
        )  # fmt: skip


@body
class EditedStory(NewStory):
    version: int = 0


@body
class Seen:
    """The version that the caller looked at."""

    version: int
    comment: str = ""


@body
class Why:
    comment: str = ""


@body
class On:
    network: str


@body
class Opened:
    text: str
    how: How = "composer"


@body
class Said:
    source: uuid.UUID
    text: str


@body
class Posted:
    url: str = ""


@body
class Reached:
    reach: int


@body
class Me:
    named: bool = False
    reminders: bool = True
    mastodon: str = ""
    sources: list[uuid.UUID] = field(default_factory=list)


@body
class Whose:
    employee: str = ""


@body
class NewRules:
    version: int
    approval: bool = True
    own: bool = False
    approvers: list[str] = field(default_factory=list)
    disclosed: bool = True
    disclosure: dict[str, str] = field(default_factory=lambda: dict(DISCLOSURE))
    a_week: int = 1
    leaderboard: bool = False
    price: int | None = None
    currency: str = ""


def router(api: Advocacy, advocates: Advocates, sharing: Sharing, report: Report) -> APIRouter:
    """/api/v1/advocacy."""
    routes = APIRouter(prefix="/api/v1/advocacy", tags=["social"])

    @routes.get("/feed")
    async def feed(caller: Caller) -> dict[str, Any]:
        """What the caller may share now, the newest first, with what they and their colleagues shared of it."""
        found = await sharing.feed(caller)
        return {"stories": [_offered(one) for one in found], "networks": _networks()}

    @routes.get("/mine")
    async def mine(caller: Caller) -> dict[str, Any]:
        """The caller's own shares with clicks, people and sign-ups by each."""
        found = await sharing.mine(caller)
        return {
            "shares": [
                {**_share(share), "title": story.content.title, "story_state": story.state, **asdict(clicks)}
                for share, story, _, clicks in found
            ]
        }  # fmt: skip

    @routes.get("/me")
    async def me(caller: Caller) -> dict[str, Any]:
        """The caller's settings, and which connected sources they may call their own accounts."""
        advocate, accounts = await advocates.of(caller)
        return {**asdict(advocate), "accounts": accounts}

    @routes.put("/me")
    async def set_me(caller: Caller, body: Me) -> dict[str, Any]:
        """Changes the caller's settings."""
        await advocates.set(caller, Advocate("", body.named, body.reminders, body.mastodon, body.sources))
        return await me(caller)

    @routes.post("/stories/{story}/shares")
    async def prepare(caller: Caller, story: uuid.UUID, body: On) -> dict[str, Any]:
        """The caller's own link for a story on a network, made once, with whole texts to begin with."""
        found = await sharing.prepare(caller, story, body.network)
        return {
            "share": _share(found.share), "link": found.link, "texts": found.texts, "lines": found.lines,
            "account": {"id": found.account, "name": found.account_name} if found.account else None,
            "network": NETWORKS[body.network].told(), "host": found.host,
        }  # fmt: skip

    @routes.post("/shares/{share}/opened")
    async def opened(caller: Caller, share: uuid.UUID, body: Opened) -> dict[str, Any]:
        """The network's composer was opened with this text, or it was copied."""
        return _share(await sharing.opened(caller, share, body.text, body.how))

    @routes.post("/shares/{share}/publish")
    async def publish(caller: Caller, share: uuid.UUID, body: Said) -> dict[str, Any]:
        """Says it by a connected source that is the caller's own account, at most once."""
        return _share(await sharing.publish(caller, share, body.source, body.text))

    @routes.post("/shares/{share}/posted")
    async def posted(caller: Caller, share: uuid.UUID, body: Posted) -> dict[str, Any]:
        """The caller says that it stands there, and where."""
        return _share(await sharing.posted(caller, share, body.url))

    @routes.put("/shares/{share}/reach")
    async def reached(caller: Caller, share: uuid.UUID, body: Reached) -> dict[str, Any]:
        """How many saw it, as the caller reads it on the network; kept as stated."""
        return _share(await sharing.reached(caller, share, body.reach))

    @routes.get("/stories")
    async def stories(caller: Caller, state: str = "", limit: int = 100) -> dict[str, Any]:
        """Every story, or those of states parted by commas; what was changed last comes first."""
        found = await api.stories(caller, [one for one in state.split(",") if one], limit)
        return {"stories": [_story(one) for one in found], "states": STATES, "networks": _networks()}

    @routes.post("/stories", status_code=201)
    async def offer(caller: Caller, body: NewStory) -> dict[str, Any]:
        """A new draft, by hand or from a post."""
        return _story(await api.offer(caller, body.content(), ("post", body.post) if body.post else ("hand", "")))

    @routes.get("/stories/{story}")
    async def one(caller: Caller, story: uuid.UUID) -> dict[str, Any]:
        """A story, and what the caller may do with it."""
        found = await api.one(caller, story)
        return {**_story(found), "may": await api.may(caller, found)}

    @routes.put("/stories/{story}")
    async def edit(caller: Caller, story: uuid.UUID, body: EditedStory) -> dict[str, Any]:
        """Writes a story anew; what was approved is a draft again. Of one that runs only its end changes."""
        await api.edit(caller, story, body.version, body.content())
        return await one(caller, story)

    @routes.post("/stories/{story}/submit")
    async def submit(caller: Caller, story: uuid.UUID, body: Seen) -> dict[str, Any]:
        """Asks another person for their word."""
        await api.submit(caller, story, body.version)
        return await one(caller, story)

    @routes.post("/stories/{story}/approve")
    async def approve(caller: Caller, story: uuid.UUID, body: Seen) -> dict[str, Any]:
        """Approves the version that was looked at; it runs from then on, or from its time."""
        await api.decide(caller, story, body.version, True, body.comment)
        return await one(caller, story)

    @routes.post("/stories/{story}/return")
    async def send_back(caller: Caller, story: uuid.UUID, body: Seen) -> dict[str, Any]:
        """Sends it back with a word on why."""
        await api.decide(caller, story, body.version, False, body.comment)
        return await one(caller, story)

    @routes.post("/stories/{story}/end")
    async def end(caller: Caller, story: uuid.UUID) -> dict[str, Any]:
        """Nobody shares it any more."""
        await api.end(caller, story)
        return await one(caller, story)

    @routes.post("/stories/{story}/withdraw")
    async def withdraw(caller: Caller, story: uuid.UUID, body: Why) -> dict[str, Any]:
        """Takes it out at any time; links that are out there still lead on."""
        await api.withdraw(caller, story, body.comment)
        return await one(caller, story)

    @routes.get("/accounts")
    async def accounts(caller: Caller) -> dict[str, Any]:
        """For administrators: every source that posts can go to, and whose own account it is."""
        return {"accounts": await advocates.accounts(caller)}

    @routes.put("/accounts/{source}")
    async def give_account(caller: Caller, source: uuid.UUID, body: Whose) -> dict[str, Any]:
        """An administrator says whose own account a source is; nobody's is the brand's."""
        return asdict(await advocates.give(caller, source, body.employee))

    @routes.get("/rules")
    async def rules(caller: Caller) -> dict[str, Any]:
        """What the organisation asks of stories and shares."""
        return asdict(await api.rules(caller))

    @routes.put("/rules")
    async def set_rules(caller: Caller, body: NewRules) -> dict[str, Any]:
        """Changes them; `version` is the one that was read."""
        return asdict(await api.set_rules(caller, Rules(
            body.approval, body.own, body.approvers, body.disclosed, body.disclosure, body.a_week, body.leaderboard,
            body.price, body.currency, body.version,
        )))  # fmt: skip

    @routes.get("/report")
    async def told(caller: Caller, days: int = 30) -> dict[str, Any]:
        """The brand's links beside employees' shares: clicks, people, sign-ups, reach by who says so."""
        return {**await report.of(caller, days), "names": _networks()}

    @routes.get("/leaderboard")
    async def leaderboard(caller: Caller, days: int = 30) -> dict[str, Any]:
        """Those who want to be seen, where the organisation wants a leaderboard."""
        return await report.leaderboard(caller, days)

    return routes


def _networks() -> list[dict[str, Any]]:
    return [one.told() for one in NETWORKS.values()]


def _story(one: Story) -> dict[str, Any]:
    told = asdict(one)
    content = told.pop("content") | {"texts": msgspec.to_builtins(list(one.content.texts))}
    return {**told, **content, "origin": {"kind": one.origin[0], "id": one.origin[1]}}


def _share(one: Share) -> dict[str, Any]:
    return {name: value for name, value in asdict(one).items() if name != "reference"}


def _offered(one: Offered) -> dict[str, Any]:
    return {
        **_story(one.story), "mine": [_share(share) for share in one.mine], "colleagues": one.colleagues,
        "names": list(one.names),
    }  # fmt: skip


def _utc(at: datetime | None) -> datetime | None:
    return at.replace(tzinfo=UTC) if at is not None and at.tzinfo is None else at
