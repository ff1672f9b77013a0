"""Definitions of segments: made, changed, removed, said in words."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import replace

from dure.feed.api import append
from dure.governance.api import Principal, access
from dure.kernel.errors import Conflict, Invalid
from dure.kernel.ids import uuid7
from dure.kernel.tenant import Tenant
from dure.segments import events, store
from dure.segments.desk import Desk, find, rule_of
from dure.segments.handover import store as handover_store
from dure.segments.model import PastRule, Rule, Segment
from dure.segments.reading import read_rule
from dure.segments.rules import ABOUT_TO_CHURN, as_json
from dure.segments.stages import store as stage_store
from dure.segments.words import in_words


class Definitions(Desk):
    async def segments(self, principal: Principal) -> list[Segment]:
        """Every segment of the workspace, built-in ones first."""
        access(principal, "segments:read")
        async with self._state.begin(principal.tenant) as tx:
            return await store.segments(tx, principal.tenant.workspace)

    async def segment(self, principal: Principal, id: str) -> Segment:
        """One segment by its id, or by a built-in one's name (`about-to-churn`)."""
        access(principal, "segments:read")
        async with self._state.begin(principal.tenant) as tx:
            return await find(tx, principal, id)

    async def create(
        self, principal: Principal, name: str | Mapping[str, str], rule: object, about: str | Mapping[str, str] = ""
    ) -> Segment:
        """A new segment; nobody is in it before it is computed. `rule` is a rule or its JSON."""
        access(principal, "segments:write")
        read = await self._asking.checked(principal, rule_of(rule))
        known = await self._asking.known(principal, read)
        made = Segment(
            str(uuid7()), _name(name), _text(about), read, "", principal.actor, self._clock.now(), None, None
        )
        async with self._state.begin(principal.tenant) as tx:
            await self._unfold(tx, principal.tenant, made.rule, known)
            await store.add(tx, principal.tenant.org, principal.tenant.workspace, made)
            await store.note_rule(tx, principal.tenant.workspace, made.id, made.rule, made.created_by, made.created_at)
            await append(tx, events.segment_event(principal, self._clock.now(), events.CREATED, made))
        return made

    async def change(
        self, principal: Principal, id: str, *, name: str | Mapping[str, str] | None = None,
        about: str | Mapping[str, str] | None = None, rule: object | None = None,
    ) -> Segment:  # fmt: skip
        """Changes what is given. A new rule counts from the next computation on."""
        access(principal, "segments:write")
        read = await self._asking.checked(principal, rule_of(rule)) if rule is not None else None
        known = await self._asking.known(principal, *([read] if read is not None else []))
        async with self._state.begin(principal.tenant) as tx:
            before = await find(tx, principal, id)
            after = replace(
                before,
                name=_name(name) if name is not None else before.name,
                about=_text(about) if about is not None else before.about,
                rule=read if read is not None else before.rule,
            )
            if before.by_hand != after.by_hand:
                raise Conflict("A list made by hand stays one, and a rule stays a rule.", field="rule")
            await self._unfold(tx, principal.tenant, after.rule, known, (before.id,))
            await store.change(tx, principal.tenant.workspace, before.id, after.name, after.about, after.rule)
            if after.rule != before.rule:
                now = self._clock.now()
                await store.note_rule(tx, principal.tenant.workspace, before.id, after.rule, principal.actor, now)
            await append(tx, events.segment_event(principal, self._clock.now(), events.CHANGED, after))
        return after

    async def delete(self, principal: Principal, id: str) -> None:
        """Removes a segment. One that was handed over, or that another rule names, stays: Conflict."""
        access(principal, "segments:write")
        async with self._state.begin(principal.tenant) as tx:
            segment = await find(tx, principal, id)
            if segment.built_in:
                raise Conflict("A built-in segment cannot be removed.")
            if await handover_store.handovers(tx, principal.tenant.workspace, segment.id, 1):
                raise Conflict("This segment was handed over; its lists are kept, so it is kept too.")
            for other in await store.segments(tx, principal.tenant.workspace):
                if other.id != segment.id and f'"{segment.id}"' in str(as_json(other.rule)).replace("'", '"'):
                    raise Conflict(f"The segment {other.name['en']} is made from this one.")
            await store.delete(tx, principal.tenant.workspace, segment.id)
            await append(tx, events.segment_event(principal, self._clock.now(), events.DELETED, segment))

    async def furnish(self, principal: Principal) -> Segment:
        """Makes sure the built-in segment *about to churn* is there, and returns it."""
        access(principal, "segments:read")
        made = Segment(
            str(uuid7()),
            {"ko": "이탈 직전", "en": "About to churn"},
            {
                "ko": "8~35일 전에는 사흘 이상 활동했지만 최근 7일은 활동이 없는 사람. 규칙으로 만든 첫 판이며 점수나"
                " 확률이 아닙니다.",
                "en": "Active on three days or more between 8 and 35 days ago and not at all in the last 7. A first"
                " version by rule: not a score and not a probability.",
            },
            read_rule(ABOUT_TO_CHURN), "about-to-churn", principal.actor, self._clock.now(), None, None,
        )  # fmt: skip
        async with self._state.begin(principal.tenant) as tx:
            if await store.add(tx, principal.tenant.org, principal.tenant.workspace, made):
                await store.note_rule(
                    tx, principal.tenant.workspace, made.id, made.rule, made.created_by, made.created_at
                )
                await append(tx, events.segment_event(principal, self._clock.now(), events.CREATED, made))
                return made
            return await find(tx, principal, "about-to-churn")

    async def words(self, principal: Principal, rules: Sequence[Rule]) -> list[dict[str, str]]:
        """Rules in words, `ko` and `en`."""
        access(principal, "segments:read")
        names = await self._asking.names(principal, rules)
        return [in_words(rule, names) for rule in rules]

    async def rules(self, principal: Principal, id: str) -> list[PastRule]:
        """Every rule a segment had, newest first."""
        access(principal, "segments:read")
        async with self._state.begin(principal.tenant) as tx:
            return await store.rules_of(tx, principal.tenant.workspace, (await find(tx, principal, id)).id)

    async def fillers(self, principal: Principal) -> dict[str, str]:
        """By segment, what fills it (a stage, a score's tenths); no hand puts anybody into those."""
        access(principal, "segments:read")
        async with self._state.begin(principal.tenant) as tx:
            filled = await stage_store.filled_by(tx, principal.tenant.workspace, "")
        return {segment: by for by, segment in filled.items()}

    async def is_known(self, tenant: Tenant, id: str) -> bool:
        """Whether there is a segment of that id, for questions that name one."""
        async with self._state.begin(tenant) as tx:
            return await store.segment(tx, tenant.workspace, id) is not None


def _name(name: str | Mapping[str, str]) -> dict[str, str]:
    text = _text(name)
    if not text["ko"].strip() or len(text["ko"]) > 120 or re.search(r"[\x00-\x1f]", text["ko"] + text["en"]):
        raise Invalid("A segment has a name of at most 120 characters.", field="name")
    return text


def _text(text: str | Mapping[str, str]) -> dict[str, str]:
    if isinstance(text, str):
        return {"ko": text, "en": text}
    ko = text.get("ko") or text.get("en") or ""
    return {"ko": ko, "en": text.get("en") or ko}
