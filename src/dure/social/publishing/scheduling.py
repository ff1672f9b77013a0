"""When posts are published: their times, the rules they go by, and the switch that stops them all."""

from __future__ import annotations

import uuid
from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import datetime

from dure.feed.api import append
from dure.governance.api import Principal, access
from dure.kernel.errors import Invalid
from dure.social.conflicts import conflict
from dure.social.publishing import events, rules, rules_store, store
from dure.social.publishing.book import Book
from dure.social.publishing.model import Plan, Rules
from dure.state import Tx

_MOVABLE = ("draft", "in_review", "approved", "scheduled")


class Scheduling:
    """Times, rules and the pause."""

    def __init__(self, book: Book) -> None:
        self._book = book

    async def move(self, principal: Principal, id: uuid.UUID, due_at: datetime | None) -> Plan:
        """Gives a time, or takes it away. An approved post with a time is scheduled: its texts stay as approved."""
        access(principal, "social:write")
        now = self._book.clock.now()
        at = rules.ahead(due_at, now) if due_at is not None else None
        async with self._book.state.begin(principal.tenant) as tx:
            plan = await self._book.plan(tx, principal, id, lock=True)
            if plan.state not in _MOVABLE:
                raise conflict("게시 중이거나 이미 게시했습니다.", "It is on its way or was published.", "state")
            if plan.due_at == at and (plan.state != "approved" or at is None):
                return plan
            state = plan.state
            if plan.state in ("approved", "scheduled"):
                access(principal, "social:publish")
                state = "scheduled" if at is not None else "approved"
            name = events.SCHEDULED if at is not None else events.UNSCHEDULED
            told = {"before": plan.due_at.isoformat() if plan.due_at else None}
            return await self._book.keep(tx, principal, replace(plan, due_at=at, state=state), name, told)

    async def schedule(self, principal: Principal, id: uuid.UUID, due_at: datetime | None = None) -> Plan:
        """Has a post published at its time, or at this one; None and no time of its own: now.

        A Conflict where a second person's word is asked for and was not given."""
        access(principal, "social:publish")
        now = self._book.clock.now()
        async with self._book.state.begin(principal.tenant) as tx:
            plan = await self._book.plan(tx, principal, id, lock=True)
            if plan.state not in _MOVABLE:
                raise conflict("게시 중이거나 이미 게시했습니다.", "It is on its way or was published.", "state")
            demand = await rules_store.rules(tx, principal.tenant.workspace)
            is_now = await self._book.fit(tx, principal, plan)
            if demand.approval and (plan.state not in ("approved", "scheduled") or plan.hash != is_now):
                raise conflict(
                    "먼저 다른 사람의 승인이 필요합니다.", "A second person has to approve this post first.", "approval"
                )
            at = rules.ahead(due_at, now) if due_at is not None else max(plan.due_at or now, now)
            told = {"before": plan.due_at.isoformat() if plan.due_at else None}
            kept = replace(plan, due_at=at, state="scheduled", hash=is_now)
            return await self._book.keep(tx, principal, kept, events.SCHEDULED, told)

    # -- rules ------------------------------------------------------------------------------------------------------

    async def set_rules(
        self, principal: Principal, version: int, *, approval: bool, own: bool, approvers: Sequence[str],
        utm: Mapping[str, str], tracked: bool,
    ) -> tuple[Rules, list[Plan]]:  # fmt: skip
        """The new rules, and the posts whose approval they end: other tags are other texts."""
        access(principal, "social:configure")
        rules.check_utm(utm)
        if len(approvers) > 200:
            raise Invalid("At most 200.", field="approvers")
        async with self._book.state.begin(principal.tenant) as tx:
            found = await rules_store.locked_rules(tx, principal.tenant)
            if found.version != version:
                raise conflict(
                    "그 사이 다른 사람이 규칙을 바꾸었습니다.", "Somebody changed the rules meanwhile.", "version"
                )
            kept = replace(
                found, approval=approval, own=own, approvers=tuple(dict.fromkeys(approvers)), utm=dict(utm),
                tracked=tracked, version=version + 1,
            )  # fmt: skip
            await rules_store.keep_rules(tx, principal.tenant, kept)
            changed = await self._outdated(tx, principal, kept)
            told = {"rules": _told(kept), "before": _told(found), "back": [str(one.id) for one in changed]}
            await append(tx, events.house_event(principal, events.RULES_CHANGED, self._book.clock.now(), told))
            return kept, changed

    async def _outdated(self, tx: Tx, principal: Principal, demand: Rules) -> list[Plan]:
        """Sends back what was approved or asked for with other tags: its texts are not those any more."""
        workspace, places = principal.tenant.workspace, await self._book.places(tx, principal.tenant.workspace)
        changed = []
        for one in await store.bound(tx, workspace):
            if self._book.hash(one, places, demand) != one.hash:
                kept = replace(one, state="draft", hash="", approved_by="", changed_at=self._book.clock.now())
                await store.keep(tx, workspace, kept)
                changed.append(kept)
        return changed

    # -- the pause --------------------------------------------------------------------------------------------------

    async def pause(self, principal: Principal, why: str = "") -> Rules:
        async with self._book.state.begin(principal.tenant) as tx:
            return await self.pause_in(tx, principal, why)

    async def pause_in(self, tx: Tx, principal: Principal, why: str = "") -> Rules:
        """From now on nothing leaves, of what is half done neither. Twice is once."""
        access(principal, "social:publish")
        now, said = self._book.clock.now(), rules.words(why, "why")
        found = await rules_store.locked_rules(tx, principal.tenant)
        if found.paused_at is not None:
            return found
        kept = replace(found, paused_at=now, paused_by=principal.actor, paused_why=said)
        await rules_store.keep_rules(tx, principal.tenant, kept)
        told = {"why": said, "user": principal.actor}
        await append(tx, events.house_event(principal, events.PAUSED, now, told))
        return kept

    async def resume(self, principal: Principal) -> tuple[Rules, list[Plan]]:
        """Posts leave again at their times. What came due meanwhile was written for another hour: it is not sent by
        itself, but waits for a new time."""
        access(principal, "social:publish")
        now, workspace = self._book.clock.now(), principal.tenant.workspace
        async with self._book.state.begin(principal.tenant) as tx:
            found = await rules_store.locked_rules(tx, principal.tenant)
            if found.paused_at is None:
                return found, []
            missed = []
            for one in await store.on_their_way(tx, workspace, now):
                fates = [variant.fate for variant in one.variants if variant.fate != "waiting"]
                half = bool(fates)
                state = rules.ended(["refused", *fates]) if half else "approved"
                kept = replace(one, state=state, due_at=one.due_at if half else None, changed_at=now,
                               ended_at=now if half else None)  # fmt: skip
                await store.keep(tx, workspace, kept)
                missed.append(kept)
            kept_rules = replace(found, paused_at=None, paused_by="", paused_why="")
            await rules_store.keep_rules(tx, principal.tenant, kept_rules)
            told = {"user": principal.actor, "held": [str(one.id) for one in missed]}
            await append(tx, events.house_event(principal, events.RESUMED, now, told))
            return kept_rules, missed


def _told(one: Rules) -> dict[str, object]:
    return {
        "approval": one.approval, "own": one.own, "approvers": list(one.approvers), "utm": dict(one.utm),
        "tracked": one.tracked,
    }  # fmt: skip
