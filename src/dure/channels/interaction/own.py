"""What people do that no app answers but the house itself: cards of forms, commands and shortcuts of automations."""

from __future__ import annotations

import html
import re
from collections.abc import Mapping
from typing import Any, Protocol

from dure.automation.plugs import Start
from dure.channels.api import Draft
from dure.channels.events import channel_event
from dure.channels.forms import cards
from dure.channels.forms import events as form_events
from dure.channels.forms import fields as rules
from dure.channels.forms import store as form_store
from dure.channels.forms.api import Asked, Forms
from dure.channels.forms.bringing import as_engine
from dure.channels.forms.refusals import AlreadyAnswered, AnswerWrong, NotAsked, NoteNeeded
from dure.channels.interaction import elements, store
from dure.channels.interaction.actions import Press, interactive
from dure.channels.interaction.checking import check_view
from dure.channels.interaction.commands import Offered, Ran
from dure.channels.interaction.contact import acting
from dure.channels.interaction.model import Trigger
from dure.channels.interaction.pictures import Pictures
from dure.channels.interaction.plugs import Whom
from dure.channels.interaction.refusals import ElementNotFound, ShortcutNotFound
from dure.channels.interaction.shortcuts import OfferedShortcut
from dure.channels.interaction.views import Outcome
from dure.channels.model import Conversation, Message, ts_text
from dure.channels.rules import plain
from dure.feed.api import append
from dure.governance.api import Principal, Role
from dure.kernel.errors import Invalid, NotAllowed
from dure.kernel.tenant import Tenant
from dure.state import Tx

_DECISIONS = {cards.YES: "yes", cards.NO: "no"}

OWN = "automation"
"""Stands in the place of an app's id: those begin with a capital A."""

_NAMED = re.compile(r"<@([UW][A-Z0-9]+)(?:\|[^>]*)?>")
_STARTED = {
    "ko": ":zap: *{name}* 자동화에 넘겼습니다: `{command}` {text}",
    "en": ":zap: Handed to the automation *{name}*: `{command}` {text}",
}


class Automations(Protocol):
    """What is asked of automation: what people may start, and answers to the questions at which runs wait."""

    async def started_by(self, tx: Tx, tenant: Tenant, kind: str) -> list[Start]: ...

    async def decide(self, principal: Principal, run: str, decision: str, note: str = "") -> None: ...

    async def answer(self, principal: Principal, run: str, values: Mapping[str, Any]) -> None: ...


