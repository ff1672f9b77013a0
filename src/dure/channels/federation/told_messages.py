"""What the home of a channel tells of its messages, done in the copy here; this side's own feed hears of it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

from dure.channels import events
from dure.channels.api import Channels
from dure.channels.federation import wire
from dure.channels.federation.hearing import Apart, active, believed, message_of, own_side, principal_of, speaker
from dure.channels.federation.interpreter import Interpreter
from dure.channels.files import attaching
from dure.channels.files import store as file_store
from dure.channels.files.model import Shared
from dure.channels.model import Conversation, Message, ts_of, ts_text
from dure.channels.store import edits, messages, pins, reading, saying
from dure.feed.api import Event
from dure.governance.api import Governance
from dure.kernel.clock import Clock
from dure.state import Tx


class ToldMessages:
    def __init__(self, clock: Clock, governance: Governance, channels: Channels) -> None:
        self._clock, self._governance, self._channels = clock, governance, channels

    async def said(self, tx: Tx, ear: Interpreter, found: Conversation, entry: Mapping[str, Any]) -> None:
        """A message that is new, or was changed."""
        told = wire.part(entry, "message")
        await ear.learn(entry.get("people") or {}, wire.people_in(told))
        said = await message_of(tx, ear, found, told)
        before = await messages.find(tx, found.id, said.ts)
        if said.user in ear.own:
            edit = before is not None
            what, subject = ("edit", ts_text(said.ts)) if edit else ("post", said.client_msg_id or "")
            await believed(tx, ear, found, said.user, what, subject)
        if said.deleted:
            await self._remove(tx, ear, found, before)
        elif before is None:
            await self._write(tx, ear, found, [said])
        elif not before.deleted:
            await self._change(tx, ear, found, before, said)

    async def all_said(
        self, tx: Tx, ear: Interpreter, found: Conversation, entries: Sequence[Mapping[str, Any]]
    ) -> None:
        """`said` of several entries at once. Raises Apart where one of them is not simply new."""
        told = [wire.part(entry, "message") for entry in entries]
        people = {name: about for entry in entries for name, about in wire.part(entry, "people").items()}
        await ear.learn(people, [name for one in told for name in wire.people_in(one)])
        said = [await message_of(tx, ear, found, one) for one in told]
        places = [(one.channel, one.ts) for one in said]
        if any(one.deleted for one in said) or len({*places}) < len(places) or await messages.at(tx, places):
            raise Apart
        for user in {one.user for one in said} & ear.own:
            await believed(tx, ear, found, user, "post", *(one.client_msg_id or "" for one in said if one.user == user))
        await self._write(tx, ear, found, said)

    async def _write(self, tx: Tx, ear: Interpreter, found: Conversation, said: Sequence[Message]) -> None:
        """Messages that are new here, in their order."""
        said = await self.keep(tx, found, said)
        await saying.set_read(tx, {(found.id, one.user): one.ts for one in said if one.user in ear.own})
        side = own_side(found)
        if side is None or not active(found):
            return
        bot = ""
        if any(one.mentions for one in said):
            bot = (await self._channels.author(tx, self._governance.system(side.tenant, "channels"))).user
        told: list[Event] = []
        for one in said:
            who = speaker(ear, found, one)
            told += self._channels.message_events(who, found, events.POSTED, one, bot if one.mentions else "")
        await self._channels.tell_events(tx, told)
        for one in said:
            if one.carried:
                await self._attach(tx, ear, found, one)
            if one.thread is not None or one.mentions:
                await self._channels._call(tx, one)

    async def _attach(self, tx: Tx, ear: Interpreter, found: Conversation, said: Message) -> None:
        who = speaker(ear, found, said)
        acts = await attaching.attach(
            tx, who, found.home.workspace, found.id, said.ts, said.thread, said.user, said.carried, self._clock.now()
        )
        place = {"ts": ts_text(said.ts), "thread_ts": ts_text(said.thread) if said.thread else ""}
        await self._channels.tell(tx, who, found, events.FILE_SHARED, *({**place, **act} for act in acts))

    async def keep(self, tx: Tx, found: Conversation, said: Sequence[Message]) -> list[Message]:
        """Writes messages down; one whose own id is taken here is kept without it. What was kept."""
        own = [(found.id, one.client_msg_id) for one in said if one.client_msg_id]
        taken, kept = {known for _, known in await saying.by_client_id(tx, own)}, list[Message]()
        for one in said:
            kept.append(replace(one, client_msg_id=None) if one.client_msg_id in taken else one)
            taken.add(one.client_msg_id or "")
        await saying.add(tx, [(found.home.workspace, one) for one in kept])
        await saying.advance(tx, {found.id: max(one.ts for one in kept)})
        roots = await saying.roots(tx, list(dict.fromkeys((found.id, one.thread) for one in kept if one.thread)))
        for _, thread in roots:
            await messages.count_replies(tx, found.id, thread)
        for one in kept:
            root = roots.get((found.id, one.thread or 0))
            if root is not None:
                await reading.follow_by(tx, root, one)
        return kept

    async def _change(self, tx: Tx, ear: Interpreter, found: Conversation, before: Message, said: Message) -> None:
        if (before.text, before.blocks, before.attachments) == (said.text, said.blocks, said.attachments):
            return
        changed = replace(
            before, text=said.text, blocks=said.blocks, attachments=said.attachments, metadata=said.metadata,
            edited_at=said.edited_at, edited_by=said.edited_by, mentions=said.mentions,
        )  # fmt: skip
        await edits.keep(tx, found.home.workspace, before, said.user, said.edited_at or self._clock.now())
        await messages.change(tx, changed)
        who = speaker(ear, found, said)
        await self._channels.tell_events(tx, self._channels.message_events(who, found, events.MESSAGE_CHANGED, changed))

    async def deleted(self, tx: Tx, ear: Interpreter, found: Conversation, entry: Mapping[str, Any]) -> None:
        before = await messages.find(tx, found.id, ts_of(wire.text(entry, "ts", 20)))
        if before is None:
            return
        own = {one.workspace for one in found.shares if not one.server}
        if before.team in own and not before.subtype:
            await believed(tx, ear, found, before.user, "delete", ts_text(before.ts))
        await self._remove(tx, ear, found, before)

    async def _remove(self, tx: Tx, ear: Interpreter, found: Conversation, before: Message | None) -> None:
        if before is None or before.deleted:
            return
        await messages.remove(tx, found.id, before.ts)
        await edits.forget(tx, found.id, before.ts)
        await pins.remove(tx, found.id, before.ts)
        if before.thread is not None:
            await messages.count_replies(tx, found.id, before.thread)
        thread = ts_text(before.thread) if before.thread else ""
        told = {"ts": ts_text(before.ts), "thread_ts": thread, "user": before.user}
        await self._channels.tell(tx, speaker(ear, found, before), found, events.DELETED, told)

    async def past(self, tx: Tx, ear: Interpreter, found: Conversation, entry: Mapping[str, Any]) -> None:
        """What was said before it was shared. Nobody of here can have said any of it that is not here already."""
        page = wire.several(entry, "messages", 500)
        await ear.learn(entry.get("people") or {}, [name for one in page for name in wire.people_in(one)])
        for told in page:
            said = await message_of(tx, ear, found, told)
            if said.user in ear.own and said.subtype not in ("channel_join", "channel_leave"):
                continue
            before = await messages.find(tx, found.id, said.ts)
            if before is not None:  # told once more, to a side that lost what came after
                if said.deleted:
                    await self._remove(tx, ear, found, before)
                elif not before.deleted:
                    await self._change(tx, ear, found, before, said)
                continue
            await self.keep(tx, found, [said])
            for file in said.carried:
                shared = Shared(found.id, "", "", False, said.ts, said.thread, said.user, said.team, self._clock.now())
                await file_store.share(tx, file.id, found.home.workspace, shared)
            for reaction in said.reactions:
                for user in reaction.users:
                    if user not in ear.own:
                        await messages.add_reaction(
                            tx, found.home.workspace, found.id, said.ts, reaction.name, user, self._clock.now()
                        )

    async def reacted(self, tx: Tx, ear: Interpreter, found: Conversation, entry: Mapping[str, Any]) -> None:
        await ear.learn(entry.get("people") or {}, [wire.text(entry, "user", 40)])
        user, name = ear.person(wire.text(entry, "user", 40)), wire.text(entry, "name", 120)
        ts, add = wire.text(entry, "ts", 20), entry["kind"] == "reacted"
        if user in ear.own:
            await believed(tx, ear, found, user, "react" if add else "unreact", f"{ts} {name}")
        said = await messages.find(tx, found.id, ts_of(ts))
        if said is None:
            return
        if add:
            done = await messages.add_reaction(
                tx, found.home.workspace, found.id, said.ts, name, user, self._clock.now()
            )
        else:
            done = await messages.remove_reaction(tx, found.id, said.ts, name, user)
        if done:
            thread = ts_text(said.thread) if said.thread else ""
            told = {"ts": ts, "thread_ts": thread, "reaction": name, "user": user, "item_user": said.user}
            act = events.REACTED if add else events.UNREACTED
            await self._channels.tell(tx, principal_of(ear, found, user), found, act, told)

    async def line(self, tx: Tx, ear: Interpreter, found: Conversation, entry: Mapping[str, Any]) -> None:
        """The line that an act leaves in the conversation."""
        if isinstance(entry.get("line"), Mapping):
            said = await message_of(tx, ear, found, entry["line"])
            if said.subtype.startswith("channel_") and await messages.find(tx, found.id, said.ts) is None:
                await self.keep(tx, found, [said])
