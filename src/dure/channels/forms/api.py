"""Forms' entrance: making them, asking in a channel, answering and deciding."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

import msgspec

from dure.channels.api import Channels, Draft, ts_text
from dure.channels.blockkit.fit import fit
from dure.channels.events import channel_event
from dure.channels.forms import cards, events, store
from dure.channels.forms import fields as rules
from dure.channels.forms.model import Answer, Asked, Field, Form, Note, Text, What, in_both
from dure.channels.forms.refusals import AlreadyAnswered, FormClosed, FormNotFound, FormTaken, NotAsked, NoteNeeded
from dure.channels.model import Conversation
from dure.channels.refusals import MessageNotFound
from dure.feed.api import Event, append
from dure.governance.api import Governance, Principal, Role, access
from dure.governance.events import act
from dure.kernel.clock import Clock
from dure.kernel.errors import Invalid, NotAllowed
from dure.kernel.ids import uuid7
from dure.kernel.tenant import Tenant
from dure.state import State, Tx

__all__ = ["Answer", "Asked", "Field", "Form", "Forms", "Question"]

_ID = re.compile(r"[\w][\w-]{0,59}")


@dataclass(frozen=True, slots=True)
class Question:
    """What a card is to ask. A form has `fields`, or the name of one that stands by itself; `of` are user ids and
    `function` a team whose people are meant too; nobody named means everybody who sees the card. With `node` the run
    waits there, and the engine says who may answer: `of` are its words for them."""

    what: What
    title: Text
    text: str = ""
    blocks: Sequence[Any] = ()
    form: str = ""
    fields: Sequence[Field] = ()
    of: Sequence[str] = ()
    function: str = ""
    note: Note = "optional"
    once: bool = True
    button: str = ""
    thread: int | None = None
    node: str = ""


class Forms:
    def __init__(self, state: State, clock: Clock, governance: Governance, channels: Channels) -> None:
        self._state = state
        self._clock = clock
        self._governance = governance
        self._channels = channels

    # -- forms that stand by themselves -----------------------------------------------------------------------------

    async def forms(self, principal: Principal) -> list[Form]:
        access(principal, "channels:read")
        _no_guest(principal)
        async with self._state.begin(principal.tenant) as tx:
            return await store.forms(tx, principal.tenant.workspace)

    async def form(self, principal: Principal, id: str) -> Form:
        access(principal, "channels:read")
        _no_guest(principal)
        async with self._state.begin(principal.tenant) as tx:
            return await self._form(tx, principal, id)

    async def create(
        self, principal: Principal, id: str, title: Text, fields: Sequence[Field], about: Text = ""
    ) -> Form:
        """A new form. `id` is a word for its address; FormTaken where there is one."""
        access(principal, "channels:write")
        _no_guest(principal)
        if not _ID.fullmatch(id):
            raise Invalid("`id` is a word of letters, digits, - and _, at most 60.", field="id")
        now = self._clock.now()
        made = Form(id, _title(title), in_both(about), rules.check(fields), principal.actor, now, now)
        async with self._state.begin(principal.tenant) as tx:
            if not await store.add_form(tx, principal.tenant.org, principal.tenant.workspace, made):
                raise FormTaken(f"There is a form named {id}.", field="id")
            await append(tx, self._about(principal, events.FORM_CREATED, made))
        return made

    async def change(
        self, principal: Principal, id: str, *, title: Text | None = None, about: Text | None = None,
        fields: Sequence[Field] | None = None, closed: bool | None = None,
    ) -> Form:  # fmt: skip
        """Changes what is given. A closed form takes no more answers; what was answered stays."""
        access(principal, "channels:write")
        _no_guest(principal)
        now = self._clock.now()
        async with self._state.begin(principal.tenant) as tx:
            before = await self._form(tx, principal, id)
            after = replace(
                before, changed_at=now,
                title=_title(title) if title is not None else before.title,
                about=in_both(about) if about is not None else before.about,
                fields=rules.check(fields) if fields is not None else before.fields,
                closed_at=before.closed_at if closed is None else before.closed_at or now if closed else None,
            )  # fmt: skip
            await store.change_form(tx, principal.tenant.workspace, after)
            closing = before.closed_at is None and after.closed_at is not None
            await append(tx, self._about(principal, events.FORM_CLOSED if closing else events.FORM_CHANGED, after))
        return after

    async def answer(self, principal: Principal, id: str, given: Mapping[str, Any]) -> Answer:
        """Fills in a form from its page. `given` is a raw value by field."""
        access(principal, "channels:write")
        _person(principal)
        _no_guest(principal)
        async with self._state.begin(principal.tenant) as tx:
            form = await self._form(tx, principal, id)
            if form.closed_at is not None:
                raise FormClosed(field="form")
            if any(field.type == "file" for field in form.fields):
                raise Invalid("A form that asks for files is answered from its card in a channel.", field="form")
            if unknown := sorted(set(given) - {field.name for field in form.fields}):
                raise Invalid(f"The form has no field {unknown[0]!r}.", field=f"values.{unknown[0]}")
            read = rules.read(form.fields, {name: {rules.ACTION: raw} for name, raw in given.items()})
            await self._known(tx, principal, form.fields, read)
            made = Answer(uuid7(), form.id, None, principal.user, read, self._clock.now())
            await store.add_answer(tx, principal.tenant.workspace, made)
            told = {"what": "form", "form": form.id, "ask": "", "title": form.title["ko"], "asked_by_run": "",
                    "channel": "", "ts": "", "thread_ts": "", "channel_name": ""}  # fmt: skip
            told |= await self._answered(tx, principal, form.fields, read)
            await append(tx, act(principal, "channels", events.ANSWERED, "form", form.id, told, made.at))
        return made

    async def answers(
        self, principal: Principal, id: str, before: datetime | None = None, limit: int = 50
    ) -> list[Answer]:
        """What was answered to a form, from its page and its cards, newest first."""
        access(principal, "channels:read")
        _no_guest(principal)
        async with self._state.begin(principal.tenant) as tx:
            await self._form(tx, principal, id)
            return await store.answers(tx, principal.tenant.workspace, id, before, max(1, min(limit, 500)))

    # -- cards that ask ---------------------------------------------------------------------------------------------

    async def ask_in(self, tx: Tx, principal: Principal, channel: str, question: Question) -> Asked:
        """Posts a card that asks, as the app; what is answered is told by *Form Answered* with the same `ask`."""
        access(principal, "channels:write")
        fields, title = list(question.fields), question.title
        if question.what == "form":
            if bool(question.form) == bool(fields):
                raise Invalid("Give one of `form` and `fields`.", field="fields")
            if question.form:
                form = await self._form(tx, principal, question.form)
                fields, title = list(form.fields), title or dict(form.title)
            rules.check(fields)
        of = question.of if question.node else await self._audience(tx, principal, question)
        found = await self._channels.info_in(tx, principal, channel)
        card = {"text": question.text, "blocks": fit(list(question.blocks)) or [], "button": question.button}
        made = Asked(
            uuid7(), principal.tenant.workspace, principal.tenant.org, found.id, 0, question.what, question.form,
            _title(title), card, fields, tuple(dict.fromkeys(of)), question.note, question.once, principal.run,
            self._clock.now(), node=question.node,
        )  # fmt: skip
        text, blocks = cards.card(made, await self._language(tx, principal))
        said = await self._channels.post_in(tx, principal, found.id, Draft(text, blocks, thread=question.thread))
        made = replace(made, ts=said.ts)
        await store.add_asked(tx, made)
        await append(tx, self._told(principal, found, events.ASKED, made, {"of": list(made.of)}))
        return made

    async def at(self, tx: Tx, channel: str, ts: int) -> Asked | None:
        """What a message that the caller sees asks for."""
        return await store.asked_at(tx, channel, ts)

    async def decide_in(self, tx: Tx, principal: Principal, asked: Asked, decision: str, note: str = "") -> None:
        """Says yes or no to an approval; the card says who it was. `asked` is locked in this transaction."""
        self.check_asked(principal, asked)
        note = note.replace("\0", "").strip()[:1000]
        if decision not in ("yes", "no"):
            raise Invalid("`decision` is yes or no.", field="decision")
        if asked.note == "required" and not note:
            raise NoteNeeded(field="note")
        after = replace(
            asked, answers=asked.answers + 1, decision=decision, ended_by=principal.user, said=note,
            ended_at=self._clock.now(),
        )  # fmt: skip
        told = {"by": principal.user, "values": {}, "decision": decision, "note": note, "text": rules.safe(note)}
        await self._settle(tx, principal, after, {}, told)

    async def fill_in(self, tx: Tx, principal: Principal, asked: Asked, given: Mapping[str, Any]) -> None:
        """Answers a form from its card. Files are posted in the card's thread by whoever answers."""
        self.check_asked(principal, asked)
        read = rules.read(asked.fields, given)
        await self._known(tx, principal, asked.fields, read)
        files = [file for field in asked.fields if field.type == "file" for file in read[field.name]]
        if files:
            draft = Draft(in_both(dict(asked.title))["ko"], thread=asked.ts, files=tuple(files))
            await self._channels.post_in(tx, principal, asked.channel, draft)
        after = replace(
            asked, answers=asked.answers + 1, ended_by=principal.user,
            ended_at=self._clock.now() if asked.once else None,
        )  # fmt: skip
        await self._settle(tx, principal, after, read, await self._answered(tx, principal, asked.fields, read))

    def check_asked(self, principal: Principal, asked: Asked) -> None:
        """Raises where the caller may not answer, or it was answered before."""
        access(principal, "channels:write")
        _person(principal)
        if asked.workspace != principal.tenant.workspace:
            raise NotAsked
        if asked.ended_at is not None:
            raise AlreadyAnswered(data={"by": asked.ended_by, "decision": asked.decision})
        if asked.node:
            return
        if asked.of and principal.user not in asked.of:
            raise NotAsked
        if asked.what == "approval" and principal.role is Role.GUEST and principal.user not in asked.of:
            raise NotAsked

    async def close_in(
        self, tx: Tx, tenant: Tenant, run: str, node: str, by: str = "", decision: str = "", note: str = ""
    ) -> None:
        """Closes the cards that brought a run's question: it was answered by somebody, or (by nobody) is not asked any
        more."""
        for asked in await store.brought(tx, tenant.workspace, run, node):
            after = replace(asked, answers=1, decision=decision, ended_by=by, said=note, ended_at=self._clock.now())
            await store.note_answer(tx, after)
            await self._redraw(tx, self._governance.system(tenant, "forms", run), after)

    # -- within a transaction ---------------------------------------------------------------------------------------

    async def _settle(
        self, tx: Tx, principal: Principal, after: Asked, values: Mapping[str, Any], told: Mapping[str, Any]
    ) -> None:
        """Keeps an answer, shows it on the card and tells it."""
        await store.note_answer(tx, after)
        made = Answer(uuid7(), after.form, after.id, principal.user, values, self._clock.now())
        await store.add_answer(tx, after.workspace, made)
        await self._redraw(tx, self._governance.system(principal.tenant, "forms", after.run), after)
        found = await self._channels.see(tx, principal, after.channel)
        await append(tx, self._told(principal, found, events.ANSWERED, after, told))

    async def _redraw(self, tx: Tx, system: Principal, after: Asked) -> None:
        """Shows on the card how it stands; one that was deleted is let be."""
        text, blocks = cards.card(after, await self._language(tx, system))
        with suppress(MessageNotFound):
            await self._channels.update_in(tx, system, after.channel, after.ts, Draft(text, blocks))

    async def _audience(self, tx: Tx, principal: Principal, question: Question) -> list[str]:
        """The ids of those who may answer."""
        users = await self._governance.users_in(tx, principal.tenant)
        known = {user.id for user in users if not user.deleted and not user.is_bot}
        if unknown := [user for user in question.of if user not in known]:
            raise Invalid(f"There is no user {unknown[0]} here.", field="of")
        team = [one.id for one in users if question.function and one.function == question.function]
        of = [*question.of, *(user for user in team if user in known)]
        if question.function and not of:
            raise Invalid(f"Nobody belongs to {question.function}.", field="function")
        return of

    async def _answered(
        self, tx: Tx, principal: Principal, fields: Sequence[Field], values: Mapping[str, Any]
    ) -> dict[str, Any]:
        text = "\n".join(rules.lines(fields, values, await self._language(tx, principal)))
        return {"by": principal.user, "values": dict(values), "decision": "", "note": "", "text": text}

    async def _known(self, tx: Tx, principal: Principal, fields: Sequence[Field], values: Mapping[str, Any]) -> None:
        """Refuses people and channels that the caller does not know."""
        users = {user.id for user in await self._governance.users_in(tx, principal.tenant) if not user.deleted}
        for field in fields:
            value = values.get(field.name)
            if value and field.type == "user" and value not in users:
                raise Invalid("There is no such user here.", field=f"values.{field.name}")
            if value and field.type == "channel":
                await self._channels.see(tx, principal, value)

    async def _form(self, tx: Tx, principal: Principal, id: str) -> Form:
        found = await store.form(tx, principal.tenant.workspace, id)
        if found is None:
            raise FormNotFound(f"There is no form {id!r}.", field="form")
        return found

    async def _language(self, tx: Tx, principal: Principal) -> str:
        """Cards are read by a whole channel: they speak the workspace's language."""
        language = (await self._governance.workspace_in(tx, principal.tenant.workspace)).language
        return language if language in ("ko", "en") else "ko"

    def _about(self, principal: Principal, name: str, form: Form) -> Event:
        told = {"form": form.id, "title": form.title["ko"], "title_en": form.title["en"],
                "fields": [field.name for field in form.fields]}  # fmt: skip
        return act(principal, "channels", name, "form", form.id, told, self._clock.now())

    def _told(
        self, principal: Principal, found: Conversation, name: str, asked: Asked, more: Mapping[str, Any]
    ) -> Event:
        told = {"what": asked.what, "form": asked.form, "ask": str(asked.id), "title": asked.title["ko"],
                "title_en": asked.title["en"], "channel": asked.channel, "ts": ts_text(asked.ts), "thread_ts": "",
                "asked_by_run": asked.run}  # fmt: skip
        return channel_event(principal, self._clock, found, found.side, name, {**told, **more})


def read_fields(raw: object, place: str = "fields") -> list[Field]:
    """Fields out of decoded JSON; Invalid names the place."""
    try:
        return msgspec.convert(raw, list[Field])
    except msgspec.ValidationError as error:
        message, _, path = str(error).partition(" - at `$")
        raise Invalid(message, field=place + path.rstrip("`")) from error


def _title(title: Text) -> dict[str, str]:
    both = in_both(title)
    if not both["ko"].strip() or max(map(len, both.values())) > 300:
        raise Invalid("`title` is a text of 1 to 300 characters.", field="title")
    return both


def _no_guest(principal: Principal) -> None:
    if principal.role is Role.GUEST:
        raise NotAllowed("A guest answers only what a channel asks.")


def _person(principal: Principal) -> None:
    if principal.kind != "user" or not principal.user:
        raise NotAllowed("Only a person can answer.")
