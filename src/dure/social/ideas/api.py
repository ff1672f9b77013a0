"""Ideas' entrance: made, changed, asked for, voted for, merged and taken apart again; what they are worth."""

from __future__ import annotations

import csv
import io
import uuid
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from typing import Any

from dure.automation.plugs import Lookup
from dure.feed.api import append
from dure.governance.api import Principal, access
from dure.kernel.clock import Clock
from dure.kernel.errors import Conflict, Invalid, NotFound
from dure.kernel.ids import uuid7
from dure.people.api import People
from dure.social import store as mentions
from dure.social.conflicts import conflict
from dure.social.ideas import events, rules, store
from dure.social.ideas.model import Asking, Idea, Merge, Whole
from dure.state import State, Tx

__all__ = ["Asking", "Idea", "Ideas", "Merge", "Whole"]

_MOST = 500


class Ideas:
    """`open_deals` is asked by account, for what those who ask are worth and who looks after them."""

    def __init__(self, state: State, clock: Clock, people: People, open_deals: Lookup) -> None:
        self._state = state
        self._clock = clock
        self._people = people
        self._open_deals = open_deals

    # -- looking ----------------------------------------------------------------------------------------------------

    async def ideas(self, principal: Principal, *, state: str = "", text: str = "", limit: int = 200) -> list[Idea]:
        """Those that went into no other, the most asked for first, each with what its askers' open deals sum to."""
        access(principal, "social:read")
        if state:
            rules.check(state=state)
        async with self._state.begin(principal.tenant) as tx:
            found = await store.ideas(
                tx, principal.tenant.workspace, principal.actor, state, text[:200], min(max(limit, 1), _MOST)
            )
            return await self._valued(tx, principal, found)

    async def one(self, principal: Principal, id: uuid.UUID) -> Whole:
        """An idea with who asked, who votes, what went into it, and what is near it in words."""
        access(principal, "social:read")
        workspace = principal.tenant.workspace
        async with self._state.begin(principal.tenant) as tx:
            (idea,) = await self._valued(tx, principal, [await self._idea(tx, principal, id)])
            askings = await self._known(tx, principal, await store.askings(tx, workspace, id))
            voters = await store.voters(tx, workspace, id)
            merges = await store.merges(tx, workspace, id)
            near = await self._near(tx, principal, await store.grams_of(tx, workspace, id), id)
        return Whole(idea, askings, voters, merges, near)

    async def similar(self, principal: Principal, title: str) -> list[tuple[Idea, float]]:
        """Ideas of nearly the same words, the nearest first, at most five."""
        access(principal, "social:read")
        async with self._state.begin(principal.tenant) as tx:
            return await self._near(tx, principal, rules.grams(title[:1000]), None)

    async def sheet(self, principal: Principal) -> str:
        """Every idea as CSV."""
        found = await self.ideas(principal, limit=_MOST)
        held = io.StringIO()
        rows = csv.writer(held)
        rows.writerow(["id", "title", "state", "topic", "votes", "mentions", "care", "sales", "by_hand", "accounts",
                       "open_deals", "created", "changed"])  # fmt: skip
        for one in found:
            value = ", ".join(f"{amount} {currency}" for currency, amount in sorted(one.value.items()))
            told = [one.id, one.title, one.state, one.topic, one.votes,
                    *(one.demand.get(source, 0) for source in ("mention", "care", "sales", "hand")),
                    len(one.accounts), value, one.created_at.date(), one.changed_at.date()]  # fmt: skip
            rows.writerow([rules.in_sheet(cell) for cell in told])
        return held.getvalue()

    # -- changing ---------------------------------------------------------------------------------------------------

    async def create(
        self, principal: Principal, title: str, *, about: str = "", topic: str = "", owner: str = ""
    ) -> Idea:  # fmt: skip
        async with self._state.begin(principal.tenant) as tx:
            return await self.create_in(tx, principal, title, about=about, topic=topic, owner=owner)

    async def create_in(
        self, tx: Tx, principal: Principal, title: str, *, about: str = "", topic: str = "", owner: str = ""
    ) -> Idea:  # fmt: skip
        access(principal, "social:write")
        title, now = rules.checked_title(title), self._clock.now()
        rules.check(about=about, topic=topic)
        idea = Idea(uuid7(), title, about, "open", topic, owner, None, 1, now, principal.actor, now)
        await store.add(tx, principal.tenant, idea, rules.grams(title))
        await append(tx, events.idea_event(principal, events.CREATED, now, idea, {}))
        return idea

    async def change(
        self, principal: Principal, id: uuid.UUID, *, version: int | None = None, title: str | None = None,
        about: str | None = None, state: str | None = None, topic: str | None = None, owner: str | None = None,
    ) -> Idea:  # fmt: skip
        """What is left out stays. With `version`, an idea that changed since it was read is a Conflict."""
        access(principal, "social:write")
        now, workspace = self._clock.now(), principal.tenant.workspace
        async with self._state.begin(principal.tenant) as tx:
            found = await self._idea(tx, principal, id, lock=True)
            if version is not None and version != found.version:
                raise conflict(
                    "그 사이 다른 사람이 이 아이디어를 바꾸었습니다.",
                    "Somebody changed this idea meanwhile.",
                    "version",
                )
            given = {"title": title, "about": about, "state": state, "topic": topic, "owner": owner}
            said: dict[str, Any] = {name: value for name, value in given.items() if value is not None}
            if "title" in said:
                said["title"] = rules.checked_title(said["title"])
            kept = replace(found, **said)
            rules.check(about=kept.about, state=kept.state, topic=kept.topic)
            before = {name: getattr(found, name) for name in said if getattr(found, name) != getattr(kept, name)}
            if not before:
                return found
            kept = replace(kept, version=found.version + 1, changed_at=now)
            await store.keep(tx, workspace, kept, rules.grams(kept.title))
            more = {"before": before, "moved": "state" in before}
            await append(tx, events.idea_event(principal, events.CHANGED, now, kept, more))
            return kept

    async def vote(self, principal: Principal, id: uuid.UUID, wanted: bool = True) -> Idea:
        """A colleague's vote, or taken back; twice is once."""
        access(principal, "social:write")
        now, workspace, who = self._clock.now(), principal.tenant.workspace, principal.actor
        async with self._state.begin(principal.tenant) as tx:
            found = await self._idea(tx, principal, id, lock=True)
            changed = await (
                store.vote(tx, workspace, id, who, now) if wanted else store.unvote(tx, workspace, id, who)
            )
            if changed:
                told = {"vote": wanted, "user": who}
                await append(tx, events.idea_event(principal, events.VOTED, now, found, told))
            return await self._idea(tx, principal, id)

    async def ask(
        self, principal: Principal, id: uuid.UUID, *, source: str = "hand", ref: str = "", said: str = "",
        person: str = "", account: str = "",
    ) -> Asking:  # fmt: skip
        """Somebody asked for it: a mention (`ref` is its id; text, person and account are its own), or a note."""
        who = await self._people.person(principal, person) if person else None
        async with self._state.begin(principal.tenant) as tx:
            return await self.ask_in(
                tx, principal, id, source=source, ref=ref, said=said, person=who.id if who else None,
                account=account or (who.account if who else ""),
            )  # fmt: skip

    async def ask_in(
        self, tx: Tx, principal: Principal, id: uuid.UUID, *, source: str, ref: str = "", said: str = "",
        person: uuid.UUID | None = None, account: str = "",
    ) -> Asking:  # fmt: skip
        access(principal, "social:write")
        rules.check(source=source, said=said)
        now, workspace = self._clock.now(), principal.tenant.workspace
        idea = await self._idea(tx, principal, id, lock=True)
        if source == "mention":
            mention = await mentions.mention(tx, workspace, _id(ref, "ref"))
            if mention is None:
                raise NotFound("There is no such mention.", field="ref")
            said, person, account = mention.text[: rules.SAID], mention.person, mention.account
        elif not said.strip():
            raise Invalid("Say what was asked for.", field="said")
        made = Asking(uuid7(), id, source, ref or str(uuid7()), said, person, account, now, principal.actor)
        asked = await store.ask(tx, workspace, made)
        if asked is not None:
            where = "this idea" if asked == id else "another idea"
            raise Conflict(f"It asks for {where} already.", field="ref", data={"idea": str(asked)})
        await append(tx, events.asking_event(principal, now, idea, made))
        return made

    async def unask(self, principal: Principal, id: uuid.UUID, asking: uuid.UUID) -> None:
        """Takes an asking away again."""
        access(principal, "social:write")
        async with self._state.begin(principal.tenant) as tx:
            idea = await self._idea(tx, principal, id, lock=True)
            gone = await store.unask(tx, principal.tenant.workspace, id, asking)
            if gone is None:
                raise NotFound("Nobody asked that here.", field="asking")
            await append(tx, events.asking_event(principal, self._clock.now(), idea, gone, gone=True))

    async def merge(self, principal: Principal, id: uuid.UUID, into: uuid.UUID) -> Merge:
        """One idea goes into another with all who asked and voted; `undo_merge` takes it back."""
        access(principal, "social:write")
        if id == into:
            raise Invalid("An idea does not go into itself.", field="into")
        now, workspace, merge_id = self._clock.now(), principal.tenant.workspace, uuid7()
        async with self._state.begin(principal.tenant) as tx:
            for one in sorted((id, into)):
                await self._idea(tx, principal, one, lock=True)
            found, target = await self._idea(tx, principal, id), await self._idea(tx, principal, into)
            if found.merged_into or target.merged_into:
                raise conflict(
                    "이미 다른 아이디어에 합쳐진 것이 있습니다.", "One of them went into another idea already.", "into"
                )
            await store.merge(tx, workspace, merge_id, id, into, now, principal.actor)
            kept = replace(found, merged_into=into, version=found.version + 1, changed_at=now)
            await store.keep(tx, workspace, kept, rules.grams(kept.title))
            more = {"into": str(into), "into_title": target.title, "merge": str(merge_id)}
            await append(tx, events.idea_event(principal, events.MERGED, now, kept, more))
            return next(one for one in await store.merges(tx, workspace, into) if one.id == merge_id)

    async def undo_merge(self, principal: Principal, merge: uuid.UUID) -> Idea:
        """The idea stands alone again, with what was moved; what came since stays where it is."""
        access(principal, "social:write")
        now, workspace = self._clock.now(), principal.tenant.workspace
        async with self._state.begin(principal.tenant) as tx:
            undone = await store.unmerge(tx, workspace, merge, now)
            if undone is None:
                raise NotFound("There is no such merge, or it was undone.", field="merge")
            found = await self._idea(tx, principal, undone["idea"], lock=True)
            kept = replace(found, merged_into=None, version=found.version + 1, changed_at=now)
            await store.keep(tx, workspace, kept, rules.grams(kept.title))
            more = {"from": str(undone["into_idea"]), "merge": str(merge)}
            await append(tx, events.idea_event(principal, events.UNMERGED, now, kept, more))
            return await self._idea(tx, principal, kept.id)

    # -- for steps --------------------------------------------------------------------------------------------------

    async def wish_in(
        self, tx: Tx, principal: Principal, title: str, *, source: str, ref: str, said: str, account: str
    ) -> tuple[Idea, bool]:  # fmt: skip
        """What somebody asks for joins the idea of nearly the same words, or becomes one; whether it is new."""
        title = rules.checked_title(" ".join(title.split())[: rules.TITLE])
        near = await self._near(tx, principal, rules.grams(title), None)
        idea = near[0][0] if near and near[0][1] >= rules.SAME else None
        made = idea or await self.create_in(tx, principal, title)
        await self.ask_in(tx, principal, made.id, source=source, ref=ref, said=said or title, account=account)
        return made, idea is None

    async def askers_in(self, tx: Tx, principal: Principal, id: uuid.UUID) -> tuple[Idea, list[Asking], list[str]]:
        """Who asked, and who of the house has to hear of it: owners of the accounts and their open deals, and whoever
        wrote the asking down."""
        access(principal, "social:read")
        idea = await self._idea(tx, principal, id)
        askings = await self._known(tx, principal, await store.askings(tx, principal.tenant.workspace, id))
        owners = [owner for one in askings for owner in one.deals.get("owners", ())]
        owners += [one.actor for one in askings if one.actor.startswith(("U", "W"))]
        return idea, askings, list(dict.fromkeys(owners))

    # -- within -----------------------------------------------------------------------------------------------------

    async def _idea(self, tx: Tx, principal: Principal, id: uuid.UUID, *, lock: bool = False) -> Idea:
        found = await store.idea(tx, principal.tenant.workspace, id, principal.actor, lock=lock)
        if found is None:
            raise NotFound("There is no such idea.")
        return found

    async def _near(
        self, tx: Tx, principal: Principal, grams: Sequence[int], but: uuid.UUID | None
    ) -> list[tuple[Idea, float]]:  # fmt: skip
        scored = [
            (rules.nearness(grams, others), near)
            for near, others in await store.near(tx, principal.tenant.workspace, grams, but)
        ]
        best = sorted((one for one in scored if one[0] >= rules.NEAR), key=lambda one: (-one[0], str(one[1])))[:5]
        return [(await self._idea(tx, principal, near), round(score, 3)) for score, near in best]

    async def _valued(self, tx: Tx, principal: Principal, ideas: Sequence[Idea]) -> list[Idea]:
        accounts = sorted({account for one in ideas for account in one.accounts})
        deals = await self._open_deals(tx, principal.tenant, accounts) if accounts else {}
        return [replace(one, value=_sum(deals[name] for name in one.accounts if name in deals)) for one in ideas]

    async def _known(self, tx: Tx, principal: Principal, askings: Sequence[Asking]) -> list[Asking]:
        """With the names of people and accounts, and the deals that are open with them."""
        people = await self._people.known(tx, principal.tenant, {one.person for one in askings if one.person})
        accounts = sorted({one.account for one in askings if one.account})
        deals = await self._open_deals(tx, principal.tenant, accounts) if accounts else {}
        named = await self._people.accounts(tx, principal.tenant, accounts) if accounts else {}
        return [
            replace(
                one,
                person_name=str(people[one.person].traits.get("name") or "") if one.person in people else "",
                account_name=str(
                    deals.get(one.account, {}).get("account_name") or named.get(one.account, {}).get("name")
                    or one.account
                ),
                deals=deals.get(one.account, {}),
            )
            for one in askings
        ]  # fmt: skip


def _sum(deals: Iterable[Mapping[str, Any]]) -> dict[str, int]:
    total: Counter[str] = Counter()
    for one in deals:
        total.update(one.get("amounts", {}))
    return dict(total)


def _id(text: str, field: str) -> uuid.UUID:
    try:
        return uuid.UUID(text)
    except ValueError as error:
        raise Invalid(f"`{field}` is an id.", field=field) from error
