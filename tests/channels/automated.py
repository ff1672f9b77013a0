"""Sorimaru's channels with forms and automations behind them, without a server: people press, type and answer."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

import msgspec

from dure.automation.api import Automation
from dure.automation.plugs import StepCall
from dure.channels import steps as channel_steps
from dure.channels import triggers
from dure.channels.forms import events as form_events
from dure.channels.forms import steps as form_steps
from dure.channels.forms.api import Forms
from dure.channels.forms.bringing import Bringer
from dure.channels.interaction.api import Interaction, Press
from dure.channels.interaction.asides import ShownAsides
from dure.channels.model import Message
from dure.feed.api import Event
from dure.governance.api import Principal
from dure.state import State
from tests.channels.desk_app import Shown
from tests.channels.room import Room, open_room


class Nobody:
    """No app is connected: whatever is asked of one was not answered by the house."""

    async def ask(self, app: str, workspace: str, kind: str, payload: Mapping[str, Any]) -> Any:
        raise AssertionError(f"an app was asked: {kind}")


@dataclass
class Office:
    room: Room
    forms: Forms
    automation: Automation
    interaction: Interaction
    asides: Shown
    bringer: Bringer

    @property
    def mina(self) -> Principal:
        return self.room.cast.mina

    @property
    def joon(self) -> Principal:
        return self.room.cast.joon

    async def step(self, name: str, **inputs: Any) -> Any:
        """Carries out one step as automation would."""
        cast = self.room.cast
        kinds = [*channel_steps.steps(self.room.channels, cast.governance), *form_steps.steps(self.forms)]
        kind = next(kind for kind in kinds if kind.name == name)
        principal = cast.governance.system(cast.tenant, "automation", "run-1")
        call = StepCall(cast.tenant, principal, "run-1", "a", "run-1:a:1", "s", self.room.clock.now())
        async with self.room.state.begin(cast.tenant) as tx:
            return await kind.run(tx, call, msgspec.convert(inputs, kind.inputs))

    async def switch_on(self, trigger: Mapping[str, Any], *nodes: Mapping[str, Any]) -> str:
        """An automation that is on; without nodes it only ends."""
        doc = {"trigger": dict(trigger), "nodes": [dict(node) for node in nodes] or [{"id": "end", "kind": "end"}]}
        made = await self.automation.create(self.mina, "시험", doc, enabled=True)
        return made.id

    async def runs(self, automation: str) -> list[Any]:
        await self.automation.settle()
        return await self.automation.runs(self.mina, automation)

    async def press(self, who: Principal, channel: str, ts: int, action: str) -> None:
        self.room.clock.advance(timedelta(seconds=1))
        await self.interaction.act(who, Press("dure_ask", action, None, channel, ts, screen="s1"))

    async def open_view(self, who: Principal) -> str:
        """The id of the modal that lies before somebody."""
        async with self.room.state.begin(who.tenant) as tx:
            found = await tx.value(
                "select id from channels.view where account = %s and closed_at is null order by opened_at desc limit 1",
                (who.user,),
            )
        return str(found)

    async def settle(self) -> None:
        """Moves the automations, and brings their questions into channels, until nothing is left."""
        while await self.automation.settle() + await self.bringer.step():
            pass

    async def last(self, who: Principal, channel: str) -> Message:
        return (await self.room.channels.history(who, channel, limit=1))[0][0]

    async def answered(self) -> list[Event]:
        return [one for one in await self.room.told(self.mina.tenant.workspace) if one.event == form_events.ANSWERED]


async def open_office(state: State, clock: Any = None) -> Office:
    room = await open_room(state, clock)
    governance, shown = room.cast.governance, Shown()
    automation = Automation(state, room.clock, governance)
    forms = Forms(state, room.clock, governance, room.channels)
    interaction = Interaction(
        state, room.clock, governance, room.channels, Nobody(), ShownAsides(room.clock, shown), forms=forms,
        automations=automation,
    )  # fmt: skip
    automation.offer(
        steps=[*channel_steps.steps(room.channels, governance), *form_steps.steps(forms)],
        kinds_of_events=[*channel_steps.EVENTS, *form_events.EVENTS], triggers=triggers.TRIGGERS,
    )  # fmt: skip
    return Office(room, forms, automation, interaction, shown, Bringer(state, governance, forms))
