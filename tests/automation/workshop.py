"""A workspace with an automation engine whose steps are simple enough to watch."""

from __future__ import annotations

import random
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

import msgspec

from dure.automation.api import Automation
from dure.automation.model import Run, Step
from dure.automation.plugs import StepCall, StepKind
from dure.feed.api import Event, Lane, append, tail
from dure.kernel.clock import StillClock
from dure.kernel.errors import Invalid, Unavailable
from dure.kernel.ids import person_id, uuid7
from dure.state import State, Tx
from tests.people_of import MONDAY_NOON, Cast, found_sori

BOOK = "create table if not exists public.book (key text not null, subject text not null, text text not null)"


class Line(msgspec.Struct, frozen=True):
    text: str = ""


class Written(msgspec.Struct, frozen=True):
    number: int


class Parcel(msgspec.Struct, frozen=True):
    to: str = "somewhere"


class Receipt(msgspec.Struct, frozen=True):
    receipt: str


async def write_in(tx: Tx, call: StepCall, line: Line) -> Written:
    """Inside: one line in the book, in the engine's transaction."""
    await tx.run("insert into public.book values (%s, %s, %s)", (call.key, call.subject, line.text))
    return Written(await tx.value("select count(*) from public.book"))


async def write_all(tx: Tx, calls: Sequence[StepCall], lines: Sequence[Line]) -> list[Written]:
    await tx.run(
        "insert into public.book select * from unnest(%s::text[], %s::text[], %s::text[])",
        ([c.key for c in calls], [c.subject for c in calls], [line.text for line in lines]),
    )
    return [Written(0) for _ in calls]


async def echo(tx: Tx, call: StepCall, line: Line) -> Written:
    """Inside: an event that says it was this run."""
    now = call.now
    await append(tx, Event(
        org=call.tenant.org, workspace=call.tenant.workspace, event="Echoed", time=now, received_at=now,
        message_id=str(uuid7()), source="test", object=call.subject, run=call.principal.run,
    ))  # fmt: skip
    return Written(1)


async def divide(tx: Tx, call: StepCall, line: Line) -> Written:
    """Inside: what the database itself refuses when the text is 0."""
    await tx.run("insert into public.book values (%s, %s, %s)", (call.key, call.subject, line.text))
    return Written(await tx.value("select 100 / %s::int", (line.text,)))


@dataclass
class Service:
    """An outside service that remembers what it was asked, and fails as often as it is told."""

    keys: list[str] = field(default_factory=list)
    failures: list[Exception] = field(default_factory=list)

    async def ask(self, call: StepCall, parcel: Parcel) -> Receipt:
        self.keys.append(call.key)
        if self.failures:
            raise self.failures.pop(0)
        return Receipt(f"for {parcel.to}")


@dataclass
class Workshop:
    state: State
    clock: StillClock
    cast: Cast
    service: Service
    automation: Automation
    refusals: list[Exception]

    async def make(self, nodes: list[dict[str, Any]], **doc: Any) -> str:
        """An enabled automation on "Deal Won" unless told otherwise; returns its id."""
        text = {"trigger": {"event": "Deal Won"}, **doc, "nodes": nodes}
        return (await self.automation.create(self.cast.mina, "test", text, enabled=True)).id

    async def happen(self, name: str = "Deal Won", *, id: str = "", **fields: Any) -> str:
        """An event on the feed; returns its message id."""
        now, tenant = self.clock.now(), self.cast.tenant
        message = id or str(uuid7())
        listener = fields.pop("listener", "")
        if listener:
            fields |= {"distinct_id": listener, "person": person_id(tenant.workspace, listener)}
        event = Event(
            org=tenant.org, workspace=tenant.workspace, event=name, time=now, received_at=now, message_id=message,
            source="test", **fields,
        )  # fmt: skip
        async with self.state.begin(tenant) as tx:
            await append(tx, event)
        return message

    async def settle(self) -> None:
        await self.automation.settle()

    async def later(self, **amount: float) -> None:
        """Time passes, and what is due then happens."""
        self.clock.advance(timedelta(**amount))
        await self.settle()

    async def runs(self) -> list[Run]:
        """All runs, oldest first."""
        return list(reversed(await self.automation.runs(self.cast.mina, limit=500)))

    async def steps(self) -> list[Step]:
        """The steps of the only run."""
        (run,) = await self.runs()
        return (await self.automation.run(self.cast.mina, run.id))[1]

    async def book(self) -> list[str]:
        """The lines written by inside steps."""
        async with self.state.begin_system() as tx:
            return [row["text"] for row in await tx.rows("select text from public.book order by ctid")]

    async def events(self, name: str) -> list[Event]:
        """Events of a name that are on the feed."""
        async with self.state.begin_system() as tx:
            batches = await tail(tx, 0, (Lane.DOMAIN, Lane.OUTSIDE))
        return [event for batch in batches for event in batch.events() if event.event == name]


def kinds(service: Service, refusals: list[Exception]) -> list[StepKind]:
    """The workshop's steps; `refusals` are raised by `book.refuse`, one a call."""

    async def refuse(tx: Tx, call: StepCall, line: Line) -> Written:
        await tx.run("insert into public.book values (%s, %s, 'must not stay')", (call.key, call.subject))
        if refusals:
            raise refusals.pop(0)
        return await write_in(tx, call, line)

    title = {"ko": "시험", "en": "Test"}
    return [
        StepKind("book.write", title, Line, Written, write_in),
        StepKind("book.write_all", title, Line, Written, write_in, run_many=write_all),
        StepKind("book.refuse", title, Line, Written, refuse),
        StepKind("book.divide", title, Line, Written, divide),
        StepKind("book.echo", title, Line, Written, echo),
        StepKind("far.call", title, Parcel, Receipt, service.ask, outside=True),
        StepKind("far.ask", title, Parcel, Receipt, service.ask, outside=True, on_unknown="ask"),
        StepKind("far.leave", title, Parcel, Receipt, service.ask, outside=True, on_unknown="leave"),
    ]


async def open_workshop(state: State, at: datetime = MONDAY_NOON, **settings: Any) -> Workshop:
    clock, service, refusals = StillClock(at), Service(), []
    cast = await found_sori(state, clock)
    async with state.begin_system() as tx:
        await tx.run(BOOK)
    automation = Automation(
        state, clock, cast.governance, steps=kinds(service, refusals), rng=random.Random(7), **settings
    )
    return Workshop(state, clock, cast, service, automation, refusals)


__all__ = ["Invalid", "Service", "Unavailable", "Workshop", "kinds", "open_workshop"]
