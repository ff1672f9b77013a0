"""Reminders' entrance, and the loop that says them: each once, in the transaction that marks it as said."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import structlog

from dure.channels import events
from dure.channels.model import Draft
from dure.channels.profile import store as profiles
from dure.channels.refusals import NoText, UserNotFound
from dure.channels.reminders import store
from dure.channels.reminders.model import Reminder
from dure.channels.reminders.refusals import CannotAddBot, CannotAddOthers, CannotCompleteOthers, ReminderNotFound
from dure.channels.reminders.times import due
from dure.channels.rules import clean
from dure.feed.api import append
from dure.governance.api import Governance, Principal, Role, access
from dure.governance.events import act
from dure.kernel.clock import Clock
from dure.kernel.errors import DureError, Invalid, NotAllowed
from dure.kernel.ids import slack_id
from dure.kernel.tenant import Tenant
from dure.state import State, Tx

if TYPE_CHECKING:
    from dure.channels.api import Channels

log = structlog.get_logger("dure.channels.reminders")

_SAYS = {"ko": ":bell: 알림: {text}", "en": ":bell: Reminder: {text}"}
_SAYS_OF = {"ko": ":bell: <@{by}> 님이 남긴 알림: {text}", "en": ":bell: Reminder from <@{by}>: {text}"}


class Reminders:
    def __init__(self, state: State, clock: Clock, governance: Governance, rooms: Channels) -> None:
        self._state = state
        self._clock = clock
        self._governance = governance
        self._rooms = rooms

    async def add(self, principal: Principal, text: str, when: str, user: str = "") -> Reminder:
        """Raises CannotParse, TimeInPast, UserNotFound, CannotAddBot, CannotAddOthers."""
        access(principal, "channels:write")
        said = str(clean(text)).strip()
        if not said:
            raise NoText("A reminder needs a text.", field="text")
        if len(said) > 3000:
            raise Invalid("A reminder's text has at most 3,000 characters.", field="text")
        tenant, mine = principal.tenant, _person(principal)
        zone = (await self._governance.workspace(tenant)).timezone
        async with self._state.begin(tenant) as tx:
            people = {one.id: one for one in await self._governance.users_in(tx, tenant) if not one.deleted}
            whom = people.get(user or mine)
            if whom is None:
                raise UserNotFound(field="user")
            if whom.is_bot:
                raise CannotAddBot(field="user")
            if whom.id != mine and principal.role is Role.GUEST:
                raise CannotAddOthers(field="user")
            # In whose words the time is, by whose clock it is read.
            zone = (await profiles.find(tx, tenant.workspace, mine)).timezone or zone
            now = self._clock.now()
            made = Reminder(
                slack_id("Rm"), tenant.workspace, tenant.org, mine, whom.id, said, due(when, now, zone), now
            )
            await store.add(tx, made)
            await self._tell(tx, principal, events.REMINDER_ADDED, made)
            return made

    async def find(self, principal: Principal, id: str) -> Reminder:
        access(principal, "channels:read")
        async with self._state.begin(principal.tenant) as tx:
            return await self._find(tx, principal, id)

    async def listed(self, principal: Principal) -> list[Reminder]:
        """Those that the caller made or is reminded by, the next first."""
        access(principal, "channels:read")
        async with self._state.begin(principal.tenant) as tx:
            return await store.listed(tx, principal.tenant.workspace, _person(principal))

    async def complete(self, principal: Principal, id: str) -> None:
        """Raises CannotCompleteOthers for one that somebody else is reminded by."""
        access(principal, "channels:write")
        async with self._state.begin(principal.tenant) as tx:
            found = await self._find(tx, principal, id)
            if found.account != principal.user:
                raise CannotCompleteOthers(field="reminder")
            if found.completed_at is None:
                await store.complete(tx, found.workspace, found.id, self._clock.now())
                await self._tell(tx, principal, events.REMINDER_DONE, found)

    async def delete(self, principal: Principal, id: str) -> None:
        access(principal, "channels:write")
        async with self._state.begin(principal.tenant) as tx:
            found = await self._find(tx, principal, id)
            await store.delete(tx, found.workspace, found.id)
            await self._tell(tx, principal, events.REMINDER_DELETED, found)

    async def tick(self) -> int:
        """Says what is due, one a transaction, so that one that cannot be said holds up no other; how many were."""
        said = 0
        while await self._say_next():
            said += 1
        return said

    async def _say_next(self) -> bool:
        async with self._state.begin_system() as tx:
            found = await store.take_due(tx, self._clock.now())
            if found is None:
                return False
            system = self._governance.system(Tenant(found.org, found.workspace), "reminders")
            try:
                async with tx.part():
                    await self._say(tx, system, found)
            except DureError as error:
                # Whoever has left cannot be told; the reminder counts as said, so that it is not tried for ever.
                log.warning("channels.reminder_not_said", reminder=found.id, error=error.message)
            return True

    async def _say(self, tx: Tx, system: Principal, found: Reminder) -> None:
        person = next((o for o in await self._governance.users_in(tx, system.tenant) if o.id == found.account), None)
        language = person.language if person and person.language in _SAYS else "ko"
        says = _SAYS if found.creator == found.account else _SAYS_OF
        room, _ = await self._rooms.open_direct_in(tx, system, [found.account])
        text = says[language].format(text=found.text, by=found.creator)
        await self._rooms.post_in(tx, system, room.id, Draft(text, client_msg_id=f"reminder-{found.id}"))

    async def _find(self, tx: Tx, principal: Principal, id: str) -> Reminder:
        found = await store.find(tx, principal.tenant.workspace, str(clean(id)), _person(principal))
        if found is None:
            raise ReminderNotFound(field="reminder")
        return found

    async def _tell(self, tx: Tx, principal: Principal, name: str, found: Reminder) -> None:
        # What it says is between two people: the log, which the whole workspace reads, does not have it.
        told: dict[str, Any] = {"user": found.account, "due_at": found.due_at.isoformat()}
        await append(tx, act(principal, "channels", name, "reminder", found.id, told, self._clock.now()))


def _person(principal: Principal) -> str:
    if not principal.user:
        raise NotAllowed("Only somebody with an account can have reminders.")
    return principal.user
