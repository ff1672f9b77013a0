"""Employees' part: what they may share, their own link for each share, where it is said, and what they say of it."""

from __future__ import annotations

import uuid
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any, Protocol

from dure.feed.api import append
from dure.governance.api import Governance, Principal, User, access
from dure.kernel.clock import Clock
from dure.kernel.errors import Invalid, NotAllowed, NotFound
from dure.kernel.ids import uuid7
from dure.kernel.tenant import Tenant
from dure.social.advocacy import events, rules, share_store, store
from dure.social.advocacy.advocates import Advocates
from dure.social.advocacy.model import How, Rules, Share, ShareState, Story
from dure.social.advocacy.networks import NETWORKS, length
from dure.social.conflicts import conflict
from dure.social.links.api import Clicks, Link, Links, NewLink
from dure.social.plugs import Outcome, Post, Said, Unknown
from dure.state import State, Tx

MOST_REACH = 10**9


class Says(Protocol):
    """Says a post at most once for each key; `sources.saying` is the one in the box."""

    async def publish(
        self, principal: Principal, source_id: uuid.UUID, post: Post, key: str, about: Mapping[str, Any] | None = None
    ) -> Outcome: ...


@dataclass(frozen=True, slots=True)
class Offered:
    """A story in an employee's feed: their own shares of it, how many colleagues shared it, and the names of those who
    let their name be seen."""

    story: Story
    mine: Sequence[Share]
    colleagues: int
    names: Sequence[str]


@dataclass(frozen=True, slots=True)
class Prepared:
    """A share that waits to be said. `texts` are whole by language, with the line that says who speaks; `account` is a
    source of the employee's own on this network."""

    share: Share
    story: Story
    link: str
    texts: Mapping[str, str]
    lines: Sequence[str]
    account: uuid.UUID | None
    account_name: str
    host: str


