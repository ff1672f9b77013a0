"""Shortcuts: what apps offer anywhere, or to do with a message."""

from __future__ import annotations

from dataclasses import dataclass

from dure.channels.apps.store import installations
from dure.channels.interaction import payloads
from dure.channels.interaction.commands import Commands
from dure.channels.interaction.contact import acting
from dure.channels.interaction.refusals import ShortcutNotFound
from dure.governance.api import Principal


@dataclass(frozen=True, slots=True)
class OfferedShortcut:
    kind: str
    name: str
    callback_id: str
    description: str
    app: str
    app_name: str


class Shortcuts(Commands):
    async def shortcuts(self, principal: Principal) -> list[OfferedShortcut]:
        """The shortcuts of the caller's workspace, by app."""
        acting(principal, "channels:read")
        async with self._state.begin(principal.tenant) as tx:
            apps = await installations(tx, self._governance, principal.tenant)
        return [
            OfferedShortcut(one.kind, one.name, one.callback_id, one.description, app.app, app.name)
            for app in sorted(apps, key=lambda app: app.name) for one in app.shortcuts
        ]  # fmt: skip

    async def shortcut(
        self, principal: Principal, app: str, callback_id: str, *, channel: str = "", ts: int | None = None,
        screen: str = "", base: str = "",
    ) -> None:  # fmt: skip
        """Tells the app: with `channel` and `ts` of a message, else a global one."""
        acting(principal)
        kind = "global" if ts is None else "message"
        async with self._state.begin(principal.tenant) as tx:
            scene = await self._scene(tx, principal, app)
            if not any(one.kind == kind and one.callback_id == callback_id for one in scene.app.shortcuts):
                raise ShortcutNotFound(field="callback_id")
            trigger, at = await self._trigger(tx, scene, screen), self._now_ts()
            if ts is None:
                payload = payloads.shortcut(scene, callback_id, trigger=trigger, at=at)
            else:
                found, said, aside = await self._message(tx, principal, channel, ts)
                self._may_use(principal, found)
                answer_at = await self._answer_at(
                    tx, scene, base, found.id, ts=ts if said.app == app else None, aside=aside, thread=said.thread
                )
                payload = payloads.message_action(
                    scene, callback_id, found, said, trigger=trigger, answer_at=answer_at, at=at
                )
        await self._ask(scene.app, "interactive", payload)
