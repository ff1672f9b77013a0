"""The check who is needed: asked of a channel, and what it suggests done with one press."""

from __future__ import annotations

from collections import Counter
from datetime import timedelta

from dure.automation.plugs import Lookup
from dure.channels import events
from dure.channels.api import Channels, Conversation, Draft
from dure.channels.charters import store as charters
from dure.channels.customer import store as customers
from dure.channels.events import channel_event
from dure.channels.model import ts_at
from dure.channels.needed import rules, store
from dure.channels.needed.model import Member, Needed
from dure.channels.refusals import RestrictedAction, WrongKind
from dure.feed.api import append
from dure.governance.api import Governance, Principal, Role, User, access
from dure.kernel.clock import Clock
from dure.kernel.errors import Conflict, Invalid
from dure.kernel.tenant import Tenant
from dure.state import State, Tx

__all__ = ["Needed", "NeededPeople"]

DAYS = 45


class NeededPeople:
    """`owners` says by an account's id who looks after it (`owners`, `owner`): they are never suggested."""

    def __init__(self, state: State, clock: Clock, governance: Governance, channels: Channels, owners: Lookup) -> None:
        self._state = state
        self._clock = clock
        self._governance = governance
        self._channels = channels
        self.owners = owners

    async def check(self, principal: Principal, channel: str, days: int = DAYS) -> Needed:
        """What each member of a channel does there, and whom one might leave out. Not shown to guests, and of the other
        side's people no more than that they are there."""
        access(principal, "channels:read")
        if not 7 <= days <= 365:
            raise Invalid("`days` is 7 to 365.", field="days")
        async with self._state.begin(principal.tenant) as tx:
            room = await self._channels.see(tx, principal, channel)
            return await self._check(tx, principal, room, days)

    async def ask(self, principal: Principal, channel: str, user: str, days: int = DAYS) -> None:
        """Asks somebody whom the check suggests whether they still need the channel: where they will see it, in a
        message of the app to them alone. Raises Conflict for who is not suggested (any more)."""
        access(principal, "channels:write")
        async with self._state.begin(principal.tenant) as tx:
            room = await self._channels.enter(tx, principal, channel)
            found = await self._check(tx, principal, room, days)
            one = next((one for one in found.suggested if one.doing.user == user), None)
            if one is None or not found.may_act:
                raise Conflict("The check does not suggest to leave them out.", field="user")
            system = self._governance.system(principal.tenant, "channels")
            opened, _ = await self._channels.open_direct_in(tx, system, [user])
            await self._channels.post_in(tx, system, opened.id, Draft(_question(room, one, days, principal.user)))
            told = {"user": user, "by": principal.user, "reason": one.why}
            await append(tx, channel_event(principal, self._clock, room, room.side, events.LEAVE_ASKED, told))

    async def _check(self, tx: Tx, principal: Principal, room: Conversation, days: int) -> Needed:
        if principal.role is Role.GUEST:
            raise RestrictedAction("Guests do not see who does what here.")
        if room.kind != "channel":
            raise WrongKind(field="channel")
        now, workspace = self._clock.now(), principal.tenant.workspace
        doings = (await store.doings(tx, [room.id], ts_at(now - timedelta(days=days))))[room.id]
        users = await self._people(tx, room)
        charter = await charters.of(tx, room.id)
        reasons = {one.user: one.reason for one in charter.text.belongs} if charter else {}
        members = rules.judge(
            doings, users, workspace=workspace, creator=room.creator, owners=await self._owners_of(tx, principal, room),
            reasons=reasons, last_ts=room.last_ts, now=now, days=days,
        )  # fmt: skip
        people = [one for one in members if one.kept != "bot"]
        inside = [one for one in people if not one.outside]
        may_act = room.is_member and not room.side.archived
        return Needed(
            days, tuple(people), dict(Counter(one.function for one in inside if one.function)), len(inside),
            len(people) - len(inside), may_act,
        )  # fmt: skip

    async def _people(self, tx: Tx, room: Conversation) -> dict[str, User]:
        users: dict[str, User] = {}
        for side in room.connected:
            known = await self._governance.users_in(tx, Tenant(side.org, side.workspace))
            users |= {user.id: user for user in known if not user.deleted}
        return users

    async def _owners_of(self, tx: Tx, principal: Principal, room: Conversation) -> set[str]:
        link = await customers.of(tx, principal.tenant.workspace, room.id)
        if link is None:
            return set()
        known = (await self.owners(tx, principal.tenant, [link.account])).get(link.account, {})
        return {str(one) for one in (known.get("owner", ""), *known.get("owners", ())) if one}


def _question(room: Conversation, one: Member, days: int, by: str) -> str:
    ko = f"{one.quiet_days}일 동안 쓰거나 읽지 않으셨습니다"
    en = f"you have not written or read there in {one.quiet_days} days"
    if one.why == "reads_only":
        ko = f"{days}일 동안 쓰신 것이 없고, 같은 팀의 {one.active}명이 이야기하고 있습니다"
        en = f"you have not written there in {days} days, and {one.active} of your team do"
    return (
        f"<@{by}> 님이 <#{room.id}> 채널에 아직 계셔야 하는지 묻습니다. {ko}. 필요하지 않으면 나가 주세요. 언제든 다시"
        f" 들어올 수 있습니다.\n<@{by}> asks whether you still need <#{room.id}>: {en}. If not, please leave it; you"
        " can come back any time."
    )
