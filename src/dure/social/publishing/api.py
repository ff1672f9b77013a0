"""Publishing's entrance: drafts written by several, kept with every text they had; the calendar they stand in."""

from __future__ import annotations

import uuid
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from dure.feed.api import append
from dure.governance.api import Governance, Principal, access
from dure.kernel.clock import Clock
from dure.kernel.errors import Invalid, NotFound
from dure.kernel.ids import uuid7
from dure.social.conflicts import conflict
from dure.social.plugs import Source
from dure.social.publishing import events, rules, rules_store, store, talk_store
from dure.social.publishing.book import Book
from dure.social.publishing.figures import Figures
from dure.social.publishing.importing import Importing
from dure.social.publishing.model import (
    STATES,
    Comment,
    Content,
    Place,
    Plan,
    Rendered,
    Review,
    Rules,
    Variant,
    Version,
    Wording,
)
from dure.social.publishing.plugs import Says
from dure.social.publishing.posting import Posting
from dure.social.publishing.reviewing import Reviewing
from dure.social.publishing.scheduling import Scheduling
from dure.social.publishing.tracking import Tracking
from dure.state import State, Tx

__all__ = ["Content", "Plan", "Publishing", "Wording"]

_MOST = 1_000


@dataclass(frozen=True, slots=True)
class Whole:
    """A plan with how it will look, who said what of it, and whether the caller may approve it."""

    plan: Plan
    rendered: Sequence[Rendered]
    reviews: Sequence[Review]
    comments: Sequence[Comment]
    hash: str
    why_not: str


