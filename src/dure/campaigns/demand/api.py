"""The entrance to demand tests. A test is a campaign (once, one message, half held back) with a short way in and a page
behind its link; everything that guards campaigns guards it."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC
from typing import Any

import msgspec

from dure.campaigns.api import Campaigns
from dure.campaigns.demand import events, funnel_sql, judging, store
from dure.campaigns.demand.model import CHANNELS, DOOR, MESSAGE, Ask, Picked, Test, Told
from dure.campaigns.demand.picking import Finder, picked
from dure.campaigns.design import Text
from dure.campaigns.events import workspace_event
from dure.campaigns.model import Campaign, Counts, DryRun, Message
from dure.campaigns.previewing import Preview
from dure.experiments.api import Arm
from dure.feed.api import append
from dure.governance.api import Governance, Principal, access
from dure.kernel.clock import Clock
from dure.kernel.errors import Invalid, NotFound
from dure.kernel.ids import uuid7
from dure.log.api import Log
from dure.segments.api import Segments, as_json, duration, read_rule
from dure.state import State, Tx

READ, WRITE = "campaigns:read", "campaigns:write"
_LINK = "{{ unsubscribe_url | replace: '/u/', '/d/' }}"
PREVIEW = "preview"
"""What stands in a link's place where somebody looks at a message before it is sent."""
_SUBJECTS = ("email",)
_DRY = 500
_PATIENCE = 5.0


@dataclass(frozen=True, slots=True)
class Page:
    """What stands on the page behind a link. `test` is None for a preview, where nothing is noted."""

    words: Mapping[str, str]
    house: str
    language: str
    wanted: bool
    test: Test | None


