"""Archiving, deleting or moving many channels: asked for at once, done one after the other, each in its transaction."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import TYPE_CHECKING

from dure.channels import events
from dure.channels.spanning import bulk_store as store
from dure.channels.spanning.model import Act, Bulk
from dure.channels.spanning.refusals import BulkNotFound, InProgress, NoValidChannels, TeamNotFound
from dure.feed.api import append
from dure.governance.api import OrgRole, Principal, Role, access
from dure.governance.events import act
from dure.kernel.clock import Clock
from dure.kernel.errors import DureError, TooLarge
from dure.kernel.ids import slack_id
from dure.kernel.tenant import Tenant
from dure.state import State

if TYPE_CHECKING:
    from dure.channels.spanning.api import Spanning

MOST_CHANNELS = 1_000
_A_TICK = 50


class Bulks:
    def __init__(self, state: State, clock: Clock, spanning: Spanning) -> None:
        self._state = state
        self._clock = clock
        self._spanning = spanning

    async def begin(
        self, principal: Principal, what: Act, channels: Sequence[str], target: str = ""
    ) -> tuple[Bulk, Sequence[str]]:
        """Takes on an act on many channels; and those that are none of the organisation's. Raises InProgress while
        another of the organisation's is under way, NoValidChannels, TeamNotFound."""
        access(principal, "org:write")
        wanted = list(dict.fromkeys(channels))
        if len(wanted) > MOST_CHANNELS:
            raise TooLarge(f"At most {MOST_CHANNELS:,} channels at once.", field="channel_ids")
        org, now = principal.tenant.org, self._clock.now()
        async with self._state.begin(principal.tenant) as tx:
            spaces = await self._spanning.spaces(tx, principal)
            if what == "move" and target not in spaces:
                raise TeamNotFound(field="target_team_id")
            known = await store.known(tx, org, list(spaces), wanted)
            valid = [one for one in wanted if one in known]
            if not valid:
                raise NoValidChannels(field="channel_ids")
            await store.take_turns(tx, org)
            if await store.under_way(tx, org):
                raise InProgress
            made = Bulk(slack_id("Ab"), what, target, principal.user, now, None, len(valid), 0, {})
            await store.add(tx, principal.tenant, made, valid)
            about = {"act": what, "channels": len(valid), "target": target}
            await append(tx, act(principal, "channels", events.BULK_BEGUN, "bulk", made.id, about, now))
        return made, [one for one in wanted if one not in known]

    async def find(self, principal: Principal, bulk: str) -> Bulk:
        """How far it has come."""
        access(principal, "org:read")
        async with self._state.begin(principal.tenant) as tx:
            found = await store.find(tx, principal.tenant.org, bulk)
        if found is None:
            raise BulkNotFound(field="bulk_action_id")
        return found

    async def listed(self, principal: Principal) -> Sequence[Bulk]:
        """The organisation's latest."""
        access(principal, "org:read")
        async with self._state.begin(principal.tenant) as tx:
            return await store.latest(tx, principal.tenant.org, 20)

    async def step(self) -> int:
        """Does what is next, as far as one beat goes; how much. Any number of processes may."""
        done = 0
        while done < _A_TICK and await self._next():
            done += 1
        return done

    async def _next(self) -> bool:
        """The next channel of the oldest act: done, and noted as done. Who dies between does it again, and it is told
        so by the channel's own state."""
        async with self._state.begin_system() as tx:
            await tx.run("select pg_advisory_xact_lock(hashtext('channels.bulk'))")
            row = await store.next_of(tx, self._clock.now())
            if row is None:
                return False
            who = await self._asker(row["org"], row["workspace"], row["account"])
            error = ""
            if who is None:
                error = "not_an_admin"
            else:
                try:
                    await self._do(who, row["act"], row["channel"], row["target"])
                except DureError as refusal:
                    error = refusal.code
            await store.note(tx, row["bulk"], row["place"], error, self._clock.now())
        return True

    async def _asker(self, org: str, workspace: str, account: str) -> Principal | None:
        """Who asked, as long as they look after the organisation."""
        who = Principal(Tenant(org, workspace), account, Role.MEMBER, org_role=OrgRole.AUDITOR)
        people = {one.id: one for one in await self._spanning.people(who)}
        role = people[account].org_role if account in people and not people[account].gone else OrgRole.NONE
        return replace(who, org_role=role) if role in (OrgRole.OWNER, OrgRole.ADMIN) else None

    async def _do(self, who: Principal, what: Act, channel: str, target: str) -> None:
        if what == "archive":
            await self._spanning.archive(who, channel)
        elif what == "delete":
            await self._spanning.delete(who, channel)
        else:
            await self._spanning.move(who, channel, target)
