"""Advocacy's entrance: stories are offered, written, approved by another person, run, end and are withdrawn."""

from __future__ import annotations

import uuid
from collections.abc import Sequence
from dataclasses import asdict, replace
from typing import Any

from dure.feed.api import append
from dure.governance.api import Governance, Principal, access, allowed
from dure.kernel.clock import Clock
from dure.kernel.errors import Conflict, Invalid, NotAllowed, NotFound
from dure.kernel.ids import uuid7
from dure.social.advocacy import events, rules, store
from dure.social.advocacy.model import EDITABLE, OVER, STATES, Content, Rules, Story
from dure.social.conflicts import conflict
from dure.social.links.api import Links
from dure.state import State, Tx

__all__ = ["Advocacy", "Content", "Rules", "Story"]

_MOST = 300
_WHY_NOT = {
    "not_a_person": "Only a person approves, in their own name.",
    "not_named": "Others approve stories here.",
    "own": "Nobody approves their own story here.",
}


class Advocacy:
    """Stories and the rules that an organisation has for them."""

    def __init__(self, state: State, clock: Clock, governance: Governance, links: Links) -> None:
        self._state = state
        self._clock = clock
        self._governance = governance
        self._links = links

    # -- looking ----------------------------------------------------------------------------------------------------

    async def stories(self, principal: Principal, states: Sequence[str] = (), limit: int = 100) -> list[Story]:
        """Those in these states, or all; what was changed last comes first."""
        access(principal, "social:read")
        if unknown := [one for one in states if one not in STATES]:
            raise Invalid(f"`state` is one of {', '.join(STATES)}, not {unknown[0]!r}.", field="state")
        async with self._state.begin(principal.tenant) as tx:
            return await store.stories(tx, principal.tenant.workspace, states, min(max(limit, 1), _MOST))

    async def one(self, principal: Principal, id: uuid.UUID) -> Story:
        access(principal, "social:read")
        async with self._state.begin(principal.tenant) as tx:
            return await self._story(tx, principal, id)

    async def may(self, principal: Principal, story: Story) -> dict[str, Any]:
        """What the caller may do with a story, and why they may not approve it."""
        asked = await self.rules(principal)
        why = rules.why_not(asked, principal, story)
        return {
            "edit": story.state in EDITABLE and allowed(principal, "social:write"),
            "approve": story.state == "in_review" and not why and allowed(principal, "social:publish"), "why": why,
        }  # fmt: skip

    # -- changing ---------------------------------------------------------------------------------------------------

    async def offer(
        self, principal: Principal, content: Content, origin: tuple[str, str] = ("hand", "")
    ) -> Story:  # fmt: skip
        """A new draft; of a post (`("post", its id)`) there is one story, however often it is offered."""
        async with self._state.begin(principal.tenant) as tx:
            return (await self.offer_in(tx, principal, content, origin))[0]

    async def offer_in(
        self, tx: Tx, principal: Principal, content: Content, origin: tuple[str, str] = ("hand", "")
    ) -> tuple[Story, bool]:
        """The same within somebody's act; whether it is new."""
        access(principal, "social:write")
        if origin[0] not in ("hand", "post") or (origin[0] == "post") != bool(origin[1]) or len(origin[1]) > 200:
            raise Invalid("`origin` is a post with its id, or written by hand.", field="origin")
        now = self._clock.now()
        kept = rules.check(content, await self._links.behind(principal, content.url.strip()))
        made = Story(uuid7(), "draft", kept, origin, principal.actor, now, now, principal.actor)
        if not await store.add(tx, principal.tenant, made):
            found = await store.offered(tx, principal.tenant.workspace, origin)
            if found is None:
                raise conflict(
                    "방금 제안되었습니다. 다시 확인해 주세요.",
                    "It was offered at this very moment; look again.",
                    "origin",
                )
            return found, False
        await append(tx, events.story_event(principal, events.DRAFTED, now, made))
        return made, True

    async def edit(self, principal: Principal, id: uuid.UUID, version: int, content: Content) -> Story:
        """Writes a story anew. What was approved or asked for is a draft again; of one that runs only its end may
        change."""
        access(principal, "social:write")
        kept = rules.check(content, await self._links.behind(principal, content.url.strip()))
        async with self._state.begin(principal.tenant) as tx:
            found = await self._of(tx, principal, id, version)
            if found.state == "running":
                if replace(kept, ends_at=found.content.ends_at) != found.content:
                    raise Conflict(
                        "It runs: only its end can change. Withdraw it to say something else.", field="state"
                    )
                if kept.ends_at and kept.ends_at <= self._clock.now():
                    raise Invalid("It would have ended already.", field="ends_at")
                return await self._move(tx, principal, found, events.EDITED, found.state, content=kept)
            if found.state not in EDITABLE:
                raise conflict("끝난 이야기입니다.", "It is over.", "state")
            if kept == found.content and found.state == "draft":
                return found
            return await self._move(
                tx, principal, found, events.EDITED, "draft", content=kept, approved_by="", asked_by="",
                changed_by=principal.actor,
            )  # fmt: skip

    async def submit(self, principal: Principal, id: uuid.UUID, version: int) -> Story:
        """Asks for another person's word; where none is needed it is approved."""
        access(principal, "social:write")
        async with self._state.begin(principal.tenant) as tx:
            found = await self._of(tx, principal, id, version, "draft")
            asked = await store.rules(tx, principal.tenant.workspace)
            company = (await self._governance.workspace_in(tx, principal.tenant.workspace)).org_name
            rules.ready(found.content, asked, company)
            if found.content.ends_at and found.content.ends_at <= self._clock.now():
                raise Invalid("It would have ended already.", field="ends_at")
            if not asked.approval:
                access(principal, "social:publish")
                return await self._move(
                    tx, principal, found, events.APPROVED, "approved", asked_by=principal.actor, comment=""
                )
            return await self._move(
                tx, principal, found, events.SUBMITTED, "in_review", asked_by=principal.actor, comment=""
            )

    async def decide(
        self, principal: Principal, id: uuid.UUID, version: int, approve: bool, comment: str = ""
    ) -> Story:  # fmt: skip
        """Approves the story as it was seen, or sends it back with a word on why."""
        access(principal, "social:publish")
        if len(comment) > rules.ABOUT:
            raise Invalid(f"`comment` has at most {rules.ABOUT:,} letters.", field="comment")
        if not approve and not comment.strip():
            raise Invalid("Say why it is sent back.", field="comment")
        async with self._state.begin(principal.tenant) as tx:
            found = await self._of(tx, principal, id, version, "in_review")
            why = rules.why_not(await store.rules(tx, principal.tenant.workspace), principal, found)
            if why and (approve or why != "own"):
                raise NotAllowed(_WHY_NOT[why], data={"why": why})
            if approve:
                return await self._move(
                    tx, principal, found, events.APPROVED, "approved", approved_by=principal.user, comment=""
                )
            return await self._move(tx, principal, found, events.RETURNED, "draft", comment=comment.strip())

    async def end(self, principal: Principal, id: uuid.UUID) -> Story:
        """Nobody shares it any more; its links go on leading to their page."""
        access(principal, "social:write")
        async with self._state.begin(principal.tenant) as tx:
            found = await self._story(tx, principal, id, lock=True)
            if found.state != "running":
                raise conflict("공유 중인 이야기가 아닙니다.", "It does not run.", "state")
            return await self._move(tx, principal, found, events.ENDED, "ended", ended_at=self._clock.now())

    async def withdraw(self, principal: Principal, id: uuid.UUID, comment: str = "") -> Story:
        """At any time before it is over: nobody shares it from now on. What was shared stands where it stands, and
        its links still lead on."""
        access(principal, "social:write")
        async with self._state.begin(principal.tenant) as tx:
            found = await self._story(tx, principal, id, lock=True)
            if found.state in OVER:
                raise conflict("이미 끝났습니다.", "It is over already.", "state")
            return await self._move(
                tx, principal, found, events.WITHDRAWN, "withdrawn", ended_at=self._clock.now(),
                comment=comment[: rules.ABOUT].strip(),
            )  # fmt: skip

    async def tick(self) -> int:
        """Starts what is approved and due, ends what is over; how many."""
        now = self._clock.now()
        async with self._state.begin_system() as tx:
            found = await store.due(tx, now)
            for tenant, story in found:
                principal = self._governance.system(tenant, "advocacy")
                if story.state == "approved" and not (story.content.ends_at and story.content.ends_at <= now):
                    await self._move(tx, principal, story, events.STARTED, "running", started_at=now)
                else:
                    await self._move(tx, principal, story, events.ENDED, "ended", ended_at=now)
        return len(found)

    # -- rules ------------------------------------------------------------------------------------------------------

    async def rules(self, principal: Principal) -> Rules:
        access(principal, "social:read")
        async with self._state.begin(principal.tenant) as tx:
            return await store.rules(tx, principal.tenant.workspace)

    async def set_rules(self, principal: Principal, wanted: Rules) -> Rules:
        """`wanted.version` is the one that was read; a Conflict where they changed since."""
        access(principal, "social:configure")
        _check(wanted)
        async with self._state.begin(principal.tenant) as tx:
            users = {one.id for one in await self._governance.users_in(tx, principal.tenant) if not one.deleted}
            if unknown := [one for one in wanted.approvers if one not in users]:
                raise Invalid(f"There is no user {unknown[0]!r}.", field="approvers")
            before = await store.rules(tx, principal.tenant.workspace)
            kept = replace(wanted, version=wanted.version + 1)
            if before.version != wanted.version or not await store.set_rules(tx, principal.tenant.workspace, kept):
                raise conflict(
                    "그 사이 다른 사람이 규칙을 바꾸었습니다.", "Somebody changed the rules meanwhile.", "version"
                )
            told = {"rules": _told(kept), "before": _told(before)}
            await append(tx, events.house_event(principal, events.RULES_CHANGED, self._clock.now(), told))
        return kept

    # -- within -----------------------------------------------------------------------------------------------------

    async def _story(self, tx: Tx, principal: Principal, id: uuid.UUID, *, lock: bool = False) -> Story:
        found = await store.story(tx, principal.tenant.workspace, id, lock=lock)
        if found is None:
            raise NotFound("There is no such story.")
        return found

    async def _of(self, tx: Tx, principal: Principal, id: uuid.UUID, version: int, state: str = "") -> Story:
        found = await self._story(tx, principal, id, lock=True)
        if found.version != version:
            raise conflict(
                "그 사이 다른 사람이 이 이야기를 바꾸었습니다.", "Somebody changed this story meanwhile.", "version"
            )
        if state and found.state != state:
            raise conflict(
                f"지금 상태: {STATES[found.state]['ko']}", f"It is {STATES[found.state]['en'].lower()}.", "state",
                state=found.state,
            )  # fmt: skip
        return found

    async def _move(
        self, tx: Tx, principal: Principal, found: Story, name: str, state: Any, **changes: Any
    ) -> Story:  # fmt: skip
        """Writes the story and the event of what became of it."""
        now = self._clock.now()
        kept = replace(found, state=state, version=found.version + 1, changed_at=now, **changes)
        await store.keep(tx, principal.tenant.workspace, kept)
        told: dict[str, dict[str, Any]] = {
            events.EDITED: {"was": found.state}, events.WITHDRAWN: {"was": found.state, "comment": kept.comment},
            events.APPROVED: {"asked_by": kept.asked_by},
            events.RETURNED: {"comment": kept.comment, "asked_by": kept.asked_by},
        }  # fmt: skip
        await append(tx, events.story_event(principal, name, now, kept, told.get(name)))
        return kept


def _check(wanted: Rules) -> None:
    if not 0 <= wanted.a_week <= 7:
        raise Invalid("`a_week` is 0 to 7.", field="a_week")
    for language in rules.LANGUAGES:
        line = wanted.disclosure.get(language, "")
        if (wanted.disclosed and not line.strip()) or len(line) > 80 or "\n" in line:
            raise Invalid("The line has 1 to 80 letters in each language.", field=f"disclosure.{language}")
    if set(wanted.disclosure) - set(rules.LANGUAGES):
        raise Invalid("The line is said in ko and en.", field="disclosure")
    if wanted.price is not None and not 0 < wanted.price <= 10**9:
        raise Invalid("`price` is more than nothing, or left out.", field="price")
    if wanted.price is not None and not (len(wanted.currency) == 3 and wanted.currency.isupper()):
        raise Invalid("`currency` is a code such as KRW.", field="currency")


def _told(one: Rules) -> dict[str, Any]:
    return {name: value for name, value in asdict(one).items() if name != "version"}
