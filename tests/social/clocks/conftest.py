"""One inbox for each file whose clocks run: office hours for care, policies, a survey that somebody sends."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from dure.feed.api import Event
from dure.governance.api import Governance
from dure.kernel.clock import Clock
from dure.kernel.tenant import Tenant
from dure.social.care.api import Care, Conversation
from dure.social.clocks.api import ResponseClock, ResponseClocks, Surveys
from dure.social.sources.api import Sources
from dure.state import State, Tx
from tests.social.care.conftest import Inbox
from tests.social.care.conftest import inbox as inbox  # a fixture of this folder too

SEOUL = ZoneInfo("Asia/Seoul")
OFFICE = {"name": "사무실", "zone": "Asia/Seoul", "week": [[["09:00", "18:00"]]] * 5 + [[], []], "days": []}
URGENT = {"id": "urgent", "name": "급한 일", "priorities": ["urgent"], "first": 30, "next": 30, "resolve": 240}
GOLD = {"id": "gold", "name": "골드", "tiers": ["Gold"], "first": 60, "next": 60}
USUAL = {"id": "usual", "name": "보통", "first": 240, "next": 120, "resolve": 960}


class Letters:
    """A postman who keeps what he is handed."""

    def __init__(self) -> None:
        self.sent: list[tuple[str, str, str]] = []

    async def send(self, to: str, subject: str, text: str, html: str, headers: Mapping[str, str], key: str) -> Any:
        self.sent.append((to, text, key))
        return "sent"


@dataclass
class Desk:
    inbox: Inbox
    clocks: ResponseClocks
    letters: Letters
    tiers: dict[str, str] = field(default_factory=dict)

    def at(self, day: int, hour: int, minute: int = 0) -> datetime:
        """Turns the clock to a moment in Seoul; the 23rd of November is a Monday."""
        self.inbox.clock.at = datetime(2026, 11, day, hour, minute, tzinfo=SEOUL)
        return self.inbox.clock.at

    async def talk(self, text: str = "결제가 두 번 됐어요", **fields: Any) -> Conversation:
        """A customer writes now."""
        return await self.inbox.talk(text, **{"posted_at": self.inbox.clock.now(), **fields})

    async def writes(self, talk: Conversation, text: str = "아직이요?") -> None:
        """The same customer again, in the same thread."""
        post = self.inbox.post(
            text, direct=True, thread=talk.thread, handle=talk.handle, posted_at=self.inbox.clock.now()
        )
        await self.inbox.arrive(post)

    async def ever(self, talk: Conversation, kind: str) -> list[ResponseClock]:
        return [one for one in await self.clocks.ever(self.inbox.cast.mina, talk.id) if one.kind == kind]

    async def one(self, talk: Conversation, kind: str) -> ResponseClock:
        return (await self.ever(talk, kind))[-1]

    async def told(self, talk: Conversation, name: str) -> list[Event]:
        return [one for one in await self.inbox.events() if one.event == name and one.object == str(talk.id)]

    async def promise(self, *policies: Mapping[str, Any], silent: int | None = None, survey: str = "off") -> None:
        mina = self.inbox.cast.mina
        version = (await self.clocks.setting(mina)).version
        told = {"policies": list(policies), "silent": silent, "survey": survey}
        await self.clocks.set_setting(mina, told, version)


def timing(
    state: State, clock: Clock, governance: Governance, sources: Sources, care: Care, letters: Letters,
    tiers: Mapping[str, str] | None = None,
) -> ResponseClocks:  # fmt: skip
    """Clocks that care tells of every change."""

    async def accounts(tx: Tx, tenant: Tenant, ids: Sequence[str]) -> Mapping[str, Mapping[str, Any]]:
        return {one: {"tier": tiers[one]} for one in ids if tiers and one in tiers}

    surveys = Surveys(state, clock, governance, sources, letters, key=b"a key" * 8, site="https://dure.example")
    clocks = ResponseClocks(state, clock, governance, care, accounts, surveys)
    care.timed_by(clocks.keeping)
    return clocks


@pytest.fixture(scope="module")
async def desk(inbox: Inbox) -> Desk:
    governance, tiers, letters = inbox.cast.governance, dict[str, str](), Letters()
    clocks = timing(inbox.state, inbox.clock, governance, inbox.sources, inbox.care, letters, tiers)
    office = await governance.hours.create(inbox.cast.mina, OFFICE)
    await governance.hours.set_team(inbox.cast.mina, "care", office.id)
    return Desk(inbox, clocks, letters, tiers)


@pytest.fixture(autouse=True)
async def usual(desk: Desk) -> None:
    """Every test begins on Monday the 23rd at ten, with the usual promises."""
    desk.at(23, 10)
    desk.inbox.square.answers.clear()
    await desk.promise(URGENT, GOLD, USUAL)
