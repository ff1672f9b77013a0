"""An app's home: the page that an app makes for each person, beside their conversation with its bot."""

from __future__ import annotations

from dataclasses import dataclass

from dure.channels.apps.model import Installation
from dure.channels.apps.store import installations
from dure.channels.interaction import store
from dure.channels.interaction.contact import acting
from dure.channels.interaction.events import HOME_OPENED, app_event
from dure.channels.interaction.model import View
from dure.channels.interaction.refusals import AppNotFound
from dure.channels.interaction.shortcuts import Shortcuts
from dure.feed.api import append
from dure.governance.api import Principal
from dure.kernel.errors import Invalid
from dure.state import Tx

TABS = ("home", "messages")


@dataclass(frozen=True, slots=True)
class Home:
    """`view` is None where the app has published nothing for this person."""

    app: Installation
    view: View | None


class Homes(Shortcuts):
    async def home(self, principal: Principal, bot: str) -> Home:
        """The home of the app whose bot this is, as the caller has it."""
        acting(principal, "channels:read")
        async with self._state.begin(principal.tenant) as tx:
            app = await self._of_bot(tx, principal, bot)
            view = await store.home(tx, app.workspace, app.app, principal.user) if app.home_tab else None
            return Home(app, view)

    async def open_home(self, principal: Principal, bot: str, tab: str, channel: str) -> None:
        """Says in the feed that a person opened an app's home or its messages; the app is told from there."""
        acting(principal)
        if tab not in TABS:
            raise Invalid("`tab` is home or messages.", field="tab")
        async with self._state.begin(principal.tenant) as tx:
            app = await self._of_bot(tx, principal, bot)
            found = await self._channels.see(tx, principal, channel)
            if found.kind != "im" or bot not in found.people:
                raise Invalid("This is not the conversation with the app.", field="channel")
            view = await store.home(tx, app.workspace, app.app, principal.user)
            told = {"app": app.app, "tab": tab, "channel": found.id, "view": view.id if view else ""}
            await append(tx, app_event(principal, self._clock, HOME_OPENED, "user", principal.user, told))

    async def _of_bot(self, tx: Tx, principal: Principal, bot: str) -> Installation:
        for one in await installations(tx, self._governance, principal.tenant):
            if one.bot_user == bot:
                return one
        raise AppNotFound(field="bot")
