"""What is due is published: taken with a lease, each network once, whatever process dies in between.

Before a text is handed over it is written down; it is said under a key of its own that never says anything twice. So
whoever takes over says what nobody said, learns what was said, and what nobody can know is asked of a person.
"""

from __future__ import annotations

import asyncio
import uuid
from collections.abc import Mapping
from dataclasses import asdict, dataclass, replace
from datetime import datetime, timedelta
from typing import Any

from dure.governance.api import Governance, Principal, access
from dure.kernel.errors import Conflict, DureError, NotFound
from dure.social.conflicts import conflict
from dure.social.plugs import Outcome, Post, Refused, Said, Unknown
from dure.social.publishing import events, rules, rules_store, store
from dure.social.publishing.book import Book
from dure.social.publishing.model import Fate, Plan, State
from dure.social.publishing.plugs import Says
from dure.social.publishing.rendering import render
from dure.social.publishing.store import Turn
from dure.state import Tx

LATE = timedelta(hours=6)
"""What is due longer than this was written for another hour: a person gives it a new time."""
_TRIES = 4
_REST = 1.0
_BEING_SAID = 60.0
_FATES: Mapping[type[Any], Fate] = {Said: "said", Refused: "refused", Unknown: "unknown"}


@dataclass(frozen=True, slots=True)
class Letter:
    """One variant, ready to be handed over."""

    source: uuid.UUID
    attempt: int
    tries: int
    post: Post
    about: Mapping[str, Any]
    theirs: bool
    """Its place is an employee's own account meanwhile."""

    def key(self, plan: uuid.UUID) -> str:
        return f"post/{plan}/{self.source}/{self.attempt}"


