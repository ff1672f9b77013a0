"""Brings questions at which runs wait into channels: a follower that posts their cards, and closes them once somebody
has answered, wherever they did. The engine knows nothing of channels: it says on the feed what it asks, and where."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import msgspec
import structlog

from dure.automation.events import ASKED, DECIDED, FORM_ANSWERED, FORM_ASKED
from dure.channels.forms.api import Field, Forms, Question
from dure.channels.forms.model import Choice
from dure.feed.api import Batch, Bell, Event, Follower, Lane, begin_here, decode
from dure.governance.api import Governance
from dure.kernel.errors import DureError
from dure.kernel.tenant import Tenant
from dure.state import State, Tx

FOLLOWER = "channels.questions"
_EVERY = 0.1
_NEEDLES = [b'"event":' + msgspec.json.encode(name) for name in (ASKED, FORM_ASKED, DECIDED, FORM_ANSWERED)]
# The engine's kinds of fields that forms have under another name.
_TYPES = {"switch": "choice", "link": "text"}

_YES_OR_NO = [
    {"value": "yes", "title": {"ko": "예", "en": "Yes"}},
    {"value": "no", "title": {"ko": "아니요", "en": "No"}},
]

log = structlog.get_logger("channels")


class Bringer:
    def __init__(self, state: State, governance: Governance, forms: Forms) -> None:
        self._state = state
        self._governance = governance
        self._forms = forms
        self._follower = Follower(state, FOLLOWER, (Lane.DOMAIN,))

    async def run(self, bell: Bell) -> None:
        """Follows until cancelled. Where it never ran before it begins with what is asked from now on."""
        async with self._state.begin_system() as tx:
            await begin_here(tx, FOLLOWER)
        await self._follower.run(bell, handle=self.handle, every=_EVERY)

    async def step(self) -> int:
        return await self._follower.step(self.handle)

    async def handle(self, tx: Tx, batches: Sequence[Batch]) -> None:
        for batch in batches:
            for line in batch.lines_with(_NEEDLES):
                event = decode(line)
                if event.source != "automation":
                    continue
                if event.event in (ASKED, FORM_ASKED):
                    await self._bring(tx, event)
                else:
                    await self._close(tx, event)

    async def _bring(self, tx: Tx, event: Event) -> None:
        """Posts the card. What cannot be posted is still asked on the Automations screen, and is logged here."""
        told = event.properties
        if not told.get("channel"):
            return
        tenant = Tenant(event.org, event.workspace)
        principal = self._governance.system(tenant, "forms", str(told["run"]))
        question = Question(
            "form" if event.event == FORM_ASKED else "approval", str(told["question"]), of=told.get("of") or (),
            fields=[_field(one) for one in told.get("fields") or ()], node=str(told["node"]),
        )  # fmt: skip
        try:
            async with tx.part():
                await self._forms.ask_in(tx, principal, str(told["channel"]), question)
        except DureError as error:
            log.warning("forms.not_brought", run=told["run"], channel=told["channel"], error=error.message)

    async def _close(self, tx: Tx, event: Event) -> None:
        told = event.properties
        decision = str(told.get("decided") or "")
        if event.event == DECIDED and not decision:
            return  # another person must say yes too
        tenant = Tenant(event.org, event.workspace)
        await self._forms.close_in(
            tx, tenant, str(told.get("run")), str(told.get("node")), event.actor, decision, str(told.get("note") or "")
        )


def _field(told: Mapping[str, Any]) -> Field:
    kind = str(told["type"])
    given = {"name": told["name"], "title": told.get("title") or told["name"], "type": _TYPES.get(kind, kind),
             "required": told.get("required", False),
             "choices": _YES_OR_NO if kind == "switch" else told.get("choices") or ()}  # fmt: skip
    return msgspec.convert(given, Field)


def as_engine(fields: Sequence[Field], values: Mapping[str, Any]) -> dict[str, Any]:
    """What was filled in, as the engine's form wants it: true or false of a switch, nothing for what was left out."""
    # The engine's own choices are plain texts; only a switch's were given titles here.
    switches = {field.name for field in fields if any(isinstance(one, Choice) for one in field.choices)}
    return {
        name: value == "yes" if name in switches else value for name, value in values.items() if value not in (None, "")
    }
