"""A second person's word on a post, bound to every text as it will stand there."""

from __future__ import annotations

import uuid
from dataclasses import replace

from dure.governance.api import Principal, access
from dure.kernel.errors import NotAllowed
from dure.kernel.ids import uuid7
from dure.social.conflicts import conflict
from dure.social.publishing import events, rules, rules_store, talk_store
from dure.social.publishing.book import Book
from dure.social.publishing.model import Plan, Review, State
from dure.state import Tx

_WHY_NOT = {
    "not_a_person": "Only a person approves, in their own name.",
    "not_an_approver": "Posts are approved by others here.",
    "own": "Nobody approves their own post here.",
}


class Reviewing:
    """Asks, approves and returns."""

    def __init__(self, book: Book) -> None:
        self._book = book

    async def submit(self, principal: Principal, id: uuid.UUID, note: str = "") -> Plan:
        async with self._book.state.begin(principal.tenant) as tx:
            return await self.submit_in(tx, principal, id, note)

    async def submit_in(self, tx: Tx, principal: Principal, id: uuid.UUID, note: str = "") -> Plan:
        """Asks for a word on the post as it is now; Invalid where it could not be published like this."""
        access(principal, "social:write")
        said = rules.words(note, "note")
        plan = await self._book.plan(tx, principal, id, lock=True)
        if plan.state not in ("draft", "in_review"):
            raise conflict("초안만 승인을 요청할 수 있습니다.", "Only a draft is submitted.", "state")
        made = Review(
            uuid7(), id, await self._book.fit(tx, principal, plan), principal.actor, self._book.clock.now(), said
        )
        await talk_store.add_review(tx, principal.tenant.workspace, made)
        told = {"hash": made.hash, "note": said}
        return await self._book.keep(tx, principal, replace(plan, state="in_review"), events.SUBMITTED, told)

    async def decide(
        self, principal: Principal, id: uuid.UUID, hash: str, approve: bool, comment: str = ""
    ) -> Plan:  # fmt: skip
        """Approves or returns what was asked; a Conflict where `hash`, which the caller saw, is not it any more.

        What has a time ahead is scheduled with that word."""
        access(principal, "social:publish")
        said = rules.words(comment, "comment", needed=not approve)
        now, workspace = self._book.clock.now(), principal.tenant.workspace
        async with self._book.state.begin(principal.tenant) as tx:
            plan = await self._book.plan(tx, principal, id, lock=True)
            asked = next((one for one in await talk_store.reviews(tx, workspace, id) if not one.decision), None)
            if plan.state != "in_review" or asked is None:
                raise conflict("지금은 승인을 요청한 글이 아닙니다.", "Nobody asks for a word on this now.", "state")
            demand = await rules_store.rules(tx, workspace)
            is_now = self._book.hash(plan, await self._book.places(tx, workspace), demand)
            if approve and not is_now == asked.hash == hash:
                raise conflict(
                    "승인을 요청한 뒤에 글이나 링크의 태그가 바뀌었습니다.",
                    "The post, or the tags of its links, changed since this was asked.",
                    "hash",
                )
            authors = await talk_store.writers(tx, workspace, id) | {plan.author, asked.asked_by}
            why = rules.why_not(demand, principal, authors)
            if why and (approve or why != "own"):
                raise NotAllowed(_WHY_NOT[why], data={"why": why})
            decided = replace(
                asked, decision="approved" if approve else "returned", decided_by=principal.user, decided_at=now,
                comment=said,
            )  # fmt: skip
            await talk_store.decide(tx, workspace, decided)
            told = {"hash": asked.hash, "comment": said, "asked_by": asked.asked_by}
            if not approve:
                return await self._book.keep(tx, principal, replace(plan, state="draft"), events.RETURNED, told)
            state: State = "scheduled" if plan.due_at is not None and plan.due_at > now else "approved"
            kept = replace(plan, state=state, hash=asked.hash, approved_by=principal.user)
            return await self._book.keep(tx, principal, kept, events.APPROVED, told)
