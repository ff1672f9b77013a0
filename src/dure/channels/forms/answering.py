"""Answering what a card asks without its buttons: what is open for somebody, and their answer or decision.

What people do on the screen, a program of theirs can do.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any
from uuid import UUID

from dure.channels.api import Channels
from dure.channels.forms import fields as rules
from dure.channels.forms import open_store, store
from dure.channels.forms.api import Asked, Forms
from dure.channels.forms.refusals import NotAsked
from dure.channels.refusals import ChannelNotFound
from dure.governance.api import Principal, access
from dure.kernel.errors import Invalid, NotFound
from dure.state import State, Tx

_MOST = 200


class Answering:
    def __init__(self, state: State, channels: Channels, forms: Forms) -> None:
        self._state = state
        self._channels = channels
        self._forms = forms

    async def open(self, principal: Principal) -> list[Asked]:
        """What waits for the caller's answer in channels that they see, the newest first."""
        access(principal, "channels:read")
        found = []
        async with self._state.begin(principal.tenant) as tx:
            for asked in await open_store.open_for(tx, principal.tenant.workspace, principal.user, _MOST):
                if await self._may(tx, principal, asked):
                    found.append(asked)
        return found

    async def answer(self, principal: Principal, ask: str, values: Mapping[str, Any]) -> None:
        """Fills in a form; `values` is a raw value by field."""
        async with self._state.begin(principal.tenant) as tx:
            asked = await self._found(tx, principal, ask, "form")
            known = {field.name for field in asked.fields}
            if unknown := sorted(set(values) - known):
                raise Invalid(f"The form has no field {unknown[0]!r}.", field=f"values.{unknown[0]}")
            await self._forms.fill_in(tx, principal, asked, {name: {rules.ACTION: raw} for name, raw in values.items()})

    async def decide(self, principal: Principal, ask: str, decision: str, note: str = "") -> None:
        """Says yes or no to an approval."""
        async with self._state.begin(principal.tenant) as tx:
            asked = await self._found(tx, principal, ask, "approval")
            await self._forms.decide_in(tx, principal, asked, decision, note)

    async def _found(self, tx: Tx, principal: Principal, ask: str, what: str) -> Asked:
        access(principal, "channels:write")
        try:
            asked = await store.asked(tx, principal.tenant.workspace, UUID(ask))
        except ValueError:
            asked = None
        if asked is None or not await self._may(tx, principal, asked):
            raise NotFound("Nothing of that id is asked.", field="ask")
        if asked.what != what:
            raise Invalid(f"This asks for {'a decision' if asked.what == 'approval' else 'values'}.", field="ask")
        return asked

    async def _may(self, tx: Tx, principal: Principal, asked: Asked) -> bool:
        try:
            await self._channels.see(tx, principal, asked.channel)
            self._forms.check_asked(principal, asked)
        except (ChannelNotFound, NotAsked):
            return False
        return True
