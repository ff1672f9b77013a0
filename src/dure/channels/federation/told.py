"""What the home of a channel tells, done here: the copy is brought in line, and this side's own feed hears of it.

The home gives order and timestamps. What it says of people of this server is believed only where one of them asked for
just that; what it says of channels whose home is elsewhere is refused.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

import structlog

from dure.channels import events
from dure.channels.api import Channels
from dure.channels.federation import sharing, wire
from dure.channels.federation.files import known_files
from dure.channels.federation.interpreter import Interpreter
from dure.channels.federation.model import Partner
from dure.channels.federation.refusals import BadEntry
from dure.channels.federation.store import names, requests
from dure.channels.files import attaching
from dure.channels.files import store as file_store
from dure.channels.files.model import Shared
from dure.channels.model import Conversation, Message, Share, ts_of, ts_text
from dure.channels.store import conversations, edits, messages, pins, reading, saying
from dure.feed.api import whisper
from dure.governance.api import Governance, Principal, Role
from dure.kernel.clock import Clock
from dure.kernel.tenant import Tenant
from dure.state import Tx

log = structlog.get_logger("dure.channels.federation")


class Told:
    def __init__(self, clock: Clock, governance: Governance, channels: Channels) -> None:
        self._clock, self._governance, self._channels = clock, governance, channels
        self._acts = {
            "said": self._said, "changed": self._said, "past": self._past, "deleted": self._deleted,
            "reacted": self._reacted, "unreacted": self._reacted, "joined": self._joined, "left": self._left,
            "described": self._described, "connected": self._connected, "disconnected": self._disconnected,
            "limited": self._limited, "withdrawn": self._withdrawn,
        }  # fmt: skip

    async def do(self, tx: Tx, partner: Partner, entry: Mapping[str, Any]) -> None:
        """Raises BadEntry for what this protocol does not know or this partner may not say."""
        kind = wire.text(entry, "kind", 40)
        if kind == "answered":
            await self._answered(tx, partner, entry)
            return
        if kind == "erased":
            return  # what it told of was taken away before it was sent
        if kind == "invited":
            await sharing.invited(tx, self._clock, self._governance, partner, entry)
            return
        act = self._acts.get(kind)
        if act is None:
            raise BadEntry(f"There is no {kind!r}.", field="kind")
        channel = await names.ours(tx, partner.id, "channel", wire.text(entry, "channel", 40))
        if channel is None:
            raise BadEntry("This channel was not offered here.", field="channel")
        await conversations.lock(tx, channel)
        found = await conversations.find_home(tx, channel)
        if found.elsewhere != partner.id:
            raise BadEntry("The home of this channel is not there.", field="channel")
        await act(tx, partner, found, entry)

    # -- messages ---------------------------------------------------------------------------------------------------

    async def _said(self, tx: Tx, partner: Partner, found: Conversation, entry: Mapping[str, Any]) -> None:
        told = _object(entry, "message")
        ear = await self._ear(tx, partner, entry, [*wire.people_in(told)])
        said = await self._message(tx, found, ear, told)
        before = await messages.find(tx, found.id, said.ts)
        if said.user in ear.own:
            edit = before is not None
            what, subject = ("edit", ts_text(said.ts)) if edit else ("post", said.client_msg_id or "")
            await self._believed(tx, partner, found, said.user, what, subject)
        if said.deleted:
            await self._remove(tx, ear, found, before, said.user)
        elif before is None:
            await self._write(tx, ear, found, said)
        elif not before.deleted:
            await self._change(tx, ear, found, before, said)

    async def _write(self, tx: Tx, ear: Interpreter, found: Conversation, said: Message) -> None:
        """A message that is new here."""
        await self._keep(tx, found, said)
        who = self._principal(ear, found, said.user)
        if said.user in ear.own:
            await conversations.set_read(tx, found.id, said.user, said.ts)
        if not _active(found):
            return
        side = _side(found)
        bot = ""
        if side is not None and said.mentions:
            bot = (await self._channels.author(tx, self._governance.system(side.tenant, "channels"))).user
        await self._channels.tell_events(
            tx, self._channels.message_events(who, found, events.POSTED, said, bot)
        )  # fmt: skip
        if said.carried:
            acts = await attaching.attach(
                tx, who, found.home.workspace, found.id, said.ts, said.thread, said.user, said.carried,
                self._clock.now(),
            )  # fmt: skip
            place = {"ts": ts_text(said.ts), "thread_ts": ts_text(said.thread) if said.thread else ""}
            await self._channels.tell(tx, who, found, events.FILE_SHARED, *({**place, **act} for act in acts))
        if said.thread is not None or said.mentions:
            await self._channels._call(tx, said)

    async def _keep(self, tx: Tx, found: Conversation, said: Message) -> None:
        if said.client_msg_id:
            again = await saying.by_client_id(tx, [(found.id, said.client_msg_id)])
            if again:
                said = replace(said, client_msg_id=None)
        await saying.add(tx, [(found.home.workspace, said)])
        await saying.advance(tx, {found.id: max(said.ts, await self._last(tx, found.id))})
        if said.thread is not None:
            await messages.count_replies(tx, found.id, said.thread)
            root = await messages.find(tx, found.id, said.thread)
            if root is not None:
                await reading.follow_by(tx, root, said)

    async def _change(self, tx: Tx, ear: Interpreter, found: Conversation, before: Message, said: Message) -> None:
        if (before.text, before.blocks, before.attachments) == (said.text, said.blocks, said.attachments):
            return
        changed = replace(
            before, text=said.text, blocks=said.blocks, attachments=said.attachments, metadata=said.metadata,
            edited_at=said.edited_at, edited_by=said.edited_by, mentions=said.mentions,
        )  # fmt: skip
        await edits.keep(tx, found.home.workspace, before, said.user, said.edited_at or self._clock.now())
        await messages.change(tx, changed)
        who = self._principal(ear, found, said.user)
        await self._channels.tell_events(tx, self._channels.message_events(who, found, events.MESSAGE_CHANGED, changed))

    async def _deleted(self, tx: Tx, partner: Partner, found: Conversation, entry: Mapping[str, Any]) -> None:
        before = await messages.find(tx, found.id, ts_of(wire.text(entry, "ts", 20)))
        if before is None:
            return
        ear = await self._ear(tx, partner, entry, [])
        own = {one.workspace for one in found.shares if not one.server}
        if before.team in own and not before.subtype:
            await self._believed(tx, partner, found, before.user, "delete", ts_text(before.ts))
        await self._remove(tx, ear, found, before, before.user)

    async def _remove(self, tx: Tx, ear: Interpreter, found: Conversation, before: Message | None, user: str) -> None:
        if before is None or before.deleted:
            return
        await messages.remove(tx, found.id, before.ts)
        await edits.forget(tx, found.id, before.ts)
        await pins.remove(tx, found.id, before.ts)
        if before.thread is not None:
            await messages.count_replies(tx, found.id, before.thread)
        thread = ts_text(before.thread) if before.thread else ""
        told = {"ts": ts_text(before.ts), "thread_ts": thread, "user": before.user}
        await self._channels.tell(tx, self._principal(ear, found, user), found, events.DELETED, told)

    async def _past(self, tx: Tx, partner: Partner, found: Conversation, entry: Mapping[str, Any]) -> None:
        """What was said before it was shared. Nobody of here can have said any of it that is not here already."""
        page = wire.several(entry, "messages", 500)
        ear = await self._ear(tx, partner, entry, [name for one in page for name in wire.people_in(one)])
        for told in page:
            said = await self._message(tx, found, ear, told)
            if said.user in ear.own and said.subtype not in ("channel_join", "channel_leave"):
                continue
            before = await messages.find(tx, found.id, said.ts)
            if before is not None:  # told once more, to a side that lost what came after
                if said.deleted:
                    await self._remove(tx, ear, found, before, said.user)
                elif not before.deleted:
                    await self._change(tx, ear, found, before, said)
                continue
            await self._keep(tx, found, said)
            for file in said.carried:
                shared = Shared(found.id, "", "", False, said.ts, said.thread, said.user, said.team, self._clock.now())
                await file_store.share(tx, file.id, found.home.workspace, shared)
            for reaction in said.reactions:
                for user in reaction.users:
                    if user not in ear.own:
                        await messages.add_reaction(
                            tx, found.home.workspace, found.id, said.ts, reaction.name, user, self._clock.now()
                        )

    async def _reacted(self, tx: Tx, partner: Partner, found: Conversation, entry: Mapping[str, Any]) -> None:
        ear = await self._ear(tx, partner, entry, [entry.get("user")])
        user, name, ts = (
            ear.person(wire.text(entry, "user", 40)),
            wire.text(entry, "name", 120),
            wire.text(entry, "ts", 20),
        )
        add = entry["kind"] == "reacted"
        if user in ear.own:
            await self._believed(tx, partner, found, user, "react" if add else "unreact", f"{ts} {name}")
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
            await self._channels.tell(tx, self._principal(ear, found, user), found, act, told)

    # -- people and place -------------------------------------------------------------------------------------------

    async def _joined(self, tx: Tx, partner: Partner, found: Conversation, entry: Mapping[str, Any]) -> None:
        ear = await self._ear(tx, partner, entry, [entry.get("user")])
        user = ear.person(wire.text(entry, "user", 40))
        if user in ear.own and not await requests.brought(tx, partner.id, found.id, user):
            raise BadEntry("Nobody here asked for this person to come.", field="user")
        team = self._team(ear, found, user)
        added = await conversations.add_members(tx, found.id, [(user, team)], self._clock.now(), found.last_ts)
        await self._line(tx, ear, found, entry)
        if added:
            told = {"user": user, "inviter": ""}
            await self._channels.tell(tx, self._principal(ear, found, user), found, events.JOINED, told)

    async def _left(self, tx: Tx, partner: Partner, found: Conversation, entry: Mapping[str, Any]) -> None:
        ear = await self._ear(tx, partner, entry, [entry.get("user")])
        user = ear.person(wire.text(entry, "user", 40))
        gone = await conversations.remove_member(tx, found.id, user)
        await self._line(tx, ear, found, entry)
        if gone:
            await self._channels.tell(tx, self._principal(ear, found, user), found, events.LEFT, {"user": user})

    async def _described(self, tx: Tx, partner: Partner, found: Conversation, entry: Mapping[str, Any]) -> None:
        what, said = wire.text(entry, "what", 20), str(entry.get("text") or "")[:250]
        if what == "posting":
            if said in ("everyone", "threads", "admins", "flat"):
                await conversations.set_posting(tx, found.home.workspace, found.id, said)
            return
        if what not in ("topic", "purpose"):
            raise BadEntry(f"There is no {what!r}.", field="what")
        ear = await self._ear(tx, partner, entry, [entry.get("user")])
        user = ear.person(wire.text(entry, "user", 40))
        if user in ear.own:
            await self._believed(tx, partner, found, user, what, "")
        now = self._clock.now()
        await conversations.describe(tx, found.home.workspace, found.id, what, said, user, now)
        await self._line(tx, ear, found, entry)
        await self._channels.tell(
            tx, self._principal(ear, found, user), found, events.CHANGED, {"what": what},
            of_side=lambda side: {} if side.private else {what: said},
        )  # fmt: skip

    async def _line(self, tx: Tx, ear: Interpreter, found: Conversation, entry: Mapping[str, Any]) -> None:
        """The line that an act leaves in the conversation."""
        if isinstance(entry.get("line"), Mapping):
            said = await self._message(tx, found, ear, entry["line"])
            if said.subtype.startswith("channel_") and await messages.find(tx, found.id, said.ts) is None:
                await self._keep(tx, found, said)

    # -- sharing ----------------------------------------------------------------------------------------------------

    async def _connected(self, tx: Tx, partner: Partner, found: Conversation, entry: Mapping[str, Any]) -> None:
        ear = await self._ear(tx, partner, entry, [*_texts(entry, "members"), entry.get("creator")])
        members = [ear.come(one) for one in _texts(entry, "members")]
        here = [(one, self._team(ear, found, one)) for one in members if one in ear.teams]
        await sharing.connected(tx, self._clock, self._channels, partner, found, entry, here, ear.own)

    async def _disconnected(
        self,
        tx: Tx,
        _: Partner,
        found: Conversation,
        entry: Mapping[str, Any],
    ) -> None:
        team = wire.text(entry, "team", 40).removeprefix("~")
        share = next((one for one in found.connected if one.workspace == team and not one.server), None)
        if share is None:
            return
        who = self._governance.system(share.tenant, "federation")
        await self._channels.tell(tx, who, found, events.UNSHARED, {"workspace_left": team})
        await conversations.add_share(tx, replace(share, state="disconnected"), self._clock.now())
        await conversations.remove_members_of(tx, found.id, team)

    async def _limited(self, tx: Tx, partner: Partner, found: Conversation, entry: Mapping[str, Any]) -> None:  # noqa: ARG002
        limited = bool(entry.get("limited"))
        for share in found.connected:
            if not share.server:
                await conversations.add_share(tx, replace(share, limited=limited), self._clock.now())
                who = self._governance.system(share.tenant, "federation")
                told = {"with_workspace": found.home.workspace, "limited": limited}
                await self._channels.tell(tx, who, found, events.SHARE_LIMITED, told)

    async def _withdrawn(self, tx: Tx, partner: Partner, found: Conversation, entry: Mapping[str, Any]) -> None:
        await sharing.withdrawn(tx, self._clock, self._channels, self._governance, partner, found, entry)

    async def _answered(self, tx: Tx, partner: Partner, entry: Mapping[str, Any]) -> None:
        ok = entry.get("ok") is True
        code, why = str(clean_text(entry.get("code"))), str(clean_text(entry.get("why")))
        ended = await requests.end(
            tx, partner.id, wire.text(entry, "request", 60), "done" if ok else "refused", code, why, self._clock.now()
        )
        if ended is None:
            return
        if ended.what in ("accept", "approve") and not ok:
            await sharing.refused(tx, self._clock, ended)
        about = {"kind": "partner-answer", "request": ended.id, "ok": ok, "code": code, "channel": ended.channel}
        await whisper(tx, ended.workspace, [f"user:{ended.account}"], about)
        await requests.wake(tx, ended.id)

    # -- parts ------------------------------------------------------------------------------------------------------

    async def _ear(self, tx: Tx, partner: Partner, entry: Mapping[str, Any], named: list[Any]) -> Interpreter:
        ear = Interpreter(tx, self._governance, partner)
        await ear.learn(entry.get("people") or {}, [str(one) for one in named if isinstance(one, str) and one])
        return ear

    async def _message(self, tx: Tx, found: Conversation, ear: Interpreter, told: Mapping[str, Any]) -> Message:
        ear.person(wire.text(told, "user", 40))
        said = wire.message_of(told, found.id, ear.teams, ear.come)
        team = self._team(ear, found, said.user)
        org = found.org_of(team) or ear.partner.stranger
        ids = await known_files(tx, told, ear, said.user, team, org)
        carried = await file_store.carried(tx, found.id, ids)
        kept = tuple(one for one in ids if one in carried)
        return replace(said, team=team, files=kept, carried=tuple(carried[one] for one in kept))

    async def _believed(
        self, tx: Tx, partner: Partner, found: Conversation, user: str, what: str, subject: str
    ) -> None:
        if not await requests.asked(tx, partner.id, found.id, user, what, subject):
            log.warning("federation.not_believed", partner=partner.id, channel=found.id, user=user, what=what)
            raise BadEntry(f"Nobody here asked for this {what}.", field="user")

    def _team(self, ear: Interpreter, found: Conversation, user: str) -> str:
        side = _side(found)
        return side.workspace if user in ear.own and side is not None else ear.teams.get(user, found.home.workspace)

    def _principal(self, ear: Interpreter, found: Conversation, user: str) -> Principal:
        team = self._team(ear, found, user)
        return Principal(Tenant(found.org_of(team) or ear.partner.stranger, team), user, Role.MEMBER)

    async def _last(self, tx: Tx, channel: str) -> int:
        return (await conversations.find_home(tx, channel)).last_ts


def clean_text(value: Any) -> str:
    return str(value or "").replace("\0", "")[:300]


def _side(found: Conversation) -> Share | None:
    """The side of this server: the one that is connected, or was."""
    own = [one for one in found.shares if not one.server]
    return next((one for one in own if one.state == "connected"), own[0] if own else None)


def _active(found: Conversation) -> bool:
    return any(not one.server for one in found.connected)


def _object(entry: Mapping[str, Any], name: str) -> Mapping[str, Any]:
    value = entry.get(name)
    if not isinstance(value, Mapping):
        raise BadEntry(f"`{name}` is an object.", field=name)
    return value


def _texts(entry: Mapping[str, Any], name: str) -> list[str]:
    value = entry.get(name) or []
    if not isinstance(value, list) or len(value) > 100_000 or not all(isinstance(one, str) for one in value):
        raise BadEntry(f"`{name}` is a list of ids.", field=name)
    return value