class Posting:
    """Any number of processes have these hands."""

    def __init__(self, book: Book, governance: Governance, says: Says) -> None:
        self._book = book
        self._governance = governance
        self._says = says

    async def work(self) -> None:
        while True:
            if not await self.step():
                await asyncio.sleep(_REST)

    async def step(self, now: datetime | None = None) -> bool:
        """Takes the plan that is due longest and publishes it; whether there was one. `now` stands in for the
        database's clock."""
        async with self._book.state.begin_system() as tx:
            turn = await store.claim(tx, uuid.uuid4(), store.LEASE, now)
        if turn is None:
            return False
        principal = self._governance.system(turn.tenant, "publishing")
        resting: dict[uuid.UUID, float] = {}  # what is tried again later keeps no other network waiting
        while (letter := await self._next(turn, principal, now, resting)) is not None:
            outcome = await self._say(turn, principal, letter)
            if isinstance(outcome, float):
                resting[letter.source] = outcome
            else:
                await self._settle(turn, letter, outcome)
        return True

    # -- a person's part --------------------------------------------------------------------------------------------

    async def retry(self, principal: Principal, id: uuid.UUID) -> Plan:
        """What was refused is tried once more, now; what stands there already is left alone."""
        access(principal, "social:publish")
        async with self._book.state.begin(principal.tenant) as tx:
            plan = await self._book.plan(tx, principal, id, lock=True)
            left = [one.wording.source for one in plan.variants if one.fate in ("refused", "waiting")]
            if plan.state not in ("failed", "partly") or not left:
                raise conflict("거절된 곳이 없습니다.", "Nothing of it was refused.", "state")
            demand = await rules_store.rules(tx, principal.tenant.workspace)
            is_now = self._book.hash(plan, await self._book.places(tx, principal.tenant.workspace), demand)
            if demand.approval and is_now != plan.hash:
                raise conflict(
                    "먼저 다른 사람의 승인이 필요합니다.", "A second person has to approve this post first.", "approval"
                )
            await store.again(tx, principal.tenant.workspace, id, left)
            kept = replace(plan, state="scheduled", due_at=self._book.clock.now(), ended_at=None, hash=is_now)
            return await self._book.keep(
                tx, principal, kept, events.RETRIED, {"again": [str(one) for one in left]}
            )  # fmt: skip

    async def check(
        self, principal: Principal, id: uuid.UUID, source: uuid.UUID, stands: bool, url: str = ""
    ) -> Plan:  # fmt: skip
        """A person looked where nobody knew. Where nothing stands there it counts as refused, and may be retried."""
        access(principal, "social:publish")
        now, workspace = self._book.clock.now(), principal.tenant.workspace
        async with self._book.state.begin(principal.tenant) as tx:
            plan = await self._book.plan(tx, principal, id, lock=True)
            found = next((one for one in plan.variants if one.wording.source == source), None)
            if found is None:
                raise NotFound("It is not meant for this source.", field="source")
            if found.fate != "unknown" or plan.state == "publishing":
                raise conflict("결과를 이미 압니다.", "What became of it is known.", "source")
            fate: Fate = "said" if stands else "refused"
            outcome = {"code": "checked", "detail": "", "by": principal.actor, "stands": stands}
            await store.settle(
                tx, workspace, id, source, found.attempt, fate, outcome, "", rules.words(url, "url"),
                now if stands else None,
            )  # fmt: skip
            if not stands:
                await store.next_attempt(tx, workspace, id, source)
            plan = await self._book.plan(tx, principal, id)
            kept = replace(plan, state=rules.ended(one.fate for one in plan.variants))
            told = {"source": str(source), "stands": stands, "url": url}
            return await self._book.keep(tx, principal, kept, events.CHECKED, told)

    # -- one after another ------------------------------------------------------------------------------------------

    async def _next(
        self, turn: Turn, principal: Principal, now: datetime | None, resting: Mapping[uuid.UUID, float]
    ) -> Letter | None:
        """The next variant, written down as it will be handed over; None where the turn is over."""
        async with self._book.state.begin(turn.tenant) as tx:
            plan = await store.held(tx, turn, now)
            if plan is None:
                return None
            left = [one for one in plan.variants if one.fate == "waiting"]
            begun = any(one.fate != "waiting" or one.tries for one in plan.variants)
            demand = await rules_store.rules(tx, turn.tenant.workspace)
            if demand.paused_at is not None:
                await store.put_down(tx, turn, "publishing" if begun else "scheduled", 0, now)
                return None
            if not left:
                await self._end(tx, principal, plan)
                return None
            left = [one for one in left if one.wording.source not in resting]
            if not left:
                await store.put_down(tx, turn, "publishing", min(resting.values()), now)
                return None
            places = await self._book.places(tx, turn.tenant.workspace)
            owned = await self._book.owned(tx, turn.tenant.workspace)
            if not begun:
                theirs = any(one.wording.source in owned for one in left)
                changed = theirs or self._book.hash(plan, places, demand) != plan.hash
                late = (now or self._book.clock.now()) - (plan.due_at or plan.changed_at) > LATE
                if changed or late:
                    await self._hold(tx, principal, plan, "changed" if changed else "late")
                    return None
            variant = left[0]
            shown = render(plan.content, variant.wording, places.get(variant.wording.source), demand.utm)
            if not shown.problems and self._book.tracks and demand.tracked and not variant.sent:
                place = places[variant.wording.source]
                made = await self._book.tracks.made(
                    tx, principal, f"{plan.id}/{variant.wording.source}", place.network,
                    list(dict.fromkeys(one.target for one in shown.links)),
                )  # fmt: skip
                shown = render(plan.content, variant.wording, place, demand.utm, lambda one: made[one])
            # What was written down once is what this key says, however often it is tried.
            text = variant.sent or shown.text
            await store.prepare(tx, turn.tenant.workspace, plan.id, variant.wording.source, text)
            about = {"post": str(plan.id), "title": plan.content.title, "campaign": plan.content.campaign}
            post = Post(text, shown.title, "", plan.content.language, shown.place)
            theirs = variant.wording.source in owned
            return Letter(variant.wording.source, variant.attempt, variant.tries + 1, post, about, theirs)

    async def _say(self, turn: Turn, principal: Principal, letter: Letter) -> Outcome | float:
        """What became of it, or after how many seconds to try again."""
        outcome: Outcome
        if letter.theirs:
            return Refused("settings", "This is an employee's own account.")
        try:
            outcome = await self._says.publish(
                principal, letter.source, letter.post, letter.key(turn.plan), letter.about
            )  # fmt: skip
        except Conflict as error:
            if error.field == "key":  # another hand is at it, or died at it a moment ago
                return _BEING_SAID
            outcome = Refused("settings", error.message)
        except DureError as error:
            outcome = Refused("settings", error.message)
        if isinstance(outcome, Refused) and outcome.wait and letter.tries < _TRIES:
            return outcome.wait
        return outcome

    async def _settle(self, turn: Turn, letter: Letter, outcome: Outcome) -> None:
        """True whoever holds the lease now: the outcome belongs to the key."""
        said = isinstance(outcome, Said)
        async with self._book.state.begin(turn.tenant) as tx:
            await store.settle(
                tx, turn.tenant.workspace, turn.plan, letter.source, letter.attempt, _FATES[type(outcome)],
                asdict(outcome), outcome.reference if isinstance(outcome, Said) else "",
                outcome.url if isinstance(outcome, Said) else "", self._book.clock.now() if said else None,
            )  # fmt: skip

    async def _end(self, tx: Tx, principal: Principal, plan: Plan) -> None:
        state: State = rules.ended(one.fate for one in plan.variants)
        kept = replace(plan, state=state, ended_at=self._book.clock.now())
        await self._book.keep(tx, principal, kept, events.ENDED, rules.told(kept))

    async def _hold(self, tx: Tx, principal: Principal, plan: Plan, why: str) -> None:
        """Back to whoever writes it, or gives it a time."""
        changed = why == "changed"
        kept = replace(
            plan, state="draft" if changed else "approved", due_at=None, hash="" if changed else plan.hash,
            approved_by="" if changed else plan.approved_by,
        )  # fmt: skip
        await self._book.keep(tx, principal, kept, events.HELD, {"why": why})
