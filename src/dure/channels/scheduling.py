"""What is said later: kept until its time, then said once, whichever process gets to it and whatever crashes."""

from __future__ import annotations

import secrets
from dataclasses import replace
from datetime import UTC, datetime, timedelta

from dure.channels import events
from dure.channels.content import mentions_in
from dure.channels.events import scheduled_event
from dure.channels.files import attaching
from dure.channels.model import Draft, Scheduled
from dure.channels.refusals import AuthorGone, ScheduledNotFound, TimeInPast, TimeTooFar, TooManyScheduled
from dure.channels.rules import check_draft, may_write_here
from dure.channels.store import scheduled as store
from dure.channels.talk import Talk
from dure.feed.api import append, whisper
from dure.governance.api import Principal, access
from dure.kernel.errors import DureError
from dure.kernel.tenant import Tenant
from dure.state import Tx

AHEAD = timedelta(days=120)
_SPAN = timedelta(minutes=5)
_IN_A_SPAN = 30
_A_TICK = 200
_BEGINNING = datetime(1970, 1, 1, tzinfo=UTC)
_END = datetime(9999, 1, 1, tzinfo=UTC)


class Scheduling(Talk):
    async def schedule(self, principal: Principal, channel: str, draft: Draft, post_at: datetime) -> Scheduled:
        """Keeps a message for its time. Raises TimeInPast, TimeTooFar (120 days), TooManyScheduled."""
        access(principal, "channels:write")
        draft, now, post_at = check_draft(draft), self._clock.now(), post_at.astimezone(UTC)
        if post_at <= now:
            raise TimeInPast(field="post_at")
        if post_at > now + AHEAD:
            raise TimeTooFar(field="post_at")
        async with self._state.begin(principal.tenant) as tx:
            found = await self.enter(tx, principal, channel)
            named, author = mentions_in(draft.text, draft.blocks), await self.author(tx, principal)
            may_write_here(principal, found, draft.thread is not None, author.user, named)
            await self._root(tx, channel, draft.thread)
            start = _BEGINNING + (post_at - _BEGINNING) // _SPAN * _SPAN
            if await store.count_between(tx, channel, start, start + _SPAN) >= _IN_A_SPAN:
                raise TooManyScheduled(field="post_at")
            author = await self.author(tx, principal)
            files = await attaching.attachable(tx, principal, author.user, draft.files)
            # Rules are asked now, and again at its time: others may hold by then.
            draft = (await self.watch.draft(tx, principal, found, draft, files, user=author.user)).draft
            # `Q…` as Slack's; random, because nobody is to guess another's.
            number = f"Q0{secrets.token_hex(5).upper()}"
            one = Scheduled(number, channel, author.user, author.app, post_at, now, draft, "")
            await store.add(tx, principal.tenant, one)
            await self._tell_scheduled(tx, principal, events.SCHEDULED, one)
            return one

    async def scheduled(
        self, principal: Principal, *, channel: str = "", oldest: datetime = _BEGINNING, latest: datetime = _END,
        after: str = "", limit: int = 100,
    ) -> list[Scheduled]:  # fmt: skip
        """The caller's own, those that failed too, in the order of their time."""
        access(principal, "channels:read")
        async with self._state.begin(principal.tenant) as tx:
            if channel:
                await self.see(tx, principal, channel)
            author = await self.author(tx, principal)
            return await store.listed(
                tx, principal.tenant.workspace, author.user, channel=channel, oldest=oldest, latest=latest,
                after=after, limit=limit,
            )  # fmt: skip

    async def unschedule(self, principal: Principal, channel: str, scheduled: str) -> Scheduled:
        """Takes one's own back. Raises ScheduledNotFound, also where it is being said at this moment."""
        access(principal, "channels:write")
        async with self._state.begin(principal.tenant) as tx:
            await self.see(tx, principal, channel)
            author = await self.author(tx, principal)
            one = await store.take(tx, principal.tenant.workspace, author.user, channel, scheduled)
            if one is None:
                raise ScheduledNotFound(field="scheduled_message_id")
            await self._tell_scheduled(tx, principal, events.UNSCHEDULED, one)
            return one

    async def say_due(self, now: datetime) -> int:
        """Says what is due, each in the transaction that takes it away; how many. Any number of processes may do it."""
        said = 0
        while said < _A_TICK:
            failed: tuple[Tenant, Scheduled, str] | None = None
            try:
                async with self._state.begin_system() as tx:
                    taken = await store.take_due(tx, now)
                    if taken is None:
                        return said
                    tenant, one = taken
                    failed = (tenant, one, "")
                    principal = await self._as_author(tx, tenant, one)
                    await self.post_in(tx, principal, one.channel, one.draft)
            except DureError as error:
                # The transaction is undone, so it is there still: it is kept with the reason, for its author to see.
                if failed is None:
                    raise
                await self._give_up(failed[0], failed[1], error.code)
            said += 1
        return said

    async def _as_author(self, tx: Tx, tenant: Tenant, one: Scheduled) -> Principal:
        users = await self._governance.users_in(tx, tenant)
        user = next((user for user in users if user.id == one.user), None)
        if user is None or user.deleted:
            raise AuthorGone(field="user")
        return Principal(tenant, user.id, user.role, kind="bot" if one.app else "user", app=one.app)

    async def _give_up(self, tenant: Tenant, one: Scheduled, why: str) -> None:
        async with self._state.begin(tenant) as tx:
            if not await store.fail(tx, tenant.workspace, one.id, why):
                return  # another process has said it meanwhile
            system = self._governance.system(tenant, "channels")
            await self._tell_scheduled(tx, system, events.SCHEDULE_FAILED, replace(one, failed=why))

    async def _tell_scheduled(self, tx: Tx, principal: Principal, name: str, one: Scheduled) -> None:
        """To the author's own side only, and not to who looks at the channel: nobody knows what is going to be said."""
        await append(tx, scheduled_event(principal, self._clock, name, one))
        whose, told = principal.tenant.workspace, {"kind": "scheduled", "channel": one.channel}
        await whisper(tx, whose, [f"user:{one.user}"], told)