class Own(Pictures):
    """Looks whether it is the house's own; what is not goes on to the apps."""

    def __init__(
        self, *args: Any, forms: Forms | None = None, automations: Automations | None = None, **more: Any
    ) -> None:
        super().__init__(*args, **more)
        self._forms = forms
        self._automations = automations

    # -- cards and their modals -------------------------------------------------------------------------------------

    async def act(self, principal: Principal, press: Press, base: str = "") -> None:
        if self._forms is None or press.view or press.ts is None:
            return await super().act(principal, press, base)
        acting(principal)
        async with self._state.begin(principal.tenant) as tx:
            found, said, aside = await self._message(tx, principal, press.channel, press.ts)
            if said.app:
                self._may_use(principal, found, said.team)
            asked = None if aside else await self._forms.at(tx, found.id, said.ts)
            if asked is None and not aside and await self._pressed_card(tx, principal, found, said, press):
                return None
            if asked is not None:
                if elements.find(interactive(said), press.block_id, press.action_id) is None:
                    raise ElementNotFound(field="action_id")
                if press.action_id in (cards.OPEN, cards.NOTE):
                    return await self._lay(tx, principal, asked, press.screen)
                if press.action_id not in (cards.YES, cards.NO):
                    asked = None
                elif not asked.node:
                    return await self._forms.decide_in(tx, principal, asked, _DECISIONS[press.action_id])
        if asked is not None:
            return await self._hand_over(principal, asked, _DECISIONS[press.action_id], "", {})
        return await super().act(principal, press, base)

    async def _pressed_card(
        self, tx: Tx, principal: Principal, found: Conversation, said: Message, press: Press
    ) -> bool:  # fmt: skip
        """A press on a card that an automation keeps is an event, for whichever automation takes it on."""
        card = await form_store.card_at(tx, found.id, said.ts)
        if card is None or card[0] != said.team:
            return False
        action = self._action(interactive(said), press)
        value = action.get("value", (action.get("selected_option") or {}).get("value", ""))
        guest = principal.role is Role.GUEST or principal.tenant.workspace != said.team
        told = {
            "card": card[1], "block": press.block_id, "action": press.action_id, "value": value, "guest": guest,
            "user": principal.user, "ts": ts_text(said.ts), "thread_ts": ts_text(said.thread) if said.thread else "",
        }  # fmt: skip
        await self._tell(tx, principal, found, form_events.PRESSED, told)
        return True

    async def submit(self, principal: Principal, id: str, given: dict[str, Any], base: str = "") -> Outcome:
        if self._forms is None:
            return await super().submit(principal, id, given, base)
        acting(principal)
        async with self._state.begin(principal.tenant) as tx:
            view = await self._before(tx, principal, id)
            asked = await form_store.asked_by(tx, principal.tenant.workspace, view.id)
            handing = None
            if asked is not None:
                try:
                    handing = await self._take(tx, principal, asked, given)
                except (AnswerWrong, NoteNeeded) as error:
                    wrong = error.data.get("fields") or {cards.SAID: error.message}
                    return Outcome("errors", view, dict(wrong))  # type: ignore[call-overload]
                if handing is None:
                    await store.close_views(tx, view.workspace, [view.id], self._clock.now())
                    return Outcome("close", None)
        if asked is None or handing is None:
            return await super().submit(principal, id, given, base)
        await self._hand_over(principal, asked, *handing)
        async with self._state.begin(principal.tenant) as tx:
            await store.close_views(tx, view.workspace, [view.id], self._clock.now())
        return Outcome("close", None)

    async def _take(
        self, tx: Tx, principal: Principal, asked: Asked, given: dict[str, Any]
    ) -> tuple[str, str, dict[str, Any]] | None:
        """Takes what a modal holds. What a run itself waits for is returned, for the engine: decision, note, values."""
        assert self._forms is not None  # noqa: S101
        self._forms.check_asked(principal, asked)
        if asked.what == "form":
            if asked.node:
                return "", "", as_engine(asked.fields, rules.read(asked.fields, given))
            await self._forms.fill_in(tx, principal, asked, given)
            return None
        shown = [block for block in cards.modal(asked, "en")["blocks"] if block["type"] == "input"]
        state = elements.values(shown, given)
        if wrong := elements.missing([block for block in shown if block["block_id"] != cards.SAID], state):
            raise AnswerWrong(data={"fields": wrong})
        decision = state[cards.DECISION][rules.ACTION]["selected_option"]["value"]
        note = state[cards.SAID][rules.ACTION].get("value") or ""
        if asked.node:
            return decision, note, {}
        await self._forms.decide_in(tx, principal, asked, decision, note)
        return None

    async def _hand_over(
        self, principal: Principal, asked: Asked, decision: str, note: str, values: dict[str, Any]
    ) -> None:
        """Gives an answer to the run that waits for it; the card follows what the engine then says on the feed."""
        assert self._automations is not None  # noqa: S101
        assert self._forms is not None  # noqa: S101
        self._forms.check_asked(principal, asked)
        try:
            if asked.what == "form":
                await self._automations.answer(principal, asked.run, values)
            else:
                await self._automations.decide(principal, asked.run, decision, note)
        except NotAllowed as error:
            raise NotAsked(error.message) from error
        except Invalid as error:
            if error.field != "run":
                raise
            # The run has gone on without it: its time was over, or somebody stopped it.
            async with self._state.begin(principal.tenant) as tx:
                await self._forms.close_in(tx, principal.tenant, asked.run, asked.node)
            raise AlreadyAnswered(error.message) from error

    async def _lay(self, tx: Tx, principal: Principal, asked: Asked, screen: str) -> None:
        """Opens the modal of a card before the person, in their own language."""
        assert self._forms is not None  # noqa: S101
        self._forms.check_asked(principal, asked)
        bot = await self._channels.author(tx, self._governance.system(principal.tenant, "forms"))
        meant = Trigger(principal.tenant.workspace, bot.app, principal.user, principal.tenant.workspace, screen[:64],
                        "", self._clock.now())  # fmt: skip
        body = check_view(cards.modal(asked, await self._language(tx, principal)), "modal")
        view = self._made(principal.tenant.workspace, bot.app, meant, body)
        await store.add_view(tx, view)
        await form_store.add_view(tx, principal.tenant.workspace, view.id, asked.id)
        await self._show(tx, view, "open")

    # -- commands ---------------------------------------------------------------------------------------------------

    async def commands(self, principal: Principal) -> list[Offered]:
        """The commands of the caller's workspace, by name; those of automations too."""
        known = await super().commands(principal)
        taken = {one.command for one in known if not one.app}
        own = [
            Offered(one.given["command"].strip().lower(), str(one.given.get("about") or ""),
                    str(one.given.get("usage") or ""), OWN, one.name)
            for one in await self._started(principal, "channels.command")
        ]  # fmt: skip
        return sorted(
            [*known, *(one for one in own if one.command not in taken)], key=lambda one: (one.command, one.app_name)
        )

    async def command(
        self, principal: Principal, name: str, text: str, channel: str, *, thread: int | None = None, app: str = "",
        screen: str = "", base: str = "",
    ) -> Ran:  # fmt: skip
        """One that an automation offers goes before an app's of the same name; those of channels go first."""
        acting(principal)
        wanted = name.strip().lower()
        own = {one.command: one for one in await self.commands(principal) if one.app == OWN}
        if app not in ("", OWN) or wanted not in own:
            return await super().command(principal, name, text, channel, thread=thread, app=app, screen=screen,
                                         base=base)  # fmt: skip
        text = text.strip()[:12_000]
        spoken = await self._spoken(principal, text)
        told = {
            "command": wanted, "text": spoken, "text_plain": rules.safe(spoken), "user": principal.user, "ts": "",
            "mentions": list(dict.fromkeys(_NAMED.findall(text))), "thread_ts": ts_text(thread) if thread else "",
        }  # fmt: skip
        async with self._state.begin(principal.tenant) as tx:
            found = await self._channels.see(tx, principal, channel)
            self._may_use(principal, found)
            await self._tell(tx, principal, found, form_events.COMMAND, told)
            said = _STARTED[await self._language(tx, principal)].format(
                name=rules.safe(own[wanted].app_name), command=wanted, text=rules.safe(html.unescape(text))[:500]
            )
            bot = await self._channels.author(tx, self._governance.system(principal.tenant, "forms"))
            workspace = principal.tenant.workspace
            whom = Whom(workspace, found.id, principal.user, bot.app, bot.user, workspace)
            await self._aside(tx, whom, Draft(said.strip(), thread=thread))
        return Ran(wanted, OWN)

    # -- shortcuts of messages --------------------------------------------------------------------------------------

    async def shortcuts(self, principal: Principal) -> list[OfferedShortcut]:
        """The shortcuts of the caller's workspace: those of automations, then by app."""
        # Two automations of one name stand there once, and both start by it.
        own = {one.given["name"].strip(): one for one in await self._started(principal, "channels.shortcut")}
        mine = [
            OfferedShortcut("message", name, name, str(one.given.get("about") or ""), OWN, one.name)
            for name, one in own.items()
        ]
        return [*mine, *await super().shortcuts(principal)]

    async def shortcut(
        self, principal: Principal, app: str, callback_id: str, *, channel: str = "", ts: int | None = None,
        screen: str = "", base: str = "",
    ) -> None:  # fmt: skip
        if app != OWN:
            await super().shortcut(principal, app, callback_id, channel=channel, ts=ts, screen=screen, base=base)
            return
        acting(principal)
        known = await self._started(principal, "channels.shortcut")
        if ts is None or not any(one.given["name"].strip() == callback_id for one in known):
            raise ShortcutNotFound(field="callback_id")
        async with self._state.begin(principal.tenant) as tx:
            found, said, _ = await self._message(tx, principal, channel, ts)
            self._may_use(principal, found)
            told = {
                "shortcut": callback_id, "user": principal.user, "author": said.user, "ts": ts_text(said.ts),
                "thread_ts": ts_text(said.thread) if said.thread else "",
                "text": "" if found.private else plain(said.text, said.blocks),
            }  # fmt: skip
            await self._tell(tx, principal, found, form_events.SHORTCUT, told)

    # -- within a transaction ---------------------------------------------------------------------------------------

    async def _started(self, principal: Principal, kind: str) -> list[Start]:
        """None for guests: what a workspace has made for itself is not theirs to start."""
        if self._automations is None or principal.role is Role.GUEST:
            return []
        async with self._state.begin(principal.tenant) as tx:
            return await self._automations.started_by(tx, principal.tenant, kind)

    async def _tell(self, tx: Tx, principal: Principal, found: Conversation, name: str, told: dict[str, Any]) -> None:
        """On the feed of the caller's own side alone: what they start is nobody else's business."""
        event = channel_event(principal, self._clock, found, found.side, name, {**told, "channel": found.id})
        await append(tx, event)

    async def _language(self, tx: Tx, principal: Principal) -> str:
        users = await self._governance.users_in(tx, principal.tenant)
        own = next((one.language for one in users if one.id == principal.user), "")
        own = own or (await self._governance.workspace_in(tx, principal.tenant.workspace)).language
        return own if own in ("ko", "en") else "ko"
