"""What the home of a channel tells, done here: the copy is brought in line, and this side's own feed hears of it.

The home gives order and timestamps. What it says of people of this server is believed only where one of them asked for
just that; what it says of channels whose home is elsewhere is refused.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

import structlog

from dure.channels import events
from dure.channels.api import Channels
from dure.channels.federation import sharing, wire
from dure.channels.federation.hearing import believed, principal_of, team_of
from dure.channels.federation.interpreter import Interpreter
from dure.channels.federation.model import Partner
from dure.channels.federation.refusals import BadEntry
from dure.channels.federation.store import names, requests
from dure.channels.federation.told_messages import ToldMessages
from dure.channels.model import Conversation
from dure.channels.store import conversations
from dure.feed.api import whisper
from dure.governance.api import Governance
from dure.kernel.clock import Clock
from dure.state import Tx

log = structlog.get_logger("dure.channels.federation")


class Told:
    def __init__(self, clock: Clock, governance: Governance, channels: Channels) -> None:
        self._clock, self._governance, self._channels = clock, governance, channels
        self._messages = told = ToldMessages(clock, governance, channels)
        self._acts = {
            "said": told.said, "changed": told.said, "past": told.past, "deleted": told.deleted,
            "reacted": told.reacted, "unreacted": told.reacted, "joined": self._joined, "left": self._left,
            "described": self._described, "connected": self._connected, "disconnected": self._disconnected,
            "limited": self._limited, "withdrawn": self._withdrawn,
        }  # fmt: skip

    async def do(self, tx: Tx, ear: Interpreter, entry: Mapping[str, Any]) -> None:
        """Raises BadEntry for what this protocol does not know or this partner may not say."""
        kind = wire.text(entry, "kind", 40)
        if kind == "answered":
            await self._answered(tx, ear.partner, entry)
            return
        if kind == "erased":
            return  # what it told of was taken away before it was sent
        if kind == "invited":
            await sharing.invited(tx, self._clock, self._governance, ear.partner, entry)
            return
        act = self._acts.get(kind)
        if act is None:
            raise BadEntry(f"There is no {kind!r}.", field="kind")
        await act(tx, ear, await self._channel(tx, ear, entry), entry)

    async def all_said(self, tx: Tx, ear: Interpreter, entries: Sequence[Mapping[str, Any]]) -> None:
        """`do` for messages of one conversation at once. Raises Apart."""
        await self._messages.all_said(tx, ear, await self._channel(tx, ear, entries[0]), entries)

    async def _channel(self, tx: Tx, ear: Interpreter, entry: Mapping[str, Any]) -> Conversation:
        """What an entry is about, locked."""
        channel = await names.ours(tx, ear.partner.id, "channel", wire.text(entry, "channel", 40))
        if channel is None:
            raise BadEntry("This channel was not offered here.", field="channel")
        await conversations.lock(tx, channel)
        found = await conversations.find_home(tx, channel)
        if found.elsewhere != ear.partner.id:
            raise BadEntry("The home of this channel is not there.", field="channel")
        return found

    # -- people and place -------------------------------------------------------------------------------------------

    async def _joined(self, tx: Tx, ear: Interpreter, found: Conversation, entry: Mapping[str, Any]) -> None:
        await ear.learn(entry.get("people") or {}, [wire.text(entry, "user", 40)])
        user = ear.person(wire.text(entry, "user", 40))
        if user in ear.own and not await requests.brought(tx, ear.partner.id, found.id, user):
            raise BadEntry("Nobody here asked for this person to come.", field="user")
        team = team_of(ear, found, user)
        added = await conversations.add_members(tx, found.id, [(user, team)], self._clock.now(), found.last_ts)
        await self._messages.line(tx, ear, found, entry)
        if added:
            told = {"user": user, "inviter": ""}
            await self._channels.tell(tx, principal_of(ear, found, user), found, events.JOINED, told)

    async def _left(self, tx: Tx, ear: Interpreter, found: Conversation, entry: Mapping[str, Any]) -> None:
        await ear.learn(entry.get("people") or {}, [wire.text(entry, "user", 40)])
        user = ear.person(wire.text(entry, "user", 40))
        gone = await conversations.remove_member(tx, found.id, user)
        await self._messages.line(tx, ear, found, entry)
        if gone:
            await self._channels.tell(tx, principal_of(ear, found, user), found, events.LEFT, {"user": user})

    async def _described(self, tx: Tx, ear: Interpreter, found: Conversation, entry: Mapping[str, Any]) -> None:
        what, said = wire.text(entry, "what", 20), str(entry.get("text") or "")[:250]
        if what == "posting":
            if said in ("everyone", "threads", "admins", "flat"):
                await conversations.set_posting(tx, found.home.workspace, found.id, said)
            return
        if what not in ("topic", "purpose"):
            raise BadEntry(f"There is no {what!r}.", field="what")
        await ear.learn(entry.get("people") or {}, [wire.text(entry, "user", 40)])
        user = ear.person(wire.text(entry, "user", 40))
        if user in ear.own:
            await believed(tx, ear, found, user, what, "")
        now = self._clock.now()
        await conversations.describe(tx, found.home.workspace, found.id, what, said, user, now)
        await self._messages.line(tx, ear, found, entry)
        await self._channels.tell(
            tx, principal_of(ear, found, user), found, events.CHANGED, {"what": what},
            of_side=lambda side: {} if side.private else {what: said},
        )  # fmt: skip

    # -- sharing ----------------------------------------------------------------------------------------------------

    async def _connected(self, tx: Tx, ear: Interpreter, found: Conversation, entry: Mapping[str, Any]) -> None:
        named = [*_texts(entry, "members"), str(entry.get("creator") or "")]
        await ear.learn(entry.get("people") or {}, filter(None, named))
        members = [ear.come(one) for one in _texts(entry, "members")]
        here = [(one, team_of(ear, found, one)) for one in members if one in ear.teams]
        await sharing.connected(tx, self._clock, self._channels, ear.partner, found, entry, here, ear.own)

    async def _disconnected(
        self,
        tx: Tx,
        ear: Interpreter,  # noqa: ARG002
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

    async def _limited(self, tx: Tx, ear: Interpreter, found: Conversation, entry: Mapping[str, Any]) -> None:  # noqa: ARG002
        limited = bool(entry.get("limited"))
        for share in found.connected:
            if not share.server:
                await conversations.add_share(tx, replace(share, limited=limited), self._clock.now())
                who = self._governance.system(share.tenant, "federation")
                told = {"with_workspace": found.home.workspace, "limited": limited}
                await self._channels.tell(tx, who, found, events.SHARE_LIMITED, told)

    async def _withdrawn(self, tx: Tx, ear: Interpreter, found: Conversation, entry: Mapping[str, Any]) -> None:
        await sharing.withdrawn(tx, self._clock, self._channels, self._governance, ear.partner, found, entry)

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


def clean_text(value: Any) -> str:
    return str(value or "").replace("\0", "")[:300]


def _texts(entry: Mapping[str, Any], name: str) -> list[str]:
    value = entry.get(name) or []
    if not isinstance(value, list) or len(value) > 100_000 or not all(isinstance(one, str) for one in value):
        raise BadEntry(f"`{name}` is a list of ids.", field=name)
    return value