class Sharing:
    def __init__(
        self, state: State, clock: Clock, governance: Governance, links: Links, advocates: Advocates, says: Says
    ) -> None:  # fmt: skip
        self._state = state
        self._clock = clock
        self._governance = governance
        self._links = links
        self._advocates = advocates
        self._says = says

    # -- looking ----------------------------------------------------------------------------------------------------

    async def feed(self, principal: Principal) -> list[Offered]:
        """What the caller may share now, the newest first."""
        access(principal, "social:read")
        me, workspace = await self._advocates.me(principal), principal.tenant.workspace
        async with self._state.begin(principal.tenant) as tx:
            stories = [one for one in await store.running(tx, workspace) if rules.is_for(one, me.function)]
            mine = await share_store.of_employee(tx, workspace, me.id)
            shared = await share_store.of_stories(tx, workspace, [one.id for one in stories])
            others = sorted({one.employee for one in shared if one.employee and one.employee != me.id})
            known = await store.advocates(tx, workspace, others)
            names = {one.id: one.display or one.name for one in await self._governance.users_in(tx, principal.tenant)}
        found = []
        for story in stories:
            theirs = [one for one in shared if one.story == story.id and one.employee != me.id]
            people = list(dict.fromkeys(one.employee for one in theirs if one.employee))
            gone = sum(not one.employee for one in theirs)
            seen = [names[one] for one in people if known[one].named and one in names]
            found.append(Offered(story, [one for one in mine if one.story == story.id], len(people) + gone, seen))
        return found

    async def mine(self, principal: Principal) -> list[tuple[Share, Story, Link | None, Clicks]]:
        """The caller's own shares with what came by each, the newest first."""
        access(principal, "social:read")
        me, workspace = await self._advocates.me(principal), principal.tenant.workspace
        async with self._state.begin(principal.tenant) as tx:
            shares = await share_store.of_employee(tx, workspace, me.id, 100)
            stories = {one.id: one for one in await store.stories(tx, workspace, (), 1_000)}
            links = {one.id: one for one in await self._links.of(tx, principal, "share", [str(s.id) for s in shares])}
        clicks = await self._links.clicks(principal, list(links.values()))
        return [
            (one, stories[one.story], links.get(one.link), clicks.get(one.link, Clicks()))
            for one in shares if one.story in stories
        ]  # fmt: skip

    # -- sharing ----------------------------------------------------------------------------------------------------

    async def prepare(self, principal: Principal, story_id: uuid.UUID, network: str) -> Prepared:
        """The caller's own link for a story on a network, made once, and the texts to begin with."""
        access(principal, "social:write")
        me, tenant, now = await self._advocates.me(principal), principal.tenant, self._clock.now()
        mine = await self._advocates.own(principal)
        async with self._state.begin(tenant) as tx:
            story = await self._running(tx, tenant, story_id, me, now)
            if network not in story.content.networks:
                raise Invalid("This story is not for that network.", field="network")
            asked = await store.rules(tx, tenant.workspace)
            company = (await self._governance.workspace_in(tx, tenant.workspace)).org_name
            advocate = (await store.advocates(tx, tenant.workspace, [me.id]))[me.id]
            share = await share_store.mine(tx, tenant.workspace, story.id, me.id, network)
            if share is None:
                share = await self._begun(tx, principal, story, me, network, now)
            [link] = await self._links.of(tx, principal, "share", [str(share.id)])
        url, spoken = self._links.url(link.code), NETWORKS[network]
        texts = {
            language: rules.said_as(
                rules.text_for(story, network, language), rules.disclosure(asked, language, company),
                url if spoken.inside else "",
            )
            for language in rules.LANGUAGES
        }  # fmt: skip
        own = next((one for one in mine if one["id"] in advocate.sources and one["network"] == network), None)
        return Prepared(
            share, story, url, texts, _lines(asked, company), own["id"] if own else None, own["name"] if own else "",
            advocate.mastodon,
        )  # fmt: skip

    async def opened(self, principal: Principal, share_id: uuid.UUID, text: str, how: How) -> Share:
        """The network's composer was opened with the text, or the text was copied; whether it is said there only the
        employee knows."""
        access(principal, "social:write")
        if how not in ("composer", "clipboard"):
            raise Invalid("`how` is composer or clipboard.", field="how")
        me, now = await self._advocates.me(principal), self._clock.now()
        async with self._state.begin(principal.tenant) as tx:
            share, story = await self._mine(tx, principal, share_id, me, now)
            await self._checked(tx, principal, share, text)
            if share.state not in ("prepared", "refused"):
                return share
            kept = replace(share, state="opened", how=how, shared_at=now)
            return await self._keep(tx, principal, kept, story, events.SHARED, {"url": ""})

    async def publish(self, principal: Principal, share_id: uuid.UUID, source: uuid.UUID, text: str) -> Share:
        """Says it by a connected source that is the employee's own account; at most once, whatever happens between."""
        access(principal, "social:write")
        me, now = await self._advocates.me(principal), self._clock.now()
        mine = {one["id"]: one for one in await self._advocates.own(principal)}
        async with self._state.begin(principal.tenant) as tx:
            share, story = await self._mine(tx, principal, share_id, me, now)
            advocate = (await store.advocates(tx, principal.tenant.workspace, [me.id]))[me.id]
            if source not in advocate.sources or source not in mine:
                raise NotAllowed("This is not an account of your own.", field="source")
            if mine[source]["network"] != share.network:
                raise Invalid("This account is on another network.", field="source")
            if share.state not in ("prepared", "refused"):
                raise conflict("이미 공유했습니다.", "You shared it there already.", "state", state=share.state)
            [link] = await self._links.of(tx, principal, "share", [str(share.id)])
            url = self._links.url(link.code)
            said = text.strip() if url in text else f"{text.strip()}\n\n{url}"
            await self._checked(tx, principal, share, said)
        about = {"side": "employees", "share": str(share.id), "story": str(story.id)}
        key = f"share/{share.id}"
        outcome = await self._says.publish(principal, source, Post(said), key, about)
        async with self._state.begin(principal.tenant) as tx:
            held = await share_store.share(tx, principal.tenant.workspace, share.id, lock=True)
            if held is None or held.state not in ("prepared", "refused"):  # another hand was quicker; the key is one
                return held or share
            state: ShareState = "refused"
            if isinstance(outcome, Said | Unknown):
                state = "said" if isinstance(outcome, Said) else "unknown"
            there = (outcome.reference, outcome.url) if isinstance(outcome, Said) else ("", "")
            kept = replace(
                held, state=state, how="source", source=source, reference=there[0], url=there[1],
                shared_at=now if state != "refused" else held.shared_at,
            )  # fmt: skip
            name = events.NOTED if state == "refused" else events.SHARED
            return await self._keep(tx, principal, kept, story, name, {"url": there[1]})

    async def posted(self, principal: Principal, share_id: uuid.UUID, url: str = "") -> Share:
        """The employee says that it stands there, and where."""
        access(principal, "social:write")
        me, now = await self._advocates.me(principal), self._clock.now()
        if url and (len(url) > 2000 or not url.startswith(("https://", "http://"))):
            raise Invalid("The address begins with https://.", field="url")
        async with self._state.begin(principal.tenant) as tx:
            share, story = await self._mine(tx, principal, share_id, me, None)
            if share.how == "source" and share.state == "said":
                raise conflict(
                    "어디에 올라갔는지는 네트워크가 알려 주었습니다.", "Its network said where it stands.", "url"
                )
            kept = replace(share, state="said", url=url or share.url, shared_at=share.shared_at or now,
                           how=share.how or "clipboard")  # fmt: skip
            if kept == share:
                return share
            name = events.NOTED if share.shared_at else events.SHARED
            return await self._keep(tx, principal, kept, story, name, {"url": kept.url})

    async def reached(self, principal: Principal, share_id: uuid.UUID, reach: int) -> Share:
        """How many saw it, as the employee reads it on the network."""
        access(principal, "social:write")
        me = await self._advocates.me(principal)
        if not 0 <= reach <= MOST_REACH:
            raise Invalid("`reach` is a number of people.", field="reach")
        async with self._state.begin(principal.tenant) as tx:
            share, story = await self._mine(tx, principal, share_id, me, None)
            if share.shared_at is None:
                raise conflict("아직 공유하지 않았습니다.", "It was not shared yet.", "state")
            if share.reach_by == "measured":
                raise conflict("네트워크가 이미 알려 주었습니다.", "The network said it already.", "reach")
            return await self._reach(tx, principal, share, story, reach, "stated")

    async def measure(self) -> int:
        """Takes over what networks say of shares that they told us of; how many."""
        async with self._state.begin_system() as tx:
            found = await share_store.measured(tx)
            for row in found:
                tenant = Tenant(row["org"], row["workspace"])
                share = await share_store.share(tx, tenant.workspace, row["id"], lock=True)
                story = await store.story(tx, tenant.workspace, share.story) if share else None
                if share is not None and story is not None:
                    principal = self._governance.system(tenant, "advocacy")
                    await self._reach(tx, principal, share, story, row["reach"], "measured")
        return len(found)

    # -- within -----------------------------------------------------------------------------------------------------

    async def _begun(
        self, tx: Tx, principal: Principal, story: Story, me: User, network: str, now: datetime
    ) -> Share:  # fmt: skip
        made = uuid7()
        utm = {"source": network, "medium": "social", "campaign": story.content.campaign, "content": "employee"}
        [link] = await self._links.made(
            tx, principal, [NewLink(story.content.url, ("share", str(made)), network, "employees", utm)]
        )
        share = Share(made, story.id, me.id, me.function, network, link.id, "prepared", now)
        await share_store.add(tx, principal.tenant, share)
        await append(tx, events.share_event(principal, events.PREPARED, now, share, story))
        return share

    async def _running(self, tx: Tx, tenant: Tenant, id: uuid.UUID, me: User, now: datetime | None) -> Story:
        """`now` None: whether it still runs does not matter."""
        story = await store.story(tx, tenant.workspace, id)
        if story is None:
            raise NotFound("There is no such story.", field="story")
        over = now is not None and story.content.ends_at is not None and story.content.ends_at <= now
        if now is not None and (story.state != "running" or over):
            raise conflict(
                "더는 공유하지 않는 이야기입니다.", "This story is not shared any more.", "story", state=story.state
            )
        if now is not None and not rules.is_for(story, me.function):
            raise NotAllowed("This story is for other teams.", field="story")
        return story

    async def _mine(
        self, tx: Tx, principal: Principal, id: uuid.UUID, me: User, now: datetime | None
    ) -> tuple[Share, Story]:
        share = await share_store.share(tx, principal.tenant.workspace, id, lock=True)
        if share is None or share.employee != me.id:
            raise NotFound("There is no such share of yours.", field="share")
        return share, await self._running(tx, principal.tenant, share.story, me, now)

    async def _checked(self, tx: Tx, principal: Principal, share: Share, text: str) -> None:
        workspace, network = principal.tenant.workspace, NETWORKS[share.network]
        if not text.strip() or len(text) > 10_000:
            raise Invalid("`text` has 1 to 10,000 letters.", field="text")
        company = (await self._governance.workspace_in(tx, workspace)).org_name
        if not rules.discloses(text, await store.rules(tx, workspace), company):
            raise Invalid("Say that you work here: keep the line that says so.", field="text")
        if network.most and (over := length(network, text) - network.most) > 0:
            raise Invalid(f"It is {over} characters too long for {network.title['en']}.", field="text")

    async def _keep(
        self, tx: Tx, principal: Principal, share: Share, story: Story, name: str, more: Mapping[str, Any]
    ) -> Share:
        await share_store.keep(tx, principal.tenant.workspace, share)
        await append(tx, events.share_event(principal, name, self._clock.now(), share, story, more))
        return share

    async def _reach(
        self, tx: Tx, principal: Principal, share: Share, story: Story, reach: int, by: Any
    ) -> Share:  # fmt: skip
        if (share.reach, share.reach_by) == (reach, by):
            return share
        kept, before = replace(share, reach=reach, reach_by=by), share.reach or 0
        more = {"reach": reach, "by": by, "before": before, "added": reach - before}
        return await self._keep(tx, principal, kept, story, events.REACHED, more)


def _lines(asked: Rules, company: str) -> list[str]:
    return [line for language in rules.LANGUAGES if (line := rules.disclosure(asked, language, company))]
