"""From the feed to the outboxes: what happens in channels of this server, for the partners that are sides of them.

It goes in the feed's order and in the cursor's transaction, so exactly once. What a message says is read as it stands
now: who comes later is told of the change as well, and ends up with the same.
"""

from __future__ import annotations

from collections.abc import Sequence
from itertools import groupby
from typing import Any

import structlog

from dure.channels import events
from dure.channels.connect import store as invites
from dure.channels.federation import events as own_events
from dure.channels.federation import wire
from dure.channels.federation.files import told_files
from dure.channels.federation.interpreter import Interpreter
from dure.channels.federation.model import Partner
from dure.channels.federation.store import links, names, outbox, partners
from dure.channels.model import Conversation, Message, ts_of
from dure.channels.store import conversations, messages
from dure.feed.api import Batch, Bell, Event, Follower, Lane, decode
from dure.governance.api import Governance
from dure.kernel.clock import Clock
from dure.state import State, Tx

log = structlog.get_logger("dure.channels.federation")

_PAGE = 100
_MESSAGES = {events.POSTED: "said", events.MESSAGE_CHANGED: "changed"}
_REACTIONS = {events.REACTED: "reacted", events.UNREACTED: "unreacted"}
_MEMBERS = {events.JOINED: ("joined", "channel_join"), events.LEFT: ("left", "channel_leave")}
# An invitation is over: turned down by a side, or taken back.
_OVER = (events.SHARE_DECLINED, events.SHARE_REVOKED)
_NAMES = (
    *_MESSAGES, *_REACTIONS, *_MEMBERS, events.DELETED, events.CHANGED, events.SHARE_OFFERED, events.SHARE_DECLINED,
    events.SHARED, events.UNSHARED, events.SHARE_LIMITED, events.SHARE_REVOKED, own_events.ANSWERED,
)  # fmt: skip
_NEEDLES = tuple(f'"event":"{name}"'.encode() for name in _NAMES)