class DemandTests:
    """Demand tests of every workspace."""

    def __init__(
        self, state: State, log: Log, clock: Clock, governance: Governance, segments: Segments, finder: Finder,
        campaigns: Campaigns,
    ) -> None:  # fmt: skip
        self._state, self._log, self._clock, self._governance = state, log, clock, governance
        self._segments, self._finder, self._campaigns = segments, finder, campaigns

    # -- making one -------------------------------------------------------------------------------------------------

    async def size(self, principal: Principal, raw: Mapping[str, Any]) -> Picked:
        """How many people are meant by `people` or `rule`, while one writes."""
        access(principal, READ)
        if raw.get("rule") is not None:
            preview = await self._segments.preview(principal, read_rule(raw["rule"]))
            return Picked(preview.size, ())
        async with self._state.begin(principal.tenant) as tx:
            people, unknown = await picked(tx, self._finder, principal, raw.get("people") or "")
        return Picked(len(people), tuple(unknown))

    async def preview(self, principal: Principal, raw: object, person: str) -> Preview:
        """The message as one person would get it."""
        ask = read_ask(raw)
        return await self._campaigns.preview(principal, design_of(ask, self._audience(ask, PREVIEW)), person)

    async def create(self, principal: Principal, raw: object) -> tuple[Test, DryRun, tuple[str, ...]]:
        """A draft, with what it would do now and the lines of the list that nobody is known by."""
        access(principal, WRITE)
        ask, now, tenant = read_ask(raw), self._clock.now(), principal.tenant
        unknown: list[str] = []
        segment = ""
        if ask.rule is None:
            async with self._state.begin(tenant) as tx:
                people, unknown = await picked(tx, self._finder, principal, ask.people)
            if not people:
                raise Invalid(
                    "Nobody is known by what is written here.", field="people", data={"unknown": unknown[:20]}
                )
        problems = await self._campaigns.validate(principal, design_of(ask, self._audience(ask, "to-be-made")))
        if problems:
            raise Invalid(problems[0].message, field=_place(problems[0].field))
        if ask.rule is None:
            made = await self._segments.create(principal, _named(ask.question), {"kind": "listed"})
            segment = made.id
            async with self._state.begin(tenant) as tx:
                await self._segments.put_in(tx, principal, segment, people)
            await self._in_the_log(principal, segment, len(people))
        campaign = await self._campaigns.create(principal, design_of(ask, self._audience(ask, segment)))
        test = Test(
            str(uuid7()), campaign.id, _both(ask.question), segment, ask.door, principal.actor, now
        )  # fmt: skip
        async with self._state.begin(tenant) as tx:
            await store.add(tx, tenant.workspace, test)
            await append(
                tx, workspace_event(principal, now, events.CREATED, "demand_test", test.id, _about(test))
            )  # fmt: skip
        return test, await self._campaigns.dry_run(principal, campaign.id, _DRY), tuple(unknown)

    async def launch(self, principal: Principal, id: str) -> Test:
        """Sends it, as any campaign is sent: where a second person's word is needed, it is needed here."""
        test = await self._found(principal, id)
        await self._campaigns.launch(principal, test.campaign)
        return test

    async def stop(self, principal: Principal, id: str) -> Test:
        """Nothing more goes out; what came of it so far can still be read."""
        test = await self._found(principal, id)
        await self._campaigns.stop(principal, test.campaign)
        return test

    # -- reading it -------------------------------------------------------------------------------------------------

    async def tests(self, principal: Principal, limit: int = 100) -> list[tuple[Test, Campaign, Counts]]:
        """Newest first, each with its campaign."""
        access(principal, READ)
        async with self._state.begin(principal.tenant) as tx:
            found = await store.all_of(tx, principal.tenant.workspace, max(1, min(limit, 500)))
        campaigns = {each.id: (each, counts) for each, counts in await self._campaigns.campaigns(principal)}
        return [(test, *campaigns[test.campaign]) for test in found if test.campaign in campaigns]

    async def test(self, principal: Principal, id: str) -> tuple[Test, Campaign, Counts]:
        test = await self._found(principal, id)
        return (test, *await self._campaigns.campaign(principal, test.campaign))

    def counting(self, campaign: Campaign) -> bool:
        """Whether the window of whoever came in at the launch is still open; for lists, where nobody is counted."""
        since = campaign.launched_at
        return since is not None and self._clock.now() < since + duration(campaign.design.window)

    async def told(self, principal: Principal, id: str) -> Told:
        """The funnel of both arms, and what may be said of it."""
        test, campaign, _ = await self.test(principal, id)
        design = campaign.design
        where, bound = self._segments.condition(design.goal.where if design.goal else ())
        answer = await self._log.query(
            principal.tenant,
            funnel_sql.FUNNEL.format(where=where),
            {
                **bound, "campaign": campaign.id, "test": test.id, "goal": design.goal.event if design.goal else "",
                "window": int(duration(design.window).total_seconds()),
                "now": self._clock.now().astimezone(UTC).strftime("%Y-%m-%d %H:%M:%S.%f"),
            },
        )  # fmt: skip
        nothing = (0,) * 8
        arms = {row[0]: tuple(int(one) for one in row[1:]) for row in answer.rows}
        treated, control = arms.get("treated", nothing), arms.get("control", nothing)
        people, *steps, _, _ = treated
        before = (people, *(steps[0],) * 4)  # who got it is what the later steps are shares of
        counts = {name: (count, of) for name, count, of in zip(judging.STEPS, steps, before, strict=True)}
        return judging.judged(
            Arm(treated[6], treated[7]), Arm(control[6], control[7]), counts, assigned=(control[0], treated[0]),
            pending=treated[0] + control[0] - treated[6] - control[6], share=design.holdout,
            goal=design.goal is not None, door=test.door is not None,
        )  # fmt: skip

    # -- the door ---------------------------------------------------------------------------------------------------

    async def page(self, secret: str) -> Page:
        """What a link leads to; looking changes nothing. NotFound for a secret that no message carries."""
        if secret == PREVIEW:
            words = {"ko": "이 자리에 테스트의 글이 보입니다.", "en": "The test's own words stand here."}
            return Page(words, "Dure", "ko", False, None)
        principal, message, test = await self._meant(secret)
        house = await self._governance.workspace(principal.tenant)
        async with self._state.begin(principal.tenant) as tx:
            answer = await store.answer(tx, principal.tenant.workspace, test.id, message.person)
        return Page(test.door or test.question, house.name, house.language, answer.wanted_at is not None, test)

    async def seen(self, secret: str) -> None:
        """The page is before somebody's eyes: its picture was loaded, which programs that try links do not do."""
        await self._note(secret, "shown", events.SHOWN)

    async def want(self, secret: str) -> None:
        """Somebody pressed “interested”; again changes nothing."""
        await self._note(secret, "wanted", events.WANTED)

    async def _note(self, secret: str, what: str, event: str) -> None:
        principal, message, test = await self._meant(secret)
        now, workspace = self._clock.now(), principal.tenant.workspace
        async with self._state.begin(principal.tenant) as tx:
            if await store.note(tx, workspace, test.id, message.person, what, now):
                told = {**_about(test), "message": str(message.id)}
                await append(
                    tx,
                    workspace_event(principal, now, event, "demand_test", test.id, told, message.person),
                )

    async def _meant(self, secret: str) -> tuple[Principal, Message, Test]:
        meant = await self._campaigns.leaving.leads_to(secret)
        if meant is not None:
            async with self._state.begin(meant.tenant) as tx:
                test = await store.one(tx, meant.tenant.workspace, meant.campaign.id)
            if test is not None:
                return self._governance.system(meant.tenant, "demand"), meant.message, test
        raise NotFound("This link leads nowhere. Copy the whole address from the message.")

    async def _in_the_log(self, principal: Principal, segment: str, size: int) -> None:
        """Waits until rules see the list that was just made, which is a moment behind; not for ever."""
        ends = time.monotonic() + _PATIENCE
        while (await self._segments.preview(principal, {"kind": "in", "segment": segment}, 0)).size < size:
            if time.monotonic() > ends:
                return
            await asyncio.sleep(0.1)

    async def _found(self, principal: Principal, id: str) -> Test:
        access(principal, READ)
        async with self._state.begin(principal.tenant) as tx:
            return await found_in(tx, principal, id)

    def _audience(self, ask: Ask, segment: str) -> dict[str, Any]:
        if ask.rule is not None:
            return as_json(read_rule(ask.rule))
        return {"kind": "in", "segment": segment}