class Publishing:
    """`reviews`, `calendar`, `posting`, `figures` and `imports` are its further doors."""

    def __init__(
        self, state: State, clock: Clock, governance: Governance, connectors: Mapping[str, Source], says: Says,
        tracks: Tracking | None,
    ) -> None:  # fmt: skip
        self.book = Book(state, clock, connectors, tracks)
        self._state, self._clock = state, clock
        self.reviews = Reviewing(self.book)
        self.calendar = Scheduling(self.book)
        self.posting = Posting(self.book, governance, says)
        self.figures = Figures(self.book, governance)
        self.imports = Importing(self.book, governance)

    # -- looking ----------------------------------------------------------------------------------------------------

    async def plans(
        self, principal: Principal, *, since: datetime | None = None, until: datetime | None = None,
        states: Sequence[str] = (), text: str = "", evergreen: bool = False, limit: int = 500,
    ) -> list[Plan]:  # fmt: skip
        """By their time; with a range only those with a time in it, without one those that have none last."""
        access(principal, "social:read")
        for one in states:
            if one not in STATES:
                raise Invalid(f"`state` is one of {', '.join(STATES)}.", field="state")
        async with self._state.begin(principal.tenant) as tx:
            return await store.plans(
                tx, principal.tenant.workspace, since=since, until=until, states=states, text=text[:200],
                evergreen=evergreen, limit=min(max(limit, 1), _MOST),
            )  # fmt: skip

    async def undated(self, principal: Principal) -> list[Plan]:
        """What is being written and has no time yet, changed last first."""
        access(principal, "social:read")
        async with self._state.begin(principal.tenant) as tx:
            return await store.undated(tx, principal.tenant.workspace, 200)

    async def waiting(self, principal: Principal) -> list[tuple[Plan, Review]]:
        """What somebody asks a word on, longest waiting first."""
        access(principal, "social:read")
        async with self._state.begin(principal.tenant) as tx:
            found = await store.plans(
                tx, principal.tenant.workspace, since=None, until=None, states=["in_review"], text="",
                evergreen=False, limit=_MOST,
            )  # fmt: skip
            asked = await talk_store.asked(tx, principal.tenant.workspace, [one.id for one in found])
        pairs = [(one, asked[one.id]) for one in found if one.id in asked]
        return sorted(pairs, key=lambda pair: pair[1].asked_at)

    async def one(self, principal: Principal, id: uuid.UUID) -> Whole:
        access(principal, "social:read")
        async with self._state.begin(principal.tenant) as tx:
            return await self._whole(tx, principal, await self.book.plan(tx, principal, id))

    async def versions(self, principal: Principal, id: uuid.UUID) -> list[Version]:
        """Every text that it had, newest first, and those kept aside."""
        access(principal, "social:read")
        async with self._state.begin(principal.tenant) as tx:
            await self.book.plan(tx, principal, id)
            return await talk_store.versions(tx, principal.tenant.workspace, id)

    async def places(self, principal: Principal) -> list[Place]:
        """Where posts can go."""
        access(principal, "social:read")
        async with self._state.begin(principal.tenant) as tx:
            return list((await self.book.places(tx, principal.tenant.workspace)).values())

    async def preview(self, principal: Principal, content: Content) -> list[Rendered]:
        """A content as it would stand on each network, with nothing kept. What cannot be said yet is shown too."""
        access(principal, "social:read")
        kept = rules.check(replace(content, title=content.title.strip() or "-"))
        async with self._state.begin(principal.tenant) as tx:
            places = await self.book.places(tx, principal.tenant.workspace)
            demand = await rules_store.rules(tx, principal.tenant.workspace)
        now = self._clock.now()
        plan = Plan(
            uuid7(), replace(kept, title=content.title), tuple(Variant(one) for one in kept.wordings), "draft", None,
            principal.actor, now, now, principal.actor,
        )  # fmt: skip
        return self.book.rendered(plan, places, demand)

    # -- writing ----------------------------------------------------------------------------------------------------

    async def draft(
        self, principal: Principal, content: Content, *, due_at: datetime | None = None, evergreen: bool = False
    ) -> Plan:
        async with self._state.begin(principal.tenant) as tx:
            return await self.draft_in(tx, principal, content, due_at=due_at, evergreen=evergreen)

    async def draft_in(
        self, tx: Tx, principal: Principal, content: Content, *, due_at: datetime | None = None,
        evergreen: bool = False, original: uuid.UUID | None = None, key: str = "",
    ) -> Plan:  # fmt: skip
        """A new draft. With a `key` it is made once: the same key gives the one that was made."""
        access(principal, "social:write")
        now, workspace, kept = self._clock.now(), principal.tenant.workspace, rules.check(content)
        await self._known(tx, workspace, kept)
        plan = Plan(
            uuid7(), kept, tuple(Variant(one) for one in kept.wordings), "draft",
            rules.ahead(due_at, now) if due_at else None, principal.actor, now, now, principal.actor,
            evergreen=evergreen, original=original,
        )  # fmt: skip
        if not await store.add(tx, principal.tenant, plan, key):
            made = await store.made_by(tx, workspace, key)
            if made is None:
                raise NotFound("What this key made is gone.", field="key")
            return await self.book.plan(tx, principal, made)
        await talk_store.add_version(tx, workspace, plan.id, _version(plan))
        await self.book.tell(tx, principal, plan, events.DRAFTED, {"from": str(original) if original else None})
        return plan

    async def save(
        self, principal: Principal, id: uuid.UUID, version: int, content: Content, *, evergreen: bool | None = None
    ) -> Whole:
        """Keeps a text. A Conflict carries the text that somebody else kept meanwhile; an edit ends any approval."""
        access(principal, "social:write")
        now, workspace, wanted = self._clock.now(), principal.tenant.workspace, rules.check(content)
        async with self._state.begin(principal.tenant) as tx:
            found = await self.book.plan(tx, principal, id, lock=True)
            if version != found.version:
                raise conflict(
                    "그 사이 다른 사람이 썼습니다.", "Somebody else wrote here meanwhile.", "version",
                    version=found.version, by=found.changed_by, content=store.as_json(found.content),
                )  # fmt: skip
            ever = found.evergreen if evergreen is None else evergreen
            if wanted == found.content and ever == found.evergreen:
                return await self._whole(tx, principal, found)
            await self._known(tx, workspace, wanted, {one.source for one in found.content.wordings})
            variants = rules.edited(found, wanted)
            # Only that it may be said again changed: no text did.
            same = wanted == found.content
            kept = replace(
                found, content=replace(wanted, wordings=tuple(one.wording for one in variants)), variants=variants,
                state=found.state if same else "draft", version=found.version + 1, evergreen=ever, changed_at=now,
                changed_by=principal.actor, hash=found.hash if same else "",
                approved_by=found.approved_by if same else "", ended_at=None if not same else found.ended_at,
            )  # fmt: skip
            await store.keep_variants(tx, workspace, kept)
            await talk_store.add_version(tx, workspace, id, _version(kept))
            if not same:
                await talk_store.drop_reviews(tx, workspace, id)
            kept = await self.book.keep(tx, principal, kept, events.EDITED, {"was": found.state})
            return await self._whole(tx, principal, kept)

    async def set_aside(self, principal: Principal, id: uuid.UUID, content: Content) -> Version:
        """Keeps a text beside the draft's own, where somebody met another's and left that standing."""
        access(principal, "social:write")
        async with self._state.begin(principal.tenant) as tx:
            plan = await self.book.plan(tx, principal, id)
            made = Version(
                uuid7(), plan.version, self._clock.now(), principal.actor, rules.check(content), aside=True
            )  # fmt: skip
            await talk_store.add_version(tx, principal.tenant.workspace, id, made)
            await self.book.tell(tx, principal, plan, events.SET_ASIDE, {"kept": str(made.id)})
            return made

    async def copy(self, principal: Principal, id: uuid.UUID, due_at: datetime | None = None) -> Plan:
        """A new draft of the same texts, by whoever copies."""
        async with self._state.begin(principal.tenant) as tx:
            found = await self.book.plan(tx, principal, id)
            places = await self.book.places(tx, principal.tenant.workspace)
            left = tuple(one for one in found.content.wordings if one.source in places)
            return await self.draft_in(
                tx, principal, replace(found.content, wordings=left), due_at=due_at, evergreen=found.evergreen,
                original=id,
            )  # fmt: skip

    async def remove(self, principal: Principal, id: uuid.UUID) -> None:
        """A plan of which nothing stands anywhere."""
        access(principal, "social:write")
        async with self._state.begin(principal.tenant) as tx:
            found = await self.book.plan(tx, principal, id, lock=True)
            if found.state == "publishing" or any(one.fate in ("said", "unknown") for one in found.variants):
                raise conflict(
                    "게시했거나 게시했을 수 있어 지울 수 없습니다.",
                    "It was published, or may be: the plan stays.",
                    "state",
                )
            await store.remove(tx, principal.tenant.workspace, id)
            await self.book.tell(tx, principal, found, events.REMOVED)

    async def comment(
        self, principal: Principal, id: uuid.UUID, text: str, source: uuid.UUID | None = None
    ) -> Comment:  # fmt: skip
        access(principal, "social:write")
        async with self._state.begin(principal.tenant) as tx:
            plan = await self.book.plan(tx, principal, id)
            said = rules.words(text, "text", needed=True)
            made = Comment(uuid7(), id, source, principal.actor, self._clock.now(), said)
            await talk_store.add_comment(tx, principal.tenant.workspace, made)
            await self._tell_comment(tx, principal, plan, made)
            return made

    async def settle_comment(
        self, principal: Principal, id: uuid.UUID, comment: uuid.UUID, done: bool = True
    ) -> Comment:  # fmt: skip
        access(principal, "social:write")
        async with self._state.begin(principal.tenant) as tx:
            plan = await self.book.plan(tx, principal, id)
            made = await talk_store.comment_done(tx, principal.tenant.workspace, id, comment, done)
            if made is None:
                raise NotFound("There is no such comment.", field="comment")
            await self._tell_comment(tx, principal, plan, made)
            return made

    # -- within -----------------------------------------------------------------------------------------------------

    async def _tell_comment(self, tx: Tx, principal: Principal, plan: Plan, made: Comment) -> None:
        told: dict[str, Any] = {
            "comment": str(made.id), "said": made.text[:500], "done": made.done,
            "on": str(made.source) if made.source else None,
        }  # fmt: skip
        await append(tx, events.plan_event(principal, events.COMMENTED, self._clock.now(), plan, told))

    async def _known(
        self, tx: Tx, workspace: str, content: Content, kept: set[uuid.UUID] | frozenset[uuid.UUID] = frozenset()
    ) -> None:
        """Invalid for a source that no post can go to; one that the plan has already may be gone since."""
        places = await self.book.places(tx, workspace)
        for number, one in enumerate(content.wordings):
            if one.source not in places and one.source not in kept:
                raise Invalid("There is no such source that publishes.", field=f"wordings[{number}].source")

    async def _whole(self, tx: Tx, principal: Principal, plan: Plan) -> Whole:
        workspace = principal.tenant.workspace
        places, demand = await self.book.places(tx, workspace), await rules_store.rules(tx, workspace)
        reviews = await talk_store.reviews(tx, workspace, plan.id)
        why = ""
        if plan.state == "in_review":
            authors = await talk_store.writers(tx, workspace, plan.id) | {plan.author}
            why = rules.why_not(demand, principal, authors)
        return Whole(
            plan, self.book.rendered(plan, places, demand), reviews,
            await talk_store.comments(tx, workspace, plan.id), self.book.hash(plan, places, demand), why,
        )  # fmt: skip

    async def rules(self, principal: Principal) -> Rules:
        access(principal, "social:read")
        async with self._state.begin(principal.tenant) as tx:
            return await rules_store.rules(tx, principal.tenant.workspace)


def _version(plan: Plan) -> Version:
    return Version(uuid7(), plan.version, plan.changed_at, plan.changed_by, plan.content)
