"""What people do with elements: a press or a choice goes to the app, and an external select asks it for options."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from dure.channels.interaction import elements, payloads
from dure.channels.interaction.contact import acting
from dure.channels.interaction.payloads import Scene
from dure.channels.interaction.refusals import AppNotFound, AppWrong, ElementNotFound
from dure.channels.interaction.views import Views
from dure.channels.model import Conversation, Message
from dure.governance.api import Principal
from dure.kernel.errors import Invalid
from dure.kernel.tenant import Tenant
from dure.state import Tx

Json = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Press:
    """Which element, where it is, and what was put into it. `ts` in microseconds, or `view`; one of the two."""

    block_id: str
    action_id: str
    value: Any = None
    channel: str = ""
    ts: int | None = None
    view: str = ""
    state: Json | None = None  # what stands in the other elements, by block and action
    screen: str = ""


class Actions(Views):
    async def act(self, principal: Principal, press: Press, base: str = "") -> None:
        """Tells the app. Raises ElementNotFound for what is not there, AppSilent where the app does not answer."""
        acting(principal)
        async with self._state.begin(principal.tenant) as tx:
            scene, payload = await (
                self._in_view(tx, principal, press) if press.view else self._in_message(tx, principal, press, base)
            )
        await self._ask(scene.app, "interactive", payload)

    async def suggest(self, principal: Principal, press: Press, typed: str) -> Json:
        """The app's options for what was typed into an external select: `options`, or `option_groups`."""
        acting(principal)
        async with self._state.begin(principal.tenant) as tx:
            if press.view:
                view = await self._before(tx, principal, press.view)
                blocks, place = view.blocks, payloads.view_place(view)
                scene = await self._view_scene(tx, principal, view)
            else:
                found, said, _ = await self._message(tx, principal, press.channel, press.ts or 0)
                blocks, place = interactive(said), payloads.message_place(found, said)
                scene = await self._message_scene(tx, principal, found, said)
        there = elements.find(blocks, press.block_id, press.action_id)
        if there is None or not there[1]["type"].endswith("external_select"):
            raise ElementNotFound(field="action_id")
        payload = payloads.suggestion(scene, press.block_id, press.action_id, typed[:200], place)
        return _options((await self._ask(scene.app, "interactive", payload)).body, scene)

    async def act_on_attachment(
        self, principal: Principal, channel: str, ts: int, attachment: int, name: str, value: str, *, screen: str = "",
        base: str = "",
    ) -> None:  # fmt: skip
        """A button or menu of an attachment, as apps had them before blocks."""
        acting(principal)
        async with self._state.begin(principal.tenant) as tx:
            found, said, aside = await self._message(tx, principal, channel, ts)
            listed = said.attachments or []
            it = listed[attachment] if 0 <= attachment < len(listed) and isinstance(listed[attachment], dict) else {}
            action = _attachment_action(it, name, value)
            scene = await self._message_scene(tx, principal, found, said)
            trigger = await self._trigger(tx, scene, screen)
            answer_at = await self._answer_at(tx, scene, base, found.id, ts=ts, aside=aside, thread=said.thread)
        payload = payloads.attachment_action(
            scene, found, said, it, attachment + 1, {**action, "action_ts": self._now_ts()}, trigger=trigger,
            answer_at=answer_at,
        )  # fmt: skip
        await self._ask(scene.app, "interactive", payload)

    # -- within a transaction ---------------------------------------------------------------------------------------

    async def _in_view(self, tx: Tx, principal: Principal, press: Press) -> tuple[Scene, Json]:
        view = await self._before(tx, principal, press.view)
        action = self._action(view.blocks, press)
        values = elements.values(view.blocks, press.state or {})
        scene = await self._view_scene(tx, principal, view)
        trigger = await self._trigger(tx, scene, press.screen or view.screen, view.id)
        return scene, payloads.view_actions(scene, view, action, values, trigger=trigger)

    async def _in_message(self, tx: Tx, principal: Principal, press: Press, base: str) -> tuple[Scene, Json]:
        if press.ts is None:
            raise Invalid("Name the message or the view.", field="ts")
        found, said, aside = await self._message(tx, principal, press.channel, press.ts)
        blocks = interactive(said)
        action = self._action(blocks, press)
        values = elements.values(blocks, press.state or {})
        scene = await self._message_scene(tx, principal, found, said)
        trigger = await self._trigger(tx, scene, press.screen)
        answer_at = await self._answer_at(tx, scene, base, found.id, ts=said.ts, aside=aside, thread=said.thread)
        return scene, payloads.message_actions(
            scene, found, said, action, values, trigger=trigger, answer_at=answer_at, aside=aside
        )

    async def _message_scene(self, tx: Tx, principal: Principal, found: Conversation, said: Message) -> Scene:
        """The app that said it; in a shared channel it may be the other side's."""
        if not said.app:
            raise AppNotFound("No app is behind this message.", field="ts")
        self._may_use(principal, found, said.team)
        return await self._scene(tx, principal, said.app, Tenant(found.org_of(said.team), said.team))

    def _action(self, blocks: list[Json], press: Press) -> Json:
        there = elements.find(blocks, press.block_id, press.action_id)
        if there is None:
            raise ElementNotFound(field="action_id")
        element = there[1]
        try:
            value = elements.chosen(element, press.value)
        except Invalid as error:
            raise Invalid(error.message, field="value") from error
        action = {"type": element["type"], "action_id": press.action_id, "block_id": press.block_id, **value}
        if "placeholder" in element:
            action["placeholder"] = element["placeholder"]
        return {**action, "action_ts": self._now_ts()}


def interactive(said: Message) -> list[Json]:
    """The blocks of a message in which something can be done: its own, its attachments', and those of its links."""
    found: list[Json] = [block for block in said.blocks or () if isinstance(block, dict)]
    for attachment in [*(said.attachments or ()), *(said.unfurls or ())]:
        if isinstance(attachment, dict) and isinstance(attachment.get("blocks"), list):
            found += [block for block in attachment["blocks"] if isinstance(block, dict)]
    return elements.placed(found)


def _attachment_action(attachment: Json, name: str, value: str) -> Json:
    for one in attachment.get("actions") or ():
        if not isinstance(one, dict) or one.get("name") != name:
            continue
        if one.get("type") == "select":
            options = [option for option in one.get("options") or () if isinstance(option, dict)]
            if any(option.get("value") == value for option in options):
                return {"name": name, "type": "select", "selected_options": [{"value": value}]}
        elif str(one.get("value") or "") == value:
            return {"name": name, "type": "button", "value": value}
    raise ElementNotFound(field="name")


def _options(said: Any, scene: Scene) -> Json:
    """What the app offers, as far as it can be shown: a hundred options, or groups of them."""
    if isinstance(said, dict):
        groups = said.get("option_groups")
        if isinstance(groups, list):
            kept = [{"label": group.get("label"), "options": _listed(group.get("options"))}
                    for group in groups[:100] if isinstance(group, dict)]  # fmt: skip
            return {"option_groups": kept}
        if isinstance(said.get("options"), list):
            return {"options": _listed(said["options"])}
    raise AppWrong(f"{scene.app.name} gave no options.")


def _listed(options: Any) -> list[Json]:
    if not isinstance(options, list):
        return []
    return [one for one in options[:100] if isinstance(one, dict) and isinstance(one.get("text"), dict)]