class Outward:
    """Follows the acts under the name `federation`."""

    def __init__(self, state: State, clock: Clock, governance: Governance) -> None:
        self._follower = Follower(state, "federation", lanes=(Lane.DOMAIN,), limit=1000)
        self._clock, self._governance = clock, governance

    async def run(self, bell: Bell) -> None:
        await self._follower.run(bell, handle=self.handle)

    async def step(self) -> int:
        return await self._follower.step(self.handle)

    async def handle(self, tx: Tx, batches: Sequence[Batch]) -> None:
        lines = [decode(line) for batch in batches for line in batch.lines_with(_NEEDLES)]
        if not lines:
            return
        servers = await names.servers_of(tx, list({event.workspace for event in lines}))
        known = {one: await partners.find(tx, one) for one in set(servers.values())}
        mouths = {
            one: Interpreter(tx, self._governance, partner)
            for one, partner in known.items() if partner is not None and partner.state != "ended"
        }  # fmt: skip
        told = [
            event for event in lines if event.event in _NAMES and servers.get(event.workspace) in mouths
        ]  # fmt: skip
        for (server, name, place), run in groupby(told, lambda one: (servers[one.workspace], one.event, one.object)):
            mouth, some = mouths[server], list(run)
            if name in _MESSAGES:
                entries = await self._messages(tx, mouth, _MESSAGES[name], place, some)
            else:
                entries = [entry for event in some for entry in await self._told(tx, mouth, event)]
            await outbox.add(tx, server, entries, self._clock.now())

    async def _told(self, tx: Tx, mouth: Interpreter, event: Event) -> list[dict[str, Any]]:
        if event.event == own_events.ANSWERED:
            answer = {name: event.properties[name] for name in ("request", "ok", "code", "why")}
            return [{"kind": "answered", **answer}]
        found = await self._home(tx, event.object)
        if found is None or not _speaks_for(found, mouth.partner, event):
            return []
        about = {"channel": found.id}
        told = event.properties
        if event.event == events.DELETED:
            return [{"kind": "deleted", **about, "ts": told["ts"]}]
        if event.event in _REACTIONS:
            people = await mouth.tell([told["user"]])
            return [{"kind": _REACTIONS[event.event], **about, "ts": told["ts"], "name": told["reaction"],
                     "user": mouth.out(told["user"]), "people": people}]  # fmt: skip
        if event.event in _MEMBERS:
            kind, subtype = _MEMBERS[event.event]
            line = await self._line(tx, found.id, told["user"], subtype)
            people = await mouth.tell([told["user"]])
            return [{"kind": kind, **about, "user": mouth.out(told["user"]), "people": people,
                     "line": wire.message(line, mouth.out) if line else None}]  # fmt: skip
        if event.event == events.CHANGED:
            return await self._described(tx, mouth, found, str(told.get("what", "")))
        return await self._shared(tx, mouth, found, event)

    async def _home(self, tx: Tx, channel: str) -> Conversation | None:
        """A conversation whose home is here; of others their home tells."""
        return None if await names.home_of(tx, channel) else await conversations.find_home(tx, channel)

    async def _messages(
        self, tx: Tx, mouth: Interpreter, kind: str, channel: str, told: Sequence[Event]
    ) -> list[dict[str, Any]]:
        """What was said or changed in one conversation, as it stands now."""
        found = await self._home(tx, channel)
        if found is None:
            return []
        stamps = [ts_of(one.properties["ts"]) for one in told if _speaks_for(found, mouth.partner, one)]
        said, entries = await messages.several(tx, channel, stamps), list[dict[str, Any]]()
        for one in (said[ts] for ts in stamps if ts in said):
            people = await mouth.tell(wire.named(one))
            body = wire.message(one, mouth.out, await told_files(tx, mouth.partner, one, mouth))
            body.pop("reactions", None)
            entries.append({"kind": kind, "channel": channel, "message": body, "people": people})
        return entries

    async def _line(self, tx: Tx, channel: str, user: str, subtype: str) -> Message | None:
        ts = await conversations.noted(tx, channel, user, [subtype], 0)
        return await messages.find(tx, channel, ts) if ts else None

    async def _described(self, tx: Tx, mouth: Interpreter, found: Conversation, what: str) -> list[dict[str, Any]]:
        if what == "posting":
            return [{"kind": "described", "channel": found.id, "what": "posting", "text": found.posting}]
        if what not in ("topic", "purpose"):
            return []
        user = found.topic_by if what == "topic" else found.purpose_by
        line = await self._line(tx, found.id, user, f"channel_{what}")
        return [{
            "kind": "described", "channel": found.id, "what": what,
            "text": found.topic if what == "topic" else found.purpose, "people": await mouth.tell([user]),
            "user": mouth.out(user), "line": wire.message(line, mouth.out) if line else None,
        }]  # fmt: skip

    async def _shared(self, tx: Tx, mouth: Interpreter, found: Conversation, event: Event) -> list[dict[str, Any]]:
        told, partner = event.properties, mouth.partner
        if event.event == events.UNSHARED:
            if told["workspace_left"] != event.workspace:
                return []
            team = await names.theirs(tx, partner.id, "team", event.workspace)
            return [{"kind": "disconnected", "channel": found.id, "team": f"~{team}"}]
        if event.event == events.SHARE_LIMITED:
            share = next((one for one in found.shares if one.workspace == event.workspace), None)
            return [{"kind": "limited", "channel": found.id, "limited": bool(share and share.limited)}]
        invite = await invites.find(tx, str(told.get("invite", "")))
        if invite is None:
            return []
        if event.event in _OVER:
            return [{"kind": "withdrawn", "invite": invite.id, "channel": found.id}]
        teams = await names.theirs_of(tx, partner.id, "team", invite.targets)
        people = await mouth.tell([invite.inviter])
        about: dict[str, Any] = {
            "channel": found.id, "invite": invite.id, "name": found.home.name, "purpose": found.purpose,
            "topic": found.topic, "private": found.home.private, "limited": invite.limited,
            "created_at": found.created_at.isoformat(), "posting": found.posting,
            "team": await self._home_team(tx, mouth, found),
        }  # fmt: skip
        if event.event == events.SHARE_OFFERED:
            link = await links.of(tx, invite.id)
            return [{"kind": "invited", **about, "email": invite.to_email, "inviter": mouth.out(invite.inviter),
                     "teams": [f"~{one}" for one in teams.values()], "people": people,
                     "expires_at": invite.expires_at.isoformat(), **({"link": link} if link else {})}]  # fmt: skip
        inside = [one.user for one in await conversations.members(tx, found.id, limit=100_000)]
        people |= await mouth.tell([*inside, found.creator])
        if invite.accepted_workspace != event.workspace:
            return []  # of another side, whose people come as members
        entries = [{
            "kind": "connected", **about, "accepted": f"~{teams.get(invite.accepted_workspace, '')}",
            "members": [mouth.out(one) for one in inside], "creator": mouth.out(found.creator), "people": people,
        }]  # fmt: skip
        return [*entries, *await self._past(tx, mouth, found)]

    async def _past(self, tx: Tx, mouth: Interpreter, found: Conversation) -> list[dict[str, Any]]:
        """Everything that was said before, oldest first; and that it ends there."""
        told: list[dict[str, Any]] = []
        after = 0
        while said := await messages.everything(tx, found.id, after, _PAGE):
            after = said[-1].ts
            people = await mouth.tell(dict.fromkeys(name for one in said for name in wire.named(one)))
            told.append({
                "kind": "past", "channel": found.id, "people": people,
                "messages": [wire.message(one, mouth.out, await told_files(tx, mouth.partner, one, mouth))
                             for one in said],
            })  # fmt: skip
        return told

    async def retell(self, tx: Tx, partner: Partner) -> list[dict[str, Any]]:
        """What the channels hold whose home is here, once more, for a side that lost it."""
        told: list[dict[str, Any]] = []
        for channel, home, state in await names.shared_with(tx, partner.id):
            if not home and state == "connected":
                found = await conversations.find_home(tx, channel)
                told += await self._past(tx, Interpreter(tx, self._governance, partner), found)
        return told

    async def _home_team(self, tx: Tx, mouth: Interpreter, found: Conversation) -> dict[str, Any]:
        space = await self._governance.workspace_in(tx, found.home.workspace)
        return {"id": space.id, "name": space.name, "domain": space.domain, "org": space.org_name,
                "own": space.org == mouth.partner.org}  # fmt: skip


def _speaks_for(found: Conversation, partner: Partner, event: Event) -> bool:
    """Whether this side's copy of an event is the one that is told: of several sides on one server, the first is."""
    sides = [one for one in found.shares if one.server == partner.id]
    if event.event in (events.UNSHARED, events.SHARED):
        return any(one.workspace == event.workspace for one in sides)
    if event.event in (events.SHARE_OFFERED, *_OVER):
        return bool(sides) and event.workspace == min(one.workspace for one in sides)
    there = [one for one in sides if one.state == "connected"] or sides
    return bool(there) and event.workspace == min(one.workspace for one in there)
