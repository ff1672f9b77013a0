"""A channel's prefs: shown to who can read it, set by administrators of its home's organisation."""

from __future__ import annotations

from starlette.requests import Request

from dure.channels import events
from dure.channels.desk import Desk
from dure.channels.model import Conversation
from dure.channels.prefs.model import Prefs, Who, kept_of, read
from dure.channels.prefs.refusals import InvalidPrefs
from dure.channels.refusals import NotOwner, RestrictedAction
from dure.channels.rules import why_not
from dure.channels.seats import no_direct
from dure.channels.store import conversations
from dure.governance.api import Principal, Role, access
from dure.state import Tx


class ChannelPrefs(Desk):
    async def why_not(self, principal: Principal, found: Conversation) -> str:
        """The rule that keeps the caller from beginning something in a channel that they see; "" for none."""
        async with self._state.begin(principal.tenant) as tx:
            if await self.kept_apart(tx, found):
                return "information_barrier"
            return why_not(principal, found, (await self.author(tx, principal)).user)

    async def apart_from(self, principal: Principal) -> set[str]:
        """To whom an information barrier lets the caller not write directly."""
        access(principal, "channels:read")
        async with self._state.begin(principal.tenant) as tx:
            return await self._governance.barriers.kept_from(tx, principal.tenant.org, principal.user)

    async def set_prefs(self, principal: Principal, channel: str, given: object) -> Conversation:
        """Who writes, who answers, whether anybody calls the whole channel, how many it holds. What is not named stays.
        Raises InvalidPrefs, MentionsGoTogether."""
        async with self._state.begin(principal.tenant) as tx:
            return await self.set_prefs_in(tx, principal, channel, given)

    async def set_prefs_in(self, tx: Tx, principal: Principal, channel: str, given: object) -> Conversation:
        """`set_prefs` within a transaction."""
        access(principal, "channels:write")
        found = await self.enter(tx, principal, channel)
        no_direct(found)
        if found.side.org != found.home.org:
            raise NotOwner(field="channel")
        if principal.role not in (Role.OWNER, Role.ADMIN):
            raise RestrictedAction("Only an administrator says who may write.")
        made = read(given, prefs_as_they_are(found))
        if made.post is not None or made.thread is not None or found.posting != "everyone":
            await conversations.set_posting(tx, found.home.org, channel, "everyone")
        await conversations.put_prefs(tx, found.home.org, channel, kept_of(made))
        await self.tell(tx, principal, found, events.CHANGED, {"what": "prefs", "prefs": kept_of(made) or {}})
        return await self.see(tx, principal, channel)


async def sent_prefs(request: Request) -> object:
    """What a caller of Dure's own door sent as prefs."""
    try:
        return await request.json()
    except (ValueError, RecursionError) as error:
        raise InvalidPrefs("The body is JSON.", field="prefs") from error


def prefs_as_they_are(found: Conversation) -> Prefs:
    """A channel's prefs, with what `posting` says in their words."""
    now, admins = found.prefs or Prefs(), Who(("admin",))
    if found.posting == "everyone":
        return now
    post = None if found.posting == "flat" else admins
    thread = {"threads": None, "admins": admins, "flat": Who()}[found.posting]
    return Prefs(post, thread, now.at_here, now.at_channel, now.limit)
