"""Views: opened, pushed, changed and published by apps; filled in, sent and closed by people."""

from __future__ import annotations

import secrets
from dataclasses import dataclass, field, replace
from typing import Any, Literal

from dure.channels.interaction import elements, payloads, store
from dure.channels.interaction.checking import check_view
from dure.channels.interaction.contact import Contact, acting, of_app
from dure.channels.interaction.model import STACK, Trigger, View
from dure.channels.interaction.payloads import Scene
from dure.channels.interaction.refusals import (
    AppWrong,
    ExpiredTrigger,
    HashConflict,
    HomeNotEnabled,
    InvalidTrigger,
    InvalidView,
    PushLimit,
    ViewNotFound,
    ViewTooLarge,
)
from dure.channels.refusals import ChannelNotFound, UserNotFound
from dure.feed.api import whisper
from dure.governance.api import Principal
from dure.kernel.ids import slack_id
from dure.state import Tx

Json = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Outcome:
    """What becomes of a modal that was sent: it closes, shows errors, changes, is covered, or all of it goes."""

    action: Literal["close", "errors", "update", "push", "clear"]
    view: View | None = None  # what is to be seen now
    errors: dict[str, str] = field(default_factory=dict)


class Views(Contact):
    # -- what apps do -----------------------------------------------------------------------------------------------

    async def open_view(self, principal: Principal, trigger: str, view: Any) -> View:
        """Opens a modal before the person whose act the trigger stands for."""
        body = check_view(view, "modal")
        async with self._state.begin(principal.tenant) as tx:
            used = await self._exchange(tx, of_app(principal), trigger)
            if used.view:
                await self._close_stack(tx, principal.tenant.workspace, used.view)
            made = self._made(principal.tenant.workspace, principal.app, used, body)
            await store.add_view(tx, made)
            await self._show(tx, made, "open")
            return made

    async def push_view(self, principal: Principal, trigger: str, view: Any) -> View:
        """Lays a modal over the one in which the person did something."""
        body = check_view(view, "modal")
        async with self._state.begin(principal.tenant) as tx:
            used = await self._exchange(tx, of_app(principal), trigger)
            below = await store.view_of_app(tx, principal.tenant.workspace, principal.app, id=used.view or "-")
            if below is None or below.kind != "modal":
                raise InvalidTrigger if not used.view else ExpiredTrigger(field="trigger_id")
            made = await self._push(tx, below, body)
            await self._show(tx, made, "push")
            return made

    async def update_view(
        self, principal: Principal, view: Any, *, id: str = "", external_id: str = "", hash: str = ""
    ) -> View:
        """Puts another view in the place of one that is open, or of a home. HashConflict where it has changed."""
        app = of_app(principal)
        async with self._state.begin(principal.tenant) as tx:
            found = await store.view_of_app(tx, app.tenant.workspace, app.app, id=id, external_id=external_id)
            if found is None:
                raise ViewNotFound(field="view_id")
            changed = await self._change(tx, found, check_view(view, found.kind), hash)
            await self._show(tx, changed, "update")
            return changed

    async def publish_view(self, principal: Principal, user: str, view: Any, *, hash: str = "") -> View:
        """Makes an app's home as one person sees it."""
        app = of_app(principal)
        body = check_view(view, "home")
        async with self._state.begin(principal.tenant) as tx:
            users = await self._governance.users_in(tx, app.tenant)
            if not any(one.id == user and not one.deleted and not one.is_bot for one in users):
                raise UserNotFound(field="user_id")
            if not (await self._installation(tx, app.tenant, app.app)).home_tab:
                raise HomeNotEnabled
            found = await store.home(tx, app.tenant.workspace, app.app, user)
            if found is not None:
                changed = await self._change(tx, found, body, hash)
            else:
                if hash:
                    raise HashConflict(field="hash")
                now = self._clock.now()
                made = slack_id("V")
                changed = View(
                    made, app.tenant.workspace, app.app, user, app.tenant.workspace, "home", made, "", body,
                    self._hash(), body["external_id"], "", now, now,
                )  # fmt: skip
                await store.add_view(tx, changed)
            await self._show(tx, changed, "home")
            return changed

    # -- what people do ---------------------------------------------------------------------------------------------

    async def view(self, principal: Principal, id: str) -> View:
        """A view that lies before the caller."""
        acting(principal, "channels:read")
        async with self._state.begin(principal.tenant) as tx:
            return await self._before(tx, principal, id)

    async def submit(self, principal: Principal, id: str, given: Json, base: str = "") -> Outcome:
        """Sends a modal. What is missing is told without asking the app; then the app says what becomes of it."""
        acting(principal)
        async with self._state.begin(principal.tenant) as tx:
            view = await self._before(tx, principal, id)
            if view.kind != "modal":
                raise ViewNotFound(field="view")
            values = elements.values(view.blocks, given)
            wrong = elements.missing(view.blocks, values)
            if wrong:
                return Outcome("errors", view, wrong)
            scene = await self._view_scene(tx, principal, view)
            trigger = await self._trigger(tx, scene, view.screen, view.id)
            addresses = await self._response_urls(tx, scene, view, values, base)
        payload = payloads.view_submission(scene, view, values, addresses, trigger=trigger)
        answer = await self._ask(scene.app, "interactive", payload)
        async with self._state.begin(principal.tenant) as tx:
            return await self._after(tx, view, answer.body, scene)

    async def close(self, principal: Principal, id: str, *, cleared: bool = False, given: Json | None = None) -> None:
        """Closes a modal; `cleared` closes all that lie under it too. Apps that asked for it are told."""
        acting(principal)
        async with self._state.begin(principal.tenant) as tx:
            view = await self._before(tx, principal, id)
            scene = await self._view_scene(tx, principal, view)
            all_of = cleared or bool(view.body.get("clear_on_close"))
            closed = await store.stack(tx, view.workspace, view.root) if all_of else [view]
            await store.close_views(tx, view.workspace, [one.id for one in closed], self._clock.now())
        for one in reversed(closed):
            if one.body.get("notify_on_close"):
                values = elements.values(one.blocks, given or {} if one.id == view.id else {})
                told = payloads.view_closed(scene, one, values, cleared=all_of)
                await self._asking.ask(scene.app.app, scene.app.workspace, "interactive", told)

    # -- within a transaction ---------------------------------------------------------------------------------------

    async def _before(self, tx: Tx, principal: Principal, id: str) -> View:
        view = await store.view_of_person(tx, principal.tenant.workspace, principal.user, id)
        if view is None:
            raise ViewNotFound(field="view")
        return view

    async def _view_scene(self, tx: Tx, principal: Principal, view: View) -> Scene:
        """The app of a view may be of another workspace: of one whose channel the person is in."""
        tenant = principal.tenant
        if view.workspace != tenant.workspace:
            tenant = (await self._governance.workspace_in(tx, view.workspace)).tenant
        return await self._scene(tx, principal, view.app, tenant)

    async def _after(self, tx: Tx, sent: View, said: Any, scene: Scene) -> Outcome:
        """What the app's acknowledgement of a submission means."""
        now = self._clock.now()
        view = await store.view_of_app(tx, sent.workspace, sent.app, id=sent.id)
        action = said.get("response_action") if isinstance(said, dict) else None
        if action == "errors":
            return Outcome("errors", view or sent, _errors(sent, said.get("errors"), scene))
        if view is None:  # the app or another screen closed it meanwhile
            return Outcome("close", None)
        if action in ("update", "push"):
            try:
                body = check_view(said.get("view"), "modal")
            except (InvalidView, ViewTooLarge) as error:
                raise AppWrong(f"{scene.app.name} sent a view that cannot be shown: {error.message}") from error
            if action == "update":
                return Outcome("update", await self._change(tx, view, body, ""))
            return Outcome("push", await self._push(tx, view, body))
        if action == "clear":
            await self._close_stack(tx, view.workspace, view.id)
            return Outcome("clear")
        if action is not None:
            raise AppWrong(f"{scene.app.name} answered {action!r}, which is none of errors, update, push and clear.")
        await store.close_views(tx, view.workspace, [view.id], now)
        below = await store.view_of_app(tx, view.workspace, view.app, id=view.previous or "-")
        return Outcome("close", below)

    async def _response_urls(self, tx: Tx, scene: Scene, view: View, values: Json, base: str) -> list[Json]:
        """Addresses for the conversations chosen in selects that ask for one, where the person may read them."""
        made = []
        for block, element in elements.elements(view.blocks):
            if not element.get("response_url_enabled"):
                continue
            value = values.get(block["block_id"], {}).get(element["action_id"], {})
            channel = value.get("selected_conversation") or value.get("selected_channel")
            if not channel:
                continue
            try:
                await self._channels.see(tx, scene.principal, channel)
            except ChannelNotFound:
                continue
            at = await self._answer_at(tx, scene, base, channel)
            made.append({"response_url": at, "channel_id": channel, "block_id": block["block_id"],
                         "action_id": element["action_id"]})  # fmt: skip
        return made

    async def _push(self, tx: Tx, below: View, body: Json) -> View:
        if len(await store.stack(tx, below.workspace, below.root)) >= STACK:
            raise PushLimit
        now = self._clock.now()
        made = View(
            slack_id("V"), below.workspace, below.app, below.account, below.team, "modal", below.root, below.id, body,
            self._hash(), body["external_id"], below.screen, now, now,
        )  # fmt: skip
        await store.add_view(tx, made)
        return made

    async def _change(self, tx: Tx, found: View, body: Json, hash: str) -> View:
        if hash and hash != found.hash:
            raise HashConflict(field="hash")
        changed = replace(
            found, body=body, hash=self._hash(), external_id=body["external_id"], changed_at=self._clock.now()
        )
        await store.change_view(tx, changed)
        return changed

    async def _close_stack(self, tx: Tx, workspace: str, id: str) -> None:
        """Closes all modals of which one is named; a home stays."""
        root = await store.root_of(tx, workspace, id)
        closed = await store.stack(tx, workspace, root) if root else []
        await store.close_views(tx, workspace, [one.id for one in closed if one.kind == "modal"], self._clock.now())

    async def _show(self, tx: Tx, view: View, how: str) -> None:
        """Tells the person's screens; they fetch the view themselves, for what is whispered is small."""
        told = {"kind": "view", "do": how, "view": view.id, "app": view.app, "root": view.root, "screen": view.screen}
        await whisper(tx, view.team, [f"user:{view.account}"], told)

    def _made(self, workspace: str, app: str, used: Trigger, body: Json) -> View:
        made, now = slack_id("V"), self._clock.now()
        return View(
            made, workspace, app, used.account, used.team, "modal", made, "", body, self._hash(), body["external_id"],
            used.screen, now, now,
        )  # fmt: skip

    def _hash(self) -> str:
        return f"{int(self._clock.now().timestamp())}.{secrets.token_hex(4)}"


def _errors(view: View, errors: Any, scene: Scene) -> dict[str, str]:
    """The app's errors by block; it must name blocks that are there."""
    known = {block["block_id"] for block in view.blocks}
    named = {str(key): str(text)[:2000] for key, text in errors.items()} if isinstance(errors, dict) else {}
    if not named or not known.issuperset(named):
        raise AppWrong(f"{scene.app.name} reported errors of fields that are not there.")
    return named