async def found_in(tx: Tx, principal: Principal, id: str) -> Test:
    test = await store.one(tx, principal.tenant.workspace, id)
    if test is None:
        raise NotFound("There is no such demand test.", field="test")
    return test


def read_ask(raw: object) -> Ask:
    """What is asked out of decoded JSON; Invalid names the field."""
    try:
        ask = msgspec.convert(raw, Ask)
    except msgspec.ValidationError as error:
        message, _, path = str(error).partition(" - at `$.")
        raise Invalid(message, field=path.rstrip("`") or "question") from error
    if not any(text.strip() for text in _both(ask.question).values()) or len(str(ask.question)) > 400:
        raise Invalid("Say in a sentence what you want to know.", field="question")
    if ask.channel not in CHANNELS:
        raise Invalid(f"`channel` is one of {', '.join(CHANNELS)}.", field="channel")
    if (ask.rule is None) == (not ask.people):
        raise Invalid("Name people by hand or by a rule: one of both.", field="people")
    if not ask.text:
        raise Invalid("Write what they get.", field="text")
    if not 0.1 <= ask.holdout <= 0.9:
        raise Invalid("`holdout` is 0.1 to 0.9: without a control nothing is tested.", field="holdout")
    if ask.goal is None and ask.door is None:
        raise Invalid("Say what counts: a goal, or a page with an “interested” button.", field="goal")
    if ask.door is not None and not (set(ask.door) <= {"ko", "en"} and any(one.strip() for one in ask.door.values())):
        raise Invalid("The page says something in ko, en or both.", field="door")
    duration(ask.window, "window")
    return ask


def design_of(ask: Ask, audience: dict[str, Any]) -> dict[str, Any]:
    """The campaign that carries a test out."""
    question = _both(ask.question)
    texts = {"ko": ask.text, "en": ask.text} if isinstance(ask.text, str) else ask.text
    return {
        "name": {language: f"{_PREFIX[language]}{text}"[:200] for language, text in question.items()},
        "kind": "once",
        "entry": {"audience": audience},
        "start": MESSAGE,
        "nodes": [{
            "id": MESSAGE, "kind": "message", "channel": ask.channel,
            "texts": {name: _text(ask, one, question.get(name) or question["ko"]) for name, one in texts.items()},
        }],
        "goal": msgspec.to_builtins(ask.goal) if ask.goal else {"event": events.WANTED},
        "window": ask.window,
        "holdout": ask.holdout,
    }  # fmt: skip


_PREFIX = {"ko": "수요 테스트: ", "en": "Demand test: "}


def _text(ask: Ask, text: str | Text, question: str) -> dict[str, Any]:
    given: dict[str, Any] = {"body": text} if isinstance(text, str) else msgspec.to_builtins(text)
    if ask.channel in _SUBJECTS:
        given.setdefault("subject", question)
    elif ask.channel in ("push", "web_push", "in_app"):
        given.setdefault("title", question)
    if ask.door is not None:
        if ask.channel in ("push", "web_push", "in_app"):
            given.setdefault("url", DOOR)
        elif not any(DOOR in str(value) for value in given.values()):
            given["body"] = f"{given.get('body', '').rstrip()}\n\n{DOOR}"
    return {name: value.replace(DOOR, _LINK) if isinstance(value, str) else value for name, value in given.items()}


def _both(text: str | Mapping[str, str]) -> dict[str, str]:
    if isinstance(text, str):
        return {"ko": text.strip(), "en": text.strip()}
    ko = (text.get("ko") or text.get("en") or "").strip()
    return {"ko": ko, "en": (text.get("en") or ko).strip()}


def _named(question: str | Mapping[str, str]) -> dict[str, str]:
    return {language: f"{_PREFIX[language]}{text}"[:120] for language, text in _both(question).items()}


def _about(test: Test) -> dict[str, str]:
    return {"test": test.id, "campaign": test.campaign, "question": test.question["ko"]}


def _place(field: str) -> str:
    """A field of the campaign's design as the test calls it."""
    if field.startswith("nodes[0].texts"):
        return "text" + field.removeprefix("nodes[0].texts")
    if field.startswith("entry.audience"):
        return "rule"
    return {"name": "question"}.get(field, field)
