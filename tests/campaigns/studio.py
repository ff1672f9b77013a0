"""A workspace with listeners, a campaign for those who tried and left, and a mail server that can misbehave."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any
from uuid import UUID

from dure.automation.api import Automation
from dure.campaigns.api import Campaigns
from dure.campaigns.model import Campaign, Item, Letter, Message, Way
from dure.campaigns.plugs import Accepted, Delivery, Mailer
from dure.campaigns.steps import steps
from dure.feed.api import Event, append, tail
from dure.kernel.clock import StillClock
from dure.kernel.ids import person_id, uuid7
from dure.log.api import Log, LogWriter
from dure.people.api import People
from dure.people.model import Known
from dure.segments.api import Segments
from dure.state import State
from tests.people_of import MONDAY_NOON, Cast, found_sori

DESIGN: dict[str, Any] = {
    "name": {"ko": "들어 보고 떠난 분께", "en": "Tried and left"},
    "trigger": {"event": "Listen Ended", "where": [{"prop": "seconds", "op": "<", "value": 60}]},
    "wait": "20h",
    "goal": "Listen Started",
    "window": "1d",
    "holdout": 0.5,
    "texts": {
        "ko": {
            "subject": "{{ person.name }}님, 이 방송은 어떠세요?",
            "body": "{{ items[0].title }} {{ items[0].url }}",
        },
        "en": {"subject": "{{ person.name }}, try this", "body": "{{ items[0].title }}"},
    },
}


class Killed(BaseException):
    """The process dies here."""


@dataclass
class Postbox:
    """A mail provider that keeps what it took. `answers` are given one a letter instead of taking it."""

    taken: list[Letter] = field(default_factory=list)
    answers: list[Delivery] = field(default_factory=list)
    die_before: bool = False
    die_after: bool = False

    async def send(self, letter: Letter, key: str) -> Delivery:
        if self.die_before:
            raise Killed
        if self.answers:
            return self.answers.pop(0)
        self.taken.append(letter)
        if self.die_after:
            raise Killed
        return Accepted("taken")


@dataclass
class Studio:
    state: State
    log: Log
    clock: StillClock
    cast: Cast
    people: People
    automation: Automation
    segments: Segments
    campaigns: Campaigns
    postbox: Postbox
    minute: timedelta = timedelta(minutes=1)

    def who(self, distinct_id: str) -> UUID:
        return person_id(self.cast.tenant.workspace, distinct_id)

    async def know(self, *distinct_ids: str, **traits: Any) -> None:
        """People with a name and an address, unless `traits` say otherwise (None takes one away)."""
        await self.people.bulk_people(
            self.cast.tenant,
            [
                Known(
                    each,
                    {
                        name: value
                        for name, value in {
                            "name": f"이름 {each}", "email": f"{each}@listeners.example", "language": "ko", **traits
                        }.items()
                        if value is not None
                    },
                    self.clock.now() - timedelta(days=30),
                )
                for each in distinct_ids
            ],
        )  # fmt: skip

    async def happen(self, event: str, *distinct_ids: str, object: str = "", **properties: Any) -> None:
        """The event happens to each now, on the feed."""
        now, tenant = self.clock.now(), self.cast.tenant
        async with self.state.begin(tenant) as tx:
            await append(tx, *(
                Event(
                    org=tenant.org, workspace=tenant.workspace, event=event, time=now, received_at=now,
                    message_id=str(uuid7()), source="web", person=self.who(each), distinct_id=each,
                    object_type="broadcast" if object else "", object=object, properties=properties,
                )
                for each in distinct_ids
            ))  # fmt: skip

    async def listen(self, who: str, item: str, genre: str = "talk") -> None:
        await self.happen("Listen Started", who, object=item, genre=genre, broadcast_id=item)

    async def settle(self) -> None:
        """The log is caught up, then automations move until nothing is due; then the log again."""
        writer = LogWriter(self.state, self.log)
        for _ in range(2):
            while await writer.step():
                pass
            while await self.automation.settle():
                pass
            await self.campaigns.engine.settle()
        while await writer.step():
            pass

    async def later(self, **amount: float) -> None:
        self.clock.advance(timedelta(**amount))
        await self.settle()

    async def launched(self, **changes: Any) -> Campaign:
        made = await self.campaigns.create(self.cast.joon, {**DESIGN, **changes})
        return await self.campaigns.launch(self.cast.joon, made.id)

    async def messages(self, campaign: Campaign) -> dict[str, Message]:
        """By distinct id of those that were known to the test as u-0 … u-999."""
        ids = {self.who(f"u-{n}"): f"u-{n}" for n in range(1000)}
        found = await self.campaigns.messages(self.cast.joon, campaign.id, limit=1000)
        return {ids[message.person]: message for message in found}

    async def ways(self, campaign: Campaign) -> dict[str, Way]:
        """By distinct id."""
        ids = {self.who(f"u-{n}"): f"u-{n}" for n in range(1000)}
        found = await self.campaigns.ways(self.cast.joon, campaign.id, limit=1000)
        return {ids[way.person]: way for way in found}

    async def events(self, *names: str) -> list[Event]:
        async with self.state.begin_system() as tx:
            batches = await tail(tx, 0, limit=10_000)
        return [event for batch in batches for event in batch.events() if event.event in names]

    async def with_items(self, items: Sequence[tuple[str, str]] = (("b-1", "talk"), ("b-2", "talk"))) -> None:
        """A catalogue, and somebody who heard each so that there is something popular."""
        await self.campaigns.load_items(
            self.cast.joon,
            [
                Item(key, {"ko": f"방송 {key}", "en": f"Show {key}"}, "c-1", genre, f"https://s.example/{key}")
                for key, genre in items
            ],
        )
        for key, genre in items:
            await self.listen("u-900", key, genre)
            await self.listen("u-901", key, genre)


async def open_studio(state: State, log: Log, mailer: Mailer | None = None) -> Studio:
    clock = StillClock(MONDAY_NOON)
    cast = await found_sori(state, clock)
    people = People(state, log, clock)
    automation = Automation(state, clock, cast.governance, log=log)
    segments = Segments(state, log, clock, cast.governance, people=people)
    postbox = Postbox()
    campaigns = Campaigns(
        state, log, clock, cast.governance, segments, people, mailer or postbox,
        sender="소리마루 <hello@sorimaru.example>", site="https://dure.example",
    )  # fmt: skip
    automation.offer(steps=steps(campaigns))
    return Studio(state, log, clock, cast, people, automation, segments, campaigns, postbox)
