"""Response clocks: how long somebody from outside has waited, and when the home side is told."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from dure.channels import events
from dure.channels.desk import Desk
from dure.channels.events import channel_event
from dure.channels.model import Conversation, Message, Response, ts_text
from dure.channels.rules import due_time, starts_clock, state_at, stops_clocks, warn_time
from dure.channels.store import conversations
from dure.channels.store import responses as store
from dure.feed.api import append
from dure.governance.api import Principal, access
from dure.kernel.ids import uuid7
from dure.kernel.tenant import Tenant
from dure.state import Tx

_BATCH = 200


class Responses(Desk):
    async def waiting(self, principal: Principal, channels: list[str]) -> dict[str, list[Response]]:
        """The running clocks of channels whose home is the caller's workspace, the longest waiting first."""
        access(principal, "channels:read")
        found: dict[str, list[Response]] = {}
        async with self._state.begin(principal.tenant) as tx:
            for clock in await store.running_of(tx, principal.tenant.workspace, channels):
                found.setdefault(clock.channel, []).append(clock)
        return found

    async def responses(self, principal: Principal, channel: str, limit: int = 50) -> list[Response]:
        """A channel's clocks, running and stopped, the newest first; empty for who is not of its home side."""
        access(principal, "channels:read")
        async with self._state.begin(principal.tenant) as tx:
            found = await self.see(tx, principal, channel)
            return await store.recent(tx, channel, limit) if found.side.home else []

    async def tick(self, now: datetime) -> int:
        """Warns of and declares overdue what has come to its time; how many clocks moved. Any number may run it."""
        async with self._state.begin_system() as tx:
            due = await store.due(tx, now, _BATCH)
            for clock in due:
                await self._move(tx, clock, now)
        return len(due)

    async def _time(self, tx: Tx, principal: Principal, found: Conversation, message: Message) -> None:
        """Starts or stops clocks by a message just said; `found` is locked. Bots neither ask nor answer."""
        if not found.is_shared or found.response_minutes is None or message.app or principal.kind != "user":
            return
        running = await store.running(tx, found.id)
        if principal.tenant.org != found.home.org:
            place = starts_clock(message.thread, running)
            if place is not None:
                await store.start(tx, found.home.workspace, _clock(message, place, found.response_minutes))
            return
        for clock in stops_clocks(message.thread, running):
            seconds = (message.ts - clock.asked) // 1000 / 1000
            await store.answer(tx, clock.id, _moment(message.ts), message.user, seconds)
            outcome = {"seconds": seconds, "within": seconds <= clock.minutes * 60, "answered_by": message.user}
            await self._tell_home(tx, principal, found, events.ANSWERED, clock, outcome)

    async def _move(self, tx: Tx, clock: Response, now: datetime) -> None:
        state = state_at(clock, now)
        await store.set_state(tx, clock.id, state)
        home = await store.home_of(tx, clock.id)
        system = self._governance.system(Tenant(home["org"], home["workspace"]), "channels")
        author = await self.author(tx, system)
        found = await conversations.find(tx, home["workspace"], author.user, clock.channel)
        if found is not None:
            name = events.OVERDUE if state == "overdue" else events.WARNED
            await self._tell_home(tx, system, found, name, clock, {})

    async def _tell_home(
        self, tx: Tx, principal: Principal, found: Conversation, name: str, clock: Response, more: dict[str, object]
    ) -> None:
        properties = {
            "thread_ts": ts_text(clock.thread) if clock.thread else "", "asked_ts": ts_text(clock.asked),
            "asked_by": clock.asked_by, "minutes": clock.minutes, "due_at": clock.due_at.isoformat(), **more,
        }  # fmt: skip
        await append(tx, channel_event(principal, self._clock, found, found.home, name, properties))


def _moment(ts: int) -> datetime:
    return datetime(1970, 1, 1, tzinfo=UTC) + timedelta(microseconds=ts)


def _clock(message: Message, place: int, minutes: int) -> Response:
    asked = _moment(message.ts)
    return Response(
        str(uuid7()), message.channel, place, message.ts, message.user, minutes, warn_time(asked, minutes),
        due_time(asked, minutes), "waiting", None, None, None,
    )  # fmt: skip
