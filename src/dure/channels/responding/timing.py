"""Response clocks: how long somebody from outside has waited, and when the home side is told.

Outside is who belongs to another organisation, and a guest: somebody at the customer who was given a seat. Bots neither
ask nor answer.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

from dure.channels import events
from dure.channels.desk import Desk
from dure.channels.events import channel_event
from dure.channels.model import Conversation, Message, Response, ts_text
from dure.channels.refusals import IsAnswered, IsOverdue, NotOwner, ResponseNotFound, RestrictedAction
from dure.channels.responding import rules, store
from dure.channels.store import conversations, messages
from dure.feed.api import append
from dure.governance.api import Hours, Principal, Role, access
from dure.kernel.asking import asks
from dure.kernel.ids import uuid7
from dure.kernel.tenant import Tenant
from dure.state import Tx

_BATCH = 200
# At the top level who asks within this time after somebody of the home side wrote goes on with what was talked about.
_SAME_TALK = timedelta(days=1)


class Responses(Desk):
    async def waiting(self, principal: Principal, channels: list[str]) -> dict[str, list[Response]]:
        """The running clocks of channels whose home is the caller's workspace, the longest waiting first."""
        access(principal, "channels:read")
        found: dict[str, list[Response]] = {}
        if principal.role is Role.GUEST:
            return found
        async with self._state.begin(principal.tenant) as tx:
            for clock in await self.waiting_in(tx, principal.tenant, channels):
                found.setdefault(clock.channel, []).append(clock)
        return found

    async def waiting_in(self, tx: Tx, tenant: Tenant, channels: Sequence[str]) -> list[Response]:
        """The running clocks of channels whose home is the workspace, within a transaction that has checked which
        channels may be seen; the longest waiting first."""
        return await store.running_of(tx, tenant.workspace, channels)

    async def responses(self, principal: Principal, channel: str, limit: int = 50) -> list[Response]:
        """A channel's clocks, running and stopped, the newest first; empty for who is not of its home side."""
        access(principal, "channels:read")
        async with self._state.begin(principal.tenant) as tx:
            found = await self.see(tx, principal, channel)
            return await store.recent(tx, channel, limit) if _waited_for(principal, found) else []

    async def readers(self, principal: Principal, clocks: Sequence[Response]) -> Mapping[str, Sequence[str]]:
        """Who of the caller's workspace has read as far as each of these questions, by the clock's id."""
        access(principal, "channels:read")
        async with self._state.begin(principal.tenant) as tx:
            return await store.readers(tx, principal.tenant.workspace, clocks)

    async def rest(self, principal: Principal, clock: str) -> Response:
        """Lets a clock stand still until the customer writes: it is their turn. Not one that is overdue."""
        async with self._state.begin(principal.tenant) as tx:
            found, held = await self._running(tx, principal, clock)
            now = self._clock.now()
            if held.state == "paused":
                return held
            if rules.state_at(held, now) == "overdue":
                raise IsOverdue(field="response")
            author = await self.author(tx, principal)
            rested = replace(rules.rested(held, await self._hours_of(tx, found), now), paused_by=author.user)
            await store.keep(tx, found.home.workspace, rested)
            await self._tell_home(tx, principal, found, events.RESTED, rested, {"by": author.user})
            return rested

    async def resume(self, principal: Principal, clock: str) -> Response:
        """Sets a clock that stands still going again, with what was left of it."""
        async with self._state.begin(principal.tenant) as tx:
            found, held = await self._running(tx, principal, clock)
            return await self._resume(tx, principal, found, held) if held.state == "paused" else held

    async def escalate_in(
        self, tx: Tx, principal: Principal, channel: str, asked: int, to: Sequence[str]
    ) -> tuple[Response | None, Sequence[str]]:
        """Hands a waiting question to these people of the home side, within a transaction: they are brought into the
        channel, and the clock keeps whose it is. The clock, None where nobody waits any more; and who was new."""
        access(principal, "channels:write")
        found = await self.see(tx, principal, channel, lock=True)
        if not found.side.home:
            raise NotOwner(field="channel")
        held = await store.at(tx, found.home.workspace, found.id, asked)
        if held is None or held.state in ("answered", "paused"):
            return None, ()
        known = [user.id for user in await self.people(tx, found.side.tenant, [*to])]
        now = self._clock.now()
        pairs = [(user, found.home.workspace) for user in known]
        added = await conversations.add_members(tx, found.id, pairs, now, held.asked - 1)
        for user in added:
            await self.note(tx, principal, found, user, "channel_join")
        await self.tell(tx, principal, found, events.JOINED, *({"user": user, "inviter": ""} for user in added))
        kept = replace(held, escalated_at=now, escalated_to=tuple(dict.fromkeys((*held.escalated_to, *known))))
        await store.keep(tx, found.home.workspace, kept)
        await self._tell_home(tx, principal, found, events.ESCALATED, kept, {"to": known, "added": list(added)})
        return kept, added

    async def tick(self, now: datetime) -> int:
        """Warns of and declares overdue what has come to its time; how many clocks moved. Any number may run it."""
        async with self._state.begin_system() as tx:
            due = await store.due(tx, now, _BATCH)
            for workspace, org, clock in due:
                await self._move(tx, Tenant(org, workspace), clock, now)
        return len(due)

    # -- within a transaction ---------------------------------------------------------------------------------------

    async def _time(self, tx: Tx, principal: Principal, found: Conversation, message: Message) -> None:
        """Starts, resumes or stops clocks by a message just said; `found` is locked."""
        if found.response_minutes is None or message.app or message.subtype or principal.kind != "user":
            return
        running = await store.running(tx, found.id)
        if _outside(principal, found):
            for clock in rules.resumes(message.thread, running):
                await self._resume(tx, principal, found, clock)
            place = rules.starts_clock(message.thread, running)
            if place is not None:
                await self._start(tx, principal.tenant, found, message, place, found.response_minutes)
            return
        stopped = rules.stops_clocks(message.thread, running)
        hours = await self._hours_of(tx, found) if stopped else None
        for clock in stopped:
            assert hours is not None  # noqa: S101
            await self._stop(tx, principal, found, clock, message, hours)
            if clock.thread == 0 and message.thread is not None:
                await self._go_on(tx, found, clock, message.thread)

    async def _unasked(self, tx: Tx, found: Conversation, message: Message) -> None:
        """A question was taken back: its clock with it. What else was asked there waits since it was asked."""
        for clock in await store.running(tx, found.id) if found.response_minutes is not None else ():
            if clock.asked == message.ts:
                await store.drop(tx, found.home.workspace, clock)
                await self._go_on(tx, found, clock, message.ts)

    async def _go_on(self, tx: Tx, found: Conversation, clock: Response, after: int) -> None:
        """Starts a clock for what outsiders asked in the place of one that is over, after what was answered there."""
        guests, teams = await self._own_side(tx, found)
        for ts, text in await store.said_after(tx, found.id, clock.thread, after, teams, guests):
            said = await messages.find(tx, found.id, ts) if asks(text) else None
            if said is not None:
                asker = Tenant(found.org_of(said.team), said.team)
                await self._start(tx, asker, found, said, clock.thread, found.response_minutes or clock.minutes)
                return

    async def _noticed(self, tx: Tx, principal: Principal, found: Conversation, message: Message) -> None:
        """Somebody reacted to a message: who asked there was seen, which is not an answer yet."""
        if found.response_minutes is None or principal.kind != "user" or _outside(principal, found):
            return
        for clock in rules.notices(message.ts, message.thread, await store.running(tx, found.id)):
            if clock.seen_at is None:
                seen = replace(clock, seen_at=self._clock.now(), seen_by=principal.user)
                await store.keep(tx, found.home.workspace, seen)
                await self._tell_home(tx, principal, found, events.SEEN, seen, {"seen_by": principal.user})

    async def _start(
        self, tx: Tx, asker: Tenant, found: Conversation, message: Message, place: int, minutes: int
    ) -> None:  # fmt: skip
        now, home = _moment(message.ts), found.home
        guests, teams = await self._own_side(tx, found)
        since = message.ts - int(_SAME_TALK.total_seconds() * 1_000_000)
        spoke = await store.spoke(tx, found.id, message.thread, teams, guests, since)
        clock = Response(
            str(uuid7()), found.id, place, message.ts, message.user, minutes, now, now, "waiting", None, None, None,
            "next" if spoke else "first", asker.workspace, asker.org,
        )  # fmt: skip
        await store.start(tx, home.workspace, rules.timed(clock, await self._hours_of(tx, found), now, minutes * 60))

    async def _own_side(self, tx: Tx, found: Conversation) -> tuple[list[str], list[str]]:
        """The home side: its guests, who stand outside, and its workspaces."""
        users = await self._governance.users_in(tx, found.home.tenant)
        guests = [user.id for user in users if user.role is Role.GUEST]
        return guests, [share.workspace for share in found.shares if share.org == found.home.org]

    async def _resume(self, tx: Tx, principal: Principal, found: Conversation, clock: Response) -> Response:
        now = self._clock.now()
        going = replace(rules.timed(clock, await self._hours_of(tx, found), now, clock.left or 0), paused_by="")
        await store.keep(tx, found.home.workspace, going)
        await self._tell_home(tx, principal, found, events.RESUMED, going, {})
        return going

    async def _stop(
        self, tx: Tx, principal: Principal, found: Conversation, clock: Response, message: Message, hours: Hours
    ) -> None:  # fmt: skip
        at = _moment(message.ts)
        seconds, opened = (message.ts - clock.asked) // 1000 / 1000, rules.spent(clock, hours, at)
        stopped = replace(
            clock, state="answered", answered_at=at, answered_by=message.user, seconds=seconds, open_seconds=opened,
            within=opened <= clock.minutes * 60, paused_at=None, left=None,
        )  # fmt: skip
        await store.keep(tx, found.home.workspace, stopped)
        outcome = {
            "seconds": seconds, "open_seconds": round(opened, 3), "within": stopped.within,
            "answered_by": message.user,
        }  # fmt: skip
        await self._tell_home(tx, principal, found, events.ANSWERED, stopped, outcome)

    async def _move(self, tx: Tx, tenant: Tenant, clock: Response, now: datetime) -> None:
        moved = replace(clock, state=rules.state_at(clock, now))
        await store.keep(tx, tenant.workspace, moved)
        system = self._governance.system(tenant, "channels")
        author = await self.author(tx, system)
        found = await conversations.find(tx, tenant.workspace, author.user, clock.channel)
        if found is not None:
            name = events.OVERDUE if moved.state == "overdue" else events.WARNED
            await self._tell_home(tx, system, found, name, moved, {})

    async def _running(self, tx: Tx, principal: Principal, clock: str) -> tuple[Conversation, Response]:
        """A clock that runs or stands still and its conversation, locked, for somebody who may answer there."""
        access(principal, "channels:write")
        held = await store.one(tx, principal.tenant.workspace, clock)
        if held is None or principal.role is Role.GUEST:
            raise ResponseNotFound(field="response")
        found = await self.enter(tx, principal, held.channel)
        if not found.is_member:
            raise RestrictedAction("Only who is in the channel says whose turn it is.")
        held = await store.one(tx, principal.tenant.workspace, clock)
        if held is None:
            raise ResponseNotFound(field="response")
        if held.state == "answered":
            raise IsAnswered(field="response")
        return found, held

    async def _hours_of(self, tx: Tx, found: Conversation) -> Hours:
        team = found.response_team
        return (await self._governance.hours.of_in(tx, found.home.tenant, [team]))[team]

    async def _tell_home(
        self, tx: Tx, principal: Principal, found: Conversation, name: str, clock: Response, more: Mapping[str, Any]
    ) -> None:
        properties = {
            "response": clock.id, "response_kind": clock.kind,
            "thread_ts": ts_text(clock.thread) if clock.thread else "", "asked_ts": ts_text(clock.asked),
            "asked_by": clock.asked_by, "asked_org": clock.asked_org, "minutes": clock.minutes,
            "due_at": clock.due_at.isoformat(), "seen_by": clock.seen_by, **more,
        }  # fmt: skip
        await append(tx, channel_event(principal, self._clock, found, found.home, name, properties))


def _waited_for(principal: Principal, found: Conversation) -> bool:
    return found.side.home and principal.role is not Role.GUEST


def _outside(principal: Principal, found: Conversation) -> bool:
    return principal.tenant.org != found.home.org or principal.role is Role.GUEST


def _moment(ts: int) -> datetime:
    return datetime(1970, 1, 1, tzinfo=UTC) + timedelta(microseconds=ts)
