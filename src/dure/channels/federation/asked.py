"""What people of other servers ask of channels whose home is here: done as those people, by everybody's rules."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from psycopg import DataError

from dure.channels import events
from dure.channels.api import Channels
from dure.channels.connect import store as invites
from dure.channels.connect.machine import step
from dure.channels.federation import events as own_events
from dure.channels.federation import wire
from dure.channels.federation.files import known_files
from dure.channels.federation.interpreter import Interpreter
from dure.channels.federation.model import Partner
from dure.channels.federation.refusals import BadEntry
from dure.channels.federation.store import names
from dure.channels.model import Conversation, ts_of
from dure.channels.refusals import ChannelNotFound, InviteNotFound, IsArchived, NotInChannel, RestrictedAction
from dure.channels.store import conversations
from dure.feed.api import append
from dure.governance.api import Governance, Principal, Role
from dure.kernel.clock import Clock
from dure.kernel.errors import Conflict, DureError
from dure.kernel.tenant import Tenant
from dure.state import Tx


class Expired(Conflict):
    """Its time was over when it arrived."""

    code = "request_expired"


class Asked:
    def __init__(self, clock: Clock, governance: Governance, channels: Channels) -> None:
        self._clock, self._governance, self._channels = clock, governance, channels

    async def do(self, tx: Tx, partner: Partner, entry: Mapping[str, Any]) -> None:
        """Does it, or takes all of it back; either way it is answered, behind what comes of it in the feed."""
        request = wire.text(entry, "request", 60)
        ok, code, why = True, "", ""
        try:
            async with tx.connection.transaction():
                await self._act(tx, partner, entry)
        except DureError as refusal:
            ok, code, why = False, refusal.code, refusal.message
        except DataError as error:
            ok, code, why = False, "bad_entry", str(error)[:200]
        team = min((await names.all_of(tx, partner.id, "team")).values(), default="")
        told = {"request": request, "ok": ok, "code": code, "why": why}
        place = Tenant(partner.stranger, team)
        await append(tx, own_events.partner_event(self._clock, partner, own_events.ANSWERED, "", told, place))

    async def _act(self, tx: Tx, partner: Partner, entry: Mapping[str, Any]) -> None:
        until = wire.at(entry.get("until"))
        if until is not None and self._clock.now() > until:
            raise Expired
        by = wire.text(entry, "by", 40)
        if by.startswith("~"):
            raise BadEntry("Nobody of another server acts as somebody of this one.", field="by")
        ear = Interpreter(tx, self._governance, partner)
        users = [str(one) for one in entry.get("users") or [] if isinstance(one, str)]
        await ear.learn(entry.get("people") or {}, [by, *users, *wire.names_in(entry)])
        user = ear.person(by)
        team = ear.teams[user]
        space = await self._governance.workspace_in(tx, team)
        if space.org != partner.stranger or space.server != partner.id:
            raise BadEntry("A server speaks only for its own organisation.", field="by")
        who = Principal(Tenant(space.org, team), user, Role.MEMBER)
        what = wire.text(entry, "what", 20)
        if what in ("accept", "approve", "decline"):
            await self._invite(tx, who, what, entry)
            return
        channel = wire.text(entry, "channel", 40)
        await conversations.lock(tx, channel)
        found = await conversations.find(tx, team, user, channel)
        if found is None or found.elsewhere:
            raise ChannelNotFound(field="channel")
        await self._in_channel(tx, who, what, found, entry, ear, users)

    async def _in_channel(
        self, tx: Tx, who: Principal, what: str, found: Conversation, entry: Mapping[str, Any], ear: Interpreter,
        users: list[str],
    ) -> None:  # fmt: skip
        channels, channel = self._channels, found.id
        if what == "post":
            draft = wire.draft_of(entry, ear.come)
            thread = entry.get("thread_ts")
            files = await known_files(tx, entry, ear, who.user, who.tenant.workspace, who.tenant.org)
            draft = replace(
                draft, thread=ts_of(thread) if thread else None, broadcast=bool(entry.get("broadcast")), files=files,
                client_msg_id=draft.client_msg_id or wire.text(entry, "request", 60),
            )  # fmt: skip
            await channels.post_in(tx, who, channel, draft)
        elif what == "edit":
            await channels.update_in(tx, who, channel, _ts(entry), wire.draft_of(entry, ear.come))
        elif what == "delete":
            await channels.delete_in(tx, who, channel, _ts(entry))
        elif what in ("react", "unreact"):
            name = wire.text(entry, "name", 120)
            await channels.react_in(tx, who, channel, _ts(entry), name, add=what == "react")
        elif what in ("topic", "purpose"):
            await channels.describe_in(tx, who, channel, what, str(entry.get("text") or ""))
        elif what == "leave":
            await channels._unseat(tx, who, found, who.user)
        elif what == "kick" and len(users) == 1:
            await channels.kick_in(tx, who, channel, ear.person(users[0]))
        elif what in ("join", "invite"):
            await self._bring(tx, who, found, [who.user] if what == "join" else [ear.person(one) for one in users], ear)
        elif what == "disconnect":
            await channels._disconnect(tx, who, found, who.tenant.workspace)
        else:
            raise BadEntry(f"There is no {what!r}.", field="what")

    async def _bring(self, tx: Tx, who: Principal, found: Conversation, users: list[str], ear: Interpreter) -> None:
        """Its own people come in, where its side may bring any; whether they may there is that server's to say."""
        if found.side.limited:
            raise RestrictedAction("Your organisation may only write here, not bring people in.")
        if found.side.archived or found.home.archived:
            raise IsArchived(field="channel")
        if users != [who.user] and not found.is_member:
            raise NotInChannel(field="channel")
        if any(ear.teams.get(one) != who.tenant.workspace for one in users):
            raise BadEntry("A side brings in its own people.", field="users")
        await self._channels._seat(tx, who, found, users, who.user if users != [who.user] else "")

    async def _invite(self, tx: Tx, who: Principal, what: str, entry: Mapping[str, Any]) -> None:
        """The other side's word about an invitation. Whom the e-mail belongs to is theirs to know."""
        seen = await invites.find(tx, wire.text(entry, "invite", 40))
        if seen is None or who.tenant.workspace not in seen.targets:
            raise InviteNotFound(field="invite")
        await conversations.lock(tx, seen.channel)
        found = await invites.find(tx, seen.id)
        assert found is not None  # noqa: S101
        side = replace(who, kind="system")
        now = self._clock.now()
        if what == "accept":
            approves = entry.get("approves") is True
            name = f"{found.channel.lower()}-{who.tenant.workspace.lower()}"
            await self._channels._accept(tx, side, found, name, True, approving=approves)
        elif what == "approve":
            step(await self._channels._standing(tx, found), "approve_away", field="invite")
            made = replace(found, away_approved_at=now, changed_at=now)
            told = {"by_workspace": who.tenant.workspace}
            await self._channels._tell_invite(tx, who, made, events.SHARE_APPROVED, told)
            await self._channels._settle(tx, who, made)
        else:
            await self._channels._decline(tx, who, found)


def _ts(entry: Mapping[str, Any]) -> int:
    return ts_of(wire.text(entry, "ts", 20))
